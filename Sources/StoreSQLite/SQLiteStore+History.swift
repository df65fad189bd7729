public import Store

/// What was, and who changed it: walks from a record's newest change to the one before it, by the revision
/// each change
/// carries of its predecessor. No index on the log is needed, and a commit costs nothing more.
extension SQLiteStore {
  public func history(of key: RecordKey, in tenant: TenantID, before: Revision?, limit: Int) async throws
    -> HistoryPage
  {
    guard key.isValid, let number = registry.number(of: tenant) else {
      return HistoryPage(changes: [], next: nil, isCompacted: false)
    }
    let newest = try read(key, in: tenant)?.revision ?? .zero
    let wanted = max(1, min(limit, StoreLimits.pageRecords))
    return try await workers.run { reader in
      var walk = HistoryWalk(log: reader.log, tenant: number)
      var changes: [Change] = []
      var at = try walk.start(key, newest: newest, before: before)
      while at > .zero, changes.count < wanted {
        guard let change = try walk.change(of: key, at: at) else {
          return HistoryPage(changes: changes, next: nil, isCompacted: true)
        }
        changes.append(change)
        at = change.previousRevision
      }
      let next = at > .zero ? changes.last?.revision : nil
      return HistoryPage(changes: changes, next: next, isCompacted: false)
    }
  }

  public func history(ofAccount account: String, in tenant: TenantID, before: Revision?, limit: Int)
    async throws
    -> HistoryPage
  {
    guard RecordKey.isValidAccount(account), let number = registry.number(of: tenant) else {
      return HistoryPage(changes: [], next: nil, isCompacted: false)
    }
    let wanted = max(1, min(limit, StoreLimits.pageRecords))
    try await applier.waitForReading()
    let shard = KeyEncoding.shard(number, account: account)
    guard let end = KeyEncoding.successor(of: shard) else {
      return HistoryPage(changes: [], next: nil, isCompacted: false)
    }
    return try await workers.run { reader in
      var walk = HistoryWalk(log: reader.log, tenant: number)
      // Each record's newest change under `before`; then always the newest of all.
      var heads: [(revision: Revision, key: RecordKey)] = []
      var isCompacted = false
      try reader.tables.records(after: shard, before: end) { record in
        let at = try walk.start(record.key, newest: record.revision, before: before)
        if at > .zero { heads.append((at, record.key)) }
        return true
      }
      heads.sort { $0.revision < $1.revision }
      var changes: [Change] = []
      while let head = heads.popLast() {
        if changes.count >= wanted, head.revision != changes.last?.revision {
          changes.sort { $0.revision == $1.revision ? $0.index < $1.index : $0.revision > $1.revision }
          return HistoryPage(changes: changes, next: changes.last?.revision, isCompacted: isCompacted)
        }
        guard let change = try walk.change(of: head.key, at: head.revision) else {
          isCompacted = true
          continue
        }
        changes.append(change)
        if change.previousRevision > .zero {
          let place = heads.partitioningIndex { $0.revision > change.previousRevision }
          heads.insert((change.previousRevision, head.key), at: place)
        }
      }
      changes.sort { $0.revision == $1.revision ? $0.index < $1.index : $0.revision > $1.revision }
      return HistoryPage(changes: changes, next: nil, isCompacted: isCompacted)
    }
  }

  public func revision(at point: PointInTime, in tenant: TenantID) async throws -> Revision {
    guard let number = registry.number(of: tenant) else {
      if case .revision(let asked) = point, asked > .zero { throw RevisionAhead(asked: asked, head: .zero) }
      return .zero
    }
    let head = tail.head(of: number)
    return try await workers.run { try Self.revision(at: point, $0.log, number, head) }
  }

  private static func revision(at point: PointInTime, _ log: LogFile, _ number: UInt32, _ head: Revision)
    throws
    -> Revision
  {
    let compacted = try log.compaction(of: number)
    switch point {
    case .revision(let revision):
      if revision > head { throw RevisionAhead(asked: revision, head: head) }
      if revision < compacted.revision { throw Compacted(oldest: compacted.revision) }
      return revision
    case .moment(let moment):
      // Times never go back within a tenant, so halving finds the last at or before the moment.
      var low = compacted.revision.rawValue
      var high = head.rawValue
      if low > 0, moment < compacted.time { throw Compacted(oldest: compacted.revision) }
      while low < high {
        let middle = low + (high - low + 1) / 2
        guard let time = try log.time(number, Revision(middle)) else {
          throw Malformed(what: "the log has no revision \(middle)")
        }
        if time <= moment { low = middle } else { high = middle - 1 }
      }
      return Revision(low)
    }
  }

