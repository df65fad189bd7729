/// VAT numbers with their country prefix.
///
/// The shapes are those the European Commission publishes for its VIES service, with Norway, Switzerland and the
/// United Kingdom beside them; check digits are computed where the country publishes how. For other countries the
/// prefix must be a country and the rest 2 to 14 letters and digits.
enum VATFormat {
  /// The longest anywhere is Switzerland's with its suffix: `CHE`, nine digits, `MWST`.
  static let longest = 16

  static func problem(in bytes: Span<UInt8>) -> String? {
    guard bytes.count >= 4, bytes.count <= longest else { return "a country prefix and 2 to 14 characters" }
    for index in bytes.indices where !(ASCIIText.isUpper(bytes[index]) || ASCIIText.isDigit(bytes[index])) {
      return "a VAT number of capital letters and digits, without blanks"
    }
    guard ASCIIText.isUpper(bytes[0]), ASCIIText.isUpper(bytes[1]) else { return "a country prefix, such as FI" }
    let number = bytes.extracting(2..<bytes.count)
    let prefix = UInt16(bytes[0]) << 8 | UInt16(bytes[1])
    if let shapes = shapes[prefix] {
      var fits = false
      for shape in shapes.patterns where matches(number, shape) { fits = true }
      guard fits else { return "a VAT number with the length and letters of its country (\(shapes.words))" }
      return checkDigitFits(prefix, number) ? nil : "a VAT number whose check digit fits"
    }
    guard prefix != Self.prefix("GR"), CountryFormat.isCode(bytes.extracting(0..<2)) else {
      return "a country prefix that ISO 3166-1 knows (EL for Greece, XI for Northern Ireland)"
    }
    return nil
  }

