import Domain
import PunosMessages
import Store

/// What a store counts of moves, put together stage by stage: for all accounts and for each segment.
struct FunnelCounts {
  /// A row of what a store counts.
  struct Row {
    /// What the accounts have in common; empty where they are not grouped, or have none.
    var segment: String
    /// The row without it.
    var dropSegment: AggregateRow
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

  /// Adds moves from one stage to another in the period.
  mutating func addMoves(_ row: Row) {
    guard let (from, to, count) = Self.read(row.dropSegment) else { return }
    moves[row.segment, default: 0] &+= count
    for segment in [nil, row.segment] {
      stages[Place(segment: segment, stage: to), default: FunnelStage()].entered &+= count
      guard !from.isEmpty, let move = journey.move(from: from, to: to) else { continue }
      let place = Place(segment: segment, stage: from)
      switch move {
      case .forward: stages[place, default: FunnelStage()].converted &+= count
      case .drop: stages[place, default: FunnelStage()].dropped &+= count
      case .backward: stages[place, default: FunnelStage()].wentBack &+= count
      default: break
      }
    }
  }

  /// Adds moves up to the period's end: who came and never left is there.
  mutating func addPresent(_ row: Row) {
    guard let (from, to, count) = Self.read(row.dropSegment) else { return }
    for segment in [nil, row.segment] {
      stages[Place(segment: segment, stage: to), default: FunnelStage()].present &+= count
      if !from.isEmpty {
        stages[Place(segment: segment, stage: from), default: FunnelStage()].present &-= count
      }
    }
  }

  /// Adds what was lost at a stage in one currency.
  mutating func addLoss(_ row: Row) {
    guard let (from, currency, sum) = Self.read(row.dropSegment), !from.isEmpty else { return }
    for segment in [nil, row.segment] {
      let place = Place(segment: segment, stage: from)
      var known = stages[place] ?? FunnelStage()
      if let index = known.valueLost.firstIndex(where: { $0.currency == currency }) {
        let before = known.valueLost[index].hundredths ?? 0
        known.valueLost[index] = Money(hundredths: before &+ sum, currency: currency)
      } else {
        known.valueLost.append(Money(hundredths: sum, currency: currency))
      }
      stages[place] = known
    }
  }

  /// Adds how often a number of days was spent in a stage that was left.
  ///
  /// - Parameter segment: nil: of all accounts.
  mutating func addDays(_ row: AggregateRow, segment: String?) {
    guard row.group.count == 2, case .text(let from) = row.group[0], case .integer(let spent) = row.group[1],
      case .integer(let count)? = row.measures.first
    else { return }
    days[Place(segment: segment, stage: from), default: []].append((spent, count))
  }

  /// Two texts and a number; a text that is not set is empty.
  private static func read(_ row: AggregateRow) -> (String, String, Int64)? {
    guard row.group.count == 2, case .integer(let number)? = row.measures.first else { return nil }
    func text(_ value: IndexValue) -> String { if case .text(let text) = value { text } else { "" } }
    return (text(row.group[0]), text(row.group[1]), number)
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
