extension Tokeniser {
  /// A word, a compound with hyphens, or letters and digits mixed, beginning at the position.
  mutating func word() -> Token {
    let start = position
    folded.removeAll(keepingCapacity: true)
    var reader = WordReader()
    scan: while position < bytes.count {
      let (scalar, length) = decode(at: position)
      switch CharacterClass(scalar) {
      case .letter:
        reader.take(scalar, letter: true, into: &folded)
      case .digit:
        reader.take(scalar, letter: false, into: &folded)
      case .mark:
        reader.take(scalar, letter: nil, into: &folded)
      case .ideograph:
        break scan
      case .other:
        guard join(scalar, length, &reader) else { break scan }
        continue scan
      }
      position += length
    }
    let core = position
    skipInflection()
    return reader.token(start..<position, foldedString, inflected: position > core)
  }

  /// Whether the word goes on after this sign; if so, the position is moved past it.
  private mutating func join(_ scalar: Unicode.Scalar, _ length: Int, _ reader: inout WordReader) -> Bool {
    let following = classAt(position + length)
    switch scalar {
    case "'", "\u{2019}", "\u{02BC}":
      guard following == .letter else { return false }
    case "-", "\u{2010}", "\u{2011}":
      guard following == .letter || following == .digit else { return false }
      reader.hyphen(at: folded.count)
    default:
      return false
    }
    position += length
    return true
  }

  /// Moves past a colon and a case ending, as in `CRM:n`, `EU:ssa` or `VD:s`.
  private mutating func skipInflection() {
    guard byte(position) == 0x3A else { return }
    var end = position + 1
    var ending: [UInt8] = []
    while end < bytes.count, ending.count <= Self.longestInflection {
      let (scalar, length) = decode(at: end)
      guard CharacterClass(scalar) == .letter else { break }
      Folding.append(scalar, to: &ending)
      end += length
    }
    guard Self.inflections.contains(String(decoding: ending, as: UTF8.self)) else { return }
    position = end
  }

  private static let longestInflection = 8
  /// The endings that Finnish and Swedish write after a colon: cases, plurals, and clitics after them.
  private static let inflections: Set<String> = {
    let cases = [
      "n", "a", "ä", "ta", "tä", "na", "nä", "ksi", "ssa", "ssä", "sta", "stä", "lla", "llä", "lta", "ltä",
      "lle",
      "tta", "ttä", "een", "iin", "aan", "ään", "oon", "öön", "hun", "hin", "han", "hän", "hon", "t", "en",
      "ien", "ia", "iä", "ja",
      "jä", "illa", "illä", "ille", "issa", "issä", "ista", "istä", "ilta", "iltä", "s", "ns", "rna", "ar",
      "er",
      "et", "i", "nen",
    ]
    return Set(cases + cases.map { $0 + "kin" })
  }()
}

/// What is known of the word that is being read.
private struct WordReader {
  private var scalars = 0
  private var letters = false
  private var digits = false
  private var hyphens: [Int] = []

  mutating func take(_ scalar: Unicode.Scalar, letter: Bool?, into folded: inout [UInt8]) {
    if letter == true { letters = true }
    if letter == false { digits = true }
    guard scalars < Tokeniser.tokenLimit else { return }
    scalars += 1
    Folding.append(scalar, to: &folded)
  }

  mutating func hyphen(at offset: Int) {
    guard scalars < Tokeniser.tokenLimit else { return }
    hyphens.append(offset)
  }

  func token(_ range: Range<Int>, _ folded: String, inflected: Bool) -> Token {
    if hyphens.isEmpty {
      if letters && digits {
        return Token(kind: .identifier, range: range, folded: Self.withoutCountry(folded), parts: [])
      }
      return Token(kind: letters ? .word : .number, range: range, folded: folded, parts: [])
    }
    let parts = split(folded)
    let spelled = parts.contains { part in
      part.utf8.count > 2 && !part.utf8.contains { $0 >= 0x30 && $0 <= 0x39 }
    }
    if letters && (spelled || !digits) {
      return Token(kind: .compound, range: range, folded: parts.joined(separator: "-"), parts: parts)
    }
    return Token(
      kind: .identifier, range: range, folded: Self.withoutCountry(folded),
      parts: parts.count > 2 ? parts : [])
  }

  private func split(_ folded: String) -> [String] {
    let bytes = Array(folded.utf8)
    var parts: [String] = []
    var start = 0
    for end in hyphens + [bytes.count] where end > start && end <= bytes.count {
      parts.append(String(decoding: bytes[start..<end], as: UTF8.self))
      start = end
    }
    return parts
  }

  /// A Finnish business id is found with and without the `FI` that makes it a VAT number.
  private static func withoutCountry(_ folded: String) -> String {
    let bytes = folded.utf8
    guard bytes.count == 10, bytes.starts(with: "fi".utf8) else { return folded }
    let digits = bytes.dropFirst(2)
    return digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) ? String(Substring(digits)) : folded
  }
}
