internal import Store

/// One record's change, worked out against the state that was current when it was.
///
/// A class, because it is handed from the caller to the writer, the tail and the applier: a value of so many parts costs
/// more to pass on than to make.
final class PreparedChange: Sendable {
  let key: RecordKey
  let encodedKey: KeyBytes
  let shard: KeyBytes
  let operation: ChangeOperation
  /// Tombstone included.
  let before: StoredRecord?
  /// Revision and times are those of `before`, or none: the writer gives the commit its own.
  let after: StoredRecord?
  let removed: RecordEntries
  let added: RecordEntries

  init(
    key: RecordKey, encodedKey: KeyBytes, shard: KeyBytes, operation: ChangeOperation, before: StoredRecord?,
    after: StoredRecord?, removed: RecordEntries, added: RecordEntries
  ) {
    self.key = key
    self.encodedKey = encodedKey
    self.shard = shard
    self.operation = operation
    self.before = before
    self.after = after
    self.removed = removed
    self.added = added
  }

  var logged: LoggedChange {
    let body: [UInt8]? =
      switch operation {
      case .created, .updated, .erased: after?.body
      case .deleted, .undeleted: nil
      }
    guard operation == .erased else {
      return LoggedChange(key: key, operation: operation, before: before, after: body)
    }
    // An erasure must not write what it takes away.
    var before = self.before
    before?.body = []
    return LoggedChange(
      key: key, operation: operation, before: before, after: body, beforeErasure: .removed)
  }
}

/// A commit on its way: worked out by its caller, given its revision by the writer, put into the tables by
/// the applier.
///
/// `@unchecked Sendable`: it belongs to one of the three at a time and is handed on under a lock. The writer
/// is the last to
/// change it.
final class PreparedCommit: @unchecked Sendable {
  let tenant: UInt32
  let commit: Commit
  let changes: [PreparedChange]
  /// Keys whose state the outcome rests on, with the revision found (zero: none).
  let seen: [SeenRecord]
  /// The tenant's newest revision before anything was looked up.
  let seenHead: Revision
  let salt: [UInt8]
  /// What the log gets; empty once it has it.
  private(set) var content: [UInt8]
  let digest: [UInt8]
  let requestKey: KeyBytes?
  /// Bytes it holds until applied, about.
  let weight: Int

  /// Given by the writer.
  var revision = Revision.zero
  var time = Moment(rawValue: 0)
  /// `changes` after the writer has put revision and time in.
  var records: [StoredRecord?] = []

  init(
    tenant: UInt32, commit: Commit, changes: [PreparedChange],
    seen: [SeenRecord], seenHead: Revision
  ) {
    self.tenant = tenant
    self.commit = commit
    self.changes = changes
    self.seen = seen
    self.seenHead = seenHead
    salt = Salts.next()
    content = LogCodec.content(
      actor: commit.actor, reason: commit.reason, requestID: commit.requestID,
      fingerprint: commit.requestFingerprint, changes: changes.map(\.logged))
    digest = LogCodec.digest(salt: salt, content: content)
    requestKey = commit.requestID.isEmpty ? nil : RequestKey.encode(tenant, commit.requestID)
    weight = Self.weight(of: changes)
  }

  /// A commit read back from the log, for the applier.
  init(replaying logged: LoggedCommit, tenant: UInt32, revision: Revision, changes: [PreparedChange]) {
    self.tenant = tenant
    commit = Commit(
      [], actor: logged.actor, reason: logged.reason, requestID: logged.requestID,
      requestFingerprint: logged.requestFingerprint)
    self.changes = changes
    seen = []
    seenHead = .zero
    salt = logged.salt
    content = []
    digest = logged.digest
    requestKey = logged.requestID.isEmpty ? nil : RequestKey.encode(tenant, logged.requestID)
    weight = Self.weight(of: changes)
    self.revision = revision
    time = logged.time
    records = changes.map(\.after)
  }

  /// A change's own bytes beside its bodies: keys, index entries and where they are looked up, about.
  private static let changeBytes = 600

  private static func weight(of changes: [PreparedChange]) -> Int {
    changes.reduce(0) { $0 + ($1.after?.body.count ?? 0) + ($1.before?.body.count ?? 0) + changeBytes }
  }

  /// Lets go of what the log has.
  func dropContent() { content = [] }

  /// Gives it its place in history.
  func assign(_ revision: Revision, _ time: Moment) {
    self.revision = revision
    self.time = time
    records = changes.map { change in
      guard var record = change.after else { return nil }
      record.revision = revision
      record.updatedTime = time
      if change.operation == .created {
        record.createdRevision = revision
        record.createdTime = time
      }
      record.deletedTime = change.operation.deletedTime(at: time, before: change.before)
      return record
    }
  }

  var receipt: CommitReceipt {
    CommitReceipt(revision: revision, time: time, records: records.compactMap { $0 }, isRepeat: false)
  }
}

/// A record whose state a commit rests on.
struct SeenRecord: Sendable {
  var encodedKey: KeyBytes
  var shard: KeyBytes
  /// Zero: there was none.
  var revision: Revision
}

/// What is kept of a request id.
struct KeptRequest: Sendable {
  var revision: Revision
  var time: Moment
  var fingerprint: [UInt8]
}

enum RequestKey {
  static func encode(_ tenant: UInt32, _ requestID: String) -> KeyBytes {
    KeyBytes(KeyEncoding.tenant(tenant) + Array(requestID.utf8))
  }
}
