internal import FieldFormats
internal import Glibc

extension Cleaning {
  /// Reads a moment: a date as ``date(_:locale:)`` reads it, and a time of day behind it.
  ///
  /// - Parameter value: as the file has it. A time that says no zone is one of the clocks where the file is read (`TZ`),
  ///   as the times that are shown; a day without a time is its midnight in UTC, so that it stays that day. So is a day
  ///   with midnight sharp and no zone: that is how databases write days.
  /// - Returns: RFC 3339 in UTC.
  public static func moment(_ value: String, locale: DataLocale) -> Cleaned {
    let doubt = "not a date, or a date and time, as \(locale.tag) writes them"
    guard value.utf8.count <= 64, let (day, rest) = dayPart(DataText.trimmed(value), locale) else {
      return .left(value, doubt)
    }
    let time: TimeOfDay
    if let rest, !rest.isEmpty {
      guard let read = TimeOfDay(rest) else { return .left(value, doubt) }
      time = read.isBareMidnight ? TimeOfDay() : read
    } else {
      time = TimeOfDay()
    }
    guard let offset = time.offset ?? localOffset(day.date, time), let moment = text(day.date, time, offset)
    else {
      return .left(value, doubt)
    }
    var notes: [CleaningNote] = []
    if moment != value { notes.append(CleaningNote(.date, day.how)) }
    if time.offset == nil {
      notes.append(CleaningNote(.date, "time of day without a zone read as UTC\(zone(offset))"))
    }
    return Cleaned(moment, notes: notes)
  }

  private static let secondsOfDay = 86_400

  /// A moment in UTC; nil outside the years 1 to 9999.
  private static func text(_ date: CalendarDate, _ time: TimeOfDay, _ offset: Int) -> String? {
    let seconds = time.seconds - offset
    let days = Int((Double(seconds) / Double(secondsOfDay)).rounded(.down))
    guard let date = CalendarDate(daysSince1970: date.daysSince1970 + days) else { return nil }
    let rest = seconds - days * secondsOfDay
    let clock = [rest / 3600, rest / 60 % 60, rest % 60].map(twoDigits).joined(separator: ":")
    return "\(date)T\(clock)\(time.fraction.isEmpty ? "" : "." + time.fraction)Z"
  }

  /// Seconds that clocks here are ahead of UTC at a time on them; nil where the system cannot say.
  private static func localOffset(_ date: CalendarDate, _ time: TimeOfDay) -> Int? {
    var parts = tm()
    parts.tm_year = Int32(clamping: date.year - 1900)
    parts.tm_mon = Int32(clamping: date.month - 1)
    parts.tm_mday = Int32(clamping: date.day)
    parts.tm_hour = Int32(clamping: time.seconds / 3600)
    parts.tm_min = Int32(clamping: time.seconds / 60 % 60)
    parts.tm_sec = Int32(clamping: time.seconds % 60)
    // Whether it is summer there is for the system to find out.
    parts.tm_isdst = -1
    parts.tm_wday = -1
    _ = mktime(&parts)
    // What could not be worked out has no day of the week.
    return parts.tm_wday < 0 ? nil : parts.tm_gmtoff
  }

  private static func zone(_ offset: Int) -> String {
    let minutes = abs(offset) / 60
    return "\(offset < 0 ? "-" : "+")\(twoDigits(minutes / 60)):\(twoDigits(minutes % 60))"
  }

  private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

/// A time on a clock as files write it: 11:22, 00:00:00.000, 11.22, 1:30 PM, 11:22:33Z, 11:22:33+02:00, klo 11.22.
struct TimeOfDay {
  /// Seconds since midnight.
  private(set) var seconds = 0
  /// Digits of a fraction of a second, without zeros at its end; nine at most, as records keep them.
  private(set) var fraction = ""
  /// Seconds that the clock is ahead of UTC; nil where nothing says so.
  private(set) var offset: Int? = 0

  /// Midnight in UTC.
  init() {}

  /// Whether it is midnight sharp, and nothing says where.
  var isBareMidnight: Bool { seconds == 0 && fraction.isEmpty && offset == nil }

  /// Reads a time; nil for what is none.
  init?(_ text: Substring) {
    var text = text.lowercased()[...]
    for word in ["klo ", "kl ", "klo. ", "kl. "] where text.hasPrefix(word) {
      text = text.dropFirst(word.utf8.count)
    }
    offset = Self.takeZone(&text)
    let half = Self.takeHalf(&text)
    guard takeClock(text, half) else { return nil }
  }

  /// Takes `z`, `utc`, `+02:00`, `-0300` or `+2` from the end.
  private static func takeZone(_ text: inout Substring) -> Int? {
    for word in ["z", "utc", "gmt"] where text.hasSuffix(word) {
      text = text.dropLast(word.utf8.count)
      return 0
    }
    guard let sign = text.lastIndex(where: { $0 == "+" || $0 == "-" }) else { return nil }
    let digits = text[text.index(after: sign)...].filter { $0 != ":" }
    guard digits.utf8.count <= 4, let number = whole(digits[...], most: 1400) else { return nil }
    let (hours, minutes) = digits.utf8.count <= 2 ? (number, 0) : (number / 100, number % 100)
    guard hours <= 14, minutes < 60 else { return nil }
    let seconds = hours * 3600 + minutes * 60
    let offset = text[sign] == "-" ? -seconds : seconds
    text = text[..<sign]
    return offset
  }

  /// Takes `am` or `pm` from the end: hours to add at noon and after.
  private static func takeHalf(_ text: inout Substring) -> Int? {
    while text.last == " " { text = text.dropLast() }
    for (word, hours) in [("am", 0), ("pm", 12)] where text.hasSuffix(word) {
      text = text.dropLast(word.utf8.count)
      return hours
    }
    return nil
  }

  private mutating func takeClock(_ text: Substring, _ half: Int?) -> Bool {
    let separator: Character = text.contains(":") ? ":" : "."
    var parts = text.split(separator: separator, omittingEmptySubsequences: false)
      .map { DataText.trimmed(String($0))[...] }
    // A fraction stands behind a third point where points part hours and minutes too.
    if parts.count == 4, separator == ".", let last = parts.popLast() { parts[2] += "." + last }
    guard parts.count == 2 || parts.count == 3 else { return false }
    if parts.count == 3, let mark = parts[2].firstIndex(where: { $0 == "." || $0 == "," }) {
      let digits = parts[2][parts[2].index(after: mark)...].prefix(9)
      guard digits.utf8.allSatisfy({ $0 &- 0x30 < 10 }) else { return false }
      fraction = String(digits.reversed().drop { $0 == "0" }.reversed())
      parts[2] = parts[2][..<mark]
    }
    guard var hours = Self.whole(parts[0], most: half == nil ? 23 : 12),
      let minutes = Self.whole(parts[1], most: 59),
      let rest = parts.count == 3 ? Self.whole(parts[2], most: 59) : 0
    else { return false }
    if let half {
      guard hours > 0 else { return false }
      hours = hours % 12 + half
    }
    seconds = hours * 3600 + minutes * 60 + rest
    return true
  }

  /// A number of one to four digits.
  private static func whole(_ digits: Substring, most: Int) -> Int? {
    guard (1...4).contains(digits.utf8.count), digits.utf8.allSatisfy({ $0 &- 0x30 < 10 }),
      let number = Int(digits),
      number <= most
    else { return nil }
    return number
  }
}
