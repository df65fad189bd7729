/// Orders names as Finnish lists do: *å ä ö* after *z*, *w* with *v*, other diacritics with their letter.
///
/// After the Finnish standard SFS-EN 13710 adaptation and the habit of Finnish name lists: `æ` sorts with
/// `ä`, `ø` and `ő` with `ö`, `ü` with `y`, `ð` and `đ` with `d`, `þ` with `th`, `ß` with `ss`. Digits come
/// before letters and runs of digits by their value, so that *Halli 9* precedes *Halli 10*. Punctuation
/// counts only between names that are otherwise the same, then diacritics, then case, so equal keys mean
/// equal texts.
public enum FinnishCollation {
  // Levels are parted by a byte lower than every weight.
  private static let levelEnd: UInt8 = 0x00
  private static let blank: UInt8 = 0x01
  private static let digits: UInt8 = 0x02
  private static let letterA: UInt8 = 0x10
  private static let other: UInt8 = 0x40
  // Digits of one number that are compared by value; a longer run is cut into several.
  private static let numberLimit = 200

  /// A sort key: comparing keys byte by byte (`lexicographicallyPrecedes`, or SQL's BLOB order) orders the
  /// texts.
  ///
  /// - Parameter text: any text.
  /// - Returns: at most about five times the UTF-8 length of the text.
  public static func key(_ text: String) -> [UInt8] {
    var primary: [UInt8] = []
    primary.reserveCapacity(text.utf8.count * 2)
    var pendingBlank = false
    var number: [UInt8] = []
    func closeNumber() {
      guard !number.isEmpty else { return }
      appendNumber(number, to: &primary)
      number.removeAll(keepingCapacity: true)
    }
    for scalar in Self.composed(text) {
      if let digit = asciiDigit(scalar) {
        if pendingBlank, !primary.isEmpty { primary.append(blank) }
        pendingBlank = false
        number.append(digit)
        if number.count == numberLimit { closeNumber() }
        continue
      }
      closeNumber()
      guard isLetter(scalar) else {
        pendingBlank = pendingBlank || scalar.properties.isWhitespace
        continue
      }
      if pendingBlank, !primary.isEmpty { primary.append(blank) }
      pendingBlank = false
      appendLetter(scalar, to: &primary)
    }
    closeNumber()
    primary.append(levelEnd)
    // What the first level does not tell apart: diacritics, then everything.
    primary.append(contentsOf: Folding.fold(text).utf8)
    primary.append(levelEnd)
    primary.append(contentsOf: text.utf8)
    return primary
  }

  /// Whether one text comes before another in a Finnish list.
  public static func precedes(_ first: String, _ second: String) -> Bool {
    key(first).lexicographicallyPrecedes(key(second))
  }

  private static func asciiDigit(_ scalar: Unicode.Scalar) -> UInt8? {
    scalar.value >= 0x30 && scalar.value <= 0x39 ? UInt8(truncatingIfNeeded: scalar.value) : nil
  }

  private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    switch CharacterClass(scalar) {
    case .letter, .digit, .ideograph: true
    case .mark, .other: false
    }
  }

  /// The scalars with the decomposed å, ä and ö composed, as they would else sort with a and o.
  private static func composed(_ text: String) -> [Unicode.Scalar] {
    var out: [Unicode.Scalar] = []
    out.reserveCapacity(text.unicodeScalars.count)
    for scalar in text.unicodeScalars {
      switch (out.last, scalar) {
      case ("a", "\u{0308}"), ("A", "\u{0308}"): out[out.count - 1] = "ä"
      case ("o", "\u{0308}"), ("O", "\u{0308}"): out[out.count - 1] = "ö"
      case ("a", "\u{030A}"), ("A", "\u{030A}"): out[out.count - 1] = "å"
      case ("u", "\u{0308}"), ("U", "\u{0308}"): out[out.count - 1] = "ü"
      default: out.append(scalar)
      }
    }
    return out
  }

  /// A number sorts by how many digits it has, then by the digits.
  private static func appendNumber(_ number: [UInt8], to key: inout [UInt8]) {
    let significant = number.drop { $0 == 0x30 }
    key.append(digits)
    key.append(UInt8(truncatingIfNeeded: min(significant.count, numberLimit)) &+ 1)
    key.append(contentsOf: significant)
  }

  private static func appendLetter(_ scalar: Unicode.Scalar, to key: inout [UInt8]) {
    switch scalar {
    case "ü", "Ü", "ű", "Ű": return key.append(weight(of: 0x79))
    case "ő", "Ő", "õ", "Õ": return key.append(letterA + 28)
    default: break
    }
    var folded: [UInt8] = []
    Folding.append(scalar, to: &folded)
    if folded.first.map({ $0 >= 0x61 && $0 <= 0x7A }) == true {
      for byte in folded { key.append(weight(of: byte)) }
      return
    }
    switch folded {
    case [0xC3, 0xA5]: key.append(letterA + 26)
    case [0xC3, 0xA4]: key.append(letterA + 27)
    case [0xC3, 0xB6]: key.append(letterA + 28)
    default:
      // Other scripts after the Latin one, by code point: three bytes hold any scalar.
      guard let value = String(decoding: folded, as: UTF8.self).unicodeScalars.first?.value else { return }
      key.append(other)
      key.append(UInt8(truncatingIfNeeded: value >> 16) &+ 1)
      key.append(UInt8(truncatingIfNeeded: value >> 8))
      key.append(UInt8(truncatingIfNeeded: value))
    }
  }

  /// The weight of a to z; w sorts with v.
  private static func weight(of letter: UInt8) -> UInt8 {
    let letter: UInt8 = letter == 0x77 ? 0x76 : letter
    guard letter >= 0x61, letter <= 0x7A else { return letterA }
    return letterA + (letter - 0x61)
  }
}
