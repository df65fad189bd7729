public import PunosMessages

/// Ways through a journey.
extension Journey {
  /// The stage with an id.
  public func stage(_ id: String) -> JourneyStage? { stages.first { $0.id == id } }

  /// What kind of move it is from one stage to another.
  ///
  /// - Parameter from: empty: from outside. From a stage that the journey no longer has it is a move on, unless it leads
  ///   out: nobody can say any more what lay before it.
  /// - Returns: nil where the journey lacks the stage that is entered, or both are the same.
  public func move(from: String, to: String) -> StageTransition.Move? {
    guard let target = stages.firstIndex(where: { $0.id == to }), from != to else { return nil }
    if from.isEmpty { return .entry }
    if stages[target].isEnd { return .drop }
    guard let origin = stages.firstIndex(where: { $0.id == from }) else { return .forward }
    return stages[origin].next.contains(to) || target > origin ? .forward : .backward
  }

  /// The criteria of a move, each once.
  public func criteria(from: String, to: String) -> [JourneyCriterion] {
    demands(from: from, to: to).map(\.criterion)
  }

  /// What must be so for a move: to go on, a stage's own exit criteria, those of every stage that is passed over, and
  /// the entry criteria of the one that is entered. To go back nothing, and to drop out only what the end asks; from a
  /// stage that the journey no longer has what the one that is entered asks.
  public func demands(from: String, to: String) -> [StageDemand] {
    guard let move = move(from: from, to: to), let target = stages.firstIndex(where: { $0.id == to }) else {
      return []
    }
    var all: [(stage: JourneyStage, criteria: [JourneyCriterion])] = []
    switch move {
    case .forward:
      if let origin = stages.firstIndex(where: { $0.id == from }) {
        all = [(stages[origin], stages[origin].exitCriteria)]
        if target > origin, !stages[origin].next.contains(to) {
          for passed in stages[(origin + 1)..<target] where !passed.isEnd {
            all.append((passed, passed.entryCriteria + passed.exitCriteria))
          }
        }
      }
      all.append((stages[target], stages[target].entryCriteria))
    case .entry, .drop: all = [(stages[target], stages[target].entryCriteria)]
    default: break
    }
    return united(all)
  }

  /// Each criterion once, with all the teams whose stages ask it.
  private func united(_ all: [(stage: JourneyStage, criteria: [JourneyCriterion])]) -> [StageDemand] {
    var demands: [StageDemand] = []
    var places: [String: Int] = [:]
    for (stage, criteria) in all {
      for criterion in criteria {
        if let place = places[criterion.id] {
          if !demands[place].teams.contains(stage.team) { demands[place].teams.append(stage.team) }
        } else {
          places[criterion.id] = demands.count
          demands.append(StageDemand(criterion: criterion, teams: [stage.team]))
        }
      }
    }
    return demands
  }

  /// Ids of stages that follow one, nearest first: those later in the order, then those that it names besides, and behind
  /// them the ends, which nobody has in view who looks what comes next.
  ///
  /// - Parameter from: empty: from outside.
  public func following(_ from: String) -> [String] {
    guard let origin = stages.firstIndex(where: { $0.id == from }) else { return endsLast(stages) }
    let later = stages[(origin + 1)...]
    let named = stages[origin].next.filter { id in id != from && !later.contains { $0.id == id } }
    return endsLast(later + named.compactMap { stage($0) })
  }

  private func endsLast(_ stages: some Sequence<JourneyStage>) -> [String] {
    stages.filter { !$0.isEnd }.map(\.id) + stages.filter(\.isEnd).map(\.id)
  }
}

/// What a move asks: a criterion, which several stages may share.
public struct StageDemand: Sendable {
  /// The criterion.
  public var criterion: JourneyCriterion
  /// The teams that lead the stages that ask it, each once.
  public var teams: [String]
}
