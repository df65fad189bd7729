import Client
import ProtobufBridge
import PunosAPI
import PunosMessages
import RPC
import Synchronization

/// Calls of one kind, so many at a time, for a while.
enum Calls {
  static func run(_ options: Options) async throws {
    let channel = try channel(options)
    let seconds = try options.number("seconds", default: 5)
    let parallel = try options.number("parallel", default: 64)
    let accounts = try options.number("accounts", default: 1_000_000)
    let rate = try options.number("rate", default: 0, least: 0)
    let paced = rate == 0 ? nil : rate
    switch try options.text("method") {
    case "GetAccount":
      let client = AccountServiceClient(channel)
      try await measure(seconds, parallel, rate: paced) { number in
        var request = GetAccountRequest()
        request.name = "accounts/" + SampleAccounts.id(number % accounts)
        return try await client.getAccount(request).serialized().count
      }
    case "GetAccountView":
      let client = AccountViewServiceClient(channel)
      let step = SampleAccounts.peopleEvery
      try await measure(seconds, parallel, rate: paced) { number in
        var request = GetAccountViewRequest()
        request.name = "accounts/" + SampleAccounts.id(number % (accounts / step) * step)
        return try await client.getAccountView(request).serialized().count
      }
    case "BatchUpsertContacts":
      let client = ContactServiceClient(channel)
      let employers = try options.number("employers", default: 0, least: 0)
      try await write(options, seconds, parallel, SampleAccounts.contact(employers: employers)) { contacts in
        var request = BatchUpsertContactsRequest()
        request.contacts = contacts
        return try await client.batchUpsertContacts(request).results
      }
    case "BatchUpsertInteractions":
      let client = InteractionServiceClient(channel)
      let together = try options.number("together", default: 1)
      let sample = SampleAccounts.interaction(accounts: accounts, together: together)
      try await write(options, seconds, parallel, sample) { interactions in
        var request = BatchUpsertInteractionsRequest()
        request.interactions = interactions
        return try await client.batchUpsertInteractions(request).results
      }
    case let other: throw BenchProblem(description: "\(other) is not measured here")
    }
    await channel.close()
  }

  /// Writes new records, a thousand a call, numbered from `--from` on.
  private static func write<Record: Sendable>(
    _ options: Options, _ seconds: Int, _ parallel: Int, _ sample: @escaping @Sendable (Int) -> Record,
    _ call: @escaping @Sendable ([Record]) async throws -> [UpsertResult]
  ) async throws {
    let batch = 1_000
    let start = try options.number("from", default: 1)
    try await measure(seconds, parallel) { number in
      let first = start + number * batch
      let results = try await call((first..<first + batch).map(sample))
      if let other = results.first(where: { $0.outcome != .created }) {
        throw BenchProblem(description: "not all were created: \(other.error?.message ?? "")")
      }
      return batch
    }
  }

  private static func channel(_ options: Options) throws -> GRPCChannel {
    let endpoint = try options.text("connect").split(separator: ":").map(String.init)
    guard endpoint.count == 2, let port = Int(endpoint[1]) else {
      throw BenchProblem(description: "--connect HOST:PORT was expected")
    }
    var configuration = ClientConfiguration(host: endpoint[0], port: port)
    configuration.caFile = try options.text("ca")
    configuration.certificateFile = try options.text("cert")
    configuration.keyFile = try options.text("key")
    return try GRPCChannel(configuration)
  }

  /// Calls from `parallel` tasks until the time is over, and prints what came of it, a figure a line.
  ///
  /// - Parameter rate: calls a second, begun at even distances whether those before are answered or not, as callers who know
  ///   nothing of each other do; what a call waits for its turn counts. nil: each task calls as soon as it has its answer.
  private static func measure(
    _ seconds: Int, _ parallel: Int, rate: Int? = nil, _ call: @escaping @Sendable (Int) async throws -> Int
  ) async throws {
    let numbers = Numbers()
    let clock = ContinuousClock()
    let began = clock.now
    let end = began + .seconds(seconds)
    let all = try await withThrowingTaskGroup(of: (latencies: [Int64], size: Int).self) { group in
      for _ in 0..<parallel {
        group.addTask {
          var latencies: [Int64] = []
          var size = 0
          while clock.now < end {
            let number = numbers.next()
            var start = clock.now
            if let rate {
              start = began + .nanoseconds(number * 1_000_000_000 / rate)
              if start >= end { break }
              if start > clock.now {
                try await Task.sleep(until: start, tolerance: .zero, clock: clock)
                // A timer that is late is not the server's doing.
                start = clock.now
              }
            }
            size += try await call(number)
            let (seconds, attoseconds) = start.duration(to: clock.now).components
            latencies.append(seconds * 1_000_000 + attoseconds / 1_000_000_000_000)
          }
          return (latencies, size)
        }
      }
      return try await group.reduce(into: ([Int64](), 0)) { sum, part in
        sum.0 += part.latencies
        sum.1 += part.size
      }
    }
    let (wholeSeconds, attoseconds) = began.duration(to: clock.now).components
    let elapsed = Double(wholeSeconds) + Double(attoseconds) / 1e18
    let latencies = all.0.sorted()
    guard !latencies.isEmpty else { throw BenchProblem(description: "no call was answered") }
    print("calls \(latencies.count)")
    print("per_second \(Int(Double(latencies.count) / elapsed))")
    print("sum \(all.1)")
    print("sum_per_second \(Int(Double(all.1) / elapsed))")
    print("p50_us \(latencies[latencies.count / 2])")
    print("p99_us \(latencies[min(latencies.count - 1, latencies.count * 99 / 100)])")
  }
}

/// 0, 1, 2 … for many tasks.
private final class Numbers: Sendable {
  private let last = Atomic(-1)

  func next() -> Int { last.add(1, ordering: .relaxed).newValue }
}
