import Domain
public import PunosMessages
public import Store

extension StageTransition: RecordMessage {}

/// What moves from stage to stage ask beyond the schema: whoever writes one, by whatever method, moves an account, so
/// the rules of the journey are asked here.
public struct StageTransitionRules: NounRules {
  public static let kind = NounCatalog.stageTransitionKind
  /// Two moves at the same time under ids that their writers chose touch no record in common.
  public static let isWrittenInTurn = true

  /// How far ahead of the server's clock a move may lie: clocks of other systems run ahead.
  private static let clockTolerance: Int64 = 300

  /// Whether the write takes a move back, as only its own method may.
  private let isReverting: Bool

  public init() { isReverting = false }

  init(isReverting: Bool) { self.isReverting = isReverting }

  public func complete(_ value: inout StageTransition, before: StageTransition?, _ world: RecordWorld) throws
  {
    EvidenceRules.complete(&value.evidence, before?.evidence ?? [], world)
    let journey = try Journeys.read(value.journey, world)
    if before == nil, value.principal.isEmpty { value.principal = world.caller.name }
    // What an export tells stays as it was, whatever has become of the journey since.
    if value.team.isEmpty, !world.telling.areAsExported {
      value.team = journey?.stage(value.toStage)?.team ?? ""
    }
    if before == nil, value.movedTime == nil { value.movedTime = ProtoTimestamp(world.now) }
    if before == nil, let journey {
      let move = try StageMove(value, journey, world)
      if value.move == .unspecified { try move.complete(&value) } else { try move.completeTold(&value) }
    }
    if before == nil { try AccountSegment.complete(&value, world) }
    if let journey, before == nil || value.title.isEmpty { value.title = Self.title(value, journey) }
    try StayEnds.complete(&value, world)
  }

  private static func title(_ value: StageTransition, _ journey: Journey) -> String {
    let target = journey.stage(value.toStage)?.title ?? value.toStage
    guard !value.fromStage.isEmpty, value.fromStage != value.toStage else { return "→ \(target)" }
    return "\(journey.stage(value.fromStage)?.title ?? value.fromStage) → \(target)"
  }

  public func problems(of value: StageTransition, _ world: RecordWorld) throws -> [FieldProblem] {
    var problems = EvidenceRules.problems(of: value.evidence, in: "evidence")
    let known = try world.catalog.key(of: value.name).flatMap { try world.store.read($0, in: world.tenant) }
    if let record = known, !record.isDeleted {
      let before = try StageTransition(record, named: value.name)
      return try problems + changes(from: before, to: value) + reasonProblems(from: before, to: value, world)
    }
    problems += timeProblems(value, world)
    if world.telling.areAsExported { return problems + exportProblems(value) }
    guard let journey = try Journeys.read(value.journey, world) else {
      return try problems + [unknownJourney(value.journey, world)]
    }
    // What comes back is what it was; whether the story has a place for it is asked there (refuseReturn).
    guard known == nil else { return problems }
    guard journey.stage(value.toStage) != nil else {
      return problems + [Self.unknownStage("to_stage", journey)]
    }
    return try problems + claimProblems(value, world) + StageMove(value, journey, world).problems(of: value)
  }

  /// What only the server says: who moved the account here, and that a move was taken back. Who did in another system is
  /// told with the move's id there.
  private func claimProblems(_ value: StageTransition, _ world: RecordWorld) -> [FieldProblem] {
    var problems: [FieldProblem] = []
    if value.principal != world.caller.name, value.externalIds.isEmpty {
      problems.append(
        FieldProblem(
          path: "principal",
          description:
            "the server says who moved the account; leave it out, or tell the move's id in the system where "
            + "somebody else did (external_ids)", reason: "SERVER_SAYS"))
    }
    let told: [(String, Bool)] = [
      ("reverted", value.reverted), ("reverted_time", value.revertedTime != nil),
      ("reverted_by", !value.revertedBy.isEmpty), ("revert_reason", !value.revertReason.isEmpty),
    ]
    return problems
      + told.filter(\.1).map { path, _ in
        FieldProblem(
          path: path, description: "a move is taken back once it is there (RevertTransition); leave it out",
          reason: "SERVER_SAYS")
      }
  }

