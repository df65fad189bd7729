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

  /// Whether the account would be where a move leads, if it were told now: nothing later is known.
  public func wouldEnd(with move: StageTransition) -> Bool {
    LifecycleHistory(all.filter { $0.name != move.name } + [move]).current?.name == move.name
  }

  /// The time spent in each stage, in the order of a journey; stages that the account never saw are left out.
  ///
  /// - Parameter now: in seconds since 1970, the end of the time in the present stage.
  public func times(in journey: Journey, now: Int64) -> [StageTime] {
    var times: [String: StageTime] = [:]
    for (index, transition) in counted.enumerated() {
      let end = index + 1 < counted.count ? counted[index + 1].movedSeconds : now
      let (seconds, over) = end.subtractingReportingOverflow(transition.movedSeconds)
      var time = times[transition.toStage] ?? StageTime()
      time.stage = transition.toStage
      time.visits = time.visits &+ 1
      time.days = time.days &+ (over ? 0 : max(0, seconds / Self.secondsPerDay))
      times[transition.toStage] = time
    }
    let order = Dictionary(
      journey.stages.enumerated().map { ($0.element.id, $0.offset) }, uniquingKeysWith: { first, _ in first })
    return times.values.sorted {
      (order[$0.stage] ?? .max, $0.stage) < (order[$1.stage] ?? .max, $1.stage)
    }
  }
}
