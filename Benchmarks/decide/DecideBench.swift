import ProtobufBridge
import PunosMessages
import Store
import StoreSQLite
import Synchronization
import TextAnalysis

/// Fills the store of an installation with accounts that moved through the journey, and committees that decide.
///
///     decide-bench --store FOLDER --tenant NAME [--accounts N] [--committees N]
@main
struct DecideBench {
  static func main() async throws {
    let options = try Options(CommandLine.arguments.dropFirst())
    let accounts = try options.number("accounts", default: 1_000_000)
    let committees = min(accounts, try options.number("committees", default: 2_000))
    let schema = try RecordSchema(
      schema: Schema.shared, fold: { NameOrder.form($0) }, foldVersion: NameOrder.version)
    // With search: the server would otherwise make its index behind the calls that are measured.
    let store = try SQLiteStore(
      directory: try options.text("store"), schema: schema, options: SQLiteStoreOptions(),
      analyser: TextAnalyser())
    let next = Mutex(0)
    let moves = Mutex(0)
    let clock = ContinuousClock()
    let began = clock.now
    let total = try await store.load(
      into: try TenantID(try options.text("tenant")), actor: Actor(principal: "bench", team: "bench"),
      .indexed
    ) { wanted in
      next.withLock { next in
        var records: [(key: RecordKey, body: [UInt8])] = []
        while next < accounts, records.count < wanted {
          var account = SampleLife(number: next)
          let made = account.records(withCommittee: next < committees)
          moves.withLock { $0 += account.moves }
          records += made
          next += 1
        }
        return records
      }
    }
    await store.close()
    let seconds = began.duration(to: clock.now).components.seconds
    print(
      "loaded \(total) records, \(moves.withLock { $0 }) moves among them, of \(accounts) accounts in \(seconds) s"
    )
  }
}

/// `--name value` pairs.
struct Options {
  private var values: [String: String] = [:]

  init(_ arguments: some Sequence<String>) throws {
    var iterator = arguments.makeIterator()
    while let name = iterator.next() {
      guard name.hasPrefix("--"), let value = iterator.next() else {
        throw BenchProblem(description: "\(name): a flag with a value was expected")
      }
      values[String(name.dropFirst(2))] = value
    }
  }

  func text(_ name: String) throws -> String {
    guard let value = values[name] else { throw BenchProblem(description: "--\(name) is missing") }
    return value
  }

  func number(_ name: String, default fallback: Int) throws -> Int {
    guard let text = values[name] else { return fallback }
    guard let number = Int(text), number > 0 else {
      throw BenchProblem(description: "--\(name) \(text): a number above 0 was expected")
    }
    return number
  }
}

/// What keeps the benchmark from running.
struct BenchProblem: Error, CustomStringConvertible {
  var description: String
}
