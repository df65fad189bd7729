internal import FieldFormats

extension Cleaning {
  /// Names of months in Finnish, Swedish and English, folded, and what they are shortened to.
  private static let months: [String: Int] = {
    let names = [
      "tammikuu helmikuu maaliskuu huhtikuu toukokuu kesakuu heinakuu elokuu syyskuu lokakuu marraskuu joulukuu",
      "januari februari mars april maj juni juli augusti september oktober november december",
      "january february march april may june july august september october november december",
      "jan feb mar apr may jun jul aug sep oct nov dec",
      "tammi helmi maalis huhti touko kesa heina elo syys loka marras joulu",
      "jan feb mars apr maj juni juli aug sept okt nov dec",
    ]
    var months: [String: Int] = [:]
    for list in names {
      for (index, name) in list.split(separator: " ").enumerated() {
        months[String(name)] = index + 1
        if name.hasSuffix("kuu") { months[name + "ta"] = index + 1 }
      }
    }
    return months
  }()

  /// Reads a date: ISO 8601 in any locale, with or without a time; day, month and year in the locale's order; names
  /// of months in Finnish, Swedish and English.
  ///
  /// - Parameter value: as the file has it. A date that is none in the locale's order (13/25/2026) is left as it
  ///   is, not read in another order: the next row would be read wrongly without a word.
  /// - Returns: `YYYY-MM-DD`.
  public static func date(_ value: String, locale: DataLocale) -> Cleaned {
    if FieldFormat.date.problem(in: value) == nil { return Cleaned(value) }
    guard value.utf8.count <= 64 else { return .left(value, "not a date") }
    let text = DataText.trimmed(value)
    guard let (day, rest) = dayPart(text, locale) else {
      return .left(value, "not a date as \(locale.tag) writes them")
    }
    var notes = [CleaningNote(.date, day.how)]
    if let rest {
      guard isTime(rest) else { return .left(value, "not a date as \(locale.tag) writes them") }
      if rest.contains(where: { ("1"..."9").contains($0) }) {
        notes.append(CleaningNote(.date, "time of day left out"))
      }
    }
    return Cleaned(day.date.description, notes: notes)
  }

  /// A day of a text, and how it was read.
  struct Day {
    var date: CalendarDate
    var how: String
  }

  /// The date at the beginning of a text, and what follows it.
  static func dayPart(_ text: String, _ locale: DataLocale) -> (Day, rest: Substring?)? {
    // 2016-10-20, 2016-10-20T11:22:33Z, 1996-07-04 00:00:00.000
    if let date = CalendarDate(text.prefix(10)) {
      let rest = text.dropFirst(10)
      guard rest.isEmpty || rest.first == "T" || rest.first == " " else { return nil }
      return (Day(date: date, how: "written as ISO 8601"), rest.isEmpty ? nil : rest.dropFirst())
    }
    if text.utf8.count == 8, text.utf8.allSatisfy({ $0 &- 0x30 < 10 }) {
      let date = CalendarDate("\(text.prefix(4))-\(text.dropFirst(4).prefix(2))-\(text.suffix(2))")
      return date.map { (Day(date: $0, how: "written as ISO 8601"), nil) }
    }
    if let named = namedMonth(text) { return (named, nil) }
    let head = text.prefix { $0 != " " && $0 != "T" }
    let rest = text.dropFirst(head.count + 1)
    guard let separator = head.first(where: { "./-".contains($0) }) else { return nil }
    let parts = head.split(separator: separator)
    guard parts.count == 3, parts.allSatisfy({ $0.utf8.count <= 4 && $0.utf8.allSatisfy { $0 &- 0x30 < 10 } })
    else {
      return nil
    }
    let numbers = parts.compactMap { Int($0) }
    guard numbers.count == 3 else { return nil }
    var order = locale.dateOrder
    if parts[0].utf8.count == 4 { order = .yearMonthDay }
    // Dots stand between day and month in every country that uses them.
    if separator == ".", order != .yearMonthDay || parts[2].utf8.count == 4 { order = .dayMonthYear }
    if order == .yearMonthDay, parts[0].utf8.count != 4 { order = .dayMonthYear }
    let (year, month, day) =
      switch order {
      case .dayMonthYear: (numbers[2], numbers[1], numbers[0])
      case .monthDayYear: (numbers[2], numbers[0], numbers[1])
      case .yearMonthDay: (numbers[0], numbers[1], numbers[2])
      }
    let yearDigits = order == .yearMonthDay ? parts[0].utf8.count : parts[2].utf8.count
    guard yearDigits == 4 || yearDigits == 2,
      let date = CalendarDate(year: century(year, digits: yearDigits), month: month, day: day)
    else { return nil }
    let how =
      yearDigits == 2
      ? "read as \(locale.tag) writes dates, century assumed" : "read as \(locale.tag) writes dates"
    return (Day(date: date, how: how), rest.isEmpty ? nil : rest)
  }

  /// 4 July 2017, July 4, 2017, 4. heinäkuuta 2017, 4 juli 2017.
  private static func namedMonth(_ text: String) -> Day? {
    let words = DataText.folded(text).split(separator: " ")
    guard words.count == 3, let monthIndex = words.firstIndex(where: { months[String($0)] != nil }),
      monthIndex < 2,
      let month = months[String(words[monthIndex])], words[2].utf8.count == 4, let year = Int(words[2])
    else { return nil }
    let ordinals = ["st", "nd", "rd", "th"]
    var dayWord = words[1 - monthIndex]
    if let ordinal = ordinals.first(where: { dayWord.hasSuffix($0) }) {
      dayWord = dayWord.dropLast(ordinal.utf8.count)
    }
    guard dayWord.utf8.count <= 2, let day = Int(dayWord),
      let date = CalendarDate(year: year, month: month, day: day)
    else { return nil }
    return Day(date: date, how: "month read by its name")
  }

  /// Two digits are of the years 1950 to 2049.
  private static func century(_ year: Int, digits: Int) -> Int {
    digits == 2 ? (year < 50 ? 2000 + year : 1900 + year) : year
  }

  /// 11:22, 00:00:00.000, 11.22, 1:30 PM, 11:22:33Z, 11:22:33+02:00, klo 11.22
  private static func isTime(_ text: Substring) -> Bool {
    let rest = text.lowercased().filter { !"0123456789:.+- ".contains($0) }
    return ["", "z", "am", "pm", "klo", "kl"].contains(rest) && text.utf8.count <= 32
  }
}
