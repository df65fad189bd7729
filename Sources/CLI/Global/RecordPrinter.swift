internal import DataFiles
internal import ProtobufBridge
internal import PunosMessages
internal import Terminal

/// How records of a kind are shown in rows.
protocol RecordRows: Sendable {
  associatedtype Record: Message
  /// The columns.
  var columns: [Listing.Column] { get }
  /// A record's texts, as many as there are columns.
  func row(_ record: Record) -> [String]
  /// The same rows with what people call the records that these refer to.
  func naming(_ records: [Record], _ session: Session) async throws -> Self
}

extension RecordRows {
  func naming(_ records: [Record], _ session: Session) async throws -> Self { self }
}

/// Prints records of a kind in the form asked for.
struct RecordPrinter<Rows: RecordRows> {
  let session: Session
  let rows: Rows

  /// Rows printed under one heading: a table needs all its rows for its widths, and nobody reads more.
  private static var rowsPerTable: Int { 20_000 }

  init(_ session: Session, rows: Rows) {
    self.session = session
    self.rows = rows
  }

  /// Prints a list, a page at a time.
  func list(_ pages: Pages<Rows.Record>) async throws {
    let output = session.output
    switch session.format {
    case .json, .jsonl:
      var elements = JSONElements(session.format)
      _ = try await pages.forEach { page in
        for record in page { try elements.add(record.jsonString(), to: output) }
      }
      try elements.end(output)
    case .csv:
      var writer = CSVWriter()
      writer.write(rows.columns.map(\.key))
      var rows = rows
      _ = try await pages.forEach { page in
        rows = try await rows.naming(page, session)
        for record in page { writer.write(rows.row(record)) }
        try output.write(writer.output)
        writer.output = []
      }
      try output.write("")
    case .table, .markdown:
      var texts: [[String]] = []
      var rows = rows
      let (total, more) = try await pages.forEach { page in
        rows = try await rows.naming(page, session)
        texts += page.map(rows.row)
        if texts.count >= Self.rowsPerTable {
          try Listing(columns: rows.columns, rows: texts).write(to: output, session.format, session.language)
          texts = []
        }
      }
      if !texts.isEmpty {
        try Listing(columns: rows.columns, rows: texts).write(to: output, session.format, session.language)
      }
      if session.format == .table { try footer(texts.count, total, more) }
    }
  }

  private func footer(_ shown: Int, _ total: Int64?, _ more: Bool) throws {
    let numbers = LocaleFormat(session.language)
    let text: String
    if shown == 0 {
      text = session.say(en: "Nothing fits.", fi: "Mikään ei sovi.")
    } else if more {
      let all = total.map { session.say(en: " of \(numbers.number($0))", fi: "/\(numbers.number($0))") } ?? ""
      text = session.say(
        en: "\(shown)\(all) shown; --limit 0 shows all.",
        fi: "Näytetään \(shown)\(all); --limit 0 näyttää kaikki.")
    } else {
      text = session.say(en: "\(shown) in all.", fi: "Yhteensä \(shown).")
    }
    try session.output.line("\n" + session.output.style.faint(text))
  }

  /// Prints a message as JSON.
  static func json<M: Message>(_ messages: [M], _ session: Session) throws {
    for message in messages {
      var options = JSONOptions()
      options.isPretty = session.format == .json
      try session.output.line(try message.jsonString(options: options))
    }
  }

  /// Prints what was done to a record: a sentence, or the record itself for programs.
  ///
  /// - Parameter next: a command that may be wanted next; it is printed whole, to be copied.
  func outcome(_ record: Rows.Record, _ sentence: Term, next: String = "") throws {
    switch session.format {
    case .table:
      let text = sentence(in: session.language)
      let isShort = DisplayWidth.of("\(text) \(next)") <= session.output.width
      try session.output.lines(next.isEmpty ? [text] : isShort ? ["\(text) \(next)"] : [text, "  \(next)"])
    case .json, .jsonl: try Self.json([record], session)
    case .csv, .markdown:
      try Listing(columns: rows.columns, rows: [rows.row(record)])
        .write(to: session.output, session.format, session.language)
    }
  }

  /// Prints how a record was changed.
  ///
  /// - Parameter isDryRun: nothing was changed, this is only how it would be.
  func changed(_ before: Rows.Record, _ after: Rows.Record, title: String, isDryRun: Bool) throws {
    guard session.format == .table else { return try outcome(after, .verbatim("")) }
    let differences = Self.differences(before, after)
    let sentence =
      if differences.isEmpty {
        session.say(en: "\(title) is that way already.", fi: "\(title) on jo näin.")
      } else if isDryRun {
        session.say(en: "Would change \(title):", fi: "Muuttaisi asiakasta \(title):")
      } else {
        session.say(en: "Changed \(title):", fi: "Muutettiin: \(title):")
      }
    try session.output.line(sentence)
    try session.output.lines(
      DifferenceText.lines(
        differences, session.language, session.output.style, width: session.output.width - 2
      ).map { "  " + $0 })
  }

  /// The fields that differ, without those that every write changes.
  static func differences(_ before: Rows.Record, _ after: Rows.Record) -> [PunosMessages.FieldDifference] {
    guard let descriptor = Rows.Record.descriptor,
      let found = try? FieldDifferences.between(
        before.serialized(), after.serialized(), of: descriptor, in: Rows.Record.schema,
        skipping: ["etag", "revision", "update_time", "create_time"])
    else { return [] }
    return found.map { difference in
      var message = PunosMessages.FieldDifference()
      message.path = difference.path
      message.before = difference.before ?? ""
      message.after = difference.after ?? ""
      return message
    }
  }
}

extension CLIProblem {
  /// An update that names no field.
  static let nothingToChange = CLIProblem(
    .usage, Term(en: "Nothing to change was named.", fi: "Muutettavaa ei nimetty."),
    remedy: Term(en: "See what can be changed with --help.", fi: "Mitä voi muuttaa: --help"))
}
