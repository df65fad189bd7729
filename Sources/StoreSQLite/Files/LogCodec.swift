internal import Digests
internal import Store

/// What an erasure has left of a body in the log.
enum BodyErasure: UInt8, Sendable {
  case none = 0
  /// The person is taken out of it.
  case rewritten = 1
  /// Nothing.
  case removed = 2
}

/// One record's part in a commit, as the log has it.
struct LoggedChange: Sendable {
  var key: RecordKey
  var operation: ChangeOperation
  /// The record before (tombstone included); nil where there was none. Its key is ``key``.
  var before: StoredRecord?
  /// The new body; nil where the operation keeps the old one or leaves none.
  var after: [UInt8]?
  /// What an erasure has done to the body in ``before``, and to ``after``.
  var beforeErasure: BodyErasure = .none
  var afterErasure: BodyErasure = .none

  var isErased: Bool { beforeErasure != .none || afterErasure != .none }

  /// The record after the commit that made this change; nil where it was removed.
  func record(revision: Revision, time: Moment) -> StoredRecord? {
    if afterErasure == .removed { return nil }
    switch operation {
    case .created:
      return StoredRecord(
        key: key, body: after ?? [], createdRevision: revision, revision: revision, createdTime: time,
        updatedTime: time)
    case .updated, .erased, .deleted, .undeleted:
      if operation == .erased, after == nil { return nil }
      if after == nil, beforeErasure == .removed { return nil }
      let body = after ?? before?.body ?? []
      return StoredRecord(
        key: key, body: body, createdRevision: before?.createdRevision ?? revision, revision: revision,
        createdTime: before?.createdTime ?? time, updatedTime: time,
        deletedTime: operation.deletedTime(at: time, before: before))
    }
  }
}

extension ChangeOperation {
  /// Since when a record is deleted after a change.
  func deletedTime(at time: Moment, before: StoredRecord?) -> Moment? {
    switch self {
    case .deleted: time
    // Erasing somebody from a deleted record does not bring it back. Records are kept with one time for both.
    case .erased: before?.isDeleted == true ? time : nil
    case .created, .updated, .undeleted: nil
    }
  }
}

/// One commit, as the log has it.
struct LoggedCommit: Sendable {
  var chain: [UInt8]
  var digest: [UInt8]
  var time: Moment
  var isErased: Bool
  var salt: [UInt8]
  var actor: Actor
  var reason: String
  var requestID: String
  var requestFingerprint: [UInt8]
  var changes: [LoggedChange]

  /// The changes as the store's callers see them.
  func changes(at revision: Revision, matching filter: ChangeFilter) -> [Change] {
    var result: [Change] = []
    result.reserveCapacity(changes.count)
    for (index, change) in changes.enumerated() where filter.admits(change.key) {
      result.append(self.change(change, at: revision, index: index))
    }
    return result
  }

  func change(_ change: LoggedChange, at revision: Revision, index: Int) -> Change {
    let kept = change.beforeErasure == .removed ? nil : change.before
    let after: [UInt8]? =
      switch change.operation {
      case .deleted: nil
      case .undeleted: kept?.body
      case .erased: change.before?.isDeleted == true ? nil : change.after
      case .created, .updated: change.after
      }
    return Change(
      revision: revision, index: index, count: changes.count, time: time, actor: actor, reason: reason,
      requestID: requestID, key: change.key, operation: change.operation,
      before: kept.flatMap { $0.isDeleted ? nil : $0.body }, after: after,
      previousRevision: change.before?.revision ?? .zero, isErased: change.isErased)
  }
}

/// A commit's row in the log: a header of fixed size (version, flags, chain hash, digest, time, salt), then
/// the content
/// that the digest covers together with the salt.
///
/// Revision and time are not in the content, because the content is made before the writer gives them; the
/// chain
/// hash covers them. An erasure takes bodies and salt away and leaves the digest, so that the chain still
/// holds
/// while nobody can try out what the body may have been.
enum LogCodec {
  static let version: UInt8 = 1
  static let hashBytes = 32
  static let saltBytes = 16
  static let headerBytes = 2 + 32 + 32 + 8 + 16
  static let erasedFlag: UInt8 = 1
  static let noChain = [UInt8](repeating: 0, count: hashBytes)

