/// From when until when a certificate is valid, read from its PEM file.
///
/// Reads just enough of X.509 (RFC 5280, section 4.1) to find the two dates: the certificate is a sequence whose first
/// element has, behind version, serial number, algorithm and issuer, the validity.
struct CertificateDates: Hashable {
  /// Seconds since 1970.
  var notBefore: Int64
  var notAfter: Int64

  /// - Parameter pem: the file's bytes; the first certificate counts.
  /// - Returns: nil where there is no certificate, or it is not as it should be.
  init?(pem: [UInt8]) {
    guard let der = Self.firstBlock(String(decoding: pem, as: UTF8.self)) else { return nil }
    var outer = Reader(der[...])
    guard let certificate = outer.next(0x30) else { return nil }
    var inside = Reader(certificate)
    guard let signed = inside.next(0x30) else { return nil }
    var fields = Reader(signed)
    _ = fields.next(0xA0)
    guard fields.next(0x02) != nil, fields.next(0x30) != nil, fields.next(0x30) != nil,
      let validity = fields.next(0x30)
    else { return nil }
    var dates = Reader(validity)
    guard let from = dates.time(), let until = dates.time() else { return nil }
    notBefore = from
    notAfter = until
  }

  /// Values of DER, one after the other.
  private struct Reader {
    var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    /// The content of the next value where it has the tag; otherwise nothing is read.
    mutating func next(_ tag: UInt8) -> ArraySlice<UInt8>? {
      var bytes = rest
      guard bytes.popFirst() == tag, let first = bytes.popFirst() else { return nil }
      var length = Int(first)
      if first >= 0x80 {
        // Lengths of more than three bytes are longer than any certificate.
        let count = Int(first & 0x7F)
        guard (1...3).contains(count), bytes.count >= count else { return nil }
        length = bytes.prefix(count).reduce(0) { $0 << 8 | Int($1) }
        bytes = bytes.dropFirst(count)
      }
      guard bytes.count >= length else { return nil }
      rest = bytes.dropFirst(length)
      return bytes.prefix(length)
    }

    /// UTCTime or GeneralizedTime, as seconds since 1970.
    mutating func time() -> Int64? {
      if let short = next(0x17) {
        guard let numbers = Self.pairs(short), numbers.count == 6 else { return nil }
        // Two digits of a year: 50 to 99 belong to the last century (RFC 5280, section 4.1.2.5.1).
        let year = numbers[0] < 50 ? 2000 + numbers[0] : 1900 + numbers[0]
        return Self.seconds(year, numbers[1...])
      }
      guard let long = next(0x18), let numbers = Self.pairs(long), numbers.count == 7 else { return nil }
      return Self.seconds(numbers[0] * 100 + numbers[1], numbers[2...])
    }

    /// Pairs of digits before a Z.
    private static func pairs(_ bytes: ArraySlice<UInt8>) -> [Int64]? {
      guard bytes.last == UInt8(ascii: "Z"), bytes.count % 2 == 1 else { return nil }
      var numbers: [Int64] = []
      var digits = bytes.dropLast()
      while let tens = digits.popFirst(), let ones = digits.popFirst() {
        guard (48...57).contains(tens), (48...57).contains(ones) else { return nil }
        numbers.append(Int64(tens - 48) * 10 + Int64(ones - 48))
      }
      return numbers
    }

    /// Seconds since 1970 of a moment in UTC; days counted as Howard Hinnant's "days from civil" does.
    private static func seconds(_ year: Int64, _ rest: ArraySlice<Int64>) -> Int64? {
      let parts = Array(rest)
      guard parts.count == 5, (1...12).contains(parts[0]), (1...31).contains(parts[1]) else { return nil }
      let shifted = parts[0] <= 2 ? year - 1 : year
      let era = shifted / 400
      let yearOfEra = shifted - era * 400
      let dayOfYear = (153 * (parts[0] + (parts[0] > 2 ? -3 : 9)) + 2) / 5 + parts[1] - 1
      let day = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
      return day * 86_400 + parts[2] * 3600 + parts[3] * 60 + parts[4]
    }
  }

  /// The bytes of the first certificate of a PEM file.
  private static func firstBlock(_ text: String) -> [UInt8]? {
    var isInside = false
    var bits: UInt32 = 0
    var count = 0
    var bytes: [UInt8] = []
    for line in text.split(whereSeparator: \.isNewline) {
      if line == "-----BEGIN CERTIFICATE-----" {
        isInside = true
        continue
      }
      if !isInside { continue }
      if line.hasPrefix("-----END") { return bytes }
      for byte in line.utf8 where byte != UInt8(ascii: "=") {
        guard let value = sextet(byte) else { return nil }
        bits = (bits << 6 | UInt32(value)) & 0xFFFFFF
        count += 6
        if count >= 8 {
          count -= 8
          bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
        }
      }
    }
    return nil
  }

  private static func sextet(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x41...0x5A: byte - 0x41
    case 0x61...0x7A: byte - 0x61 + 26
    case 0x30...0x39: byte - 0x30 + 52
    case 0x2B: 62
    case 0x2F: 63
    default: nil
    }
  }
}
