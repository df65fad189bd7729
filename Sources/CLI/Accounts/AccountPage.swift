internal import PunosMessages
internal import Terminal

/// The page about an account that an account manager reads before a meeting.
struct AccountPage {
  private let view: AccountView
  private let account: Account
  private let language: Language
  private let writing: Writing

  /// People shown; more are a list.
  static let mostPeople = 15
  /// Records of another kind shown.
  static let mostRecords = 6
  /// Changes shown: what happened lately, not the history.
  static let mostChanges = 6
  /// Lines longer than this are hard to read, however wide the terminal is.
  static let widest = 100

  init(_ view: AccountView, _ writing: Writing) {
    self.view = view
    var writing = writing
    // What committee members and others refer to is on the page itself.
    for purchase in view.purchases { writing.titles[purchase.name] = purchase.title }
    self.writing = writing
    account = view.account ?? Account()
    language = writing.language
  }

  /// The page, to be laid out for a terminal or as Markdown.
  func page() -> Page {
    var page = Page()
    page.title(account.displayName.isEmpty ? view.name : account.displayName, note: subtitle())
    if !account.description.isEmpty { page.paragraph(account.description) }
    facts(&page)
    people(&page)
    ours(&page)
    for noun in CLINouns.all { records(noun, &page) }
    group(&page)
    registries(&page)
    latest(&page)
    provenance(&page)
    return page
  }

  private func say(_ english: String, _ finnish: String) -> String { language.say(en: english, fi: finnish) }

  // MARK: Who they are

  /// The most important facts in one line.
  private func subtitle() -> String {
    var parts: [String] = []
    if account.deleteTime != nil {
      parts.append(say("DELETED", "POISTETTU") + " " + writing.full(account.deleteTime))
    }
    switch account.status {
    case .potential: parts.append(say("potential customer", "potentiaalinen asiakas"))
    case .current: parts.append(say("current customer", "nykyinen asiakas"))
    case .former: parts.append(say("former customer", "entinen asiakas"))
    default: break
    }
    if let industry = account.industries.first {
      parts.append([industry.code, industry.title].filter { !$0.isEmpty }.joined(separator: " "))
    }
    if let city = account.addresses.first(where: { !$0.city.isEmpty })?.city {
      parts.append(Self.cased(city))
    }
    return parts.joined(separator: " · ")
  }

  private func facts(_ page: inout Page) {
    var pairs: [(key: String, value: String)] = []
    for name in account.names where name.text != account.displayName {
      pairs.append((nameKind(name.type), name.text))
    }
    let identifiers = account.identifiers.map { identifier in
      let type = identifier.type == .other ? identifier.issuer : Self.identifierType(identifier.type)
      return type.isEmpty ? identifier.value : "\(type) \(identifier.value)"
    }
    pairs.append((say("Identifiers", "Tunnukset"), identifiers.joined(separator: " · ")))
    let industries = account.industries.dropFirst().map {
      [$0.code, $0.title].filter { !$0.isEmpty }.joined(separator: " ")
    }
    pairs.append((say("Industries", "Toimialat"), industries.joined(separator: " · ")))
    pairs.append((say("Size", "Koko"), size().joined(separator: " · ")))
    for address in account.addresses { pairs.append((addressKind(address.label), Self.text(of: address))) }
    if account.addresses.allSatisfy({ $0.country.isEmpty }) {
      pairs.append((say("Country", "Maa"), account.country))
    }
    pairs.append((say("Web", "Verkko"), account.domains.joined(separator: ", ")))
    pairs.append((say("Phone", "Puhelin"), account.phones.map(PhoneText.shown).joined(separator: ", ")))
    pairs.append((say("Tags", "Tunnisteet"), account.tags.map { "#" + $0 }.joined(separator: " ")))
    for (name, value) in account.attributes.sorted(by: { $0.key < $1.key }) {
      pairs.append((attributeName(name), text(of: value)))
    }
    page.pairs(pairs)
  }

  /// An attribute's name in words: those that registries give have a translation.
  private func attributeName(_ name: String) -> String {
    Self.cased(RegistryWords.attribute(name, language) ?? String(name.map { $0 == "_" ? " " : $0 }))
  }

