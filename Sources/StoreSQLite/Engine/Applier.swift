internal import Store
internal import Synchronization

/// Brings records, index entries, columns and search up to the log, behind it, in sorted batches, on a thread
/// of its own.
///
/// `@unchecked Sendable`: `tables`, `search` and `hasApplied` are touched on the thread only (and by `init` before it
/// starts); the rest is guarded.
final class Applier: @unchecked Sendable {
  typealias Job = @Sendable (TablesWriter) -> Void

  private struct Signals {
    var jobs: [Job] = []
    /// Somebody waits: apply at once.
    var isWanted = false
    var waiters: [(target: UInt64, continuation: CheckedContinuation<Void, any Error>)] = []
    /// Searches, with the moment until which each has patience.
    var searches: [(until: UInt64, continuation: CheckedContinuation<Void, Never>)] = []
    var isStopping = false
    /// Changes published and not taken.
    var pending = 0
    var oldest: UInt64 = 0
    /// No new attempt before this moment of the monotonic clock: the last one failed.
    var notBefore: UInt64 = 0
  }

  /// Changes of one batch: large enough that neighbours share a page's write, small enough to be done in well
  /// under a
  /// second, which is what a list may have to wait.
  static let batchChanges = 16_384
  /// Pending changes at which a batch begins without anybody waiting: a full one.
  static let eagerChanges = 16_384
  /// The longest a change stays out of the tables when nobody waits, in nanoseconds. Whoever asks for what only the tables
  /// know has a batch begun at once; all that waits longer here is memory, and what a restart would read back. A batch
  /// every twentieth of a second costs a tenth more of a write: neighbours meet less often, and each batch makes readers
  /// forget the pages they have.
  static let lingering: UInt64 = 1_000_000_000
  /// For how long batches are still begun once the store closes, in nanoseconds: whoever stops a server waits. The log
  /// has the rest, and the next opening reads it back.
  static let closingTime: UInt64 = 5_000_000_000
  /// Pause after a failed attempt, in nanoseconds.
  static let retryPause: UInt64 = 1_000_000_000

  private let signals = Monitor(Signals())
  private let tail: Tail
  let health: HealthBoard
  private let tables: TablesWriter
  private let plans: [RecordKind: KindPlan]
  let builder: IndexBuilder
  let checkpointFrames: Int
  private let search: (any SearchIndexer)?
  let feeder: SearchFeeder?
  /// The last turn went to the tables: the next may go to search.
  private var hasApplied = false
  private let crash: CrashPoints
  private let onApplied: @Sendable () -> Void
  private var thread: OwnThread?

  init(
    tail: Tail, tables: TablesWriter, plans: [RecordKind: KindPlan], builder: IndexBuilder,
    checkpointFrames: Int, search: (any SearchIndexer)?, feeder: SearchFeeder?, health: HealthBoard,
    crash: CrashPoints, onApplied: @escaping @Sendable () -> Void
  ) {
    self.tail = tail
    self.tables = tables
    self.plans = plans
    self.builder = builder
    self.checkpointFrames = checkpointFrames
    self.search = search
    self.feeder = feeder
    self.health = health
    self.crash = crash
    self.onApplied = onApplied
  }

  func start() { thread = OwnThread("store-applier") { [self] in run() } }

  /// Says that changes have become durable.
  func note(changes: Int) {
    let mustWake = signals.withLock { signals in
      let before = signals.pending
      if before == 0 { signals.oldest = SystemClock.monotonic() }
      signals.pending += changes
      return before == 0 || (before < Self.eagerChanges && signals.pending >= Self.eagerChanges)
    }
    if mustWake { signals.change { _ in } }
  }

