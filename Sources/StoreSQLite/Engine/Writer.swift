internal import Glibc
internal import Store
internal import Synchronization

/// Makes commits durable: one thread, one connection to the log, many callers' commits in one transaction and
/// one sync.
///
/// `@unchecked Sendable`: `log`, `reader` and `heads` are touched on the thread only (and by `init` before it
/// starts); the
/// rest is guarded.
final class Writer: @unchecked Sendable {
  enum Outcome: Sendable {
    case committed
    case repeated(KeptRequest)
  }

  struct Head {
    var name: TenantID
    var revision: Revision
    var chain: [UInt8]
    var time: Moment
    var isSaved: Bool
  }

  private struct Waiting {
    var commit: PreparedCommit
    /// Its revision is set when it becomes durable; another prepared commit may take its place.
    var continuation: CheckedContinuation<(Outcome, PreparedCommit), any Error>
  }

  private struct Queue {
    var waiting: [Waiting] = []
    /// Of what waits, about.
    var bytes = 0
    var jobs: [@Sendable (Writer) -> Void] = []
    var isStopping = false

    mutating func take(_ count: Int) -> [Waiting] {
      let taken = Array(waiting.prefix(count))
      waiting.removeFirst(taken.count)
      bytes -= taken.reduce(0) { $0 + $1.commit.weight }
      return taken
    }
  }

  /// Commits of one transaction. More would only make each of them wait longer.
  static let groupCommits = 2_048
  /// Commits that may wait; beyond, callers are told to come back.
  static let greatestQueue = 100_000
  /// Bytes of commits that may wait: sixteen of the largest, or all of ``greatestQueue`` where they are usual ones.
  static let greatestQueueBytes = 256 << 20

  /// Commits of a group from which on more are waited for. With fewer writers the wait would be most of what a commit takes.
  private static let crowd = 4
  /// How long one look for more commits waits for the next, while more come; the system makes about twice that of it.
  private static let pauseMicroseconds: UInt32 = 50
  /// Looks at most: what a commit waits for others stays under half a millisecond.
  private static let greatestPauses = 4

  private let queue = Monitor(Queue())
  /// Commits of the last group.
  private var lastGroup = 0
  let log: LogFile
  let reader: TablesReader
  private let preparer: Preparer
  private let tail: Tail
  private let tailLimit: Int
  private let checkpointFrames: Int
  private let registry: TenantRegistry
  private let health: HealthBoard
  private let hub: WatchHub
  private let crash: CrashPoints
  private let onDurable: @Sendable (_ changes: Int) -> Void
  private(set) var heads: [UInt32: Head]
  private var thread: OwnThread?

  init(
    log: LogFile, reader: TablesReader, preparer: Preparer, tail: Tail, tailLimit: Int,
    checkpointFrames: Int, registry: TenantRegistry,
    health: HealthBoard, hub: WatchHub, crash: CrashPoints, heads: [UInt32: Head],
    onDurable: @escaping @Sendable (Int) -> Void
  ) {
    self.log = log
    self.reader = reader
    self.preparer = preparer
    self.tail = tail
    self.tailLimit = tailLimit
    self.checkpointFrames = checkpointFrames
    self.registry = registry
    self.health = health
    self.hub = hub
    self.crash = crash
    self.heads = heads
    self.onDurable = onDurable
  }

  func start() { thread = OwnThread("store-writer") { [self] in run() } }

  /// Queues a commit and answers once it is durable.
  func commit(_ commit: PreparedCommit) async throws -> (Outcome, PreparedCommit) {
    try await withCheckedThrowingContinuation { continuation in
      let refusal: WriterUnavailable? = queue.change { queue in
        if queue.isStopping { return WriterUnavailable(cause: .closed, detail: "the store is closing") }
        if queue.waiting.count >= Self.greatestQueue || queue.bytes >= Self.greatestQueueBytes {
          return WriterUnavailable(
            cause: .overloaded, detail: "\(queue.waiting.count) commits wait; try again")
        }
        queue.waiting.append(Waiting(commit: commit, continuation: continuation))
        queue.bytes += commit.weight
        return nil
      }
      if let refusal { continuation.resume(throwing: refusal) }
    }
  }

