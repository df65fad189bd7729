internal import Store

/// What earlier commits of a group have done that is not durable yet. Seen by the writer only.
struct GroupOverlay {
  var records: [KeyBytes: StoredRecord?] = [:]
  var uniques: [KeyBytes: RecordKey?] = [:]
  var requests: [KeyBytes: KeptRequest] = [:]

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
    var seen = encoded(commit.operations, tenant)
    let current = try records(seen, commit.operations, reader, overlay)
    var changes: [PreparedChange] = []
    changes.reserveCapacity(commit.operations.count)
    for (place, operation) in commit.operations.enumerated() {
      seen[place].revision = current[place]?.revision ?? .zero
      try check(operation.expectation, operation.key, current[place])
      if let change = try change(operation, place, tenant, seen[place], current[place]) {
        changes.append(change)
      }
    }
    try checkUniques(changes, reader, overlay)
    return PreparedCommit(tenant: tenant, commit: commit, changes: changes, seen: seen, seenHead: head)
  }

  private func encoded(_ operations: [CommitOperation], _ tenant: UInt32) -> [SeenRecord] {
    var seen: [SeenRecord] = []
    seen.reserveCapacity(operations.count)
    // Most operations of a commit are about one shard.
    var last: KeyBytes?
    for operation in operations {
      let encoded = KeyEncoding.record(tenant, operation.key)
      let count = KeyEncoding.shardBytes(operation.key)
      let shard: KeyBytes
      if let last, last.bytes.count == count, encoded.starts(with: last.bytes) {
        shard = last
      } else {
        shard = KeyBytes(Array(encoded.prefix(count)))
      }
      last = shard
      seen.append(SeenRecord(encodedKey: KeyBytes(encoded), shard: shard, revision: .zero))
    }
    return seen
  }

  /// What each operation's record is now. All are looked for in the tail before any is in the tables: what is not in
  /// the tail was applied before that, so that one snapshot of the tables has it.
  private func records(
    _ seen: [SeenRecord], _ operations: [CommitOperation], _ reader: TablesReader, _ overlay: GroupOverlay?
  ) throws -> [StoredRecord?] {
    let waiting = tail.entries(seen)
    var found = [StoredRecord?](repeating: nil, count: seen.count)
    try reader.consistent(seen.count > 1) {
      for place in Self.tableOrder(seen.map(\.encodedKey)) {
        if let known = overlay?.records[seen[place].encodedKey] {
          found[place] = known
        } else if let entry = waiting[place] {
          found[place] = entry.record
        } else {
          found[place] = try reader.record(seen[place].encodedKey.bytes, operations[place].key)
        }
      }
    }
    return found
  }

  /// Places of keys in the order of the tables: of what lies side by side, an account and what is new in it, the pages are
  /// then read once.
  private static func tableOrder(_ keys: [KeyBytes]) -> [Int] {
    keys.count > 1 ? ByteOrder(keys.map(\.bytes)).places : Array(keys.indices)
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
    _ operation: CommitOperation, _ place: Int, _ tenant: UInt32, _ seen: SeenRecord, _ current: StoredRecord?
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
      key: key, encodedKey: seen.encodedKey, shard: seen.shard, operation: kind, before: current,
      after: after,
      removed: removed, added: added)
  }

  private func checkUniques(_ changes: [PreparedChange], _ reader: TablesReader, _ overlay: GroupOverlay?)
    throws
  {
    var released: [KeyBytes: RecordKey] = [:]
    var taken: [KeyBytes: RecordKey] = [:]
    var claims: [(change: PreparedChange, unique: RecordEntries.Unique)] = []
    claims.reserveCapacity(changes.count)
    if changes.count > 1 {
      taken.reserveCapacity(changes.count)
      for change in changes {
        for unique in change.removed.uniques { released[unique.value] = change.key }
      }
    }
    for change in changes {
      for unique in change.added.uniques {
        if changes.count > 1, let other = taken.updateValue(change.key, forKey: unique.value),
          other != change.key
        {
          throw UniqueViolation(record: change.key, index: unique.index, holder: other)
        }
        if change.removed.uniques.contains(where: { $0.value == unique.value }) { continue }
        claims.append((change, unique))
      }
    }
    let holders = try holders(of: claims.map { ($0.unique.value, $0.change.key.kind) }, reader, overlay)
    for ((change, unique), holder) in zip(claims, holders) {
      guard let holder, holder != change.key, released[unique.value] != holder else { continue }
      throw UniqueViolation(record: change.key, index: unique.index, holder: holder)
    }
  }

  /// The records that hold values of unique indexes. As ``records``: first the tail for all, then the tables.
  func holders(
    of values: [(value: KeyBytes, kind: RecordKind)], _ reader: TablesReader, _ overlay: GroupOverlay?
  ) throws -> [RecordKey?] {
    if values.isEmpty { return [] }
    let waiting = tail.holders(ofUniques: values.map(\.value))
    var found = [RecordKey?](repeating: nil, count: values.count)
    try reader.consistent(values.count > 1) {
      for place in Self.tableOrder(values.map(\.value)) {
        let (value, kind) = values[place]
        if let known = overlay?.uniques[value] {
          found[place] = known
        } else if case .here(let holder) = waiting[place] {
          found[place] = holder
        } else {
          found[place] = try reader.holder(ofUnique: value.bytes, kind)
        }
      }
    }
    return found
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
