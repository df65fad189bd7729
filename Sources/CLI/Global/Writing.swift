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
  /// What people call records that others refer to, by their names.
  var titles: [String: String] = [:]

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

  /// A record as people call it, where that is known, else by its short name.
  func called(_ name: String) -> String { titles[name] ?? RecordNames.short(name) }

  /// Amounts one under the other, the largest first, without those that are nothing; none of them breaks at a line's end.
  func amounts(_ amounts: [Money]) -> String {
    amounts.filter { $0.units != 0 || $0.nanos != 0 }
      .sorted { ($0.units, $0.nanos) > ($1.units, $1.nanos) }
      .map { String(money($0).map { $0 == " " ? "\u{A0}" : $0 }) }
      .joined(separator: "\n")
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

extension Money {
  /// The amount exactly, as programs read it: `-1234.5`.
  var plain: String {
    let isNegative = units < 0 || nanos < 0
    let digits = String(nanos.magnitude)
    var fraction = String(repeating: "0", count: max(0, Self.fractionDigits - digits.utf8.count)) + digits
    while fraction.hasSuffix("0") { fraction.removeLast() }
    return (isNegative ? "-" : "") + String(units.magnitude) + (fraction.isEmpty ? "" : "." + fraction)
  }

  /// Digits of a unit's smallest part.
  private static let fractionDigits = 9
}

/// Amounts in columns, one for each currency, as spreadsheets and programs add them up.
struct AmountColumns {
  private let currencies: [String]

  /// - Parameter amounts: all that there are.
  init(_ amounts: some Sequence<Money>) { currencies = Set(amounts.map(\.currency)).sorted() }

  /// The columns' names, `won_value_EUR`.
  func keys(_ name: String) -> [String] { currencies.map { "\(name)_\($0)" } }

  /// The amounts exactly, empty where there is none of a currency.
  func values(_ amounts: [Money]) -> [String] {
    currencies.map { currency in amounts.first { $0.currency == currency }?.plain ?? "" }
  }
}
