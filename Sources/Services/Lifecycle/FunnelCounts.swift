import Domain
import PunosMessages
import Store

/// What a store counts of moves, put together stage by stage: for all accounts and for each segment.
struct FunnelCounts {
  /// A row of what a store counts.
  struct Row {
    /// What the accounts have in common, empty where they have none; nil where they are not grouped.
    var segment: String?
    /// Values of the other columns.
    var group: [IndexValue]
    var count: Int64

    /// - Parameter isGrouped: whether the first column is the segment.
    init?(_ row: AggregateRow, isGrouped: Bool) {
      guard case .integer(let count)? = row.measures.first else { return nil }
      self.count = count
      group = row.group
      guard isGrouped, !group.isEmpty else { return }
      segment = if case .text(let text) = group.removeFirst() { text } else { "" }
    }

    /// A column's text; empty where none is set.
    func text(_ place: Int) -> String {
      if place < group.count, case .text(let text) = group[place] { text } else { "" }
    }

    /// A column's kind of move.
    func move(_ place: Int) -> StageTransition.Move {
      guard place < group.count, case .integer(let number) = group[place] else { return .unspecified }
      return Int32(exactly: number).flatMap { StageTransition.Move(rawValue: $0) } ?? .unspecified
    }
  }

  private struct Place: Hashable {
    /// nil: all accounts.
    var segment: String?
    var stage: String
  }

  private let journey: Journey
  private var stages: [Place: FunnelStage] = [:]
  private var days: [Place: [(value: Int64, count: Int64)]] = [:]
  private var moves: [String: Int64] = [:]

  init(_ journey: Journey) { self.journey = journey }

  /// How many segments there are.
  var segmentCount: Int { moves.count }

  /// The segments with the most moves in the period; of as many the first by name.
  func fullestSegments(limit: Int) -> [String] {
    moves.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(max(0, limit)).map(\.key)
  }

  /// Adds moves from one stage to another in the period, and how many days had been spent in the stage that was left
  /// where the row tells it.
  mutating func addMoves(_ row: Row) {
    let (from, to) = (row.text(0), row.text(1))
    if let segment = row.segment { moves[segment, default: 0] &+= row.count }
    stages[Place(segment: row.segment, stage: to), default: FunnelStage()].entered &+= row.count
    guard !from.isEmpty else { return }
    let place = Place(segment: row.segment, stage: from)
    // As it was when it was made: the journey's stages may stand in another order since.
    switch row.move(2) {
    case .forward: stages[place, default: FunnelStage()].converted &+= row.count
    case .drop: stages[place, default: FunnelStage()].dropped &+= row.count
    case .backward: stages[place, default: FunnelStage()].wentBack &+= row.count
    default: break
    }
    if row.group.count > 3, case .integer(let spent) = row.group[3] {
      days[place, default: []].append((spent, row.count))
    }
  }

  /// Adds how often a number of days was spent in a stage that was left, in a segment.
  mutating func addDays(_ row: Row) {
    guard row.group.count > 1, case .integer(let spent) = row.group[1] else { return }
    days[Place(segment: row.segment, stage: row.text(0)), default: []].append((spent, row.count))
  }

  /// Adds moves into a stage up to the period's end.
  mutating func addArrived(_ row: Row) {
    for segment in Self.counting(row) {
      stages[Place(segment: segment, stage: row.text(0)), default: FunnelStage()].present &+= row.count
    }
  }

  /// Takes off those of them that had left it again by then, on whatever way.
  mutating func addLeft(_ row: Row) {
    for segment in Self.counting(row) {
      stages[Place(segment: segment, stage: row.text(0)), default: FunnelStage()].present &-= row.count
    }
  }

  /// Notes how many of those in a stage have been there longer than is expected.
  mutating func note(overdue: Int64, at stage: String) {
    stages[Place(segment: nil, stage: stage), default: FunnelStage()].overdue = overdue
  }

  /// Adds what was lost at a stage in one currency, in hundredths.
  mutating func addLoss(_ row: Row) {
    // Most moves lose nothing.
    guard row.count > 0 else { return }
    add(row.count, row.text(1), lostAt: row.text(0), Self.counting(row))
  }

  /// Adds what moves lost in a second currency and more.
  mutating func addOtherLosses(_ row: Row) {
    for loss in MoveLosses.parts(of: row.text(1)) {
      let lost = loss.hundredths.multipliedReportingOverflow(by: row.count)
      add(lost.overflow ? .max : lost.partialValue, loss.currency, lostAt: row.text(0), Self.counting(row))
    }
  }

  private mutating func add(
    _ hundredths: Int64, _ currency: String, lostAt from: String, _ segments: [String?]
  ) {
    for segment in segments where !from.isEmpty {
      let place = Place(segment: segment, stage: from)
      var known = stages[place] ?? FunnelStage()
      if let index = known.valueLost.firstIndex(where: { $0.currency == currency }) {
        let sum = (known.valueLost[index].hundredths ?? 0).addingReportingOverflow(hundredths)
        known.valueLost[index] = Money(hundredths: sum.overflow ? .max : sum.partialValue, currency: currency)
      } else {
        known.valueLost.append(Money(hundredths: hundredths, currency: currency))
      }
      stages[place] = known
    }
  }

  /// A row of a segment counts for all accounts too.
  private static func counting(_ row: Row) -> [String?] { row.segment == nil ? [nil] : [nil, row.segment] }

  /// Whether anything was lost at a stage.
  func hasLoss(at stage: String) -> Bool {
    stages[Place(segment: nil, stage: stage)]?.valueLost.isEmpty == false
  }

  /// How many have been in a stage longer than is expected.
  func overdue(at stage: String) -> Int64 { stages[Place(segment: nil, stage: stage)]?.overdue ?? 0 }

  /// The shortest of the longest stays in a stage, in days; nil where nobody left it.
  ///
  /// - Parameter count: how many of the longest are meant.
  func shortestStay(ofLongest count: Int, at stage: String) -> Int64? {
    var (passed, shortest) = (Int64(0), Int64?.none)
    for (value, often) in (days[Place(segment: nil, stage: stage)] ?? []).sorted(by: { $0.value > $1.value })
    {
      guard passed < count else { break }
      passed = passed &+ often
      shortest = value
    }
    return shortest
  }

  /// Stages that moves tell and the journey has no more.
  private var forgotten: [JourneyStage] {
    let known = Set(journey.stages.map(\.id))
    return Set(stages.keys.map(\.stage)).subtracting(known).filter { !$0.isEmpty }.sorted().map {
      .forgotten($0)
    }
  }

  /// Stage by stage in the journey's order; behind them those that it has no more, with what was counted in them.
  ///
  /// - Parameter segment: nil: all accounts.
  func stages(of segment: String?) -> [FunnelStage] {
    (journey.stages + forgotten).map { stage in
      let place = Place(segment: segment, stage: stage.id)
      var counted = stages[place] ?? FunnelStage()
      counted.stage = stage.id
      counted.title = stage.title
      counted.expectedDays = stage.expectedDays
      counted.valueLost.sort { $0.currency < $1.currency }
      counted.medianDays = Histogram.median(days[place] ?? [])
      let left = Double(counted.converted) + Double(counted.dropped) + Double(counted.wentBack)
      if left > 0 {
        counted.conversion = Double(counted.converted) / left
        counted.dropOff = Double(counted.dropped) / left
      }
      return counted
    }
  }
}