  private func nameKind(_ type: AccountName.Type_) -> String {
    switch type {
    case .legal: say("Legal name", "Virallinen nimi")
    case .trading: say("Trades as", "Aputoiminimi")
    case .former: say("Formerly", "Aiemmin")
    default: say("Also", "Myös")
    }
  }

  private func addressKind(_ label: String) -> String {
    label.isEmpty ? say("Address", "Osoite") : Self.cased(FieldNames.label(label, language))
  }

  private func size() -> [String] {
    var size: [String] = []
    if let employees = account.employees {
      size.append(
        say("\(writing.format.number(employees)) people", "\(writing.format.number(employees)) henkilöä"))
    }
    if let revenue = account.revenue, let amount = revenue.amount {
      size.append(
        say("revenue ", "liikevaihto ") + writing.money(amount) + (revenue.year.map { " (\($0))" } ?? ""))
    }
    if let founded = account.foundedYear { size.append(say("founded \(founded)", "perustettu \(founded)")) }
    return size
  }

  private func text(of value: AttributeValue) -> String {
    switch value.value {
    case .text(let text): text
    case .number(let number):
      number == number.rounded() ? writing.format.number(number, decimals: 0) : "\(number)"
    case .flag(let flag): flag ? say("yes", "kyllä") : say("no", "ei")
    case .date(let date): writing.format.date(date)
    case .money(let money): writing.money(money)
    case nil: ""
    }
  }

  // MARK: People

  private func people(_ page: inout Page) {
    guard !view.contacts.isEmpty else { return }
    let present = view.contacts.count { person in
      person.employments.contains { view.isOfItsDay(from: $0.validFrom, to: $0.validTo) }
    }
    let more = view.contacts.count - Self.mostPeople
    page.heading(
      say("People", "Ihmiset"),
      note: more > 0
        ? say(
          "\(present) present; the first \(Self.mostPeople) shown",
          "nyt \(present); näytetään \(Self.mostPeople)") : "\(present)")
    var table = TextTable(columns: [
      .init(say("Name", "Nimi"), minimum: 12, wraps: true),
      .init(say("Title", "Tehtävä"), minimum: 10, wraps: true),
      .init(say("Reach at", "Yhteys"), minimum: 24),
    ])
    for person in view.contacts.prefix(Self.mostPeople) {
      let employment = person.employments.first
      var title = employment?.title ?? ""
      if title.isEmpty { title = employment?.role ?? "" }
      if let end = employment?.validTo, !end.isEmpty {
        let date = writing.format.date(end)
        title += say(" (until \(date))", " (\(date) asti)")
      }
      // Two lines a person: number and address side by side leave no room for names on eighty columns.
      let reach = [PhoneText.shown(person.phone), person.email].filter { !$0.isEmpty }
      for (index, line) in (reach.isEmpty ? [""] : reach).enumerated() {
        table.add([index == 0 ? person.displayName : "", index == 0 ? title : "", line])
      }
    }
    page.table(table)
  }

  private func ours(_ page: inout Page) {
    var teams: [(key: String, value: String)] = []
    for owner in account.owners where view.isOfItsDay(from: owner.validFrom, to: owner.validTo) {
      let team = Self.cased(FieldNames.label(owner.team, language))
      if let index = teams.firstIndex(where: { $0.key == team }) {
        teams[index].value += ", " + owner.principal
      } else {
        teams.append((team, owner.principal))
      }
    }
    guard !teams.isEmpty else { return }
    page.heading(say("Responsible on our side", "Vastuuhenkilömme"))
    page.pairs(teams)
  }

  /// Records of a kind, the first of them in a table.
  private func records<Noun: CLINoun>(_: Noun.Type, _ page: inout Page) {
    let records = Noun.shown(in: view)
    guard !records.isEmpty else { return }
    let more = records.count - Self.mostRecords
    page.heading(
      Self.cased(Noun.many(in: language)),
      note: more > 0
        ? say(
          "\(records.count); the first \(Self.mostRecords) shown",
          "\(records.count); näytetään \(Self.mostRecords)")
        : "\(records.count)")
    let shown = Noun.columns.filter(\.isOnAccountPage)
    var table = TextTable(
      columns: shown.map(\.column).enumerated().map { index, column in
        TextTable.Column(
          column.title(in: language), alignedRight: column.isNumber, minimum: column.minimum,
          wraps: index == 0 || column.wraps, expendability: column.expendability)
      })
    for record in records.prefix(Self.mostRecords) {
      table.add(shown.map { $0.text(record, writing) })
    }
    page.table(table)
  }

