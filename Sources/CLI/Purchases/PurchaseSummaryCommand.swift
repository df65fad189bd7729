internal import ArgumentParser
internal import PunosAPI
internal import PunosMessages
internal import Terminal

/// By what purchases are grouped.
enum PurchaseGrouping: String, ExpressibleByArgument, CaseIterable, Sendable {
  case owner, manager, region, product, account, team, type, stage, winner

  var value: SummarizePurchasesRequest.Grouping {
    switch self {
    case .owner: .owner
    case .manager: .manager
    case .region: .region
    case .product: .product
    case .account: .account
    case .team: .team
    case .type: .type
    case .stage: .stage
    case .winner: .winner
    }
  }
}

struct PurchaseSummaryCommand: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "summary",
      abstract: say(
        en: "Won, lost and open purchases, win rate, days and value, in groups.",
        fi: "Voitetut, hävityt ja avoimet ostot, voitto-osuus, päivät ja arvo ryhmittäin."),
      discussion: say(
        en: "Example: punos purchase summary --by product --filter 'decided_date >= 2017-01-01'",
        fi: "Esimerkki: punos purchase summary --by product --filter 'decided_date >= 2017-01-01'"))
  }

  @Argument(
    help: .say(
      en: "An account; all where not given.",
      fi: "Asiakkuus; kaikki, jos ei anneta."))
  var account: String?
  @Option(
    help: .say(
      en: "By what: \(PurchaseGrouping.allCases.map(\.rawValue).joined(separator: ", ")).",
      fi: "Minkä mukaan: \(PurchaseGrouping.allCases.map(\.rawValue).joined(separator: ", "))."))
  var by: PurchaseGrouping?
  @Option(
    help: .say(
      en: "Which ones: comparisons of fields, such as 'type = RENEWAL AND decided_date >= 2026-01-01'.",
      fi: "Mitkä: kenttien vertailuja, kuten 'type = RENEWAL AND decided_date >= 2026-01-01'."))
  var filter: String = ""
  @Option(
    help: .say(
      en: "How many groups at most.",
      fi: "Kuinka monta ryhmää enintään."))
  var limit: Int32 = 100
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    var request = SummarizePurchasesRequest()
    if let account { request.parent = try await AccountFinder(session: session).name(of: account) }
    request.groupBy = by?.value ?? .unspecified
    request.filter = filter
    request.pageSize = limit
    let summary = try await PurchaseAnalysisServiceClient(session.channel).summarizePurchases(
      request, session.call)
    // Machines get the whole answer, people and spreadsheets its rows.
    if session.format == .json || session.format == .jsonl {
      return try RecordPrinter<NounRows<PurchaseNoun>>.json([summary], session)
    }
    let groups = summary.groups + (summary.total.map { [$0] } ?? [])
    let writing = Writing(session.language)
    let total = session.say(en: "All", fi: "Kaikki")
    let rows = groups.enumerated().map { index, group in
      row(group, index < summary.groups.count ? group.title : total, writing)
    }
    try Listing(columns: Self.columns, rows: rows).write(to: session.output, session.format, session.language)
  }

  private static let columns: [Listing.Column] = [
    .init("group", en: "Group", fi: "Ryhmä", minimum: 16),
    .init("purchases", en: "Purchases", fi: "Ostoja", isNumber: true, expendability: 2),
    .init("won", en: "Won", fi: "Voitettu", isNumber: true),
    .init("lost", en: "Lost", fi: "Hävitty", isNumber: true),
    .init("no_decision", en: "Undecided", fi: "Jäi tekemättä", isNumber: true, expendability: 3),
    .init("open", en: "Open", fi: "Avoinna", isNumber: true),
    .init("win_rate", en: "Win rate", fi: "Voitto-%", isNumber: true),
    .init("won_cycle_days", en: "Days to win", fi: "Päiviä voittoon", isNumber: true, expendability: 1),
    .init("won_value", en: "Value won", fi: "Voitettu arvo", isNumber: true),
  ]

  private func row(_ group: PurchaseGroup, _ title: String, _ writing: Writing) -> [String] {
    let named = title.isEmpty ? writing.language.say(en: "(not said)", fi: "(ei kerrottu)") : title
    func number(_ count: Int64) -> String { writing.format.number(Double(count), decimals: 0) }
    return [
      named, number(group.purchases), number(group.won), number(group.lost), number(group.noDecision),
      number(group.open), group.winRate.map { writing.format.number($0 * 100, decimals: 1) + " %" } ?? "",
      group.wonCycleDays.map { writing.format.number($0, decimals: 1) } ?? "",
      group.values.compactMap(\.won).map { writing.money($0) }.joined(separator: ", "),
    ]
  }
}
