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
    guard !from.isEmpty, let move = journey.move(from: from, to: to) else { return }
    let place = Place(segment: row.segment, stage: from)
    switch move {
    case .forward: stages[place, default: FunnelStage()].converted &+= row.count
    case .drop: stages[place, default: FunnelStage()].dropped &+= row.count
    case .backward: stages[place, default: FunnelStage()].wentBack &+= row.count
    default: break
    }
    if row.group.count > 2, case .integer(let spent) = row.group[2] {
      days[place, default: []].append((spent, row.count))
    }
  }

  /// Adds how often a number of days was spent in a stage that was left, in a segment.
  mutating func addDays(_ row: Row) {
    guard row.group.count > 1, case .integer(let spent) = row.group[1] else { return }
    days[Place(segment: row.segment, stage: row.text(0)), default: []].append((spent, row.count))
  }

  /// Adds moves up to the period's end: who came and never left is there.
  mutating func addPresent(_ row: Row) {
    let (from, to) = (row.text(0), row.text(1))
    for segment in Self.counting(row) {
      stages[Place(segment: segment, stage: to), default: FunnelStage()].present &+= row.count
      if !from.isEmpty {
        stages[Place(segment: segment, stage: from), default: FunnelStage()].present &-= row.count
      }
    }
  }

  /// Adds what was lost at a stage in one currency, in hundredths.
  mutating func addLoss(_ row: Row) {
    let (from, currency) = (row.text(0), row.text(1))
    // Most moves lose nothing.
    guard row.count > 0 else { return }
    for segment in Self.counting(row) where !from.isEmpty {
      let place = Place(segment: segment, stage: from)
      var known = stages[place] ?? FunnelStage()
      if let index = known.valueLost.firstIndex(where: { $0.currency == currency }) {
        let before = known.valueLost[index].hundredths ?? 0
        known.valueLost[index] = Money(hundredths: before &+ row.count, currency: currency)
      } else {
        known.valueLost.append(Money(hundredths: row.count, currency: currency))
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

  /// Stage by stage in the journey's order.
  ///
  /// - Parameter segment: nil: all accounts.
  func stages(of segment: String?) -> [FunnelStage] {
    journey.stages.map { stage in
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
