import Store
import StoreConformance
import Synchronization
import Testing

@testable import StoreSQLite

@Suite struct BuildingAnIndexOverRecordsThatAreThere {
  private let tenant: TenantID
  private let directory: TemporaryDirectory
  private let actor = Actor(principal: "users/aino")
  private static let records = 2_000

  init() throws {
    tenant = try TenantID("acme")
    directory = try TemporaryDirectory()
  }

  private func open(
    _ indexes: [IndexDefinition], buildRecords: Int, log: @escaping @Sendable (String) -> Void = { _ in }
  ) throws -> SQLiteStore {
    var options = SQLiteStoreOptions(log: log)
    options.pace.buildRecords = buildRecords
    return try SQLiteStore(
      directory: directory.path + "/store", schema: SampleSchema.schema(noteIndexes: indexes),
      options: options)
  }

  private func note(_ id: String) -> RecordKey { RecordKey(account: "a", kind: SampleKind.note, id: id) }

  private func put(_ store: SQLiteStore, _ notes: [(id: String, body: SampleBody)]) async throws {
    let operations = notes.map { CommitOperation.put(note($0.id), body: $0.body.bytes, expecting: .any) }
    _ = try await store.commit(Commit(operations, actor: actor), in: tenant)
  }

  private func finishBuilding(_ store: SQLiteStore) async {
    while !store.health.buildingIndexes.isEmpty { await Task.yield() }
  }

  @Test(.timeLimit(.minutes(1))) func goesOnAfterARestartWhereItWas() async throws {
    var store = try open(SampleSchema.noteIndexes, buildRecords: 50)
    try await put(store, (0..<Self.records).map { ("n\($0)", SampleBody(name: "n", amount: Int64($0))) })
    await store.close()
    let grown = SampleSchema.noteIndexes + [IndexDefinition(name: "by_amount", fields: 1, promise: .plain)]
    store = try open(grown, buildRecords: 50)
    let number = try #require(store.preparer.extractor.catalog.indexes[SampleKind.note]?.last?.number)
    await finishBuilding(store)
    await store.close()
    // As it is left where it is stopped at the thousandth record. The first record's entry would come back only if it began
    // anew.
    let (first, last) = try takeBack(number, to: Self.records / 2)
    store = try open(grown, buildRecords: 50)
    await finishBuilding(store)
    let query = IndexQuery(
      kind: SampleKind.note, index: "by_amount", range: .between(from: .integer(0), to: nil), limit: 1_000)
    var found: Set<RecordKey> = []
    var next = query
    repeat {
      let page = try await store.find(next, in: tenant)
      found.formUnion(page.records.map(\.key))
      next.after = page.next
    } while next.after != nil
    let all = Set((0..<Self.records).map { note("n\($0)") })
    #expect(all.subtracting(found) == [first])
    #expect(found.contains(last))
    await store.close()
  }

  /// Makes the tables say that an index is built up to a record, and takes the entries of the first and the last away.
  private func takeBack(_ number: UInt32, to place: Int) throws -> (first: RecordKey, last: RecordKey) {
    let tables = try TablesWriter(
      Connection(
        path: directory.path + "/store/" + Opening.tablesName, access: .readWrite, vfs: nil,
        cacheKilobytes: 100))
    var item = try #require(try tables.catalog().first { $0.number == number })
    #expect(item.state == .ready)
    var records: [(position: WalkPosition, encoded: [UInt8], key: RecordKey)] = []
    try tables.reader.walk(after: .beginning) { position, encoded, record in
      records.append((position, encoded, record.key))
      return true
    }
    let (first, last) = (try #require(records.first), try #require(records.last))
    item.state = .building
    item.cursor = records[place].position.encoded
    try tables.save(item)
    let prefix = KeyEncoding.indexPrefix(KeyEncoding.tenant(ofEntry: first.encoded), number)
    var doomed: [[UInt8]] = []
    try tables.reader.entries(from: prefix, to: try #require(KeyEncoding.successor(of: prefix))) { entry in
      let owner = try entry.withUnsafeBytes {
        try KeyEncoding.decodeOwner(ofEntry: $0, fields: 1, kind: SampleKind.note)
      }
      if [first.key, last.key].contains(owner) { doomed.append(entry) }
      return true
    }
    #expect(doomed.count == 2)
    for entry in doomed { try tables.removeEntry(entry) }
    return (first.key, last.key)
  }

  @Test(.timeLimit(.minutes(1)), arguments: [1, 100])
  func namesTheRecordsThatClashAndIsBuiltWhenTheyAreMended(_ buildRecords: Int) async throws {
    let said = Mutex<[String]>([])
    var store = try open(SampleSchema.noteIndexes, buildRecords: buildRecords)
    try await put(store, [("one", SampleBody(name: "same")), ("two", SampleBody(name: "same"))])
    await store.close()
    let unique = [IndexDefinition(name: "by_name", fields: 1, promise: .unique)]
    store = try open(unique, buildRecords: buildRecords, log: { line in said.withLock { $0.append(line) } })
    while said.withLock({ $0.isEmpty }) { await Task.yield() }
    let line = said.withLock { $0.joined() }
    #expect(line.contains("note.by_name") && line.contains("one") && line.contains("two"), "\(line)")
    let query = IndexQuery(kind: SampleKind.note, index: "by_name", equal: [.text("same")])
    while !store.health.buildingIndexes.contains("note.by_name (values clash)") { await Task.yield() }
    await #expect { _ = try await store.find(query, in: tenant) } throws: {
      ($0 as? InvalidQuery)?.problem.contains("cannot be used") == true
    }
    try await put(store, [("two", SampleBody(name: "other"))])
    await store.close()
    store = try open(unique, buildRecords: buildRecords)
    await finishBuilding(store)
    #expect(try await store.find(query, in: tenant).records.map(\.key) == [note("one")])
    await #expect(throws: UniqueViolation.self) {
      try await put(store, [("three", SampleBody(name: "same"))])
    }
    await store.close()
  }
}
