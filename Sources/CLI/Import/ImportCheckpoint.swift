/// How much of a file is settled: the rows before a place, but for some that are left open.
struct ImportCheckpoint: Sendable, Hashable {
  /// Rows of the file that are certainly on the server or refused, the first ones of the file, but for those of ``left``.
  var rows = 0
  /// The first line that does not belong to them.
  var line = 0
  /// What was counted of those that are settled.
  var tally = ImportTally()
  /// Rows among them of which something is still to be sent or answered, in order.
  var left: [OpenRows] = []

  /// Whether nothing of a row is left to be done.
  func isSettled(row: Int) -> Bool { row < rows && !left.contains(row, from: \.first, through: \.last) }

  /// Whether nothing of the row with a line is left to be done.
  func isSettled(line: Int) -> Bool {
    line < self.line && !left.contains(line, from: \.firstLine, through: \.lastLine)
  }
}

/// Neighbouring rows of which something is still to be sent or answered.
struct OpenRows: Sendable, Hashable {
  /// The first one and the last one, counted from 0.
  var first: Int, last: Int
  /// The lines from which and through which they go in the file.
  var firstLine: Int, lastLine: Int
}

extension [OpenRows] {
  /// Whether one of them, which are in order, has a place between its ends.
  fileprivate func contains(
    _ place: Int, from start: KeyPath<OpenRows, Int>, through end: KeyPath<OpenRows, Int>
  ) -> Bool {
    let index = firstIndex(endingAtOrAfter: place, by: end)
    return index < count && self[index][keyPath: start] <= place
  }

  /// The first of them that does not end before a place.
  func firstIndex(endingAtOrAfter place: Int, by end: KeyPath<OpenRows, Int> = \.last) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle][keyPath: end] < place { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
