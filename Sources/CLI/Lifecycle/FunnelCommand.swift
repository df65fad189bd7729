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
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    var request = GetFunnelRequest()
    if let journey {
      request.journey = try await RecordFinder<JourneyNoun>(session: session).name(of: journey)
    }
    request.fromDate = from
    request.toDate = to
    request.groupBy = by?.value ?? .unspecified
    let funnel = try await LifecycleServiceClient(session.channel).getFunnel(request, session.call)
    if session.format == .json { return try RecordPrinter<NounRows<PurchaseNoun>>.json([funnel], session) }
    try listing(funnel, session).write(to: session.output, session.format, session.language)
    guard session.format == .table || session.format == .markdown else { return }
    var page = Page()
    page.heading(session.say(en: "Where it sticks", fi: "Missä takkuaa"))
    page.items(
      funnel.bottlenecks.map { bottleneck in
        let because = bottleneck.because.dropFirst().map { session.told($0.sentence, $0.finnishSentence) }
        let said = session.told(bottleneck.sentence, bottleneck.finnishSentence)
        return (([said] + because).joined(separator: " "), "\(Int((bottleneck.weight * 100).rounded())) %")
      })
    if !funnel.bottlenecks.isEmpty {
      try session.output.lines(
        session.format == .table
          ? page.lines(width: session.output.width, style: session.output.style) : page.markdown())
    }
  }

  private func listing(_ funnel: Funnel, _ session: Session) -> Listing {
    let writing = Writing(session.language)
    let none = session.say(en: "(not said)", fi: "(ei kerrottu)")
    let all = session.say(en: "All", fi: "Kaikki")
    var rows = funnel.stages.map { row($0, all, writing) }
    for segment in funnel.segments {
      rows += segment.stages.map { row($0, segment.key.isEmpty ? none : segment.key, writing) }
    }
    // One group needs no column that says so.
    let isPlain = funnel.segments.isEmpty
    return Listing(
      columns: isPlain ? Array(Self.columns.dropFirst()) : Self.columns,
      rows: isPlain ? rows.map { Array($0.dropFirst()) } : rows)
  }

  private static let columns: [Listing.Column] = [
    .init("segment", en: "Group", fi: "Ryhmä"), .init("stage", en: "Stage", fi: "Vaihe", minimum: 14),
    .init("entered", en: "Came", fi: "Tuli", isNumber: true),
    .init("converted", en: "Went on", fi: "Jatkoi", isNumber: true),
    .init("dropped", en: "Dropped out", fi: "Poistui", isNumber: true),
    .init("went_back", en: "Went back", fi: "Palasi", isNumber: true, expendability: 3),
    .init("present", en: "There now", fi: "On nyt", isNumber: true, expendability: 1),
    .init("conversion", en: "Conversion", fi: "Eteni-%", isNumber: true),
    .init("median_days", en: "Days (median)", fi: "Päiviä (mediaani)", isNumber: true, expendability: 2),
    .init("value_lost", en: "Value lost", fi: "Menetetty arvo", isNumber: true, expendability: 2),
  ]

  private func row(_ stage: FunnelStage, _ group: String, _ writing: Writing) -> [String] {
    func number(_ count: Int64) -> String { writing.format.number(Double(count), decimals: 0) }
    return [
      group, stage.title, number(stage.entered), number(stage.converted), number(stage.dropped),
      number(stage.wentBack),
      number(stage.present),
      stage.conversion.map { writing.format.number($0 * 100, decimals: 0) + " %" } ?? "",
      stage.medianDays.map { writing.format.number($0, decimals: 1) } ?? "",
      stage.valueLost.map { writing.money($0) }.joined(separator: ", "),
    ]
  }
}
