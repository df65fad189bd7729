internal import ProtobufBridge
internal import PunosMessages
internal import Terminal

/// A moment or a revision that a view is asked for.
enum PointInTime {
  case moment(ProtoTimestamp)
  case revision(Int64)

  /// - Parameter text: `YYYY-MM-DD` (its end: what was known when the day was over), RFC 3339, or a whole number.
  init(_ text: String) throws(CLIProblem) {
    if let revision = Int64(text), revision >= 0 {
      self = .revision(revision)
      return
    }
    guard let moment = ProtoTimestamp(written: text, timeOfDay: "23:59:59") else {
      throw CLIProblem(
        .usage,
        Term(
          en: "A day (2026-03-31), a moment (2026-03-31T12:00:00Z) or a revision (1234) was expected.",
          fi: "Odotettiin päivää (2026-03-31), hetkeä (2026-03-31T12:00:00Z) tai revisiota (1234)."),
        at: "--as-of")
    }
    self = .moment(moment)
  }
}

/// A moment at which something happened, on the command line.
enum HappenedAt {
  /// When, for a text that says `YYYY-MM-DD` or RFC 3339; nil for today, which is now, as the server's clock has it.
  ///
  /// A day is the beginning of it in UTC, as an import reads days.
  ///
  /// - Parameters:
  ///   - option: that it was given with, for the error.
  ///   - now: seconds since 1970.
  static func moment(_ text: String, option: String, now: Int64) throws(CLIProblem) -> ProtoTimestamp? {
    if text == LocalTime(seconds: now).isoDay { return nil }
    if let moment = ProtoTimestamp(written: text, timeOfDay: "00:00:00") { return moment }
    throw CLIProblem(
      .usage,
      Term(
        en: "A day (2026-03-31) or a moment (2026-03-31T12:00:00Z) was expected.",
        fi: "Odotettiin päivää (2026-03-31) tai hetkeä (2026-03-31T12:00:00Z)."),
      at: option)
  }
}

extension LocalTime {
  /// The day, YYYY-MM-DD.
  fileprivate var isoDay: String {
    func padded(_ number: Int, to digits: Int) -> String {
      let text = String(number)
      return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
    }
    return [padded(year, to: 4), padded(month, to: 2), padded(day, to: 2)].joined(separator: "-")
  }
}

extension ProtoTimestamp {
  /// A moment as people write one; nil for what is none.
  ///
  /// - Parameters:
  ///   - text: `YYYY-MM-DD` or RFC 3339.
  ///   - timeOfDay: of a day that is given alone, in UTC.
  fileprivate init?(written text: String, timeOfDay: String) {
    // Ten characters are a day: YYYY-MM-DD.
    let json = text.utf8.count == 10 ? "\"\(text)T\(timeOfDay)Z\"" : "\"\(text)\""
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C }),
      let moment = try? ProtoTimestamp(jsonString: json)
    else { return nil }
    self = moment
  }
}
