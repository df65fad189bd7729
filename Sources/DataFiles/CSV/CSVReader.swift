/// Reads a table of text a record at a time: RFC 4180 with any delimiter, lines ended in any way, and quoting as
/// spreadsheets and databases write it.
///
/// What is wrong with a record stays with the record (``CSVRecord/problem``): another number of fields than the
/// header, letters that are not in the encoding, text behind a closing quote, a length beyond the limit. A quote
/// that never closes ends the reading, because nothing behind it can be trusted. Empty lines are passed over.
///
/// Belongs to one task at a time.
public final class CSVReader {
  /// The names in the first record; empty when the table has none.
  public private(set) var header: [String] = []
  /// The delimiter and quote in use.
  public let format: CSVFormat
  /// The encoding in use, and how it was found.
  public var encoding: EncodingFinding { text.encoding }
  /// Bytes read of the file so far, for a progress bar.
  public var consumedBytes: Int { text.bytes.consumed - (chunk.count - position) }
  /// Bytes of the whole file; nil for a pipe.
  public var totalBytes: Int? { text.bytes.size }

  private let text: TextSource
  private let limits: CSVLimits
  private var chunk: [UInt8] = []
  private var position = 0
  private var atEnd = false
  private var parser: CSVParser
  private var recordsRead = 0

  /// Opens a table.
  ///
  /// - Parameters:
  ///   - source: not read from yet.
  ///   - format: the delimiter and quote; nil to find the delimiter.
  ///   - encoding: the encoding; nil to find it.
  ///   - hasHeader: whether the first record names the columns. Then every record must have as many fields.
  ///   - limits: what is never gone beyond.
  /// - Throws: ``DataFileError`` for content that is not text, an empty file, a header that cannot be read.
  public init(
    _ source: ByteSource, format: CSVFormat? = nil, encoding: TextEncoding? = nil, hasHeader: Bool = true,
    limits: CSVLimits = CSVLimits()
  ) throws(DataFileError) {
    text = try TextSource(source, encoding: encoding)
    self.limits = limits
    var head: [UInt8] = []
    var ended = false
    while head.count < CSVDetector.sampleBytes {
      let more = try text.read()
      if more.isEmpty {
        ended = true
        break
      }
      head += more
    }
    let finding = CSVDetector.detect(head.prefix(CSVDetector.sampleBytes))
    self.format = format ?? finding.format
    parser = CSVParser(format: self.format, limits: limits)
    chunk = head
    atEnd = ended
    if finding.declarationBytes > 0 {
      position = finding.declarationBytes
      parser.line = 2
    }
    guard !head.isEmpty else { throw DataFileError(.empty, "the file is empty") }
    try Self.refuseOtherKinds(head)
    guard hasHeader else { return }
    var record = CSVRecord()
    guard try read(&record) else { throw DataFileError(.empty, "the file has no header line") }
    if let problem = record.problem {
      throw DataFileError(.syntax, at: problem.position, "the header cannot be read: \(problem.reason)")
    }
    // Spreadsheets break long headings over lines; a name is one line.
    header = record.fields.map { DataText.collapsed(DataText.trimmed($0)) }
    recordsRead = 0
  }

  /// Reads the next record.
  ///
  /// - Parameter record: filled anew; what was in it is gone.
  /// - Returns: false at the end of the file.
  /// - Throws: ``DataFileError`` for a quote that never closes, named where it was opened, and when the source
  ///   cannot be read.
  public func next(_ record: inout CSVRecord) throws(DataFileError) -> Bool {
    guard try read(&record) else { return false }
    if record.problem == nil, !header.isEmpty, record.count != header.count {
      record.problem = RecordProblem(
        at: FilePosition(line: record.line, column: min(record.count, header.count) + (record.count > header.count ? 1 : 0)),
        columnName: record.count < header.count ? header[max(0, record.count - 1)] : nil,
        record.count > header.count
          ? "\(record.count) fields where the header has \(header.count): a \(format.delimiterName) in a value is not quoted, or there is one too many"
          : "\(record.count) fields where the header has \(header.count): fields are missing, or a line break in a value is not quoted"
      )
    }
    return true
  }

  private func read(_ record: inout CSVRecord) throws(DataFileError) -> Bool {
    parser.begin(&record)
    while true {
      if position < chunk.count {
        let outcome = chunk.withUnsafeBufferPointer { buffer in
          parser.parse(buffer, &position, &record)
        }
        switch outcome {
        case .record:
          finish(&record)
          return true
        case .needsMore: break
        case .unclosedQuote(let error): throw error
        }
      }
      if atEnd { break }
      chunk = try text.read()
      position = 0
      if chunk.isEmpty { atEnd = true }
    }
    switch parser.end(&record) {
    case .record:
      finish(&record)
      return true
    case .needsMore: return false
    case .unclosedQuote(let error): throw error
    }
  }

  private func finish(_ record: inout CSVRecord) {
    record.index = recordsRead
    recordsRead += 1
    guard record.problem == nil, parser.sawNonASCII else { return }
    let transcoded = encoding.encoding != .utf8
    let bad = record.storage.withUnsafeBufferPointer { bytes in
      UTF8Validity.firstProblem(bytes) ?? (transcoded ? Self.firstReplacement(bytes) : nil)
    }
    guard let bad else { return }
    let column = (record.ends.firstIndex { $0 > bad } ?? record.ends.count - 1) + 1
    record.problem = RecordProblem(
      at: FilePosition(line: record.line, column: column),
      columnName: header.indices.contains(column - 1) ? header[column - 1] : nil,
      "bytes that are not \(encoding.encoding.rawValue): name the file's encoding, or save it as UTF-8")
  }

  /// Where U+FFFD stands, which is what the transcoder makes of bytes that mean nothing.
  private static func firstReplacement(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    bytes.indices.first { index in
      bytes[index] == 0xEF && index + 2 < bytes.count && bytes[index + 1] == 0xBF && bytes[index + 2] == 0xBD
    }
  }

  /// Text of another kind under a table's name, seen by how it begins.
  private static func refuseOtherKinds(_ head: [UInt8]) throws(DataFileError) {
    let start = String(decoding: head.prefix(200), as: UTF8.self)
    let beginning = DataText.trimmed(start)
    let lower = beginning.prefix(15).lowercased()
    if beginning.hasPrefix("{\"") || beginning.hasPrefix("[{") || beginning == "{" {
      throw DataFileError(.wrongContent, at: FilePosition(line: 1), "the file is JSON, not a table: import it as jsonl")
    }
    if lower.hasPrefix("begin:vcard") {
      throw DataFileError(.wrongContent, at: FilePosition(line: 1), "the file is vCards, not a table: import it as vcard")
    }
    if lower.hasPrefix("<!doctype") || lower.hasPrefix("<html") || lower.hasPrefix("<?xml") {
      throw DataFileError(
        .wrongContent, at: FilePosition(line: 1),
        "the file is a web page or XML, not a table: perhaps a download that needed a login")
    }
  }
}
