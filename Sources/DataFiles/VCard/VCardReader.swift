/// Reads vCards of versions 3.0 and 4.0 one after the other; memory stays at one card. Belongs to one task at a time.
///
/// What is wrong with a card stays with it. A photograph beyond the limit is passed over without being kept.
public final class VCardReader {
  /// Bytes of a line after unfolding: a photograph in base 64 of three megabytes. A card has no use for more.
  public static let longestLine = 4 * 1024 * 1024
  /// Properties of a card: the largest address books have a few dozen.
  public static let mostProperties = 1000

  private let lines: LineReader
  private var ahead: LineReader.Line?
  /// The beginning of a card that was found where another should have ended.
  private var pendingBegin: LogicalLine?

  /// Why a file that is not made of cards is refused.
  public static let expectedBegin = "expected BEGIN:VCARD"

  /// Bytes read of the file so far.
  public var consumedBytes: Int { lines.consumedBytes }
  /// Bytes of the whole file; nil for a pipe.
  public var totalBytes: Int? { lines.totalBytes }
  /// The encoding in use, and how it was found.
  public var encoding: EncodingFinding { lines.encoding }

  /// A card, or what is wrong with it.
  public struct Failure: Error, Sendable, Hashable {
    /// Where and what.
    public var problem: RecordProblem
  }

  /// Opens a file.
  ///
  /// - Throws: ``DataFileError`` for content that is not text.
  public init(_ source: ByteSource, encoding: TextEncoding? = nil) throws(DataFileError) {
    lines = LineReader(try TextSource(source, encoding: encoding), longestLine: Self.longestLine)
  }

  /// Reads the next card; nil at the end.
  ///
  /// - Throws: ``DataFileError`` when the source cannot be read.
  public func next() throws(DataFileError) -> Result<VCard, Failure>? {
    guard let begin = try nextLogicalLine(skippingBlank: true) else { return nil }
    guard begin.text.uppercased() == "BEGIN:VCARD" else {
      try skipToEnd()
      return failure(begin.number, Self.expectedBegin)
    }
    var card = VCard(version: "", line: begin.number)
    var problem: Result<VCard, Failure>?
    while let line = try nextLogicalLine(skippingBlank: true) {
      let upper = line.text.prefix(16).uppercased()
      if upper == "END:VCARD" {
        if let problem { return problem }
        guard card.version == "3.0" || card.version == "4.0" else {
          return failure(card.line, "expected VERSION 3.0 or 4.0")
        }
        return .success(card)
      }
      if upper == "BEGIN:VCARD" {
        pendingBegin = line
        return failure(card.line, "the card is not ended (END:VCARD) before the next begins")
      }
      if problem != nil { continue }
      if line.overlong {
        problem = failure(line.number, "a line of more than \(Self.longestLine) bytes")
      } else if let property = Self.property(line.text) {
        if property.name == "VERSION" {
          card.version = property.rawValue
        } else if card.properties.count >= Self.mostProperties {
          problem = failure(line.number, "more than \(Self.mostProperties) properties")
        } else {
          card.properties.append(property)
        }
      } else {
        problem = failure(line.number, "expected NAME:value or NAME;PARAMETER=…:value")
      }
    }
    return problem ?? failure(card.line, "the card is not ended (END:VCARD) before the end of the file")
  }

  private func failure(_ line: Int, _ reason: String) -> Result<VCard, Failure> {
    .failure(Failure(problem: RecordProblem(at: FilePosition(line: line), reason)))
  }

  private func skipToEnd() throws(DataFileError) {
    while let line = try nextLogicalLine(skippingBlank: true) {
      if line.text.uppercased() == "END:VCARD" { return }
      if line.text.uppercased() == "BEGIN:VCARD" {
        pendingBegin = line
        return
      }
    }
  }

  private struct LogicalLine {
    var number: Int
    var text: String
    var overlong: Bool
  }

  /// A line with those that continue it: they begin with a blank, which is not part of the value.
  private func nextLogicalLine(skippingBlank: Bool) throws(DataFileError) -> LogicalLine? {
    if let line = pendingBegin {
      pendingBegin = nil
      return line
    }
    while true {
      var next = ahead
      ahead = nil
      if next == nil { next = try lines.next() }
      guard var line = next else { return nil }
      while let continuation = try lines.next() {
        guard let first = continuation.bytes.first, first == 0x20 || first == 0x09 else {
          ahead = continuation
          break
        }
        if line.overlong || line.bytes.count + continuation.bytes.count > Self.longestLine {
          line.overlong = true
          line.bytes = []
        } else {
          line.bytes += continuation.bytes.dropFirst()
        }
      }
      if skippingBlank, line.bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 }), !line.overlong { continue }
      return LogicalLine(
        number: line.number, text: String(decoding: line.bytes, as: UTF8.self), overlong: line.overlong)
    }
  }

  /// `group.NAME;PARAM=a,"b:c":value`; nil when there is no name or no colon. By scalars: a value may begin with a
  /// combining mark.
  static func property(_ text: String) -> VCard.Property? {
    let line = text.unicodeScalars
    var inQuotes = false
    var colon: String.Index?
    var semicolons: [String.Index] = []
    for index in line.indices {
      switch line[index] {
      case "\"": inQuotes.toggle()
      case ":" where !inQuotes: colon = index
      case ";" where !inQuotes: semicolons.append(index)
      default: continue
      }
      if colon != nil { break }
    }
    guard let colon else { return nil }
    let bounds = semicolons + [colon]
    guard let nameEnd = bounds.first else { return nil }
    var name = line[..<nameEnd]
    var group: String?
    if let dot = name.lastIndex(of: ".") {
      group = String(name[..<dot])
      name = name[name.index(after: dot)...]
    }
    guard !name.isEmpty, (name + (group ?? "").unicodeScalars).allSatisfy(isNameScalar) else { return nil }
    var parameters: [VCard.Parameter] = []
    for (start, end) in zip(bounds, bounds.dropFirst()) {
      let part = line[line.index(after: start)..<end]
      guard let equals = part.firstIndex(of: "=") else {
        if !part.isEmpty { parameters += values(part).map { VCard.Parameter("TYPE", $0) } }
        continue
      }
      let parameter = part[..<equals]
      guard !parameter.isEmpty, parameter.allSatisfy(isNameScalar) else { return nil }
      parameters += values(part[part.index(after: equals)...]).map {
        VCard.Parameter(String(parameter).uppercased(), $0)
      }
    }
    return VCard.Property(
      String(name).uppercased(), rawValue: String(line[line.index(after: colon)...]), parameters: parameters,
      group: group)
  }

  /// Letters, digits and hyphens: what names of properties, groups and parameters are made of (RFC 6350 3.3).
  private static func isNameScalar(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "-": true
    default: false
    }
  }

  /// A parameter's values, split at commas outside quotes, without the quotes.
  private static func values(_ text: Substring.UnicodeScalarView) -> [String] {
    var values: [String] = []
    var value = String.UnicodeScalarView()
    var inQuotes = false
    for scalar in text {
      if scalar == "\"" {
        inQuotes.toggle()
      } else if scalar == ",", !inQuotes {
        values.append(String(value))
        value = String.UnicodeScalarView()
      } else {
        value.append(scalar)
      }
    }
    return values + [String(value)]
  }
}
