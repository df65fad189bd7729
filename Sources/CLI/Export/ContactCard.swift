internal import DataFiles
internal import PunosAPI
internal import PunosMessages

/// Names of employers, asked for once each.
struct EmployerNames {
  /// Names remembered; forgetting some only costs asking again.
  private static let remembered = 100_000

  private let session: Session
  private var known: [String: String] = [:]

  init(_ session: Session) { self.session = session }

  /// The names of the accounts that a contact works at.
  mutating func names(_ contact: Contact) async throws -> [String: String] {
    var names: [String: String] = [:]
    for employment in contact.employments {
      if known[employment.account] == nil {
        if known.count >= Self.remembered { known = [:] }
        var request = GetAccountRequest()
        request.name = employment.account
        known[employment.account] =
          (try? await session.accounts.getAccount(request, session.call).displayName) ?? ""
      }
      names[employment.account] = known[employment.account]
    }
    return names
  }
}

/// A contact as vCard 4 (RFC 6350).
enum ContactCard {
  /// - Parameter employers: names of accounts by their resource names.
  static func card(_ contact: Contact, _ employers: [String: String]) -> VCard {
    var properties: [VCard.Property] = [VCard.Property("FN", text: contact.displayName)]
    properties.append(VCard.Property("N", components: [contact.familyName, contact.givenName, "", "", ""]))
    for email in contact.emails {
      properties.append(VCard.Property("EMAIL", text: email.address, parameters: type(email.label)))
    }
    for phone in contact.phones {
      let number = phone.number.isEmpty ? phone.asWritten : phone.number
      properties.append(VCard.Property("TEL", text: number, parameters: type(phone.label)))
    }
    for address in contact.addresses {
      let parts = [
        "", "", address.lines.joined(separator: ", "), address.city, address.region, address.postalCode,
        address.country,
      ]
      properties.append(VCard.Property("ADR", components: parts, parameters: type(address.label)))
    }
    if let employment = contact.employments.first(where: { $0.validTo.isEmpty }) {
      let employer = employers[employment.account] ?? ""
      if !employer.isEmpty {
        let parts = employment.department.isEmpty ? [employer] : [employer, employment.department]
        properties.append(VCard.Property("ORG", components: parts))
      }
      if !employment.title.isEmpty { properties.append(VCard.Property("TITLE", text: employment.title)) }
      if !employment.role.isEmpty { properties.append(VCard.Property("ROLE", text: employment.role)) }
    }
    if !contact.language.isEmpty { properties.append(VCard.Property("LANG", text: contact.language)) }
    if !contact.description.isEmpty { properties.append(VCard.Property("NOTE", text: contact.description)) }
    properties.append(VCard.Property("UID", text: contact.name))
    return VCard(properties: properties)
  }

  /// The kinds that vCard has words for.
  private static func type(_ label: String) -> [VCard.Parameter] {
    switch label {
    case "work", "home", "fax": [VCard.Parameter("TYPE", label)]
    case "mobile": [VCard.Parameter("TYPE", "cell")]
    default: []
    }
  }
}
