internal import Store

/// Checks a tenant's log, and what was made from it.
struct LogVerifier: SlicedVerifier {
  private var tenant: LogTenant
  /// The head when the check began: it need not chase those who write meanwhile.
  private let end: Revision
  private let extractor: FactsExtractor
  /// How long a request id is known, in microseconds.
  private let requestRetention: Int64
  /// The last row looked at.
  private var at: Revision
  private var chain: [UInt8]
  /// Changed and not there; an erasure later in the log may have removed it.
  private var missing: [RecordKey: Revision] = [:]

  /// Request ids that are about to be forgotten are not asked for, in microseconds: they may go while this looks.
  private static let retentionMargin: Int64 = 600_000_000

  init(tenant: LogTenant, end: Revision, _ extractor: FactsExtractor, requestRetention: Int64) {
    self.tenant = tenant
    self.end = end
    self.extractor = extractor
    self.requestRetention = requestRetention
    at = tenant.compacted
    chain = tenant.compactedChain
  }

  var file: VerifyFindings.File { .log }
  var place: String { "\(Opening.logName), \(tenant.name) after revision \(at)" }

  mutating func slice(_ reader: Reader, rows limit: Int, _ report: inout VerifyFindings) throws -> Bool {
    try noteCompaction(reader.log)
    let tables = (reader: reader.tables, applied: try reader.tables.appliedRevision(tenant.number))
    // What is missing may have been erased after the check began.
    let through = missing.isEmpty ? end : Revision(LogRow.greatestRevision)
    var rows = 0
    try reader.log.rows(tenant.number, after: at, through: through, limit: limit) { revision, payload in
      rows += 1
      try check(revision, payload, tables, &report)
      at = revision
      return true
    }
    if rows == limit { return false }
    if at < end { report.add("\(tenant.name): revisions \(at.rawValue + 1) to \(end) are missing", in: .log) }
    for (key, revision) in missing {
      report.add("\(tenant.name) \(key): changed in revision \(revision), and not there", in: .tables)
    }
    return true
  }

  private typealias TablesState = (reader: TablesReader, applied: Revision)

  /// What was let go of since the last slice need not be there any more, nor what only it was kept for.
  private mutating func noteCompaction(_ log: LogFile) throws {
    guard let now = try log.tenants().first(where: { $0.number == tenant.number }) else { return }
    if now.compacted > at {
      at = now.compacted
      chain = now.compactedChain
    }
    missing = missing.filter { $0.value > now.compacted }
  }

  private mutating func check(
    _ revision: Revision, _ payload: UnsafeRawBufferPointer, _ tables: TablesState,
    _ report: inout VerifyFindings
  ) throws {
    if revision.rawValue != at.rawValue + 1 {
      report.add("\(tenant.name): revision \(at.rawValue + 1) is missing, the next is \(revision)", in: .log)
    }
    report.commits += 1
    let commit: LoggedCommit
    do {
      commit = try LogCodec.decode(payload)
    } catch {
      report.add("\(tenant.name) revision \(revision): \(readingError(error))", in: .log)
      return
    }
    let link = LogCodec.link(
      previous: chain, row: LogRow.id(tenant.number, revision), time: commit.time, digest: commit.digest)
    if link != commit.chain {
      report.add("\(tenant.name) revision \(revision): the hash chain is broken here", in: .log)
    }
    chain = commit.chain
    let content = [UInt8](payload[LogCodec.headerBytes...])
    if !commit.isErased, LogCodec.digest(salt: commit.salt, content: content) != commit.digest {
      report.add("\(tenant.name) revision \(revision): the content is not what was committed", in: .log)
    }
    // It stands for a load, whose records the log does not have.
    if commit.changes.isEmpty { report.isLogComplete = false }
    guard revision <= tables.applied else { return }
    do {
      try checkRecords(of: commit, revision, tables.reader, &report)
      try checkSubjects(of: commit, revision, tables.reader, &report)
      try checkRequest(of: commit, revision, tables.reader, &report)
    } catch {
      report.add(
        "\(tenant.name) revision \(revision): what was made of it cannot be read: \(readingError(error))",
        in: .tables)
    }
  }

  /// A change's record is there, in this state or a later one.
  private mutating func checkRecords(
    of commit: LoggedCommit, _ revision: Revision, _ tables: TablesReader, _ report: inout VerifyFindings
  ) throws {
    for change in commit.changes {
      let stored = try tables.record(KeyEncoding.record(tenant.number, change.key), change.key)
      guard let stored else {
        let isRemoval = change.operation == .erased && change.after == nil
        missing[change.key] = isRemoval ? nil : revision
        continue
      }
      if stored.revision < revision {
        report.add(
          "\(tenant.name) \(change.key): at revision \(stored.revision), changed in \(revision)", in: .tables)
      } else if stored.revision == revision, !change.isErased,
        let wanted = change.record(revision: revision, time: commit.time), wanted != stored
      {
        report.add(
          "\(tenant.name) \(change.key): differs from its change in revision \(revision)", in: .tables)
      }
    }
  }

  /// Whom the row names is known to be named there: an erasure goes by it.
  private func checkSubjects(
    of commit: LoggedCommit, _ revision: Revision, _ tables: TablesReader, _ report: inout VerifyFindings
  ) throws {
    for subject in commit.subjects(extractor.schema) {
      let entry = ReservedEntries.subjectRevision(tenant.number, subject, revision)
      if try !tables.hasEntry(entry) {
        report.add(
          "\(tenant.name) revision \(revision): names a person whose erasure would not find it", in: .tables)
      }
    }
  }

  /// A request id that may still be repeated is known, by this commit or a later one.
  private func checkRequest(
    of commit: LoggedCommit, _ revision: Revision, _ tables: TablesReader, _ report: inout VerifyFindings
  ) throws {
    let (age, overflow) = SystemClock.now().subtractingReportingOverflow(commit.time.rawValue)
    guard !commit.requestID.isEmpty, !overflow, age < requestRetention - Self.retentionMargin else { return }
    let kept = try tables.keptRequest(RequestKey.encode(tenant.number, commit.requestID))
    if kept.map({ $0.revision < revision }) ?? true {
      report.add("\(tenant.name) revision \(revision): its request id is not known any more", in: .tables)
    }
  }
}
