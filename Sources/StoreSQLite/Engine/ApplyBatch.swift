internal import Store

/// Many commits as one: each record's first and last state, in the order of the tables.
///
/// `@unchecked Sendable`: nothing of it changes once it is made, its `Merged` included, so that search may read ahead.
struct ApplyBatch: @unchecked Sendable {
  /// One record's changes: what it was before the first of them, and is after the last. A class, because it is looked at
  /// again and again and large to copy.
  private final class Merged {
    let tenant: UInt32
    let first: PreparedChange
    var last: PreparedChange
    var after: StoredRecord?

    init(_ tenant: UInt32, _ change: PreparedChange, after: StoredRecord?) {
      self.tenant = tenant
      first = change
      last = change
      self.after = after
    }

    var key: RecordKey { first.key }
    var encodedKey: [UInt8] { first.encodedKey.bytes }
    var before: StoredRecord? { first.before }
  }

  private var merged: [Merged] = []
  /// Places in `merged` in the order of the tables.
  private var order: [Int] = []
  private var applied: [UInt32: Revision] = [:]
  private var requests: [KeyBytes: KeptRequest] = [:]
  private var extraEntries: [[UInt8]] = []

  init(_ commits: [PreparedCommit]) {
    var places: [KeyBytes: Int] = [:]
    changes = commits.reduce(0) { $0 + $1.changes.count }
    places.reserveCapacity(changes)
    merged.reserveCapacity(changes)
    for commit in commits {
      applied[commit.tenant] = max(applied[commit.tenant] ?? .zero, commit.revision)
      if let request = commit.requestKey { add(request, commit) }
      for (place, change) in commit.changes.enumerated() {
        let after = commit.records[place]
        noteSubjects(change, commit)
        if let known = places[change.encodedKey] {
          merged[known].last = change
          merged[known].after = after
        } else {
          places[change.encodedKey] = merged.count
          merged.append(Merged(commit.tenant, change, after: after))
        }
      }
    }
    order = ByteOrder(merged.map(\.encodedKey)).places
  }

  private mutating func add(_ request: KeyBytes, _ commit: PreparedCommit) {
    requests[request] = KeptRequest(
      revision: commit.revision, time: commit.time, fingerprint: commit.commit.requestFingerprint)
    extraEntries.append(ReservedEntries.requestTime(commit.tenant, commit.time, request.bytes))
  }

  private mutating func noteSubjects(_ change: PreparedChange, _ commit: PreparedCommit) {
    for subject in change.removed.subjects {
      extraEntries.append(ReservedEntries.subjectRevision(commit.tenant, subject, commit.revision))
    }
    for subject in change.added.subjects where !change.removed.subjects.contains(subject) {
      extraEntries.append(ReservedEntries.subjectRevision(commit.tenant, subject, commit.revision))
    }
  }

  /// Writes it all; in a transaction of the caller's.
  func write(to tables: TablesWriter, plans: [RecordKind: KindPlan]) throws {
    for place in tables.reader.shards.places.writingOrder(order, of: merged.map(\.encodedKey)) {
      let item = merged[place]
      if let record = item.after {
        try tables.put(item.encodedKey, record, isNew: item.before == nil)
      } else {
        try tables.removeRecord(item.encodedKey)
      }
    }
    try writeEntries(to: tables)
    try writeColumns(to: tables, plans)
    for (key, request) in requests.sorted(by: { bytesPrecede($0.key.bytes, $1.key.bytes) }) {
      try tables.put(key.bytes, request)
    }
    for (tenant, revision) in applied { try tables.setApplied(tenant, revision) }
  }

  private func writeEntries(to tables: TablesWriter) throws {
    var added = extraEntries
    var removed: [[UInt8]] = []
    for place in order {
      let item = merged[place]
      Self.difference(item.first.removed.entries, item.last.added.entries, removed: &removed, added: &added)
      if let before = item.before, before.isDeleted {
        removed.append(ReservedEntries.deleted(item.tenant, before.revision, item.encodedKey))
      }
      if let after = item.after, after.isDeleted {
        added.append(ReservedEntries.deleted(item.tenant, after.revision, item.encodedKey))
      }
    }
    // In one pass, what goes before what comes: a page that loses one entry and gets another is written once.
    let all = removed + added
    for place in ByteOrder(all).places {
      if place < removed.count {
        try tables.removeEntry(all[place])
      } else {
        try tables.addEntry(all[place])
      }
    }
  }