  private enum Flag {
    static let hasBefore: UInt8 = 1, beforeDeleted: UInt8 = 2, hasAfter: UInt8 = 4
    /// Two bits each: ``BodyErasure``.
    static let beforeErasure: UInt8 = 3, afterErasure: UInt8 = 5
  }

  static func content(
    actor: Actor, reason: String, requestID: String, fingerprint: [UInt8], changes: [LoggedChange]
  ) -> [UInt8] {
    var writer = ByteWriter()
    let bodies = changes.reduce(0) { $0 + ($1.before?.body.count ?? 0) + ($1.after?.count ?? 0) + 80 }
    writer.bytes.reserveCapacity(bodies + 64)
    writer.text(actor.principal)
    writer.text(actor.team)
    writer.text(reason)
    writer.text(requestID)
    writer.bytes(fingerprint)
    writer.varint(UInt64(changes.count))
    for change in changes { append(change, to: &writer) }
    return writer.bytes
  }

  private static func append(_ change: LoggedChange, to writer: inout ByteWriter) {
    var flags: UInt8 = 0
    if let before = change.before { flags |= Flag.hasBefore | (before.isDeleted ? Flag.beforeDeleted : 0) }
    if change.after != nil { flags |= Flag.hasAfter }
    flags |= change.beforeErasure.rawValue << Flag.beforeErasure
    flags |= change.afterErasure.rawValue << Flag.afterErasure
    writer.byte(change.operation.rawValue)
    writer.byte(flags)
    writer.text(change.key.account ?? "")
    writer.varint(UInt64(change.key.kind.rawValue))
    writer.text(change.key.id)
    if let before = change.before {
      writer.varint(before.revision.rawValue)
      writer.varint(before.updatedTime.rawValue)
      writer.varint(before.createdRevision.rawValue)
      writer.varint(before.createdTime.rawValue)
      writer.bytes(before.body)
    }
    if let after = change.after { writer.bytes(after) }
  }

  static func digest(salt: [UInt8], content: [UInt8]) -> [UInt8] { SHA256.digest(salt, content) }

  /// The next link: over the one before, the row's place, its moment and what it says.
  static func link(previous: [UInt8], row: Int64, time: Moment, digest: [UInt8]) -> [UInt8] {
    var writer = ByteWriter()
    writer.bytes.reserveCapacity(80)
    writer.bytes.append(contentsOf: previous)
    writer.fixed(row)
    writer.fixed(time.rawValue)
    writer.bytes.append(contentsOf: digest)
    return SHA256.digest(of: writer.bytes)
  }

  static func payload(
    chain: [UInt8], digest: [UInt8], time: Moment, isErased: Bool, salt: [UInt8], content: [UInt8]
  ) -> [UInt8] {
    var writer = ByteWriter()
    writer.bytes.reserveCapacity(headerBytes + content.count)
    writer.byte(version)
    writer.byte(isErased ? erasedFlag : 0)
    writer.bytes.append(contentsOf: chain)
    writer.bytes.append(contentsOf: digest)
    writer.fixed(time.rawValue)
    writer.bytes.append(contentsOf: salt)
    writer.bytes.append(contentsOf: content)
    return writer.bytes
  }

  /// Just the moment of a row, which time travel searches by.
  static func time(ofPayload bytes: UnsafeRawBufferPointer) throws(Malformed) -> Moment {
    var reader = ByteReader(bytes)
    _ = try reader.raw(2 + hashBytes + hashBytes)
    return Moment(rawValue: try reader.fixed())
  }

