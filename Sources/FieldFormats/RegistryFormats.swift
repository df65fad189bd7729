/// The Finnish business id (Y-tunnus): seven digits and a check digit, shown `NNNNNNN-N`.
enum YTunnusFormat {
  /// Weights of the seven digits and of the check digit; the sum is a multiple of 11.
  static let weights = [7, 9, 10, 5, 8, 4, 2, 1]

  static func problem(in bytes: Span<UInt8>) -> String? {
    guard bytes.count == 9, bytes[7] == UInt8(ascii: "-") else { return "a business id as NNNNNNN-N" }
    var sum = 0
    var digits = 0
    for index in bytes.indices where index != 7 {
      guard ASCIIText.isDigit(bytes[index]) else { return "a business id as NNNNNNN-N" }
      let digit = Int(bytes[index] &- 0x30)
      sum &+= digit &* weights[index < 7 ? index : 7]
      digits |= digit
    }
    guard digits != 0 else { return "a business id that was given to somebody, not zeros" }
    guard sum % 11 == 0 else { return "a business id whose check digit fits (one digit is wrong, or two are swapped)" }
    return nil
  }

  /// Strips blanks, hyphens and an `FI`; ids of six digits from before 1978 get their leading zero.
  static func canonical(_ value: String) -> String? {
    var text = Substring(ASCIIText.uppercased(ASCIIText.removing(value) { $0 == UInt8(ascii: "-") }))
    if text.hasPrefix("FI") { text = text.dropFirst(2) }
    if text.utf8.count == 7, value.contains("-") { text = "0" + text }
    guard text.utf8.count == 8 else { return nil }
    return text.prefix(7) + "-" + text.suffix(1)
  }
}

/// The Legal Entity Identifier of ISO 17442: 18 capitals or digits and two check digits, mod 97 as in ISO 7064.
enum LEIFormat {
  static func problem(in bytes: Span<UInt8>) -> String? {
    guard bytes.count == 20 else { return "an LEI of 20 characters" }
    var remainder = 0
    for index in bytes.indices {
      let byte = bytes[index]
      if ASCIIText.isDigit(byte) {
        remainder = (remainder &* 10 &+ Int(byte &- 0x30)) % 97
      } else if ASCIIText.isUpper(byte), index < 18 {
        remainder = (remainder &* 100 &+ Int(byte &- 0x41) &+ 10) % 97
      } else {
        return index < 18 ? "an LEI of capital letters and digits" : "an LEI that ends with two digits"
      }
    }
    guard remainder == 1 else { return "an LEI whose check digits fit (a character is wrong, or two are swapped)" }
    return nil
  }
}

/// The D-U-N-S number: nine digits. Its check digit was given up in 2006, so there is none to check.
enum DUNSFormat {
  static func problem(in bytes: Span<UInt8>) -> String? {
    guard bytes.count == 9 else { return "nine digits" }
    var any: UInt8 = 0
    for index in bytes.indices {
      guard ASCIIText.isDigit(bytes[index]) else { return "nine digits" }
      any |= bytes[index] &- 0x30
    }
    return any == 0 ? "a D-U-N-S number that was given to somebody, not zeros" : nil
  }
}

/// Ids of resources as they stand in names (AIP-122, RFC 1034's labels with a digit allowed first).
enum ResourceIDFormat {
  /// RFC 1034's longest label, and AIP-122's recommendation.
  static let longest = 63

  static func problem(in bytes: Span<UInt8>) -> String? {
    guard !bytes.isEmpty, bytes.count <= longest else { return "1 to \(longest) characters" }
    for index in bytes.indices {
      let byte = bytes[index]
      guard ASCIIText.isLower(byte) || ASCIIText.isDigit(byte) || byte == UInt8(ascii: "-") else {
        return "only a-z, 0-9 and hyphen"
      }
    }
    let hyphen = UInt8(ascii: "-")
    guard bytes[0] != hyphen, bytes[bytes.count - 1] != hyphen else { return "no hyphen at the beginning or end" }
    return nil
  }
}
