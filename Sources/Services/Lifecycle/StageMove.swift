import Domain
import PunosMessages
import Store

/// A move as its account's history and the journey allow it.
struct StageMove {
  private let journey: Journey
  private let world: RecordWorld
  private let account: String
  private let history: LifecycleHistory

  init(_ value: StageTransition, _ journey: Journey, _ world: RecordWorld) throws {
    self.journey = journey
    self.world = world
    account = world.catalog.key(of: value.name)?.account ?? ""
    let known: [StageTransition] = try world.values(of: StageTransitionRules.kind, inAccount: account)
    history = LifecycleHistory(known)
  }

  /// The stage that is left: where the account is, or was on the journey when it left it for another one; empty where it
  /// never was on the journey. So nobody comes back to an earlier stage by way of another journey without a word.
  private var from: String { history.latest(on: journey.name)?.toStage ?? "" }

  /// Whether the account comes from another journey.
  private var comesFromElsewhere: Bool { history.current.map { $0.journey != journey.name } ?? false }

  /// What kind of move it is. Who comes back from another journey to the stage that they left enters it anew.
  private func kind(from: String, to: String) -> StageTransition.Move? {
    if from == to, comesFromElsewhere, journey.stage(to) != nil { return .entry }
    return journey.move(from: from, to: to)
  }

  /// Whole days in the stage that is left; nil for the first one entered.
  private func daysInStage(until moved: ProtoTimestamp?) -> Int64? {
    guard let entry = history.latest(on: journey.name), let entered = entry.movedTime else { return nil }
    return (history.left(entry) ?? moved).map { Days.between(entered.moment, $0.moment) }
  }

  /// Fills in the criteria of a move that tells its own kind. What another system did long ago is not asked again; of any
  /// other move it counts what was confirmed, and what the server sees itself.
  ///
  /// - Throws: ``Problem`` where it is told what the server saw of a move at which it did not look. Afterwards nobody can
  ///   tell any more who said it.
  func completeTold(_ value: inout StageTransition) throws {
    guard isAskedCriteria(value) else { return try refuseSight(value) }
    let demanded = journey.demands(from: value.fromStage, to: value.toStage)
    guard !demanded.isEmpty || !value.criteria.isEmpty else { return }
    let met = try CriterionChecks(world, account: account, since: history.current?.movedTime?.moment)
    let told = value.criteria.filter { $0.how == .confirmed }
    let confirmed = Set(told.map(\.criterion))
    value.criteria =
      told
      + demanded.filter { !confirmed.contains($0.criterion.id) }.map {
        met.state(of: $0, confirmed: value.confirmed.contains($0.criterion.id))
      }
  }

  private func refuseSight(_ value: StageTransition) throws(Problem) {
    let problems = value.criteria.enumerated().filter { $0.element.how == .checked }.map { index, _ in
      FieldProblem(
        path: "stage_transition.criteria[\(index)].how",
        description:
          "only the server says what it saw; tell HOW_CONFIRMED where somebody saw to it, or leave it out",
        reason: "SERVER_SAYS")
    }
    if !problems.isEmpty { throw .invalid(problems) }
  }

  private func isAskedCriteria(_ value: StageTransition) -> Bool {
    value.externalIds.isEmpty && history.wouldEnd(with: value)
      && (history.current == nil || value.fromStage == from)
  }

  /// Fills in what the server says of a move. It can say nothing of one that lies before the latest, of which it does not
  /// know where it began.
  func complete(_ value: inout StageTransition) throws {
    value.fromStage = from
    guard history.wouldEnd(with: value) else { return }
    value.move = kind(from: from, to: value.toStage) ?? .unspecified
    let entered = history.current?.movedTime?.moment
    let met = try CriterionChecks(world, account: account, since: entered)
    value.criteria = journey.demands(from: from, to: value.toStage).map { demand in
      met.state(of: demand, confirmed: value.confirmed.contains(demand.criterion.id))
    }
    value.daysInStage = daysInStage(until: value.movedTime)
    (value.lostHundredths, value.lostCurrency, value.otherLosses) = (nil, "", "")
    // Who is out already loses nothing more.
    if value.move == .drop, journey.stage(from)?.isEnd != true { met.fillLoss(&value, since: entered) }
  }

