internal import CSQLite
internal import TextAnalysis

/// One SQLite connection, and the only owner of its handle.
///
/// `@unchecked Sendable`: a connection is used by one thread at a time. The writer's and the applier's are
/// only
/// touched on their own threads; a reader's only by who has taken it out of its pool.
final class Connection: @unchecked Sendable {
  /// How a connection may use its file.
  enum Access { case create, readWrite, readOnly }

  let path: String
  private let trust: SyncTrust
  private let handle: OpaquePointer
  private let meter: UnsafeMutablePointer<Meter>

  /// What the C callbacks count; lies at a fixed address for as long as the handle is open.
  private struct Meter {
    /// Frames in the write-ahead log after the last commit.
    var walFrames: Int32 = 0
    /// Progress callbacks left until the running statement is interrupted; negative: no limit.
    var stepsLeft: Int = -1
  }

  /// - Parameters:
  ///   - path: of the database file.
  ///   - vfs: SQLite's name for the file layer; nil: the default. Tests put a faulty one here.
  ///   - cacheKilobytes: ceiling of the connection's page cache.
  ///   - trust: one for all connections that go by each other's syncs.
  init(path: String, access: Access, vfs: String?, cacheKilobytes: Int, trust: SyncTrust = SyncTrust())
    throws(SQLiteFailure)
  {
    SQLiteLibrary.prepare()
    var opened: OpaquePointer?
    let flags: Int32 =
      switch access {
      case .create: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
      case .readWrite: SQLITE_OPEN_READWRITE
      // A read-only open of a WAL file could not make the shared index; query_only says the same safely.
      case .readOnly: SQLITE_OPEN_READWRITE
      }
    let layer = access == .readOnly ? vfs : LogGathering.name(over: vfs) ?? vfs
    // NOMUTEX: one thread at a time, as said above.
    let code = sqlite3_open_v2(path, &opened, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, layer)
    guard code == SQLITE_OK, let opened else {
      let message = opened.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
      if let opened { sqlite3_close_v2(opened) }
      throw SQLiteFailure(code: code, message: message, action: "open \(path)")
    }
    handle = opened
    self.path = path
    self.trust = trust
    meter = .allocate(capacity: 1)
    meter.initialize(to: Meter())
    sqlite3_busy_timeout(handle, Self.busyMilliseconds)
    sqlite3_wal_hook(handle, countFrames, meter)
    sqlite3_create_collation_v2(handle, Self.nameOrder, SQLITE_UTF8, nil, compareNames, nil)
    try execute("PRAGMA cache_size = -\(cacheKilobytes)")
    try execute("PRAGMA temp_store = MEMORY")
    if access == .readOnly { try execute("PRAGMA query_only = 1") }
  }

  /// The collation that lists texts in the order of `NameOrder`. No table or index is made with it: what is on disk does
  /// not depend on it.
  static let nameOrder = "names"

  /// Nothing waits for a lock in normal work; a reader that meets a WAL recovery does, briefly.
  static let busyMilliseconds: Int32 = 5_000

  deinit {
    if trust.failure != nil { _ = punos_sqlite_checkpoint_on_close(handle, 0) }
    sqlite3_close_v2(handle)
    meter.deinitialize(count: 1)
    meter.deallocate()
  }

  private static func meter(_ context: UnsafeMutableRawPointer?) -> UnsafeMutablePointer<Meter>? {
    context?.assumingMemoryBound(to: Meter.self)
  }

  fileprivate static func noteFrames(_ context: UnsafeMutableRawPointer?, _ pages: Int32) {
    meter(context)?.pointee.walFrames = pages
  }

  fileprivate static func noteProgress(_ context: UnsafeMutableRawPointer?) -> Int32 {
    guard let meter = meter(context), meter.pointee.stepsLeft >= 0 else { return 0 }
    if meter.pointee.stepsLeft == 0 { return 1 }
    meter.pointee.stepsLeft -= 1
    return 0
  }

  /// Frames in the write-ahead log after this connection's last commit or checkpoint.
  var walFrames: Int { Int(meter.pointee.walFrames) }

  /// Interrupts any statement after about so many virtual machine steps; nil: no limit.
  func limitWork(steps: Int?) {
    if let steps {
      meter.pointee.stepsLeft = steps / Self.stepsPerCallback
      sqlite3_progress_handler(handle, Int32(Self.stepsPerCallback), countProgress, meter)
    } else {
      meter.pointee.stepsLeft = -1
      sqlite3_progress_handler(handle, 0, nil, nil)
    }
  }

  private static let stepsPerCallback = 1_000

  /// Ends the statements that are running. May be called from any thread as long as the connection is not let go of.
  func interrupt() { sqlite3_interrupt(handle) }

