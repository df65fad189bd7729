internal import ArgumentParser
internal import PunosAPI
internal import PunosMessages
internal import Terminal

struct InsightCommand: AsyncParsableCommand {
  static let configuration = RecordCommands<InsightNoun>.configuration(and: [
    RankInsights.self, ConfirmInsight.self, DisputeInsight.self, ReviewInsight.self, StaleInsights.self,
  ])
}

extension Session {
  var insightReviews: InsightReviewServiceClient { InsightReviewServiceClient(channel) }
}

/// The account's insights, the decisive ones first.
struct RankInsights: ServerCommand {
  static let configuration = CommandConfiguration(
    commandName: "rank", abstract: "An account's insights, the decisive ones first, and why they are.")

  @OptionGroup var target: AccountArgument
  @Option(name: .customLong("for"), help: "Whose work they are for: sales, delivery or product.")
  var purpose: String = ""
  @Option(help: "Only about this: business, decision, experience, end_customers or value.")
  var dimension: String = ""
  @Option(name: .customLong("as-of"), help: "As it was known then: YYYY-MM-DD, RFC 3339, or a revision.")
  var asOf: String?
  @Option(help: "How many at most.")
  var limit: Int32 = 20
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    var request = RankInsightsRequest()
    request.parent = try await AccountFinder(session: session).name(of: target.account)
    request.purpose = try EnumArgument.value(purpose, at: "--for")
    request.dimension = try EnumArgument.value(dimension, at: "--dimension")
    request.limit = limit
    switch try asOf.map(PointInTime.init) {
    case .moment(let moment): request.asOf = .asOfTime(moment)
    case .revision(let revision): request.asOf = .asOfRevision(revision)
    case nil: break
    }
    let answer = try await session.insightReviews.rankInsights(request, session.call)
    switch session.format {
    case .json: try RecordPrinter<NounRows<InsightNoun>>.json([answer], session)
    case .jsonl: try RecordPrinter<NounRows<InsightNoun>>.json(answer.insights, session)
    case .csv, .markdown, .table:
      let writing = Writing(session.language)
      try Listing(columns: Self.columns, rows: answer.insights.map { Self.row($0, writing) })
        .write(to: session.output, session.format, session.language)
    }
  }

  private static let columns: [Listing.Column] = [
    .init("decisive", en: "", fi: "", minimum: 1),
    .init("claim", en: "Insight", fi: "Havainto", minimum: 30),
    .init("score", en: "Score", fi: "Pisteet", isNumber: true),
    .init("belief", en: "Belief", fi: "Uskottavuus", isNumber: true, expendability: 2),
    .init("freshness", en: "Fresh", fi: "Tuoreus", isNumber: true, expendability: 3),
    .init("name", en: "Id", fi: "Id", expendability: 5, minimum: 26),
  ]

  private static func row(_ ranked: RankedInsight, _ writing: Writing) -> [String] {
    let insight = ranked.insight ?? Insight()
    return [
      ranked.decisive ? "*" : "", InsightNoun.shownClaim(insight, writing.language),
      writing.format.number(ranked.score, decimals: 2), writing.format.percent(ranked.belief),
      writing.format.percent(ranked.freshness), RecordNames.short(insight.name),
    ]
  }
}

/// Another team knows the same.
struct ConfirmInsight: ServerCommand {
  static let configuration = CommandConfiguration(
    commandName: "confirm", abstract: "Say that your team knows the same; another team than the claimant's can.")

  @OptionGroup var target: RecordArgument
  @Argument(help: "What your team knows of it.")
  var comment: [String] = []
  @OptionGroup var change: ChangeOptions
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    var request = ConfirmInsightRequest()
    request.name = try await RecordFinder<InsightNoun>(session: session).name(of: target.record)
    request.comment = comment.joined(separator: " ")
    request.reason = change.reason
    request.requestId = change.requestID
    request.validateOnly = change.isDryRun
    let insight = try await session.insightReviews.confirmInsight(request, session.call)
    try RecordPrinter(session, rows: NounRows<InsightNoun>(session.language)).outcome(
      insight, Term(en: "Confirmed: \(insight.claim)", fi: "Vahvistettu: \(insight.claim)"))
  }
}

