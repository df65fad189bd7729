internal import PunosMessages

/// The page about an account that an account manager reads before a meeting.
struct AccountPage {
  let view: AccountView
  let language: Language
  let style: Style
  let width: Int
  let moments: Moments
  let numbers: Numbers

  /// People shown; more are a list.
  static let mostPeople = 12
  /// Changes shown: what happened lately, not the history.
  static let mostChanges = 5

  init(_ view: AccountView, _ session: Session) {
    self.init(view, session.language, session.output.style, width: session.output.width, Moments(session.language))
  }

  init(_ view: AccountView, _ language: Language, _ style: Style, width: Int, _ moments: Moments) {
    self.view = view
    self.language = language
    self.style = style
    // Lines longer than this are hard to read, however wide the terminal is.
    self.width = min(width, 100)
    self.moments = moments
    numbers = Numbers(language: language)
  }

  private var account: Account { view.account ?? Account() }

  func lines() -> [String] {
    header() + facts() + people() + owners() + group() + latest() + provenance()
  }

  // MARK: Who they are

  private func header() -> [String] {
    var title = account.displayName.isEmpty ? view.name : account.displayName
    title = TextWidth.cut(title, to: width - 18)
    let status = AccountRows.status(account.status, language)
    let statusText = style(.bold, statusMark, status)
    let gap = String(repeating: " ", count: max(2, width - TextWidth.of(title) - TextWidth.of(status)))
    var lines = [style(.bold, title) + (status.isEmpty ? "" : gap + statusText)]
    lines.append(style(.dim, String(repeating: "─", count: width)))
    if account.deleteTime != nil {
      let text = language.say(en: "Deleted", fi: "Poistettu") + " " + moments.full(account.deleteTime)
      lines.append(style(.bold, .red, text))
    }
    if !account.description.isEmpty { lines += Wrap.lines(account.description, width: width) + [""] }
    return lines
  }

  private var statusMark: Style.Mark {
    switch account.status {
    case .current: .green
    case .potential: .yellow
    default: .dim
    }
  }

  private func facts() -> [String] {
    var facts: [(String, String)] = []
    for name in account.names where name.text != account.displayName {
      let kind = FieldNames.enumTitle(Self.nameType(name.type), language) ?? ""
      facts.append((kind.isEmpty ? say("also", "myös") : kind, name.text))
    }
    let identifiers = account.identifiers.map { identifier in
      let type = identifier.type == .other ? identifier.issuer : Self.identifierType(identifier.type)
      return type.isEmpty ? identifier.value : "\(type) \(identifier.value)"
    }
    facts.append((say("identifiers", "tunnukset"), identifiers.joined(separator: " · ")))
    let industries = account.industries.map { [$0.code, $0.title].filter { !$0.isEmpty }.joined(separator: " ") }
    facts.append((say("industry", "toimiala"), industries.joined(separator: " · ")))
    facts.append((say("size", "koko"), size().joined(separator: " · ")))
    for (index, address) in account.addresses.enumerated() {
      let label = FieldNames.label(address.label, language)
      facts.append((index == 0 ? say("address", "osoite") : "", Self.address(address) + (label.isEmpty ? "" : " (\(label))")))
    }
    facts.append((say("web", "verkko"), account.domains.joined(separator: ", ")))
    facts.append((say("phone", "puhelin"), account.phones.map(PhoneText.shown).joined(separator: ", ")))
    facts.append((say("tags", "tunnisteet"), account.tags.map { "#" + $0 }.joined(separator: " ")))
    for (name, value) in account.attributes.sorted(by: { $0.key < $1.key }) {
      facts.append((String(name.map { $0 == "_" ? " " : $0 }), attribute(value)))
    }
    return labelled(facts)
  }

  private func size() -> [String] {
    var size: [String] = []
    if let employees = account.employees {
      size.append(say("\(numbers.whole(employees)) people", "\(numbers.whole(employees)) henkilöä"))
    }
    if let revenue = account.revenue, let amount = revenue.amount {
      let year = revenue.year.map { " (\($0))" } ?? ""
      size.append(say("revenue ", "liikevaihto ") + numbers.money(amount) + year)
    }
    if let founded = account.foundedYear { size.append(say("founded \(founded)", "perustettu \(founded)")) }
    return size
  }

  private func attribute(_ value: AttributeValue) -> String {
    switch value.value {
    case .text(let text): text
    case .number(let number): number == number.rounded() && abs(number) < 1e15 ? "\(Int64(number))" : "\(number)"
    case .flag(let flag): flag ? say("yes", "kyllä") : say("no", "ei")
    case .date(let date): moments.date(date)
    case .money(let money): numbers.money(money)
    case nil: ""
    }
  }

  // MARK: People

  private func people() -> [String] {
    guard !view.contacts.isEmpty else { return [] }
    let present = view.contacts.filter { $0.employments.contains { $0.validTo.isEmpty } }
    let rows = view.contacts.prefix(Self.mostPeople).map { person -> [String] in
      let employment = person.employments.first
      var title = employment?.title ?? ""
      if title.isEmpty { title = employment?.role ?? "" }
      if !present.contains(person), let end = employment?.validTo, !end.isEmpty {
        title += say(" (until \(moments.date(end)))", " (\(moments.date(end)) asti)")
      }
      return [person.displayName, title, PhoneText.shown(person.phone), person.email]
    }
    var lines = section(say("People", "Ihmiset"), count: present.count)
    lines += grid(Array(rows), shrinking: [3, 1, 0])
    if view.contacts.count > Self.mostPeople {
      let more = view.contacts.count - Self.mostPeople
      lines.append(style(.dim, "  " + say("… and \(more) more", "… ja \(more) muuta")))
    }
    return lines
  }

