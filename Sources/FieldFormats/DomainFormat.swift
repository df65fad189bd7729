/// DNS names of hosts: RFC 1123's letters, digits and hyphens, at least two labels, lower case.
enum DomainFormat {
  /// RFC 1035 2.3.4: 255 octets on the wire are 253 characters of text.
  static let longest = 253
  /// RFC 1035 2.3.4.
  static let longestLabel = 63

  static func problem(in bytes: Span<UInt8>) -> String? {
    guard !bytes.isEmpty else { return "a domain name" }
    guard bytes.count <= longest else { return "a domain name of at most \(longest) characters" }
    var labelStart = 0
    var labels = 0
    for index in 0...bytes.count {
      guard index == bytes.count || bytes[index] == UInt8(ascii: ".") else { continue }
      if let problem = problem(inLabel: bytes.extracting(labelStart..<index)) { return problem }
      labels += 1
      if index == bytes.count {
        guard labels >= 2 else { return "a domain name with a dot in it" }
        guard ASCIIText.isLetter(bytes[labelStart]) else { return "a top-level domain that begins with a letter" }
        guard index - labelStart >= 2 else { return "a top-level domain of at least two letters" }
      }
      labelStart = index + 1
    }
    return nil
  }

  private static func problem(inLabel label: Span<UInt8>) -> String? {
    guard !label.isEmpty else { return "a domain name without empty parts or a trailing dot" }
    guard label.count <= longestLabel else { return "parts of at most \(longestLabel) characters in a domain name" }
    for index in label.indices {
      let byte = label[index]
      if ASCIIText.isLower(byte) || ASCIIText.isDigit(byte) || byte == UInt8(ascii: "-") { continue }
      if ASCIIText.isUpper(byte) { return "a domain name in lower case" }
      if byte >= 0x80 { return "a domain name in ASCII (an international name in its xn-- form)" }
      return "only a-z, 0-9, hyphens and dots in a domain name"
    }
    let hyphen = UInt8(ascii: "-")
    if label[0] == hyphen || label[label.count - 1] == hyphen {
      return "no hyphen at the beginning or end of a part of a domain name"
    }
    return nil
  }

  /// Takes the name out of a URL or an address bar's text; `www.` stays, because it is part of the name.
  static func canonical(_ value: String) -> String? {
    var text = Substring(ASCIIText.trimmed(value))
    if let scheme = text.range(ofASCII: "://") { text = text[scheme.upperBound...] }
    if let end = text.firstIndex(where: { $0 == "/" || $0 == "?" || $0 == "#" || $0 == ":" }) { text = text[..<end] }
    return asciiName(String(text))
  }

  /// The name in lower case with every international label in its `xn--` form (RFC 5891, without the registry's
  /// own restrictions), and without a trailing dot.
  ///
  /// - Returns: nil when a label is longer than DNS allows.
  static func asciiName(_ value: String) -> String? {
    var name = ASCIIText.trimmed(value)
    if name.utf8.last == UInt8(ascii: ".") { name.removeLast() }
    guard name.utf8.contains(where: { $0 >= 0x80 }) else { return ASCIIText.lowercased(name) }
    var labels: [String] = []
    for label in name.lowercased().split(separator: ".", omittingEmptySubsequences: false) {
      guard label.utf8.contains(where: { $0 >= 0x80 }) else {
        labels.append(String(label))
        continue
      }
      guard let encoded = Punycode.encode(LatinComposition.composed(label)) else { return nil }
      labels.append("xn--" + encoded)
    }
    return labels.joined(separator: ".")
  }
}

extension Substring {
  /// Where a short ASCII text first occurs.
  func range(ofASCII needle: StaticString) -> Range<Index>? {
    let wanted = String(describing: needle)
    var index = startIndex
    while index < endIndex {
      if self[index...].hasPrefix(wanted) { return index..<self.index(index, offsetBy: wanted.count) }
      index = self.index(after: index)
    }
    return nil
  }
}
