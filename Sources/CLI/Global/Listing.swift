internal import DataFiles
internal import Terminal

/// Rows under columns, printed in any of the output's forms.
struct Listing: Sendable {
  /// A column.
  struct Column: Sendable {
    /// Its name in JSON and CSV.
    var key: String
    /// Its heading.
    var title: Term
    /// Whether it stands at the right, as numbers do.
    var isNumber: Bool
    /// What may be left out first where the terminal is narrow; 0 stays.
    var expendability: Int
    /// What it is never made narrower than, where its values need as much.
    var minimum: Int
    /// Whether long values go on on the next line; numbers only where they have line breaks, so that none is cut.
    var wraps: Bool
    /// Whether its values stand under their rows where they do not fit whole beside the others.
    var goesBelow: Bool

    init(
      _ key: String, en: String, fi: String, isNumber: Bool = false, expendability: Int = 0, minimum: Int = 8,
      wraps: Bool = false, goesBelow: Bool = false
    ) {
      (self.wraps, self.goesBelow) = (wraps, goesBelow)
      self.key = key
      title = Term(en: en, fi: fi)
      self.isNumber = isNumber
      self.expendability = expendability
      self.minimum = minimum
    }
  }

  var columns: [Column]
  /// As many texts a row as there are columns.
  var rows: [[String]]

  /// Prints all rows.
  func write(to output: Output, _ format: OutputMode, _ language: Language) throws(CLIProblem) {
    switch format {
    case .table: try output.lines(table(language).lines(width: output.width, style: output.style))
    case .markdown: try output.lines(table(language).markdown())
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

  private func table(_ language: Language) -> TextTable {
    var table = TextTable(
      columns: columns.map {
        TextTable.Column(
          $0.title(in: language), alignedRight: $0.isNumber, minimum: $0.minimum, wraps: $0.wraps,
          expendability: $0.expendability, goesBelow: $0.goesBelow)
      })
    for row in rows { table.add(row) }
    return table
  }

  /// Says which columns a table had no room for; nothing where it had.
  func tellHidden(_ session: Session) throws(CLIProblem) {
    guard session.format == .table else { return }
    let hidden = table(session.language).hiddenColumns(width: session.output.width).joined(separator: ", ")
    guard !hidden.isEmpty else { return }
    let text = session.say(
      en: "No room here for: \(hidden). A wider terminal or --output csv shows them.",
      fi: "Tähän eivät mahdu: \(hidden). Ne näyttää leveämpi pääte tai --output csv.")
    try session.output.lines(
      DisplayWidth.wrapped(text, to: session.output.width).map(session.output.style.faint))
  }

  /// Prints the first row as a page of names and values.
  func writeRecord(to output: Output, _ format: OutputMode, _ language: Language) throws(CLIProblem) {
    guard let row = rows.first else { return }
    switch format {
    case .table, .markdown:
      var page = Page()
      page.pairs(zip(columns, row).map { ($0.title(in: language), $1) })
      try output.lines(
        format == .table ? page.lines(width: output.width, style: output.style) : page.markdown())
    case .json: try output.line(json(row))
    case .jsonl, .csv: try write(to: output, format, language)
    }
  }

  private func json(_ row: [String]) -> String {
    let members = zip(columns, row).filter { !$0.1.isEmpty }.map { JSONMember($0.0.key, .string($0.1)) }
    return String(decoding: JSONValue.object(members).serialized(), as: UTF8.self)
  }
}

extension Listing {
  /// Prints the first row of a table whose rows come one by one, as CSV or Markdown.
  ///
  /// - Parameter heading: whether the columns' names go before it.
  func writeRow(
    to output: Output, _ format: OutputMode, _ language: Language, heading: Bool
  ) throws(CLIProblem) {
    if format == .markdown {
      let lines = table(language).markdown()
      return try output.lines(heading ? lines : Array(lines.dropFirst(Self.markdownHeading)))
    }
    var writer = CSVWriter()
    if heading { writer.write(columns.map(\.key)) }
    for row in rows.prefix(1) { writer.write(row) }
    try output.write(writer.output)
    try output.write("")
  }

  /// Lines of a table in Markdown before its rows.
  private static let markdownHeading = 2
}
