internal import FieldFormats

/// The steps of a calendar that a trend is told in, in UTC.
public enum CalendarStep: Sendable, Hashable {
  case month, quarter, year

  private static let secondsADay: Int64 = 86_400

  /// The step that a moment lies in.
  ///
  /// - Parameter time: seconds since 1970.
  /// - Returns: from its first second to the first of the next step; nil outside the years 1 to 9998.
  public func range(around time: Int64) -> Range<Int64>? {
    let day = time / Self.secondsADay - (time % Self.secondsADay < 0 ? 1 : 0)
    guard let date = CalendarDate(daysSince1970: Int(day)) else { return nil }
    let months = monthsLong
    let first = (date.month - 1) / months * months + 1
    let isLast = first + months > 12
    guard let start = CalendarDate(year: date.year, month: first, day: 1),
      let end = CalendarDate(year: isLast ? date.year + 1 : date.year, month: isLast ? 1 : first + months, day: 1)
    else { return nil }
    return Int64(start.daysSince1970) * Self.secondsADay..<Int64(end.daysSince1970) * Self.secondsADay
  }

  private var monthsLong: Int {
    switch self {
    case .month: 1
    case .quarter: 3
    case .year: 12
    }
  }
}
