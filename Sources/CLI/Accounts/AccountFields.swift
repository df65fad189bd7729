internal import ArgumentParser
internal import DataFiles
internal import ProtobufBridge
internal import PunosMessages
internal import Terminal

/// A status on the command line, in either language.
enum StatusArgument: String, ExpressibleByArgument, CaseIterable, Sendable {
  case potential, current, former

  init?(argument: String) {
    switch argument.lowercased() {
    case "potential", "potentiaalinen": self = .potential
    case "current", "nykyinen": self = .current
    case "former", "entinen": self = .former
    default: return nil
    }
  }

  var status: Account.Status {
    switch self {
    case .potential: .potential
    case .current: .current
    case .former: .former
    }
  }
}

/// Two words joined by an equals sign: `sales=aino.virtanen`.
struct PairArgument: ExpressibleByArgument, Sendable {
  var name: String
  var value: String

  init?(argument: String) {
    guard let equals = argument.firstIndex(of: "="), equals > argument.startIndex else { return nil }
    name = String(argument[..<equals])
    value = String(argument[argument.index(after: equals)...])
  }
}

/// Fields of an account on the command line. Lists are added to; `--clear FIELD` empties one.
struct AccountFields: ParsableArguments, Sendable {
  @Option(help: .say(en: "potential, current or former.", fi: "potentiaalinen, nykyinen tai entinen."))
  var status: StatusArgument?
  @Option(help: .say(en: "Number of people it employs.", fi: "Henkilöstön määrä.")) var employees: Int64?
  @Option(help: .say(en: "Year of foundation.", fi: "Perustamisvuosi.")) var founded: Int32?
  @Option(help: .say(en: "Country, as ISO 3166-1 code.", fi: "Maa, ISO 3166-1 -koodi.")) var country: String?
  @Option(
    help: .say(
      en: "Revenue with its currency: '96.4M EUR', '820000 SEK'.",
      fi: "Liikevaihto ja valuutta: '96,4M EUR', '820000 SEK'.")) var revenue: String?
  @Option(
    name: .customLong("revenue-year"), help: .say(en: "The year of the revenue.", fi: "Liikevaihdon vuosi."))
  var revenueYear: Int32?
  @Option(name: .customLong("y-tunnus"), help: .say(en: "Finnish business id.", fi: "Y-tunnus.")) var yTunnus:
    [String] = []
  @Option(help: .say(en: "VAT number.", fi: "ALV-tunnus.")) var vat: [String] = []
  @Option(help: .say(en: "Legal Entity Identifier.", fi: "LEI-tunnus.")) var lei: [String] = []
  @Option(help: .say(en: "D-U-N-S number.", fi: "D-U-N-S-numero.")) var duns: [String] = []
  @Option(name: .customLong("legal-name"), help: .say(en: "The registered name.", fi: "Rekisteröity nimi."))
  var legalName: [String] = []
  @Option(help: .say(en: "Industry in words.", fi: "Toimiala sanoin.")) var industry: [String] = []
  @Option(help: .say(en: "DNS domain.", fi: "Verkkotunnus.")) var domain: [String] = []
  @Option(help: .say(en: "Switchboard number, E.164.", fi: "Vaihteen numero, E.164.")) var phone: [String] =
    []
  @Option(help: .say(en: "A label.", fi: "Tunniste (tag).")) var tag: [String] = []
  @Option(
    help: .say(en: "Who of ours is responsible, TEAM=PERSON.", fi: "Kuka meiltä vastaa, TIIMI=HENKILÖ."))
  var owner: [PairArgument] = []
  @Option(
    help: .say(
      en: "The account's id in another system, SYSTEM=ID.",
      fi: "Asiakkuuden tunnus toisessa järjestelmässä, JÄRJESTELMÄ=TUNNUS.")) var ext: [PairArgument] = []
  @Option(help: .say(en: "A custom attribute, NAME=TEXT.", fi: "Oma lisätieto, NIMI=TEKSTI.")) var attribute:
    [PairArgument] = []
  @Option(
    help: .say(
      en: "The company that owns it: its id, ext:SYSTEM:ID, business id or domain.",
      fi: "Yritys, joka omistaa sen: tunniste, ext:JÄRJESTELMÄ:TUNNUS, Y-tunnus tai verkkotunnus."))
  var parent: [String] = []
  @Option(help: .say(en: "What anybody should know first.", fi: "Mitä jokaisen pitää ensimmäiseksi tietää."))
  var description: String?

