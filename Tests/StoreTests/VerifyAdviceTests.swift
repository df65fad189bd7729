import Store
import StoreConformance
import Testing

@testable import StoreSQLite

@Suite struct VerifySaysWhatToDo {
  private let tenant: TenantID
  private let directory: TemporaryDirectory
  private let actor = Actor(principal: "users/aino")

  init() throws {
    tenant = try TenantID("acme")
    directory = try TemporaryDirectory()
  }

  enum Past: CaseIterable { case whole, compacted, erased, loaded }

  /// Only a log that has everything can make the tables anew.
  @Test(arguments: Past.allCases) func toDamagedTablesByWhatTheLogHas(_ past: Past) async throws {
    let store = try SQLiteStore(directory: directory.path + "/s", schema: SampleSchema.schema())
    if past == .loaded { try await load(store) }
    for number in 1...5 { try await put(store, "n\(number)", second: Int64(number)) }
    if past == .compacted { _ = try await store.compact(before: Moment(seconds: 3)) }
    if past == .erased {
      _ = try await store.erase(Erasure(subject: "persons/p", actor: actor, reason: "asked"), in: tenant)
    }
    while !store.health.buildingIndexes.isEmpty { await Task.yield() }
    #expect(try await store.verify().advice == nil)
    try await store.applier.run { tables in
      try tables.connection.execute("DELETE FROM entries WHERE key = (SELECT max(key) FROM entries)")
    }
    let advice = try #require(try await store.verify().advice)
    #expect(advice.hasPrefix("tables.db is damaged"))
    #expect(advice.contains("makes them anew") == (past == .whole), "\(advice)")
    #expect(advice.contains("restore the last backup") == (past != .whole), "\(advice)")
    await store.close()
  }

  private func put(_ store: SQLiteStore, _ id: String, second: Int64) async throws {
    _ = try await store.commit(
      Commit(
        [
          .put(
            RecordKey(account: "a", kind: SampleKind.note, id: id),
            body: SampleBody(name: id, about: ["persons/p"]).bytes, expecting: .any)
        ], actor: actor, time: Moment(seconds: second)), in: tenant)
  }

  private func load(_ store: SQLiteStore) async throws {
    let given = Flag()
    _ = try await store.load(into: tenant, actor: actor) { _ in
      if given.isSet { return [] }
      given.set()
      return [(RecordKey(account: "z", kind: SampleKind.note, id: "l"), SampleBody(name: "loaded").bytes)]
    }
  }
}
