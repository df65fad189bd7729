internal import Glibc
public import Store
internal import Synchronization

/// The store on SQLite: a directory with two database files.
///
/// `log.db` has every change and is what a commit makes durable; `tables.db` has what follows from it
/// (records, index
/// entries, columns, search), written behind it by another thread. Each file has one connection that writes
/// and
/// checkpoints it. See `docs/adr` for why there are two.
public final class SQLiteStore: Store, Sendable {
  public let schema: RecordSchema
  let options: SQLiteStoreOptions
  let directory: String
  let registry: TenantRegistry
  let tail: Tail
  let hub: WatchHub
  let board: HealthBoard
  let preparer: Preparer
  let readers: ReaderPool
  let workers: WorkerPool
  let applier: Applier
  let writer: Writer
  let search: (any SearchIndexer)?
  let housekeeping: Housekeeping
  private let lock: Mutex<StoreLock?>
  private let clock = Mutex<OwnThread?>(nil)
  private let closing = Monitor(ClosingState.open)

  private enum ClosingState { case open, closing, closed }

  /// Opens a store, making it where there is none.
  ///
  /// What the log has and the tables lack is read back before this returns, and put into the tables behind
  /// it.
  /// - Parameters:
  ///   - directory: of the store's files; its parent must exist.
  ///   - schema: kinds may be added since the last opening, and indexes and columns changed; a kind's code,
  ///     name and scope
  ///     may not.
  /// - Throws: ``OpenFailed``.
  public convenience init(directory: String, schema: RecordSchema, options: SQLiteStoreOptions = .init())
    throws
  {
    try self.init(directory: directory, schema: schema, options: options, search: nil)
  }

  init(directory: String, schema: RecordSchema, options: SQLiteStoreOptions, search: (any SearchIndexer)?)
    throws
  {
    let opening = Opening(directory: directory, schema: schema, options: options, search: search)
    let parts: Opening.Parts
    do {
      parts = try opening.run()
    } catch let failure as SQLiteFailure {
      throw OpenFailed(
        cause: failure.asReadFailed.cause == .corrupt ? .unreadable : .inputOutput, detail: failure.detail)
    } catch let malformed as Malformed {
      throw OpenFailed(cause: .unreadable, detail: malformed.what)
    }
    self.schema = schema
    self.options = options
    self.directory = directory
    self.search = search
    lock = Mutex(parts.lock)
    registry = parts.registry
    tail = parts.tail
    hub = parts.hub
    board = parts.board
    preparer = parts.preparer
    readers = parts.readers
    workers = parts.workers
    applier = parts.applier
    writer = parts.writer
    housekeeping = parts.housekeeping
    applier.start()
    writer.start()
    // The store lives until closed; the clock lets go of it if it is forgotten instead.
    let (hub, housekeeping) = (parts.hub, parts.housekeeping)
    let house = WeakStore(self)
    clock.withLock { clock in
      clock = OwnThread("store-clock") {
        hub.runClock { if let store = house.store { housekeeping.tick(store) } }
      }
    }
    if parts.replayed > 0 { applier.note(changes: parts.replayed) }
    if parts.hasUnfinishedErasures { goOnErasing() }
  }

  public var tenants: [TenantID] { registry.all }

  public var health: StoreHealth {
    StoreHealth(
      writesRefused: board.refusal, unappliedCommits: tail.unapplied,
      walBytes: (board.logFrames.load(ordering: .relaxed) + board.tablesFrames.load(ordering: .relaxed))
        * Opening.pageBytes,
      buildingIndexes: applier.builder.buildingNames())
  }