  /// Writes what was given.
  ///
  /// - Returns: the paths of the fields that were given.
  func write(to account: inout Account) throws -> [String] {
    var paths: [String] = []
    try writeFacts(to: &account, &paths)
    writeLists(to: &account, &paths)
    for text in parent {
      guard let name = AccountFinder.certainName(text) else {
        throw CLIProblem(
          .usage,
          Term(
            en: "An id, ext:SYSTEM:ID, business id or domain was expected, “\(text)” came.",
            fi:
              "Odotettiin tunnistetta, muotoa ext:JÄRJESTELMÄ:ID, Y-tunnusta tai verkkotunnusta, tuli ”\(text)”."
          ),
          at: "--parent")
      }
      if !account.parents.contains(where: { $0.account == name }) {
        account.parents.append(AccountParent.with { $0.account = name })
      }
      paths.append("parents")
    }
    return paths.reduce(into: []) { unique, path in if !unique.contains(path) { unique.append(path) } }
  }

  private func writeFacts(to account: inout Account, _ paths: inout [String]) throws {
    if let status {
      account.status = status.status
      paths.append("status")
    }
    if let employees {
      account.employees = employees
      paths.append("employees")
    }
    if let founded {
      account.foundedYear = founded
      paths.append("founded_year")
    }
    if let country {
      account.country = country
      paths.append("country")
    }
    if let description {
      account.description = description
      paths.append("description")
    }
    if let revenue {
      guard let money = AmountText.money(revenue) else {
        throw CLIProblem(
          .usage,
          Term(
            en: "An amount with its currency was expected, such as '96.4M EUR'.",
            fi: "Odotettiin summaa ja valuuttaa, esimerkiksi '96.4M EUR'."), at: "--revenue")
      }
      account.revenue = Revenue.with {
        $0.amount = money
        $0.year = revenueYear ?? account.revenue?.year
      }
      paths.append("revenue")
    }
  }

  private func writeLists(to account: inout Account, _ paths: inout [String]) {
    for (type, values) in [
      (Identifier.Type_.yTunnus, yTunnus), (.vat, vat), (.lei, lei), (.duns, duns),
    ] {
      for value in values {
        account.identifiers.append(Identifier.with { ($0.type, $0.value) = (type, value) })
        paths.append("identifiers")
      }
    }
    for text in legalName {
      account.names.append(AccountName.with { ($0.type, $0.text) = (.legal, text) })
      paths.append("names")
    }
    for title in industry {
      account.industries.append(Industry.with { ($0.scheme, $0.title) = (.own, title) })
      paths.append("industries")
    }
    Self.add(domain, to: &account.domains, "domains", &paths)
    Self.add(phone, to: &account.phones, "phones", &paths)
    Self.add(tag, to: &account.tags, "tags", &paths)
    for pair in owner {
      account.owners.removeAll { $0.team == pair.name }
      account.owners.append(AccountOwner.with { ($0.team, $0.principal) = (pair.name, pair.value) })
      paths.append("owners")
    }
    for pair in ext {
      account.externalIds.removeAll { $0.system == pair.name }
      account.externalIds.append(ExternalId.with { ($0.system, $0.id) = (pair.name, pair.value) })
      paths.append("external_ids")
    }
    for pair in attribute {
      account.attributes[pair.name] = AttributeValue.with { $0.value = .text(pair.value) }
      paths.append("attributes")
    }
  }

  private static func add(
    _ values: [String], to list: inout [String], _ path: String, _ paths: inout [String]
  ) {
    guard !values.isEmpty else { return }
    for value in values where !list.contains(value) { list.append(value) }
    paths.append(path)
  }
}

