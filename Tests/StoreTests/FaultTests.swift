import CFaultVFS
import Foundation
import Store
import StoreConformance
import StoreSQLite
import Testing

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

  private func put(_ store: SQLiteStore, _ id: String, _ text: String) async throws -> Revision {
    try await store.commit(
      Commit(
        [
          .put(
            RecordKey(account: "a", kind: SampleKind.note, id: id),
            body: SampleBody(name: text + String(repeating: "x", count: 6_000)).bytes, expecting: .any)
        ], actor: Actor(principal: "p")), in: tenant
    ).revision
  }

  private func name(_ store: SQLiteStore, _ id: String) throws -> String? {
    try store.readLive(RecordKey(account: "a", kind: SampleKind.note, id: id), in: tenant)
      .map { String(try SampleBody(bytes: $0.body)["name"]?.prefix { $0 != "x" } ?? "") }
  }

  struct Fault: Sendable, CustomStringConvertible {
    var kind: Int32
    var isForEver: Bool
    var file: String
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

  /// At every call of a commit in turn, until one is not reached any more.
  @Test(arguments: faults) func whateverFailsNothingAcknowledgedIsLostAndReadsGoOn(_ fault: Fault)
    async throws
  {
    defer { punos_fault_arm(Int32(PUNOS_FAULT_NONE.rawValue), 0, 0, "") }
    var struckAtAll = false
    for at in 0..<40 {
      let path = directory.path + "/\(at)"
      var store = try SQLiteStore(directory: path, schema: SampleSchema.schema(), options: options)
      #expect(try await put(store, "before", "1") == Revision(1))
      punos_fault_arm(fault.kind, at, fault.isForEver ? 1 : 0, fault.file)
      var acknowledged: [(id: String, revision: Revision)] = []
      for number in 0..<3 {
        do {
          acknowledged.append(("n\(number)", try await put(store, "n\(number)", "\(number)")))
        } catch let error as WriterUnavailable {
          #expect(store.health.writesRefused != nil || error.cause == .diskFull, "\(error)")
        }
        // A list waits for the tables; with a failing disk it may be refused, and must not hang.
        _ = try? await store.find(IndexQuery(kind: SampleKind.note, index: "by_name"), in: tenant)
      }
      var struck = punos_fault_strikes()
      #expect(try name(store, "before") == "1", "reads go on")
      for one in acknowledged { #expect(try name(store, one.id) != nil, "what was acknowledged is read") }
      let wasRefused = store.health.writesRefused
      // The tables are synced only when they are copied into their file, at the latest at the end.
      let syncsAtTheEnd = fault.kind == Int32(PUNOS_FAULT_SYNC.rawValue) && fault.file == "tables.db"
      if syncsAtTheEnd {
        await store.close()
        struck = punos_fault_strikes()
      }
      punos_fault_arm(Int32(PUNOS_FAULT_NONE.rawValue), 0, 0, "")
      if !syncsAtTheEnd, fault.kind == Int32(PUNOS_FAULT_SYNC.rawValue), struck > 0, wasRefused != nil {
        await #expect(throws: WriterUnavailable.self, "after a failed sync nothing is acknowledged any more")
        {
          _ = try await put(store, "after", "x")
        }
      }
      await store.close()
      store = try SQLiteStore(directory: path, schema: SampleSchema.schema(), options: options)
      for one in acknowledged {
        #expect(try name(store, one.id) != nil, "\(fault) at \(at): \(one.id) is lost")
      }
      let head = try store.head(of: tenant)
      #expect(head >= acknowledged.last?.revision ?? Revision(1))
      #expect(try await store.verify().problems == [], "\(fault) at \(at)")
      #expect(try await put(store, "later", "x").rawValue == head.rawValue + 1)
      await store.close()
      try FileManager.default.removeItem(atPath: path)
      if struck == 0 { break }
      struckAtAll = true
    }
    #expect(struckAtAll, "the fault was never reached")
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

  @Test func aCorruptPageIsNamedAndTheRestIsReadable() async throws {
    let path = directory.path + "/s"
    var store = try SQLiteStore(directory: path, schema: SampleSchema.schema())
    for number in 0..<200 { _ = try await put(store, "n\(number + 100)", "\(number)") }
    await store.close()
    let file = try FileHandle(forUpdating: URL(fileURLWithPath: path + "/tables.db"))
    let size = try file.seekToEnd()
    // A page in the middle, filled with what no page begins with.
    try file.seek(toOffset: size / 4_096 / 2 * 4_096)
    try file.write(contentsOf: Data(repeating: 0xa5, count: 4_096))
    try file.close()
    store = try SQLiteStore(directory: path, schema: SampleSchema.schema())
    var readable = 0
    for number in 0..<200 where (try? name(store, "n\(number + 100)")) != nil { readable += 1 }
    #expect(readable > 100)
    let problems = try await store.verify().problems
    #expect(problems.contains { $0.contains("tables.db") }, "\(problems)")
    await store.close()
  }
}
