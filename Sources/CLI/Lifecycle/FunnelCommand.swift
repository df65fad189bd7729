internal import ArgumentParser
internal import ProtobufBridge
internal import PunosAPI
internal import PunosMessages
internal import Terminal

/// By what a funnel's customers are grouped.
enum FunnelGrouping: String, ExpressibleByArgument, CaseIterable, Sendable {
  case industry, country, owner, team

  var value: GetFunnelRequest.Grouping {
    switch self {
    case .industry: .industry
    case .country: .country
    case .owner: .owner
    case .team: .team
    }
  }
}

/// The funnel of a journey.
struct FunnelCommand: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "funnel",
      abstract: say(
        en: "Who came to each stage, went on, and dropped out, and where it sticks.",
        fi: "Ketkä tulivat kuhunkin vaiheeseen, jatkoivat ja poistuivat, ja missä takkuaa."),
      discussion: say(
        en: "Example: punos funnel --from 2026-01-01 --to 2027-01-01 --by industry",
        fi: "Esimerkki: punos funnel --from 2026-01-01 --to 2027-01-01 --by industry"))
  }

  @Option(
    help: .say(
      en: "The journey; the usual one where not given.",
      fi: "Polku; tavallinen, jos ei anneta."))
  var journey: String?
  @Option(
    help: .say(
      en: "The first day: YYYY-MM-DD.",
      fi: "Ensimmäinen päivä: VVVV-KK-PP."))
  var from: String = ""
  @Option(
    help: .say(
      en: "The first day after the period: YYYY-MM-DD.",
      fi: "Ensimmäinen päivä jakson jälkeen: VVVV-KK-PP."))
  var to: String = ""
  @Option(
    help: .say(
      en: "By what: \(FunnelGrouping.allCases.map(\.rawValue).joined(separator: ", ")).",
      fi: "Minkä mukaan: \(FunnelGrouping.allCases.map(\.rawValue).joined(separator: ", "))."))
  var by: FunnelGrouping?
  @Option(
    help: .say(
      en: "How many groups at most: 1 to 50.",
      fi: "Kuinka monta ryhmää enintään: 1–50."))
  var limit: Int32 = 20
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    var request = GetFunnelRequest()
    if let journey {
      request.journey = try await RecordFinder<JourneyNoun>(session: session).name(of: journey)
    }
    request.fromDate = from
    request.toDate = to
    request.groupBy = by?.value ?? .unspecified
    request.pageSize = limit
    let funnel = try await LifecycleServiceClient(session.channel).getFunnel(request, session.call)
    let page = FunnelPage(funnel, by: by, session)
    switch session.format {
    case .json: try RecordPrinter<NounRows<PurchaseNoun>>.json([funnel], session)
    case .jsonl, .csv: try page.listing().write(to: session.output, session.format, session.language)
    case .table, .markdown: try page.page().write(to: session.output, session.format)
    }
  }
}
