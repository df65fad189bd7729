import Domain
import ProtobufBridge
import PunosMessages
import RPC
import Store

/// How a handover is to be accepted.
struct AcceptanceWish: Sendable {
  /// Accept the items that are open too.
  var openItems = false
  /// Who takes over; empty: found.
  var owner = ""
  /// Leave the account in its stage.
  var keepStage = false
  /// The account's move goes back and is meant to.
  var backwards = false
  /// Criteria of the move that the caller confirms.
  var confirmed: [String] = []
}

extension HandoverWorkflow {
  /// The stage of a template that a handover leads to: where the account's journey has it, and it lies ahead of where the
  /// account is. A template serves many accounts, so for the others it names none: a second sale to a customer who uses
  /// the first does not take them back.
  ///
  /// - Parameter usual: the journey of accounts that are on none yet.
  static func stage(
    of template: HandoverTemplate, for handover: Handover, usual: Journey, _ world: RecordWorld
  ) throws -> String {
    guard !template.stage.isEmpty, let account = world.catalog.key(of: handover.name)?.account else {
      return ""
    }
    let history = LifecycleHistory(try world.values(of: StageTransitionRules.kind, inAccount: account))
    let journey = try history.current.map { try Journeys.read($0.journey, world) } ?? usual
    switch journey?.move(from: history.current?.toStage ?? "", to: template.stage) {
    case .entry, .forward: return template.stage
    default: return ""
    }
  }

  /// The account's move into the stage that the handover names; none where it names none, or the account is there.
  ///
  /// - Parameter usual: the journey of accounts that are on none yet.
  /// - Throws: ``Problem`` STAGE_NOT_ENTERED with every criterion that is not met.
  func stageEntered(
    by handover: Handover, _ wish: AcceptanceWish, usual journey: String, _ world: RecordWorld
  ) throws -> [CommitOperation] {
    guard !handover.stage.isEmpty, !wish.keepStage,
      let account = world.catalog.key(of: handover.name)?.account
    else {
      return []
    }
    let id = try MoveNumbers.next(inAccount: account, world.store, world.tenant)
    let key = RecordKey(account: account, kind: StageTransitionRules.kind, id: id)
    let checks = try MoveNumbers.checks(inAccount: account, beside: key, world)
    let history = LifecycleHistory(try world.values(of: StageTransitionRules.kind, inAccount: account))
    guard history.current?.toStage != handover.stage else { return [] }
    var move = StageTransition()
    move.name = world.catalog.resourceName(of: key)
    move.journey = history.current?.journey ?? journey
    move.toStage = handover.stage
    move.reason = "The handover from \(handover.fromTeam) to \(handover.toTeam) was accepted."
    move.backwards = wish.backwards
    move.confirmed = wish.confirmed
    move.team = handover.toTeam
    var evidence = Evidence()
    evidence.kind = .document
    evidence.record = handover.name
    move.evidence = [evidence]
    // To the journey's criteria the handover is accepted already: it is in the same commit.
    var accepted = world
    accepted.pending = world.catalog.key(of: handover.name).map { [$0: handover.serialized()] } ?? [:]
    do {
      let body = try moves.checked(&move, before: nil, accepted)
      return try moves.operations(key, before: nil, after: move, body, expecting: .absent, accepted) + checks
    } catch {
      throw Problem(
        .failedPrecondition, "STAGE_NOT_ENTERED",
        "The account cannot enter the stage \(handover.stage) yet: \(error.message) Confirm what is met (confirmed), or "
          + "accept and stay in the stage (keep_stage).",
        metadata: ["stage": handover.stage], fields: error.fields, resource: handover.name)
    }
  }
}
