import Foundation
import ProtobufBridge
import PunosMessages
import Store
import StoreSQLite
import Synchronization
import Testing

@testable import Services

/// What days that pass say of handovers, with a clock that the test sets.
@Suite struct HandoverSweepTests {
  private static let start = Moment(seconds: 1_795_392_000)  // 2026-11-23T00:00:00Z
  private static let handoverKey = RecordKey(account: "a", kind: NounCatalog.handoverKind, id: "h")

  private final class Clock: Sendable {
    private let days = Mutex<Int64>(0)
    var now: Moment { Moment(seconds: HandoverSweepTests.start.seconds + days.withLock { $0 } * 86_400) }
    func set(days: Int64) { self.days.withLock { $0 = days } }
  }

  /// A store with an account and a handover that was offered on the first day and is due on the second.
  private final class House {
    let clock = Clock()
    let tenant: TenantID
    let store: SQLiteStore
    let world: ServiceWorld
    private let path = NSTemporaryDirectory() + "punos-sweep-" + UUID().uuidString

    init() async throws {
      tenant = try TenantID("kuura")
      let schema = try RecordSchema(schema: Schema.shared) { $0.lowercased() }
      store = try SQLiteStore(directory: path, schema: schema)
      let clock = clock
      world = ServiceWorld(store: store, catalog: NounCatalog(schema: Schema.shared)) { clock.now }
      try await put(
        try #require(NounCatalog.accountKey("a")), Account.with { $0.displayName = "Kuura" }.serialized())
    }

    func put(_ key: RecordKey, _ body: [UInt8]) async throws {
      let commit = Commit([.put(key, body: body, expecting: .any)], actor: Actor(principal: "test"))
      _ = try await store.commit(commit, in: tenant)
    }

    func put(_ state: Handover.State) async throws {
      let handover = Handover.with {
        $0.name = "accounts/a/handovers/h"
        $0.title = "Lifts"
        $0.fromTeam = "sales"
        $0.toTeam = "delivery"
        $0.state = state
        $0.dueDate = "2026-11-24"
        $0.offeredTime = ProtoTimestamp(HandoverSweepTests.start)
      }
      try await put(HandoverSweepTests.handoverKey, handover.serialized())
    }

    /// Sweeps as the engine does on a day, and tells the signals there are.
    func sweep(day: Int64, since last: Int64?) async throws -> [Signal] {
      clock.set(days: last ?? 0)
      let before = last.map { _ in clock.now }
      clock.set(days: day)
      try await SignalSweep(world, in: tenant).sweep(since: before, until: clock.now)
      try await DailySweep(world, in: tenant).sweep(at: clock.now)
      let page = try await store.list(ColumnQuery(kind: NounCatalog.signalKind, limit: 100), in: tenant)
      return try page.records.map { try Signal(serialized: $0.body, limits: .trusted) }
        .sorted { $0.kind.rawValue < $1.kind.rawValue }
    }

    func close() async {
      await store.close()
      try? FileManager.default.removeItem(atPath: path)
    }
  }

  @Test func daysThatPassRaiseEachSignalOnceAndAcceptancePutsThemAway() async throws {
    let house = try await House()
    try await house.put(.offered)
    #expect(try await house.sweep(day: 1, since: nil).isEmpty)
    let late = try await house.sweep(day: 2, since: 1)
    #expect(late.map(\.kind) == [.handoverOverdue] && late.first?.team == "delivery")
    #expect(late.first?.evidence.map(\.record) == ["accounts/a/handovers/h"])
    #expect(try await house.sweep(day: 5, since: 2).count == 1)
    let both = try await house.sweep(day: 9, since: 5)
    #expect(both.map(\.kind) == [.handoverOverdue, .handoverWaits])
    #expect(both.allSatisfy { $0.state == .open && !$0.explanation.isEmpty })
    try await house.put(.accepted)
    let settled = try await house.sweep(day: 10, since: 9)
    #expect(settled.count == 2 && settled.allSatisfy { $0.state == .resolved && $0.handledBy == "punosd" })
    #expect(settled.allSatisfy { $0.handling == "The handover was accepted." })
    await house.close()
  }

  @Test func whatSomebodyTookUpIsNotPutAwayByTheServer() async throws {
    let house = try await House()
    try await house.put(.offered)
    var taken = try #require(try await house.sweep(day: 2, since: nil).first)
    taken.state = .acknowledged
    taken.handledBy = "pekka"
    let key = try #require(house.world.catalog.key(of: taken.name))
    try await house.put(key, taken.serialized())
    try await house.put(.accepted)
    let after = try await house.sweep(day: 3, since: 2)
    #expect(after.map(\.state) == [.acknowledged] && after.map(\.handledBy) == ["pekka"])
    await house.close()
  }
}
