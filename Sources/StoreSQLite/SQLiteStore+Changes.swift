public import Store
internal import Synchronization

/// The change log: reading on from a revision, and watching.
extension SQLiteStore {
  public func changes(in tenant: TenantID, after: Revision, matching filter: ChangeFilter, limit: Int)
    async throws
    -> ChangePage
  {
    guard let number = registry.number(of: tenant) else {
      if after > .zero { throw RevisionAhead(asked: after, head: .zero) }
      return ChangePage(changes: [], through: .zero, head: .zero)
    }
    let head = tail.head(of: number)
    if after > head { throw RevisionAhead(asked: after, head: head) }
    if after < .zero { throw InvalidQuery(problem: "revision \(after) is negative") }
    let wanted = max(1, min(limit, StoreLimits.pageRecords))
    return try await workers.run { try Self.changes($0.log, number, after, head, filter, wanted) }
  }

  /// Commits looked at for one page: a filter that nothing meets must not hold a worker for long.
  private static let commitsPerPage = 4_096

  private static func changes(
    _ log: LogFile, _ number: UInt32, _ after: Revision, _ head: Revision, _ filter: ChangeFilter,
    _ limit: Int
  ) throws -> ChangePage {
    var changes: [Change] = []
    var through = after
    var bytes = 0
    try log.rows(number, after: after, through: head, limit: commitsPerPage) { revision, payload in
      // Contiguous, or compaction has been here.
      guard revision.rawValue == through.rawValue + 1 else {
        throw Compacted(oldest: Revision(revision.rawValue - 1))
      }
      let commit = try LogCodec.decode(payload, wanting: filter)
      let found = commit.changes(at: revision, matching: filter)
      if !changes.isEmpty, changes.count + found.count > limit { return false }
      changes.append(contentsOf: found)
      through = revision
      bytes += payload.count
      return changes.count < limit && bytes < StoreLimits.commitBytes
    }
    if through == after, after < head {
      throw Compacted(oldest: try log.compaction(of: number).revision)
    }
    return ChangePage(changes: changes, through: through, head: head)
  }

  public func watch(
    in tenant: TenantID, after: Revision, matching filter: ChangeFilter, bookmarkEvery: Duration
  )
    -> Watch
  {
    let watcher = Watcher(
      store: self, tenant: tenant, after: after, filter: filter, bookmarkEvery: bookmarkEvery)
    return Watch { try await watcher.next() }
  }

  /// Ends every watch that has nothing left to tell, for a server that stops: a watch would go on for ever. Reads and
  /// writes go on; it cannot be watched any more.
  public func endWatches() { hub.close() }
}

/// Where a watch is. It keeps no changes: each batch is read from the log when it is asked for, so that a
/// slow watcher
/// costs nothing but its place.
private final class Watcher: Sendable {
  private struct State {
    var position: Revision
    var hasCaughtUp = false
    var bookmarkDue: UInt64
  }

  private let store: SQLiteStore
  private let tenant: TenantID
  private let filter: ChangeFilter
  private let interval: UInt64
  private let state: Mutex<State>

  init(store: SQLiteStore, tenant: TenantID, after: Revision, filter: ChangeFilter, bookmarkEvery: Duration) {
    self.store = store
    self.tenant = tenant
    self.filter = filter
    interval = bookmarkEvery.deadlineNanoseconds
    state = Mutex(State(position: after, bookmarkDue: SystemClock.monotonic() &+ interval))
  }

  func next() async throws -> ChangePage? {
    while true {
      try Task.checkCancellation()
      let (position, hasCaughtUp, due) = state.withLock { ($0.position, $0.hasCaughtUp, $0.bookmarkDue) }
      let head = try store.head(of: tenant)
      if position > head { throw RevisionAhead(asked: position, head: head) }
      if hasCaughtUp, head.rawValue - position.rawValue > store.options.watcherLag {
        throw SlowWatcher(resumeAfter: position, head: head)
      }
      if position < head {
        if let page = try await read(position) { return page }
        continue
      }
      state.withLock { $0.hasCaughtUp = true }
      // A tenant that has never written gets its number here, so that its first commit is seen.
      guard let number = store.registry.numberOrNew(of: tenant) else { return nil }
      switch await store.hub.wait(number, after: position, until: due) {
      case .advanced: continue
      case .closed: return nil
      case .cancelled: throw CancellationError()
      case .timedOut: return step(ChangePage(changes: [], through: position, head: position))
      }
    }
  }

  /// - Returns: nil where nothing of it is wanted and no bookmark is due.
  private func read(_ position: Revision) async throws -> ChangePage? {
    let page = try await store.changes(
      in: tenant, after: position, matching: filter, limit: StoreLimits.pageRecords)
    if page.changes.isEmpty, SystemClock.monotonic() < state.withLock({ $0.bookmarkDue }) {
      state.withLock { $0.position = page.through }
      return nil
    }
    return step(page)
  }

  private func step(_ page: ChangePage) -> ChangePage {
    state.withLock { state in
      state.position = page.through
      state.bookmarkDue = SystemClock.monotonic() &+ interval
    }
    return page
  }
}
