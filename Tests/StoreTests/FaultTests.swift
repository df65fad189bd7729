import CFaultVFS
import Foundation
import Store
import StoreConformance
import Testing

@testable import StoreSQLite

/// One fault layer for the process: these run one after the other.
@Suite(.serialized) struct AStoreOnAFailingDisk {
  let directory: TemporaryDirectory
  let tenant: TenantID
  let options = SQLiteStoreOptions(vfs: "punos-fault")

  init() throws {
    #expect(punos_fault_register() == 0)
    directory = try TemporaryDirectory()
    tenant = try TenantID("acme")
  }

  func put(_ store: SQLiteStore, _ id: String, _ text: String) async throws -> Revision {
    try await store.commit(
      Commit(
        [
          .put(
            RecordKey(account: "a", kind: SampleKind.note, id: id),
            body: SampleBody(name: text + String(repeating: "x", count: 6_000)).bytes, expecting: .any)
        ], actor: Actor(principal: "p")), in: tenant
    ).revision
  }

  func name(_ store: SQLiteStore, _ id: String) throws -> String? {
    try store.readLive(RecordKey(account: "a", kind: SampleKind.note, id: id), in: tenant)
      .map { String(try SampleBody(bytes: $0.body)["name"]?.prefix { $0 != "x" } ?? "") }
  }

  struct Fault: Sendable, CustomStringConvertible {
    var kind: Int32
    var isForEver: Bool
    var file: String
    var isSync: Bool { kind == Int32(PUNOS_FAULT_SYNC.rawValue) }
    var description: String { "kind \(kind) \(isForEver ? "for ever" : "once") in \(file)" }
  }

  static let faults: [Fault] = [
    PUNOS_FAULT_EIO, PUNOS_FAULT_ENOSPC, PUNOS_FAULT_SHORT_WRITE, PUNOS_FAULT_SYNC,
  ]
  .flatMap { kind in
    [true, false].flatMap { forEver in
      ["log.db", "tables.db"].map { Fault(kind: Int32(kind.rawValue), isForEver: forEver, file: $0) }
    }
  }

  /// Calls from one that fails to the next one tried. 1 tries all of them (`PUNOS_FAULT_STRIDE`), in minutes; every day it
  /// is some, and others each time.
  static let stride = max(
    1, ProcessInfo.processInfo.environment["PUNOS_FAULT_STRIDE"].flatMap(Int.init) ?? 13)

  /// At the calls of commits, of copying them into the tables and of closing, in turn, until one is not reached any more.
  @Test(arguments: faults) func whateverFailsNothingAcknowledgedIsLostAndReadsGoOn(_ fault: Fault)
    async throws
  {
    defer { punos_fault_arm(Int32(PUNOS_FAULT_NONE.rawValue), 0, 0, "") }
    #expect(try await strikes(fault, 0), "the fault was never reached")
    // Syncs are few.
    let stride = fault.isSync ? 1 : Self.stride
    var at = Int.random(in: 1...stride)
    print("\(fault): at every \(stride) calls from \(at)")
    while try await strikes(fault, at) { at += stride }
  }

