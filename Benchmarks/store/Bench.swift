import Glibc
import Store
import StoreSQLite
import Synchronization

/// Nanoseconds of a clock that does not go back.
func ticks() -> UInt64 {
  var now = timespec()
  clock_gettime(CLOCK_MONOTONIC, &now)
  return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
}

/// What was asked for was not understood.
struct Usage: Error, CustomStringConvertible {
  var description: String
}

/// Latencies in nanoseconds.
struct Latencies: Sendable {
  var values: [UInt64] = []

  /// Microseconds at p50, p99 and the worst.
  func line() -> String {
    guard !values.isEmpty else { return "none" }
    let sorted = values.sorted()
    func at(_ share: Double) -> String {
      let nanos = sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
      return "\(nanos / 1_000).\(nanos % 1_000 / 100)"
    }
    return "p50 \(at(0.5)) µs, p90 \(at(0.9)) µs, p99 \(at(0.99)) µs, p99.9 \(at(0.999)) µs, max \(at(1)) µs"
  }
}

/// A value that tasks share.
final class Shared<Value: Sendable>: Sendable {
  private let state: Mutex<Value>

  init(_ value: Value) { state = Mutex(value) }

  func withLock<T: Sendable>(_ body: (inout Value) throws -> T) rethrows -> T {
    try state.withLock { value in try body(&value) }
  }
}

/// The benchmark's phases, each printing one or two lines.
struct Bench: Sendable {
  var directory = ""
  var accounts = 100_000
  var writers = 64
  var seconds = 10
  var load = LoadMode.off
  var skipped: Set<String> = []
  let seed: UInt64 = 42
  let tenant: TenantID

  init(_ arguments: [String]) throws {
    tenant = try TenantID("bench")
    var rest = arguments.dropFirst()
    while let word = rest.popFirst() {
      guard word.hasPrefix("--") else {
        directory = word
        continue
      }
      guard let value = rest.popFirst() else { throw Usage(description: "\(word) needs a value") }
      switch word {
      case "--accounts": accounts = Int(value) ?? accounts
      case "--writers": writers = Int(value) ?? writers
      case "--seconds": seconds = Int(value) ?? seconds
      case "--load":
        guard let mode = LoadMode(rawValue: value) else {
          throw Usage(description: "--load \(value): one of off, indexes, search, log was expected")
        }
        load = mode
      case "--skip": skipped = Set(value.split(separator: ",").map(String.init))
      default: throw Usage(description: "unknown option \(word)")
      }
    }
    if directory.isEmpty { throw Usage(description: "store-bench DIRECTORY [--accounts N] …") }
  }

  /// On no actor: the main one would add a switch of threads to every answer.
  @concurrent func run() async throws {
    print("seed \(seed), \(accounts) accounts, \(accounts * DataSet.recordsPerAccount) records")
    var store = try open()
    if try store.head(of: tenant) == .zero {
      try await fill(store)
      await store.close()
      store = try open()
    }
    if !skipped.contains("read") { try await reads(store, "read") }
    if !skipped.contains("single") { try await single(store) }
    if !skipped.contains("many") { try await many(store) }
    if !skipped.contains("mixed") { try await mixed(store) }
    if !skipped.contains("erase") { try await erasures(store) }
    print("resident \(resident()) MB")
    let closing = ticks()
    await store.close()
    print("close: \(Double(ticks() - closing) / 1e6) ms")
  }

  private func fill(_ store: SQLiteStore) async throws {
    let position = Shared(0)
    let (accounts, seed) = (self.accounts, self.seed)
    let began = ticks()
    let cpuBefore = cpuSeconds()
    let total = try await store.load(into: tenant, actor: Actor(principal: "bench"), load.mode) { count in
      position.withLock { (position: inout Int) in
        var batch: [(key: RecordKey, body: [UInt8])] = []
        batch.reserveCapacity(count)
        while batch.count + DataSet.recordsPerAccount <= count, position < accounts {
          batch += DataSet.records(of: position, seed: seed)
          position += 1
        }
        return batch
      }
    }
    let took = Double(ticks() - began) / 1e9
    let each = (cpuSeconds() - cpuBefore) * 1e6 / Double(max(1, total))
    print(
      "load (\(load.rawValue)): \(total) records in \(took) s, \(Int(Double(total) / took)) records/s, "
        + "\(Double(Int(each * 10)) / 10) µs of CPU each, resident \(resident()) MB")
    let building = ticks()
    while !store.health.buildingIndexes.isEmpty { try await Task.sleep(for: .milliseconds(50)) }
    let built = Double(ticks() - building) / 1e9
    if built > 0.05 {
      print("indexes built afterwards in \(built) s, \(Int(Double(total) / built)) records/s")
    }
  }

