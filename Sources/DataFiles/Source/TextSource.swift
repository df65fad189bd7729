/// A source's text as chunks of UTF-8, whatever encoding it is in.
///
/// UTF-8 is passed on as it is, without a byte order mark: whether it is valid is asked record by record, so that
/// one bad letter costs one record. The other encodings are turned into UTF-8 here; what they cannot mean becomes
/// U+FFFD, which the readers name like a bad letter.
public final class TextSource {
  /// The bytes below.
  public let bytes: ByteSource
  /// The encoding in use and how it was found.
  public let encoding: EncodingFinding
  private var atStart = true
  private var carried: [UInt8] = []
  private var highSurrogate: UInt16?

  /// Reads a source in the encoding that its content shows.
  ///
  /// - Parameters:
  ///   - bytes: not read from yet.
  ///   - encoding: the encoding to use instead of the one found; nil to find it.
  /// - Throws: ``DataFileError`` as ``EncodingDetector/detect(_:)``.
  public init(_ bytes: ByteSource, encoding: TextEncoding? = nil) throws(DataFileError) {
    self.bytes = bytes
    let found = try EncodingDetector.detect(bytes)
    if let encoding {
      self.encoding = EncodingFinding(
        encoding: encoding, byteOrderMark: found.byteOrderMark && found.encoding == encoding, certain: true)
    } else {
      self.encoding = found
    }
  }

  /// The next chunk of UTF-8; empty at the end.
  public func read() throws(DataFileError) -> [UInt8] {
    while true {
      var chunk = try bytes.read()
      let isEnd = chunk.isEmpty
      if atStart, !isEnd {
        atStart = false
        let mark = encoding.byteOrderMark ? (encoding.encoding == .utf8 ? 3 : 2) : 0
        if mark > 0 { chunk.removeFirst(min(mark, chunk.count)) }
      }
      let text: [UInt8]
      switch encoding.encoding {
      case .utf8: text = chunk
      case .latin1, .windows1252: text = fromSingleBytes(chunk)
      case .utf16LittleEndian, .utf16BigEndian: text = fromUTF16(chunk, isEnd: isEnd)
      }
      if isEnd || !text.isEmpty { return text }
    }
  }

  private func fromSingleBytes(_ chunk: [UInt8]) -> [UInt8] {
    // Nearly all of a table is ASCII: copied in one go when all of it is.
    if chunk.withUnsafeBufferPointer({ UTF8Validity.skipASCII($0, from: 0) == $0.count }) { return chunk }
    var text: [UInt8] = []
    text.reserveCapacity(chunk.count + chunk.count / 4)
    for byte in chunk {
      if byte < 0x80 {
        text.append(byte)
      } else if byte < 0xA0, encoding.encoding == .windows1252 {
        let scalar = TextEncoding.windows1252Specials[Int(byte &- 0x80)]
        append(UInt32(scalar == 0 ? 0xFFFD : scalar), to: &text)
      } else {
        append(UInt32(byte), to: &text)
      }
    }
    return text
  }

  private func fromUTF16(_ chunk: [UInt8], isEnd: Bool) -> [UInt8] {
    let input = carried.isEmpty ? chunk : carried + chunk
    carried = []
    var text: [UInt8] = []
    text.reserveCapacity(input.count)
    let little = encoding.encoding == .utf16LittleEndian
    var index = 0
    while index + 1 < input.count {
      let first = UInt16(input[index])
      let second = UInt16(input[index + 1])
      index += 2
      appendUnit(little ? second << 8 | first : first << 8 | second, to: &text)
    }
    if index < input.count {
      if isEnd { append(0xFFFD, to: &text) } else { carried = [input[index]] }
    }
    if isEnd, highSurrogate != nil {
      highSurrogate = nil
      append(0xFFFD, to: &text)
    }
    return text
  }

  private func appendUnit(_ unit: UInt16, to text: inout [UInt8]) {
    if let high = highSurrogate {
      highSurrogate = nil
      if unit & 0xFC00 == 0xDC00 {
        append(0x10000 + (UInt32(high & 0x3FF) << 10 | UInt32(unit & 0x3FF)), to: &text)
        return
      }
      append(0xFFFD, to: &text)
    }
    switch unit & 0xFC00 {
    case 0xD800: highSurrogate = unit
    case 0xDC00: append(0xFFFD, to: &text)
    default: append(UInt32(unit), to: &text)
    }
  }

  private func append(_ scalar: UInt32, to text: inout [UInt8]) {
    switch scalar {
    case 0..<0x80: text.append(UInt8(truncatingIfNeeded: scalar))
    case 0x80..<0x800:
      text.append(UInt8(truncatingIfNeeded: 0xC0 | scalar >> 6))
      text.append(UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F))
    case 0x800..<0x10000:
      text.append(UInt8(truncatingIfNeeded: 0xE0 | scalar >> 12))
      text.append(UInt8(truncatingIfNeeded: 0x80 | scalar >> 6 & 0x3F))
      text.append(UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F))
    default:
      text.append(UInt8(truncatingIfNeeded: 0xF0 | scalar >> 18))
      text.append(UInt8(truncatingIfNeeded: 0x80 | scalar >> 12 & 0x3F))
      text.append(UInt8(truncatingIfNeeded: 0x80 | scalar >> 6 & 0x3F))
      text.append(UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F))
    }
  }
}
