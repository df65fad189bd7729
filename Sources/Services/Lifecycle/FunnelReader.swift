import Domain
import FieldFormats
import PunosMessages
import RPC
import Store

/// Counts an installation's moves from stage to stage by the store's typed columns: no record is read but the few that
/// are shown as evidence.
struct FunnelReader {
  /// Segments where the caller does not say.
  static let defaultSegments = 20
  /// Moves shown as evidence of a bottleneck, of each sort.
  private static let evidenceEach = 3

  private let world: ServiceWorld
  private let caller: Principal
  private let journey: Journey
  private let request: GetFunnelRequest
  private let period: [ColumnFilter]
  private let untilEnd: [ColumnFilter]

  /// - Throws: ``Problem`` where the period ends before it begins.
  init(_ world: ServiceWorld, _ caller: Principal, _ journey: Journey, _ request: GetFunnelRequest) throws(Problem) {
    self.world = world
    self.caller = caller
    self.journey = journey
    self.request = request
    if !request.fromDate.isEmpty, !request.toDate.isEmpty, request.toDate <= request.fromDate {
      throw .invalid([
        FieldProblem(
          path: "to_date", description: "the end must lie after the beginning (from_date); correct one of the two",
          reason: "EMPTY_SPAN")
      ])
    }
    let counted: [ColumnFilter] = [
      .compare(column: "journey", .equal, .text(journey.name)),
      .not(.compare(column: "reverted", .equal, .boolean(true))),
    ]
    let end = Days.start(request.toDate).map { [ColumnFilter.compare(column: "moved_time", .less, .moment($0))] } ?? []
    let start = Days.start(request.fromDate).map {
      [ColumnFilter.compare(column: "moved_time", .greaterOrEqual, .moment($0))]
    }
    untilEnd = counted + end
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
      funnel.stages = try await stages([])
      if let column {
        let keys = try await segments(column)
        let wanted = request.pageSize > 0 ? Int(request.pageSize) : Self.defaultSegments
        funnel.truncated = keys.count > wanted
        for key in keys.prefix(wanted) {
          var segment = FunnelSegment()
          if case .text(let text) = key { segment.key = text }
          segment.stages = try await stages([Self.isKey(column, key)])
          funnel.segments.append(segment)
        }
      }
      funnel.bottlenecks = Bottlenecks.of(funnel.stages.filter { journey.stage($0.stage)?.isEnd != true })
      for index in funnel.bottlenecks.indices {
        funnel.bottlenecks[index].evidence = try await evidence(of: funnel.bottlenecks[index].stage)
      }
      return funnel
    } catch {
      throw .from(error, world.catalog)
    }
  }

  private static func isKey(_ column: String, _ key: IndexValue) -> ColumnFilter {
    // A text that is not set may be kept as null or as nothing.
    if key == .null || key == .text("") {
      return .anyOf([.compare(column: column, .equal, .null), .compare(column: column, .equal, .text(""))])
    }
    return .compare(column: column, .equal, key)
  }

  private func segments(_ column: String) async throws -> [IndexValue] {
    try await aggregate(period, by: [column], [.count]).map { $0.group.first ?? .null }
  }

  private func aggregate(
    _ filters: [ColumnFilter], by columns: [String], _ measures: [AggregateQuery.Measure]
  ) async throws -> [AggregateRow] {
    let query = AggregateQuery(
      kind: NounCatalog.stageTransitionKind, filter: .all(filters), groupedBy: columns, measures: measures)
    return try await world.store.aggregate(query, in: caller.tenant)
  }

  // MARK: Stages

  private func stages(_ segment: [ColumnFilter]) async throws -> [FunnelStage] {
    var counts: [String: FunnelStage] = [:]
    for stage in journey.stages {
      var counted = FunnelStage()
      counted.stage = stage.id
      counted.title = stage.title
      counted.expectedDays = stage.expectedDays
      counts[stage.id] = counted
    }
    try await countMoves(segment, &counts)
    try await countPresent(segment, &counts)
    try await addLosses(segment, &counts)
    for stage in journey.stages where (counts[stage.id].map { $0.converted + $0.dropped + $0.wentBack } ?? 0) > 0 {
      counts[stage.id]?.medianDays = try await medianDays(of: stage.id, segment)
    }
    return journey.stages.compactMap { counts[$0.id].map(Self.withRates) }
  }

  private func countMoves(_ segment: [ColumnFilter], _ counts: inout [String: FunnelStage]) async throws {
    for row in try await aggregate(period + segment, by: ["from_stage", "to_stage", "move"], [.count]) {
      guard row.group.count == 3, case .integer(let count)? = row.measures.first else { continue }
      if case .text(let to) = row.group[1] { counts[to]?.entered += count }
      guard case .text(let from) = row.group[0], case .integer(let move) = row.group[2] else { continue }
      switch StageTransition.Move(rawValue: Int32(truncatingIfNeeded: move)) {
      case .forward: counts[from]?.converted += count
      case .drop: counts[from]?.dropped += count
      case .backward: counts[from]?.wentBack += count
      default: break
      }
    }
  }

  /// Who came and never left, up to the period's end.
  private func countPresent(_ segment: [ColumnFilter], _ counts: inout [String: FunnelStage]) async throws {
    for row in try await aggregate(untilEnd + segment, by: ["from_stage", "to_stage"], [.count]) {
      guard row.group.count == 2, case .integer(let count)? = row.measures.first else { continue }
      if case .text(let to) = row.group[1] { counts[to]?.present += count }
      if case .text(let from) = row.group[0] { counts[from]?.present -= count }
    }
  }

  private func addLosses(_ segment: [ColumnFilter], _ counts: inout [String: FunnelStage]) async throws {
    let lost: ColumnFilter = .compare(column: "lost_hundredths", .greater, .integer(0))
    let rows = try await aggregate(
      period + segment + [lost], by: ["from_stage", "lost_currency"], [.sum("lost_hundredths")])
    for row in rows {
      guard row.group.count == 2, case .text(let from) = row.group[0], case .text(let currency) = row.group[1],
        case .integer(let sum)? = row.measures.first
      else { continue }
      counts[from]?.valueLost.append(Money(hundredths: sum, currency: currency))
    }
    for stage in counts.keys { counts[stage]?.valueLost.sort { $0.currency < $1.currency } }
  }

  private func medianDays(of stage: String, _ segment: [ColumnFilter]) async throws -> Double? {
    let left = period + segment + [.compare(column: "from_stage", .equal, .text(stage))]
    return Histogram.median(try await daysHistogram(left, from: 0, to: nil))
  }

  /// How often each number of days occurs. A store gives a bounded number of groups: where there may be more, the span
  /// is halved until all are told.
  private func daysHistogram(
    _ filters: [ColumnFilter], from: Int64, to: Int64?
  ) async throws -> [(value: Int64, count: Int64)] {
    var span: [ColumnFilter] = [.compare(column: "days_in_stage", .greaterOrEqual, .integer(from))]
    if let to { span.append(.compare(column: "days_in_stage", .less, .integer(to))) }
    let rows = try await aggregate(filters + span, by: ["days_in_stage"], [.count])
    if rows.count >= StoreLimits.pageRecords {
      // The first cut lies where a thousand different days can be told in one go.
      let middle = to.map { from + ($0 - from) / 2 } ?? from + Int64(StoreLimits.pageRecords) - 1
      return try await daysHistogram(filters, from: from, to: middle) + daysHistogram(filters, from: middle, to: to)
    }
    return rows.compactMap { row in
      guard case .integer(let days)? = row.group.first, case .integer(let count)? = row.measures.first else { return nil }
      return (days, count)
    }
  }

  private static func withRates(_ stage: FunnelStage) -> FunnelStage {
    var stage = stage
    let left = Double(stage.converted) + Double(stage.dropped) + Double(stage.wentBack)
    if left > 0 {
      stage.conversion = Double(stage.converted) / left
      stage.dropOff = Double(stage.dropped) / left
    }
    return stage
  }

  // MARK: Evidence

  /// The moves out of the journey that cost most, and the longest stays.
  private func evidence(of stage: String) async throws -> [String] {
    let left = period + [.compare(column: "from_stage", .equal, .text(stage))]
    let drops = left + [
      .compare(column: "move", .equal, .integer(Int64(StageTransition.Move.drop.rawValue)))
    ]
    let names = try await names(drops, by: "lost_hundredths") + names(left, by: "days_in_stage")
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
  }

  private func names(_ filters: [ColumnFilter], by column: String) async throws -> [String] {
    let query = ColumnQuery(
      kind: NounCatalog.stageTransitionKind, filter: .all(filters),
      order: [ColumnOrder(column: column, isDescending: true)], limit: Self.evidenceEach)
    return try await world.store.list(query, in: caller.tenant).records.map { world.catalog.resourceName(of: $0.key) }
  }
}