  private func reads(_ store: SQLiteStore, _ name: String) async throws {
    var random = Seeded(7)
    // A warm set, as a working day has: a tenth of the accounts, at most 20,000.
    let warm = max(1, min(accounts / 10, 20_000))
    let base = Int(random.next() % UInt64(max(1, accounts - warm)))
    for number in base..<(base + warm) {
      _ = try store.scan(account: DataSet.accountID(number), in: tenant, AccountScan())
    }
    for (label, span) in [("warm set of \(warm)", warm), ("all \(accounts)", accounts)] {
      var latencies = Latencies()
      var records = 0
      for _ in 0..<100_000 {
        let number =
          span == accounts ? Int(random.next() % UInt64(accounts)) : base + Int(random.next() % UInt64(warm))
        let account = DataSet.accountID(number)
        let began = ticks()
        records += try store.scan(account: account, in: tenant, AccountScan()).records.count
        latencies.values.append(ticks() - began)
      }
      print("\(name) account (\(label), \(Double(records) / 100_000) records): \(latencies.line())")
    }
  }

  private func put(_ store: SQLiteStore, _ random: inout Seeded) async throws {
    let number = Int(random.next() % UInt64(accounts))
    let key = RecordKey(
      account: DataSet.accountID(number), kind: DataSet.interaction, id: "r\(10 + random.next() % 10)")
    let body = DataSet.body(DataSet.interaction, &random, name: "x")
    _ = try await store.commit(
      Commit([.put(key, body: body, expecting: .any)], actor: Actor(principal: "bench", team: "t")),
      in: tenant)
  }

  private func single(_ store: SQLiteStore) async throws {
    var random = Seeded(11)
    var latencies = Latencies()
    for _ in 0..<5_000 {
      let began = ticks()
      try await put(store, &random)
      latencies.values.append(ticks() - began)
    }
    print("one durable write at a time: \(latencies.line())")
  }

  private func many(_ store: SQLiteStore) async throws {
    let end = ticks() + UInt64(seconds) * 1_000_000_000
    let began = ticks()
    let worst = Shared((wal: 0, unapplied: 0))
    let cpuBefore = cpuSeconds()
    let all = try await withThrowingTaskGroup(of: Latencies.self) { group in
      for writer in 0..<writers {
        group.addTask {
          var random = Seeded(UInt64(1_000 + writer))
          var latencies = Latencies()
          while ticks() < end {
            let began = ticks()
            try await put(store, &random)
            latencies.values.append(ticks() - began)
          }
          return latencies
        }
      }
      group.addTask {
        while ticks() < end {
          let health = store.health
          worst.withLock {
            $0.wal = max($0.wal, health.walBytes)
            $0.unapplied = max($0.unapplied, health.unappliedCommits)
          }
          try await Task.sleep(for: .milliseconds(20))
        }
        return Latencies()
      }
      return try await group.reduce(into: Latencies()) { $0.values += $1.values }
    }
    let took = Double(ticks() - began) / 1e9
    let (wal, unapplied) = worst.withLock { ($0.wal, $0.unapplied) }
    let rate = Int(Double(all.values.count) / took)
    print("\(writers) writers: \(rate) durable writes/s, \(all.line())")
    print("  WAL up to \(wal >> 20) MB, unapplied up to \(unapplied), resident \(resident()) MB")
    let behind = ticks()
    let left = store.health.unappliedCommits
    _ = try await store.find(
      IndexQuery(kind: DataSet.interaction, index: "by_time", limit: 1), in: tenant)
    print("tables caught up: \(left) commits in \(Double(ticks() - behind) / 1e6) ms")
    // With what was left to catch up: a batch put off is not a batch saved.
    let each = (cpuSeconds() - cpuBefore) * 1e6 / Double(max(1, all.values.count))
    print("  \(Double(Int(each * 10)) / 10) µs of CPU a write in all")
  }

  private func mixed(_ store: SQLiteStore) async throws {
    let done = Shared(false)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        var random = Seeded(77)
        while !done.withLock({ $0 }) {
          try await put(store, &random)
          try await Task.sleep(for: .milliseconds(1))
        }
      }
      group.addTask {
        try await reads(store, "read beside 1,000 writes/s:")
        done.withLock { $0 = true }
      }
      try await group.waitForAll()
    }
  }
}

/// Megabytes this process holds in memory.
func resident() -> Int {
  guard let file = fopen("/proc/self/statm", "r") else { return 0 }
  defer { fclose(file) }
  var line = [CChar](repeating: 0, count: 128)
  guard fgets(&line, 128, file) != nil else { return 0 }
  let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
  return (pages * 4_096) >> 20
}

func cpuSeconds() -> Double {
  var used = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used)
  return Double(used.tv_sec) + Double(used.tv_nsec) / 1e9
}
