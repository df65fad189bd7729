import DataFiles

/// What must hold for any bytes that are given as a file; run by tests on chosen inputs and by fuzzers on all others.
enum FileExercise {
  struct Broken: Error {
    var what: String
  }

  private static func hold(_ condition: Bool, _ what: String) throws {
    if !condition { throw Broken(what: what) }
  }

  /// A table: what is read without a problem is written and read back equal, and its proposed mapping is valid.
  static func table(_ bytes: [UInt8]) throws {
    var limits = CSVLimits()
    limits.recordBytes = 512
    limits.fields = 32
    guard let reader = try? CSVReader(ByteSource(bytes: bytes), limits: limits) else { return }
    var record = CSVRecord()
    var rows: [[String]] = []
    do {
      while try reader.next(&record) {
        if record.problem == nil {
          try hold(record.count == reader.header.count, "a row of another width without a problem")
          rows.append(record.fields)
          try record.fields.forEach(moment)
        }
      }
    } catch is DataFileError {
    }
    var writer = CSVWriter(format: reader.format)
    // A header of its own: a first value such as `sep=;` or `BEGIN:VCARD` would say something about the file.
    writer.write(reader.header.indices.map { "column\($0)" })
    for row in rows { writer.write(row) }
    // A delimiter named by `sep=` can be a quote or a line end, under which nothing can be written.
    let format = reader.format
    guard ![0x0A, 0x0D, format.quote].contains(format.delimiter), format.delimiter < 0x80 else { return }
    if !rows.isEmpty {
      let again = try CSVReader(ByteSource(bytes: writer.output), format: format, encoding: .utf8)
      for row in rows {
        try hold(
          again.next(&record) && record.fields == row && record.problem == nil, "a row changed by writing")
      }
      try hold(try !again.next(&record), "a row too many after writing")
    }
    try mapping(header: reader.header, rows: rows, bytes: bytes)
  }

  /// A moment that was read is read as itself again.
  private static func moment(_ value: String) throws {
    for locale in [DataLocale.finnish, .american] {
      let cleaned = Cleaning.moment(value, locale: locale)
      guard cleaned.doubt == nil, let moment = cleaned.value else { continue }
      try hold(
        Cleaning.moment(moment, locale: locale).value == moment, "a moment changed by reading it again")
    }
  }

  private static func mapping(header: [String], rows: [[String]], bytes: [UInt8]) throws {
    let proposal = MappingProposal(header: header, samples: rows, locale: nil, country: "FI")
    guard !proposal.mapping.sections.isEmpty else { return }
    let parsed = try Mapping(parsing: proposal.mapping.text())
    try hold(parsed.text() == proposal.mapping.text(), "a proposal changed by writing")
    guard Set(header).count == header.count else { return }
    var mapper = try RowMapper(parsed, header: header)
    guard let reader = try? CSVReader(ByteSource(bytes: bytes)) else { return }
    var record = CSVRecord()
    while (try? reader.next(&record)) == true { _ = mapper.rows(from: record) }
  }

  /// vCards: what is read is written and read back equal, and becomes a contact or a named problem.
  static func cards(_ bytes: [UInt8]) throws {
    guard let reader = try? VCardReader(ByteSource(bytes: bytes)) else { return }
    while let next = try reader.next() {
      guard case .success(var card) = next else { continue }
      let row = VCardMapper(country: "FI").row(from: card)
      try hold(!row.problems.isEmpty || row.text("display_name") != nil, "a contact without a name")
      let written = try VCardReader(ByteSource(bytes: card.serialized()), encoding: .utf8)
      guard let result = try written.next(), case .success(var again) = result else {
        throw Broken(what: "a written card cannot be read")
      }
      card.line = 0
      again.line = 0
      try hold(again == card, "a card changed by writing")
    }
  }

  /// A mapping file: what is read is written and read back as the same text.
  static func mappingFile(_ bytes: [UInt8]) throws {
    guard let mapping = try? Mapping(parsing: String(decoding: bytes, as: UTF8.self)) else { return }
    let text = mapping.text()
    let again = try Mapping(parsing: text)
    try hold(again.text() == text, "a mapping changed by writing")
  }

  /// JSON: what is read is written and read back equal.
  static func json(_ bytes: [UInt8]) throws {
    guard let value = try? JSONParser.parse(bytes) else { return }
    let written = value.serialized()
    try hold(try JSONParser.parse(written) == value, "a value changed by writing")
    let lines = try JSONLinesReader(ByteSource(bytes: bytes))
    while try lines.next() != nil {}
  }
}
