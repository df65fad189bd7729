import Domain
import FieldFormats
import PunosMessages
import RPC
import Store

/// Counts an installation's moves from stage to stage by what the store keeps counted of them (the tallies of
/// `stage_transition.proto`): no record is read but the few that are shown as evidence, the number of questions to the
/// store does not depend on the number of segments, and their cost hardly on the number of moves.
struct FunnelReader {
  /// Segments where the caller does not say.
  static let defaultSegments = 20
  /// Moves shown as evidence of a bottleneck, of each sort.
  private static let evidenceEach = 3
  /// The first moment of the year 9000: moves lie in the past, and the store's calendar of months reaches as far.
  private static let afterAllMoves = Moment(seconds: 221_845_392_000)

  private let world: ServiceWorld
  private let caller: Principal
  private let journey: Journey
  private let request: GetFunnelRequest
  private let period: [ColumnFilter]
  private let untilEnd: [ColumnFilter]
  private let leftByEnd: [ColumnFilter]

  /// - Throws: ``Problem`` where the period ends before it begins.
  init(_ world: ServiceWorld, _ caller: Principal, _ journey: Journey, _ request: GetFunnelRequest)
    throws(Problem)
  {
    self.world = world
    self.caller = caller
    self.journey = journey
    self.request = request
    if !request.fromDate.isEmpty, !request.toDate.isEmpty, request.toDate <= request.fromDate {
      throw .invalid([
        FieldProblem(
          path: "to_date",
          description: "the end must lie after the beginning (from_date); correct one of the two",
          reason: "EMPTY_SPAN")
      ])
    }
    let counted: [ColumnFilter] = [
      .compare(column: "journey", .equal, .text(journey.name)),
      .not(.compare(column: "reverted", .equal, .boolean(true))),
    ]
    let end =
      Days.start(request.toDate).map { [ColumnFilter.compare(column: "moved_time", .less, .moment($0))] }
      ?? []
    let start = Days.start(request.fromDate).map {
      [ColumnFilter.compare(column: "moved_time", .greaterOrEqual, .moment($0))]
    }
    untilEnd = counted + end
    leftByEnd =
      counted + [
        .compare(column: "left_time", .less, .moment(Days.start(request.toDate) ?? Self.afterAllMoves))
      ]
    period = counted + end + (start ?? [])
  }

  /// The column that accounts are grouped by.
  private var column: String? {
    switch request.groupBy {
    case .industry: "industry"
    case .country: "country"
    case .owner: "owner"
    case .team: "team"
    default: nil
    }
  }

  func funnel() async throws(Problem) -> Funnel {
    do {
      var funnel = Funnel()
      funnel.journey = journey.name
      funnel.fromDate = request.fromDate
      funnel.toDate = request.toDate
      var counts = FunnelCounts(journey)
      // Each of these is a question of its own to a tally; several are answered at the same time.
      async let all = rows(
        period, by: ["from_stage", "to_stage", "move", "days_in_stage"], [.count], grouped: false)
      async let segmented =
        column == nil ? [] : rows(period, by: ["from_stage", "to_stage", "move"], [.count])
      async let arrived = rows(untilEnd, by: ["to_stage"], [.count])
      async let left = rows(leftByEnd, by: ["to_stage"], [.count])
      async let losses = rows(period, by: ["from_stage", "lost_currency"], [.sum("lost_hundredths")])
      async let others = rows(
        period + [.compare(column: "other_losses", .notEqual, .null)], by: ["from_stage", "other_losses"],
        [.count])
      for row in try await all + segmented { counts.addMoves(row) }
      for row in try await arrived { counts.addArrived(row) }
      for row in try await left { counts.addLeft(row) }
      for row in try await losses { counts.addLoss(row) }
      for row in try await others { counts.addOtherLosses(row) }
      try await addOverdue(to: &counts)
      let shown = counts.fullestSegments(
        limit: request.pageSize > 0 ? Int(request.pageSize) : Self.defaultSegments)
      try await addDays(shown, to: &counts)
      funnel.stages = counts.stages(of: nil)
      if column != nil {
        funnel.truncated = counts.segmentCount > shown.count
        funnel.segments = shown.map { key in
          var segment = FunnelSegment()
          segment.key = key
          segment.stages = counts.stages(of: key)
          return segment
        }
      }
      funnel.bottlenecks = Bottlenecks.of(funnel.stages.filter { journey.stage($0.stage)?.isEnd != true })
      for index in funnel.bottlenecks.indices {
        funnel.bottlenecks[index].evidence = try await evidence(of: funnel.bottlenecks[index].stage, counts)
      }
      return funnel
    } catch {
      throw .from(error, world.catalog)
    }
  }

