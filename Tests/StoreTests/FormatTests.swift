import Foundation
import Store
import StoreConformance
import Testing

@testable import StoreSQLite

@Suite struct OpeningAStoreOfAnotherVersion {
  private let tenant: TenantID
  private let directory: TemporaryDirectory
  private let actor = Actor(principal: "users/aino", team: "teams/sales")

  init() throws {
    tenant = try TenantID("acme")
    directory = try TemporaryDirectory()
  }

  private var path: String { directory.path + "/store" }

  private func note(_ id: String) -> RecordKey { RecordKey(account: "a", kind: SampleKind.note, id: id) }

  private func file(_ name: String, _ access: Connection.Access) throws -> Connection {
    try Connection(path: path + "/" + name, access: access, vfs: nil, cacheKilobytes: 100)
  }

  @Test(arguments: [Opening.logName, Opening.tablesName])
  func oneOfANewerFormatIsRefusedWithWhatToDoAndStaysAsItIs(_ name: String) async throws {
    await (try SQLiteStore(directory: path, schema: SampleSchema.schema())).close()
    try file(name, .readWrite).execute("PRAGMA user_version = 99")
    #expect {
      _ = try SQLiteStore(directory: path, schema: SampleSchema.schema())
    } throws: {
      guard let refusal = $0 as? OpenFailed, refusal.cause == .newerFormat else { return false }
      return refusal.detail.contains(name) && refusal.detail.contains("99")
        && refusal.detail.contains("use a newer punosd")
    }
    #expect(try file(name, .readOnly).integer("PRAGMA user_version") == 99)
  }

  /// Each step of the migrations has a store that was made before it, as SQL (`Tests/StoreFormats`): a format, once released, is never
  /// changed, and whoever adds a step adds the store of the format before.
  @Test(arguments: 1...Migrations.log.steps.count)
  func oneOfEachEarlierFormatOpensWithEverythingInIt(_ format: Int) async throws {
    #expect(Migrations.log.steps.count == Migrations.tables.steps.count, "both files have one number")
    try makeStore(ofFormat: format)
    let store = try SQLiteStore(
      directory: path, schema: SampleSchema.searched(), analyser: SearchBench.analyser)
    #expect(try store.head(of: tenant) == Revision(6))
    let first = try #require(try store.readLive(note("n1"), in: tenant))
    #expect(try SampleBody(bytes: first.body)["name"] == "second")
    #expect(first.createdRevision == Revision(1))
    let then = try await store.read(note("n1"), in: tenant, asOf: .revision(Revision(1)))
    #expect(try then.map { try SampleBody(bytes: $0.body)["name"] } == "first")
    #expect(try store.read(note("n2"), in: tenant)?.isDeleted == true)
    #expect(
      try store.readLive(note("n3"), in: tenant).map { String(decoding: $0.body, as: UTF8.self) }
        == "name=about")
    let changes = try await store.changes(in: tenant, after: .zero).changes
    #expect(changes.map(\.revision.rawValue) == [1, 2, 2, 2, 3, 4, 5, 6])
    #expect(changes.first?.reason == "made for a test" && changes.first?.actor == actor)
    let byTag = IndexQuery(kind: SampleKind.note, index: "by_tag", equal: [.text("u"), .integer(500)])
    #expect(try await store.find(byTag, in: tenant).records.map(\.key) == [note("n1")])
    while !store.health.buildingIndexes.isEmpty { await Task.yield() }
    while try await store.search(SearchQuery(text: "second"), in: tenant).hits.map(\.key) != [note("n1")] {
      await Task.yield()
    }
    #expect(try await store.verify().problems == [])
    await #expect(throws: UniqueViolation.self) {
      _ = try await store.commit(
        Commit(
          [
            .put(
              RecordKey(account: nil, kind: SampleKind.person, id: "q"),
              body: SampleBody([("name", "Q"), ("email", "P@x.fi")]).bytes, expecting: .any)
          ], actor: actor), in: tenant)
    }
    await store.close()
  }

  @Test func oneThatNoLongerSaysWhereItsRecordsLieIsRefused() async throws {
    await (try SQLiteStore(directory: path, schema: SampleSchema.schema())).close()
    try file(Opening.tablesName, .readWrite).execute("DELETE FROM layout")
    #expect {
      _ = try SQLiteStore(directory: path, schema: SampleSchema.schema())
    } throws: {
      guard let refusal = $0 as? OpenFailed, refusal.cause == .unreadable else { return false }
      return refusal.detail.contains(Opening.tablesName) && refusal.detail.contains("restore")
    }
  }

  /// As a stop leaves it in the middle of being brought up from the first format.
  @Test func oneWhoseRecordsAreBeingMovedToTheirPlacesGoesOnWithTheRest() async throws {
    try makeStore(ofFormat: 1)
    let connection = try file(Opening.tablesName, .readWrite)
    try Migrations.tables.run(on: connection)
    let tables = try TablesWriter(connection)
    let first = try connection.prepare("SELECT key, value FROM records WHERE key = ?1")
    let encoded = KeyEncoding.record(1, note("n1"))
    first.bind(1, encoded)
    #expect(try first.step())
    let value = first.bytes(1)
    first.reset()
    try tables.transaction {
      try tables.put(encoded, value, isNew: true)
      try tables.removeUnplaced(encoded)
    }
    let store = try SQLiteStore(
      directory: path, schema: SampleSchema.searched(), analyser: SearchBench.analyser)
    let scanned = try store.scan(account: "a", in: tenant, AccountScan(includesDeleted: true)).records.map(
      \.key.id)
    #expect(scanned == ["n1", "n2", "n3"])
    #expect(try await store.verify().problems == [])
    await store.close()
  }

  private func makeStore(ofFormat format: Int) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let stores = tests.appendingPathComponent("StoreFormats")
    for name in [Opening.logName, Opening.tablesName] {
      let sql = stores.appendingPathComponent("format-\(format)-\(name).sql")
      try file(name, .create).execute(try String(contentsOf: sql, encoding: .utf8))
    }
  }
}
