/// How a file's text is written in bytes.
public enum TextEncoding: String, Sendable, CaseIterable {
  /// UTF-8, perhaps ASCII only.
  case utf8 = "UTF-8"
  /// UTF-16, least byte first.
  case utf16LittleEndian = "UTF-16LE"
  /// UTF-16, greatest byte first.
  case utf16BigEndian = "UTF-16BE"
  /// ISO 8859-1.
  case latin1 = "ISO-8859-1"
  /// Microsoft's superset of ISO 8859-1, with quotes, dashes and the euro where the standard has control codes.
  case windows1252 = "Windows-1252"

  /// What Windows-1252 has at 0x80 to 0x9F; zero where it has nothing.
  static let windows1252Specials: [UInt16] = [
    0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0,
    0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E,
    0x0178,
  ]
}

/// What was found out about a file's encoding, to be told to the person who imports it.
public struct EncodingFinding: Sendable, Hashable, CustomStringConvertible {
  /// The encoding.
  public var encoding: TextEncoding
  /// Whether a byte order mark said so.
  public var byteOrderMark: Bool
  /// Whether it follows from the bytes seen (a mark, or valid UTF-8 with letters beyond ASCII), rather than being
  /// the likeliest explanation of them.
  public var certain: Bool

  /// `UTF-8 with byte order mark`, `Windows-1252 (assumed: the bytes are not UTF-8)`.
  public var description: String {
    var text = encoding.rawValue
    if byteOrderMark { text += " with byte order mark" }
    if !certain {
      text += encoding == .utf8 ? " (plain ASCII)" : " (assumed: the bytes are not UTF-8)"
    }
    return text
  }
}

/// Finds a file's encoding, and content that is not text at all.
public enum EncodingDetector {
  /// How much of a pipe is looked at; a file is looked at whole, because one letter in its last line decides.
  static let pipeSample = 1024 * 1024

  /// Looks at a source and leaves it at its beginning.
  ///
  /// - Parameter source: not read from yet.
  /// - Returns: the encoding and how it was found.
  /// - Throws: ``DataFileError`` when the content is of a kind that is not text (a workbook, an archive, a
  ///   database, UTF-32), named with what to do, or the source cannot be read.
  public static func detect(_ source: ByteSource) throws(DataFileError) -> EncodingFinding {
    var seen: [UInt8] = try source.read()
    var state = UTF8Scan()
    guard !source.canRewind else {
      let head = seen
      try refuseBinary(head)
      if let finding = byMark(head) ?? byZeros(head) {
        try source.rewind()
        return finding
      }
      while !seen.isEmpty {
        state.scan(seen)
        seen = try source.read()
      }
      try source.rewind()
      return state.finding
    }
    while seen.count < pipeSample {
      let more = try source.read()
      if more.isEmpty { break }
      seen += more
    }
    source.unread(seen)
    try refuseBinary(seen)
    if let finding = byMark(seen) ?? byZeros(seen) { return finding }
    state.scan(seen)
    return state.finding
  }

  private static func byMark(_ head: [UInt8]) -> EncodingFinding? {
    if head.starts(with: [0xEF, 0xBB, 0xBF]) {
      return EncodingFinding(encoding: .utf8, byteOrderMark: true, certain: true)
    }
    if head.starts(with: [0xFF, 0xFE]) {
      return EncodingFinding(encoding: .utf16LittleEndian, byteOrderMark: true, certain: true)
    }
    if head.starts(with: [0xFE, 0xFF]) {
      return EncodingFinding(encoding: .utf16BigEndian, byteOrderMark: true, certain: true)
    }
    return nil
  }

  /// UTF-16 without a mark: in tables of any European language most second bytes are zero.
  private static func byZeros(_ head: [UInt8]) -> EncodingFinding? {
    let sample = head.prefix(4096)
    guard sample.count >= 4 else { return nil }
    var even = 0
    var odd = 0
    for (index, byte) in sample.enumerated() where byte == 0 {
      if index.isMultiple(of: 2) { even += 1 } else { odd += 1 }
    }
    let pairs = sample.count / 2
    if odd * 10 >= pairs * 7, even * 10 <= pairs {
      return EncodingFinding(encoding: .utf16LittleEndian, byteOrderMark: false, certain: true)
    }
    if even * 10 >= pairs * 7, odd * 10 <= pairs {
      return EncodingFinding(encoding: .utf16BigEndian, byteOrderMark: false, certain: true)
    }
    return nil
  }

