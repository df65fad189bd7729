internal import Store

/// Opens the files, compares them with the schema and reads back what the tables lack.
struct Opening {
  let directory: String
  let schema: RecordSchema
  let options: SQLiteStoreOptions
  let search: (any SearchIndexer)?

  struct Parts {
    var lock: StoreLock
    var registry: TenantRegistry
    var tail: Tail
    var hub: WatchHub
    var board: HealthBoard
    var preparer: Preparer
    var readers: ReaderPool
    var workers: WorkerPool
    var applier: Applier
    var writer: Writer
    var housekeeping: Housekeeping
    /// Changes in the tail.
    var replayed: Int
    /// A stop interrupted one.
    var hasUnfinishedErasures: Bool
  }

  static let logName = "log.db"
  static let tablesName = "tables.db"
  static let pageBytes = 4_096
  /// Room for the tables' frames at a checkpoint (``SQLiteStoreOptions/Pace``) and the batch that goes beyond.
  private static let keptWALBytes = 160 << 20
  /// The log is written once and read in order; a small cache does.
  private static let logCacheKilobytes = 2_048
  /// Readers kept warm: event loops and a few handlers.
  private static let readersKept = 8

  func run() throws -> Parts {
    try StoreLock.makeDirectory(directory)
    let lock = try StoreLock(directory: directory)
    let trust = SyncTrust()
    let logConnection = try file(
      Self.logName, .log, synchronous: "FULL", cache: Self.logCacheKilobytes, trust)
    try settle(logConnection)
    // The log can give the tables again, so that these need a sync only before a checkpoint.
    let tablesConnection = try file(
      Self.tablesName, .tables, synchronous: "NORMAL", cache: options.tablesCacheKilobytes, trust)
    let log = try LogFile(logConnection)
    let tables = try TablesWriter(tablesConnection)
    try MovingToPlaces(
      tables: tables, checkpointFrames: options.pace.tablesCheckpointFrames, log: options.log
    ).run()
    let (catalog, items) = try CatalogOpening(schema: schema, tables: tables).run()
    try tables.transaction {
      guard let search else { return try SearchTables.distrust(on: tablesConnection) }
      try search.prepareTables(on: tablesConnection)
    }
    if let index = search as? SearchIndex {
      // One that was fed from the first record on was never built, so that the catalog has nothing of it.
      let isKnown = items.contains { $0.number == ReservedNumbers.search }
      if index.needsRebuilding || !isKnown {
        catalog.set(index.needsRebuilding ? .building : .ready, of: ReservedNumbers.search)
      }
    }

    let tenants = try log.tenants()
    let tail = Tail()
    let hub = WatchHub()
    let board = HealthBoard(trust: trust)
    let registry = TenantRegistry(tenants)
    let extractor = FactsExtractor(schema: schema, catalog: catalog)
    let preparer = Preparer(
      extractor: extractor, tail: tail, requestRetention: options.requestRetention.microseconds)
    let builder = IndexBuilder(
      catalog: catalog, extractor: extractor, items: items, sliceRecords: options.pace.buildRecords,
      log: options.log)
    let open = readerOpener(trust)
    let wake = Later<@Sendable () -> Void>()
    let note = Later<@Sendable (Int) -> Void>()
    let feeder = try search.map {
      try SearchFeeder($0, plans: extractor.plans, pace: options.pace, on: tablesConnection)
    }
    let applier = Applier(
      tail: tail, tables: tables, plans: extractor.plans, builder: builder,
      checkpointFrames: options.pace.tablesCheckpointFrames, search: search, feeder: feeder,
      health: board, crash: options.crashPoints, onApplied: { wake.value?() })
    try checkLog(knows: tables.reader.appliedTenants(), tenants)
    let (heads, replayed) = try replay(tenants, log, tables, tail, hub, extractor, applier)
    let writerReader = try TablesReader(
      Connection(
        path: path(Self.tablesName), access: .readOnly, vfs: options.vfs,
        cacheKilobytes: options.readerCacheKilobytes, trust: trust))
    let writer = Writer(
      log: log, reader: writerReader, preparer: preparer, tail: tail, tailLimit: options.tailBytes,
      checkpointFrames: options.pace.logCheckpointFrames,
      registry: registry, health: board, hub: hub, crash: options.crashPoints, heads: heads,
      onDurable: { note.value?($0) })
    wake.set { [unowned writer] in writer.wake() }
    note.set { [unowned applier] in applier.note(changes: $0) }
    return Parts(
      lock: lock, registry: registry, tail: tail, hub: hub, board: board, preparer: preparer,
      readers: ReaderPool(kept: Self.readersKept, open: open),
      workers: try WorkerPool(threads: options.workers, open: open), applier: applier, writer: writer,
      housekeeping: Housekeeping(options: options), replayed: replayed,
      hasUnfinishedErasures: try !log.unfinishedErasures().isEmpty)
  }

  func path(_ name: String) -> String { directory + "/" + name }

