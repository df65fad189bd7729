extension Tokeniser {
  // RFC 5321: a local part of at most 64 octets and a domain of at most 255.
  private static let addressLimit = 320

  /// An e-mail address or a domain name that begins at the position, or `nil`.
  mutating func address() -> Token? {
    let start = position
    var end = start
    var at: Int?
    var dotted = false
    scan: while end < bytes.count, end - start < Self.addressLimit {
      let byte = bytes[end]
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: break
      case 0x2D, 0x2E:  // - .
        dotted = dotted || byte == 0x2E
        guard isAlphanumeric(self.byte(end + 1)) else { break scan }
      case 0x2B, 0x5F, 0x25:  // + _ %
        guard at == nil, isAlphanumeric(self.byte(end + 1)) else { break scan }
      case 0x40:
        guard at == nil, isAlphanumeric(self.byte(end + 1)) else { break scan }
        at = end
      default: break scan
      }
      end += 1
    }
    guard dotted || at != nil, byte(end) < 0x80 else { return nil }
    let domain = (at.map { $0 + 1 } ?? start)..<end
    guard isDomain(domain) else { return nil }
    position = end
    folded.removeAll(keepingCapacity: true)
    for byte in bytes[start..<end] { Folding.append(Unicode.Scalar(byte), to: &folded) }
    let parts = folded.split { !isAlphanumeric($0) }.map { String(decoding: $0, as: UTF8.self) }
    return Token(kind: at == nil ? .domain : .email, range: start..<end, folded: foldedString, parts: parts)
  }

  private func isAlphanumeric(_ byte: UInt8) -> Bool {
    (byte >= 0x30 && byte <= 0x39) || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A)
  }

  /// Two labels or more, of which the last is 2 to 24 letters in one case (`loppu.Uusi` is a full stop
  /// without its blank, not a domain).
  private func isDomain(_ range: Range<Int>) -> Bool {
    guard let dot = bytes[range].lastIndex(of: 0x2E), dot > range.lowerBound else { return false }
    let top = bytes[(dot + 1)..<range.upperBound]
    guard top.count >= 2, top.count <= 24 else { return false }
    let lower = top.allSatisfy { $0 >= 0x61 && $0 <= 0x7A }
    return lower
      || bytes[range].allSatisfy { $0 < 0x61 || $0 > 0x7A } && top.allSatisfy { $0 >= 0x41 && $0 <= 0x5A }
  }
}
