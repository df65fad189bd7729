import CFaultVFS
import Foundation
import Store
import StoreConformance
import Testing

@testable import StoreSQLite

/// What reads, an opening and an erasure do where the disk fails them.
extension AStoreOnAFailingDisk {
  static let readFaults = [true, false].flatMap { forEver in
    ["log.db", "tables.db"].map {
      Fault(kind: Int32(PUNOS_FAULT_READ.rawValue), isForEver: forEver, file: $0)
    }
  }

  /// As ``stride``: each of these takes many calls and longer.
  private static let rareStride = stride == 1 ? 1 : stride * 5

  /// Tries a fault at some calls of what `strikes` does, in turn, until one is not reached any more.
  private func tryEverywhere(_ fault: Fault, stride: Int, _ strikes: (Int) async throws -> Bool) async throws
  {
    defer { punos_fault_arm(Int32(PUNOS_FAULT_NONE.rawValue), 0, 0, "") }
    #expect(try await strikes(0), "the fault was never reached")
    var at = Int.random(in: 1...stride)
    print("\(fault): at every \(stride) calls from \(at)")
    while try await strikes(at) { at += stride }
  }

  private func arm(_ fault: Fault, _ at: Int) {
    punos_fault_arm(fault.kind, at, fault.isForEver ? 1 : 0, fault.file)
  }

  /// - Returns: whether it had struck.
  private func disarm() -> Bool {
    defer { punos_fault_arm(Int32(PUNOS_FAULT_NONE.rawValue), 0, 0, "") }
    return punos_fault_strikes() > 0
  }

  @Test(arguments: readFaults) func aReadThatFailsSaysSoAndIsNeverTakenForNothingThere(_ fault: Fault)
    async throws
  {
    try await tryEverywhere(fault, stride: Self.rareStride) { at in
      let path = directory.path + "/\(at)"
      var store = try open(path, cacheKilobytes: 16)
      for number in 0..<8 { _ = try await put(store, "before\(number)", "1") }
      #expect(try await find(store).count == 8)
      arm(fault, at)
      var acknowledged: [String] = []
      for number in 0..<3 {
        do {
          _ = try await put(store, "n\(number)", "1")
          acknowledged.append("n\(number)")
        } catch is any StoreError {}
        for id in (0..<8).map({ "before\($0)" }) + acknowledged {
          do {
            #expect(try name(store, id) == "1", "\(fault) at \(at)")
          } catch is ReadFailed {}
        }
        do {
          #expect(try await find(store).count >= 8, "\(fault) at \(at)")
          let changes = try await store.changes(in: tenant, after: .zero).changes
          #expect(changes.count >= 8 + acknowledged.count, "\(fault) at \(at)")
        } catch is ReadFailed {}
      }
      await store.close()
      let struck = disarm()
      store = try open(path)
      for id in acknowledged { #expect(try name(store, id) == "1", "\(fault) at \(at): \(id) is lost") }
      #expect(try await store.verify().problems == [], "\(fault) at \(at)")
      _ = try await put(store, "later", "x")
      await store.close()
      try FileManager.default.removeItem(atPath: path)
      return struck
    }
  }

  @Test(arguments: faults + readFaults) func anOpeningThatFailsLosesNothing(_ fault: Fault) async throws {
    try await tryEverywhere(fault, stride: fault.isSync ? 1 : Self.rareStride) { at in
      let path = directory.path + "/\(at)"
      // As a killed server leaves it: a log with a write-ahead log, and tables that have nothing of it.
      let killed = path + "-killed"
      var store = try open(killed)
      for number in 0..<8 { _ = try await put(store, "n\(number)", "1") }
      try await finishCheckpoints(store)
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
      for file in ["log.db", "log.db-wal"] {
        try FileManager.default.copyItem(atPath: killed + "/" + file, toPath: path + "/" + file)
      }
      await store.close()
      try FileManager.default.removeItem(atPath: killed)
      arm(fault, at)
      do {
        await (try open(path)).close()
      } catch is OpenFailed {}
      let struck = disarm()
      store = try open(path)
      for number in 0..<8 { #expect(try name(store, "n\(number)") == "1", "\(fault) at \(at)") }
      #expect(try await store.verify().problems == [], "\(fault) at \(at)")
      await store.close()
      try FileManager.default.removeItem(atPath: path)
      return struck
    }
  }

  @Test(arguments: faults + readFaults)
  func anErasureIsAnsweredWhenNothingIsLeftAndGoesOnWhereItFailed(_ fault: Fault) async throws {
    try await tryEverywhere(fault, stride: fault.isSync ? 2 : Self.rareStride) { at in
      let path = directory.path + "/\(at)"
      var store = try open(path)
      try await putSecret(store)
      _ = try await put(store, "other", "1")
      _ = try await find(store)
      arm(fault, at)
      var isAnswered = false
      do {
        try await eraseSecret(store)
        isAnswered = true
      } catch is any StoreError {}
      if isAnswered { try expectNoSecret(in: path, "\(fault) at \(at)") }
      await store.close()
      let struck = disarm()
      store = try open(path)
      try await store.resumeErasures()
      let isBegun = try store.head(of: tenant) > Revision(2)
      #expect(isBegun || !isAnswered)
      if isBegun { try expectNoSecret(in: path, "\(fault) at \(at), gone on with") }
      if !isAnswered { try await eraseSecret(store) }
      try expectNoSecret(in: path, "\(fault) at \(at), asked again")
      #expect(try name(store, "other") == "1")
      #expect(try await store.verify().problems == [], "\(fault) at \(at)")
      await store.close()
      try FileManager.default.removeItem(atPath: path)
      return struck
    }
  }

  private static let secret = "likes the sauna"

  private func putSecret(_ store: SQLiteStore) async throws {
    var body = SampleBody(name: "secret", about: ["persons/matti"])
    body.fields.append(("said", Self.secret))
    let key = RecordKey(account: "a", kind: SampleKind.note, id: "secret")
    _ = try await store.commit(
      Commit([.put(key, body: body.bytes, expecting: .any)], actor: Actor(principal: "p")), in: tenant)
  }

  private func eraseSecret(_ store: SQLiteStore) async throws {
    _ = try await store.erase(
      Erasure(subject: "persons/matti", actor: Actor(principal: "p"), reason: "asked"), in: tenant)
  }

  private func expectNoSecret(in path: String, _ when: String) throws {
    for file in try FileManager.default.contentsOfDirectory(atPath: path) {
      let data = try Data(contentsOf: URL(fileURLWithPath: path + "/" + file))
      #expect(data.range(of: Data(Self.secret.utf8)) == nil, "\(when): \(file) still has it")
    }
  }
}
