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
    var erased = 0
    var watched = 0
    var atPoints = 0
    var watcher = Revision.zero
    for number in 0..<kills {
      let path = "\(directory)/store-\(number / Self.killsPerStore)"
      if number % Self.killsPerStore == 0 { watcher = .zero }
      let points = CrashPoints.Point.allCases
      let point = number % 2 == 0 ? nil : points[Int(random.next() % UInt64(points.count))]
      let said: ChildOutput
      let seed = random.next() % 1_000_000
      if let point {
        atPoints += 1
        let count = Self.isOften(point) ? 1 + Int(random.next() % 40) : 1 + Int(random.next() % 3)
        said = try child(path, seed, watcher, point, count, killAfter: 3_000)
      } else {
        said = try child(path, seed, watcher, nil, 0, killAfter: 20 + Int(random.next() % 250))
      }
      acknowledged += said.acks.count
      erased += said.erased.count
      watched += said.watched.count
      do {
        try await CrashCheck(path: path, said: said).run(&watcher)
      } catch {
        throw CrashFailure(
          description: "kill \(number) (seed \(seed), \(point.map { "at \($0)" } ?? "at random")): \(error)")
      }
    }
    print(
      "\(kills) kills (\(atPoints) at named points), \(acknowledged) acknowledged writes: none lost; \(watched) changes watched, "
        + "\(erased) persons erased")
  }

  /// Whether a child comes by a point many times a second.
  private static func isOften(_ point: CrashPoints.Point) -> Bool {
    switch point {
    case .begun, .written, .committed, .published, .answered, .applying, .applied: true
    default: false
    }
  }

  private func child(
    _ path: String, _ seed: UInt64, _ watched: Revision, _ point: CrashPoints.Point?, _ count: Int,
    killAfter: Int
  ) throws -> ChildOutput {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw CrashFailure(description: "no pipe") }
    var words = [Self.ownPath(), "write", path, String(seed), String(watched.rawValue)]
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
    return try ChildOutput(output)
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
}
