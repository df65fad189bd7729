import Glibc
import Store
import StoreConformance
import StoreSQLite
import Synchronization

/// The child: writes until it is killed.
struct CrashWriter {
  static let writers = 32
  let directory: String
  let seed: UInt64
  let point: CrashPoints.Point?
  let count: Int

  init(_ arguments: [String]) throws {
    directory = arguments[2]
    seed = UInt64(arguments[3]) ?? 0
    point = arguments.count > 4 ? CrashPoints.Point(rawValue: arguments[4]) : nil
    count = arguments.count > 5 ? Int(arguments[5]) ?? 1 : 1
  }

  static func recordKey(_ writer: Int) -> RecordKey {
    RecordKey(account: "a\(writer % 5)", kind: SampleKind.note, id: "w\(writer)")
  }

  static func body(_ writer: Int, _ round: Int) -> SampleBody {
    SampleBody(name: "w\(writer)", tags: ["t\(round % 7)"], amount: Int64(round), when: Int64(round))
  }

  func run() async throws {
    var options = SQLiteStoreOptions()
    if let point {
      let left = Countdown(count)
      options.crashPoints = CrashPoints { reached in
        if reached == point, left.isLast() { kill(getpid(), SIGKILL) }
      }
    }
    let store = try SQLiteStore(directory: directory, schema: SampleSchema.schema(), options: options)
    let tenant = try TenantID("crash")
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<Self.writers {
        group.addTask { try await write(store, tenant, writer) }
      }
      try await group.waitForAll()
    }
  }

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