  /// Both sorted; what is in both stays.
  private static func difference(
    _ old: [[UInt8]], _ new: [[UInt8]], removed: inout [[UInt8]], added: inout [[UInt8]]
  ) {
    if old.isEmpty {
      added += new
      return
    }
    var i = 0
    var j = 0
    while i < old.count || j < new.count {
      if i == old.count {
        added.append(new[j])
        j += 1
      } else if j == new.count {
        removed.append(old[i])
        i += 1
      } else if old[i] == new[j] {
        i += 1
        j += 1
      } else if bytesPrecede(old[i], new[j]) {
        removed.append(old[i])
        i += 1
      } else {
        added.append(new[j])
        j += 1
      }
    }
  }

  private func writeColumns(to tables: TablesWriter, _ plans: [RecordKind: KindPlan]) throws {
    for place in order {
      let item = merged[place]
      guard let plan = plans[item.key.kind], let number = plan.columnTable else { continue }
      if let record = item.after {
        try tables.putColumns(
          number, item.encodedKey, record, item.last.added.columns, types: plan.schema.columns)
      } else {
        try tables.removeColumns(number, item.encodedKey)
      }
    }
  }

  /// Changes of all commits.
  private(set) var changes = 0

  /// Records that may be searched, in the order of the tables.
  func searchKeys(_ plans: [RecordKind: KindPlan]) -> [[UInt8]] {
    order.compactMap { place in
      plans[merged[place].key.kind]?.schema.searchDocument == nil ? nil : merged[place].encodedKey
    }
  }

  /// What search has to know, in the order of the tables, read when it is asked for.
  func searchChanges(_ plans: [RecordKind: KindPlan]) -> SearchChanges {
    let places = order.filter { plans[merged[$0].key.kind]?.schema.searchDocument != nil }
    return SearchChanges(count: places.count) { range in
      places[range].compactMap { place in
        let item = merged[place]
        guard let read = plans[item.key.kind]?.schema.searchDocument else { return nil }
        // A body that search cannot read is not searched; the record itself is as good as any.
        let before = item.before.flatMap { $0.isDeleted ? nil : try? read($0.body) }
        let after = item.after.flatMap { $0.isDeleted ? nil : try? read($0.body) }
        if before == after { return nil }
        return SearchChange(
          tenant: item.tenant, key: item.key, encodedKey: item.encodedKey, before: before, after: after,
          revision: item.after?.revision ?? .zero)
      }
    }
  }
}

/// Entries that no schema asks for.
enum ReservedEntries {
  static func subjectPrefix(_ tenant: UInt32, _ subject: String, index: UInt32) -> [UInt8] {
    var entry = KeyEncoding.indexPrefix(tenant, index)
    KeyEncoding.append(.text(subject), to: &entry)
    return entry
  }

  static func subjectRevision(_ tenant: UInt32, _ subject: String, _ revision: Revision) -> [UInt8] {
    var entry = subjectPrefix(tenant, subject, index: ReservedIndex.subjectRevisions)
    KeyEncoding.appendBigEndian(revision.rawValue, to: &entry)
    return entry
  }

  static func deleted(_ tenant: UInt32, _ revision: Revision, _ encodedKey: [UInt8]) -> [UInt8] {
    var entry = KeyEncoding.indexPrefix(tenant, ReservedIndex.deleted)
    KeyEncoding.appendBigEndian(revision.rawValue, to: &entry)
    entry.append(contentsOf: encodedKey)
    return entry
  }

  /// The record that an entry of ``deleted(_:_:_:)`` is of.
  static func recordKey(ofDeleted entry: [UInt8]) -> [UInt8] { Array(entry.dropFirst(prefixBytes + 8)) }

  /// The request that an entry of ``requestTime(_:_:_:)`` is of. A moment takes a byte for its type and eight of its own.
  static func requestKey(ofTime entry: [UInt8]) -> [UInt8] { Array(entry.dropFirst(prefixBytes + 9)) }

  /// The tenant's number and the index's.
  private static let prefixBytes = 8

  static func requestTime(_ tenant: UInt32, _ time: Moment, _ requestKey: [UInt8]) -> [UInt8] {
    var entry = KeyEncoding.indexPrefix(tenant, ReservedIndex.requestTimes)
    KeyEncoding.append(.moment(time), to: &entry)
    entry.append(contentsOf: requestKey)
    return entry
  }
}
