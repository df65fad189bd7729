import Foundation
import ProtobufBridge
import PunosMessages
import Store
import StoreSQLite
import Testing

@testable import Services

/// Two writes that change where an account is: whatever one of them saw is checked again when it is committed.
@Suite struct MovesAtOnce {
  private let store: SQLiteStore
  private let services: ServiceWorld
  private let world: RecordWorld
  private let directory: StoreFolder
  private let account = "kuura"
  private let rules = StageTransitionRules()

  init() throws {
    directory = try StoreFolder()
    let schema = try RecordSchema(schema: Schema.shared, fold: { $0.lowercased() })
    store = try SQLiteStore(directory: directory.path + "/store", schema: schema)
    services = ServiceWorld(
      store: store, catalog: NounCatalog(schema: Schema.shared), clock: { Moment(seconds: 1_780_000_000) })
    world = services.world(of: Principal(tenant: try TenantID("acme"), team: "sales", name: "aino"))
  }

  private func key(_ id: String) -> RecordKey {
    RecordKey(account: account, kind: StageTransitionRules.kind, id: id)
  }

  private func put(_ key: RecordKey, to stage: String, reverted: Bool = false) -> CommitOperation {
    var move = StageTransition()
    move.name = world.catalog.resourceName(of: key)
    move.journey = "journeys/default-b2b"
    move.toStage = stage
    move.movedTime = ProtoTimestamp(Moment(seconds: 1_770_000_000))
    move.reverted = reverted
    return .put(key, body: move.serialized(), expecting: .any)
  }

  @discardableResult private func commit(_ operations: [CommitOperation]) async throws -> CommitReceipt {
    try await store.commit(
      Commit(operations, actor: Actor(principal: "aino", team: "sales")), in: world.tenant)
  }

  @Test func ofTwoMovesAtOnceOneComesTooLate() async throws {
    let id = try #require(try rules.newID(inAccount: account, world))
    let checks = try rules.checks(beside: key(id), world)
    try await commit([put(key("move-000001"), to: "prospect")])
    #expect(id == "move-000001")
    await #expect(throws: StaleRevision.self) {
      try await commit([.put(key(id), body: [], expecting: .absent)] + checks)
    }
    await store.close()
  }

  @Test func aMoveUnderAnotherIdIsNoWayRoundTheNumbers() async throws {
    let checks = try rules.checks(beside: key("my-own"), world)
    try await commit([put(key("move-000001"), to: "prospect")])
    await #expect(throws: StaleRevision.self) { try await commit([put(key("my-own"), to: "use")] + checks) }
    await store.close()
  }

  @Test func aMoveIsTooLateWhereTheOneBeforeItWasTakenBackMeanwhile() async throws {
    try await commit([put(key("move-000001"), to: "prospect")])
    let id = try #require(try rules.newID(inAccount: account, world))
    let checks = try rules.checks(beside: key(id), world)
    try await commit([put(key("move-000001"), to: "prospect", reverted: true)])
    await #expect(throws: StaleRevision.self) { try await commit([put(key(id), to: "evaluation")] + checks) }
    await store.close()
  }

  @Test func takingAMoveBackIsTooLateWhereTheNextWasMadeMeanwhile() async throws {
    let latest = key("move-000001")
    try await commit([put(latest, to: "prospect")])
    let checks = try MoveNumbers.checks(inAccount: account, beside: latest, world)
    try await commit([put(key("move-000002"), to: "evaluation")])
    await #expect(throws: StaleRevision.self) {
      try await commit([put(latest, to: "prospect", reverted: true)] + checks)
    }
    await store.close()
  }

  @Test func aNumberIsNeverGivenTwiceThoughAMoveBeforeItIsGoneForGood() async throws {
    try await commit([put(key("move-000002"), to: "prospect"), put(key("old-1"), to: "prospect")])
    #expect(try rules.newID(inAccount: account, world) == "move-000003")
    try await commit([put(key("old-2"), to: "prospect"), put(key("old-3"), to: "prospect")])
    #expect(try rules.newID(inAccount: account, world) == "move-000005")
    await store.close()
  }

  @Test func whereNothingHappenedMeanwhileTheMoveIsMade() async throws {
    try await commit([put(key("move-000001"), to: "prospect")])
    let id = try #require(try rules.newID(inAccount: account, world))
    let receipt = try await commit([put(key(id), to: "evaluation")] + rules.checks(beside: key(id), world))
    #expect(receipt.records.map(\.key) == [key("move-000002")])
    await store.close()
  }

  @Test(arguments: 1...6) func ofMovesAtOnceUnderIdsOfTheirWritersOneIsMade(_ round: Int) async throws {
    let caller = world.caller
    var kuura = Account()
    (kuura.name, kuura.displayName) = ("accounts/\(account)", "Kuura Oy")
    _ = try await RecordService(services, AccountRules())
      .batchUpsert([kuura], UpsertOptions(write: WriteOptions()), by: caller)
    let moves = try RecordService(services, StageTransitionRules())
    let account = account
    let created = try await withThrowingTaskGroup(of: Bool.self) { group in
      for number in 1...64 {
        group.addTask {
          var move = StageTransition()
          move.name = "accounts/\(account)/stageTransitions/own-\(number)"
          (move.journey, move.toStage, move.reason) = ("journeys/default-b2b", "prospect", "met at the fair")
          let results = try await moves.batchUpsert([move], UpsertOptions(write: WriteOptions()), by: caller)
          return results.first?.outcome == .created
        }
      }
      return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(created == 1)
    let made: [StageTransition] = try world.values(of: StageTransitionRules.kind, inAccount: account)
    #expect(made.count == 1)
    await store.close()
  }
}
