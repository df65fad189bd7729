import Domain
import ProtobufBridge
import PunosMessages
import Store

/// Keeps what an account's moves say of when it left their stages in step with its history: the move before a new one ends
/// with it, and the one before a move that was taken back goes on.
enum StayEnds {
  /// Writes into a move when the account left its stage, by all that is known of the account's moves.
  static func complete(_ value: inout StageTransition, _ world: RecordWorld) throws {
    guard let account = world.catalog.key(of: value.name)?.account else { return }
    let moves = try moves(inAccount: account, with: value, world)
    guard let own = LifecycleHistory(moves).withEnds().first(where: { $0.name == value.name }) else { return }
    (value.leftTime, value.latest) = (own.leftTime, own.latest)
  }

  /// The write of a deleted move that comes back, where another one than was its neighbour then follows it now.
  static func own(_ key: RecordKey, _ back: StageTransition, _ world: RecordWorld) throws -> [CommitOperation]
  {
    var value = back
    try complete(&value, world)
    return value == back ? [] : [.put(key, body: value.serialized(), expecting: .any)]
  }

  /// The writes of an account's other moves that follow where one comes, changes or goes.
  ///
  /// - Parameters:
  ///   - key: the move's.
  ///   - after: the move as it will be; nil: it goes.
  static func following(
    _ key: RecordKey, after: StageTransition?, inAccount account: String, _ world: RecordWorld
  ) throws -> [CommitOperation] {
    let name = world.catalog.resourceName(of: key)
    let others = try moves(inAccount: account, with: nil, world).filter { $0.name != name }
    return try writes(LifecycleHistory(others + (after.map { [$0] } ?? [])), gone: nil, besides: name, world)
  }

  /// The writes of an account's moves that follow where it is deleted, or comes back.
  ///
  /// - Parameter gone: when it was deleted; nil: it comes back.
  static func following(account: String, gone: Moment?, _ world: RecordWorld) throws -> [CommitOperation] {
    let moves = try moves(inAccount: account, with: nil, world)
    return try writes(LifecycleHistory(moves), gone: gone.map { ProtoTimestamp($0) }, besides: "", world)
  }

  private static func moves(
    inAccount account: String, with own: StageTransition?, _ world: RecordWorld
  ) throws -> [StageTransition] {
    let known: [StageTransition] = try world.values(of: StageTransitionRules.kind, inAccount: account)
    guard let own else { return known }
    return known.filter { $0.name != own.name } + [own]
  }

  private static func writes(
    _ history: LifecycleHistory, gone: ProtoTimestamp?, besides own: String, _ world: RecordWorld
  ) throws -> [CommitOperation] {
    zip(history.all, history.withEnds(gone: gone)).compactMap { before, after in
      guard before.name != own, before != after, let key = world.catalog.key(of: after.name) else {
        return nil
      }
      var after = after
      after.clearOutputFields()
      // One that the same batch is about to write has no revision yet.
      let expecting: Expectation = before.revision > 0 ? .revision(Revision(before.revision)) : .absent
      return .put(key, body: after.serialized(), expecting: expecting)
    }
  }
}
