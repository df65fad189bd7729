internal import Store

/// What a check has found so far.
struct VerifyFindings: Sendable {
  private var problems: [String] = []
  private var omissions: [String] = []
  var commits = 0
  var records = 0
  var entries = 0
  /// Whether a problem is one of the log.
  private var isLogDamaged = false
  /// Whether the log has everything the tables were made from: nothing of it was compacted, nobody erased, and nothing loaded
  /// past it.
  var isLogComplete = true

  enum File { case log, tables }

  mutating func add(_ problem: String, in file: File) {
    if file == .log { isLogDamaged = true }
    if problems.count < VerifyReport.greatestCount { problems.append(problem) }
  }

  /// Notes what was left out, because looking at it would have made a write-ahead log too long.
  mutating func omit(_ what: String) {
    omissions.append(
      "Not checked: \(what). More was written meanwhile than a write-ahead log may hold; verify again when less is written, or "
        + "verify a store that was restored from a backup.")
  }

  var report: VerifyReport {
    VerifyReport(
      problems: problems, omissions: omissions, commits: commits, records: records, entries: entries,
      advice: advice)
  }

  private var advice: String? {
    if problems.isEmpty { return nil }
    let (log, tables) = (Opening.logName, Opening.tablesName)
    if isLogDamaged {
      return
        "\(log), from which everything else is made, is damaged. Stop the server, move \"store\" away, and restore the "
        + "last backup (punosd restore)."
    }
    if isLogComplete {
      return
        "\(tables) is damaged; \(log) is not, and has everything. Stop the server and move \(tables), \(tables)-wal and "
        + "\(tables)-shm away: the next start makes them anew from \(log)."
    }
    return
      "\(tables) is damaged; \(log) is not, but no longer has everything from the first change on. Stop the server, move "
      + "\"store\" away, and restore the last backup (punosd restore)."
  }
}