  /// Runs a job on the thread, between groups.
  func run<T: Sendable>(_ body: @escaping @Sendable (Writer) throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<T, any Error>) in
      let isClosed = queue.change { queue in
        if !queue.isStopping {
          queue.jobs.append { writer in
            do {
              continuation.resume(returning: try body(writer))
            } catch {
              continuation.resume(throwing: readingError(error))
            }
          }
        }
        return queue.isStopping
      }
      if isClosed {
        continuation.resume(throwing: WriterUnavailable(cause: .closed, detail: "the store is closing"))
      }
    }
  }

  /// Looks again whether the tail has room.
  func wake() { queue.change { _ in } }

  /// Commits what waits, then ends the thread.
  func stop() {
    queue.change { $0.isStopping = true }
    thread?.join()
  }

  // MARK: On the thread

  private enum Turn {
    case jobs([@Sendable (Writer) -> Void])
    case commits([Waiting])
    case stop
  }

  private func run() {
    while true {
      gather()
      let turn = queue.wait { queue -> Turn? in
        if !queue.jobs.isEmpty {
          defer { queue.jobs = [] }
          return .jobs(queue.jobs)
        }
        if !queue.waiting.isEmpty {
          // What is durable but not applied lies in memory: callers wait rather than that it grows without
          // end.
          if tail.weight > tailLimit, health.refusal == nil, !queue.isStopping { return nil }
          return .commits(queue.take(Self.groupCommits))
        }
        return queue.isStopping ? .stop : nil
      }
      switch turn {
      case .jobs(let jobs): for job in jobs { job(self) }
      case .commits(let group): commitGroup(group)
      case .stop, nil:
        checkpoint(force: true)
        return
      }
    }
  }

  /// Where commits come side by side, waits a moment for those about to come: each group costs a transaction, a sync and two
  /// switches between threads, whether it is of three commits or thirty. A writer that is alone, or nearly, is never held up
  /// by it: the group before was small.
  private func gather() {
    guard lastGroup >= Self.crowd else { return }
    var known = 0
    queue.wait { $0.waiting.isEmpty && $0.jobs.isEmpty && !$0.isStopping ? nil : true }
    for _ in 0..<Self.greatestPauses {
      let (count, isUrgent) = queue.withLock { ($0.waiting.count, !$0.jobs.isEmpty || $0.isStopping) }
      if isUrgent || count <= known || count >= Self.groupCommits { return }
      known = count
      usleep(Self.pauseMicroseconds)
    }
  }

  private func commitGroup(_ group: [Waiting]) {
    lastGroup = group.count
    if let refusal = health.refusal, !health.mayRecover {
      for waiting in group { waiting.continuation.resume(throwing: refusal) }
      return
    }
    if let refusal = health.refusal, tail.weight > tailLimit {
      for waiting in group { waiting.continuation.resume(throwing: refusal) }
      return
    }
    let headsBefore = heads
    var results: [Result<(Outcome, PreparedCommit), any Error>] = []
    results.reserveCapacity(group.count)
    var accepted: [PreparedCommit] = []
    accepted.reserveCapacity(group.count)
    do {
      try log.connection.beginWrite()
      crash.reach(.begun)
      var overlay = GroupOverlay()
      for (place, waiting) in group.enumerated() {
        results.append(try accept(waiting.commit, overlay, &accepted))
        // After the last nobody asks.
        if place < group.count - 1, case .success((.committed, let commit))? = results.last {
          overlay.add(commit)
        }
      }
      crash.reach(.written)
      try log.connection.execute(accepted.isEmpty ? "ROLLBACK" : "COMMIT")
      crash.reach(.committed)
    } catch {
      log.connection.rollBack()
      heads = headsBefore
      refuse(group, error)
      return
    }
    if !accepted.isEmpty { health.writerRecovered() }
    for commit in accepted { commit.dropContent() }
    publish(accepted)
    for (waiting, result) in zip(group, results) { waiting.continuation.resume(with: result) }
    crash.reach(.answered)
    checkpoint(force: false)
  }

  private func publish(_ accepted: [PreparedCommit]) {
    if accepted.isEmpty { return }
    tail.publish(accepted)
    crash.reach(.published)
    var newest: [UInt32: Revision] = [:]
    var changes = 0
    for commit in accepted {
      newest[commit.tenant] = commit.revision
      changes += commit.changes.count
    }
    hub.advance(newest)
    // At least one, so that a commit that changes no record is applied too.
    onDurable(max(changes, 1))
  }

  private func refuse(_ group: [Waiting], _ error: any Error) {
    let failure =
      (error as? SQLiteFailure)?.asWriterUnavailable
      ?? WriterUnavailable(cause: .corrupt, detail: "the commit could not be written: \(error)")
    health.writerFailed(failure)
    for waiting in group { waiting.continuation.resume(throwing: failure) }
  }

  /// Gives a commit its revision and writes it into the open transaction.
  /// - Returns: what its caller gets once the transaction is durable.
  /// - Throws: ``SQLiteFailure`` where the log cannot be written; then the whole group fails.
  private func accept(
    _ commit: PreparedCommit, _ overlay: GroupOverlay, _ accepted: inout [PreparedCommit]
  ) throws -> Result<(Outcome, PreparedCommit), any Error> {
    var commit = commit
    if overlay.touches(commit) || !tail.confirms(commit) {
      do {
        switch try preparer.prepare(commit.commit, tenant: commit.tenant, reader: reader, overlay: overlay) {
        case .new(let anew): commit = anew
        case .repeated(let kept): return .success((.repeated(kept), commit))
        }
      } catch {
        return .failure(readingError(error))
      }
    }
    if let refusal = try write(commit) { return .failure(refusal) }
    accepted.append(commit)
    return .success((.committed, commit))
  }

  /// Gives a commit its revision and its row in the open transaction.
  /// - Returns: why it cannot have one; nil: it has.
  @discardableResult private func write(_ commit: PreparedCommit) throws -> WriterUnavailable? {
    guard var head = try head(of: commit.tenant) else {
      return WriterUnavailable(cause: .overloaded, detail: "this store has all the tenants it can have")
    }
    guard head.revision.rawValue < LogRow.greatestRevision else {
      return WriterUnavailable(cause: .overloaded, detail: "the tenant has all the revisions it can have")
    }
    let revision = Revision(head.revision.rawValue + 1)
    let time = max(head.time, commit.commit.time ?? Moment(rawValue: SystemClock.now()))
    commit.assign(revision, time)
    let row = LogRow.id(commit.tenant, revision)
    head.chain = LogCodec.link(previous: head.chain, row: row, time: time, digest: commit.digest)
    try log.append(
      row,
      LogCodec.payload(
        chain: head.chain, digest: commit.digest, time: time, isErased: false, salt: commit.salt,
        content: commit.content))
    head.revision = revision
    head.time = time
    heads[commit.tenant] = head
    return nil
  }

  /// Writes an erasure's commit, with its note of what is still to be rewritten. On the thread, as a job.
  func commitErasure(_ commit: PreparedCommit, _ subject: String) throws {
    try transaction {
      try write(commit)
      try log.noteErasure(commit.tenant, subject, commit.revision)
    }
    publish([commit])
  }

  /// Runs `body` in a transaction on the log, as long as commits are taken. On the thread.
  func transaction(_ body: () throws -> Void) throws {
    if let refusal = health.refusal, !health.mayRecover { throw refusal }
    let headsBefore = heads
    do {
      try log.connection.beginWrite()
      try body()
      try log.connection.execute("COMMIT")
    } catch {
      log.connection.rollBack()
      heads = headsBefore
      guard let failure = error as? SQLiteFailure else { throw error }
      health.writerFailed(failure.asWriterUnavailable)
      throw failure.asWriterUnavailable
    }
  }

  /// Empties the write-ahead log into the file, unless somebody reads an older state. On the thread, as a job.
  /// - Parameter waiting: for readers, in milliseconds; commits wait as long.
  /// - Returns: whether it is empty.
  func emptyWriteAheadLog(waiting: Int32) throws -> Bool {
    do {
      return try log.connection.checkpoint(.truncate, waiting: waiting)
    } catch {
      health.writerFailed(error.asWriterUnavailable)
      throw error.asWriterUnavailable
    }
  }

  /// Tries whether a disk that was full takes a commit again, where no caller does: a supervisor sends none to a server
  /// that says it takes none. On the thread.
  func probe() {
    guard health.refusal?.cause == .diskFull else { return }
    do {
      try transaction { try log.rewriteFormat() }
      health.writerRecovered()
    } catch {
      // Still full: the board says so already.
    }
  }

  private func head(of tenant: UInt32) throws -> Head? {
    if let head = heads[tenant] { return head }
    guard let name = registry.name(of: tenant) else { return nil }
    let head = Head(
      name: name, revision: .zero, chain: LogCodec.noChain, time: Moment(rawValue: .min), isSaved: true)
    try log.save(
      LogTenant(
        number: tenant, name: name, compacted: .zero, compactedChain: LogCodec.noChain,
        compactedTime: Moment(rawValue: .min)))
    heads[tenant] = head
    return head
  }

  private func checkpoint(force: Bool) {
    health.logFrames.store(log.connection.walFrames, ordering: .relaxed)
    guard force || log.connection.walFrames >= checkpointFrames else { return }
    if health.refusal?.cause == .syncFailed { return }
    do {
      crash.reach(.copyingLog)
      _ = try log.connection.checkpoint(.passive)
      health.logFrames.store(log.connection.walFrames, ordering: .relaxed)
    } catch {
      health.writerFailed(error.asWriterUnavailable)
    }
  }
}
