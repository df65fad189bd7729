import Store

/// Moments as people and machines write them.
enum MomentText {
  /// Reads RFC 3339 in UTC or with an offset, or a calendar date (its first moment in UTC).
  ///
  /// - Returns: nil where the text is neither.
  static func read(_ text: String) -> Moment? {
    let bytes = Array(text.utf8)
    guard bytes.count >= 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
      let year = number(bytes[0..<4]), let month = number(bytes[5..<7]), let day = number(bytes[8..<10]),
      (1...12).contains(month), (1...31).contains(day)
    else { return nil }
    let days = daysSince1970(year: year, month: month, day: day)
    if bytes.count == 10 { return Moment(seconds: days * 86_400) }
    guard bytes.count >= 20, bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: "t"),
      bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"), let hour = number(bytes[11..<13]),
      let minute = number(bytes[14..<16]), let second = number(bytes[17..<19]), hour < 24, minute < 60, second < 61
    else { return nil }
    var rest = bytes[19...]
    var nanos: Int64 = 0
    if rest.first == UInt8(ascii: ".") {
      let digits = rest.dropFirst().prefix { (48...57).contains($0) }
      guard (1...9).contains(digits.count), let fraction = number(digits) else { return nil }
      nanos = fraction
      for _ in digits.count..<9 { nanos *= 10 }
      rest = rest.dropFirst(1 + digits.count)
    }
    guard let offset = offsetSeconds(Array(rest)) else { return nil }
    let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset
    return Moment(seconds: seconds, nanoseconds: Int32(truncatingIfNeeded: nanos))
  }

  private static func offsetSeconds(_ bytes: [UInt8]) -> Int64? {
    if bytes == [UInt8(ascii: "Z")] || bytes == [UInt8(ascii: "z")] { return 0 }
    guard bytes.count == 6, bytes[3] == UInt8(ascii: ":"), let hours = number(bytes[1..<3]),
      let minutes = number(bytes[4..<6]), hours < 24, minutes < 60
    else { return nil }
    switch bytes[0] {
    case UInt8(ascii: "+"): return hours * 3600 + minutes * 60
    case UInt8(ascii: "-"): return -(hours * 3600 + minutes * 60)
    default: return nil
    }
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
    var value: Int64 = 0
    for digit in digits {
      guard (48...57).contains(digit) else { return nil }
      value = value * 10 + Int64(digit - 48)
    }
    return value
  }

  /// Days from 1970-01-01 in the proleptic Gregorian calendar, after Howard Hinnant's `days_from_civil`.
  private static func daysSince1970(year: Int64, month: Int64, day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }
}