/// Another team knows otherwise.
struct DisputeInsight: ServerCommand {
  static let configuration = CommandConfiguration(
    commandName: "dispute", abstract: "Say that your team knows otherwise, and what.")

  @OptionGroup var target: RecordArgument
  @Argument(help: "What your team knows instead.")
  var comment: [String] = []
  @OptionGroup var change: ChangeOptions
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    var request = DisputeInsightRequest()
    request.name = try await RecordFinder<InsightNoun>(session: session).name(of: target.record)
    request.comment = comment.joined(separator: " ")
    request.reason = change.reason
    request.requestId = change.requestID
    request.validateOnly = change.isDryRun
    let insight = try await session.insightReviews.disputeInsight(request, session.call)
    try RecordPrinter(session, rows: NounRows<InsightNoun>(session.language)).outcome(
      insight, Term(en: "Disputed: \(insight.claim)", fi: "Kiistetty: \(insight.claim)"))
  }
}

/// The claiming team's word on its own claim.
struct ReviewInsight: ServerCommand {
  static let configuration = CommandConfiguration(
    commandName: "review", abstract: "Say of your own team's insight that it still holds, or retire it.")

  @OptionGroup var target: RecordArgument
  @Flag(help: "It is not so any more, or never was.")
  var retire = false
  @OptionGroup var change: ChangeOptions
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    var request = ReviewInsightRequest()
    request.name = try await RecordFinder<InsightNoun>(session: session).name(of: target.record)
    request.outcome = retire ? .retired : .holds
    request.reason = change.reason
    request.requestId = change.requestID
    request.validateOnly = change.isDryRun
    let insight = try await session.insightReviews.reviewInsight(request, session.call)
    try RecordPrinter(session, rows: NounRows<InsightNoun>(session.language)).outcome(
      insight,
      retire
        ? Term(en: "Retired: \(insight.claim)", fi: "Poistettu käytöstä: \(insight.claim)")
        : Term(en: "Still holds: \(insight.claim)", fi: "Pitää yhä: \(insight.claim)"))
  }
}

/// Insights that have gone stale.
struct StaleInsights: ServerCommand {
  static let configuration = CommandConfiguration(
    commandName: "stale", abstract: "Insights that have gone stale, longest ago first, with whom to ask.")

  @Argument(
    help: "An account: id, ext:SYSTEM:ID, business id, domain or a part of the name; all where not given.",
    completion: .custom { _, _, word in await Completions.accounts(word) })
  var account: String?
  @Option(help: "Only those that this teammate looks after.")
  var owner: String = ""
  @Option(help: "Only this team's.")
  var team: String = ""
  @Option(help: "How many at most; all where 0.")
  var limit: Int = 100
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    var template = ListStaleInsightsRequest()
    template.parent = "accounts/-"
    if let account { template.parent = try await AccountFinder(session: session).name(of: account) }
    template.owner = owner
    template.team = team
    let request = template
    let pages = Pages<StaleInsight>(limit: limit) { size, token in
      var request = request
      request.pageSize = size
      request.pageToken = token
      let answer = try await session.insightReviews.listStaleInsights(request, session.call)
      return (answer.insights, answer.nextPageToken, nil)
    }
    try await RecordPrinter(session, rows: StaleRows(writing: Writing(session.language))).list(pages)
  }
}

/// Stale insights in rows.
private struct StaleRows: RecordRows {
  let writing: Writing

  let columns: [Listing.Column] = [
    .init("claim", en: "Insight", fi: "Havainto", minimum: 30),
    .init("stale_days", en: "Days stale", fi: "Vanhana pv", isNumber: true),
    .init("owner", en: "Ask", fi: "Kysy", minimum: 12), .init("team", en: "Team", fi: "Tiimi", expendability: 1),
    .init("name", en: "Id", fi: "Id", expendability: 5, minimum: 26),
  ]

  func row(_ stale: StaleInsight) -> [String] {
    let insight = stale.insight ?? Insight()
    return [
      InsightNoun.shownClaim(insight, writing.language), writing.format.number(stale.staleDays), stale.owner,
      FieldNames.label(stale.team, writing.language), RecordNames.short(insight.name),
    ]
  }
}