  /// - Returns: whether there was anything to strike.
  private func strikes(_ fault: Fault, _ at: Int) async throws -> Bool {
    let path = directory.path + "/\(at)"
    var store = try open(path)
    #expect(try await put(store, "before", "1") == Revision(1))
    #expect(try await find(store) == ["before"])
    punos_fault_arm(fault.kind, at, fault.isForEver ? 1 : 0, fault.file)
    var acknowledged: [(id: String, revision: Revision)] = []
    for number in 0..<3 {
      do {
        acknowledged.append(("n\(number)", try await put(store, "n\(number)", "\(number)")))
      } catch let error as WriterUnavailable {
        #expect(store.health.writesRefused != nil || error.cause == .diskFull, "\(error)")
      }
      #expect(try await find(store).contains("before"), "lists go on")
    }
    try await finishCheckpoints(store)
    #expect(try name(store, "before") == "1", "reads go on")
    for one in acknowledged { #expect(try name(store, one.id) != nil, "what was acknowledged is read") }
    if fault.isSync, punos_fault_strikes() > 0 { try await expectNoMoreWrites(store) }
    await store.close()
    let struck = punos_fault_strikes() > 0
    if fault.isSync, struck { #expect(punos_fault_calls() == at + 1, "\(fault) at \(at): synced again") }
    punos_fault_arm(Int32(PUNOS_FAULT_NONE.rawValue), 0, 0, "")

    store = try open(path)
    for one in acknowledged {
      #expect(try name(store, one.id) != nil, "\(fault) at \(at): \(one.id) is lost")
    }
    let head = try store.head(of: tenant)
    #expect(head >= acknowledged.last?.revision ?? Revision(1))
    #expect(try await store.verify().problems == [], "\(fault) at \(at)")
    #expect(try await put(store, "later", "x").rawValue == head.rawValue + 1)
    #expect(try await Set(find(store)).isSuperset(of: acknowledged.map(\.id) + ["before", "later"]))
    await store.close()
    try FileManager.default.removeItem(atPath: path)
    return struck
  }

  /// Frames at which a write-ahead log is copied here: each of the commits fills more, so that all ways are taken.
  private static let checkpointFrames = 3

  func open(_ path: String, cacheKilobytes: Int? = nil) throws -> SQLiteStore {
    var options = self.options
    if let cacheKilobytes {
      options.readerCacheKilobytes = cacheKilobytes
      options.tablesCacheKilobytes = cacheKilobytes
    }
    options.pace.logCheckpointFrames = Self.checkpointFrames
    options.pace.tablesCheckpointFrames = Self.checkpointFrames
    return try SQLiteStore(
      directory: path, schema: SampleSchema.searched(), options: options, analyser: SearchBench.analyser)
  }

  func find(_ store: SQLiteStore) async throws -> [String] {
    try await store.find(IndexQuery(kind: SampleKind.note, index: "by_name"), in: tenant).records.map(
      \.key.id)
  }

  /// Copying begins after the answer, on the threads that jobs run on.
  func finishCheckpoints(_ store: SQLiteStore) async throws {
    try await store.writer.run { _ in }
    try await store.applier.run { _ in }
  }

  private func expectNoMoreWrites(_ store: SQLiteStore) async throws {
    #expect(store.health.writesRefused?.cause == .syncFailed)
    await #expect("after a failed sync nothing is acknowledged any more") {
      _ = try await put(store, "after", "x")
    } throws: {
      ($0 as? WriterUnavailable)?.cause == .syncFailed
    }
    await #expect(throws: (any Error).self, "nor is the log compacted") {
      _ = try await store.compact(before: Moment(rawValue: .max))
    }
    await #expect(throws: (any Error).self, "nor anybody erased") {
      _ = try await store.erase(
        Erasure(subject: "persons/x", actor: Actor(principal: "p"), reason: "asked"), in: tenant)
    }
  }

  @Test func writesComeBackWhenThereIsRoomAgain() async throws {
    let store = try SQLiteStore(
      directory: directory.path + "/s", schema: SampleSchema.schema(), options: options)
    _ = try await put(store, "a", "1")
    punos_fault_arm(Int32(PUNOS_FAULT_ENOSPC.rawValue), 0, 1, "log.db")
    await #expect { _ = try await put(store, "b", "2") } throws: {
      ($0 as? WriterUnavailable)?.cause == .diskFull
    }
    #expect(store.health.writesRefused?.cause == .diskFull)
    punos_fault_arm(Int32(PUNOS_FAULT_NONE.rawValue), 0, 0, "")
    #expect(try await put(store, "b", "2") == Revision(2))
    #expect(store.health.writesRefused == nil)
    await store.close()
  }

  @Test(.timeLimit(.minutes(1)), arguments: ["log.db", "tables.db"])
  func aDiskThatHasRoomAgainIsNoticedWhereNobodyWrites(_ file: String) async throws {
    let store = try open(directory.path + "/s")
    _ = try await put(store, "a", "1")
    punos_fault_arm(Int32(PUNOS_FAULT_ENOSPC.rawValue), 0, 1, file)
    defer { punos_fault_arm(Int32(PUNOS_FAULT_NONE.rawValue), 0, 0, "") }
    _ = try? await put(store, "b", "2")
    #expect(try await find(store) == (file == "log.db" ? ["a"] : []), "lists go on")
    #expect(store.health.writesRefused?.cause == .diskFull)
    punos_fault_arm(Int32(PUNOS_FAULT_NONE.rawValue), 0, 0, "")
    while store.health.writesRefused != nil { await Task.yield() }
    #expect(try await find(store) == (file == "log.db" ? ["a"] : ["a", "b"]))
    await store.close()
  }

  /// Fills a page in the middle with what no page begins with.
  private func damageTheMiddle(of path: String) throws {
    let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
    defer { try? file.close() }
    let place = try file.seekToEnd() / 4_096 / 2
    try file.seek(toOffset: place * 4_096)
    try file.write(contentsOf: Data(repeating: 0xa5, count: 4_096))
  }

  @Test func aCorruptPageThatIsToBeWrittenStopsWritesAndNothingElse() async throws {
    let path = directory.path + "/s"
    var store = try SQLiteStore(directory: path, schema: SampleSchema.schema())
    for number in 0..<200 { _ = try await put(store, "n\(number + 100)", "\(number)") }
    await store.close()
    try damageTheMiddle(of: path + "/tables.db")
    store = try SQLiteStore(directory: path, schema: SampleSchema.schema())
    var acknowledged: Set<Int> = []
    for number in 0..<200 {
      // What cannot be read is not changed.
      if await (try? put(store, "n\(number + 100)", "again")) != nil { acknowledged.insert(number) }
      if number % 20 == 0 { _ = try? await store.records(about: "nobody", in: tenant, after: nil, limit: 1) }
    }
    #expect(acknowledged.count < 200)
    for number in acknowledged {
      #expect(try name(store, "n\(number + 100)") == "again", "acknowledged and lost")
    }
    await store.close()
    for file in try FileManager.default.contentsOfDirectory(atPath: path) where file.hasPrefix("tables.db") {
      try FileManager.default.removeItem(atPath: path + "/" + file)
    }
    store = try SQLiteStore(directory: path, schema: SampleSchema.schema())
    for number in 0..<200 {
      #expect(try name(store, "n\(number + 100)") == (acknowledged.contains(number) ? "again" : "\(number)"))
    }
    await store.close()
  }

  @Test func aCorruptPageIsNamedAndTheRestIsReadable() async throws {
    let path = directory.path + "/s"
    var store = try SQLiteStore(directory: path, schema: SampleSchema.schema())
    for number in 0..<200 { _ = try await put(store, "n\(number + 100)", "\(number)") }
    await store.close()
    try damageTheMiddle(of: path + "/tables.db")
    store = try SQLiteStore(directory: path, schema: SampleSchema.schema())
    var readable = 0
    for number in 0..<200 where (try? name(store, "n\(number + 100)")) != nil { readable += 1 }
    #expect(readable > 100)
    let report = try await store.verify()
    #expect(
      report.problems.contains { $0.contains("tables.db") && $0.contains("page") },
      "\(report.problems)")
    await store.close()
    // As it says to.
    #expect(report.advice?.contains("makes them anew from log.db") == true)
    for file in try FileManager.default.contentsOfDirectory(atPath: path) where file.hasPrefix("tables.db") {
      try FileManager.default.removeItem(atPath: path + "/" + file)
    }
    store = try SQLiteStore(directory: path, schema: SampleSchema.schema())
    for number in 0..<200 { #expect(try name(store, "n\(number + 100)") == "\(number)") }
    #expect(try await store.verify().problems == [])
    await store.close()
  }

  @Test func aCorruptPageOfTheLogIsNamedAndTheRecordsAreReadable() async throws {
    let path = directory.path + "/s"
    var store = try SQLiteStore(directory: path, schema: SampleSchema.schema())
    for number in 0..<200 { _ = try await put(store, "n\(number + 100)", "\(number)") }
    await store.close()
    try damageTheMiddle(of: path + "/log.db")
    store = try SQLiteStore(directory: path, schema: SampleSchema.schema())
    for number in 0..<200 { #expect(try name(store, "n\(number + 100)") == "\(number)") }
    let report = try await store.verify()
    #expect(
      report.problems.contains { $0.contains("log.db") && $0.contains("page") }, "\(report.problems)")
    #expect(report.problems.contains { $0.contains("acme") && $0.contains("revision") }, "\(report.problems)")
    #expect(report.advice?.contains("restore the last backup") == true)
    await store.close()
  }
}