  private func owners() -> [String] {
    let present = account.owners.filter { $0.validTo.isEmpty }
    guard !present.isEmpty else { return [] }
    var teams: [(String, [String])] = []
    for owner in present {
      if let index = teams.firstIndex(where: { $0.0 == owner.team }) {
        teams[index].1.append(owner.principal)
      } else {
        teams.append((owner.team, [owner.principal]))
      }
    }
    return section(say("Responsible at our side", "Vastuuhenkilömme"))
      + labelled(teams.map { (FieldNames.label($0.0, language), $0.1.joined(separator: ", ")) })
  }

  private func group() -> [String] {
    guard !view.parents.isEmpty || !view.subsidiaries.isEmpty else { return [] }
    func text(_ summary: AccountSummary) -> String {
      let share = summary.share.map { " " + numbers.share($0) } ?? ""
      let status = AccountRows.status(summary.status, language)
      return summary.displayName + share + (status.isEmpty ? "" : " (\(status))")
    }
    return section(say("Group", "Konserni"))
      + labelled([
        (say("owned by", "omistaja"), view.parents.map(text).joined(separator: ", ")),
        (say("owns", "omistaa"), view.subsidiaries.map(text).joined(separator: ", ")),
      ])
  }

  // MARK: What changed, and where it is known from

  private func latest() -> [String] {
    guard !view.recentChanges.isEmpty else { return [] }
    var lines = section(say("Lately", "Viime aikoina"))
    for change in view.recentChanges.prefix(Self.mostChanges) {
      lines.append("  " + ChangeText(language, style, moments).line(change, in: view.name, width: width - 2))
    }
    return lines
  }

  private func provenance() -> [String] {
    var lines: [String] = []
    var sources: [String] = []
    for source in account.sources where !sources.contains(source.source) { sources.append(source.source) }
    let systems = account.externalIds.map { "\($0.system) \($0.id)" }
    let fresh = view.freshness.filter { $0.updateTime != nil && $0.records > 0 }.map { section in
      "\(sectionName(section.section)) \(moments.ago(section.updateTime))"
    }
    lines += section(say("Where this comes from", "Mistä tämä tiedetään"))
    lines += labelled([
      (say("sources", "lähteet"), sources.joined(separator: ", ")),
      (say("known as", "tunnetaan"), systems.joined(separator: " · ")),
      (say("changed", "muutettu"), fresh.joined(separator: " · ")),
      ("id", style(.dim, "\(view.name)  r\(view.revision)")),
    ])
    return lines
  }

  private func sectionName(_ name: String) -> String {
    switch name {
    case "account": say("account", "asiakkuus")
    case "contacts": say("people", "ihmiset")
    default: name
    }
  }

  // MARK: Layout

  private func say(_ english: String, _ finnish: String) -> String { language.say(en: english, fi: finnish) }

  private func section(_ title: String, count: Int? = nil) -> [String] {
    ["", style(.bold, .cyan, title) + (count.map { style(.dim, " \($0)") } ?? "")]
  }

  /// Names at the left, values beside them; values that are empty are left out.
  private func labelled(_ facts: [(String, String)]) -> [String] {
    let shown = facts.filter { !$0.1.isEmpty }
    let column = min(20, max(11, shown.map { TextWidth.of($0.0) }.max() ?? 0))
    return shown.flatMap { name, value in
      Wrap.lines(value, width: width - column - 4).enumerated().map { index, line in
        let label = index == 0 ? TextWidth.padded(TextWidth.cut(name, to: column), to: column) : String(repeating: " ", count: column)
        return "  \(style(.dim, label))  \(line)"
      }
    }
  }

  /// Cells in columns without a heading.
  private func grid(_ rows: [[String]], shrinking order: [Int]) -> [String] {
    guard let first = rows.first else { return [] }
    var widths = first.indices.map { column in rows.map { TextWidth.of($0[column]) }.max() ?? 0 }
    var excess = widths.reduce(0) { $0 + ($1 > 0 ? $1 + 2 : 0) } - width
    for column in order where excess > 0 {
      let given = min(excess, max(0, widths[column] - 14))
      widths[column] -= given
      excess -= given
    }
    return rows.map { row in
      var line = ""
      for (index, cell) in row.enumerated() where widths[index] > 0 {
        line += "  " + TextWidth.padded(TextWidth.cut(cell, to: widths[index]), to: widths[index])
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  private static func address(_ address: PostalAddress) -> String {
    let town = [address.postalCode, address.city].filter { !$0.isEmpty }.joined(separator: " ")
    return (address.lines + [town, address.region, address.country]).filter { !$0.isEmpty }.joined(separator: ", ")
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

  private static func nameType(_ type: AccountName.Type_) -> String {
    switch type {
    case .legal: "TYPE_LEGAL"
    case .trading: "TYPE_TRADING"
    case .former: "TYPE_FORMER"
    default: ""
    }
  }
}
