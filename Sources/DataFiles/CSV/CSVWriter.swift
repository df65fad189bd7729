/// Writes a table of text as RFC 4180 has it: a field is quoted when it must be.
public struct CSVWriter: Sendable {
  private let format: CSVFormat
  /// The bytes written so far; the owner may empty it whenever it wants.
  public var output: [UInt8]

  /// A writer.
  ///
  /// - Parameters:
  ///   - format: delimiter and quote.
  ///   - byteOrderMark: whether to begin with one: Excel takes UTF-8 for the machine's own encoding without it.
  public init(format: CSVFormat = CSVFormat(), byteOrderMark: Bool = false) {
    self.format = format
    output = byteOrderMark ? [0xEF, 0xBB, 0xBF] : []
  }

  /// Writes one record.
  ///
  /// - Parameter fields: any text; line breaks, quotes and delimiters are quoted. A record of one empty field is
  ///   written as two quotes, because an empty line is no record.
  public mutating func write(_ fields: some Sequence<String>) {
    var first = true
    let start = output.count
    for field in fields {
      if !first { output.append(format.delimiter) }
      first = false
      append(field)
    }
    if output.count == start { output += [format.quote, format.quote] }
    output += [0x0D, 0x0A]
  }

  private mutating func append(_ field: String) {
    var field = field
    field.withUTF8 { bytes in
      let needsQuotes = bytes.contains { byte in
        byte == format.delimiter || byte == format.quote || byte == 0x0A || byte == 0x0D
      }
      guard needsQuotes else {
        output.append(contentsOf: bytes)
        return
      }
      output.append(format.quote)
      for byte in bytes {
        if byte == format.quote { output.append(byte) }
        output.append(byte)
      }
      output.append(format.quote)
    }
  }
}
