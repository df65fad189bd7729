internal import Glibc
internal import PunosMessages

/// Moments and dates as people write them in a language.
struct Moments: Sendable {
  let language: Language
  /// Seconds since 1970, taken once so that one page has one "now".
  let now: Int64

  init(_ language: Language, now: Int64 = Int64(time(nil))) {
    self.language = language
    self.now = now
  }

  /// A moment in local time to the minute: `22.11.2026 23:42`, or `2026-11-22 23:42`.
  func full(_ moment: ProtoTimestamp?) -> String {
    guard let parts = local(moment) else { return "" }
    return date(parts) + " " + Self.two(parts.tm_hour) + ":" + Self.two(parts.tm_min)
  }

  /// The time of day of a moment, to the second.
  func clock(_ moment: ProtoTimestamp?) -> String {
    guard let parts = local(moment) else { return "" }
    return Self.two(parts.tm_hour) + ":" + Self.two(parts.tm_min) + ":" + Self.two(parts.tm_sec)
  }

  /// A calendar date `YYYY-MM-DD` as the language writes it; other text as it is.
  func date(_ text: String) -> String {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard language == .finnish, parts.count == 3, let month = Int(parts[1]), let day = Int(parts[2]) else { return text }
    return "\(day).\(month).\(parts[0])"
  }

  /// How long ago a moment was, roughly: `3 days ago`.
  func ago(_ moment: ProtoTimestamp?) -> String {
    guard let moment else { return "" }
    let (seconds, isPast) = moment.seconds <= now ? (now &- moment.seconds, true) : (moment.seconds &- now, false)
    if seconds < 45 { return language.say(en: "just now", fi: "juuri nyt") }
    let steps: [(Int64, String, String, String)] = [
      (60, "minute", "minuutti", "minuuttia"), (3600, "hour", "tunti", "tuntia"),
      (86_400, "day", "päivä", "päivää"), (30 * 86_400, "month", "kuukausi", "kuukautta"),
      (365 * 86_400, "year", "vuosi", "vuotta"),
    ]
    let step = steps.last { seconds >= $0.0 } ?? steps[0]
    let count = max(1, seconds / step.0)
    switch language {
    case .english:
      let unit = count == 1 ? step.1 : step.1 + "s"
      return isPast ? "\(count) \(unit) ago" : "in \(count) \(unit)"
    case .finnish:
      let unit = count == 1 ? step.2 : step.3
      return isPast ? "\(count) \(unit) sitten" : "\(count) \(unit) kuluttua"
    }
  }

  private func local(_ moment: ProtoTimestamp?) -> tm? {
    guard let moment else { return nil }
    var seconds = time_t(moment.seconds)
    var parts = tm()
    guard localtime_r(&seconds, &parts) != nil else { return nil }
    return parts
  }

  private func date(_ parts: tm) -> String {
    let year = Int(parts.tm_year) + 1900
    let month = Int(parts.tm_mon) + 1
    switch language {
    case .english: return "\(year)-" + Self.two(Int32(month)) + "-" + Self.two(parts.tm_mday)
    case .finnish: return "\(parts.tm_mday).\(month).\(year)"
    }
  }

  private static func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

/// Numbers as people write them in a language.
struct Numbers: Sendable {
  let language: Language

  /// A whole number with its thousands apart.
  func whole(_ value: Int64) -> String {
    let digits = Array(String(value.magnitude))
    var text = value < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text += language == .finnish ? "\u{A0}" : "," }
      text.append(digit)
    }
    return text
  }

  /// An amount: millions where it is large, whole units otherwise.
  func money(_ money: Money) -> String {
    let currency = money.currency == "EUR" ? "€" : money.currency
    let comma = language == .finnish ? "," : "."
    let million: Int64 = 1_000_000
    if money.units.magnitude >= million.magnitude {
      let tenths = money.units / (million / 10)
      let fraction = (tenths % 10).magnitude
      let text = whole(tenths / 10) + (fraction == 0 ? "" : comma + "\(fraction)")
      return language.say(en: "\(text) M\(currency)", fi: "\(text) M\(currency)")
    }
    let cents = (money.nanos / 10_000_000).magnitude
    return whole(money.units) + (cents == 0 ? "" : comma + (cents < 10 ? "0\(cents)" : "\(cents)")) + " " + currency
  }

  /// A share of one as per cent.
  func share(_ share: Double) -> String {
    guard share.isFinite, share >= 0, share <= 1 else { return "" }
    let tenths = Int((share * 1000).rounded())
    let comma = language == .finnish ? "," : "."
    let text = tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10)\(comma)\(tenths % 10)"
    return language.say(en: "\(text)%", fi: "\(text) %")
  }
}
