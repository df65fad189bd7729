import Store
import StoreConformance
import StoreSQLite
import Testing

@Suite struct ErasingLeavesAStoreThatVerifies {
  private let tenant: TenantID
  private let directory: TemporaryDirectory
  private let actor = Actor(principal: "users/aino")

  init() throws {
    tenant = try TenantID("acme")
    directory = try TemporaryDirectory()
  }

  @Test func aRecordThatBecamePersonalLaterIsRemovedAndVerifyIsContent() async throws {
    let store = try SQLiteStore(directory: directory.path + "/s", schema: SampleSchema.schema())
    let key = RecordKey(account: nil, kind: SampleKind.person, id: "p")
    for about in [[], ["persons/p"]] {
      _ = try await store.commit(
        Commit(
          [.put(key, body: SampleBody(name: "P", about: about).bytes, expecting: .any)], actor: actor),
        in: tenant)
    }
    let erasure = Erasure(subject: "persons/p", actor: actor, reason: "asked", requestID: "e1")
    let first = try await store.erase(erasure, in: tenant)
    #expect(first.records == 1)
    #expect(try await store.erase(erasure, in: tenant).revision == first.revision, "a repeat has one effect")
    #expect(try store.head(of: tenant) == first.revision)
    #expect(try await store.verify().problems == [])
    _ = try await store.commit(
      Commit([.put(key, body: SampleBody(name: "Q").bytes, expecting: .absent)], actor: actor), in: tenant)
    #expect(try await store.verify().problems == [])
    await store.close()
  }
}
