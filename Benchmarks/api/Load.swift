import ProtobufBridge
import PunosMessages
import Store
import StoreSQLite
import Synchronization
import TextAnalysis

/// Fills the store of an installation, so that calls can be measured against a big one.
enum Load {
  static func run(_ options: Options) async throws {
    let count = try options.number("accounts", default: 1_000_000)
    let schema = try RecordSchema(
      schema: Schema.shared, fold: { NameOrder.form($0) }, foldVersion: NameOrder.version)
    // With search: the server would otherwise make its index behind the calls that are measured.
    let store = try SQLiteStore(
      directory: try options.text("store"), schema: schema, options: SQLiteStoreOptions(),
      analyser: TextAnalyser())
    let next = Mutex(0)
    let clock = ContinuousClock()
    let began = clock.now
    let total = try await store.load(
      into: try TenantID(try options.text("tenant")), actor: Actor(principal: "bench", team: "bench"),
      .indexed
    ) { wanted in
      next.withLock { next in
        var records: [(key: RecordKey, body: [UInt8])] = []
        while next < count, records.count < wanted {
          records += SampleAccounts.records(next)
          next += 1
        }
        return records
      }
    }
    await store.close()
    let seconds = Double(began.duration(to: clock.now).components.seconds)
    print("loaded \(total) records of \(count) accounts in \(Int(seconds)) s")
  }
}
