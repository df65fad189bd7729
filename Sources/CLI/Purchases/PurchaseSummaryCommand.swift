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
    let page = PurchaseSummaryPage(summary, by: by, session)
    guard session.format != .csv else {
      return try page.plain().write(to: session.output, .csv, session.language)
    }
    let listing = page.listing()
    try listing.write(to: session.output, session.format, session.language)
    if summary.truncated {
      let shown = summary.groups.count
      try session.output.lines(
        DisplayWidth.wrapped(
          session.say(
            en: "\(shown) groups shown, and there are more: --limit shows up to 1,000.",
            fi: "Näytetään \(shown) ryhmää, ja niitä on lisää: --limit näyttää enintään 1\u{A0}000."),
          to: session.output.width
        ).map(session.output.style.faint))
    }
    try listing.tellHidden(session)
  }
}
