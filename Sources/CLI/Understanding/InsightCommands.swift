internal import ArgumentParser
internal import PunosAPI
internal import PunosMessages
internal import Terminal

struct InsightCommand: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    RecordCommands<InsightNoun>.configuration(and: [
      RankInsights.self, ConfirmInsight.self, DisputeInsight.self, ReviewInsight.self, StaleInsights.self,
    ])
  }
}

extension Session {
  var insightReviews: InsightReviewServiceClient { InsightReviewServiceClient(channel) }
}

/// The account's insights, the decisive ones first.
struct RankInsights: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "rank",
      abstract: say(
        en: "An account's insights, the decisive ones first, and why they are.",
        fi: "Asiakkuuden havainnot, ratkaisevat ensin, ja miksi ne ovat sitä."))
  }

  @OptionGroup var target: AccountArgument
  @Option(
    name: .customLong("for"),
    help: .say(
      en: "Whose work they are for: sales, delivery or product.",
      fi: "Kenen työhön: sales, delivery tai product."))
  var purpose: String = ""
  @Option(
    help: .say(
      en: "Only about this: business, decision, experience, end_customers or value.",
      fi: "Vain tästä: business, decision, experience, end_customers tai value."))
  var dimension: String = ""
  @Option(
    name: .customLong("as-of"),
    help: .say(
      en: "As it was known then: YYYY-MM-DD, RFC 3339, or a revision.",
      fi: "Sellaisena kuin se silloin tiedettiin: VVVV-KK-PP, RFC 3339 tai revisio."))
  var asOf: String?
  @Option(
    help: .say(
      en: "How many at most.",
      fi: "Montako enintään."))
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
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "confirm",
      abstract: say(
        en: "Say that your team knows the same; another team than the claimant's can.",
        fi: "Kerro, että tiimisi tietää saman; muu kuin väittävä tiimi voi."))
  }

  @OptionGroup var target: RecordArgument
  @Argument(
    help: .say(
      en: "What your team knows of it.",
      fi: "Mitä tiimisi siitä tietää."))
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
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "dispute",
      abstract: say(
        en: "Say that your team knows otherwise, and what.",
        fi: "Kerro, että tiimisi tietää toisin, ja mitä."))
  }

  @OptionGroup var target: RecordArgument
  @Argument(
    help: .say(
      en: "What your team knows instead.",
      fi: "Mitä tiimisi sen sijaan tietää."))
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
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "review",
      abstract: say(
        en: "Say of your own team's insight that it still holds, or retire it.",
        fi: "Kerro oman tiimisi havainnosta, että se pitää yhä, tai poista se käytöstä."))
  }

  @OptionGroup var target: RecordArgument
  @Flag(
    help: .say(
      en: "It is not so any more, or never was.",
      fi: "Se ei pidä enää, tai ei koskaan pitänyt."))
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
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "stale",
      abstract: say(
        en: "Insights that have gone stale, longest ago first, with whom to ask.",
        fi: "Vanhentuneet havainnot, vanhimmat ensin, ja keneltä kysyä."))
  }

  @Argument(
    help: .say(
      en: "An account: id, ext:SYSTEM:ID, business id, domain or a part of the name; all where not given.",
      fi:
        "Asiakkuus: tunniste, ext:JÄRJESTELMÄ:TUNNUS, Y-tunnus, verkkotunnus tai osa nimestä; kaikki, jos ei anneta."
    ),
    completion: .custom { words, _, word in await Completions.accounts(word, in: words) })
  var account: String?
  @Option(
    help: .say(
      en: "Only those that this teammate looks after.",
      fi: "Vain ne, joista tämä kollega huolehtii."))
  var owner: String = ""
  @Option(
    help: .say(
      en: "Only this team's.",
      fi: "Vain tämän tiimin."))
  var team: String = ""
  @Option(
    help: .say(
      en: "How many at most; all where 0.",
      fi: "Montako enintään; 0 on kaikki."))
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
    .init("owner", en: "Ask", fi: "Kysy", minimum: 12),
    .init("team", en: "Team", fi: "Tiimi", expendability: 1),
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
