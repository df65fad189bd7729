internal import DataFiles

/// Rows under columns, printed in any of the output's forms.
struct Listing: Sendable {
  /// A column.
  struct Column: Sendable {
    /// Its name in JSON and CSV.
    var key: String
    /// Its heading.
    var title: Phrase
    /// Whether it gives way first where the terminal is narrow.
    var shrinks: Bool
    /// Whether it stands at the right, as numbers do.
    var isNumber: Bool

    init(_ key: String, en: String, fi: String, shrinks: Bool = false, isNumber: Bool = false) {
      self.key = key
      title = Phrase(en: en, fi: fi)
      self.shrinks = shrinks
      self.isNumber = isNumber
    }
  }

  var columns: [Column]
  /// As many texts a row as there are columns.
  var rows: [[String]]

  /// Blanks between two columns.
  private static let gap = 2
  /// What a column that gives way keeps at least.
  private static let narrowestColumn = 8

  /// Prints all rows.
  func write(to output: Output, _ format: OutputFormat, _ language: Language) throws(CLIProblem) {
    switch format {
    case .table: try output.lines(table(width: output.width, style: output.style, language))
    case .markdown: try output.lines(markdown(language))
    case .csv:
      var writer = CSVWriter()
      writer.write(columns.map(\.key))
      for row in rows { writer.write(row) }
      try output.write(writer.output)
      try output.write("")
    case .json:
      try output.line(
        "[" + rows.map { "\n  " + json($0) }.joined(separator: ",") + (rows.isEmpty ? "]" : "\n]"))
    case .jsonl: try output.lines(rows.map(json))
    }
  }

  /// Prints the first row as a page of names and values.
  func writeRecord(to output: Output, _ format: OutputFormat, _ language: Language) throws(CLIProblem) {
    guard format == .table, let row = rows.first else {
      if format == .json, let row = rows.first { return try output.line(json(row)) }
      return try write(to: output, format, language)
    }
    let width = columns.map { TextWidth.of($0.title.text(language)) }.max() ?? 0
    for (column, value) in zip(columns, row) where !value.isEmpty {
      let label = TextWidth.padded(column.title.text(language), to: width)
      try output.line("\(output.style(.dim, label))  \(value)")
    }
  }

  private func json(_ row: [String]) -> String {
    let members = zip(columns, row).filter { !$0.1.isEmpty }.map { JSONMember($0.0.key, .string($0.1)) }
    return String(decoding: JSONValue.object(members).serialized(), as: UTF8.self)
  }

  private func markdown(_ language: Language) -> [String] {
    func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
    let titles = columns.map { $0.title.text(language) }
    return [line(titles), line(columns.map { $0.isNumber ? "---:" : "---" })]
      + rows.map { row in
        line(row.map { cell in String(cell.flatMap { $0 == "|" ? Array("\\|") : $0.isNewline ? [" "] : [$0] }) })
      }
  }

  /// The rows as a table that fits.
  func table(width: Int, style: Style, _ language: Language) -> [String] {
    let titles = columns.map { $0.title.text(language) }
    var widths = columns.indices.map { index in
      rows.reduce(TextWidth.of(titles[index])) { max($0, index < $1.count ? TextWidth.of($1[index]) : 0) }
    }
    shrink(&widths, to: width)
    let heading = line(titles, widths)
    var lines = [style(.bold, heading)]
    for row in rows { lines.append(line(row, widths)) }
    return lines
  }

  /// Takes from the widest column that may shrink until all fit; then from the widest of all.
  private func shrink(_ widths: inout [Int], to width: Int) {
    var excess = widths.reduce(0, +) + Self.gap * max(0, widths.count - 1) - width
    for group in [columns.indices.filter { columns[$0].shrinks }, Array(columns.indices)] {
      while excess > 0 {
        guard let widest = group.max(by: { widths[$0] < widths[$1] }), widths[widest] > Self.narrowestColumn else {
          break
        }
        widths[widest] -= 1
        excess -= 1
      }
    }
  }

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    var text = ""
    for (index, width) in widths.enumerated() {
      let cell = TextWidth.cut(index < cells.count ? cells[index] : "", to: width)
      if index > 0 { text += String(repeating: " ", count: Self.gap) }
      let isLast = index == widths.count - 1
      text += isLast && !columns[index].isNumber ? cell : TextWidth.padded(cell, to: width, right: columns[index].isNumber)
    }
    while text.last == " " { text.removeLast() }
    return text
  }
}
