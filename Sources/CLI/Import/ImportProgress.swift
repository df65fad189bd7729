internal import PunosMessages

/// How far an import has come in its file, and what became of the rows.
///
/// Records are answered out of order, and one whose reference comes later in the file waits until the end: a journal may
/// only ever say that a row is done where nothing of it is open, and names those that are open before the others.
struct ImportProgress {
  /// What became of something in a row.
  enum Outcome: Hashable {
    /// A record was answered for.
    case record(kind: String, UpsertResult.Outcome)
    /// A row, or a record of it, went to the problem file.
    case refused
    /// A value was left as it was written.
    case warning
  }

  /// Neighbouring rows with the same outcome, one each: a million rows are a handful of these.
  private struct Stretch {
    var first: Int
    var count: Int
    var outcome: Outcome
  }

  /// Stretches of open rows that a journal names at most, about a megabyte of it: where there are more, it stays as it
  /// was.
  private static let mostLeft = 20_000

  /// Everything counted so far, for the meter and the summary.
  private(set) var tally: ImportTally
  private var behind: ImportCheckpoint
  private var ahead: [Stretch] = []
  private var open: [Int: (firstLine: Int, lastLine: Int, things: Int)] = [:]
  private var rowsRead: Int
  private var lastLine: Int
  /// Rows that an interrupted import left open, and the first row and line that were not read again yet.
  private let leftBefore: [OpenRows]
  private var nextRow = 0
  private var nextLine = 0

  /// - Parameter checkpoint: where an interrupted import came; its settled rows are passed over.
  init(after checkpoint: ImportCheckpoint) {
    behind = checkpoint
    tally = checkpoint.tally
    rowsRead = checkpoint.rows
    lastLine = max(0, checkpoint.line - 1)
    leftBefore = checkpoint.left
  }

  /// A row was read; it stays open until everything of it is settled, and ``end(_:)`` was called.
  ///
  /// - Parameters:
  ///   - row: behind all those begun before.
  ///   - lines: the lines that its records and problems are at.
  ///   - records: how many records it gives.
  mutating func begin(_ row: Int, lines: [Int], records: Int) {
    let (first, last) = (lines.min() ?? nextLine, lines.max() ?? nextLine)
    open[row] = (first, last, records + 1)
    lastLine = max(lastLine, last)
    rowsRead = max(rowsRead, row + 1)
    nextRow = row + 1
    nextLine = max(nextLine, last + (lines.isEmpty ? 0 : 1))
  }

  /// Nothing more of a row is to come but the answers to its records.
  mutating func end(_ row: Int) { close(row) }

  /// A record of a row is settled.
  mutating func settle(_ row: Int, _ kind: String, _ outcome: UpsertResult.Outcome) {
    note(row, .record(kind: kind, outcome))
    if outcome == .failed { note(row, .refused) }
    close(row)
  }

  /// Something of a row went to the problem file that is no record.
  mutating func note(_ row: Int, _ outcome: Outcome) {
    tally.count(outcome)
    if let last = ahead.indices.last, ahead[last].outcome == outcome,
      ahead[last].first + ahead[last].count == row
    {
      ahead[last].count += 1
    } else {
      ahead.append(Stretch(first: row, count: 1, outcome: outcome))
    }
  }

  private mutating func close(_ row: Int) {
    guard let entry = open[row] else { return }
    open[row] = entry.things > 1 ? (entry.firstLine, entry.lastLine, entry.things - 1) : nil
  }

  // MARK: Checkpoints

  /// How far it has come for certain.
  mutating func checkpoint() -> ImportCheckpoint {
    var left = openRows()
    guard left.count <= Self.mostLeft else { return behind }
    // Open rows at the end are simply not reached yet.
    (behind.rows, behind.line) = (rowsRead, lastLine + 1)
    if let last = left.last, last.last == rowsRead - 1 {
      (behind.rows, behind.line) = (last.first, last.firstLine)
      left.removeLast()
    }
    behind.left = left
    ahead = ahead.flatMap { count($0, left) }
    return behind
  }

  /// Every row that is open, or was left open before and has not been read again, in order.
  private func openRows() -> [OpenRows] {
    var found: [OpenRows] = []
    for row in open.keys.sorted() {
      guard let entry = open[row] else { continue }
      if let last = found.indices.last, found[last].last + 1 == row {
        found[last].last = row
        found[last].lastLine = entry.lastLine
      } else {
        found.append(OpenRows(first: row, last: row, firstLine: entry.firstLine, lastLine: entry.lastLine))
      }
    }
    for var rows in leftBefore[leftBefore.firstIndex(endingAtOrAfter: nextRow)...] {
      (rows.first, rows.firstLine) = (max(rows.first, nextRow), max(rows.firstLine, nextLine))
      found.append(rows)
    }
    return found
  }

  /// Counts the settled rows of a stretch as done for good.
  ///
  /// - Returns: what is not.
  private mutating func count(_ stretch: Stretch, _ left: [OpenRows]) -> [Stretch] {
    let end = stretch.first + stretch.count
    let reached = min(end, behind.rows)
    var rest: [Stretch] = []
    func keep(_ first: Int, _ end: Int) {
      if first < end { rest.append(Stretch(first: first, count: end - first, outcome: stretch.outcome)) }
    }
    var done = max(0, reached - stretch.first)
    var index = left.firstIndex(endingAtOrAfter: stretch.first)
    while index < left.count, left[index].first < reached {
      let (first, last) = (max(left[index].first, stretch.first), min(left[index].last + 1, reached))
      keep(first, last)
      done -= last - first
      index += 1
    }
    keep(max(reached, stretch.first), end)
    behind.tally.count(stretch.outcome, times: done)
    return rest
  }
}
