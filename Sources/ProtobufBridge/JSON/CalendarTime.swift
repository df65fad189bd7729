/// Moments and durations as text, by the proleptic Gregorian calendar in UTC.
///
/// The day arithmetic is Howard Hinnant's "chrono-compatible low-level date algorithms", which counts years
/// from March so that the leap day comes last.
enum CalendarTime {
  /// 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z: what a Timestamp can hold.
  static let seconds: ClosedRange<Int64> = -62_135_596_800...253_402_300_799
  /// About ten thousand years: what a Duration can hold.
  static let durationSeconds: ClosedRange<Int64> = -315_576_000_000...315_576_000_000

  /// RFC 3339 with 0, 3, 6 or 9 digits of a second's fraction; nil beyond the range.
  static func text(seconds: Int64, nanos: Int32) -> String? {
    guard self.seconds.contains(seconds), (0...999_999_999).contains(nanos) else { return nil }
    let day = (seconds >= 0 ? seconds : seconds - 86399) / 86400
    let second = seconds - day * 86400
    let (year, month, date) = civil(day)
    return pad(year, 4) + "-" + pad(month, 2) + "-" + pad(date, 2) + "T" + pad(second / 3600, 2) + ":"
      + pad(second / 60 % 60, 2) + ":" + pad(second % 60, 2) + fraction(Int64(nanos)) + "Z"
  }

  /// Seconds with 0, 3, 6 or 9 digits of a fraction and `s`; nil beyond the range or with mixed signs.
  static func durationText(seconds: Int64, nanos: Int32) -> String? {
    guard durationSeconds.contains(seconds), (-999_999_999...999_999_999).contains(nanos) else { return nil }
    guard (seconds <= 0 || nanos >= 0) && (seconds >= 0 || nanos <= 0) else { return nil }
    let sign = seconds < 0 || nanos < 0 ? "-" : ""
    return sign + String(abs(seconds)) + fraction(Int64(abs(nanos))) + "s"
  }

  private static func fraction(_ nanos: Int64) -> String {
    if nanos == 0 { return "" }
    if nanos % 1_000_000 == 0 { return "." + pad(nanos / 1_000_000, 3) }
    if nanos % 1000 == 0 { return "." + pad(nanos / 1000, 6) }
    return "." + pad(nanos, 9)
  }

  private static func pad(_ number: Int64, _ width: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.count)) + text
  }

  /// Year, month and day of a day counted from 1970-01-01.
  static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let z = days + 719_468
    let era = (z >= 0 ? z : z - 146_096) / 146_097
    let dayOfEra = z - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * shifted + 2) / 5 + 1)
  }

  /// Days from 1970-01-01 to a date.
  static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    let y = month <= 2 ? year - 1 : year
    let era = (y >= 0 ? y : y - 399) / 400
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// Reads RFC 3339: any offset, up to nine digits of a fraction. Nil where it is not one, or out of range.
  static func parse(_ text: String) -> (seconds: Int64, nanos: Int32)? {
    var scanner = Scanner(text)
    guard let year = scanner.number(4), scanner.take("-"), let month = scanner.number(2), scanner.take("-"),
      let day = scanner.number(2), scanner.take("T"), let hour = scanner.number(2), scanner.take(":"),
      let minute = scanner.number(2), scanner.take(":"), let second = scanner.number(2)
    else { return nil }
    guard (1...9999).contains(year), (1...12).contains(month), (1...daysIn(month, year)).contains(day),
      hour < 24, minute < 60, second < 60
    else { return nil }
    guard let nanos = scanner.fraction() else { return nil }
    var offset: Int64 = 0
    if !scanner.take("Z") {
      let sign: Int64 = scanner.take("+") ? 1 : -1
      guard sign == 1 || scanner.take("-"), let hours = scanner.number(2), scanner.take(":"),
        let minutes = scanner.number(2), hours < 24, minutes < 60
      else { return nil }
      offset = sign * (hours * 3600 + minutes * 60)
    }
    let seconds =
      days(year: year, month: month, day: day) * 86400 + hour * 3600 + minute * 60 + second - offset
    guard scanner.isAtEnd, self.seconds.contains(seconds) else { return nil }
    return (seconds, nanos)
  }

  /// Reads seconds with `s`. Nil where it is not one, or out of range.
  static func parseDuration(_ text: String) -> (seconds: Int64, nanos: Int32)? {
    var scanner = Scanner(text)
    let isNegative = scanner.take("-")
    guard let seconds = scanner.digits(), let nanos = scanner.fraction(), scanner.take("s"), scanner.isAtEnd,
      durationSeconds.contains(seconds)
    else { return nil }
    return isNegative ? (-seconds, -nanos) : (seconds, nanos)
  }

  private static func daysIn(_ month: Int64, _ year: Int64) -> Int64 {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  private struct Scanner {
    private var rest: Substring.UTF8View
    init(_ text: String) { rest = text[...].utf8 }
    var isAtEnd: Bool { rest.isEmpty }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
      guard let first = rest.first, UInt32(first) == character.value else { return false }
      rest.removeFirst()
      return true
    }

    mutating func number(_ width: Int) -> Int64? {
      guard rest.count >= width else { return nil }
      var value: Int64 = 0
      for _ in 0..<width {
        guard let byte = rest.popFirst(), byte >= 0x30, byte <= 0x39 else { return nil }
        value = value * 10 + Int64(byte - 0x30)
      }
      return value
    }

    /// One to twelve digits: more than a Duration can hold.
    mutating func digits() -> Int64? {
      var value: Int64 = 0
      var count = 0
      while let byte = rest.first, byte >= 0x30, byte <= 0x39 {
        rest.removeFirst()
        count += 1
        guard count <= 12 else { return nil }
        value = value * 10 + Int64(byte - 0x30)
      }
      return count == 0 ? nil : value
    }

    /// Nothing, or a point and one to nine digits.
    mutating func fraction() -> Int32? {
      guard take(".") else { return 0 }
      var value: Int32 = 0
      var count = 0
      while let byte = rest.first, byte >= 0x30, byte <= 0x39 {
        rest.removeFirst()
        count += 1
        guard count <= 9 else { return nil }
        value = value * 10 + Int32(byte - 0x30)
      }
      guard count > 0 else { return nil }
      for _ in count..<9 { value *= 10 }
      return value
    }
  }
}
