/// Web addresses: `http` or `https`, a host, RFC 3986's characters, and no credentials, which have no place in a
/// shared record.
enum URLFormat {
  /// What browsers and proxies of all ages pass on.
  static let longest = 2048

  static func problem(in bytes: Span<UInt8>) -> String? {
    guard bytes.count <= longest else { return "a URL of at most \(longest) bytes" }
    guard let hostStart = schemeLength(bytes) else { return "a URL that begins with http:// or https://" }
    var hostEnd = bytes.count
    for index in hostStart..<bytes.count {
      let byte = bytes[index]
      if byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#") {
        hostEnd = index
        break
      }
    }
    if let problem = problem(inAuthority: bytes.extracting(hostStart..<hostEnd)) { return problem }
    return problem(inPath: bytes.extracting(hostEnd..<bytes.count))
  }

  private static func schemeLength(_ bytes: Span<UInt8>) -> Int? {
    for scheme in [StaticString("https://"), "http://"] {
      guard bytes.count >= scheme.utf8CodeUnitCount else { continue }
      let matches = scheme.withUTF8Buffer { wanted in
        wanted.indices.allSatisfy { wanted[$0] == bytes[$0] }
      }
      if matches { return scheme.utf8CodeUnitCount }
    }
    return nil
  }

  private static func problem(inAuthority authority: Span<UInt8>) -> String? {
    guard !authority.isEmpty else { return "a host name after http:// or https://" }
    var hostEnd = authority.count
    var colons = 0
    for index in authority.indices {
      if authority[index] == UInt8(ascii: "@") { return "a URL without user name or password" }
      if authority[index] == UInt8(ascii: ":") {
        hostEnd = index
        colons += 1
      }
    }
    if authority[0] == UInt8(ascii: "[") { return isIPv6(authority) ? nil : "an IPv6 address in brackets" }
    guard colons <= 1 else { return "one port at most" }
    if colons == 1 {
      let port = ASCIIText.number(authority.extracting((hostEnd + 1)..<authority.count)) ?? 0
      guard (1...65535).contains(port) else { return "a port between 1 and 65535" }
    }
    let host = authority.extracting(0..<hostEnd)
    if isIPv4(host) || isLocalhost(host) { return nil }
    return DomainFormat.problem(in: host)
  }

  private static func isLocalhost(_ host: Span<UInt8>) -> Bool {
    let name: StaticString = "localhost"
    guard host.count == name.utf8CodeUnitCount else { return false }
    return name.withUTF8Buffer { wanted in wanted.indices.allSatisfy { wanted[$0] == host[$0] } }
  }

  private static func isIPv4(_ host: Span<UInt8>) -> Bool {
    var groups = 0
    var start = 0
    for index in 0...host.count {
      guard index == host.count || host[index] == UInt8(ascii: ".") else { continue }
      guard index > start, index - start <= 3,
        let value = ASCIIText.number(host.extracting(start..<index)), value <= 255,
        index - start == 1 || host[start] != UInt8(ascii: "0")
      else { return false }
      groups += 1
      start = index + 1
    }
    return groups == 4
  }

  /// `[` up to eight groups of hexadecimal digits, one `::` at most `]`, and perhaps a port.
  private static func isIPv6(_ authority: Span<UInt8>) -> Bool {
    var close: Int?
    for index in authority.indices where authority[index] == UInt8(ascii: "]") { close = index }
    guard let close else { return false }
    if close + 1 < authority.count {
      guard authority[close + 1] == UInt8(ascii: ":"),
        let port = ASCIIText.number(authority.extracting((close + 2)..<authority.count)), (1...65535).contains(port)
      else { return false }
    }
    var groups = 0
    var gaps = 0
    var digits = 0
    var previousColon = false
    for index in 1..<close {
      let byte = authority[index]
      if byte == UInt8(ascii: ":") {
        if previousColon {
          gaps += 1
        } else if digits > 0 {
          groups += 1
        } else if index != 1 {
          return false
        }
        digits = 0
        previousColon = true
      } else {
        guard ASCIIText.isDigit(byte) || (byte | 0x20) &- 0x61 < 6 else { return false }
        if index == 2, previousColon { return false }
        digits += 1
        previousColon = false
        guard digits <= 4 else { return false }
      }
    }
    if digits > 0 { groups += 1 } else if gaps == 0 || !previousColon { return false }
    return gaps == 0 ? groups == 8 : gaps == 1 && groups <= 7
  }

  private static func problem(inPath path: Span<UInt8>) -> String? {
    var index = 0
    while index < path.count {
      let byte = path[index]
      if byte == UInt8(ascii: "%") {
        guard index + 2 < path.count, isHex(path[index + 1]), isHex(path[index + 2]) else {
          return "two hexadecimal digits after each % in a URL"
        }
      } else if byte <= 0x20 || byte == 0x7F {
        return "no blanks and no control characters in a URL"
      } else if byte >= 0x80 {
        return "percent-encoding for letters beyond ASCII in a URL"
      } else if isUnwise(byte) {
        return "none of \" < > \\ ^ ` { | } in a URL"
      }
      index += 1
    }
    return nil
  }

  private static func isHex(_ byte: UInt8) -> Bool { ASCIIText.isDigit(byte) || (byte | 0x20) &- 0x61 < 6 }

  private static func isUnwise(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\\"), UInt8(ascii: "^"),
      UInt8(ascii: "`"), UInt8(ascii: "{"), UInt8(ascii: "|"), UInt8(ascii: "}"):
      true
    default: false
    }
  }

  /// Adds the scheme that people leave out, puts scheme and host in lower case, and percent-encodes what a browser
  /// would.
  static func canonical(_ value: String) -> String? {
    let text = ASCIIText.trimmed(value)
    guard !text.isEmpty else { return nil }
    var scheme = "https"
    var rest = Substring(text)
    if let range = rest.range(ofASCII: "://") {
      scheme = ASCIIText.lowercased(String(rest[..<range.lowerBound]))
      rest = rest[range.upperBound...]
    }
    let end = rest.firstIndex(where: { $0 == "/" || $0 == "?" || $0 == "#" }) ?? rest.endIndex
    var host = rest[..<end]
    var port: Substring = ""
    if !host.hasPrefix("["), let colon = host.lastIndex(of: ":") {
      port = host[colon...]
      host = host[..<colon]
    }
    guard let name = DomainFormat.asciiName(String(host)) else { return nil }
    var result = Array("\(scheme)://\(name)\(port)".utf8)
    for byte in rest[end...].utf8 {
      if byte <= 0x20 || byte >= 0x7F || isUnwise(byte) {
        result.append(UInt8(ascii: "%"))
        result.append(hexDigit(byte >> 4))
        result.append(hexDigit(byte & 15))
      } else {
        result.append(byte)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func hexDigit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 &+ value : 0x37 &+ value }
}
