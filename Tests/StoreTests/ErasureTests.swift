import Foundation
import Store
import StoreConformance
import Testing

@testable import StoreSQLite

@Suite struct ErasingAPerson {
  private let tenant: TenantID
  private let directory: TemporaryDirectory
  private let actor = Actor(principal: "users/aino")

  init() throws {
    tenant = try TenantID("acme")
    directory = try TemporaryDirectory()
  }

  private func open(_ name: String = "store", options: SQLiteStoreOptions = .init()) throws -> SQLiteStore {
    try SQLiteStore(directory: directory.path + "/" + name, schema: SampleSchema.schema(), options: options)
  }

  private func note(_ id: String) -> RecordKey { RecordKey(account: "a", kind: SampleKind.note, id: id) }

  /// A note about a person of the same name.
  private func put(_ person: String, in store: SQLiteStore, request: String = "") async throws {
    var body = SampleBody(name: person, about: ["persons/\(person)"])
    body.fields.append(("said", "secret of \(person)"))
    _ = try await store.commit(
      Commit([.put(note(person), body: body.bytes, expecting: .any)], actor: actor, requestID: request),
      in: tenant)
  }

  @discardableResult private func erase(_ person: String, in store: SQLiteStore, request: String = "")
    async throws
    -> ErasureReceipt
  {
    try await store.erase(
      Erasure(subject: "persons/\(person)", actor: actor, reason: "asked", requestID: request), in: tenant)
  }

  private func knows(_ person: String, _ store: SQLiteStore) throws -> Bool {
    try store.readLive(note(person), in: tenant)
      .map { String(decoding: $0.body, as: UTF8.self).contains("secret of \(person)") } ?? false
  }

  private func expectNoBytes(of person: String, in name: String = "store") throws {
    let path = directory.path + "/" + name
    for file in try FileManager.default.contentsOfDirectory(atPath: path) {
      let data = try Data(contentsOf: URL(fileURLWithPath: path + "/" + file))
      #expect(data.range(of: Data("secret of \(person)".utf8)) == nil, "\(file) still has it")
    }
  }

