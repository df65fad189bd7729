import Glibc
import Store
import StoreConformance
import StoreSQLite

/// Looks whether what a killed child left keeps the promises it made.
struct CrashCheck {
  let path: String
  let said: ChildOutput

  /// - Parameter watcher: where the watcher was that lives through all the kills, now in a child, now here; where it is after.
  func run(_ watcher: inout Revision) async throws {
    let store = try SQLiteStore(directory: path, schema: SampleSchema.schema())
    let tenant = try TenantID("crash")
    let head = try store.head(of: tenant)
    let log = try await readLog(store, tenant, head)
    for ack in said.acks where ack.revision > log.oldest {
      guard log.requests["w\(ack.writer)-\(ack.round)"] == ack.revision else {
        throw CrashFailure(description: "acknowledged and lost: writer \(ack.writer) round \(ack.round)")
      }
    }
    try checkRecords(store, tenant)
    try checkWatched(log, from: &watcher)
    guard watcher <= head else {
      throw CrashFailure(description: "a watcher saw \(watcher), and the log ends at \(head)")
    }
    try await goOnWatching(store, tenant, head, &watcher)
    let problems = try await store.verify().problems
    if !problems.isEmpty { throw CrashFailure(description: problems.joined(separator: "; ")) }
    await store.close()
    try checkErased()
  }

  private struct Log {
    var oldest = Revision.zero
    var requests: [String: Revision] = [:]
    var digests: [Revision: UInt64] = [:]
  }

  /// All that is kept, contiguous, each request once.
  private func readLog(_ store: SQLiteStore, _ tenant: TenantID, _ head: Revision) async throws -> Log {
    var log = Log()
    do {
      _ = try await store.changes(in: tenant, after: .zero, limit: 1)
    } catch let compacted as Compacted {
      log.oldest = compacted.oldest
    }
    var expected = log.oldest
    while expected < head {
      let page = try await store.changes(in: tenant, after: expected)
      for change in page.changes where change.index == 0 {
        guard change.revision.rawValue == expected.rawValue + 1 else {
          throw CrashFailure(description: "revision \(change.revision) follows \(expected)")
        }
        expected = change.revision
        log.digests[change.revision] = CrashWriter.digest(of: change)
        if let twice = log.requests.updateValue(change.revision, forKey: change.requestID) {
          throw CrashFailure(
            description: "\(change.requestID) has two effects: \(twice) and \(change.revision)")
        }
      }
    }
    return log
  }

  private func checkRecords(_ store: SQLiteStore, _ tenant: TenantID) throws {
    var rounds: [Int: Int64] = [:]
    for ack in said.acks { rounds[ack.writer] = Int64(ack.round) }
    for (writer, round) in rounds {
      let record = try store.read(CrashWriter.recordKey(writer), in: tenant)
      let stored = try record.map { try SampleBody(bytes: $0.body)["amount"].flatMap(Int64.init) ?? 0 } ?? 0
      if stored < round {
        throw CrashFailure(description: "writer \(writer) is at \(stored), acknowledged was \(round)")
      }
    }
  }

  /// What the child's watcher saw is what the log has, each once and in order, from where it was told to go on.
  private func checkWatched(_ log: Log, from watcher: inout Revision) throws {
    for seen in said.watched {
      guard seen.revision.rawValue == watcher.rawValue + 1 else {
        throw CrashFailure(description: "the child's watcher at \(watcher) got \(seen.revision)")
      }
      if seen.revision > log.oldest, log.digests[seen.revision] != seen.digest {
        throw CrashFailure(
          description: "the child's watcher saw another change \(seen.revision) than the log has")
      }
      watcher = seen.revision
    }
  }

  private func goOnWatching(
    _ store: SQLiteStore, _ tenant: TenantID, _ head: Revision, _ watcher: inout Revision
  ) async throws {
    guard watcher < head else { return }
    for try await page in store.watch(in: tenant, after: watcher) {
      var next = watcher.rawValue
      for change in page.changes where change.index == 0 {
        guard change.revision.rawValue == next + 1 else {
          throw CrashFailure(description: "the watcher at \(next) got \(change.revision)")
        }
        next = change.revision.rawValue
      }
      watcher = page.through
      if watcher >= head { return }
    }
  }

  /// Whose erasure was answered is in no file.
  private func checkErased() throws {
    for file in ["log.db", "log.db-wal", "tables.db", "tables.db-wal"] {
      guard let bytes = try Self.bytes(of: path + "/" + file) else { continue }
      for name in said.erased where Self.holds(bytes, Array(CrashWriter.secret(name).utf8)) {
        throw CrashFailure(description: "\(name) was erased, and \(file) still has what was said")
      }
    }
  }

  private static func holds(_ bytes: [UInt8], _ wanted: [UInt8]) -> Bool {
    bytes.withUnsafeBytes { raw in
      guard let base = raw.baseAddress, let first = wanted.first else { return false }
      var at = 0
      while at + wanted.count <= raw.count {
        guard let found = memchr(base + at, Int32(first), raw.count - at) else { return false }
        at = UnsafeRawPointer(found) - base
        if at + wanted.count <= raw.count, memcmp(base + at, wanted, wanted.count) == 0 { return true }
        at += 1
      }
      return false
    }
  }

  /// - Returns: nil where there is no such file, or nothing in it.
  private static func bytes(of path: String) throws -> [UInt8]? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = fread(&chunk, 1, chunk.count, file)
      if count == 0 { return bytes.isEmpty ? nil : bytes }
      bytes += chunk[0..<count]
    }
  }
}
