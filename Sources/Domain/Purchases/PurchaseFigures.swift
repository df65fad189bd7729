public import FieldFormats
public import PunosMessages

extension Money {
  /// The amount in hundredths of the unit, rounded half away from zero; nil where that is beyond what can be counted.
  public var hundredths: Int64? {
    let perHundredth: Int64 = 10_000_000
    let (whole, over) = units.multipliedReportingOverflow(by: 100)
    let rest = Int64(nanos)
    let half = rest < 0 ? -perHundredth / 2 : perHundredth / 2
    let (sum, overToo) = whole.addingReportingOverflow((rest + half) / perHundredth)
    return over || overToo ? nil : sum
  }

  /// An amount from hundredths of its unit.
  public init(hundredths: Int64, currency: String) {
    self.init()
    self.currency = currency
    units = hundredths / 100
    nanos = Int32(truncatingIfNeeded: hundredths % 100) * 10_000_000
  }
}

extension CalendarDate {
  /// Whole days from one written day to another, YYYY-MM-DD; nil where one of them is none.
  public static func days(from: String, to: String) -> Int64? {
    guard let first = CalendarDate(from), let last = CalendarDate(to) else { return nil }
    return Int64(last.daysSince1970 - first.daysSince1970)
  }
}

extension Purchase {
  /// Whether it is still to be decided.
  public var isOpen: Bool { status == .open || status == .unspecified }

  /// Days from the day it was opened to the day it was decided; nil where one is not known.
  public var measuredCycleDays: Int64? {
    CalendarDate.days(from: openedDate, to: decidedDate).flatMap { $0 >= 0 ? $0 : nil }
  }
}
