internal import Store

/// What `punosd verify` found.
public struct VerifyReport: Sendable {
  /// Each a sentence for the operator; none: all is well. At most ``greatestCount``.
  public var problems: [String] = []
  public var commits = 0
  public var records = 0
  public var entries = 0

  /// After so many, the store is to be restored and not to be read about.
  public static let greatestCount = 100

  mutating func add(_ problem: String) {
    if problems.count < Self.greatestCount { problems.append(problem) }
  }
}

/// Checks everything against everything.
extension SQLiteStore {
  /// Checks both files' integrity, that each tenant's revisions are contiguous and its hash chain holds, that
  /// every change's
  /// record is there, and that index entries and columns are exactly those of the records.
  ///
  /// Goes on while others write; what it looks at is as of its beginning. Reads all there is: minutes for
  /// tens of millions
  /// of records.
  public func verify() async throws -> VerifyReport {
    try await applier.waitForReading()
    let verifier = Verifier(schema: schema, extractor: preparer.extractor)
    return try await workers.run { reader in
      var report = VerifyReport()
      for connection in [reader.tables.connection, reader.log.connection] {
        Verifier.integrity(connection, &report)
      }
      do {
        try reader.tables.snapshot {
          try verifier.log(reader, &report)
          try verifier.tables(reader.tables, &report)
        }
      } catch {
        report.add("the check stopped: \(readingError(error))")
      }
      return report
    }
  }
}

struct Verifier: Sendable {
  let schema: RecordSchema
  let extractor: FactsExtractor

  static func integrity(_ connection: Connection, _ report: inout VerifyReport) {
    do {
      let statement = try connection.prepare("PRAGMA integrity_check(20)")
      while try statement.step() {
        let line = statement.text(0)
        if line != "ok" { report.add("\(connection.path): \(line)") }
      }
    } catch {
      report.add("\(connection.path): \(readingError(error))")
    }
  }

  func log(_ reader: Reader, _ report: inout VerifyReport) throws {
    for tenant in try reader.log.tenants() {
      let applied = try reader.tables.appliedRevision(tenant.number)
      var expected = tenant.compacted.rawValue + 1
      var chain = tenant.compactedChain
      // Changed and not there; an erasure later in the log may have removed it.
      var missing: [RecordKey: Revision] = [:]
      try reader.log.rows(
        tenant.number, after: tenant.compacted, through: Revision(LogRow.greatestRevision), limit: Int.max
      ) { revision, payload in
        if revision.rawValue != expected {
          report.add("\(tenant.name): revision \(expected) is missing, the next is \(revision)")
        }
        expected = revision.rawValue + 1
        report.commits += 1
        let commit: LoggedCommit
        do {
          commit = try LogCodec.decode(payload)
        } catch {
          report.add("\(tenant.name) revision \(revision): \(readingError(error))")
          return true
        }
        let link = LogCodec.link(
          previous: chain, row: LogRow.id(tenant.number, revision), time: commit.time, digest: commit.digest)
        if link != commit.chain {
          report.add("\(tenant.name) revision \(revision): the hash chain is broken here")
        }
        chain = commit.chain
        let content = [UInt8](payload[LogCodec.headerBytes...])
        if !commit.isErased, LogCodec.digest(salt: commit.salt, content: content) != commit.digest {
          report.add("\(tenant.name) revision \(revision): the content is not what was committed")
        }
        if revision <= applied { try records(of: commit, revision, tenant, reader.tables, &missing, &report) }
        return true
      }
      for (key, revision) in missing {
        report.add("\(tenant.name) \(key): changed in revision \(revision), and not there")
      }
      if applied.rawValue >= expected {
        report.add("\(tenant.name): the tables are at revision \(applied), the log ends at \(expected - 1)")
      }
    }
  }

  /// A change's record is there, in this state or a later one.
  private func records(
    of commit: LoggedCommit, _ revision: Revision, _ tenant: LogTenant, _ tables: TablesReader,
    _ missing: inout [RecordKey: Revision], _ report: inout VerifyReport
  ) throws {
    for change in commit.changes {
      let stored = try tables.record(KeyEncoding.record(tenant.number, change.key), change.key)
      guard let stored else {
        let isRemoval = change.operation == .erased && change.after == nil
        missing[change.key] = isRemoval ? nil : revision
        continue
      }
      if stored.revision < revision {
        report.add("\(tenant.name) \(change.key): at revision \(stored.revision), changed in \(revision)")
      } else if stored.revision == revision, !change.isErased,
        let wanted = change.record(revision: revision, time: commit.time), wanted != stored
      {
        report.add("\(tenant.name) \(change.key): differs from its change in revision \(revision)")
      }
    }
  }

