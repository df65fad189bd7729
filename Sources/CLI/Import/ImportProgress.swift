internal import PunosMessages

/// How far an import has come in its file: the rows before the first one of which something is still to be sent or
/// answered, and what became of those.
///
/// Records are answered out of order, and one whose reference comes later in the file waits until the end; a journal
/// may only ever say that rows are done where nothing before them is open.
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

  /// Everything counted so far, for the meter and the summary.
  private(set) var tally: ImportTally
  private var behind: ImportCheckpoint
  private var ahead: [Stretch] = []
  private var open: [Int: (line: Int, things: Int)] = [:]
  private var rowsRead: Int
  private var lastLine: Int

  /// - Parameter checkpoint: where an interrupted import came; its rows are passed over.
  init(after checkpoint: ImportCheckpoint) {
    behind = checkpoint
    tally = checkpoint.tally
    rowsRead = checkpoint.rows
    lastLine = max(0, checkpoint.line - 1)
  }

  /// A row was read; it stays open until everything of it is settled, and ``end(_:)`` was called.
  ///
  /// - Parameters:
  ///   - lines: the lines that its records and problems are at.
  ///   - records: how many records it gives.
  mutating func begin(_ row: Int, lines: [Int], records: Int) {
    open[row] = (lines.min() ?? lastLine, records + 1)
    lastLine = max(lastLine, lines.max() ?? 0)
    rowsRead = row + 1
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
    guard let (line, things) = open[row] else { return }
    open[row] = things > 1 ? (line, things - 1) : nil
  }

  /// How far it has come for certain.
  mutating func checkpoint() -> ImportCheckpoint {
    let first = open.min { $0.key < $1.key }
    behind.rows = first?.key ?? rowsRead
    behind.line = first?.value.line ?? lastLine + 1
    var left: [Stretch] = []
    for stretch in ahead {
      let done = min(stretch.count, max(0, behind.rows - stretch.first))
      behind.tally.count(stretch.outcome, times: done)
      if done < stretch.count {
        left.append(
          Stretch(first: stretch.first + done, count: stretch.count - done, outcome: stretch.outcome))
      }
    }
    ahead = left
    return behind
  }
}

/// A place in a file before which everything is settled.
struct ImportCheckpoint: Sendable, Hashable {
  /// Rows of the file that are certainly on the server or refused, the first ones of the file.
  var rows = 0
  /// The first line that does not belong to them.
  var line = 0
  /// What was counted of them.
  var tally = ImportTally()
}