  /// Content by its first bytes that people rename to `.csv`, and what to do about it.
  private static let binaries: [([UInt8], String)] = [
    ([0x50, 0x4B, 0x03, 0x04], "an Excel workbook or a zip archive: save the sheet as CSV, or unpack it"),
    ([0xD0, 0xCF, 0x11, 0xE0], "an old Excel workbook: save the sheet as CSV"),
    ([0x1F, 0x8B], "compressed with gzip: unpack it first"),
    ([0x25, 0x50, 0x44, 0x46], "a PDF document: export the data as CSV"),
    (Array("SQLite format 3".utf8), "an SQLite database: export the table as CSV"),
    ([0x89, 0x50, 0x4E, 0x47], "a picture"), ([0xFF, 0xD8, 0xFF], "a picture"),
    ([0xFF, 0xFE, 0x00, 0x00], "text in UTF-32: save it as UTF-8"),
    ([0x00, 0x00, 0xFE, 0xFF], "text in UTF-32: save it as UTF-8"),
    ([0x7F, 0x45, 0x4C, 0x46], "a program"),
  ]

  private static func refuseBinary(_ head: [UInt8]) throws(DataFileError) {
    for (beginning, what) in binaries where head.starts(with: beginning) {
      throw DataFileError(.wrongContent, "the file is not text but \(what)")
    }
  }
}

/// Follows the validity of UTF-8 over chunks, and what else bytes beyond ASCII could be.
private struct UTF8Scan {
  private var valid = true
  private var nonASCII = false
  private var specials = false
  private var carried: [UInt8] = []

  mutating func scan(_ chunk: [UInt8]) {
    var bytes = chunk
    if !carried.isEmpty {
      bytes = carried + chunk
      carried = []
    }
    bytes.withUnsafeBufferPointer { buffer in
      var index = 0
      while index < buffer.count {
        index = UTF8Validity.skipASCII(buffer, from: index)
        guard index < buffer.count else { return }
        nonASCII = true
        if buffer[index] & 0xE0 == 0x80 { specials = true }
        guard valid else {
          index += 1
          continue
        }
        switch UTF8Validity.sequenceLength(buffer, at: index) {
        case .complete(let length): index += length
        case .cut:
          carried = Array(buffer[index...])
          return
        case .invalid:
          valid = false
          index += 1
        }
      }
    }
  }

  var finding: EncodingFinding {
    if valid, carried.isEmpty { return EncodingFinding(encoding: .utf8, byteOrderMark: false, certain: nonASCII) }
    return EncodingFinding(
      encoding: specials ? .windows1252 : .latin1, byteOrderMark: false, certain: false)
  }
}

/// Questions about UTF-8 bytes (Unicode 15, table 3-7).
enum UTF8Validity {
  enum Sequence {
    case complete(Int)
    case cut
    case invalid
  }

  /// The first index from `start` on whose byte is not ASCII, or the end.
  @inline(__always)
  static func skipASCII(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var index = start
    guard let base = bytes.baseAddress else { return bytes.count }
    while index &+ 8 <= bytes.count {
      let word = UnsafeRawPointer(base + index).loadUnaligned(as: UInt64.self)
      if word & 0x8080_8080_8080_8080 != 0 { break }
      index &+= 8
    }
    while index < bytes.count, bytes[index] < 0x80 { index &+= 1 }
    return index
  }

  /// What begins at an index whose byte is not ASCII.
  static func sequenceLength(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Sequence {
    let first = bytes[index]
    let length: Int
    var low: UInt8 = 0x80
    var high: UInt8 = 0xBF
    switch first {
    case 0xC2...0xDF: length = 2
    case 0xE0...0xEF:
      length = 3
      if first == 0xE0 { low = 0xA0 }
      if first == 0xED { high = 0x9F }
    case 0xF0...0xF4:
      length = 4
      if first == 0xF0 { low = 0x90 }
      if first == 0xF4 { high = 0x8F }
    default: return .invalid
    }
    for offset in 1..<length {
      guard index + offset < bytes.count else { return .cut }
      let byte = bytes[index + offset]
      guard byte >= low, byte <= high else { return .invalid }
      low = 0x80
      high = 0xBF
    }
    return .complete(length)
  }

  /// Where the first invalid sequence begins; nil when all is well.
  static func firstProblem(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    var index = 0
    while true {
      index = skipASCII(bytes, from: index)
      guard index < bytes.count else { return nil }
      guard case .complete(let length) = sequenceLength(bytes, at: index) else { return index }
      index += length
    }
  }
}
