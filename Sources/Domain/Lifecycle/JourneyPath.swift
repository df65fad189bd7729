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

  /// What must be so for a move: to go on, a stage's own exit criteria, those of every stage that is passed over, and
  /// the entry criteria of the one that is entered. To go back nothing, and to drop out only what the end asks; from a
  /// stage that the journey no longer has what the one that is entered asks.
  public func criteria(from: String, to: String) -> [JourneyCriterion] {
    guard let move = move(from: from, to: to), let target = stages.firstIndex(where: { $0.id == to }) else {
      return []
    }
    var all: [JourneyCriterion] = []
    switch move {
    case .forward:
      if let origin = stages.firstIndex(where: { $0.id == from }) {
        all = stages[origin].exitCriteria
        if target > origin, !stages[origin].next.contains(to) {
          for passed in stages[(origin + 1)..<target] where !passed.isEnd {
            all += passed.entryCriteria + passed.exitCriteria
          }
        }
      }
      all += stages[target].entryCriteria
    case .entry, .drop: all = stages[target].entryCriteria
    default: break
    }
    var seen: Set<String> = []
    return all.filter { seen.insert($0.id).inserted }
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
