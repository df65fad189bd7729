/// Small questions about bytes, answered without locale and without Unicode tables.
enum ASCIIText {
  @inline(__always) static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
  @inline(__always) static func isUpper(_ byte: UInt8) -> Bool { byte &- 0x41 < 26 }
  @inline(__always) static func isLower(_ byte: UInt8) -> Bool { byte &- 0x61 < 26 }
  @inline(__always) static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
  @inline(__always) static func isAlphanumeric(_ byte: UInt8) -> Bool { isDigit(byte) || isLetter(byte) }

  /// Blanks that exports leave around and inside values: ASCII white space, no-break space, thin and figure
  /// spaces, zero-width characters and the byte order mark.
  static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09...0x0D, 0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200D, 0x2028, 0x2029, 0x202F, 0x205F, 0x2060, 0x3000,
      0xFEFF:
      true
    default: false
    }
  }

  /// The text without blanks at both ends.
  static func trimmed(_ value: String) -> String {
    let scalars = value.unicodeScalars
    guard let first = scalars.firstIndex(where: { !isBlank($0) }),
      let last = scalars.lastIndex(where: { !isBlank($0) })
    else { return "" }
    return String(scalars[first...last])
  }

  /// The text without any blank, and without the ASCII bytes that `alsoRemoved` names.
  static func removing(_ value: String, _ alsoRemoved: (UInt8) -> Bool) -> String {
    var result = String.UnicodeScalarView()
    for scalar in value.unicodeScalars where !isBlank(scalar) {
      if scalar.isASCII, alsoRemoved(UInt8(truncatingIfNeeded: scalar.value)) { continue }
      result.append(scalar)
    }
    return String(result)
  }

  /// Upper case for ASCII letters only: an `ı` or a `ß` in an identifier is a mistake, not a letter to fold.
  static func uppercased(_ value: String) -> String {
    String(decoding: value.utf8.map { isLower($0) ? $0 & 0xDF : $0 }, as: UTF8.self)
  }

  /// Lower case for ASCII letters only.
  static func lowercased(_ value: String) -> String {
    String(decoding: value.utf8.map { isUpper($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
  }

  /// The value of a run of digits.
  ///
  /// - Parameter digits: at most 18 bytes, which always fit.
  /// - Returns: nil when a byte is not a digit, or there are none or too many.
  static func number(_ digits: Span<UInt8>) -> Int? {
    guard !digits.isEmpty, digits.count <= 18 else { return nil }
    var value = 0
    for index in digits.indices {
      guard isDigit(digits[index]) else { return nil }
      value = value &* 10 &+ Int(digits[index] &- 0x30)
    }
    return value
  }

  /// The weighted sum of digits, as most registries' check digits use it.
  ///
  /// - Parameters:
  ///   - digits: the bytes to weigh; those beyond the last weight are left out.
  ///   - weights: small positive numbers, one a digit.
  /// - Returns: nil when a byte is not a digit or there are fewer digits than weights.
  static func weightedSum(_ digits: Span<UInt8>, _ weights: [Int]) -> Int? {
    guard digits.count >= weights.count else { return nil }
    var sum = 0
    for (index, weight) in weights.enumerated() {
      guard isDigit(digits[index]) else { return nil }
      sum &+= Int(digits[index] &- 0x30) &* weight
    }
    return sum
  }

  /// Whether digits pass the Luhn check (ISO/IEC 7812-1), the last being the check digit.
  static func passesLuhn(_ digits: Span<UInt8>) -> Bool {
    var sum = 0
    var doubled = false
    for index in digits.indices.reversed() {
      guard isDigit(digits[index]) else { return false }
      let digit = Int(digits[index] &- 0x30)
      let twice = digit &* 2
      sum &+= doubled ? (twice > 9 ? twice &- 9 : twice) : digit
      doubled.toggle()
    }
    return sum % 10 == 0
  }
}
