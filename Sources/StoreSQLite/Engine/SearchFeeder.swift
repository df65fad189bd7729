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
  /// Those who wait until nothing waits for search.
  private let hurried = Atomic<Int>(0)

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
  var due: UInt64? {
    waiting == 0 ? nil : lastPostponed &+ pace.searchBehindCalm.deadlineNanoseconds
  }

  /// While `body` runs nothing more is put aside, so that what waits comes to an end under any load.
  func hurrying<T>(_ body: () async throws -> T) async rethrows -> T {
    hurried.add(1, ordering: .relaxed)
    defer { hurried.subtract(1, ordering: .relaxed) }
    return try await body()
  }

  /// What a batch brings for search.
  enum Step {
    case now(AnalysisAhead)
    case later([[UInt8]])
  }

  /// Begins what search has to do for a batch: called before the tables are written, so that texts are analysed meanwhile.
  func begin(_ batch: ApplyBatch) -> Step {
    if batch.changes >= pace.searchBehindChanges, waiting < pace.searchBehindLimit,
      hurried.load(ordering: .relaxed) == 0
    {
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
      let (records, last) = try nextRecords(tables)
      let ahead = search.analyse(changes(records))
      defer { ahead.cancel() }
      try search.apply(ahead, on: tables.connection)
      try search.forgetPostponed(through: last, on: tables.connection)
    }
    try recount(tables.connection)
  }

  private struct Waiting: Sendable {
    var encodedKey: [UInt8]
    var tenant: UInt32
    var key: RecordKey
    /// nil: it is gone.
    var record: StoredRecord?
  }

  /// The first records that wait, in the order of the tables, each once.
  private func nextRecords(_ tables: TablesWriter) throws -> (records: [Waiting], last: Int64) {
    var found: [Waiting] = []
    var bytes = 0
    var last: Int64 = 0
    for (place, encoded) in try search.postponed(limit: pace.searchBehindSlice, on: tables.connection) {
      let (tenant, key) = try encoded.withUnsafeBytes { try KeyEncoding.decodeRecord($0) }
      let record = try tables.reader.record(encoded, key)
      found.append(Waiting(encodedKey: encoded, tenant: tenant, key: key, record: record))
      last = place
      bytes += record?.body.count ?? 0
      if bytes >= Self.sliceBytes { break }
    }
    var records: [Waiting] = []
    records.reserveCapacity(found.count)
    for place in ByteOrder(found.map(\.encodedKey)).places
    where records.last?.encodedKey != found[place].encodedKey {
      records.append(found[place])
    }
    return (records, last)
  }

  /// Bodies of a slice, which are in memory together: thousands of usual ones, and some of the largest.
  private static let sliceBytes = 16 << 20

  private func changes(_ records: [Waiting]) -> SearchChanges {
    SearchChanges(count: records.count) { [plans] range in
      records[range].map { item in
        let record = item.record.flatMap { $0.isDeleted ? nil : $0 }
        // A body that search cannot read is not searched; the record itself is as good as any.
        let read = plans[item.key.kind]?.schema.searchDocument
        return SearchChange(
          tenant: item.tenant, key: item.key, encodedKey: item.encodedKey, before: nil,
          after: record.flatMap { try? read?($0.body) }, revision: record?.revision ?? .zero)
      }
    }
  }

  /// The index was emptied, and what waited with it.
  func recount(_ connection: Connection) throws {
    count.store(try search.postponedCount(on: connection), ordering: .releasing)
  }
}
