import Domain
public import PunosAPI
public import PunosMessages
public import RPC
import Store

extension ConfirmInsightRequest: StandardNamedRequest {}
extension DisputeInsightRequest: StandardNamedRequest {}
extension ReviewInsightRequest: StandardNamedRequest {}

/// Answers `punos.v1.InsightReviewService`.
public struct InsightReviewHandler: InsightReviewServiceHandler {
  private let world: ServiceWorld
  private let service: RecordService<InsightRules>

  /// Insights where the caller does not say: what one reads before a meeting.
  static let defaultRanked = 20
  /// Stale insights on a page where the caller does not say.
  static let defaultPageSize = 50
  /// Stale insights looked at for one page where only some owner's are wanted; then the caller pages on.
  static let maximumLookedAt = 5_000

  public init(_ world: ServiceWorld, _ service: RecordService<InsightRules>) {
    self.world = world
    self.service = service
  }

  public func confirmInsight(_ request: ConfirmInsightRequest, _ context: CallContext) async throws -> Insight
  {
    try await change(request, context) { try InsightReviews.confirm(&$0, request.comment, $1) }
  }

  public func disputeInsight(_ request: DisputeInsightRequest, _ context: CallContext) async throws -> Insight
  {
    try await change(request, context) { try InsightReviews.dispute(&$0, request.comment, $1) }
  }

  public func reviewInsight(_ request: ReviewInsightRequest, _ context: CallContext) async throws -> Insight {
    try await change(request, context) {
      try InsightReviews.review(&$0, request.outcome, request.confidence, $1)
    }
  }

  private func change(
    _ request: some StandardNamedRequest, _ context: CallContext,
    _ change: (inout Insight, RecordWorld) throws -> Void
  ) async throws -> Insight {
    let caller = try context.caller()
    return try await answering { () throws(Problem) in
      try RequestRules.check(request)
      return try await service.change(request.name, etag: request.etag, WriteOptions(request), by: caller) {
        try change(&$0, $1)
        return []
      }
    }
  }

  public func rankInsights(_ request: RankInsightsRequest, _ context: CallContext) async throws
    -> RankInsightsResponse
  {
    let caller = try context.caller()
    return try await answering { () throws(Problem) in
      try RequestRules.check(request)
      try world.require(caller, .read, request.parent)
      let reader = try await AccountReader(
        world, caller, account: request.parent, field: "parent", at: request.point)
      let records = try await reader.records(of: [NounCatalog.insightKind])
      return try service.mapped { try ranked(records, request, reader, caller) }
    }
  }

  private func ranked(
    _ records: [StoredRecord], _ request: RankInsightsRequest, _ reader: AccountReader, _ caller: Principal
  ) throws -> RankInsightsResponse {
    var insights: [Insight] = []
    var byName: [String: StoredRecord] = [:]
    for record in records {
      let insight = try service.decode(record)
      guard request.dimension == .unspecified || insight.dimension == request.dimension else { continue }
      insights.append(insight)
      byName[insight.name] = record
    }
    let ranked = InsightRanking.ranked(insights, for: request.purpose, at: reader.now)
    var response = RankInsightsResponse()
    response.totalSize = Int32(clamping: ranked.count)
    response.insights = try ranked.prefix(request.limit > 0 ? Int(request.limit) : Self.defaultRanked).map {
      ranked in
      guard let insight = ranked.insight, let record = byName[insight.name] else { return ranked }
      var ranked = ranked
      ranked.insight = try service.decode(record, for: caller, isCurrent: reader.point == nil)
      // Who confirmed it would tell what it says.
      if ranked.insight?.withheld == true { ranked.because = [] }
      return ranked
    }
    return response
  }

  public func listStaleInsights(
    _ request: ListStaleInsightsRequest, _ context: CallContext
  ) async throws -> ListStaleInsightsResponse {
    let caller = try context.caller()
    return try await answering { () throws(Problem) in
      try RequestRules.check(request)
      try world.require(caller, .read, service.noun.collection)
      return try await stale(request, caller)
    }
  }

  private func stale(
    _ request: ListStaleInsightsRequest, _ caller: Principal
  ) async throws(Problem) -> ListStaleInsightsResponse {
    let identity = ["stale", request.parent, request.owner, request.team]
    let now = world.clock()
    let size = request.pageSize > 0 ? Int(request.pageSize) : Self.defaultPageSize
    var query = IndexQuery(
      kind: NounCatalog.insightKind, index: "stale",
      equal: [.integer(Int64(Insight.Status.current.rawValue))],
      range: .between(from: nil, to: .moment(now)),
      account: try await service.account(named: request.parent, by: caller)?.account)
    query.after = try PageToken.read(request.pageToken, for: identity).map { ListPosition(bytes: $0) }
    var response = ListStaleInsightsResponse()
    var looked = 0
    repeat {
      query.limit = size - response.insights.count
      let page = try await service.mapped { try await world.store.find(query, in: caller.tenant) }
      looked += page.records.count
      for record in page.records {
        let insight = try service.decode(record)
        guard request.owner.isEmpty || insight.owner == request.owner,
          request.team.isEmpty || insight.team == request.team
        else { continue }
        response.insights.append(told(insight, try service.decode(record, for: caller), now))
      }
      query.after = page.next
    } while query.after != nil && response.insights.count < size && looked < Self.maximumLookedAt
    response.nextPageToken = query.after.map { PageToken(position: $0.bytes).text(for: identity) } ?? ""
    return response
  }

  private func told(_ insight: Insight, _ seen: Insight, _ now: Moment) -> StaleInsight {
    var stale = StaleInsight()
    stale.insight = seen
    stale.owner = insight.owner
    stale.team = insight.team
    stale.staleDays = Int32(clamping: Int64(max(0, Fading.days(from: insight.becomesStale, to: now.seconds))))
    return stale
  }
}

extension RankInsightsRequest {
  fileprivate var point: PointInTime? {
    switch asOf {
    case .asOfTime(let time): .moment(time.moment)
    case .asOfRevision(let revision): .revision(Revision(revision))
    case nil: nil
    }
  }
}
