/// The grammar of a table, fed with chunks of UTF-8 that may end anywhere.
struct CSVParser {
  enum Outcome {
    /// A record is complete.
    case record
    /// The bytes ended first.
    case needsMore
    /// A quoted field goes on beyond the limit or the end of the file.
    case unclosedQuote(DataFileError)
  }

  private enum State {
    /// Nothing of the record was seen yet.
    case recordStart
    /// A delimiter was seen: a field begins.
    case fieldStart
    case unquoted
    case quoted
    /// A quote was seen in a quoted field: it closes the field, or is the first of two.
    case quoteInQuoted
    /// The record is beyond its limit: its bytes are passed over up to the line's end.
    case overlong
  }

  /// What a byte is to the grammar; one look a byte in a table beats five comparisons.
  private enum Class {
    static let ordinary: UInt8 = 0
    static let special: UInt8 = 1
  }

  private let format: CSVFormat
  private let limits: CSVLimits
  private let classes: [UInt8]
  private var state = State.recordStart
  private var afterCarriageReturn = false
  private var quotedCarriageReturn = false

  /// The line that the next byte is on, from 1.
  var line = 1
  /// Whether the record has bytes beyond ASCII.
  private(set) var sawNonASCII = false

  // Where the line and the last quoted field began, for naming the character an unclosed quote stands at.
  private var lineStartStored = 0
  private var syntaxBytesInLine = 0
  private var quoteLine = 0
  private var quoteCharacterBase = 0
  private var quoteStored = 0
  private var quoteLineStartStored = 0

  init(format: CSVFormat, limits: CSVLimits) {
    self.format = format
    self.limits = limits
    var classes = [UInt8](repeating: Class.ordinary, count: 256)
    for byte in [format.delimiter, format.quote, 0x0A, 0x0D] { classes[Int(byte)] = Class.special }
    self.classes = classes
  }

  mutating func begin(_ record: inout CSVRecord) {
    record.clear(line: line)
    state = .recordStart
    sawNonASCII = false
    startLine(record)
  }

  /// Parses up to the end of a record or of the bytes.
  ///
  /// - Parameters:
  ///   - bytes: a chunk.
  ///   - position: where to begin; afterwards behind the last byte used.
  mutating func parse(
    _ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int, _ record: inout CSVRecord
  ) -> Outcome {
    classes.withUnsafeBufferPointer { classes in
      parse(bytes, classes, &position, &record)
    }
  }

  private mutating func parse(
    _ bytes: UnsafeBufferPointer<UInt8>, _ classes: UnsafeBufferPointer<UInt8>, _ position: inout Int,
    _ record: inout CSVRecord
  ) -> Outcome {
    while position < bytes.count {
      if afterCarriageReturn {
        afterCarriageReturn = false
        if bytes[position] == 0x0A {
          position += 1
          continue
        }
      }
      switch state {
      case .recordStart, .fieldStart, .unquoted:
        let run = ordinaryRun(bytes, classes, from: position)
        if run > position {
          store(bytes, position..<run, &record)
          position = run
          if state != .overlong { state = .unquoted }
          continue
        }
        let byte = bytes[position]
        position += 1
        if let outcome = special(byte, &record) { return outcome }
      case .quoted:
        if let outcome = quotedRun(bytes, &position, &record) { return outcome }
      case .quoteInQuoted:
        let byte = bytes[position]
        position += 1
        if let outcome = afterQuote(byte, &record) { return outcome }
      case .overlong:
        let byte = bytes[position]
        position += 1
        if byte == 0x0A || byte == 0x0D { return endLine(byte, &record) }
      }
    }
    return .needsMore
  }

  /// A delimiter, quote or line end outside quotes.
  private mutating func special(_ byte: UInt8, _ record: inout CSVRecord) -> Outcome? {
    if byte == format.delimiter {
      endField(&record)
      return nil
    }
    if byte == format.quote {
      if state == .unquoted {
        // A quote inside an unquoted field is a quote (5" pipes), as every spreadsheet reads it.
        store(byte, &record)
      } else {
        openQuote(record)
      }
      return nil
    }
    if state == .recordStart {
      // An empty line is no record.
      consumeLineEnd(byte)
      record.line = line
      startLine(record)
      return nil
    }
    endField(&record)
    return endLine(byte, &record)
  }

  private mutating func openQuote(_ record: CSVRecord) {
    quoteLine = line
    quoteStored = record.storage.count
    quoteLineStartStored = lineStartStored
    quoteCharacterBase = syntaxBytesInLine
    syntaxBytesInLine += 1
    state = .quoted
  }

