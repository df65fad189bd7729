internal import ProtobufBridge
internal import PunosMessages
internal import Terminal

/// How registries and what they say are told to people.
enum RegistryWords {
  private static let titles: [String: Term] = [
    "names.legal": Term(en: "legal name", fi: "virallinen nimi"),
    "names.trading": Term(en: "trading name", fi: "aputoiminimi"),
    "names.former": Term(en: "former name", fi: "aiempi nimi"),
    "identifiers.y_tunnus": Term(en: "business id", fi: "Y-tunnus"),
    "identifiers.lei": Term(en: "LEI", fi: "LEI"),
    "domains": Term(en: "website", fi: "verkkosivut"), "country": Term(en: "country", fi: "maa"),
    "attributes.legal_form": Term(en: "legal form", fi: "yhtiömuoto"),
    "attributes.registration_date": Term(en: "registered", fi: "rekisteröity"),
    "attributes.end_date": Term(en: "ended", fi: "lakannut"), "status": Term(en: "status", fi: "tila"),
    "industries.tol_2008": Term(en: "industry (TOL 2008)", fi: "toimiala (TOL 2008)"),
    "industries.tol_2025": Term(en: "industry (TOL 2025)", fi: "toimiala (TOL 2025)"),
  ]

  private static let labels: [String: Term] = [
    "visiting": Term(en: "visiting address", fi: "käyntiosoite"),
    "postal": Term(en: "postal address", fi: "postiosoite"),
    "legal": Term(en: "legal address", fi: "virallinen osoite"),
    "headquarters": Term(en: "headquarters", fi: "pääkonttori"),
  ]

  /// What a statement is about.
  static func title(_ path: String, _ language: Language) -> String {
    if let title = titles[path] { return title(in: language) }
    if path.hasPrefix("addresses["), let label = path.split(separator: "[").last?.prefix(while: { $0 != "]" })
    {
      return labels[String(label)]?(in: language) ?? "\(FieldNames.title(of: path, language)) (\(label))"
    }
    return FieldNames.title(of: path, language)
  }

  /// An attribute that registries give; nil for others.
  static func attribute(_ name: String, _ language: Language) -> String? {
    titles["attributes.\(name)"]?(in: language)
  }

  /// The registry by the name people know.
  static func registry(_ registry: String) -> String {
    switch registry {
    case "prh-ytj": "YTJ"
    case "gleif": "GLEIF"
    default: registry
    }
  }

  /// What stands at a path, in a few words.
  static func value(_ value: String, at path: String, _ language: Language) -> String {
    let claim = RegistryClaim.with { ($0.path, $0.value) = (path, value) }
    switch RegistryStatement(claim) {
    case .address(let address): return DisplayWidth.harmless(AccountPage.text(of: address))
    case .industry(let industry):
      return DisplayWidth.harmless(
        [industry.code, industry.title].filter { !$0.isEmpty }.joined(separator: " "))
    case .attribute(let name, _) where RegistryStatement.days.contains(name):
      return DisplayWidth.harmless(LocaleFormat(language).date(value))
    default: return DisplayWidth.harmless(FieldNames.enumTitle(value, language) ?? value)
    }
  }

  /// What a registry says, in a sentence: `YTJ: legal name Kuura Oy`.
  static func sentence(_ claim: RegistryClaim, _ language: Language) -> String {
    let value = value(claim.value, at: claim.path, language)
    return "\(registry(claim.registry)): \(title(claim.path, language)) \(value)"
  }

  /// Where a difference comes from, and since when.
  static func source(_ claim: RegistryClaim, _ writing: Writing) -> String {
    let day = day(claim)
    return registry(claim.registry) + (day.isEmpty ? "" : " " + writing.format.date(day))
  }

  /// Since when, `YYYY-MM-DD`: registries say days, and a day is the same one wherever it is read.
  static func day(_ claim: RegistryClaim) -> String {
    guard let moment = claim.observedTime, let json = try? moment.jsonString() else { return "" }
    return String(json.filter { $0 != "\"" }.prefix(10))
  }
}
