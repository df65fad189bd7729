public import Store

/// Reads that merge what is not applied yet: call them anywhere.
extension SQLiteStore {
  public func head(of tenant: TenantID) throws -> Revision {
    guard let number = registry.number(of: tenant) else { return .zero }
    return tail.head(of: number)
  }

  public func read(_ key: RecordKey, in tenant: TenantID) throws -> StoredRecord? {
    guard key.isValid, let number = registry.number(of: tenant) else { return nil }
    // The tail first: what is not in it was applied before we looked, so the tables have it.
    if case .here(let record) = tail.lookUp(key, number) { return record }
    return try readers.with { try $0.tables.record(KeyEncoding.record(number, key), key) }
  }

  public func read(_ keys: [RecordKey], in tenant: TenantID) throws -> [StoredRecord?] {
    guard keys.count <= StoreLimits.pageRecords else {
      throw InvalidQuery(problem: "\(keys.count) keys; \(StoreLimits.pageRecords) can be read at once")
    }
    guard let number = registry.number(of: tenant) else { return keys.map { _ in nil } }
    let encoded = keys.map { KeyEncoding.record(number, $0) }
    let entries = tail.entries(keys, number)
    return try readers.with { reader in
      try reader.tables.snapshot {
        var result: [StoredRecord?] = []
        result.reserveCapacity(keys.count)
        for (place, key) in keys.enumerated() {
          let stored = key.isValid ? try reader.tables.record(encoded[place], key) : nil
          result.append(Self.newer(entries[place], stored))
        }
        return result
      }
    }
  }

  /// The tables may have gone past what the tail showed a moment before.
  private static func newer(_ entry: Tail.Entry?, _ stored: StoredRecord?) -> StoredRecord? {
    guard let entry else { return stored }
    if let stored, stored.revision > entry.revision { return stored }
    return entry.record
  }

  public func scan(account: String, in tenant: TenantID, _ scan: AccountScan) throws -> AccountPage {
    guard RecordKey.isValidAccount(account), let number = registry.number(of: tenant) else {
      return AccountPage(records: [], next: nil)
    }
    let shard = KeyEncoding.shard(number, account: account)
    let waiting = tail.shard(shard)
    return try readers.with { reader in
      try Self.scan(reader.tables, number, account: account, shard: shard, scan, waiting)
    }
  }

  public func scanTenant(_ tenant: TenantID, _ scan: AccountScan) async throws -> AccountPage {
    guard let number = registry.number(of: tenant) else { return AccountPage(records: [], next: nil) }
    try await applier.waitForReading()
    let shard = KeyEncoding.shard(number, account: nil)
    return try await workers.run { reader in
      try Self.scan(reader.tables, number, account: nil, shard: shard, scan, [:])
    }
  }

  /// Runs of keys that a scan wants, in order.
  static func ranges(_ number: UInt32, account: String?, shard: [UInt8], _ scan: AccountScan) throws
    -> [(from: [UInt8], to: [UInt8])]
  {
    if !scan.idPrefix.isEmpty, scan.kinds?.count != 1 {
      throw InvalidQuery(problem: "an id prefix needs exactly one kind")
    }
    let runs: [(first: [UInt8], last: [UInt8])] =
      if let kinds = scan.kinds {
        kindRuns(kinds).map { run in
          (prefix(shard, run.lowerBound, scan.idPrefix), prefix(shard, run.upperBound, scan.idPrefix))
        }
      } else {
        [(shard, shard)]
      }
    let after = scan.after.map { KeyEncoding.record(number, $0) }
    return runs.compactMap { first, last in
      guard let end = KeyEncoding.successor(of: last) else { return nil }
      guard let after else { return (first, end) }
      if !bytesPrecede(after, end) { return nil }
      return (bytesPrecede(first, after) ? after : first, end)
    }
  }

  private static func prefix(_ shard: [UInt8], _ kind: UInt16, _ idPrefix: String) -> [UInt8] {
    var prefix = shard
    KeyEncoding.appendBigEndian(kind, to: &prefix)
    return prefix + Array(idPrefix.utf8)
  }

  /// Kinds whose codes follow each other lie side by side: one run of keys, and one statement, for all of them.
  private static func kindRuns(_ kinds: [RecordKind]) -> [ClosedRange<UInt16>] {
    var runs: [ClosedRange<UInt16>] = []
    for code in Set(kinds).map(\.rawValue).sorted() {
      if let last = runs.last, last.upperBound.addingReportingOverflow(1) == (code, false) {
        runs[runs.count - 1] = last.lowerBound...code
      } else {
        runs.append(code...code)
      }
    }
    return runs
  }

  private static func scan(
    _ tables: TablesReader, _ number: UInt32, account: String?, shard: [UInt8], _ scan: AccountScan,
    _ waiting: [KeyBytes: Tail.Entry]
  ) throws -> AccountPage {
    let limit = max(1, min(scan.limit, StoreLimits.pageRecords))
    let ranges = try ranges(number, account: account, shard: shard, scan)
    var records: [StoredRecord] = []
    var bytes = 0
    var isFull = false
    func take(_ record: StoredRecord) -> Bool {
      if record.isDeleted, !scan.includesDeleted { return true }
      if records.count == limit || bytes > StoreLimits.commitBytes {
        isFull = true
        return false
      }
      records.append(record)
      bytes += record.body.count
      return true
    }
    func run() throws {
      for range in ranges where !isFull {
        try merge(tables, range, waiting, take)
      }
    }
    // One statement has a snapshot of its own; several need a common one.
    if ranges.count > 1 { try tables.snapshot(run) } else { try run() }
    return AccountPage(records: records, next: isFull ? records.last?.key : nil)
  }

  /// A run of the tables with what waits in the tail laid over it, in key order.
  private static func merge(
    _ tables: TablesReader, _ range: (from: [UInt8], to: [UInt8]), _ waiting: [KeyBytes: Tail.Entry],
    _ take: (StoredRecord) -> Bool
  ) throws {
    if waiting.isEmpty {
      try tables.records(after: range.from, before: range.to) { take($0) }
      return
    }
    let inRange = waiting.lazy.map { (key: $0.key.bytes, value: $0.value) }
      .filter { bytesPrecede(range.from, $0.key) && bytesPrecede($0.key, range.to) }
    let sorted = inRange.sorted { bytesPrecede($0.key, $1.key) }
    var next = 0
    var goesOn = true
    func takeWaiting() {
      if let record = sorted[next].value.record, !take(record) { goesOn = false }
      next += 1
    }
    try tables.rawRecords(after: range.from, before: range.to) { encoded, stored in
      while goesOn, next < sorted.count, bytesPrecede(sorted[next].key, encoded) { takeWaiting() }
      guard goesOn else { return false }
      var entry: Tail.Entry?
      if next < sorted.count, sorted[next].key == encoded {
        entry = sorted[next].value
        next += 1
      }
      if let record = newer(entry, stored) { goesOn = take(record) }
      return goesOn
    }
    while goesOn, next < sorted.count { takeWaiting() }
  }
}
