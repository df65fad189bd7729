internal import DataFiles
internal import FieldFormats
internal import ProtobufBridge
internal import PunosMessages

/// One thing that a public registry says of a company, as it stands in an account.
enum RegistryStatement: Sendable, Equatable {
  case name(AccountName)
  case identifier(Identifier)
  case industry(Industry)
  case address(PostalAddress)
  case domain(String)
  case country(String)
  case attribute(String, AttributeValue)
  case status(Account.Status)

  /// What an account says about the same thing.
  enum Judgement: Equatable {
    /// The same, however it is spelt.
    case same
    /// Nothing.
    case missing
    /// Something else: as text, or as JSON where it is more than text.
    case differs(ours: String)
  }

  /// Attributes that hold a day.
  static let days: Set<String> = ["registration_date", "end_date"]

  /// Where it belongs in an account: `names.legal`, `addresses[visiting]`, `status`.
  var path: String {
    switch self {
    case .name(let name): "names.\(Self.word(name.type))"
    case .identifier(let identifier): "identifiers.\(Self.word(identifier.type))"
    case .industry(let industry): "industries.\(Self.word(industry.scheme))"
    case .address(let address): "addresses[\(address.label)]"
    case .domain: "domains"
    case .country: "country"
    case .attribute(let name, _): "attributes.\(name)"
    case .status: "status"
    }
  }

  /// The account's field that it changes, for an update's mask.
  var field: String { String(path.prefix { $0 != "." && $0 != "[" }) }

  /// The path that provenance has for it.
  var provenance: String {
    if case .attribute = self { path } else { field }
  }

  /// What it says: text and names of enum values plain, more than text as JSON.
  var value: String {
    switch self {
    case .name(let name): name.text
    case .identifier(let identifier): identifier.value
    case .industry(var industry):
      Self.json(&industry) { $0.scheme = .unspecified }
    case .address(var address):
      Self.json(&address) { $0.label = "" }
    case .domain(let domain): domain
    case .country(let country): country
    case .attribute(_, let value): Self.text(value)
    case .status(let status): Self.words(of: status)
    }
  }

  /// A message as JSON without what its path says already.
  private static func json<M: Message>(_ message: inout M, without: (inout M) -> Void) -> String {
    without(&message)
    return (try? message.jsonString()) ?? ""
  }

  static func text(_ value: AttributeValue) -> String {
    switch value.value {
    case .text(let text): text
    case .date(let date): date
    default: (try? value.jsonString()) ?? ""
    }
  }

  /// The API's name of a status.
  static func words(of status: Account.Status) -> String {
    switch status {
    case .potential: "STATUS_POTENTIAL"
    case .current: "STATUS_CURRENT"
    case .former: "STATUS_FORMER"
    default: ""
    }
  }

  // MARK: Words of paths

  private static let nameTypes: [(AccountName.Type_, String)] = [
    (.legal, "legal"), (.trading, "trading"), (.former, "former"),
  ]
  private static let identifierTypes: [(Identifier.Type_, String)] = [
    (.yTunnus, "y_tunnus"), (.lei, "lei"), (.vat, "vat"), (.duns, "duns"),
  ]
  private static let schemes: [(Industry.Scheme, String)] = [
    (.tol2008, "tol_2008"), (.tol2025, "tol_2025"), (.nace2, "nace_2"), (.nace21, "nace_2_1"), (.own, "own"),
  ]

  static func word(_ type: AccountName.Type_) -> String { nameTypes.first { $0.0 == type }?.1 ?? "" }
  static func word(_ type: Identifier.Type_) -> String { identifierTypes.first { $0.0 == type }?.1 ?? "" }
  static func word(_ scheme: Industry.Scheme) -> String { schemes.first { $0.0 == scheme }?.1 ?? "" }
  static func scheme(_ word: String) -> Industry.Scheme? { schemes.first { $0.1 == word }?.0 }

  // MARK: What was kept of it

  /// A statement that was kept with an account; nil for one of a later version that is not understood.
  init?(_ claim: RegistryClaim) {
    let parts = claim.path.split(maxSplits: 1) { $0 == "." || $0 == "[" }
    guard let field = parts.first else { return nil }
    let rest = parts.count == 2 ? String(parts[1]) : ""
    switch field {
    case "names":
      guard let type = Self.nameTypes.first(where: { $0.1 == rest })?.0 else { return nil }
      self = .name(AccountName.with { ($0.type, $0.text) = (type, claim.value) })
    case "identifiers":
      guard let type = Self.identifierTypes.first(where: { $0.1 == rest })?.0 else { return nil }
      self = .identifier(Identifier.with { ($0.type, $0.value) = (type, claim.value) })
    case "industries":
      guard let scheme = Self.scheme(rest), var industry = try? Industry(jsonString: claim.value) else {
        return nil
      }
      industry.scheme = scheme
      self = .industry(industry)
    case "addresses":
      guard var address = try? PostalAddress(jsonString: claim.value) else { return nil }
      address.label = String(rest.prefix { $0 != "]" })
      self = .address(address)
    case "domains": self = .domain(claim.value)
    case "country": self = .country(claim.value)
    case "attributes": self = .attribute(rest, Self.attribute(rest, claim.value))
    case "status" where claim.value == Self.words(of: .former): self = .status(.former)
    default: return nil
    }
  }

  static func attribute(_ name: String, _ text: String) -> AttributeValue {
    AttributeValue.with { $0.value = days.contains(name) ? .date(text) : .text(text) }
  }
}