  private func group(_ page: inout Page) {
    guard !view.parents.isEmpty || !view.subsidiaries.isEmpty else { return }
    func text(_ summary: AccountSummary) -> String {
      let share = summary.share.map { " " + writing.format.percent($0) } ?? ""
      let status = AccountRows.status(summary.status, language)
      return summary.displayName + share + (status.isEmpty ? "" : " (\(status))")
    }
    page.heading(say("Group", "Konserni"))
    page.pairs([
      (say("Owned by", "Omistaja"), view.parents.map(text).joined(separator: ", ")),
      (say("Owns", "Omistaa"), view.subsidiaries.map(text).joined(separator: ", ")),
    ])
  }

  // MARK: What changed, and where it is known from

  private func latest(_ page: inout Page) {
    let changes = view.recentChanges.filter { $0.operation != .updated || !$0.differences.isEmpty }
    guard !changes.isEmpty else { return }
    page.heading(say("Lately", "Viime aikoina"))
    let telling = ChangeText(writing)
    page.items(
      changes.prefix(Self.mostChanges).map { change in
        (telling.sentence(change, in: view.name), "\(writing.ago(change.time)), \(telling.who(change))")
      })
  }

  /// What public registries say otherwise: beside what the teams believe, with source and date.
  private func registries(_ page: inout Page) {
    let differences = RegistryDifference.all(of: account)
    guard !differences.isEmpty else { return }
    page.heading(say("Registries say otherwise", "Rekisterit kertovat toisin"), note: "\(differences.count)")
    page.items(
      differences.map {
        (RegistryPrinter.sentence($0, language), RegistryWords.source($0.claim, writing))
      })
  }

  private func provenance(_ page: inout Page) {
    var sources: [String] = []
    for source in account.sources where !sources.contains(source.source) { sources.append(source.source) }
    // When changes changed, the page tells above.
    let fresh = view.freshness.filter {
      $0.updateTime != nil && $0.records > 0 && $0.section != "recent_changes"
    }.map { section in
      "\(sectionName(section.section)) \(writing.ago(section.updateTime))"
    }
    page.heading(say("Where this is known from", "Mistä tämä tiedetään"))
    page.pairs([
      (say("Sources", "Lähteet"), sources.joined(separator: ", ")),
      (
        say("Ids there", "Tunnukset"),
        account.externalIds.map { "\($0.system) \($0.id)" }.joined(separator: " · ")
      ),
      (say("Changed", "Muutettu"), fresh.joined(separator: " · ")),
      ("Id", "\(view.name) · \(say("revision", "revisio")) \(view.revision)"),
    ])
  }

  private func sectionName(_ name: String) -> String {
    switch name {
    case "account": say("account", "asiakkuus")
    case "contacts": say("people", "ihmiset")
    case "parents": say("owners", "omistajat")
    case "subsidiaries": say("subsidiaries", "tytäryhtiöt")
    default: CLINouns.plural(ofCollection: name)(in: language)
    }
  }

  // MARK: Words

  /// First letter upper case; a name all in capitals as names are written.
  static func cased(_ text: String) -> String {
    guard let first = text.first else { return text }
    let isShouted = text.count > 3 && text.allSatisfy { !$0.isLowercase }
    return first.uppercased() + (isShouted ? text.dropFirst().lowercased() : String(text.dropFirst()))
  }

  /// An address on one line.
  static func text(of address: PostalAddress) -> String {
    let town = [address.postalCode, cased(address.city)].filter { !$0.isEmpty }.joined(separator: " ")
    return (address.lines + [town, address.region, address.country]).filter { !$0.isEmpty }.joined(
      separator: ", ")
  }

  private static func identifierType(_ type: Identifier.Type_) -> String {
    switch type {
    case .yTunnus: "Y"
    case .vat: "VAT"
    case .lei: "LEI"
    case .duns: "D-U-N-S"
    default: ""
    }
  }
}
