import Domain
import PunosMessages
import RPC
import Store

extension StageMove {
  /// A move that counts can only be deleted where none began where it ended: the account would be there without a word.
  /// One that was taken back moves nobody any more, nor does one that the next move left out, as an export's deleted ones.
  static func refuseDeletion(of move: StageTransition, inAccount account: String, _ world: RecordWorld) throws
  {
    let history = try history(account, world)
    guard !move.reverted, let latest = history.current, latest.name != move.name else { return }
    let next = history.counted.drop { $0.name != move.name }.dropFirst().first
    if let next, next.journey == move.journey, next.fromStage != move.toStage { return }
    throw Problem(
      .failedPrecondition, "NOT_LATEST",
      "\(move.name) is not the account's latest move, and the later ones began where it ended; delete \(latest.name) "
        + "first or take it back (RevertTransition), or move the account back.",
      metadata: ["latest": latest.name], resource: move.name)
  }

  /// A deleted move comes back where the account still is where it began, and has not moved since: or it would be
  /// somewhere else without a word.
  static func refuseReturn(of move: StageTransition, inAccount account: String, _ world: RecordWorld) throws {
    let history = try history(account, world)
    guard !move.reverted, let latest = history.current, latest.name != move.name else { return }
    let from = history.latest(on: move.journey)?.toStage ?? ""
    guard !history.wouldEnd(with: move) || move.fromStage != from else { return }
    throw Problem(
      .failedPrecondition, "MOVED_SINCE",
      "The account has moved since (\(latest.name) led to \(latest.toStage)), and \(move.name) began in "
        + "\(move.fromStage.isEmpty ? "no stage" : move.fromStage); move the account where it is to be (MoveStage).",
      metadata: ["latest": latest.name, "stage": latest.toStage], resource: move.name)
  }

  private static func history(_ account: String, _ world: RecordWorld) throws -> LifecycleHistory {
    LifecycleHistory(try world.values(of: StageTransitionRules.kind, inAccount: account))
  }
}