  public func close() async {
    let isFirst = closing.withLock { state in
      defer { if state == .open { state = .closing } }
      return state == .open
    }
    await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
      // Joining threads would hold up the caller's.
      _ = OwnThread("store-close") { [self] in
        if isFirst { shutDown() }
        _ = closing.wait { $0 == .closed ? true : nil }
        continuation.resume()
      }
    }
  }

  private func shutDown() {
    hub.close()
    clock.withLock { $0 }?.join()
    writer.stop()
    applier.stop()
    workers.close()
    readers.close()
    lock.withLock { $0 = nil }
    closing.change { $0 = .closed }
  }

  private func goOnErasing() {
    Task { [self] in
      do {
        try await resumeErasures()
      } catch {
        options.log("an erasure that was interrupted could not be finished: \(error)")
      }
    }
  }

  // MARK: Committing

  public func commit(_ commit: Commit, in tenant: TenantID) async throws -> CommitReceipt {
    try validate(commit)
    if let refusal = board.refusal, !board.mayRecover { throw refusal }
    guard let number = registry.numberOrNew(of: tenant) else {
      throw WriterUnavailable(cause: .overloaded, detail: "this store has all the tenants it can have")
    }
    let prepared = try readers.with { reader in
      try preparer.prepare(commit, tenant: number, reader: reader.tables, overlay: nil)
    }
    switch prepared {
    case .repeated(let kept): return try await repeatedReceipt(kept, number)
    case .new(let new):
      let (outcome, durable) = try await writer.commit(new)
      switch outcome {
      case .committed: return durable.receipt
      case .repeated(let kept): return try await repeatedReceipt(kept, number)
      }
    }
  }

  func repeatedReceipt(_ kept: KeptRequest, _ tenant: UInt32) async throws -> CommitReceipt {
    try await workers.run { reader in
      let logged = try reader.log.commit(tenant, kept.revision)
      let records = logged?.changes.compactMap { $0.record(revision: kept.revision, time: kept.time) }
      return CommitReceipt(revision: kept.revision, time: kept.time, records: records ?? [], isRepeat: true)
    }
  }

  private func validate(_ commit: Commit) throws {
    func refuse(_ place: Int?, _ problem: String) -> InvalidCommit {
      InvalidCommit(operation: place, problem: problem)
    }
    guard !commit.operations.isEmpty else { throw refuse(nil, "a commit needs at least one operation") }
    guard commit.operations.count <= StoreLimits.operationsPerCommit else {
      throw refuse(nil, "more than \(StoreLimits.operationsPerCommit) operations")
    }
    for (name, text) in [
      ("principal", commit.actor.principal), ("team", commit.actor.team), ("request id", commit.requestID),
    ] where text.utf8.count > StoreLimits.nameBytes {
      throw refuse(nil, "the \(name) is longer than \(StoreLimits.nameBytes) bytes")
    }
    guard commit.reason.utf8.count <= StoreLimits.reasonBytes else {
      throw refuse(nil, "the reason is longer than \(StoreLimits.reasonBytes) bytes")
    }
    guard commit.requestFingerprint.count <= 64 else {
      throw refuse(nil, "the fingerprint is longer than 64 bytes")
    }
    var keys: Set<RecordKey> = []
    if commit.operations.count > 1 { keys.reserveCapacity(commit.operations.count) }
    var bytes = 0
    for (place, operation) in commit.operations.enumerated() {
      let key = operation.key
      guard key.isValid else {
        throw refuse(place, "the key's account or id is empty, too long or has a NUL")
      }
      guard let kind = preparer.extractor.plans[key.kind]?.schema else {
        throw refuse(place, "there is no kind \(key.kind.rawValue)")
      }
      guard (kind.scope == .account) == (key.account != nil) else {
        throw refuse(
          place, "a \(kind.name) lies \(kind.scope == .account ? "in an account" : "outside accounts")")
      }
      if commit.operations.count > 1, !keys.insert(key).inserted { throw refuse(place, "\(key) comes twice") }
      if case .put(_, let body, _) = operation {
        guard body.count <= StoreLimits.bodyBytes else {
          throw refuse(place, "the body has \(body.count) bytes; \(StoreLimits.bodyBytes) are allowed")
        }
        bytes += body.count
      }
    }
    guard bytes <= StoreLimits.commitBytes else {
      throw refuse(nil, "the bodies have \(bytes) bytes; \(StoreLimits.commitBytes) are allowed in a commit")
    }
  }
}

/// A store that whoever holds this does not keep alive.
private final class WeakStore: Sendable {
  weak let store: SQLiteStore?

  init(_ store: SQLiteStore) { self.store = store }
}
