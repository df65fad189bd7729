/// What a change did to its record.
public enum ChangeOperation: UInt8, Hashable, Sendable, CaseIterable {
  case created = 1
  case updated = 2
  case deleted = 3
  case undeleted = 4
  /// A person's data was taken out of it, for good.
  case erased = 5
}

/// One record's part in one commit: who did what to it, when, why, and what it was before and after.
public struct Change: Hashable, Sendable {
  public var revision: Revision
  /// 0-based place among the commit's changes.
  public var index: Int
  /// How many changes the commit has.
  public var count: Int
  public var time: Moment
  public var actor: Actor
  public var reason: String
  public var requestID: String
  public var key: RecordKey
  public var operation: ChangeOperation
  /// The body before; nil where there was no live record, or where it was erased.
  public var before: [UInt8]?
  /// The body after; nil where the record is deleted by this change, or where it was erased.
  public var after: [UInt8]?
  /// The commit that changed this record before this one; ``Revision/zero`` for its first change.
  public var previousRevision: Revision
  /// Whether bodies were taken out of (or altered in) this change by an erasure.
  public var isErased: Bool

  public init(
    revision: Revision, index: Int, count: Int, time: Moment, actor: Actor, reason: String, requestID: String,
    key: RecordKey, operation: ChangeOperation, before: [UInt8]?, after: [UInt8]?, previousRevision: Revision,
    isErased: Bool
  ) {
    self.revision = revision
    self.index = index
    self.count = count
    self.time = time
    self.actor = actor
    self.reason = reason
    self.requestID = requestID
    self.key = key
    self.operation = operation
    self.before = before
    self.after = after
    self.previousRevision = previousRevision
    self.isErased = isErased
  }
}

/// Changes in order, and up to where they go.
public struct ChangePage: Hashable, Sendable {
  /// Oldest first; a commit's changes are never split over two pages.
  public var changes: [Change]
  /// Everything up to and including this revision has been looked at: continue after it.
  public var through: Revision
  /// The tenant's newest durable revision when the page was read.
  public var head: Revision

  public init(changes: [Change], through: Revision, head: Revision) {
    self.changes = changes
    self.through = through
    self.head = head
  }
}

/// A record's (or account's) changes, newest first.
public struct HistoryPage: Hashable, Sendable {
  public var changes: [Change]
  /// Pass as `before` to go on; nil at the end.
  public var next: Revision?
  /// Whether older changes existed that compaction has taken.
  public var isCompacted: Bool

  public init(changes: [Change], next: Revision?, isCompacted: Bool) {
    self.changes = changes
    self.next = next
    self.isCompacted = isCompacted
  }
}

/// Which changes are wanted.
public struct ChangeFilter: Hashable, Sendable {
  /// Only of these kinds; nil: all.
  public var kinds: Set<RecordKind>?
  /// Only in these accounts' shards; nil: everywhere, the tenant's own space included.
  public var accounts: Set<String>?

  public init(kinds: Set<RecordKind>? = nil, accounts: Set<String>? = nil) {
    self.kinds = kinds
    self.accounts = accounts
  }

  public static let everything = ChangeFilter()

  public func admits(_ key: RecordKey) -> Bool {
    if let kinds, !kinds.contains(key.kind) { return false }
    if let accounts {
      guard let account = key.account else { return false }
      return accounts.contains(account)
    }
    return true
  }
}

/// A watch: batches in order, no gap, no repeat; a batch without changes is a bookmark.
///
/// Whoever stops may go on later after ``ChangePage/through`` of the last batch it took, as long as the log
/// keeps
/// what came since (otherwise: ``Compacted``). Iterating throws ``SlowWatcher`` to one that stays far behind.
public struct Watch: AsyncSequence, Sendable {
  public typealias Element = ChangePage

  private let step: @Sendable () async throws -> ChangePage?

  /// - Parameter step: gives the next batch, or nil when the store closes.
  public init(step: @escaping @Sendable () async throws -> ChangePage?) { self.step = step }

  public struct AsyncIterator: AsyncIteratorProtocol {
    let step: @Sendable () async throws -> ChangePage?

    public mutating func next() async throws -> ChangePage? { try await step() }
  }

  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(step: step) }
}

/// A point in a tenant's past.
public enum PointInTime: Hashable, Sendable {
  /// Just after this commit.
  case revision(Revision)
  /// After the last commit that happened at or before this moment.
  case moment(Moment)
}