  /// Returns once the tables have everything that is durable now.
  func waitUntilApplied() async throws {
    let counters = tail.counters
    if counters.applied >= counters.published { return }
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
      let now: Result<Void, any Error>? = signals.change { signals in
        if tail.counters.applied >= counters.published { return .success(()) }
        if let failure = health.tablesFailure { return .failure(failure) }
        if signals.isStopping { return .failure(ReadFailed(cause: .closed, detail: "the store is closing")) }
        signals.waiters.append((counters.published, continuation))
        signals.isWanted = true
        return nil
      }
      if let now { continuation.resume(with: now) }
    }
  }

  /// Returns once the tables have everything that is durable now, or once it is known that they cannot have it at
  /// present: reads go on, as of what they have.
  func waitForReading() async throws {
    do {
      try await waitUntilApplied()
    } catch let failure as ReadFailed where failure.cause != .closed {}
  }

  /// Returns once search knows what the tables know, and after so long at the latest.
  /// - Returns: false where search cannot be given anything now.
  @discardableResult func waitForSearch(atMost patience: Duration) async -> Bool {
    guard let feeder, feeder.waiting > 0 else { return true }
    var canWork = true
    let until = SystemClock.monotonic() &+ patience.deadlineNanoseconds
    await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
      let isVain = signals.change { signals in
        canWork = !signals.isStopping && health.tablesFailure == nil
        if feeder.waiting == 0 || !canWork { return true }
        signals.searches.append((until, continuation))
        return false
      }
      if isVain { continuation.resume() }
    }
    return canWork
  }

  /// As ``waitUntilApplied()``, holding up the calling thread: for the writer's, where nothing new comes
  /// meanwhile.
  func blockUntilApplied() throws {
    signals.change { $0.isWanted = true }
    let deadline = SystemClock.monotonic() &+ Self.longestWait
    let isDone = signals.wait(until: deadline) { _ in
      tail.unapplied == 0 ? true : health.tablesFailure == nil ? nil : false
    }
    if isDone != true {
      throw WriterUnavailable(cause: .overloaded, detail: "the tables are behind; try again")
    }
  }

  /// In nanoseconds.
  private static let longestWait: UInt64 = 30_000_000_000

  /// Runs a job on the thread, between batches.
  func run<T: Sendable>(_ body: @escaping @Sendable (TablesWriter) throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<T, any Error>) in
      let job: Job = { tables in
        do {
          continuation.resume(returning: try body(tables))
        } catch {
          continuation.resume(throwing: readingError(error))
        }
      }
      let isClosed = signals.change { signals in
        if !signals.isStopping { signals.jobs.append(job) }
        return signals.isStopping
      }
      if isClosed {
        continuation.resume(throwing: ReadFailed(cause: .closed, detail: "the store is closing"))
      }
    }
  }

  /// Applies what is durable, as far as that takes no more than ``closingTime``, and ends the thread.
  func stop() {
    signals.change { $0.isStopping = true }
    thread?.join()
    failWaiters(ReadFailed(cause: .closed, detail: "the store is closing"))
  }

  // MARK: On the thread

  private enum Turn {
    case jobs([Job])
    case apply, feed, build, again, stop
  }

  private func run() {
    while true {
      switch nextTurn() {
      case .jobs(let jobs): for job in jobs { job(tables) }
      case .apply: applyBatch()
      case .feed: feedSearch()
      case .build: buildSlice()
      case .again: continue
      case .stop:
        let deadline = SystemClock.monotonic() &+ Self.closingTime
        while tail.unapplied > 0, SystemClock.monotonic() < deadline, applyBatch() {}
        checkpoint(force: true)
        return
      }
    }
  }

  private func nextTurn() -> Turn {
    while true {
      let now = SystemClock.monotonic()
      let deadline = signals.withLock { signals -> UInt64? in
        let lingering = signals.pending > 0 ? signals.oldest &+ Self.lingering : nil
        let building = signals.pending == 0 && builder.hasWork ? now : nil
        return [lingering, feeder?.due, building].compactMap { $0 }.min().map { max($0, signals.notBefore) }
      }
      let turn = signals.wait(until: deadline) { signals -> Turn? in
        if !signals.jobs.isEmpty {
          defer { signals.jobs = [] }
          return .jobs(signals.jobs)
        }
        if signals.isStopping { return .stop }
        let now = SystemClock.monotonic()
        guard now >= signals.notBefore else { return nil }
        let isSearched = !signals.searches.isEmpty && (feeder?.waiting ?? 0) > 0
        if isSearched, hasApplied { return .feed }
        if signals.pending > 0 {
          let isDue = signals.isWanted || signals.pending >= Self.eagerChanges
          if isDue || now >= signals.oldest &+ Self.lingering { return .apply }
        }
        if isSearched || feeder?.due.map({ now >= $0 }) == true { return .feed }
        if signals.pending > 0 { return deadline == nil ? .again : nil }
        return builder.hasWork ? .build : nil
      }
      if let turn { return turn }
    }
  }

  /// - Returns: whether it worked.
  @discardableResult private func applyBatch() -> Bool {
    hasApplied = true
    let commits = tail.take(changes: Self.batchChanges)
    let changes = commits.reduce(0) { $0 + $1.changes.count }
    if commits.isEmpty {
      // Whoever publishes does so before counting: what came in between stays counted.
      signals.withLock { if tail.unapplied == 0 { $0.pending = 0 } }
      return true
    }
    do {
      try apply(commits)
    } catch {
      tail.giveBack(commits)
      noteFailure(error)
      return false
    }
    crash.reach(.applied)
    tail.evict(commits)
    let applied = tail.counters.applied
    let ready = signals.change { signals in
      signals.pending = max(0, signals.pending - changes)
      signals.oldest = SystemClock.monotonic()
      let ready = signals.waiters.filter { $0.target <= applied }
      signals.waiters.removeAll { $0.target <= applied }
      signals.isWanted = !signals.waiters.isEmpty
      return ready
    }
    for waiter in ready { waiter.continuation.resume() }
    endSearchesWaiting()
    health.tablesRecovered()
    onApplied()
    checkpoint(force: false)
    return true
  }

  /// Applies commits in one transaction. Called by the opening too, before the thread starts.
  func apply(_ commits: [PreparedCommit]) throws {
    let batch = ApplyBatch(commits)
    let forSearch = feeder?.begin(batch)
    let written = Result {
      try tables.transaction {
        try batch.write(to: tables, plans: plans)
        if let forSearch { try feeder?.write(forSearch, on: tables.connection) }
        crash.reach(.applying)
      }
    }
    if let forSearch { try feeder?.end(forSearch, on: tables.connection) }
    try written.get()
  }

  private func feedSearch() {
    hasApplied = false
    do {
      try feeder?.feed(tables)
      crash.reach(.fed)
      health.tablesRecovered()
      endSearchesWaiting()
      checkpoint(force: false)
    } catch {
      noteFailure(error)
    }
  }

  /// Lets searches go on that need wait no longer, or will not.
  private func endSearchesWaiting() {
    let now = (feeder?.waiting ?? 0) == 0 ? UInt64.max : SystemClock.monotonic()
    let ready = signals.withLock { signals in
      if signals.searches.isEmpty { return [CheckedContinuation<Void, Never>]() }
      defer { signals.searches.removeAll { $0.until <= now } }
      return signals.searches.filter { $0.until <= now }.map(\.continuation)
    }
    for continuation in ready { continuation.resume() }
  }

  private func buildSlice() {
    do {
      try builder.buildSlice(tables, search: search)
      crash.reach(.built)
      checkpoint(force: false)
    } catch {
      noteFailure(error)
    }
  }

  private func noteFailure(_ error: any Error) {
    let failure =
      (error as? SQLiteFailure)?.asWriterUnavailable
      ?? WriterUnavailable(cause: .corrupt, detail: "the tables cannot be brought up to the log: \(error)")
    health.tablesFailed(failure)
    // After a failed sync there is no other attempt.
    let pause = failure.cause == .syncFailed ? UInt64.max : SystemClock.monotonic() &+ Self.retryPause
    signals.change { $0.notBefore = pause }
    failWaiters(
      ReadFailed(cause: failure.cause == .corrupt ? .corrupt : .inputOutput, detail: failure.detail))
    onApplied()
  }

  private func failWaiters(_ error: ReadFailed) {
    let (waiters, searches) = signals.withLock { signals in
      defer { (signals.waiters, signals.searches) = ([], []) }
      signals.isWanted = false
      return (signals.waiters, signals.searches)
    }
    for waiter in waiters { waiter.continuation.resume(throwing: error) }
    for search in searches { search.continuation.resume() }
  }

  /// Tries whether tables that could not be written can be again, where nothing waits for them. On the thread, as a job.
  func probe() {
    guard health.mayRecover, health.tablesFailure != nil, tail.unapplied == 0 else { return }
    do {
      _ = try tables.connection.checkpoint(.passive)
      health.tablesRecovered()
    } catch {
      health.tablesFailed(error.asWriterUnavailable)
    }
  }

  /// Copies the write-ahead log, on the connection that writes it and no other: SQLite 3.40 may damage a file that one
  /// connection writes while another copies (its WAL-reset fault; `docs/adr/store-two-files.md`).
  private func checkpoint(force: Bool) {
    health.tablesFrames.store(tables.connection.walFrames, ordering: .relaxed)
    guard force || tables.connection.walFrames >= checkpointFrames else { return }
    do {
      crash.reach(.copyingTables)
      _ = try tables.connection.checkpoint(.passive)
      health.tablesFrames.store(tables.connection.walFrames, ordering: .relaxed)
    } catch {
      health.tablesFailed(error.asWriterUnavailable)
    }
  }
}
