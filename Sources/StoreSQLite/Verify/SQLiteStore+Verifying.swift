public import Store

/// Checks everything against everything.
extension SQLiteStore {
  /// Checks both files' integrity, that each tenant's revisions are contiguous and its hash chain holds, that every change's
  /// record is there, that request ids and the persons named are known by which they are looked up, and that index entries,
  /// columns, counts and the documents of search are exactly those of the records. The documents are not looked at while
  /// some still wait to be given to search, after a load.
  ///
  /// Goes on while others write, in slices, each of one moment, so that the write-ahead logs stay short. What can only be
  /// asked of a whole file at once (SQLite's own check, the counts) is given up where they grow beyond
  /// ``SQLiteStoreOptions/Pace/verifyWALBytes``, and left out. Reads all there is: minutes for tens of millions of records.
  public func verify() async throws -> VerifyReport {
    try await applier.waitForReading()
    await applier.waitForSearch(atMost: options.pace.searchPatience)
    let extractor = preparer.extractor
    let bound = SnapshotBound(
      bytes: options.pace.verifyWALBytes, isClosing: { [workers] in workers.isClosing })
    var findings = VerifyFindings()
    for file in [VerifyFindings.File.log, .tables] {
      let before = findings
      findings = try await workers.run { reader in
        var findings = before
        try Self.integrity(of: file, reader, bound, &findings)
        return findings
      }
    }
    for tenant in try await tenantsToVerify(&findings) {
      let verifier = LogVerifier(
        tenant: tenant, end: tail.head(of: tenant.number), extractor,
        requestRetention: options.requestRetention.microseconds)
      try await verify(by: verifier, &findings)
    }
    let isSearched = (search as? SearchIndex)?.needsRebuilding == false
    try await verify(by: RecordVerifier(extractor, isSearched: isSearched), &findings)
    try await verify(by: KeyVerifier(), &findings)
    try await verify(by: EntryVerifier(extractor), &findings)
    try await verify(by: RequestVerifier(), &findings)
    try await verify(by: DerivedVerifier(extractor, isSearched: isSearched, bound), &findings)
    return findings.report
  }

  /// The tenants that the log knows; none where it cannot be read.
  private func tenantsToVerify(_ findings: inout VerifyFindings) async throws -> [LogTenant] {
    do {
      let (tenants, hasErasures) = try await workers.run { (try $0.log.tenants(), try $0.log.hasErasures()) }
      findings.isLogComplete = !hasErasures && tenants.allSatisfy { $0.compacted == .zero }
      return tenants
    } catch let failure as ReadFailed where failure.cause == .corrupt {
      findings.add("\(Opening.logName): \(failure)", in: .log)
      return []
    }
  }

  private func verify(by verifier: some SlicedVerifier, _ findings: inout VerifyFindings) async throws {
    let rows = max(1, options.pace.verifyRows)
    var state = (verifier: verifier, findings: findings, isDone: false)
    while !state.isDone {
      let before = state
      state = try await workers.run { reader in
        var state = before
        do {
          state.isDone = try reader.snapshot { try state.verifier.slice(reader, rows: rows, &state.findings) }
        } catch let failure as ReadFailed where failure.cause == .closed {
          throw failure
        } catch {
          state.findings.add("\(state.verifier.place): \(readingError(error))", in: state.verifier.file)
          state.isDone = true
        }
        return state
      }
    }
    findings = state.findings
  }

  /// SQLite's own check of a file: its pages, their order, and its own indexes.
  private static func integrity(
    of file: VerifyFindings.File, _ reader: Reader, _ bound: SnapshotBound, _ findings: inout VerifyFindings
  ) throws {
    let connection = file == .log ? reader.log.connection : reader.tables.connection
    let answer = try bound.ask(reader) {
      var lines: [String] = []
      do {
        let statement = try connection.prepare("PRAGMA integrity_check(\(greatestLines))")
        while try statement.step() { lines.append(statement.text(0)) }
      } catch let failure as SQLiteFailure {
        // After some lines it may give up.
        lines.append(failure.asReadFailed.description)
      }
      return lines
    }
    guard let lines = answer else {
      findings.omit("the pages of \(connection.path)")
      return
    }
    for line in lines where line != "ok" { findings.add("\(connection.path): \(line)", in: file) }
  }

  /// A damaged file has more to say than anybody reads.
  private static let greatestLines = 20
}

/// A part of the check that can be left after each slice and gone on with.
protocol SlicedVerifier: Sendable {
  /// Where a failure to read is a problem.
  var file: VerifyFindings.File { get }
  /// What is being read, for the operator.
  var place: String { get }
  /// Checks some more, on one snapshot of both files.
  /// - Parameter limit: how many rows.
  /// - Returns: whether that was all.
  mutating func slice(_ reader: Reader, rows limit: Int, _ findings: inout VerifyFindings) throws -> Bool
}

extension Reader {
  /// Runs `body` on one snapshot of both files. The log's is the later one, so that it has what the tables were made from.
  func snapshot<T>(_ body: () throws -> T) throws -> T {
    try tables.snapshot { try log.connection.snapshot(body) }
  }
}
