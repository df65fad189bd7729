internal import Glibc

/// The small text formats of gRPC over HTTP/2: timeouts, percent-encoded messages, base64 values.
///
/// Source: "gRPC over HTTP2", https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md.
package enum WireText {
  private static let hex = Array("0123456789ABCDEF".utf8)
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// Reads `grpc-timeout`: one to eight digits and a unit out of `H M S m u n`.
  ///
  /// - Returns: the time, or nil for what is not a timeout.
  package static func timeout(_ text: UnsafeRawBufferPointer) -> Duration? {
    guard (2...9).contains(text.count), let unit = text.last else { return nil }
    var number: Int64 = 0
    for byte in text.dropLast() {
      guard byte >= 0x30, byte <= 0x39 else { return nil }
      number = number * 10 + Int64(byte - 0x30)  // eight digits at most: far from overflow
    }
    switch unit {
    case UInt8(ascii: "H"): return .seconds(number * 3600)
    case UInt8(ascii: "M"): return .seconds(number * 60)
    case UInt8(ascii: "S"): return .seconds(number)
    case UInt8(ascii: "m"): return .milliseconds(number)
    case UInt8(ascii: "u"): return .microseconds(number)
    case UInt8(ascii: "n"): return .nanoseconds(number)
    default: return nil
    }
  }

  /// Writes `grpc-timeout` with the finest unit that fits eight digits, rounded up so that the server never
  /// gives up before the client does.
  package static func timeout(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    guard seconds >= 0, attoseconds >= 0 else { return "0n" }
    let limit: Int64 = 99_999_999
    if seconds == 0, attoseconds / 1_000_000_000 < limit {
      return "\((attoseconds + 999_999_999) / 1_000_000_000)n"
    }
    if seconds < limit / 1_000_000 {
      return "\(seconds * 1_000_000 + (attoseconds + 999_999_999_999) / 1_000_000_000_000)u"
    }
    if seconds < limit / 1000 {
      return "\(seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)m"
    }
    if seconds < limit { return "\(seconds + (attoseconds > 0 ? 1 : 0))S" }
    return "\(min(seconds / 3600 + 1, limit))H"
  }

  /// Percent-encodes a status message: everything outside printable ASCII, and `%` itself.
  ///
  /// - Parameter limit: bytes of output at most; a longer text is cut between two characters.
  package static func percentEncode(_ text: String, limit: Int) -> String {
    if text.utf8.count <= limit, text.utf8.allSatisfy({ $0 >= 0x20 && $0 <= 0x7E && $0 != 0x25 }) {
      return text
    }
    var output: [UInt8] = []
    for character in text {
      let before = output.count
      for byte in character.utf8 {
        if byte >= 0x20, byte <= 0x7E, byte != 0x25 {
          output.append(byte)
        } else {
          output.append(0x25)
          output.append(hex[Int(byte >> 4)])
          output.append(hex[Int(byte & 15)])
        }
      }
      if output.count > limit {
        output.removeLast(output.count - before)
        break
      }
    }
    return String(decoding: output, as: UTF8.self)
  }

  /// Undoes ``percentEncode(_:limit:)``; what is not a valid escape stays as it is, and bytes that are not
  /// UTF-8 become the replacement character, since a status must always be readable.
  package static func percentDecode(_ text: UnsafeRawBufferPointer) -> String {
    var output: [UInt8] = []
    output.reserveCapacity(text.count)
    var index = 0
    while index < text.count {
      let byte = text[index]
      if byte == 0x25, index + 2 < text.count, let high = hexDigit(text[index + 1]),
        let low = hexDigit(text[index + 2])
      {
        output.append(high << 4 | low)
        index += 3
      } else {
        output.append(byte)
        index += 1
      }
    }
    return String(decoding: output, as: UTF8.self)
  }

  private static func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x41 + 10
    case 0x61...0x66: byte - 0x61 + 10
    default: nil
    }
  }

  /// base64 without padding, as gRPC prefers it on the wire.
  package static func base64(_ bytes: [UInt8]) -> String {
    var output: [UInt8] = []
    output.reserveCapacity((bytes.count * 4 + 2) / 3)
    var bits: UInt32 = 0
    var held = 0
    for byte in bytes {
      bits = bits << 8 | UInt32(byte)
      held += 8
      while held >= 6 {
        held -= 6
        output.append(alphabet[Int(bits >> UInt32(held) & 63)])
      }
    }
    if held > 0 { output.append(alphabet[Int(bits << UInt32(6 - held) & 63)]) }
    return String(decoding: output, as: UTF8.self)
  }

  /// Reads base64 with or without padding.
  ///
  /// - Returns: the bytes, or nil for what is not base64.
  package static func fromBase64(_ text: some Sequence<UInt8>) -> [UInt8]? {
    var output: [UInt8] = []
    var bits: UInt32 = 0
    var held = 0
    var padding = 0
    var digits = 0
    for byte in text {
      if byte == UInt8(ascii: "=") {
        padding += 1
        continue
      }
      guard padding == 0, let digit = base64Digit(byte) else { return nil }
      digits += 1
      bits = (bits << 6 | UInt32(digit)) & 0xFFFF
      held += 6
      if held >= 8 {
        held -= 8
        output.append(UInt8(truncatingIfNeeded: bits >> UInt32(held)))
      }
    }
    guard padding <= 2, digits % 4 != 1, padding == 0 || (digits + padding) % 4 == 0 else { return nil }
    return output
  }

  private static func base64Digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x41...0x5A: byte - 0x41
    case 0x61...0x7A: byte - 0x61 + 26
    case 0x30...0x39: byte - 0x30 + 52
    case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
    case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
    default: nil
    }
  }
}

extension UnsafeRawBufferPointer {
  /// Whether the bytes are exactly this ASCII text.
  @inline(__always)
  package func equals(_ text: StaticString) -> Bool {
    equals(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// Whether two runs of bytes are the same.
  @inline(__always)
  package func equals(_ other: UnsafeRawBufferPointer) -> Bool {
    guard count == other.count else { return false }
    guard count > 0, let mine = baseAddress, let theirs = other.baseAddress else { return true }
    return memcmp(mine, theirs, count) == 0
  }

  /// Whether the bytes begin with this ASCII text.
  package func starts(with text: StaticString) -> Bool {
    guard count >= text.utf8CodeUnitCount else { return false }
    for index in 0..<text.utf8CodeUnitCount where self[index] != text.utf8Start[index] { return false }
    return true
  }
}

extension Metadata {
  /// Takes a field as it was received; `-bin` values may hold several, separated by commas.
  ///
  /// - Returns: whether it could be read; a `-bin` value that is not base64 cannot.
  package mutating func addReceivedField(
    _ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer
  ) -> Bool {
    let key = String(decoding: name, as: UTF8.self)
    guard key.hasSuffix("-bin") else {
      addReceived(key, .text(String(decoding: value, as: UTF8.self)))
      return true
    }
    for part in value.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
      let trimmed = part.drop(while: { $0 == 0x20 })
      guard let bytes = WireText.fromBase64(trimmed) else { return false }
      addReceived(key, .binary(bytes))
    }
    return true
  }

  /// Gives each entry as it goes on the wire.
  package func forEachField(_ body: (_ name: String, _ value: String) -> Void) {
    for entry in entries {
      switch entry.value {
      case .text(let text): body(entry.name, text)
      case .binary(let bytes): body(entry.name, WireText.base64(bytes))
      }
    }
  }
}