  /// How many accounts have been in each stage for longer than is expected, where the period reaches to now.
  private func addOverdue(to counts: inout FunnelCounts) async throws {
    let now = world.clock()
    guard Days.start(request.toDate).map({ $0 > now }) ?? true else { return }
    for stage in journey.stages where !stage.isEnd {
      guard let expected = stage.expectedDays, expected > 0 else { continue }
      let latestArrival = now.earlier(byDays: Int64(expected) + 1)
      let waiting =
        there(at: stage.id) + [.compare(column: "moved_time", .lessOrEqual, .moment(latestArrival))]
      let rows = try await aggregate(waiting, by: [], [.count])
      let count = rows.first.flatMap { row -> Int64? in
        if case .integer(let count)? = row.measures.first { count } else { nil }
      }
      counts.note(overdue: count ?? 0, at: stage.id)
    }
  }

  /// Moves of accounts that are in a stage now.
  private func there(at stage: String) -> [ColumnFilter] {
    [
      .compare(column: "journey", .equal, .text(journey.name)),
      .compare(column: "to_stage", .equal, .text(stage)), .compare(column: "latest", .equal, .boolean(true)),
    ]
  }

  /// The days that were spent in stages by accounts of the segments that are shown.
  private func addDays(_ shown: [String], to counts: inout FunnelCounts) async throws {
    guard let column, !shown.isEmpty else { return }
    let left = period + [.compare(column: "days_in_stage", .greaterOrEqual, .integer(0))]
    let fits = ColumnFilter.anyOf(shown.flatMap { Self.isKey(column, $0) })
    for row in try await rows(left + [fits], by: ["from_stage", "days_in_stage"], [.count]) {
      counts.addDays(row)
    }
  }

  /// A text that is not set may be kept as null or as nothing.
  private static func isKey(_ column: String, _ key: String) -> [ColumnFilter] {
    let equal = ColumnFilter.compare(column: column, .equal, .text(key))
    return key.isEmpty ? [equal, .compare(column: column, .equal, .null)] : [equal]
  }

  /// Counts in groups, each with its segment where accounts are grouped.
  private func rows(
    _ filters: [ColumnFilter], by columns: [String], _ measures: [AggregateQuery.Measure],
    grouped: Bool = true
  ) async throws -> [FunnelCounts.Row] {
    let segment = grouped ? column.map { [$0] } ?? [] : []
    return try await aggregate(filters, by: segment + columns, measures).compactMap {
      FunnelCounts.Row($0, isGrouped: !segment.isEmpty)
    }
  }

  private func aggregate(
    _ filters: [ColumnFilter], by columns: [String], _ measures: [AggregateQuery.Measure]
  ) async throws -> [AggregateRow] {
    let query = AggregateQuery(
      kind: NounCatalog.stageTransitionKind, filter: .all(filters), groupedBy: columns, measures: measures,
      limit: StoreLimits.aggregateGroups)
    let rows = try await world.store.aggregate(query, in: caller.tenant)
    guard rows.count < StoreLimits.aggregateGroups else {
      throw Problem(
        .resourceExhausted, "TOO_MANY_GROUPS",
        "The moves fall into more than \(StoreLimits.aggregateGroups) groups; ask for a shorter period, or group them by "
          + "something else.")
    }
    return rows
  }

  // MARK: Evidence

  /// The moves out of the journey that cost most, the longest stays, and the longest of those that go on.
  ///
  /// Where there are such moves, and how long the longest stays are, is known from what was counted, so that the store
  /// finds them by the orders it keeps without looking through all moves.
  private func evidence(of stage: String, _ counts: FunnelCounts) async throws -> [String] {
    let left = period + [.compare(column: "from_stage", .equal, .text(stage))]
    var found: [String] = []
    if counts.hasLoss(at: stage) {
      let drop = Int64(StageTransition.Move.drop.rawValue)
      found += try await names(
        left + [.compare(column: "move", .equal, .integer(drop))], by: "lost_hundredths")
    }
    if let least = counts.shortestStay(ofLongest: Self.evidenceEach, at: stage) {
      found += try await names(
        left + [.compare(column: "days_in_stage", .greaterOrEqual, .integer(least))], by: "days_in_stage")
    }
    if counts.overdue(at: stage) > 0 {
      found += try await names(there(at: stage), by: "moved_time", isDescending: false)
    }
    var seen: Set<String> = []
    return found.filter { seen.insert($0).inserted }
  }

  private func names(
    _ filters: [ColumnFilter], by column: String, isDescending: Bool = true
  ) async throws -> [String] {
    let query = ColumnQuery(
      kind: NounCatalog.stageTransitionKind, filter: .all(filters),
      order: [ColumnOrder(column: column, isDescending: isDescending)], limit: Self.evidenceEach)
    return try await world.store.list(query, in: caller.tenant).records.map {
      world.catalog.resourceName(of: $0.key)
    }
  }
}

extension Moment {
  /// So many days before, in whole seconds.
  fileprivate func earlier(byDays days: Int64) -> Moment {
    let (seconds, isTooFar) = seconds.subtractingReportingOverflow(
      days.multipliedReportingOverflow(by: 86_400).partialValue)
    return isTooFar ? Moment(rawValue: .min) : Moment(seconds: seconds)
  }
}
