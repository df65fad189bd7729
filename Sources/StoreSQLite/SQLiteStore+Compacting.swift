public import Store

/// Letting go of the oldest part of the log, and of what only it was kept for.
extension SQLiteStore {
  /// Rows deleted in one transaction: a commit waits a few milliseconds for it.
  private static let rowsPerSlice: Int64 = 512
  /// Entries of one sweep transaction.
  private static let sweptPerSlice = 2_000

  /// Runs beside commits, in short slices.
  @discardableResult public func compact(before moment: Moment) async throws -> [TenantID: Revision] {
    try await applier.waitUntilApplied()
    // The tables must be on disk as far as the log goes: it could not give them again.
    let tenants = try await writer.run { try $0.log.tenants() }
    let onDisk: [UInt32: Revision]? = try await applier.run { tables in
      let applied = try tenants.map { ($0.number, try tables.reader.appliedRevision($0.number)) }
      return try tables.connection.checkpoint(.passive) ? Dictionary(applied) { $1 } : nil
    }
    guard let onDisk else { return [:] }
    var result: [TenantID: Revision] = [:]
    for tenant in tenants {
      let applied = onDisk[tenant.number] ?? .zero
      let horizon = try await workers.run { reader in
        try Self.lastBefore(moment, reader.log, tenant, through: applied)
      }
      var at = tenant
      while at.compacted < horizon {
        let end = Revision(min(horizon.rawValue, at.compacted.rawValue + Self.rowsPerSlice))
        at = try await compact(at, through: end)
      }
      result[tenant.name] = at.compacted
      try await sweepDeleted(tenant.number, through: at.compacted)
      try await sweepRequests(tenant.number)
    }
    return result
  }

  private static func lastBefore(_ moment: Moment, _ log: LogFile, _ tenant: LogTenant, through: Revision)
    throws
    -> Revision
  {
    var low = tenant.compacted.rawValue
    var high = through.rawValue
    while low < high {
      let middle = low + (high - low + 1) / 2
      guard let time = try log.time(tenant.number, Revision(middle)) else {
        throw Malformed(what: "the log has no revision \(middle)")
      }
      if time < moment { low = middle } else { high = middle - 1 }
    }
    return Revision(low)
  }

  /// One slice.
  private func compact(_ tenant: LogTenant, through end: Revision) async throws -> LogTenant {
    let (schema, crash) = (self.schema, options.crashPoints)
    let (kept, stale) = try await writer.run { writer in
      var kept = tenant
      var stale: [[UInt8]] = []
      try writer.log.rows(tenant.number, after: tenant.compacted, through: end, limit: Int.max) {
        revision, payload in
        let commit = try LogCodec.decode(payload)
        kept.compactedChain = commit.chain
        kept.compactedTime = commit.time
        for subject in commit.subjects(schema) {
          stale.append(ReservedEntries.subjectRevision(tenant.number, subject, revision))
        }
        return true
      }
      kept.compacted = end
      let saved = kept
      try writer.transaction {
        try writer.log.save(saved)
        try writer.log.delete(tenant.number, after: tenant.compacted, through: end)
        crash.reach(.compacting)
      }
      crash.reach(.compacted)
      return (kept, stale)
    }
    if !stale.isEmpty {
      try await applier.run { tables in
        try tables.transaction { for entry in stale { try tables.removeEntry(entry) } }
      }
    }
    return kept
  }

  private func sweepDeleted(_ number: UInt32, through: Revision) async throws {
    var prefix = KeyEncoding.indexPrefix(number, ReservedIndex.deleted)
    let from = prefix
    KeyEncoding.appendBigEndian(through.rawValue &+ 1, to: &prefix)
    let (end, extractor) = (prefix, preparer.extractor)
    while true {
      let swept = try await applier.run { tables in
        try tables.transaction { try Self.sweep(tables, number, from, end, extractor) }
      }
      if swept < Self.sweptPerSlice { return }
    }
  }

  private static func sweep(
    _ tables: TablesWriter, _ number: UInt32, _ from: [UInt8], _ end: [UInt8], _ extractor: FactsExtractor
  ) throws -> Int {
    var doomed: [[UInt8]] = []
    try tables.reader.entries(from: from, to: end) { entry in
      doomed.append(entry)
      return doomed.count < sweptPerSlice
    }
    for entry in doomed {
      let encoded = ReservedEntries.recordKey(ofDeleted: entry)
      try tables.removeEntry(entry)
      let key = try encoded.withUnsafeBytes { try KeyEncoding.decodeRecord($0).key }
      guard let record = try tables.reader.record(encoded, key), record.isDeleted else { continue }
      try tables.removeRecord(encoded)
      for entry in try extractor.entries(of: record, number).entries { try tables.removeEntry(entry) }
      if let table = extractor.catalog.columnTables[key.kind] { try tables.removeColumns(table, encoded) }
    }
    return doomed.count
  }

  private func sweepRequests(_ number: UInt32) async throws {
    let from = KeyEncoding.indexPrefix(number, ReservedIndex.requestTimes)
    let (oldest, overflow) = SystemClock.now().subtractingReportingOverflow(
      options.requestRetention.microseconds)
    if overflow { return }
    var end = from
    KeyEncoding.append(.moment(Moment(rawValue: oldest)), to: &end)
    let bound = end
    while true {
      let swept = try await applier.run { tables in
        try tables.transaction { try Self.sweepRequests(tables, from, bound, Moment(rawValue: oldest)) }
      }
      if swept < Self.sweptPerSlice { return }
    }
  }

  private static func sweepRequests(_ tables: TablesWriter, _ from: [UInt8], _ end: [UInt8], _ oldest: Moment)
    throws
    -> Int
  {
    var doomed: [[UInt8]] = []
    try tables.reader.entries(from: from, to: end) { entry in
      doomed.append(entry)
      return doomed.count < sweptPerSlice
    }
    for entry in doomed {
      try tables.removeEntry(entry)
      let request = ReservedEntries.requestKey(ofTime: entry)
      // Used again since: the newer use has an entry of its own.
      if let kept = try tables.reader.keptRequest(KeyBytes(request)), kept.time < oldest {
        try tables.removeRequest(request)
      }
    }
    return doomed.count
  }
}

extension LoggedCommit {
  /// The persons whom its bodies name.
  func subjects(_ schema: RecordSchema) -> Set<String> {
    var subjects: Set<String> = []
    for change in changes {
      guard let kind = schema[change.key.kind] else { continue }
      for body in [change.before?.body, change.after] {
        guard let body, let facts = try? kind.facts(body) else { continue }
        subjects.formUnion(facts.subjects)
      }
    }
    return subjects
  }
}
