import PunosMessages

/// The order in which an account's moves happened, the one that every question about them goes by.
///
/// Moves are told by the day, so several may have the same time. Those follow each other as a story does: next comes one
/// that begins where the account is in its journey by then. Where several do, or none, the one that was told first comes
/// first (its create time; what is not stored yet was told last), and of those told in one batch the first by name. The
/// stages go before the time of telling, since that is given anew when an export is read in.
enum MoveOrder {
  /// Where moves begin or end.
  private struct Place: Hashable {
    var journey: String
    var stage: String
  }

  /// - Parameter moves: of one account, in any order, those that were taken back too.
  /// - Returns: oldest first.
  static func ordered(_ moves: [StageTransition]) -> [StageTransition] {
    let told = moves.sorted { ($0.moved, $0.told, $0.name) < ($1.moved, $1.told, $1.name) }
    var ordered: [StageTransition] = []
    ordered.reserveCapacity(told.count)
    // The stage where the account is, by journey.
    var here: [String: String] = [:]
    var rest = told[...]
    while let first = rest.first {
      let together = rest.prefix { $0.moved == first.moved }
      rest = rest.dropFirst(together.count)
      ordered += together.count == 1 ? followed(first, &here) : story(Array(together), &here)
    }
    return ordered
  }

  /// A move by itself.
  private static func followed(_ move: StageTransition, _ here: inout [String: String]) -> [StageTransition] {
    if !move.reverted { here[move.journey] = move.toStage }
    return [move]
  }

  /// Moves of one instant as they follow each other.
  ///
  /// - Parameter moves: in the order told.
  private static func story(_ moves: [StageTransition], _ here: inout [String: String]) -> [StageTransition] {
    var story: [StageTransition] = []
    var isTold = [Bool](repeating: false, count: moves.count)
    // Latest first, so that the next one is taken from the end.
    var beginning: [Place: [Int]] = [:]
    for (index, move) in moves.enumerated().reversed() {
      beginning[Place(journey: move.journey, stage: move.fromStage), default: []].append(index)
    }
    let journeys = Set(moves.map(\.journey))
    var gaps = gapOrder(moves)[...]
    while story.count < moves.count {
      let fitting = journeys.compactMap { journey in
        next(&beginning[Place(journey: journey, stage: here[journey] ?? ""), default: []], isTold)
      }.min()
      guard let index = fitting ?? gaps.first(where: { !isTold[$0] }) else { break }
      gaps = gaps.drop { isTold[$0] }
      isTold[index] = true
      story += followed(moves[index], &here)
    }
    return story
  }

  /// The earliest of some moves that is still to be told.
  private static func next(_ waiting: inout [Int], _ isTold: [Bool]) -> Int? {
    while let last = waiting.last, isTold[last] { waiting.removeLast() }
    return waiting.last
  }

  /// In what order moves are taken that do not begin where the account is: a story begins with one to whose beginning
  /// none of the others leads.
  private static func gapOrder(_ moves: [StageTransition]) -> [Int] {
    let reached = Set(moves.map { Place(journey: $0.journey, stage: $0.toStage) })
    let isReached = moves.map { reached.contains(Place(journey: $0.journey, stage: $0.fromStage)) }
    return moves.indices.filter { !isReached[$0] } + moves.indices.filter { isReached[$0] }
  }
}

/// A time to be compared.
struct Instant: Comparable {
  var seconds: Int64
  var nanos: Int32

  static func < (one: Instant, other: Instant) -> Bool {
    (one.seconds, one.nanos) < (other.seconds, other.nanos)
  }
}

extension StageTransition {
  /// When, in seconds since 1970.
  var movedSeconds: Int64 { movedTime?.seconds ?? 0 }

  var moved: Instant { Instant(seconds: movedSeconds, nanos: movedTime?.nanos ?? 0) }
  fileprivate var told: Instant {
    Instant(seconds: createTime?.seconds ?? .max, nanos: createTime?.nanos ?? .max)
  }
}
