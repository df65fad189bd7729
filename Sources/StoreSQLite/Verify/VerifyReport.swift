/// What `punosd verify` found.
public struct VerifyReport: Sendable {
  /// Each a sentence for the operator; none: all is well. At most ``greatestCount``.
  public private(set) var problems: [String] = []
  public internal(set) var commits = 0
  public internal(set) var records = 0
  public internal(set) var entries = 0
  /// Whether a problem is one of the log.
  var isLogDamaged = false
  /// Whether the log has everything the tables were made from: nothing of it was compacted, nobody erased, and nothing loaded
  /// past it.
  var isLogComplete = true

  /// After so many, the store is to be restored and not to be read about.
  public static let greatestCount = 100

  enum File { case log, tables }

  mutating func add(_ problem: String, in file: File) {
    if file == .log { isLogDamaged = true }
    if problems.count < Self.greatestCount { problems.append(problem) }
  }

  /// What to do, as a sentence or two for the operator; nil: nothing.
  public var advice: String? {
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
