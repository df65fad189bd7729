/// Everything a store says no with. Carries no body and nothing personal beyond the key.
public protocol StoreError: Error, Sendable, CustomStringConvertible {}

/// A name has a shape that is not allowed.
public struct InvalidIdentifier: StoreError, Hashable {
  /// Which ("tenant").
  public var what: String
  /// What was expected.
  public var expected: String

  public init(what: String, expected: String) {
    self.what = what
    self.expected = expected
  }

  public var description: String { "the \(what) is not valid: expected \(expected)" }
}

/// A commit cannot be taken whatever the store holds: a limit, a key of the wrong scope, the same key twice.
public struct InvalidCommit: StoreError, Hashable {
  /// Index of the operation; nil where it is the commit as a whole.
  public var operation: Int?
  public var problem: String

  public init(operation: Int?, problem: String) {
    self.operation = operation
    self.problem = problem
  }

  public var description: String {
    operation.map { "operation \($0): \(problem)" } ?? problem
  }
}

/// A query asks for an index, column or shape the schema does not have.
public struct InvalidQuery: StoreError, Hashable {
  public var problem: String

  public init(problem: String) { self.problem = problem }

  public var description: String { problem }
}

/// A write expected another revision than the record's current one.
public struct StaleRevision: StoreError, Hashable {
  public var record: RecordKey
  public var expected: Expectation
  /// The record's revision now; ``Revision/zero`` where there is none.
  public var current: Revision
  /// Whether the record is there, and live.
  public var isLive: Bool

  public init(record: RecordKey, expected: Expectation, current: Revision, isLive: Bool) {
    self.record = record
    self.expected = expected
    self.current = current
    self.isLive = isLive
  }

  public var description: String {
    "\(record) is at revision \(current)\(isLive ? "" : " and not live"); expected \(expected)"
  }
}

/// A value that may occur once in the tenant is taken.
public struct UniqueViolation: StoreError, Hashable {
  /// The record that was to be written.
  public var record: RecordKey
  public var index: String
  /// The record that holds the value.
  public var holder: RecordKey

  public init(record: RecordKey, index: String, holder: RecordKey) {
    self.record = record
    self.index = index
    self.holder = holder
  }

  public var description: String {
    "\(holder) already holds this value of \(index); \(record) was not written"
  }
}

/// A write needs a record that is not there (or, for an undelete, not deleted).
public struct RecordMissing: StoreError, Hashable {
  public var record: RecordKey

  public init(record: RecordKey) { self.record = record }

  public var description: String { "\(record) is not there" }
}

/// A request id was used before, for another request.
public struct RequestIDReused: StoreError, Hashable {
  public var requestID: String
  /// The commit that used it first.
  public var revision: Revision

  public init(requestID: String, revision: Revision) {
    self.requestID = requestID
    self.revision = revision
  }

  public var description: String {
    "request id \(requestID) was used for another request (revision \(revision))"
  }
}

/// What was asked for is no longer in the change log.
public struct Compacted: StoreError, Hashable {
  /// The oldest revision that can be asked for: changes are there after it, and the state as of it.
  public var oldest: Revision

  public init(oldest: Revision) { self.oldest = oldest }

  public var description: String { "older than revision \(oldest) is no longer kept" }
}

/// A revision was asked for that has not happened yet.
public struct RevisionAhead: StoreError, Hashable {
  public var asked: Revision
  public var head: Revision

  public init(asked: Revision, head: Revision) {
    self.asked = asked
    self.head = head
  }

  public var description: String { "revision \(asked) has not happened; the newest is \(head)" }
}

/// A watcher fell further behind than the store lets it; it may watch again after `resumeAfter`.
public struct SlowWatcher: StoreError, Hashable {
  public var resumeAfter: Revision
  public var head: Revision

  public init(resumeAfter: Revision, head: Revision) {
    self.resumeAfter = resumeAfter
    self.head = head
  }

  public var description: String { "the watcher is at \(resumeAfter) of \(head); watch again from there" }
}

/// Writes are refused; reads go on.
public struct WriterUnavailable: StoreError, Hashable {
  public enum Cause: Hashable, Sendable {
    /// No room on the disk. Writes come back when there is.
    case diskFull
    /// Reading or writing failed. Ends with a restart or a restore.
    case inputOutput
    /// A sync to disk failed: what the disk holds is unknown, so this process never acknowledges again.
    case syncFailed
    /// More waits to be written than the store takes in. Try again in a moment.
    case overloaded
    /// The store is closing.
    case closed
    /// A page of the database file makes no sense; see `punosd verify`.
    case corrupt
  }

  public var cause: Cause
  /// For the operator; no data in it.
  public var detail: String

  public init(cause: Cause, detail: String) {
    self.cause = cause
    self.detail = detail
  }

  public var description: String { "writes are refused (\(cause)): \(detail)" }
}

/// A read failed below the store.
public struct ReadFailed: StoreError, Hashable {
  public enum Cause: Hashable, Sendable {
    case inputOutput
    /// What is on disk makes no sense here. Other records may well be readable.
    case corrupt
    /// The query did more work than one query may.
    case tooExpensive
    case closed
  }

  public var cause: Cause
  public var detail: String

  public init(cause: Cause, detail: String) {
    self.cause = cause
    self.detail = detail
  }

  public var description: String { "the read failed (\(cause)): \(detail)" }
}

/// A store cannot be opened.
public struct OpenFailed: StoreError, Hashable {
  public enum Cause: Hashable, Sendable {
    /// Another process has it.
    case locked
    /// Made by a newer version.
    case newerFormat
    /// It is not a Punos store, or is damaged.
    case unreadable
    /// The schema contradicts what the store was made with (a kind's code or scope changed).
    case schemaMismatch
    /// The directory or file cannot be made, read or written.
    case inputOutput
  }

  public var cause: Cause
  public var detail: String

  public init(cause: Cause, detail: String) {
    self.cause = cause
    self.detail = detail
  }

  public var description: String { "the store cannot be opened (\(cause)): \(detail)" }
}