  @Test(.timeLimit(.minutes(1)), arguments: [Opening.tablesName, Opening.logName])
  func isAnsweredWhenNoReaderKeepsTheBytesAndHoldsUpNoCommit(_ file: String) async throws {
    let (waiting, isWaiting) = AsyncStream<Void>.makeStream()
    var options = SQLiteStoreOptions()
    options.log = { if $0.contains("waits for a read") { isWaiting.finish() } }
    let store = try open(options: options)
    try await put("matti", in: store)
    let reader = try Connection(
      path: directory.path + "/store/" + file, access: .readOnly, vfs: nil, cacheKilobytes: 100)
    try reader.execute("BEGIN")
    _ = try reader.integer("SELECT count(*) FROM sqlite_schema")
    try await put("liisa", in: store)
    let erased = Flag()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        try await self.erase("matti", in: store)
        erased.set()
        try self.expectNoBytes(of: "matti")
      }
      for await _ in waiting {}
      try await put("eero", in: store)
      #expect(!erased.isSet, "answered while a reader keeps the bytes")
      reader.rollBack()
      try await group.waitForAll()
    }
    #expect(try await store.verify().problems == [])
    await store.close()
  }

  @Test func aRequestIDErasesOnePersonOnce() async throws {
    let store = try open()
    for person in ["matti", "liisa"] { try await put(person, in: store, request: "put \(person)") }
    async let first = erase("matti", in: store, request: "e1")
    async let second = erase("matti", in: store, request: "e1")
    #expect(try await first.revision == second.revision)
    #expect(try await erase("matti", in: store, request: "e1").revision == Revision(3))
    for request in ["e1", "put liisa"] {
      await #expect(throws: RequestIDReused.self) { try await erase("liisa", in: store, request: request) }
    }
    #expect(try knows("liisa", store))
    #expect(
      try ErasureRegister(directory: directory.path + "/store").all().map(\.subject) == ["persons/matti"])
    await store.close()
  }

  @Test func aRepeatedRequestMayNameThePersonAsTheFirstDid() async throws {
    let store = try open()
    try await put("matti", in: store)
    var erasure = Erasure(
      subject: "persons/matti", actor: actor, reason: "asked", requestID: "e1", requestFingerprint: [1])
    let first = try await store.erase(erasure, in: tenant)
    erasure.subject = "persons/by-another-name"
    #expect(try await store.erase(erasure, in: tenant).revision == first.revision)
    erasure.requestFingerprint = [2]
    await #expect(throws: RequestIDReused.self) { try await store.erase(erasure, in: tenant) }
    await store.close()
  }

  @Test func aRestoreErasesAgainWhoCameBackAndWasErasedAgain() async throws {
    let store = try open()
    for person in ["matti", "liisa"] {
      try await put(person, in: store)
      try await erase(person, in: store)
      try await put(person, in: store)
    }
    try await store.backUp(to: directory.path + "/backup")
    try await erase("matti", in: store)
    await store.close()
    let restored = try await restore(erasuresOf: "store")
    #expect(restored == 1)
    let copy = try open("restored")
    #expect(try !knows("matti", copy))
    #expect(try knows("liisa", copy), "who came back and was not erased since stays")
    try expectNoBytes(of: "matti", in: "restored")
    // The backup of a restored store knows what was done again.
    try await copy.backUp(to: directory.path + "/later")
    await copy.close()
    #expect(
      try ErasureRegister(directory: directory.path + "/later").missing(of: [directory.path + "/store"]) == []
    )
  }

  @Test func aRestoreThatFailsLeavesNoStoreAndForgetsNoErasure() async throws {
    let store = try open()
    try await put("matti", in: store)
    try await store.backUp(to: directory.path + "/backup")
    try await erase("matti", in: store)
    await store.close()
    let empty = RecordSchema(kinds: [], fold: { $0 })
    await #expect(throws: OpenFailed.self) { try await restore(erasuresOf: "store", schema: empty) }
    #expect(!FileManager.default.fileExists(atPath: directory.path + "/restored"))
    #expect(try await restore(erasuresOf: nil) == 1, "the first attempt's register is gone by")
    #expect(try directory.files().contains("restored.restoring") == false)
    let copy = try open("restored")
    #expect(try !knows("matti", copy))
    await copy.close()
  }

  @Test func aRestoreSaysThatAFolderHasNoRegister() async throws {
    let store = try open()
    try await put("matti", in: store)
    try await store.backUp(to: directory.path + "/backup")
    await store.close()
    await #expect(throws: OpenFailed.self) { try await restore(erasuresOf: "stroe") }
    #expect(try await restore(erasuresOf: "store") == 0)
  }

  @Test func aStoreThatIsInUseOrWasNotClosedIsNoBackup() async throws {
    let store = try open()
    try await put("matti", in: store)
    try await store.backUp(to: directory.path + "/backup")
    let restorer = SQLiteRestorer(to: directory.path + "/restored", schema: SampleSchema.schema())
    func restore(from folder: String) async throws {
      _ = try await restorer.restore(from: directory.path + "/" + folder, erasuresOf: nil)
    }
    await #expect("in use") { try await restore(from: "store") } throws: {
      ($0 as? OpenFailed)?.detail.contains("make a backup of it") == true
    }
    // As a server that was killed leaves it.
    for file in try directory.files(in: "store") where file != "lock" {
      try FileManager.default.createDirectory(
        atPath: directory.path + "/killed", withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        atPath: directory.path + "/store/" + file, toPath: directory.path + "/killed/" + file)
    }
    await #expect("not closed") { try await restore(from: "killed") } throws: {
      ($0 as? OpenFailed)?.detail.contains("make a backup of it") == true
    }
    await store.close()
    try await restore(from: "backup")
  }

  @Test(arguments: ["acme", "acme\tpersons/li", "acme\tpersons/matti\nacme\tpersons/li"])
  func aLineOfTheRegisterThatWasCutShortIsNobodyAndSpoilsNoOther(_ left: String) throws {
    let register = ErasureRegister(directory: directory.path)
    try Data(left.utf8).write(to: URL(fileURLWithPath: directory.path + "/erasures"))
    let whole = left.contains("matti") ? ["persons/matti"] : []
    #expect(try register.all().map(\.subject) == whole)
    try register.append(tenant, "persons/eero")
    #expect(try register.all().map(\.subject) == whole + ["persons/eero"])
  }

  @discardableResult private func restore(
    erasuresOf register: String?, schema: RecordSchema = SampleSchema.schema()
  ) async throws -> Int {
    try await SQLiteRestorer(to: directory.path + "/restored", schema: schema)
      .restore(from: directory.path + "/backup", erasuresOf: register.map { directory.path + "/" + $0 })
  }
}