/// Fields that `--clear` empties.
enum ClearedField {
  static func clear(_ field: String, in account: inout Account, from empty: inout Account) throws(CLIProblem)
  {
    switch field {
    case "names": account.names = []
    case "status": account.status = .unspecified
    case "identifiers": account.identifiers = []
    case "industries": account.industries = []
    case "employees": account.employees = nil
    case "revenue": account.revenue = nil
    case "founded_year": account.foundedYear = nil
    case "country": account.country = ""
    case "addresses": account.addresses = []
    case "domains": account.domains = []
    case "phones": account.phones = []
    case "parents": account.parents = []
    case "owners": account.owners = []
    case "tags": account.tags = []
    case "attributes": account.attributes = [:]
    case "external_ids": account.externalIds = []
    case "description": account.description = ""
    case "registry_claims": account.registryClaims = []
    default:
      throw unknown(
        field,
        [
          "names", "status", "identifiers", "industries", "employees", "revenue", "founded_year", "country",
          "addresses", "domains", "phones", "parents", "owners", "tags", "attributes", "external_ids",
          "description", "registry_claims",
        ])
    }
  }

  static func clear(_ field: String, in contact: inout Contact) throws(CLIProblem) {
    switch field {
    case "given_name": contact.givenName = ""
    case "family_name": contact.familyName = ""
    case "employments": contact.employments = []
    case "emails": contact.emails = []
    case "phones": contact.phones = []
    case "addresses": contact.addresses = []
    case "language": contact.language = ""
    case "preferred_channel": contact.preferredChannel = .unspecified
    case "profession": contact.profession = ""
    case "age_group": contact.ageGroup = ""
    case "tags": contact.tags = []
    case "attributes": contact.attributes = [:]
    case "external_ids": contact.externalIds = []
    case "description": contact.description = ""
    default:
      throw unknown(
        field,
        [
          "given_name", "family_name", "employments", "emails", "phones", "addresses", "language",
          "preferred_channel", "profession", "age_group", "tags", "attributes", "external_ids", "description",
        ])
    }
  }

  private static func unknown(_ field: String, _ known: [String]) -> CLIProblem {
    let near = DataText.nearest(to: field, in: known)
    return CLIProblem(
      .usage,
      Term(
        en: "No field that can be emptied is called \(field).", fi: "Tyhjennettävää kenttää \(field) ei ole."),
      at: "--clear", details: near == nil ? [known.joined(separator: ", ")] : [],
      remedy: near.map { Term(en: "Did you mean \($0)?", fi: "Tarkoititko: \($0)?") })
  }
}

/// Amounts as people type them.
enum AmountText {
  /// `96.4M EUR`, `820000 SEK`, `1,5 M€`; nil for other text.
  static func money(_ text: String) -> Money? {
    var rest = text.filter { $0 != " " && $0 != "\u{A0}" && $0 != "_" }.uppercased()
    if rest.hasSuffix("€") { rest = rest.dropLast() + "EUR" }
    let currency = String(rest.suffix(3))
    guard currency.count == 3, currency.allSatisfy({ $0.isASCII && $0.isLetter }) else { return nil }
    rest = String(rest.dropLast(3))
    var power = 0
    for (suffix, exponent) in [("K", 3), ("M", 6), ("B", 9)] where rest.hasSuffix(suffix) {
      rest = String(rest.dropLast())
      power = exponent
      break
    }
    return decimal(rest, power: power).map { units, nanos in
      Money.with {
        $0.currency = currency
        $0.units = units
        $0.nanos = nanos
      }
    }
  }

  /// A decimal number times a power of ten, as whole units and billionths; nil for other text or one too large.
  static func decimal(_ text: String, power: Int = 0) -> (units: Int64, nanos: Int32)? {
    let isNegative = text.hasPrefix("-")
    let digits = isNegative ? text.dropFirst() : text[...]
    let parts = digits.split(omittingEmptySubsequences: false) { $0 == "." || $0 == "," }
    guard parts.count == 1 || parts.count == 2, let whole = parts.first, !whole.isEmpty,
      digits.utf8.allSatisfy({ ($0 >= 48 && $0 <= 57) || $0 == 46 || $0 == 44 })
    else { return nil }
    var fraction = parts.count == 2 ? String(parts[1]) : ""
    var units = String(whole)
    for _ in 0..<power { units.append(fraction.isEmpty ? "0" : fraction.removeFirst()) }
    guard fraction.utf8.count <= 9 || fraction.dropFirst(9).allSatisfy({ $0 == "0" }) else { return nil }
    let nanos = Int32((fraction + "000000000").prefix(9)) ?? 0
    guard let value = Int64(units) else { return nil }
    return isNegative ? (-value, -nanos) : (value, nanos)
  }
}
