/// How a table is written as text.
public struct CSVFormat: Sendable, Hashable {
  /// The byte between fields.
  public var delimiter: UInt8
  /// The byte around fields that contain delimiters, quotes or line breaks; doubled inside them.
  public var quote: UInt8

  /// A format; RFC 4180's unless said otherwise.
  public init(delimiter: UInt8 = UInt8(ascii: ","), quote: UInt8 = UInt8(ascii: "\"")) {
    self.delimiter = delimiter
    self.quote = quote
  }

  /// The delimiter's name, for people.
  public var delimiterName: String {
    switch delimiter {
    case UInt8(ascii: ","): "comma"
    case UInt8(ascii: ";"): "semicolon"
    case UInt8(ascii: "\t"): "tab"
    case UInt8(ascii: "|"): "vertical bar"
    default: "'\(Unicode.Scalar(delimiter))'"
    }
  }

  /// Delimiters looked for, the likelier first where two explain a file equally well.
  static let candidates: [UInt8] = [",", ";", "\t", "|"].map { UInt8(ascii: $0) }
}

/// What a reader never goes beyond, so that a damaged or hostile file costs a message and not the memory.
public struct CSVLimits: Sendable, Hashable {
  /// Bytes of one record in UTF-8. The longest field of the schema has 10,000 characters; a megabyte holds a
  /// hundred of them, and 10 MB is a file whose line breaks are gone.
  public var recordBytes = 1024 * 1024
  /// Fields of one record. Spreadsheets end at 16,384 columns; exports of CRM systems at about 1,000.
  public var fields = 16_384

  /// The limits as they are unless somebody says otherwise.
  public init() {}
}

/// Finds the delimiter of a table from its beginning.
enum CSVDetector {
  /// How many bytes are looked at: enough for a hundred wide records.
  static let sampleBytes = 64 * 1024
  /// How many records are compared.
  static let sampleRecords = 100

  /// What the beginning of a file says about its format.
  struct Finding {
    var format: CSVFormat
    /// Bytes of a first line `sep=;` (Excel's way to say it), which is not a record.
    var declarationBytes: Int
  }

  /// The delimiter under which most records have the same number of fields as the first, and more than one.
  ///
  /// - Parameter sample: the first bytes of the text in UTF-8, perhaps cut inside a record.
  static func detect(_ sample: ArraySlice<UInt8>) -> Finding {
    let declaration = Array("sep=".utf8)
    if sample.count > 5, sample.starts(with: declaration) {
      let rest = sample.dropFirst(4)
      if let delimiter = rest.first, let end = rest.dropFirst().first, end == 0x0A || end == 0x0D {
        let isPair = end == 0x0D && rest.dropFirst(2).first == 0x0A
        return Finding(format: CSVFormat(delimiter: delimiter), declarationBytes: isPair ? 7 : 6)
      }
    }
    var best = (score: 0.0, delimiter: UInt8(ascii: ","))
    for delimiter in CSVFormat.candidates {
      let counts = fieldCounts(sample, CSVFormat(delimiter: delimiter))
      guard let first = counts.first, first > 1 else { continue }
      let agreeing = counts.count(where: { $0 == first })
      // Agreement counts first, then how many columns it makes: a comma in every decimal loses to the semicolons
      // around it.
      let score = Double(agreeing) / Double(counts.count) * 1000 + Double(min(first, 500))
      if score > best.score { best = (score, delimiter) }
    }
    return Finding(format: CSVFormat(delimiter: best.delimiter), declarationBytes: 0)
  }

  /// How many fields the first records have; a record cut by the sample's end is left out.
  private static func fieldCounts(_ sample: ArraySlice<UInt8>, _ format: CSVFormat) -> [Int] {
    var counts: [Int] = []
    var fields = 1
    var inQuotes = false
    var leftQuotes = false
    var fieldIsEmpty = true
    var recordIsEmpty = true
    for byte in sample {
      if inQuotes {
        if byte == format.quote {
          inQuotes = false
          leftQuotes = true
        }
        continue
      }
      // A quote right behind a closing one is a doubled quote: the field goes on.
      let reopens = leftQuotes
      leftQuotes = false
      switch byte {
      case format.quote where fieldIsEmpty || reopens: inQuotes = true
      case format.delimiter:
        fields += 1
        fieldIsEmpty = true
        recordIsEmpty = false
        continue
      case 0x0A, 0x0D:
        if !recordIsEmpty { counts.append(fields) }
        if counts.count == sampleRecords { return counts }
        fields = 1
        fieldIsEmpty = true
        recordIsEmpty = true
        continue
      default: break
      }
      fieldIsEmpty = false
      recordIsEmpty = false
    }
    if counts.isEmpty, !recordIsEmpty { counts.append(fields) }
    return counts
  }
}
