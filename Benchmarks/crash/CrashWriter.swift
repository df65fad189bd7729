import Glibc
import Store
import StoreConformance
import StoreSQLite
import Synchronization

/// The child: writes, watches, compacts and erases until it is killed.
struct CrashWriter {
  static let writers = 32
  let directory: String
  let seed: UInt64
  /// Where its watcher goes on.
  let watched: Revision
  let point: CrashPoints.Point?
  let count: Int

  init(_ arguments: [String]) throws {
    directory = arguments[2]
    seed = UInt64(arguments[3]) ?? 0
    watched = Revision(Int64(arguments[4]) ?? 0)
    point = arguments.count > 5 ? CrashPoints.Point(rawValue: arguments[5]) : nil
    count = arguments.count > 6 ? Int(arguments[6]) ?? 1 : 1
  }

  static func recordKey(_ writer: Int) -> RecordKey {
    RecordKey(account: "a\(writer % 5)", kind: SampleKind.note, id: "w\(writer)")
  }

  static func body(_ writer: Int, _ round: Int) -> SampleBody {
    SampleBody(name: "w\(writer)", tags: ["t\(round % 7)"], amount: Int64(round), when: Int64(round))
  }

  func run() async throws {
    var options = SQLiteStoreOptions()
    options.pace.logCheckpointFrames = Self.checkpointFrames
    options.pace.tablesCheckpointFrames = Self.checkpointFrames
    options.pace.buildRecords = Self.buildRecords
    if let point {
      let left = Countdown(count)
      options.crashPoints = CrashPoints { reached in
        if reached == point, left.isLast() { kill(getpid(), SIGKILL) }
      }
    }
    let store = try SQLiteStore(directory: directory, schema: schema(), options: options)
    let tenant = try TenantID("crash")
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<Self.writers {
        group.addTask { try await write(store, tenant, writer) }
      }
      group.addTask { try await watch(store, tenant) }
      group.addTask { try await keepHouse(store, tenant) }
      try await group.waitForAll()
    }
  }

  // So little at a time that every child copies, builds and goes on building.
  private static let checkpointFrames = 400
  private static let buildRecords = 40

  /// Every other child has an index more, which is built and cleared away again.
  private func schema() -> RecordSchema {
    let more = seed % 2 == 0 ? [IndexDefinition(name: "by_amount", fields: 1, promise: .plain)] : []
    return SampleSchema.schema(noteIndexes: SampleSchema.noteIndexes + more)
  }

  /// Says what it sees, so that the parent can tell whether anything came twice or never, and goes on from there.
  private func watch(_ store: SQLiteStore, _ tenant: TenantID) async throws {
    for try await page in store.watch(in: tenant, after: watched) {
      for change in page.changes where change.index == 0 {
        say("W \(change.revision) \(Self.digest(of: change))")
      }
    }
  }

  /// What a change is known by. Its bodies may be erased later.
  static func digest(of change: Change) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in "\(change.requestID) \(change.key) \(change.operation)".utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
    }
    return hash
  }

  static func secret(_ name: String) -> String { "~secret of \(name)." }

  /// Erases a person after the other, and lets go of what earlier children wrote.
  private func keepHouse(_ store: SQLiteStore, _ tenant: TenantID) async throws {
    let actor = Actor(principal: "crash")
    var number = 0
    while true {
      number += 1
      let name = "\(seed)x\(number)"
      var body = SampleBody(name: "e", about: ["persons/\(name)"])
      body.fields.append(("said", Self.secret(name)))
      let key = RecordKey(account: "e", kind: SampleKind.note, id: "e\(number % 3)")
      _ = try await store.commit(
        Commit([.put(key, body: body.bytes, expecting: .any)], actor: actor, requestID: "h\(name)"),
        in: tenant)
      _ = try await store.erase(
        Erasure(subject: "persons/\(name)", actor: actor, reason: "asked", requestID: "e\(name)"), in: tenant)
      say("E \(name)")
      var now = timespec()
      clock_gettime(CLOCK_REALTIME, &now)
      try await store.compact(before: Moment(seconds: Int64(now.tv_sec) - Self.keptSeconds))
    }
  }

  /// A watcher is never so far behind.
  private static let keptSeconds: Int64 = 2

  private func write(_ store: SQLiteStore, _ tenant: TenantID, _ writer: Int) async throws {
    var random = SeededGenerator(seed &+ UInt64(writer))
    var round = 0
    if let known = try store.read(Self.recordKey(writer), in: tenant) {
      // Its last write is durable, acknowledged or not: asking again must change nothing.
      round = Int(try SampleBody(bytes: known.body)["amount"] ?? "0") ?? 0
      let again = try await store.commit(commit(writer, round), in: tenant)
      if !again.isRepeat || again.revision != known.revision {
        say("FAIL writer \(writer) round \(round): a repeat had a second effect")
      }
    }
    while true {
      round += 1
      let receipt = try await store.commit(commit(writer, round), in: tenant)
      say("\(writer) \(round) \(receipt.revision)")
      if random.next() % 16 == 0 { await Task.yield() }
    }
  }

  private func commit(_ writer: Int, _ round: Int) -> Commit {
    let body = Self.body(writer, round).bytes
    return Commit(
      [
        .put(Self.recordKey(writer), body: body, expecting: .any),
        .put(
          RecordKey(account: "b\(writer % 3)", kind: SampleKind.blob, id: "w\(writer)-\(round % 50)"),
          body: body, expecting: .any),
      ], actor: Actor(principal: "crash"), requestID: "w\(writer)-\(round)")
  }

  /// One system call a line, so that a kill never leaves half of one.
  private func say(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = bytes.withUnsafeBytes { Glibc.write(1, $0.baseAddress, $0.count) }
  }
}

/// Says once that it is the last.
final class Countdown: Sendable {
  private let left: Atomic<Int>

  init(_ count: Int) { left = Atomic(count) }

  func isLast() -> Bool { left.subtract(1, ordering: .relaxed).newValue == 0 }
}
