import ProtobufBridge
import PunosMessages
import RPC
import Store
import StoreSQLite
import Testing

@testable import Services

/// The history is kept for a while: who asks for what came before is told from where on there is any.
@Suite struct CompactedTests {
  @Test func whoWatchesOrReadsFromBeforeTheHistoryIsToldFromWhereOn() async throws {
    let folder = try StoreFolder()
    let schema = try RecordSchema(schema: Schema.shared, fold: { $0.lowercased() })
    let store = try SQLiteStore(directory: folder.path + "/store", schema: schema)
    let caller = Principal(tenant: try TenantID("acme"), team: "sales", name: "aino")
    let world = ServiceWorld(
      store: store, catalog: NounCatalog(schema: Schema.shared), clock: { Moment(seconds: 1_780_000_000) })
    let accounts = try RecordService(world, AccountRules())
    for name in ["One", "Two", "Three"] {
      _ = try await accounts.create(
        Account.with { $0.displayName = name }, in: "", id: name.lowercased(), WriteOptions(), by: caller)
    }
    let future = Moment(seconds: 4_000_000_000)
    let oldest = try #require(try await store.compact(before: future)[caller.tenant])
    #expect(oldest > .zero)
    let watched = await problem(world) {
      for try await _ in store.watch(in: caller.tenant, after: .zero) { return }
    }
    let read = await problem(world) {
      _ = try await accounts.get("accounts/one", asOf: .revision(.zero), mask: [], by: caller)
    }
    for problem in [watched, read] {
      #expect(problem?.reason == "COMPACTED")
      #expect(problem?.code == .outOfRange)
      #expect(problem?.metadata["oldest_revision"] == "\(oldest)")
      #expect(problem?.message.contains("ask from \(oldest) on") == true)
    }
    // And from there on it can be asked.
    _ = try await accounts.get("accounts/one", asOf: .revision(oldest), mask: [], by: caller)
    await store.close()
  }

  private func problem(_ world: ServiceWorld, _ body: () async throws -> Void) async -> Problem? {
    do {
      try await body()
      return nil
    } catch {
      return .from(error, world.catalog)
    }
  }
}
