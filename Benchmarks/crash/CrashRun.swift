import Glibc
import Store
import StoreConformance
import StoreSQLite

/// A promise that a killed store did not keep, or a child that could not be started.
struct CrashFailure: Error, CustomStringConvertible {
  var description: String
}

/// The parent: starts children, kills them, and looks at what they leave.
struct CrashRun {
  let directory: String
  var kills = 500
  var seed = UInt64.random(in: 0..<1_000_000_000)

  /// Kills before a new store is begun: long enough to pile up, short enough to verify the whole each time.
  private static let killsPerStore = 25

  init(_ arguments: [String]) throws {
    directory = arguments[2]
    var rest = arguments.dropFirst(3)
    while let word = rest.popFirst(), let value = rest.popFirst() {
      if word == "--kills" { kills = Int(value) ?? kills }
      if word == "--seed" { seed = UInt64(value) ?? seed }
    }
  }

  func run() async throws {
    print("\(kills) kills, seed \(seed), \(CrashWriter.writers) writers")
    var random = SeededGenerator(seed)
    var acknowledged = 0
    var atPoints = 0
    var watcher = Revision.zero
    for number in 0..<kills {
      let path = "\(directory)/store-\(number / Self.killsPerStore)"
      if number % Self.killsPerStore == 0 { watcher = .zero }
      let points = CrashPoints.Point.allCases
      let point = number % 2 == 0 ? nil : points[Int(random.next() % UInt64(points.count))]
      let acks: [Ack]
      if let point {
        atPoints += 1
        acks = try child(
          path, random.next() % 1_000_000, point, 1 + Int(random.next() % 40), killAfter: 3_000)
      } else {
        acks = try child(path, random.next() % 1_000_000, nil, 0, killAfter: 20 + Int(random.next() % 250))
      }
      acknowledged += acks.count
      do {
        try await check(path, acks, &watcher)
      } catch {
        throw CrashFailure(
          description: "kill \(number) (seed \(seed), \(point.map { "at \($0)" } ?? "at random")): \(error)")
      }
    }
    print("\(kills) kills (\(atPoints) at named points), \(acknowledged) acknowledged writes: none lost")
  }

  struct Ack {
    var writer: Int
    var round: Int
    var revision: Revision
  }

  private func child(
    _ path: String, _ seed: UInt64, _ point: CrashPoints.Point?, _ count: Int, killAfter: Int
  ) throws
    -> [Ack]
  {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw CrashFailure(description: "no pipe") }
    var words = [Self.ownPath(), "write", path, String(seed)]
    if let point { words += [point.rawValue, String(count)] }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    posix_spawn_file_actions_addclose(&actions, ends[0])
    defer { posix_spawn_file_actions_destroy(&actions) }
    var pid = pid_t()
    let argv = words.map { strdup($0) } + [nil]
    defer { for word in argv { free(word) } }
    let code = posix_spawn(&pid, words[0], &actions, nil, argv, environ)
    close(ends[1])
    guard code == 0 else { throw CrashFailure(description: "cannot start \(words[0]): \(code)") }
    let output = Self.read(ends[0], from: pid, killAfter: killAfter)
    close(ends[0])
    var status: Int32 = 0
    waitpid(pid, &status, 0)
    guard status & 0x7f == SIGKILL else {
      throw CrashFailure(description: "the child ended by itself, status \(status)")
    }
    return try Self.acks(output)
  }

  /// Reads until the pipe's other end is gone; kills the child when its time is up.
  private static func read(_ file: Int32, from pid: pid_t, killAfter milliseconds: Int) -> [UInt8] {
    var output: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    let deadline = now() + milliseconds
    var isKilled = false
    while true {
      var waiting = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
      let left = max(0, deadline - now())
      let ready = poll(&waiting, 1, isKilled ? -1 : Int32(left))
      if !isKilled, ready == 0 || left == 0 {
        kill(pid, SIGKILL)
        isKilled = true
      }
      if ready > 0 {
        let count = chunk.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress, $0.count) }
        if count <= 0 { return output }
        output += chunk[0..<count]
      }
    }
  }

  private static func acks(_ output: [UInt8]) throws -> [Ack] {
    try String(decoding: output, as: UTF8.self).split(separator: "\n").map { line in
      let parts = line.split(separator: " ")
      guard parts.count == 3, let writer = Int(parts[0]), let round = Int(parts[1]),
        let revision = Int64(parts[2])
      else {
        throw CrashFailure(description: "the child said: \(line)")
      }
      return Ack(writer: writer, round: round, revision: Revision(revision))
    }
  }

  private static func now() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1_000 + time.tv_nsec / 1_000_000
  }

  private static func ownPath() -> String {
    var buffer = [CChar](repeating: 0, count: 4_096)
    let count = readlink("/proc/self/exe", &buffer, buffer.count)
    return String(decoding: buffer[0..<max(0, count)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  // MARK: What is left

  private func check(_ path: String, _ acks: [Ack], _ watcher: inout Revision) async throws {
    let store = try SQLiteStore(directory: path, schema: SampleSchema.schema())
    let tenant = try TenantID("crash")
    let head = try store.head(of: tenant)
    var requests: [String: Revision] = [:]
    var rounds: [Int: Int64] = [:]
    var expected = Revision.zero
    while expected < head {
      let page = try await store.changes(in: tenant, after: expected)
      for change in page.changes where change.index == 0 {
        guard change.revision.rawValue == expected.rawValue + 1 else {
          throw CrashFailure(description: "revision \(change.revision) follows \(expected)")
        }
        expected = change.revision
        if let twice = requests.updateValue(change.revision, forKey: change.requestID) {
          throw CrashFailure(
            description: "\(change.requestID) has two effects: \(twice) and \(change.revision)")
        }
      }
    }
    for ack in acks {
      guard requests["w\(ack.writer)-\(ack.round)"] == ack.revision else {
        throw CrashFailure(description: "acknowledged and lost: writer \(ack.writer) round \(ack.round)")
      }
      rounds[ack.writer] = Int64(ack.round)
    }
    for (writer, round) in rounds {
      let record = try store.read(CrashWriter.recordKey(writer), in: tenant)
      let stored = try record.map { try SampleBody(bytes: $0.body)["amount"].flatMap(Int64.init) ?? 0 } ?? 0
      if stored < round {
        throw CrashFailure(description: "writer \(writer) is at \(stored), acknowledged was \(round)")
      }
    }
    try await goOnWatching(store, tenant, head, &watcher)
    let problems = try await store.verify().problems
    if !problems.isEmpty { throw CrashFailure(description: problems.joined(separator: "; ")) }
    await store.close()
  }

  /// The parent's own watcher, which lives through all the kills.
  private func goOnWatching(
    _ store: SQLiteStore, _ tenant: TenantID, _ head: Revision, _ watcher: inout Revision
  )
    async throws
  {
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
}
