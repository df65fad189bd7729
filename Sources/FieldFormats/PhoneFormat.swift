/// Telephone numbers by ITU-T E.164: a plus, a country code that never begins with zero, 7 to 15 digits in all.
enum PhoneFormat {
  /// E.164 6.2.1.
  static let mostDigits = 15
  /// Shortest full international numbers in use (Saint Helena, Niue) have seven digits.
  static let fewestDigits = 7

  static func problem(in bytes: Span<UInt8>) -> String? {
    guard !bytes.isEmpty, bytes[0] == UInt8(ascii: "+") else { return "a plus and the country code first" }
    for index in 1..<bytes.count where !ASCIIText.isDigit(bytes[index]) { return "only digits after the plus" }
    guard bytes.count - 1 >= fewestDigits, bytes.count - 1 <= mostDigits else {
      return "\(fewestDigits) to \(mostDigits) digits after the plus"
    }
    guard bytes[1] != UInt8(ascii: "0") else { return "a country code, which does not begin with 0" }
    return nil
  }

  /// Removes decoration from a number that names its country: `+358 (0)40-123 4567`, `tel:`, `0046 8 123 456 78`.
  ///
  /// - Returns: nil for a number without a country code: which country it is in is not this function's to guess.
  static func canonical(_ value: String) -> String? {
    var text = Substring(ASCIIText.trimmed(value))
    if text.utf8.count > 4, ASCIIText.lowercased(String(text.prefix(4))) == "tel:" { text = text.dropFirst(4) }
    if let trunk = text.range(ofASCII: "(0)"), trunk.lowerBound != text.startIndex {
      text = Substring(String(text[..<trunk.lowerBound]) + text[trunk.upperBound...])
    }
    var digits = ASCIIText.removing(String(text)) { byte in
      switch byte {
      case UInt8(ascii: "-"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "."), UInt8(ascii: "/"): true
      default: false
      }
    }
    // Hyphens that word processors make.
    digits.unicodeScalars.removeAll { (0x2010...0x2015).contains($0.value) || $0.value == 0x2212 }
    if digits.hasPrefix("00") { digits = "+" + digits.dropFirst(2) }
    return digits.hasPrefix("+") ? digits : nil
  }
}
