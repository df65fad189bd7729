internal import PunosMessages
internal import Terminal

/// Accounts in rows.
struct AccountRows: RecordRows {
  let language: Language

  init(_ language: Language) { self.language = language }

  let columns: [Listing.Column] = [
    .init("display_name", en: "Name", fi: "Nimi", minimum: 24),
    .init("status", en: "Status", fi: "Tila", minimum: 14),
    .init("identifier", en: "Identifier", fi: "Tunnus", minimum: 9),
    .init("city", en: "City", fi: "Paikkakunta", expendability: 2, minimum: 11),
    .init("country", en: "In", fi: "Maa", expendability: 3),
    .init("employees", en: "Staff", fi: "Henkilöstö", isNumber: true, expendability: 4),
    .init("owners", en: "Responsible", fi: "Vastuussa", expendability: 1, minimum: 14),
    .init("name", en: "Id", fi: "Id", expendability: 5, minimum: 26),
  ]

  func row(_ account: Account) -> [String] {
    let city = account.addresses.first { !$0.city.isEmpty }?.city ?? ""
    let country =
      account.country.isEmpty
      ? account.addresses.first { !$0.country.isEmpty }?.country ?? "" : account.country
    let owners = account.owners.filter { $0.validTo.isEmpty }.map(\.principal).joined(separator: ", ")
    return [
      account.displayName
        + (account.deleteTime == nil ? "" : language.say(en: " (deleted)", fi: " (poistettu)")),
      AccountRows.status(account.status, language), account.identifiers.first?.value ?? "",
      AccountPage.cased(city),
      country,
      account.employees.map { LocaleFormat(language).number($0) } ?? "", owners,
      String(account.name.drop { $0 != "/" }.dropFirst()),
    ]
  }

  /// A status in words; empty where none is known.
  static func status(_ status: Account.Status, _ language: Language) -> String {
    switch status {
    case .potential: language.say(en: "potential", fi: "potentiaalinen")
    case .current: language.say(en: "current", fi: "nykyinen")
    case .former: language.say(en: "former", fi: "entinen")
    case .unspecified: ""
    default: "(\(status.rawValue))"
    }
  }
}