  private func file(
    _ name: String, _ migrations: Migrations, synchronous: String, cache: Int, _ trust: SyncTrust
  ) throws -> Connection {
    let connection = try Connection(
      path: path(name), access: .create, vfs: options.vfs, cacheKilobytes: cache, trust: trust)
    let mode = try connection.prepare("PRAGMA journal_mode = WAL")
    guard try mode.step(), mode.text(0) == "wal" else {
      throw OpenFailed(
        cause: .inputOutput, detail: "\(path(name)): the file system does not allow a write-ahead log")
    }
    mode.reset()
    try connection.execute("PRAGMA synchronous = \(synchronous)")
    // What an erasure frees is overwritten.
    try connection.execute("PRAGMA secure_delete = ON")
    // After a long reader the write-ahead log shrinks again. What it usually has it keeps: to make a file longer costs a
    // commit more than to write over what is there.
    try connection.execute("PRAGMA journal_size_limit = \(Self.keptWALBytes)")
    try migrations.run(on: connection)
    return connection
  }

  /// Copies what an earlier process left in the log's write-ahead log into its file. Had a sync failed there, what only
  /// the kernel's memory holds would pass for durable, and commits written after it would be lost with it.
  private func settle(_ log: Connection) throws {
    if try !log.checkpoint(.truncate) {
      options.log("\(log.path) is being read by another program; its write-ahead log stays as it is")
    }
  }

  private func readerOpener(_ trust: SyncTrust) -> @Sendable () throws -> Reader {
    let (tables, log) = (path(Self.tablesName), path(Self.logName))
    let options = self.options
    return {
      Reader(
        tables: try TablesReader(
          Connection(
            path: tables, access: .readOnly, vfs: options.vfs, cacheKilobytes: options.readerCacheKilobytes,
            trust: trust)),
        log: try LogFile(
          Connection(
            path: log, access: .readOnly, vfs: options.vfs, cacheKilobytes: Self.logCacheKilobytes,
            trust: trust)))
    }
  }

  /// A log that is gone would be made anew, and everything in the tables would be of no revision.
  private func checkLog(knows applied: Set<UInt32>, _ tenants: [LogTenant]) throws {
    guard applied.isSubset(of: tenants.map(\.number)) else {
      throw OpenFailed(
        cause: .unreadable,
        detail:
          "\(path(Self.tablesName)) has tenants that \(path(Self.logName)) does not know: restore the log")
    }
  }

  /// Puts what the log has after the tables' revision into the tail.
  private func replay(
    _ tenants: [LogTenant], _ log: LogFile, _ tables: TablesWriter, _ tail: Tail, _ hub: WatchHub,
    _ extractor: FactsExtractor, _ applier: Applier
  ) throws -> (heads: [UInt32: Writer.Head], changes: Int) {
    var heads: [UInt32: Writer.Head] = [:]
    var pending = 0
    for tenant in tenants {
      let last = try log.last(tenant.number)
      let head = last?.revision ?? tenant.compacted
      let applied = try tables.reader.appliedRevision(tenant.number)
      guard applied <= head else {
        throw OpenFailed(
          cause: .unreadable,
          detail:
            "the tables of \(tenant.name) are at revision \(applied), the log ends at \(head): restore the log"
        )
      }
      guard applied >= tenant.compacted else {
        throw OpenFailed(
          cause: .unreadable,
          detail:
            "the tables of \(tenant.name) end at revision \(applied), the log begins after \(tenant.compacted)"
        )
      }
      heads[tenant.number] = Writer.Head(
        name: tenant.name, revision: head, chain: last?.chain ?? tenant.compactedChain,
        time: last?.time ?? tenant.compactedTime, isSaved: true)
      tail.begin(tenant.number, head: head, applied: applied)
      hub.begin(tenant.number, head: head)
      try log.rows(tenant.number, after: applied, through: head, limit: Int.max) { revision, payload in
        let commit = try Self.commit(payload, tenant.number, revision, extractor, tail, tables.reader)
        pending += max(commit.changes.count, 1)
        tail.publish([commit])
        options.crashPoints.reach(.replaying)
        if tail.weight > options.tailBytes {
          let commits = tail.take(changes: Int.max)
          try applier.apply(commits)
          tail.evict(commits)
          pending = 0
        }
        return true
      }
      tail.begin(tenant.number, head: head, applied: try tables.reader.appliedRevision(tenant.number))
    }
    return (heads, pending)
  }

  /// A row as the applier takes it. What each record was before is read from where it is now, not from the
  /// row: an
  /// erasure may have taken it out of there.
  private static func commit(
    _ payload: UnsafeRawBufferPointer, _ tenant: UInt32, _ revision: Revision, _ extractor: FactsExtractor,
    _ tail: Tail, _ tables: TablesReader
  ) throws -> PreparedCommit {
    let logged = try LogCodec.decode(payload)
    let changes = try logged.changes.map { change in
      let encoded = KeyBytes(KeyEncoding.record(tenant, change.key))
      let shard = KeyBytes(KeyEncoding.shard(tenant, account: change.key.account))
      let before: StoredRecord? =
        switch tail.lookUp(encoded, shard: shard) {
        case .here(let record): record
        case .notHere: try tables.record(encoded.bytes, change.key)
        }
      var current = change
      current.before = before
      let after = current.record(revision: revision, time: logged.time)
      return PreparedChange(
        key: change.key, encodedKey: encoded, shard: shard, operation: change.operation, before: before,
        after: after, removed: try before.map { try extractor.entries(of: $0, tenant) } ?? .none,
        added: try after.map { try extractor.entries(of: $0, tenant) } ?? .none)
    }
    return PreparedCommit(replaying: logged, tenant: tenant, revision: revision, changes: changes)
  }
}
