/// The language in which the server says what it found.
public enum SentenceLanguage: Sendable, Hashable, CaseIterable {
  case english, finnish

  /// - Parameter code: "fi" for Finnish; anything else, and nothing, is English.
  public init(code: String) { self = code == "fi" ? .finnish : .english }

  /// BCP 47.
  public var code: String { self == .finnish ? "fi" : "en" }

  /// One of two wordings.
  func say(_ english: @autoclosure () -> String, _ finnish: @autoclosure () -> String) -> String {
    self == .finnish ? finnish() : english()
  }
}

/// Numbers and days as people of a language write them.
struct LocalText: Sendable {
  let language: SentenceLanguage

  init(_ language: SentenceLanguage) { self.language = language }

  /// Digits behind the decimal separator at most: what is measured at a customer is not known more finely.
  static let mostDecimals = 3

  /// Beyond this a double no longer holds every thousandth; such a number is shown as the machine writes it.
  static let largestGrouped = 1e12

  /// A number, rounded, without zeros at the end: "12,500.5", in Finnish "12 500,5".
  func number(_ value: Double, decimals: Int = LocalText.mostDecimals) -> String {
    guard value.isFinite else { return "–" }
    guard abs(value) < Self.largestGrouped else { return "\(value)" }
    var scale: Int64 = 1
    for _ in 0..<max(0, min(decimals, Self.mostDecimals)) { scale *= 10 }
    let scaled = Int64((abs(value) * Double(scale)).rounded())
    var fraction = String(scaled % scale + scale).dropFirst()
    while fraction.last == "0" { fraction.removeLast() }
    let sign = value < 0 && scaled > 0 ? "\u{2212}" : ""
    let whole = grouped(scaled / scale)
    return sign + whole + (fraction.isEmpty ? "" : language.say(".", ",") + fraction)
  }

  private func grouped(_ value: Int64) -> String {
    let digits = Array(String(value))
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text += language.say(",", "\u{A0}") }
      text.append(digit)
    }
    return text
  }

  /// "85%", in Finnish "85 %".
  func percent(_ value: Double) -> String { number(value, decimals: 0) + language.say("%", "\u{A0}%") }

  /// A day: "2026-03-31", in Finnish "31.3.2026".
  ///
  /// - Parameter date: YYYY-MM-DD; anything else comes back as it is.
  func day(_ date: String) -> String {
    guard language == .finnish else { return date }
    let parts = date.split(separator: "-")
    guard parts.count == 3, let month = Int(parts[1]), let day = Int(parts[2]) else { return date }
    return "\(day).\(month).\(parts[0])"
  }
}
