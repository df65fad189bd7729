internal import Store

/// What earlier commits of a group have done that is not durable yet. Seen by the writer only.
struct GroupOverlay {
  var records: [[UInt8]: StoredRecord?] = [:]
  var uniques: [[UInt8]: RecordKey?] = [:]
  var requests: [[UInt8]: KeptRequest] = [:]

  mutating func add(_ commit: PreparedCommit) {
    for (place, change) in commit.changes.enumerated() {
      records[change.encodedKey] = .some(commit.records[place])
      for unique in change.removed.uniques { uniques[unique.value] = .some(nil) }
    }
    for change in commit.changes {
      for unique in change.added.uniques { uniques[unique.value] = .some(change.key) }
    }
    if let request = commit.requestKey {
      requests[request] = KeptRequest(
        revision: commit.revision, time: commit.time, fingerprint: commit.commit.requestFingerprint)
    }
  }

  func touches(_ commit: PreparedCommit) -> Bool {
    if records.isEmpty, requests.isEmpty { return false }
    if let request = commit.requestKey, requests[request] != nil { return true }
    if commit.seen.contains(where: { records[$0.encodedKey] != nil }) { return true }
    return commit.changes.contains { change in
      change.added.uniques.contains { uniques[$0.value] != nil }
    }
  }
}

/// Works a commit out against the state there is: what each record was and becomes, and whether that may be.
struct Preparer: Sendable {
  let extractor: FactsExtractor
  let tail: Tail
  /// How long request ids are kept, in microseconds.
  let requestRetention: Int64

  enum Outcome {
    case new(PreparedCommit)
    case repeated(KeptRequest)
  }

  /// - Parameters:
  ///   - reader: of the tables.
  ///   - overlay: what the writer's group has done already; nil for a caller.
  /// - Throws: ``StoreError`` values of a commit; ``SQLiteFailure`` where reading fails.
  func prepare(_ commit: Commit, tenant: UInt32, reader: TablesReader, overlay: GroupOverlay?) throws
    -> Outcome
  {
    let head = tail.head(of: tenant)
    let result = Result { try workOut(commit, tenant, head, reader, overlay) }
    // After the state: a first attempt that became durable in between is then found as such.
    if !commit.requestID.isEmpty,
      let kept = try kept(commit.requestID, commit.requestFingerprint, tenant, reader, overlay)
    {
      return .repeated(kept)
    }
    return .new(try result.get())
  }

  /// What a request id became, where it is known and within the retention.
  /// - Throws: ``RequestIDReused`` where it was used for another request.
  func kept(
    _ requestID: String, _ fingerprint: [UInt8], _ tenant: UInt32, _ reader: TablesReader,
    _ overlay: GroupOverlay?
  ) throws -> KeptRequest? {
    let key = RequestKey.encode(tenant, requestID)
    let found = try overlay?.requests[key] ?? tail.request(key) ?? reader.keptRequest(key)
    guard let found else { return nil }
    let (age, overflow) = SystemClock.now().subtractingReportingOverflow(found.time.rawValue)
    if overflow || age > requestRetention { return nil }
    if !found.fingerprint.isEmpty, !fingerprint.isEmpty, found.fingerprint != fingerprint {
      throw RequestIDReused(requestID: requestID, revision: found.revision)
    }
    return found
  }

  private func workOut(
    _ commit: Commit, _ tenant: UInt32, _ head: Revision, _ reader: TablesReader, _ overlay: GroupOverlay?
  ) throws -> PreparedCommit {
    var changes: [PreparedChange] = []
    changes.reserveCapacity(commit.operations.count)
    var seen: [(encodedKey: [UInt8], shard: [UInt8], revision: Revision)] = []
    seen.reserveCapacity(commit.operations.count)
    for (place, operation) in commit.operations.enumerated() {
      let key = operation.key
      let shard = KeyEncoding.shard(tenant, account: key.account)
      let encoded = KeyEncoding.record(tenant, key)
      let current = try record(encoded, shard, key, reader, overlay)
      seen.append((encoded, shard, current?.revision ?? .zero))
      try check(operation.expectation, key, current)
      if let change = try change(operation, place, tenant, encoded, shard, current) { changes.append(change) }
    }
    try checkUniques(changes, reader, overlay)
    return PreparedCommit(tenant: tenant, commit: commit, changes: changes, seen: seen, seenHead: head)
  }

