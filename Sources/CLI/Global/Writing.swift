internal import Glibc
internal import PunosMessages
internal import Terminal

/// Moments, numbers and amounts as people write them in a language.
struct Writing: Sendable {
  let language: Language
  /// Numbers and dates by the language's habits.
  let format: LocaleFormat
  /// Seconds since 1970, taken once so that one page has one "now".
  let now: Int64

  init(_ language: Language, now: Int64 = Int64(time(nil))) {
    self.language = language
    self.now = now
    format = LocaleFormat(language)
  }

  /// A moment in local time to the minute.
  func full(_ moment: ProtoTimestamp?) -> String { moment.map { format.moment($0.seconds) } ?? "" }

  /// How long ago a moment was, roughly.
  func ago(_ moment: ProtoTimestamp?) -> String { moment.map { format.relative($0.seconds, now: now) } ?? "" }

  /// The time of day of a moment, to the second.
  func clock(_ moment: ProtoTimestamp?) -> String {
    guard let moment else { return "" }
    let time = LocalTime(seconds: moment.seconds)
    return [time.hour, time.minute, time.second].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
  }

  /// An amount: millions with a decimal where it is large, whole units otherwise.
  func money(_ money: Money) -> String {
    let currency = money.currency == "EUR" ? "€" : money.currency
    let million: Int64 = 1_000_000
    if money.units.magnitude >= million.magnitude {
      let tenths = money.units / (million / 10)
      let text = format.number(Double(tenths) / 10, decimals: tenths % 10 == 0 ? 0 : 1)
      return "\(text) M\(currency)"
    }
    let exact = format.number(
      Double(money.units) + Double(money.nanos) / 1e9, decimals: money.nanos == 0 ? 0 : 2)
    return "\(exact) \(currency)"
  }
}
