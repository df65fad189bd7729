import Store
import StoreConformance
import Synchronization
import Testing

@testable import StoreSQLite

@Suite struct LoadingAnEmptyTenant {
  private let tenant: TenantID
  private let directory: TemporaryDirectory
  private let actor = Actor(principal: "users/aino")
  private static let records = 300

  struct Stop: Error {}

  init() throws {
    tenant = try TenantID("acme")
    directory = try TemporaryDirectory()
  }

  private func open(isSearched: Bool = true) throws -> SQLiteStore {
    var options = SQLiteStoreOptions()
    options.pace.buildRecords = 50
    let path = directory.path + "/store"
    return isSearched
      ? try SQLiteStore(
        directory: path, schema: SampleSchema.searched(), options: options, analyser: SearchBench.analyser)
      : try SQLiteStore(directory: path, schema: SampleSchema.searched(), options: options)
  }

  private func note(_ number: Int) -> RecordKey {
    RecordKey(account: "a", kind: SampleKind.note, id: "n\(number)")
  }

  /// Notes in pieces; calls `between` before each piece, and at the end.
  private func load(
    _ store: SQLiteStore, into name: String = "acme", _ mode: SQLiteStore.LoadMode,
    between: @escaping @Sendable (_ given: Int) throws -> Void = { _ in }
  ) async throws -> Int {
    let given = Mutex(0)
    return try await store.load(into: try TenantID(name), actor: actor, mode) { _ in
      let first = given.withLock { $0 }
      try between(first)
      let last = min(first + 100, Self.records)
      given.withLock { $0 = last }
      return (first..<last).map { (note($0), SampleBody(name: "kone", amount: Int64($0)).bytes) }
    }
  }

  private func found(_ store: SQLiteStore, in tenant: TenantID) async throws -> [Int] {
    let byName = IndexQuery(kind: SampleKind.note, index: "by_name", equal: [.text("kone")], limit: 1_000)
    let listed = try await store.list(ColumnQuery(kind: SampleKind.note, limit: 1_000), in: tenant)
    return [
      try await store.find(byName, in: tenant).records.count, listed.records.count,
      try await store.search(SearchQuery(text: "kone"), in: tenant).total,
    ]
  }

  private func settle(_ store: SQLiteStore) async {
    while !store.health.buildingIndexes.isEmpty { await Task.yield() }
  }

  @Test(.timeLimit(.minutes(1)), arguments: [SQLiteStore.LoadMode.indexedAfterwards, .indexed, .logged])
  func isFoundByIndexColumnsAndSearch(_ mode: SQLiteStore.LoadMode) async throws {
    let store = try open()
    #expect(try await load(store, mode) == Self.records)
    await settle(store)
    #expect(try await found(store, in: tenant) == [300, 300, 300])
    let report = try await store.verify()
    #expect(report.problems == [] && report.records == Self.records)
    await store.close()
  }

  /// Nothing is used that does not have what was loaded already: not while it loads, and not before it is built.
  @Test(.timeLimit(.minutes(1))) func indexesThatAreBuiltAfterwardsAreNotUsedBefore() async throws {
    let store = try open()
    let (pieces, gave) = AsyncStream<Void>.makeStream()
    let mayGoOn = Monitor(false)
    async let loaded = load(store, .indexedAfterwards) { given in
      guard given == 200 else { return }
      gave.finish()
      mayGoOn.wait { $0 ? true : nil }
    }
    for await _ in pieces {}
    #expect(
      store.health.buildingIndexes.contains("note.by_name") && store.health.buildingIndexes.contains("search")
    )
    await #expect(throws: InvalidQuery.self) { _ = try await found(store, in: tenant) }
    let search = try await store.search(SearchQuery(text: "kone"), in: tenant)
    #expect(search.notice.contains("hits may be missing"))
    // Another load that ends meanwhile does not have them built without this one's records.
    #expect(try await load(store, into: "beta", .indexedAfterwards) == Self.records)
    await #expect(throws: InvalidQuery.self) { _ = try await found(store, in: tenant) }
    mayGoOn.change { $0 = true }
    #expect(try await loaded == Self.records)
    await settle(store)
    #expect(try await found(store, in: tenant) == [300, 300, 300])
    #expect(try await found(store, in: try TenantID("beta")) == [300, 300, 300])
    await store.close()
  }

  @Test(.timeLimit(.minutes(1)), arguments: [false, true])
  func whatAStoppedLoadLeftIsFoundAllTheSame(_ isReopened: Bool) async throws {
    var store = try open()
    await #expect(throws: Stop.self) {
      _ = try await load(store, .indexedAfterwards) { if $0 == 200 { throw Stop() } }
    }
    if isReopened {
      await store.close()
      store = try open()
    }
    await settle(store)
    let counts = try await found(store, in: tenant)
    #expect(Set(counts).count == 1 && counts[0] >= 100, "\(counts)")
    #expect(try await store.verify().problems == [])
    await store.close()
  }

  @Test(arguments: [SQLiteStore.LoadMode.indexedAfterwards, .indexed, .logged])
  func aRecordThatCannotBeReadIsRefusedAndTheStoreGoesOn(_ mode: SQLiteStore.LoadMode) async throws {
    let store = try open()
    await #expect("it names the record") {
      _ = try await store.load(into: tenant, actor: actor, mode) { _ in [(note(1), Array("no field".utf8))] }
    } throws: {
      "\($0)".contains("cannot be read") || "\($0)".contains("a sample body has")
    }
    await settle(store)
    #expect(try await load(store, into: "beta", .indexed) == Self.records)
    #expect(store.health.writesRefused == nil)
    await store.close()
  }

  @Test func aValueThatIsUniqueHasOneHolder() async throws {
    let store = try open()
    let given = Mutex(0)
    let clash = await #expect(throws: UniqueViolation.self) {
      _ = try await store.load(into: tenant, actor: actor, .indexed) { _ in
        let number = given.withLock { given in
          given += 1
          return given
        }
        let key = RecordKey(account: nil, kind: SampleKind.person, id: "p\(number)")
        return number > 2 ? [] : [(key, SampleBody([("name", "P"), ("email", "p@x.fi")]).bytes)]
      }
    }
    #expect(clash?.holder.id == "p1" && clash?.record.id == "p2")
    await store.close()
  }

  /// Whoever opens a store without search may change records that the index then knows nothing of.
  @Test(.timeLimit(.minutes(1))) func whatWasWrittenWithoutSearchIsFoundOnceThereIsSearchAgain() async throws
  {
    var store = try open()
    #expect(try await load(store, .indexed) == Self.records)
    await store.close()
    store = try open(isSearched: false)
    _ = try await store.commit(
      Commit([.put(note(1_000), body: SampleBody(name: "kone").bytes, expecting: .any)], actor: actor),
      in: tenant)
    await store.close()
    store = try open()
    await settle(store)
    #expect(try await found(store, in: tenant) == [301, 301, 301])
    await store.close()
  }
}