  /// - Parameter filter: the changes whose bodies are wanted: of others only the keys are read.
  static func decode(_ bytes: UnsafeRawBufferPointer, wanting filter: ChangeFilter = .everything)
    throws(Malformed)
    -> LoggedCommit
  {
    var reader = ByteReader(bytes)
    guard try reader.byte() == version else { throw Malformed(what: "a log row has an unknown version") }
    let isErased = try reader.byte() & erasedFlag != 0
    let chain = try reader.raw(hashBytes)
    let digest = try reader.raw(hashBytes)
    let time = Moment(rawValue: try reader.fixed())
    let salt = try reader.raw(saltBytes)
    let actor = Actor(principal: try reader.text(), team: try reader.text())
    let reason = try reader.text()
    let requestID = try reader.text()
    let fingerprint = try reader.bytes()
    let count = try reader.varint()
    guard count <= UInt64(StoreLimits.operationsPerCommit) else {
      throw Malformed(what: "too many changes in a row")
    }
    var changes: [LoggedChange] = []
    changes.reserveCapacity(Int(count))
    for _ in 0..<count { changes.append(try decodeChange(&reader, wanting: filter)) }
    guard reader.remaining == 0 else { throw Malformed(what: "a log row has bytes left over") }
    return LoggedCommit(
      chain: chain, digest: digest, time: time, isErased: isErased, salt: salt, actor: actor, reason: reason,
      requestID: requestID, requestFingerprint: fingerprint, changes: changes)
  }

  private static func decodeChange(_ reader: inout ByteReader, wanting filter: ChangeFilter) throws(Malformed)
    -> LoggedChange
  {
    guard let operation = ChangeOperation(rawValue: try reader.byte()) else {
      throw Malformed(what: "a change has an unknown operation")
    }
    let flags = try reader.byte()
    let account = try reader.text()
    let kind = try reader.varint()
    guard kind <= UInt64(UInt16.max) else { throw Malformed(what: "a change has an impossible kind") }
    let id = try reader.text()
    let key = RecordKey(account: account.isEmpty ? nil : account, kind: RecordKind(UInt16(kind)), id: id)
    let isWanted = filter.admits(key)
    var before: StoredRecord?
    if flags & Flag.hasBefore != 0 {
      let revision = Revision(try reader.signedVarint())
      let updated = Moment(rawValue: try reader.signedVarint())
      let createdRevision = Revision(try reader.signedVarint())
      let created = Moment(rawValue: try reader.signedVarint())
      let body = try body(&reader, isWanted)
      before = StoredRecord(
        key: key, body: body, createdRevision: createdRevision, revision: revision, createdTime: created,
        updatedTime: updated, deletedTime: flags & Flag.beforeDeleted != 0 ? updated : nil)
    }
    let after = flags & Flag.hasAfter != 0 ? try body(&reader, isWanted) : nil
    return LoggedChange(
      key: key, operation: operation, before: before, after: after,
      beforeErasure: BodyErasure(rawValue: flags >> Flag.beforeErasure & 3) ?? .removed,
      afterErasure: BodyErasure(rawValue: flags >> Flag.afterErasure & 3) ?? .removed)
  }

  /// A body; empty where it is passed over.
  private static func body(_ reader: inout ByteReader, _ isWanted: Bool) throws(Malformed) -> [UInt8] {
    if isWanted { return try reader.bytes() }
    try reader.skipBytes()
    return []
  }
}

/// A record's row: a header of fixed size, then the body.
enum RecordCodec {
  private static let deletedFlag: UInt8 = 1

  static func encode(_ record: StoredRecord) -> [UInt8] {
    var writer = ByteWriter()
    writer.bytes.reserveCapacity(record.body.count + 40)
    writer.byte(record.isDeleted ? deletedFlag : 0)
    writer.fixed(record.revision.rawValue)
    writer.fixed(record.createdRevision.rawValue)
    writer.fixed(record.createdTime.rawValue)
    writer.fixed(record.updatedTime.rawValue)
    writer.bytes.append(contentsOf: record.body)
    return writer.bytes
  }

  static func decode(_ bytes: UnsafeRawBufferPointer, key: RecordKey) throws(Malformed) -> StoredRecord {
    var reader = ByteReader(bytes)
    let flags = try reader.byte()
    let revision = Revision(try reader.fixed())
    let createdRevision = Revision(try reader.fixed())
    let created = Moment(rawValue: try reader.fixed())
    let updated = Moment(rawValue: try reader.fixed())
    return StoredRecord(
      key: key, body: try reader.raw(reader.remaining), createdRevision: createdRevision, revision: revision,
      createdTime: created, updatedTime: updated, deletedTime: flags & deletedFlag != 0 ? updated : nil)
  }
}
