/// What a write expects to find, so that nobody overwrites what they have not seen.
public enum Expectation: Hashable, Sendable {
  /// Whatever is there.
  case any
  /// Nothing, or a deleted record.
  case absent
  /// A live record.
  case present
  /// A record (live or deleted) last changed by exactly this commit.
  case revision(Revision)
}

/// One step of a commit.
public enum CommitOperation: Hashable, Sendable {
  /// Creates the record or replaces its body.
  case put(RecordKey, body: [UInt8], expecting: Expectation)
  /// Takes the record out of every list and index. Its body stays with its key for ``undelete``.
  /// A record that is not there, or deleted already, is ``RecordMissing``.
  case delete(RecordKey, expecting: Expectation)
  /// Brings a deleted record back with the body it had.
  /// A record that is not there, or not deleted, is ``RecordMissing``.
  case undelete(RecordKey, expecting: Expectation)
  /// Changes nothing; the whole commit fails where the expectation does not hold.
  case check(RecordKey, expecting: Expectation)

  public var key: RecordKey {
    switch self {
    case .put(let key, _, _), .delete(let key, _), .undelete(let key, _), .check(let key, _): key
    }
  }

  public var expectation: Expectation {
    switch self {
    case .put(_, _, let e), .delete(_, let e), .undelete(_, let e), .check(_, let e): e
    }
  }
}

/// A batch of writes that happens as a whole or not at all, and gives its tenant the next revision.
public struct Commit: Hashable, Sendable {
  /// In the order they are to appear in the change log. No key twice.
  public var operations: [CommitOperation]
  /// Who.
  public var actor: Actor
  /// Why, in the actor's words; empty where not said.
  public var reason: String
  /// Makes a repeat harmless: a commit whose request id the tenant has seen within the retention has no
  /// second
  /// effect and gets the first one's receipt. Empty: no protection.
  public var requestID: String
  /// Tells a repeat from another request under the same id: where both have one and they differ, the second
  /// is ``RequestIDReused``. A hash of the client's request, for example. Up to 64 bytes.
  public var requestFingerprint: [UInt8]
  /// When it happened; nil: now. Never before the tenant's previous commit: an earlier moment is taken as
  /// that.
  public var time: Moment?

  public init(
    _ operations: [CommitOperation], actor: Actor, reason: String = "", requestID: String = "",
    requestFingerprint: [UInt8] = [], time: Moment? = nil
  ) {
    self.operations = operations
    self.actor = actor
    self.reason = reason
    self.requestID = requestID
    self.requestFingerprint = requestFingerprint
    self.time = time
  }
}

/// What a durable commit became.
public struct CommitReceipt: Hashable, Sendable {
  /// The tenant's revision.
  public var revision: Revision
  /// When.
  public var time: Moment
  /// The records as this commit left them, in the order of its operations (without checks). On a repeat: as
  /// the first
  /// commit left them, even where they have changed since; bodies erased meanwhile are empty.
  public var records: [StoredRecord]
  /// Whether this answers a repeated request id.
  public var isRepeat: Bool

  public init(revision: Revision, time: Moment, records: [StoredRecord], isRepeat: Bool) {
    self.revision = revision
    self.time = time
    self.records = records
    self.isRepeat = isRepeat
  }
}

/// A record as the store keeps it.
public struct StoredRecord: Hashable, Sendable {
  public var key: RecordKey
  /// The encoded message. Of a deleted record: the last it had.
  public var body: [UInt8]
  /// The commit that created it (anew, where it was put after a deletion).
  public var createdRevision: Revision
  /// The commit that changed it last, deletion included.
  public var revision: Revision
  public var createdTime: Moment
  public var updatedTime: Moment
  /// When it was deleted; nil while it lives.
  public var deletedTime: Moment?

  public var isDeleted: Bool { deletedTime != nil }

  public init(
    key: RecordKey, body: [UInt8], createdRevision: Revision, revision: Revision, createdTime: Moment,
    updatedTime: Moment, deletedTime: Moment? = nil
  ) {
    self.key = key
    self.body = body
    self.createdRevision = createdRevision
    self.revision = revision
    self.createdTime = createdTime
    self.updatedTime = updatedTime
    self.deletedTime = deletedTime
  }
}
