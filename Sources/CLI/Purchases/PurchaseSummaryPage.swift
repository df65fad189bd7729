internal import ProtobufBridge
internal import PunosMessages
internal import Terminal

/// Purchases added up, as people and spreadsheets read them.
struct PurchaseSummaryPage {
  private let summary: SummarizePurchasesResponse
  private let grouping: PurchaseGrouping?
  private let session: Session
  private let writing: Writing

  init(_ summary: SummarizePurchasesResponse, by grouping: PurchaseGrouping?, _ session: Session) {
    self.summary = summary
    self.grouping = grouping
    self.session = session
    writing = Writing(session.language)
  }

  /// The groups and all of them together, with what people call each.
  private var groups: [(title: String, group: PurchaseGroup)] {
    let total = summary.total.map { [(session.say(en: "All", fi: "Kaikki"), $0)] } ?? []
    return summary.groups.map { (title($0), $0) } + total
  }

  /// A group's value of the field that they are grouped by, as it is shown elsewhere.
  private func title(_ group: PurchaseGroup) -> String {
    if group.key.isEmpty { return session.say(en: "(not said)", fi: "(ei kerrottu)") }
    let field = grouping.flatMap { Purchase.descriptor?.field(named: $0.rawValue) }
    if field?.enumeration != nil { return FieldText.enumTitle(group.key, session.language) }
    if grouping == .team { return FieldNames.label(group.key, session.language) }
    return group.title.isEmpty ? group.key : group.title
  }

  // MARK: For people

  func listing() -> Listing {
    Listing(columns: Self.columns, rows: groups.map { row($0.group, $0.title) })
  }

  private static let columns: [Listing.Column] = [
    .init("group", en: "Group", fi: "Ryhmä", minimum: 14, wraps: true),
    .init("purchases", en: "Purchases", fi: "Ostoja", isNumber: true, expendability: 2),
    .init("won", en: "Won", fi: "Voitettu", isNumber: true),
    .init("lost", en: "Lost", fi: "Hävitty", isNumber: true),
    .init("no_decision", en: "Undecided", fi: "Jäi tekemättä", isNumber: true, expendability: 3),
    .init("open", en: "Open", fi: "Avoinna", isNumber: true),
    .init("win_rate", en: "Win rate", fi: "Voitto-%", isNumber: true),
    .init("won_cycle_days", en: "Days to win", fi: "Päiviä voittoon", isNumber: true, expendability: 1),
    .init("won_value", en: "Value won", fi: "Voitettu arvo", isNumber: true, wraps: true),
  ]

  private func row(_ group: PurchaseGroup, _ title: String) -> [String] {
    func number(_ count: Int64) -> String { writing.format.number(count) }
    return [
      title, number(group.purchases), number(group.won), number(group.lost), number(group.noDecision),
      number(group.open), group.winRate.map { writing.format.number($0 * 100, decimals: 1) + " %" } ?? "",
      group.wonCycleDays.map { writing.format.number($0, decimals: 1) } ?? "",
      writing.amounts(group.values.compactMap(\.won)),
    ]
  }

  // MARK: For spreadsheets

  /// The same in plain and exact numbers, with columns of its own for each currency.
  func plain() -> Listing {
    let kinds: [(String, (PurchaseValue) -> Money?)] = [
      ("won_value", { $0.won }), ("lost_value", { $0.lost }), ("open_value", { $0.open }),
      ("average_won_value", { $0.averageWon }),
    ]
    let amounts = AmountColumns(
      groups.flatMap { $0.group.values.flatMap { value in kinds.compactMap { $0.1(value) } } })
    let names = ["group", "key"] + Self.counts + kinds.flatMap { amounts.keys($0.0) }
    let rows = groups.map { title, group in
      [title, group.key] + counts(group)
        + kinds.flatMap { kind in amounts.values(group.values.compactMap(kind.1)) }
    }
    return Listing(columns: names.map { Listing.Column($0, en: $0, fi: $0) }, rows: rows)
  }

  private static let counts = [
    "purchases", "won", "lost", "no_decision", "open", "win_rate", "won_cycle_days", "lost_cycle_days",
  ]

  private func counts(_ group: PurchaseGroup) -> [String] {
    [group.purchases, group.won, group.lost, group.noDecision, group.open].map(String.init)
      + [group.winRate, group.wonCycleDays, group.lostCycleDays].map { $0.map { "\($0)" } ?? "" }
  }
}