  private mutating func quotedRun(
    _ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int, _ record: inout CSVRecord
  ) -> Outcome? {
    var run = position
    var seen: UInt8 = 0
    while run < bytes.count, bytes[run] != format.quote, bytes[run] != 0x0A, bytes[run] != 0x0D {
      seen |= bytes[run]
      run += 1
    }
    if seen >= 0x80 { sawNonASCII = true }
    if run > position {
      if record.storage.count + (run - position) > limits.recordBytes { return .unclosedQuote(unclosed(record, atEnd: false)) }
      record.storage.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[position..<run]))
      position = run
      quotedCarriageReturn = false
      return nil
    }
    let byte = bytes[position]
    position += 1
    if byte == format.quote {
      quotedCarriageReturn = false
      syntaxBytesInLine += 1
      state = .quoteInQuoted
      return nil
    }
    guard record.storage.count < limits.recordBytes else { return .unclosedQuote(unclosed(record, atEnd: false)) }
    record.storage.append(byte)
    // A line break in a value is kept as it is; CR LF counts as one line.
    if byte == 0x0D || !quotedCarriageReturn { line += 1 }
    quotedCarriageReturn = byte == 0x0D
    startLine(record)
    return nil
  }

  private mutating func afterQuote(_ byte: UInt8, _ record: inout CSVRecord) -> Outcome? {
    if byte == format.quote {
      guard record.storage.count < limits.recordBytes else { return .unclosedQuote(unclosed(record, atEnd: false)) }
      record.storage.append(byte)
      state = .quoted
      return nil
    }
    if byte == format.delimiter {
      endField(&record)
      return nil
    }
    if byte == 0x0A || byte == 0x0D {
      endField(&record)
      return endLine(byte, &record)
    }
    if record.problem == nil {
      record.problem = RecordProblem(
        at: FilePosition(line: line, character: character(record), column: record.ends.count + 1),
        "text behind a closing quote: a quote inside a quoted value must be doubled")
    }
    if byte >= 0x80 { sawNonASCII = true }
    state = .unquoted
    store(byte, &record)
    return nil
  }

  @inline(__always)
  private mutating func ordinaryRun(
    _ bytes: UnsafeBufferPointer<UInt8>, _ classes: UnsafeBufferPointer<UInt8>, from start: Int
  ) -> Int {
    var run = start
    var seen: UInt8 = 0
    while run < bytes.count {
      let byte = bytes[run]
      if classes[Int(byte)] != Class.ordinary { break }
      seen |= byte
      run &+= 1
    }
    if seen >= 0x80 { sawNonASCII = true }
    return run
  }

  private mutating func store(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ record: inout CSVRecord
  ) {
    if record.storage.count + range.count > limits.recordBytes {
      refuseOverlong(&record, "a record of more than \(limits.recordBytes) bytes: perhaps its line breaks are gone")
      return
    }
    record.storage.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[range]))
  }

  private mutating func store(_ byte: UInt8, _ record: inout CSVRecord) {
    withUnsafeBytes(of: byte) { raw in
      raw.withMemoryRebound(to: UInt8.self) { store($0, 0..<1, &record) }
    }
  }

  private mutating func refuseOverlong(_ record: inout CSVRecord, _ reason: String) {
    record.problem = RecordProblem(at: FilePosition(line: record.line, column: record.ends.count + 1), reason)
    record.storage.removeAll(keepingCapacity: false)
    record.ends.removeAll(keepingCapacity: false)
    state = .overlong
  }

  private mutating func endField(_ record: inout CSVRecord) {
    if record.ends.count >= limits.fields {
      refuseOverlong(&record, "more than \(limits.fields) fields in a record")
      return
    }
    record.ends.append(record.storage.count)
    syntaxBytesInLine += 1
    state = .fieldStart
  }

  private mutating func endLine(_ byte: UInt8, _ record: inout CSVRecord) -> Outcome {
    consumeLineEnd(byte)
    return .record
  }

  private mutating func consumeLineEnd(_ byte: UInt8) {
    line += 1
    afterCarriageReturn = byte == 0x0D
  }

  private mutating func startLine(_ record: CSVRecord) {
    lineStartStored = record.storage.count
    syntaxBytesInLine = 0
  }

  /// The end of the file: the last record may lack its line end.
  mutating func end(_ record: inout CSVRecord) -> Outcome {
    switch state {
    case .recordStart: return .needsMore
    case .quoted: return .unclosedQuote(unclosed(record, atEnd: true))
    case .overlong: return .record
    case .fieldStart, .unquoted, .quoteInQuoted:
      endField(&record)
      return .record
    }
  }

  /// The character in its line that was read last, from 1.
  private func character(_ record: CSVRecord) -> Int {
    syntaxBytesInLine + scalars(record.storage[lineStartStored...]) + 1
  }

  private func scalars(_ bytes: ArraySlice<UInt8>) -> Int { bytes.count(where: { $0 & 0xC0 != 0x80 }) }

  private func unclosed(_ record: CSVRecord, atEnd: Bool) -> DataFileError {
    let from = min(quoteLineStartStored, quoteStored, record.storage.count)
    let before = record.storage[from..<min(quoteStored, record.storage.count)]
    return DataFileError(
      .unclosedQuote,
      at: FilePosition(
        line: quoteLine, character: quoteCharacterBase + scalars(before) + 1, column: record.ends.count + 1),
      "a quote is opened here and "
        + (atEnd ? "not closed before the end of the file" : "not closed within \(limits.recordBytes) bytes")
        + ": close it, or double it if it belongs to the value")
  }
}