  /// Strips blanks, hyphens and dots, and puts letters in capitals; `GR` becomes the `EL` that VIES uses.
  static func canonical(_ value: String) -> String? {
    let text = ASCIIText.uppercased(
      ASCIIText.removing(value) { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "/") })
    return text.hasPrefix("GR") ? "EL" + text.dropFirst(2) : text
  }

  /// What a country's numbers look like after the prefix.
  struct Shapes: Sendable {
    /// `9` is a digit, `A` a capital, `X` a digit or capital, anything else itself.
    let patterns: [[UInt8]]
    /// The same in words, for the message.
    let words: String
  }

  private static let shapes: [UInt16: Shapes] = {
    let table: [(String, String, String)] = [
      ("AT", "U99999999", "U and 8 digits"), ("BE", "9999999999", "10 digits"),
      ("BG", "999999999 9999999999", "9 or 10 digits"), ("CY", "99999999A", "8 digits and a letter"),
      ("CZ", "99999999 999999999 9999999999", "8 to 10 digits"), ("DE", "999999999", "9 digits"),
      ("DK", "99999999", "8 digits"), ("EE", "999999999", "9 digits"), ("EL", "999999999", "9 digits"),
      ("ES", "X9999999X", "9 characters, letters only first and last"), ("FI", "99999999", "8 digits"),
      ("FR", "XX999999999", "2 characters and 9 digits"),
      ("GB", "999999999 999999999999 GD999 HA999", "9 or 12 digits"), ("HR", "99999999999", "11 digits"),
      ("HU", "99999999", "8 digits"), ("IE", "9X99999A 9999999A 9999999AA", "7 digits and 1 or 2 letters"),
      ("IT", "99999999999", "11 digits"), ("LT", "999999999 999999999999", "9 or 12 digits"),
      ("LU", "99999999", "8 digits"), ("LV", "99999999999", "11 digits"), ("MT", "99999999", "8 digits"),
      ("NL", "XXXXXXXXXXXX", "12 characters"), ("PL", "9999999999", "10 digits"), ("PT", "999999999", "9 digits"),
      ("RO", "99 999 9999 99999 999999 9999999 99999999 999999999 9999999999", "2 to 10 digits"),
      ("SE", "999999999999", "12 digits"), ("SI", "99999999", "8 digits"), ("SK", "9999999999", "10 digits"),
      ("XI", "999999999 999999999999 GD999 HA999", "9 or 12 digits"),
      ("NO", "999999999 999999999MVA", "9 digits, perhaps MVA"),
      ("CH", "E999999999 E999999999MWST E999999999TVA E999999999IVA", "E and 9 digits, perhaps MWST, TVA or IVA"),
    ]
    var shapes: [UInt16: Shapes] = [:]
    for (code, patterns, words) in table {
      let bytes = Array(code.utf8)
      shapes[UInt16(bytes[0]) << 8 | UInt16(bytes[1])] = Shapes(
        patterns: patterns.split(separator: " ").map { Array($0.utf8) }, words: words)
    }
    return shapes
  }()

  private static func matches(_ number: Span<UInt8>, _ pattern: [UInt8]) -> Bool {
    guard number.count == pattern.count else { return false }
    for (index, wanted) in pattern.enumerated() {
      let byte = number[index]
      let fits =
        switch wanted {
        case UInt8(ascii: "9"): ASCIIText.isDigit(byte)
        case UInt8(ascii: "A"): ASCIIText.isUpper(byte)
        case UInt8(ascii: "X"): true
        default: byte == wanted
        }
      if !fits { return false }
    }
    return true
  }

  private static func prefix(_ code: StaticString) -> UInt16 {
    code.withUTF8Buffer { $0.count == 2 ? UInt16($0[0]) << 8 | UInt16($0[1]) : 0 }
  }

  /// The countries whose numbers are long enough in use, and simple enough, for the published rule to hold without
  /// exceptions. The shape was checked before.
  private static func checkDigitFits(_ country: UInt16, _ number: Span<UInt8>) -> Bool {
    switch country {
    case prefix("FI"): divides(11, ASCIIText.weightedSum(number, [7, 9, 10, 5, 8, 4, 2, 1]))
    case prefix("DK"): divides(11, ASCIIText.weightedSum(number, [2, 7, 6, 5, 4, 3, 2, 1]))
    case prefix("NO"): divides(11, ASCIIText.weightedSum(number, [3, 2, 7, 6, 5, 4, 3, 2, 1]))
    case prefix("CH"):
      divides(11, ASCIIText.weightedSum(number.extracting(1..<10), [5, 4, 3, 2, 7, 6, 5, 4, 1]))
    case prefix("EE"): divides(10, ASCIIText.weightedSum(number, [3, 7, 1, 3, 7, 1, 3, 7, 1]))
    case prefix("SE"): ASCIIText.passesLuhn(number.extracting(0..<10)) && (number[10] != 0x30 || number[11] != 0x30)
    case prefix("IT"): ASCIIText.passesLuhn(number)
    case prefix("DE"): passesMod11And10(number)
    case prefix("HR"): passesMod11And10(number)
    case prefix("BE"): remainder(number, body: 8, of: 97).map { 97 - $0.body == $0.check } ?? false
    case prefix("LU"): remainder(number, body: 6, of: 89).map { $0.body == $0.check } ?? false
    case prefix("PL"): lastDigit(number, [6, 5, 7, 2, 3, 4, 5, 6, 7]) { $0 % 11 }
    case prefix("PT"): lastDigit(number, [9, 8, 7, 6, 5, 4, 3, 2]) { $0 % 11 < 2 ? 0 : 11 - $0 % 11 }
    case prefix("EL"): lastDigit(number, [256, 128, 64, 32, 16, 8, 4, 2]) { $0 % 11 % 10 }
    case prefix("SI"): lastDigit(number, [8, 7, 6, 5, 4, 3, 2]) { (11 - $0 % 11) % 10 }
    case prefix("HU"): lastDigit(number, [9, 7, 3, 1, 9, 7, 3]) { (10 - $0 % 10) % 10 }
    default: true
    }
  }

  private static func divides(_ divisor: Int, _ sum: Int?) -> Bool { sum.map { $0 % divisor == 0 } ?? false }

  /// Whether the digit behind the weighted ones is what `expected` makes of their sum.
  private static func lastDigit(_ number: Span<UInt8>, _ weights: [Int], _ expected: (Int) -> Int) -> Bool {
    guard let sum = ASCIIText.weightedSum(number, weights), number.count == weights.count + 1 else { return false }
    return expected(sum) == Int(number[weights.count] &- 0x30)
  }

  private static func remainder(_ number: Span<UInt8>, body: Int, of divisor: Int) -> (body: Int, check: Int)? {
    guard number.count == body + 2, let value = ASCIIText.number(number.extracting(0..<body)),
      let check = ASCIIText.number(number.extracting(body..<number.count))
    else { return nil }
    return (value % divisor, check)
  }

  /// ISO 7064's hybrid system MOD 11,10.
  private static func passesMod11And10(_ number: Span<UInt8>) -> Bool {
    var product = 10
    for index in 0..<(number.count - 1) {
      var sum = (Int(number[index] &- 0x30) + product) % 10
      if sum == 0 { sum = 10 }
      product = 2 * sum % 11
    }
    return (11 - product) % 10 == Int(number[number.count - 1] &- 0x30)
  }
}