  /// Runs statements that take no values and give no rows.
  func execute(_ sql: String) throws(SQLiteFailure) {
    let code = sqlite3_exec(handle, sql, nil, nil, nil)
    if code != SQLITE_OK { throw failure(code, sql.count < 60 ? sql : String(sql.prefix(60))) }
  }

  func prepare(_ sql: String) throws(SQLiteFailure) -> Statement {
    var prepared: OpaquePointer?
    let code = sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
    guard code == SQLITE_OK, let prepared else { throw failure(code, "prepare \(sql.prefix(80))") }
    return Statement(taking: prepared, of: self)
  }

  /// Whether no transaction is open.
  var isIdle: Bool { sqlite3_get_autocommit(handle) != 0 }

  /// Rows changed by the last statement.
  var changes: Int { Int(sqlite3_changes(handle)) }

  /// Runs `body` on one snapshot of the file.
  func snapshot<T>(_ body: () throws -> T) throws -> T {
    try execute("BEGIN")
    defer { rollBack() }
    return try body()
  }

  /// Ends an open transaction without effect. Never fails: what cannot be rolled back was never committed.
  func rollBack() {
    if !isIdle { sqlite3_exec(handle, "ROLLBACK", nil, nil, nil) }
  }

  /// Begins a transaction that writes.
  /// - Throws: the failure of a sync before, too: nothing is written after one.
  func beginWrite() throws(SQLiteFailure) {
    if let failure = trust.failure { throw failure }
    try execute("BEGIN IMMEDIATE")
  }

  /// `truncate` waits for readers of older states, up to ``busyMilliseconds``, and leaves no write-ahead log.
  enum CheckpointMode { case passive, truncate }

  /// Copies the write-ahead log into the database file.
  /// - Parameter waiting: for readers, in milliseconds.
  /// - Returns: whether all of it was copied, and with `truncate` the write-ahead log is empty.
  /// - Throws: the failure of a sync before, too.
  func checkpoint(_ mode: CheckpointMode, waiting: Int32 = busyMilliseconds) throws(SQLiteFailure) -> Bool {
    if let failure = trust.failure { throw failure }
    sqlite3_busy_timeout(handle, waiting)
    defer { sqlite3_busy_timeout(handle, Self.busyMilliseconds) }
    var log: Int32 = 0
    var copied: Int32 = 0
    let how = mode == .passive ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_TRUNCATE
    let code = sqlite3_wal_checkpoint_v2(handle, nil, how, &log, &copied)
    if code == SQLITE_BUSY { return false }
    if code != SQLITE_OK { throw failure(code, "checkpoint") }
    if log == copied { meter.pointee.walFrames = 0 }
    return log == copied
  }

  /// Writes the file's first page as it is.
  func rewriteHeader() throws(SQLiteFailure) {
    let version = try integer("PRAGMA user_version") ?? 0
    try execute("PRAGMA user_version = \(version)")
  }

  /// Asks for the first column of the first row.
  func integer(_ sql: String) throws(SQLiteFailure) -> Int64? {
    let statement = try prepare(sql)
    return try statement.step() ? statement.integer(0) : nil
  }

  func failure(_ code: Int32, _ action: String) -> SQLiteFailure {
    let extended = sqlite3_extended_errcode(handle)
    let failure = SQLiteFailure(
      code: extended & 0xff == code & 0xff ? extended : code,
      message: String(cString: sqlite3_errmsg(handle)),
      action: action)
    if failure.isSyncFailure { trust.lose(failure) }
    return failure
  }

  /// Begins a copy of another connection's database into this one's; see ``BackupCopy``.
  func beginBackup(of source: Connection) throws(SQLiteFailure) -> OpaquePointer {
    guard let backup = sqlite3_backup_init(handle, "main", source.handle, "main") else {
      throw failure(sqlite3_errcode(handle), "backup to \(path)")
    }
    return backup
  }
}

/// The library as a whole.
enum SQLiteLibrary {
  /// Sets it up; call it before any other function of the library.
  static func prepare() { _ = isPrepared }

  private static let isPrepared: Bool = punos_sqlite_leave_memory_uncounted() == SQLITE_OK
}

private func countFrames(
  _ context: UnsafeMutableRawPointer?, _ db: OpaquePointer?, _ name: UnsafePointer<CChar>?, _ pages: Int32
) -> Int32 {
  Connection.noteFrames(context, pages)
  return SQLITE_OK
}

private func countProgress(_ context: UnsafeMutableRawPointer?) -> Int32 {
  Connection.noteProgress(context)
}

private func compareNames(
  _ context: UnsafeMutableRawPointer?, _ oneCount: Int32, _ one: UnsafeRawPointer?, _ otherCount: Int32,
  _ other: UnsafeRawPointer?
) -> Int32 {
  NameOrder.compare(
    UnsafeRawBufferPointer(start: one, count: one == nil ? 0 : Int(oneCount)),
    UnsafeRawBufferPointer(start: other, count: other == nil ? 0 : Int(otherCount)))
}
