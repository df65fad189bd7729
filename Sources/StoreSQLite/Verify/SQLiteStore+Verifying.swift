internal import Store

/// Checks everything against everything.
extension SQLiteStore {
  /// Checks both files' integrity, that each tenant's revisions are contiguous and its hash chain holds, that every change's
  /// record is there, that request ids and the persons named are known by which they are looked up, and that index entries,
  /// columns, counts and the documents of search are exactly those of the records. The documents are not looked at while
  /// some still wait to be given to search, after a load.
  ///
  /// Goes on while others write, in slices, each of one moment, so that the write-ahead logs stay short; only SQLite's own
  /// check of a file is one piece. Reads all there is: minutes for tens of millions of records.
  public func verify() async throws -> VerifyReport {
    try await applier.waitForReading()
    await applier.waitForSearch(atMost: options.pace.searchPatience)
    let extractor = preparer.extractor
    var report = try await workers.run { reader in
      var report = VerifyReport()
      Self.integrity(reader.log.connection, .log, &report)
      Self.integrity(reader.tables.connection, .tables, &report)
      return report
    }
    for tenant in try await tenantsToVerify(&report) {
      let verifier = LogVerifier(
        tenant: tenant, end: tail.head(of: tenant.number), extractor,
        requestRetention: options.requestRetention.microseconds)
      try await verify(by: verifier, &report)
    }
    let isSearched = (search as? SearchIndex)?.needsRebuilding == false
    try await verify(by: RecordVerifier(extractor, isSearched: isSearched), &report)
    try await verify(by: EntryVerifier(extractor), &report)
    try await verify(by: RequestVerifier(), &report)
    try await verify(by: DerivedVerifier(extractor, isSearched: isSearched), &report)
    return report
  }

  /// The tenants that the log knows; none where it cannot be read.
  private func tenantsToVerify(_ report: inout VerifyReport) async throws -> [LogTenant] {
    do {
      let (tenants, hasErasures) = try await workers.run { (try $0.log.tenants(), try $0.log.hasErasures()) }
      report.isLogComplete = !hasErasures && tenants.allSatisfy { $0.compacted == .zero }
      return tenants
    } catch let failure as ReadFailed where failure.cause == .corrupt {
      report.add("\(Opening.logName): \(failure)", in: .log)
      return []
    }
  }

  private func verify(by verifier: some SlicedVerifier, _ report: inout VerifyReport) async throws {
    let rows = max(1, options.pace.verifyRows)
    var state = (verifier: verifier, report: report, isDone: false)
    while !state.isDone {
      let before = state
      state = try await workers.run { reader in
        var state = before
        do {
          state.isDone = try reader.snapshot { try state.verifier.slice(reader, rows: rows, &state.report) }
        } catch {
          state.report.add("\(state.verifier.place): \(readingError(error))", in: state.verifier.file)
          state.isDone = true
        }
        return state
      }
    }
    report = state.report
  }

  private static func integrity(
    _ connection: Connection, _ file: VerifyReport.File, _ report: inout VerifyReport
  ) {
    do {
      let statement = try connection.prepare("PRAGMA integrity_check(20)")
      while try statement.step() {
        let line = statement.text(0)
        if line != "ok" { report.add("\(connection.path): \(line)", in: file) }
      }
    } catch {
      report.add("\(connection.path): \(readingError(error))", in: file)
    }
  }
}

/// A part of the check that can be left after each slice and gone on with.
protocol SlicedVerifier: Sendable {
  /// Where a failure to read is a problem.
  var file: VerifyReport.File { get }
  /// What is being read, for the operator.
  var place: String { get }
  /// Checks some more, on one snapshot of both files.
  /// - Parameter limit: how many rows.
  /// - Returns: whether that was all.
  mutating func slice(_ reader: Reader, rows limit: Int, _ report: inout VerifyReport) throws -> Bool
}

extension Reader {
  /// Runs `body` on one snapshot of both files. The log's is the later one, so that it has what the tables were made from.
  func snapshot<T>(_ body: () throws -> T) throws -> T {
    try tables.snapshot { try log.connection.snapshot(body) }
  }
}