  private func record(
    _ encoded: [UInt8], _ shard: [UInt8], _ key: RecordKey, _ reader: TablesReader, _ overlay: GroupOverlay?
  ) throws -> StoredRecord? {
    if let known = overlay?.records[encoded] { return known }
    switch tail.lookUp(encoded, shard: shard) {
    case .here(let record): return record
    case .notHere: return try reader.record(encoded, key)
    }
  }

  private func check(_ expectation: Expectation, _ key: RecordKey, _ current: StoredRecord?) throws {
    let isLive = current.map { !$0.isDeleted } ?? false
    let holds: Bool =
      switch expectation {
      case .any: true
      case .absent: !isLive
      case .present: isLive
      case .revision(let revision): (current?.revision ?? .zero) == revision
      }
    if holds { return }
    if expectation == .present { throw RecordMissing(record: key) }
    throw StaleRevision(
      record: key, expected: expectation, current: current?.revision ?? .zero, isLive: isLive)
  }

  private func change(
    _ operation: CommitOperation, _ place: Int, _ tenant: UInt32, _ encoded: [UInt8], _ shard: [UInt8],
    _ current: StoredRecord?
  ) throws -> PreparedChange? {
    let key = operation.key
    let isLive = current.map { !$0.isDeleted } ?? false
    let kind: ChangeOperation
    var after = current
    switch operation {
    case .check: return nil
    case .put(_, let body, _):
      kind = isLive ? .updated : .created
      if isLive {
        after?.body = body
      } else {
        after = StoredRecord(
          key: key, body: body, createdRevision: .zero, revision: .zero, createdTime: Moment(rawValue: 0),
          updatedTime: Moment(rawValue: 0))
      }
    case .delete:
      guard isLive else { throw RecordMissing(record: key) }
      kind = .deleted
      after?.deletedTime = Moment(rawValue: 0)
    case .undelete:
      guard current != nil, !isLive else { throw RecordMissing(record: key) }
      kind = .undeleted
      after?.deletedTime = nil
    }
    let removed = try current.map { try extractor.entries(of: $0, tenant) } ?? .none
    let added: RecordEntries
    do {
      added = try after.map { try extractor.entries(of: $0, tenant) } ?? .none
    } catch {
      throw InvalidCommit(
        operation: place, problem: (error as? Malformed)?.what ?? "the body cannot be read: \(error)")
    }
    return PreparedChange(
      key: key, encodedKey: encoded, shard: shard, operation: kind, before: current, after: after,
      removed: removed, added: added)
  }

  private func checkUniques(_ changes: [PreparedChange], _ reader: TablesReader, _ overlay: GroupOverlay?)
    throws
  {
    var released: [[UInt8]: RecordKey] = [:]
    var taken: [[UInt8]: RecordKey] = [:]
    if changes.count > 1 {
      for change in changes {
        for unique in change.removed.uniques { released[unique.value] = change.key }
      }
    }
    for change in changes {
      for unique in change.added.uniques {
        if let other = taken.updateValue(change.key, forKey: unique.value), other != change.key {
          throw UniqueViolation(record: change.key, index: unique.index, holder: other)
        }
        if change.removed.uniques.contains(where: { $0.value == unique.value }) { continue }
        guard let holder = try holder(of: unique.value, change.key.kind, reader, overlay),
          holder != change.key
        else { continue }
        if released[unique.value] == holder { continue }
        throw UniqueViolation(record: change.key, index: unique.index, holder: holder)
      }
    }
  }

  func holder(
    of value: [UInt8], _ kind: RecordKind, _ reader: TablesReader, _ overlay: GroupOverlay?
  ) throws -> RecordKey? {
    if let known = overlay?.uniques[value] { return known }
    if case .here(let holder) = tail.holder(ofUnique: value) { return holder }
    guard let end = KeyEncoding.successor(of: value) else { return nil }
    var holder: RecordKey?
    try reader.entries(from: value, to: end) { entry in
      holder = try entry.withUnsafeBytes {
        try KeyEncoding.decodeOwner(from: $0, at: value.count, kind: kind)
      }
      return false
    }
    return holder
  }
}

extension FactsExtractor {
  /// What the tables keep of a record: all of a live one, only whose data it holds of a deleted one.
  func entries(of record: StoredRecord, _ tenant: UInt32) throws -> RecordEntries {
    var result = try entries(tenant, record.key, record.body)
    if record.isDeleted {
      let (subjects, columns) = (result.subjects, result.columns)
      result = RecordEntries()
      result.columns = columns
      result.subjects = subjects
      result.entries = subjects.map { subjectEntry(tenant, $0, record.key) }.sorted(by: bytesPrecede)
    } else {
      result.isLive = true
    }
    return result
  }
}