  /// Entries and columns are those of the records, no fewer and no more.
  func tables(_ tables: TablesReader, _ report: inout VerifyReport) throws {
    var expected: [UInt32: Int] = [:]
    var columns: [RecordKind: Int] = [:]
    var deleted = 0
    try tables.rawRecords(after: [], before: [UInt8](repeating: 0xff, count: 8)) { encoded, record in
      report.records += 1
      let tenant = try encoded.withUnsafeBytes { try KeyEncoding.decodeRecord($0).tenant }
      if record.isDeleted { deleted += 1 }
      let entries = try extractor.entries(of: record, tenant)
      for entry in entries.entries {
        let index = entry.withUnsafeBytes {
          UInt32(bigEndian: $0.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
        }
        if index != ReservedIndex.subjectRecords, extractor.catalog.state(of: index) != .ready { continue }
        expected[index, default: 0] += 1
        var isThere = false
        try tables.entries(from: entry, to: entry + [0]) { _ in
          isThere = true
          return false
        }
        if !isThere { report.add("\(record.key) is missing from index \(index)") }
      }
      if let kind = schema[record.key.kind], !kind.columns.isEmpty {
        columns[record.key.kind, default: 0] += 1
        try self.columns(of: record, encoded, entries, kind, tables, &report)
      }
      return true
    }
    try compareCounts(tables, expected, deleted, &report)
    for (kind, table) in extractor.catalog.columnTables where extractor.catalog.state(of: table) == .ready {
      let count =
        try tables.connection.integer("SELECT count(*) FROM \(TablesWriter.columnTable(table))") ?? 0
      if count != Int64(columns[kind] ?? 0) {
        report.add(
          "the columns of \(schema[kind]?.name ?? "?") have \(count) rows, the records are \(columns[kind] ?? 0)"
        )
      }
      guard let schema = schema[kind] else { continue }
      for problem in try TallyTables(kind: schema, number: table).problems(on: tables.connection) {
        report.add(problem)
      }
    }
  }

  private func columns(
    of record: StoredRecord, _ encoded: [UInt8], _ entries: RecordEntries, _ kind: KindSchema,
    _ tables: TablesReader,
    _ report: inout VerifyReport
  ) throws {
    guard let table = extractor.catalog.columnTables[kind.kind], extractor.catalog.state(of: table) == .ready
    else {
      return
    }
    let statement = try tables.connection.prepare(
      "SELECT * FROM \(TablesWriter.columnTable(table)) WHERE key = ?1")
    statement.bind(1, encoded)
    guard try statement.step() else {
      report.add("\(record.key) has no columns")
      return
    }
    let times: [FieldValue] = [
      .moment(record.createdTime), .moment(record.updatedTime),
      record.deletedTime.map(FieldValue.moment) ?? .null,
    ]
    for (place, time) in times.enumerated() where statement.value(Int32(place + 1), as: .moment) != time {
      report.add("\(record.key): its columns have other times than the record")
    }
    for (place, column) in kind.columns.enumerated() {
      let stored = statement.value(Int32(place + TablesWriter.ownColumns), as: column.type)
      let wanted = place < entries.columns.count ? entries.columns[place] : .null
      if stored != wanted { report.add("\(record.key): its column \(column.name) is not what its body says") }
    }
  }

  private func compareCounts(
    _ tables: TablesReader, _ expected: [UInt32: Int], _ deleted: Int, _ report: inout VerifyReport
  ) throws {
    var counted: [UInt32: Int] = [:]
    try tables.entries(from: [], to: [UInt8](repeating: 0xff, count: 8)) { entry in
      guard entry.count >= 8 else {
        report.add("an index entry is too short")
        return true
      }
      let index = entry.withUnsafeBytes {
        UInt32(bigEndian: $0.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
      }
      counted[index, default: 0] += 1
      report.entries += 1
      return true
    }
    for (index, count) in counted
    where index != ReservedIndex.subjectRevisions && index != ReservedIndex.requestTimes {
      let wanted = index == ReservedIndex.deleted ? deleted : expected[index] ?? 0
      let isReady = index < ReservedIndex.firstFree || extractor.catalog.state(of: index) == .ready
      if isReady, count != wanted {
        report.add("index \(index) has \(count) entries, the records give \(wanted)")
      }
    }
  }
}