  private func timeProblems(_ value: StageTransition, _ world: RecordWorld) -> [FieldProblem] {
    guard let moved = value.movedTime?.moment,
      moved.seconds > world.now.seconds.addingReportingOverflow(Self.clockTolerance).partialValue
    else { return [] }
    return [
      FieldProblem(
        path: "moved_time", description: "it lies in the future; a time up to now was expected",
        reason: "IN_FUTURE")
    ]
  }

  /// What an export tells was judged when it happened, by the journey and the records of that time, which may have
  /// changed since; it has to say when it was, and what kind of move.
  private func exportProblems(_ value: StageTransition) -> [FieldProblem] {
    [("moved_time", value.movedTime == nil), ("move", value.move == .unspecified)].filter(\.1).map {
      path, _ in
      FieldProblem(
        path: path, description: "an export tells it of every move; nothing came", reason: "REQUIRED")
    }
  }

  private func unknownJourney(_ name: String, _ world: RecordWorld) throws -> FieldProblem {
    let what =
      try Journeys.told(name, world) == nil
      ? "there is no such journey; create it first" : "it was deleted; bring it back (UndeleteJourney)"
    return FieldProblem(
      path: "journey", description: "\(what), or name \(DefaultJourney.name), which is built in",
      reason: "UNKNOWN_JOURNEY")
  }

  static func unknownStage(_ path: String, _ journey: Journey) -> FieldProblem {
    FieldProblem(
      path: path,
      description:
        "the journey has no such stage; one of \(journey.stages.map(\.id).joined(separator: ", ")) was expected",
      reason: "UNKNOWN_STAGE")
  }

  /// A move that happened stays what it was; what is known about it may grow.
  private func changes(from before: StageTransition, to after: StageTransition) -> [FieldProblem] {
    var then = before
    then.clearOutputFields()
    var now = after
    (now.reason, now.team, now.title) = (then.reason, then.team, then.title)
    (now.evidence, now.externalIds) = (then.evidence, then.externalIds)
    (now.leftTime, now.latest) = (then.leftTime, then.latest)
    if isReverting {
      (now.reverted, now.revertedTime) = (then.reverted, then.revertedTime)
      (now.revertedBy, now.revertReason) = (then.revertedBy, then.revertReason)
    }
    guard now != then else { return [] }
    return [
      FieldProblem(
        path: "to_stage",
        description:
          "a move that happened stays as it was: only reason, team, evidence and external_ids can be changed. "
          + "Take it back (RevertTransition), and make another", reason: "IMMUTABLE")
    ]
  }

  /// The reason that a move asked for stays with it.
  private func reasonProblems(from before: StageTransition, to after: StageTransition, _ world: RecordWorld)
    throws -> [FieldProblem]
  {
    guard !before.reason.isEmpty, after.reason.isEmpty,
      let journey = try Journeys.told(after.journey, world)
    else { return [] }
    return try StageMove(after, journey, world).reasonProblems(after)
  }

  public func newID(inAccount account: String?, _ world: RecordWorld) throws -> String? {
    try account.map {
      try MoveNumbers.next(inAccount: $0, world.store, world.tenant, pending: world.pending.keys)
    }
  }

  public func checks(beside key: RecordKey, _ world: RecordWorld) throws -> [CommitOperation] {
    try key.account.map { try MoveNumbers.checks(inAccount: $0, beside: key, world) } ?? []
  }

  /// Deleting and bringing back a move are moves, too: only where the account's story goes on without a gap. Whatever changes
  /// the story changes when the moves beside it ended.
  public func consequences(
    of key: RecordKey, before: StageTransition?, after: StageTransition?, _ world: RecordWorld
  ) throws -> [CommitOperation] {
    guard let account = key.account else { return [] }
    let ends = try StayEnds.following(key, after: after, inAccount: account, world)
    switch (before, after) {
    case (let gone?, nil): try StageMove.refuseDeletion(of: gone, inAccount: account, world)
    case (nil, let back?) where try world.store.read(key, in: world.tenant)?.isDeleted == true:
      try StageMove.refuseReturn(of: back, inAccount: account, world)
      return try StayEnds.own(key, back, world) + ends + checks(beside: key, world)
    default: return ends
    }
    return try ends + checks(beside: key, world)
  }

  public func externalIDs(of value: StageTransition) -> [ExternalId] { value.externalIds }

  public func unite(_ incoming: StageTransition, into current: StageTransition) -> StageTransition {
    Unite.messages(incoming, into: current)
  }
}
