/// Language tags by BCP 47 (RFC 5646): well-formed, in the case the RFC recommends, without duplicates.
enum LanguageFormat {
  /// RFC 5646 4.4.1 asks for room for 35; longer ones carry private extensions.
  static let longest = 100

  /// Tags from before RFC 4646 that break its grammar and stay valid.
  private static let irregular: Set<String> = [
    "en-gb-oed", "i-ami", "i-bnn", "i-default", "i-enochian", "i-hak", "i-klingon", "i-lux", "i-mingo", "i-navajo",
    "i-pwn", "i-tao", "i-tay", "i-tsu", "sgn-be-fr", "sgn-be-nl", "sgn-ch-de",
  ]

  static func problem(in bytes: Span<UInt8>) -> String? {
    let expected = "a language tag (BCP 47), such as fi or sv-FI"
    guard bytes.count >= 2, bytes.count <= longest else { return expected }
    // Nearly every tag is two lower-case letters, alone or with a country: no more work for those.
    if ASCIIText.isLower(bytes[0]), ASCIIText.isLower(bytes[1]) {
      if bytes.count == 2 { return nil }
      if bytes.count == 5, bytes[2] == UInt8(ascii: "-"), ASCIIText.isUpper(bytes[3]), ASCIIText.isUpper(bytes[4]) {
        return nil
      }
    }
    var tag = ""
    for index in bytes.indices {
      let byte = bytes[index]
      guard ASCIIText.isAlphanumeric(byte) || byte == UInt8(ascii: "-") else { return expected }
      tag.unicodeScalars.append(Unicode.Scalar(byte))
    }
    guard isWellFormed(ASCIIText.lowercased(tag)) else { return expected }
    return tag == cased(tag) ? nil : "a language tag in its usual case, such as sv-FI or zh-Hant"
  }

  /// Takes `fi_FI` and `fi_FI.UTF-8`, as systems write it, for `fi-FI`.
  static func canonical(_ value: String) -> String? {
    var text = Substring(ASCIIText.trimmed(value))
    if let end = text.firstIndex(where: { $0 == "." || $0 == "@" }) { text = text[..<end] }
    return cased(String(text.map { $0 == "_" ? "-" : $0 }))
  }

  /// RFC 5646 2.1.1: lower case, but countries in capitals and scripts with one, up to the first singleton.
  private static func cased(_ tag: String) -> String {
    var parts: [String] = []
    var afterSingleton = false
    for (index, part) in ASCIIText.lowercased(tag).split(separator: "-", omittingEmptySubsequences: false).enumerated() {
      let letters = part.utf8.allSatisfy(ASCIIText.isLetter)
      if index > 0, !afterSingleton, part.utf8.count == 2, letters {
        parts.append(ASCIIText.uppercased(String(part)))
      } else if index > 0, !afterSingleton, part.utf8.count == 4, letters {
        parts.append(ASCIIText.uppercased(String(part.prefix(1))) + part.dropFirst())
      } else {
        parts.append(String(part))
      }
      if part.utf8.count == 1 { afterSingleton = true }
    }
    return parts.joined(separator: "-")
  }

  private static func isWellFormed(_ tag: String) -> Bool {
    if irregular.contains(tag) { return true }
    var parts = tag.split(separator: "-", omittingEmptySubsequences: false)[...]
    guard parts.allSatisfy({ (1...8).contains($0.utf8.count) }), let first = parts.first else { return false }
    func isLetters(_ part: Substring) -> Bool { part.utf8.allSatisfy(ASCIIText.isLetter) }
    func isDigits(_ part: Substring) -> Bool { part.utf8.allSatisfy(ASCIIText.isDigit) }
    if first == "x" { return parts.count > 1 }
    guard first.utf8.count >= 2, isLetters(first) else { return false }
    parts.removeFirst()
    if first.utf8.count <= 3 {
      var extended = 0
      while extended < 3, let part = parts.first, part.utf8.count == 3, isLetters(part) {
        parts.removeFirst()
        extended += 1
      }
    }
    if let part = parts.first, part.utf8.count == 4, isLetters(part) { parts.removeFirst() }
    if let part = parts.first,
      (part.utf8.count == 2 && isLetters(part)) || (part.utf8.count == 3 && isDigits(part))
    {
      parts.removeFirst()
    }
    var variants: Set<Substring> = []
    while let part = parts.first, part.utf8.count >= 5 || (part.utf8.count == 4 && isDigits(part.prefix(1))) {
      guard variants.insert(part).inserted else { return false }
      parts.removeFirst()
    }
    return areExtensions(parts)
  }

  /// What may follow variants: singletons, each once and each with something behind it, private use last.
  private static func areExtensions(_ rest: ArraySlice<Substring>) -> Bool {
    var parts = rest
    var singletons: Set<Substring> = []
    while let singleton = parts.popFirst() {
      guard singleton.utf8.count == 1 else { return false }
      if singleton == "x" { return !parts.isEmpty }
      guard singletons.insert(singleton).inserted else { return false }
      var subtags = 0
      while let part = parts.first, part.utf8.count >= 2 {
        parts.removeFirst()
        subtags += 1
      }
      guard subtags > 0 else { return false }
    }
    return true
  }
}