  /// What the journey and the history have against it.
  func problems(of value: StageTransition) -> [FieldProblem] {
    guard value.fromStage.isEmpty || journey.stage(value.fromStage) != nil || hasBeen(in: value.fromStage)
    else {
      return [StageTransitionRules.unknownStage("from_stage", journey)]
    }
    guard let move = kind(from: value.fromStage, to: value.toStage) else {
      return [
        FieldProblem(
          path: "to_stage", description: "the account is in this stage already; name another one",
          reason: "SAME_STAGE")
      ]
    }
    guard value.move != .unspecified else { return [tooEarly] }
    guard value.move == move else {
      return [
        FieldProblem(
          path: "move",
          description: "from this stage to that one it is another kind of move; leave it out, or correct it",
          reason: "OTHER_MOVE")
      ]
    }
    return reasonProblems(value) + orderProblems(value) + directionProblems(value) + criterionProblems(value)
  }

  /// Whether a move led to a stage: the journey may have lost it since.
  private func hasBeen(in stage: String) -> Bool {
    history.all.contains { $0.journey == journey.name && $0.toStage == stage }
  }

  /// A move that the journey does not lead to by itself says why.
  func reasonProblems(_ value: StageTransition) -> [FieldProblem] {
    guard value.reason.isEmpty, let what = unusual(value) else { return [] }
    return [
      FieldProblem(path: "reason", description: "a move \(what) says why; nothing came", reason: "REQUIRED")
    ]
  }

  private func isStored(_ value: StageTransition) -> Bool { history.all.contains { $0.name == value.name } }

  /// What is unusual about a move; nil where nothing is.
  private func unusual(_ value: StageTransition) -> String? {
    switch value.move {
    case .drop: "out of the journey"
    case .backward: "backwards"
    default:
      if !value.fromStage.isEmpty, journey.stage(value.fromStage) == nil {
        "from \(value.fromStage), which the journey no longer has,"
      } else if isStored(value) || history.wouldEnd(with: value), let last = history.before(value),
        last.journey != journey.name
      {
        "to another journey"
      } else {
        nil
      }
    }
  }

  /// History from elsewhere may come late, before the latest move; but what comes after it starts where the account is,
  /// or it would be somewhere else without a move there.
  private func orderProblems(_ value: StageTransition) -> [FieldProblem] {
    guard let current = history.current, history.wouldEnd(with: value), value.fromStage != from else {
      return []
    }
    let here =
      if from.isEmpty {
        "on another journey (\(current.journey)): leave from_stage out"
      } else if comesFromElsewhere {
        "on another journey (\(current.journey)), and was in \(from) before: name it"
      } else {
        "in \(from): name it"
      }
    return [
      FieldProblem(
        path: "from_stage",
        description:
          "the account is \(here), tell the moves in between first, or give the time of this one (moved_time) where "
          + "it came before the latest (\(current.name))", reason: "OUT_OF_ORDER")
    ]
  }

  /// Said of a move that does not tell its own kind.
  private var tooEarly: FieldProblem {
    let latest = history.current.map { " (\($0.name))" } ?? ""
    return FieldProblem(
      path: "moved_time",
      description:
        "it lies before the account's latest move\(latest); give a later time, or "
        + "take that move back first (RevertTransition)", reason: "OUT_OF_ORDER")
  }

  private func directionProblems(_ value: StageTransition) -> [FieldProblem] {
    if value.move == .backward, !value.backwards {
      return [
        FieldProblem(
          path: "backwards",
          description:
            "the stage lies before \(value.fromStage), where the account is; set backwards to true and say "
            + "why (reason) to go back, or name one of \(journey.following(value.fromStage).joined(separator: ", "))",
          reason: "BACKWARDS")
      ]
    }
    if value.move != .backward, value.backwards {
      return [
        FieldProblem(
          path: "backwards", description: "the move does not go back; leave it out, or name an earlier stage",
          reason: "NOT_BACKWARDS")
      ]
    }
    return []
  }

  private func criterionProblems(_ value: StageTransition) -> [FieldProblem] {
    let unmet = value.criteria.filter { $0.how == .unspecified }.map { state in
      FieldProblem(
        path: "confirmed",
        description: "\(state.criterion) is not met: “\(state.title)” See to it, or confirm it by its id",
        reason: "CRITERION_NOT_MET")
    }
    let known = Set(journey.criteria(from: value.fromStage, to: value.toStage).map(\.id))
    let unknown = value.confirmed.enumerated().filter { !known.contains($0.element) }.map { index, _ in
      FieldProblem(
        path: "confirmed[\(index)]",
        description: known.isEmpty
          ? "the move has no criteria; leave it out"
          : "the move has no such criterion; one of \(known.sorted().joined(separator: ", ")) was expected",
        reason: "UNKNOWN_CRITERION")
    }
    return unmet + unknown
  }
}
