public import PunosMessages

/// An account's moves put in order, and what they say.
public struct LifecycleHistory: Sendable {
  private static let secondsPerDay: Int64 = 86_400

  /// All moves, oldest first, those that were taken back too.
  public let all: [StageTransition]
  /// Those that count, oldest first.
  public let counted: [StageTransition]

  /// - Parameter transitions: an account's, in any order.
  public init(_ transitions: [StageTransition]) {
    all = MoveOrder.ordered(transitions)
    counted = all.filter { !$0.reverted }
  }

  /// The move that led to where the account is; nil where it is nowhere yet.
  public var current: StageTransition? { counted.last }

  /// The move that led to where the account is on a journey, or was when it left it for another one; nil where it never
  /// was on it.
  public func latest(on journey: String) -> StageTransition? { counted.last { $0.journey == journey } }

  /// The move that counts before another one, which may not be told yet; nil where that is the first.
  public func before(_ move: StageTransition) -> StageTransition? {
    let story = LifecycleHistory(all.filter { $0.name != move.name } + [move])
    return story.all.prefix { $0.name != move.name }.last { !$0.reverted }
  }

  /// When the account left a stage: with the next move that counts, whichever journey that was on; nil where it is there.
  ///
  /// - Parameter move: the one that led there.
  public func left(_ move: StageTransition) -> ProtoTimestamp? {
    counted.drop { $0.name != move.name }.dropFirst().first?.movedTime
  }

  /// Whether the account would be where a move leads, if it were told now: nothing later is known.
  public func wouldEnd(with move: StageTransition) -> Bool {
    guard let current, current.name != move.name, !move.reverted else { return !move.reverted }
    // Only of moves of one instant it takes the whole story to say which is the last.
    if current.moved != move.moved { return current.moved < move.moved }
    return LifecycleHistory(all.filter { $0.name != move.name } + [move]).current?.name == move.name
  }

  /// The time spent in each stage of a journey, in its order; stages that the account never saw are left out. It left
  /// one when it moved on, to another journey too.
  ///
  /// - Parameter now: in seconds since 1970, the end of the time in the present stage.
  public func times(in journey: Journey, now: Int64) -> [StageTime] {
    var times: [String: (visits: Int32, seconds: Int64)] = [:]
    for (index, transition) in counted.enumerated() where transition.journey == journey.name {
      let end = index + 1 < counted.count ? counted[index + 1].movedSeconds : now
      let (seconds, over) = end.subtractingReportingOverflow(transition.movedSeconds)
      let before = times[transition.toStage] ?? (0, 0)
      times[transition.toStage] = (before.visits &+ 1, before.seconds &+ (over ? 0 : max(0, seconds)))
    }
    let order = Dictionary(
      journey.stages.enumerated().map { ($0.element.id, $0.offset) }, uniquingKeysWith: { first, _ in first })
    return times.map { stage, spent in
      var time = StageTime()
      time.stage = stage
      time.visits = spent.visits
      // Days of all stays together: of stays shorter than a day something comes to days, too.
      time.days = spent.seconds / Self.secondsPerDay
      return time
    }.sorted {
      (order[$0.stage] ?? .max, $0.stage) < (order[$1.stage] ?? .max, $1.stage)
    }
  }
}