  public func read(_ key: RecordKey, in tenant: TenantID, asOf point: PointInTime) async throws
    -> StoredRecord?
  {
    let target = try await revision(at: point, in: tenant)
    guard key.isValid, let number = registry.number(of: tenant) else { return nil }
    let newest = try read(key, in: tenant)
    return try await workers.run { reader in
      var walk = HistoryWalk(log: reader.log, tenant: number)
      return try walk.state(of: key, newest: newest, asOf: target)
    }
  }

  public func scan(account: String, in tenant: TenantID, _ scan: AccountScan, asOf point: PointInTime)
    async throws
    -> AccountPage
  {
    let target = try await revision(at: point, in: tenant)
    guard RecordKey.isValidAccount(account), let number = registry.number(of: tenant) else {
      return AccountPage(records: [], next: nil)
    }
    try await applier.waitForReading()
    let shard = KeyEncoding.shard(number, account: account)
    let ranges = try Self.ranges(number, account: account, shard: shard, scan)
    let limit = max(1, min(scan.limit, StoreLimits.pageRecords))
    return try await workers.run { reader in
      var walk = HistoryWalk(log: reader.log, tenant: number)
      var records: [StoredRecord] = []
      var isFull = false
      try reader.tables.snapshot {
        for range in ranges where !isFull {
          try reader.tables.records(after: range.from, before: range.to) { newest in
            guard let then = try walk.state(of: newest.key, newest: newest, asOf: target) else { return true }
            if then.isDeleted, !scan.includesDeleted { return true }
            isFull = records.count == limit
            if !isFull { records.append(then) }
            return !isFull
          }
        }
      }
      return AccountPage(records: records, next: isFull ? records.last?.key : nil)
    }
  }
}

/// Follows records back through the log.
struct HistoryWalk {
  let log: LogFile
  let tenant: UInt32
  /// The last row read: a commit's changes are often asked for one after the other.
  private var last: (revision: Revision, commit: LoggedCommit)?

  init(log: LogFile, tenant: UInt32) {
    self.log = log
    self.tenant = tenant
  }

  mutating func commit(at revision: Revision) throws -> LoggedCommit? {
    if let last, last.revision == revision { return last.commit }
    guard let commit = try log.commit(tenant, revision) else { return nil }
    last = (revision, commit)
    return commit
  }

  /// nil: compacted.
  mutating func change(of key: RecordKey, at revision: Revision) throws -> Change? {
    guard let commit = try commit(at: revision) else { return nil }
    guard let place = commit.changes.firstIndex(where: { $0.key == key }) else {
      throw Malformed(what: "revision \(revision) does not change \(key), as its next change says")
    }
    try checkOrder(commit.changes[place], at: revision)
    return commit.change(commit.changes[place], at: revision, index: place)
  }

  /// A change that says it came before itself would be walked to for ever.
  private func checkOrder(_ change: LoggedChange, at revision: Revision) throws {
    if let before = change.before, before.revision >= revision {
      throw Malformed(
        what: "revision \(revision) says that \(change.key) was at \(before.revision) before it")
    }
  }

  /// The newest change of a record under `before`; zero where there is none.
  mutating func start(_ key: RecordKey, newest: Revision, before: Revision?) throws -> Revision {
    guard let before, newest >= before else { return newest }
    // Where a page ended at this very record's change, one look is enough.
    if let commit = try commit(at: before), let change = commit.changes.first(where: { $0.key == key }) {
      return change.before?.revision ?? .zero
    }
    var at = newest
    while at >= before {
      guard let change = try change(of: key, at: at) else { return .zero }
      at = change.previousRevision
    }
    return at
  }

  /// The record as it was just after a revision that is not older than the compaction.
  mutating func state(of key: RecordKey, newest: StoredRecord?, asOf target: Revision) throws -> StoredRecord?
  {
    guard let newest, newest.revision > target else { return newest }
    var at = newest.revision
    while true {
      guard let commit = try commit(at: at), let change = commit.changes.first(where: { $0.key == key })
      else {
        // Compacted while we walked: the caller's next question will be told so.
        throw Compacted(oldest: try log.compaction(of: tenant).revision)
      }
      try checkOrder(change, at: at)
      guard let before = change.before else { return nil }
      if before.revision <= target {
        return try erasedOrReal(before, change)
      }
      at = before.revision
    }
  }

  /// The state before a change. Where an erasure took it out of there, its own row may have more.
  private mutating func erasedOrReal(_ before: StoredRecord, _ change: LoggedChange) throws -> StoredRecord? {
    if change.beforeErasure != .removed { return before }
    guard let commit = try commit(at: before.revision),
      let own = commit.changes.first(where: { $0.key == before.key })
    else { return nil }
    return own.record(revision: before.revision, time: commit.time)
  }
}

extension Array {
  /// The first place whose element meets a condition that holds for all after it.
  fileprivate func partitioningIndex(_ holds: (Element) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = low + (high - low) / 2
      if holds(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
