#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// How a language writes numbers, dates and times.
public struct LocaleFormat: Sendable, Hashable {
  /// The language.
  public var language: Language

  /// The habits of a language.
  public init(_ language: Language) { self.language = language }

  /// Finns put a no-break space between thousands, which also keeps a number on one line.
  private var groupMark: String { language == .finnish ? "\u{A0}" : "," }
  private var decimalMark: String { language == .finnish ? "," : "." }

  /// A whole number: `1 234 567` in Finnish, `1,234,567` in English.
  public func number(_ value: some BinaryInteger) -> String {
    let digits = Array(String(value.magnitude))
    var result = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { result += groupMark }
      result.append(digit)
    }
    return value < 0 ? "−" + result : result
  }

  /// A number with a fixed number of decimals: `1 234,5`.
  ///
  /// - Parameters:
  ///   - value: numbers beyond 10¹⁵ and those that are none are written as Swift does.
  ///   - decimals: 0 to 6.
  public func number(_ value: Double, decimals: Int) -> String {
    guard value.isFinite, value.magnitude < 1e15 else { return "\(value)" }
    let decimals = min(max(decimals, 0), 6)
    var scale = 1
    for _ in 0..<decimals { scale *= 10 }
    let scaled = Int64((value.magnitude * Double(scale)).rounded())
    let whole = number(scaled / Int64(scale))
    let sign = value < 0 && scaled != 0 ? "−" : ""
    guard decimals > 0 else { return sign + whole }
    let fraction = String(scaled % Int64(scale))
    return sign + whole + decimalMark + String(repeating: "0", count: decimals - fraction.count) + fraction
  }

  /// A decimal number in text (`-1234.50`), exactly as it is, with this language's marks; other text unchanged.
  public func exact(_ text: String) -> String {
    let isNegative = text.hasPrefix("-")
    let parts = text.drop { $0 == "-" }.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = parts.first, !whole.isEmpty, parts.allSatisfy({ $0.utf8.allSatisfy { $0 &- 0x30 < 10 } }),
      let value = UInt64(whole)
    else { return text }
    return (isNegative ? "−" : "") + number(value) + (parts.count == 2 ? decimalMark + parts[1] : "")
  }

  /// A share between 0 and 1 in whole per cent: `45 %` in Finnish, `45%` in English.
  public func percent(_ share: Double) -> String {
    number((share * 100).rounded(), decimals: 0) + (language == .finnish ? "\u{A0}%" : "%")
  }

  private static let englishMonths = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  /// A day: `31.12.2026` in Finnish, `31 Dec 2026` in English.
  public func date(year: Int, month: Int, day: Int) -> String {
    switch language {
    case .finnish: return "\(day).\(month).\(year)"
    case .english:
      let name = Self.englishMonths.indices.contains(month - 1) ? Self.englishMonths[month - 1] : "\(month)"
      return "\(day) \(name) \(year)"
    }
  }

  /// A day given as `YYYY-MM-DD`; other text unchanged.
  public func date(_ text: String) -> String {
    let parts = text.split(separator: "-").compactMap { Int($0) }
    guard text.utf8.count == 10, parts.count == 3 else { return text }
    return date(year: parts[0], month: parts[1], day: parts[2])
  }

  /// A moment in the machine's time zone: `31.12.2026 klo 14.05` in Finnish, `31 Dec 2026 14:05` in English.
  ///
  /// - Parameter seconds: since 1970.
  public func moment(_ seconds: Int64) -> String {
    let time = LocalTime(seconds: seconds)
    let day = date(year: time.year, month: time.month, day: time.day)
    let minute = time.minute < 10 ? "0\(time.minute)" : "\(time.minute)"
    switch language {
    case .finnish: return "\(day) klo \(time.hour).\(minute)"
    case .english: return "\(day) \(time.hour < 10 ? "0" : "")\(time.hour):\(minute)"
    }
  }

  /// How long ago or ahead a moment is: `3 days ago`, `3 päivää sitten`, `in 2 hours`, `2 tunnin kuluttua`.
  ///
  /// - Parameters:
  ///   - seconds: the moment, since 1970.
  ///   - now: the moment to look from, since 1970.
  public func relative(_ seconds: Int64, now: Int64) -> String {
    let (difference, overflow) = now.subtractingReportingOverflow(seconds)
    guard !overflow else { return moment(seconds) }
    let distance = difference.magnitude
    guard distance >= 45 else { return language == .finnish ? "juuri nyt" : "just now" }
    let (count, unit) = Self.unit(distance)
    return difference > 0 ? past(count, unit) : future(count, unit)
  }

  private enum Unit: Int { case minute, hour, day, week, month, year }

  /// The largest unit of which there is at least one, rounded down as people do.
  private static func unit(_ seconds: UInt64) -> (count: UInt64, unit: Unit) {
    let day: UInt64 = 86_400
    switch seconds {
    case ..<3600: return (max(1, seconds / 60), .minute)
    case ..<day: return (seconds / 3600, .hour)
    case ..<(14 * day): return (seconds / day, .day)
    case ..<(60 * day): return (seconds / (7 * day), .week)
    case ..<(730 * day): return (seconds / (30 * day + day / 2), .month)
    default: return (seconds / (365 * day + day / 4), .year)
    }
  }

  private func past(_ count: UInt64, _ unit: Unit) -> String {
    switch language {
    case .english:
      let names = ["minute", "hour", "day", "week", "month", "year"]
      if unit == .day, count == 1 { return "yesterday" }
      return "\(number(count)) \(names[unit.rawValue])\(count == 1 ? "" : "s") ago"
    case .finnish:
      let one = ["minuutti", "tunti", "päivä", "viikko", "kuukausi", "vuosi"]
      let many = ["minuuttia", "tuntia", "päivää", "viikkoa", "kuukautta", "vuotta"]
      if unit == .day, count == 1 { return "eilen" }
      return "\(number(count)) \((count == 1 ? one : many)[unit.rawValue]) sitten"
    }
  }

  private func future(_ count: UInt64, _ unit: Unit) -> String {
    switch language {
    case .english:
      let names = ["minute", "hour", "day", "week", "month", "year"]
      if unit == .day, count == 1 { return "tomorrow" }
      return "in \(number(count)) \(names[unit.rawValue])\(count == 1 ? "" : "s")"
    case .finnish:
      let genitive = ["minuutin", "tunnin", "päivän", "viikon", "kuukauden", "vuoden"]
      if unit == .day, count == 1 { return "huomenna" }
      return "\(number(count)) \(genitive[unit.rawValue]) kuluttua"
    }
  }

  /// A length of time: `1:45` under an hour, `2 h 5 min` beyond.
  ///
  /// - Parameter seconds: negative ones count as none.
  public func duration(_ seconds: Int64) -> String {
    let seconds = max(0, seconds)
    if seconds < 3600 { return "\(seconds / 60):\(seconds % 60 < 10 ? "0" : "")\(seconds % 60)" }
    return "\(number(seconds / 3600)) h \(seconds % 3600 / 60) min"
  }
}

/// A moment as clocks on the wall show it.
public struct LocalTime: Sendable, Hashable {
  /// Year, month from 1, day from 1, hour, minute and second.
  public var year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0

  /// A moment in the machine's time zone (`TZ`).
  ///
  /// - Parameter seconds: since 1970.
  public init(seconds: Int64) {
    var moment = time_t(seconds)
    var parts = tm()
    guard localtime_r(&moment, &parts) != nil else { return }
    year = Int(parts.tm_year) + 1900
    month = Int(parts.tm_mon) + 1
    day = Int(parts.tm_mday)
    hour = Int(parts.tm_hour)
    minute = Int(parts.tm_min)
    second = Int(parts.tm_sec)
  }
}
