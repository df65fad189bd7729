internal import PunosMessages

/// Records as rows of a spreadsheet: the fields people work with, several values joined by semicolons.
enum ExportTable {
  static let accountColumns = [
    "id", "name", "legal_name", "status", "y_tunnus", "vat", "lei", "duns", "industry", "employees",
    "revenue",
    "currency", "revenue_year", "founded_year", "country", "street", "postal_code", "city", "domains",
    "phones", "owners",
    "tags", "external_ids", "description",
  ]

  static func row(_ account: Account) -> [String] {
    func identifier(_ type: Identifier.Type_) -> String {
      account.identifiers.filter { $0.type == type }.map(\.value).joined(separator: ";")
    }
    let address = account.addresses.first ?? PostalAddress()
    let industries = account.industries.map { $0.title.isEmpty ? $0.code : $0.title }
    return [
      account.name, account.displayName,
      account.names.filter { $0.type == .legal }.map(\.text).joined(separator: ";"), status(account.status),
      identifier(.yTunnus), identifier(.vat), identifier(.lei), identifier(.duns),
      industries.joined(separator: ";"),
      account.employees.map { "\($0)" } ?? "", account.revenue?.amount.map(amount) ?? "",
      account.revenue?.amount?.currency ?? "", account.revenue?.year.map { "\($0)" } ?? "",
      account.foundedYear.map { "\($0)" } ?? "", account.country, address.lines.joined(separator: ", "),
      address.postalCode, address.city, account.domains.joined(separator: ";"),
      account.phones.joined(separator: ";"),
      account.owners.filter { $0.validTo.isEmpty }.map { "\($0.team)=\($0.principal)" }.joined(
        separator: ";"),
      account.tags.joined(separator: ";"), externalIDs(account.externalIds), account.description,
    ]
  }

  static let contactColumns = [
    "id", "name", "given_name", "family_name", "account", "title", "department", "role", "emails", "phones",
    "language",
    "tags", "external_ids", "description",
  ]

  static func row(_ contact: Contact) -> [String] {
    let employment =
      contact.employments.first { $0.validTo.isEmpty } ?? contact.employments.first ?? Employment()
    return [
      contact.name, contact.displayName, contact.givenName, contact.familyName, employment.account,
      employment.title,
      employment.department, employment.role, contact.emails.map(\.address).joined(separator: ";"),
      contact.phones.map { $0.number.isEmpty ? $0.asWritten : $0.number }.joined(separator: ";"),
      contact.language,
      contact.tags.joined(separator: ";"), externalIDs(contact.externalIds), contact.description,
    ]
  }

  private static func externalIDs(_ ids: [ExternalId]) -> String {
    ids.map { "\($0.system)=\($0.id)" }.joined(separator: ";")
  }

  private static func status(_ status: Account.Status) -> String {
    switch status {
    case .potential: "potential"
    case .current: "current"
    case .former: "former"
    default: ""
    }
  }

  /// An amount with a point and as many decimals as it has.
  private static func amount(_ money: Money) -> String {
    guard money.nanos != 0 else { return "\(money.units)" }
    var digits = String(money.nanos.magnitude)
    digits = String(repeating: "0", count: max(0, 9 - digits.count)) + digits
    while digits.last == "0" { digits.removeLast() }
    let sign = money.units == 0 && money.nanos < 0 ? "-" : ""
    return "\(sign)\(money.units).\(digits)"
  }
}
