internal import Store
internal import Synchronization

/// Keeps search up with the tables: at once while little is written, and later under a load, when what a record puts into
/// the index costs as much as everything else that its commit does.
///
/// A batch that came up full means that writers have more to say than the tables take. The keys of its records are then
/// put aside in a table, in the transaction of the batch, and search is given them once no full batch has come for a while,
/// or somebody searches, or too many wait. What is given is each record as it is then: a record that changed ten times
/// meanwhile is given once.
///
/// `@unchecked Sendable`: `lastPostponed` is touched on the applier's thread only (and by the opening before it starts).
final class SearchFeeder: @unchecked Sendable {
  private let search: any SearchIndexer
  private let plans: [RecordKind: KindPlan]
  private let pace: SQLiteStoreOptions.Pace
  private let count: Atomic<Int>
  private var lastPostponed: UInt64 = 0

  /// How long no batch may have been put aside before what waits is worked on unasked, in nanoseconds: a load that makes a
  /// pause of that length has ended.
  private static let calm: UInt64 = 1_000_000_000

  init(
    _ search: any SearchIndexer, plans: [RecordKind: KindPlan], pace: SQLiteStoreOptions.Pace,
    on connection: Connection
  ) throws {
    self.search = search
    self.plans = plans
    self.pace = pace
    count = Atomic(try search.postponedCount(on: connection))
  }

  /// Records that search does not know as they are, about: one that changed twice may count twice.
  var waiting: Int { count.load(ordering: .acquiring) }

  /// When to go on with what waits, where nobody asks for it; nil: nothing does.
  var due: UInt64? { waiting == 0 ? nil : lastPostponed &+ Self.calm }

  /// What a batch brings for search.
  enum Step {
    case now(AnalysisAhead)
    case later([[UInt8]])
  }

  /// Begins what search has to do for a batch: called before the tables are written, so that texts are analysed meanwhile.
  func begin(_ batch: ApplyBatch) -> Step {
    if batch.changes >= pace.searchBehindChanges, waiting < pace.searchBehindLimit {
      return .later(batch.searchKeys(plans))
    }
    return .now(search.analyse(batch.searchChanges(plans)))
  }

  /// Does it, in the transaction of the batch.
  func write(_ step: Step, on connection: Connection) throws {
    switch step {
    case .now(let ahead): try search.apply(ahead, on: connection)
    case .later(let keys): try search.postpone(keys, on: connection)
    }
  }

  /// After the transaction, whether it worked or not.
  func end(_ step: Step, on connection: Connection) throws {
    switch step {
    case .now(let ahead): ahead.cancel()
    case .later:
      lastPostponed = SystemClock.monotonic()
      try recount(connection)
    }
  }

  /// Gives search some of the records that wait.
  func feed(_ tables: TablesWriter) throws {
    try tables.transaction {
      let (keys, last) = try search.postponed(limit: pace.searchBehindSlice, on: tables.connection)
      let order = ByteOrder(keys).places
      var records: [(encodedKey: [UInt8], key: RecordKey, tenant: UInt32, record: StoredRecord?)] = []
      records.reserveCapacity(order.count)
      for place in order where records.last?.encodedKey != keys[place] {
        let (tenant, key) = try keys[place].withUnsafeBytes { try KeyEncoding.decodeRecord($0) }
        records.append((keys[place], key, tenant, try tables.reader.record(keys[place], key)))
      }
      let ahead = search.analyse(
        SearchChanges(count: records.count) { [records, plans] range in
          records[range].map { item in
            let record = item.record.flatMap { $0.isDeleted ? nil : $0 }
            // A body that search cannot read is not searched; the record itself is as good as any.
            let read = plans[item.key.kind]?.schema.searchDocument
            return SearchChange(
              tenant: item.tenant, key: item.key, encodedKey: item.encodedKey, before: nil,
              after: record.flatMap { try? read?($0.body) }, revision: record?.revision ?? .zero)
          }
        })
      defer { ahead.cancel() }
      try search.apply(ahead, on: tables.connection)
      try search.forgetPostponed(through: last, on: tables.connection)
    }
    try recount(tables.connection)
  }

  /// The index was emptied, and what waited with it.
  func recount(_ connection: Connection) throws {
    count.store(try search.postponedCount(on: connection), ordering: .releasing)
  }
}
