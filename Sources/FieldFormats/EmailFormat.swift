/// E-mail addresses as people and mail systems use them: RFC 5321's lengths, RFC 5322's atoms, RFC 6531's letters
/// beyond ASCII before the `@`. Quoted local parts and address literals exist on paper only and are refused.
enum EmailFormat {
  /// RFC 5321 4.5.3.1.3: a path has 256 bytes with its angle brackets.
  static let longest = 254
  /// RFC 5321 4.5.3.1.1.
  static let longestLocalPart = 64

  static func problem(in bytes: Span<UInt8>) -> String? {
    guard bytes.count <= longest else { return "at most \(longest) bytes" }
    var at: Int?
    for index in bytes.indices where bytes[index] == UInt8(ascii: "@") {
      guard at == nil else { return "one @ only" }
      at = index
    }
    guard let at else { return "an e-mail address with an @" }
    guard at > 0 else { return "a name before the @" }
    guard at <= longestLocalPart else { return "at most \(longestLocalPart) bytes before the @" }
    var previous = UInt8(ascii: ".")
    for index in 0..<at {
      let byte = bytes[index]
      if byte == UInt8(ascii: ".") {
        guard previous != byte else { return "no leading and no doubled dot before the @" }
      } else if !isAtom(byte) {
        return "only letters, digits, dots and !#$%&'*+-/=?^_`{|}~ before the @"
      }
      previous = byte
    }
    guard previous != UInt8(ascii: ".") else { return "no dot right before the @" }
    let domain = bytes.extracting((at + 1)..<bytes.count)
    guard let problem = DomainFormat.problem(in: domain) else { return nil }
    return "after the @, \(problem)"
  }

  private static func isAtom(_ byte: UInt8) -> Bool {
    if byte >= 0x80 || ASCIIText.isAlphanumeric(byte) { return true }
    switch byte {
    case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"),
      UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "/"),
      UInt8(ascii: "="), UInt8(ascii: "?"), UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"),
      UInt8(ascii: "{"), UInt8(ascii: "|"), UInt8(ascii: "}"), UInt8(ascii: "~"):
      return true
    default: return false
    }
  }

  /// Takes the address out of `mailto:` and angle brackets; the domain goes to lower case, what is before the `@`
  /// keeps its case, because only its owner knows whether that matters.
  static func canonical(_ value: String) -> String? {
    var text = Substring(ASCIIText.trimmed(value))
    if text.utf8.count > 7, ASCIIText.lowercased(String(text.prefix(7))) == "mailto:" { text = text.dropFirst(7) }
    if text.hasSuffix(">"), let open = text.lastIndex(of: "<") {
      text = text[text.index(after: open)...].dropLast()
    }
    guard let at = text.lastIndex(of: "@") else { return nil }
    guard let domain = DomainFormat.asciiName(String(text[text.index(after: at)...])) else { return nil }
    return text[..<at] + "@" + domain
  }
}
