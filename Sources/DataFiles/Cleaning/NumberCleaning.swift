/// A decimal number with exact digits.
public struct ExactDecimal: Sendable, Hashable, CustomStringConvertible {
  /// Whether it is below zero.
  public var isNegative: Bool
  /// The digits before the mark, without leading zeros; `0` where there are none.
  public var whole: String
  /// The digits behind the mark, without trailing zeros.
  public var fraction: String

  /// Most digits on either side: beyond every amount of money, and within 18 digits arithmetic cannot overflow.
  public static let mostDigits = 18

  /// Reads digits with an optional minus and point; nil for anything else and for numbers with too many digits.
  public init?(_ text: some StringProtocol) {
    var rest = Substring(text)
    isNegative = rest.hasPrefix("-")
    if isNegative { rest = rest.dropFirst() }
    let parts = rest.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let fractionPart = parts.count == 2 ? parts[1] : ""
    guard let wholePart = parts.first, !wholePart.isEmpty || !fractionPart.isEmpty,
      parts.count == 1 || !fractionPart.isEmpty,
      wholePart.utf8.allSatisfy({ $0 &- 0x30 < 10 }), fractionPart.utf8.allSatisfy({ $0 &- 0x30 < 10 })
    else { return nil }
    let wholeDigits = wholePart.drop { $0 == "0" }
    guard wholeDigits.utf8.count <= Self.mostDigits, fractionPart.utf8.count <= Self.mostDigits else { return nil }
    whole = wholeDigits.isEmpty ? "0" : String(wholeDigits)
    var trimmed = fractionPart
    while trimmed.hasSuffix("0") { trimmed = trimmed.dropLast() }
    fraction = String(trimmed)
    if whole == "0", fraction.isEmpty { isNegative = false }
  }

  /// The number times a power of ten.
  ///
  /// - Returns: nil when the result has too many digits.
  public func shifted(by power: Int) -> ExactDecimal? {
    guard (0...Self.mostDigits).contains(power) else { return nil }
    let moved = fraction.prefix(power)
    let zeros = String(repeating: "0", count: power - moved.utf8.count)
    let rest = fraction.dropFirst(power)
    return ExactDecimal("\(isNegative ? "-" : "")\(whole)\(moved)\(zeros)\(rest.isEmpty ? "" : ".")\(rest)")
  }

  /// `-1234.5`
  public var description: String { "\(isNegative ? "-" : "")\(whole)\(fraction.isEmpty ? "" : ".")\(fraction)" }
}

extension Cleaning {
  /// Reads a number as a place writes it: `1 234,5`, `1.234,50`, `(1,234)`, `−5`.
  ///
  /// A number that the locale would not write so is left as it is: a wrong mark turns a thousand into one.
  ///
  /// - Returns: the number with a point, without groups.
  public static func number(_ value: String, locale: DataLocale) -> Cleaned {
    guard let number = readNumber(value, locale: locale) else {
      return .left(value, "not a number as \(locale.tag) writes them")
    }
    let text = number.description
    return Cleaned(text, notes: text == value ? [] : [CleaningNote(.number, "read as \(locale.tag) writes numbers")])
  }

  /// Reads a whole number as a place writes it; a fraction other than zero is left as it is.
  public static func integer(_ value: String, locale: DataLocale) -> Cleaned {
    guard let number = readNumber(value, locale: locale), number.fraction.isEmpty else {
      return .left(value, "not a whole number as \(locale.tag) writes them")
    }
    let text = number.description
    return Cleaned(text, notes: text == value ? [] : [CleaningNote(.number, "read as \(locale.tag) writes numbers")])
  }

  static func readNumber(_ value: String, locale: DataLocale) -> ExactDecimal? {
    guard value.utf8.count <= 64 else { return nil }
    var text = DataText.trimmed(value)
    var negative = false
    if text.hasPrefix("("), text.hasSuffix(")") {
      negative = true
      text = String(text.dropFirst().dropLast())
    }
    if let first = text.first, "-−–+".contains(first) {
      negative = negative || first != "+"
      text = DataText.trimmed(String(text.dropFirst()))
    } else if text.hasSuffix("-") {
      negative = true
      text = String(text.dropLast())
    }
    let halves = text.split(separator: locale.decimalMark, omittingEmptySubsequences: false)
    guard halves.count <= 2, let whole = halves.first.flatMap({ ungrouped($0, locale) }) else { return nil }
    let fraction = halves.count == 2 ? String(halves[1]) : ""
    if halves.count == 2, fraction.isEmpty { return nil }
    return ExactDecimal("\(negative ? "-" : "")\(whole)\(fraction.isEmpty ? "" : ".")\(fraction)")
  }

  /// The digits of a whole number whose groups, if it has any, all have three digits but the first.
  private static func ungrouped(_ text: Substring, _ locale: DataLocale) -> String? {
    if text.utf8.allSatisfy({ $0 &- 0x30 < 10 }) { return String(text) }
    func isGroupMark(_ character: Character) -> Bool {
      locale.groupMarks.contains(character) || character == "'" || character == "’"
        || character.unicodeScalars.allSatisfy(DataText.isBlank)
    }
    let groups = text.split(omittingEmptySubsequences: false, whereSeparator: isGroupMark)
    let marks = Set(text.filter(isGroupMark))
    guard marks.count == 1, let first = groups.first, (1...3).contains(first.utf8.count),
      groups.dropFirst().allSatisfy({ $0.utf8.count == 3 }),
      groups.allSatisfy({ $0.utf8.allSatisfy { $0 &- 0x30 < 10 } })
    else { return nil }
    return groups.joined()
  }

  /// Currency signs that mean one currency wherever they stand; `$` and `kr` do not.
  private static let currencySigns: [(String, String)] = [
    ("€", "EUR"), ("£", "GBP"), ("US$", "USD"), ("zł", "PLN"), ("₽", "RUB"), ("₹", "INR"), ("₺", "TRY"), ("₴", "UAH"),
    ("euroa", "EUR"), ("euro", "EUR"), ("eur", "EUR"),
  ]

  /// Words for thousands and more, behind an amount, and their powers of ten.
  private static let multipliers: [(String, Int)] = [
    ("milj.", 6), ("milj", 6), ("miljoonaa", 6), ("million", 6), ("mio", 6), ("meur", 6), ("mn", 6), ("m", 6),
    ("mrd", 9), ("mrd.", 9), ("miljardia", 9), ("billion", 9), ("bn", 9), ("tuhatta", 3), ("keur", 3), ("teur", 3),
    ("t", 3), ("k", 3),
  ]

  /// An amount and what it is an amount of.
  public struct Amount: Sendable, Hashable {
    /// The number, exact.
    public var number: ExactDecimal
    /// ISO 4217; nil when the text does not say.
    public var currency: String?
  }

  /// Reads an amount of money: `1 234,50 €`, `EUR 1,2 milj.`, `$5k` (whose currency stays open), `3.2 MEUR`.
  ///
  /// - Returns: nil when the number or the words around it are not understood in the locale.
  public static func amount(_ value: String, locale: DataLocale) -> Amount? {
    guard value.utf8.count <= 80 else { return nil }
    let text = DataText.trimmed(value)
    guard let firstDigit = text.firstIndex(where: { $0.isASCII && $0.isNumber }),
      let lastDigit = text.lastIndex(where: { $0.isASCII && $0.isNumber })
    else { return nil }
    var before = DataText.trimmed(String(text[..<firstDigit]))
    var after = DataText.trimmed(String(text[text.index(after: lastDigit)...]))
    var body = String(text[firstDigit...lastDigit])
    if before.hasSuffix("-") || before.hasSuffix("−") {
      body = "-" + body
      before = DataText.trimmed(String(before.dropLast()))
    }
    if before.hasPrefix("("), after.hasSuffix(")") {
      body = "-" + body
      before = DataText.trimmed(String(before.dropFirst()))
      after = DataText.trimmed(String(after.dropLast()))
    }
    if after.hasPrefix(",-") || after.hasPrefix(":-") { after = DataText.trimmed(String(after.dropFirst(2))) }
    guard var number = readNumber(body, locale: locale) else { return nil }
    var currency: String?
    for words in [before, after] {
      guard let understood = unit(words) else { return nil }
      if let power = understood.power {
        guard let shifted = number.shifted(by: power) else { return nil }
        number = shifted
      }
      if let code = understood.currency {
        guard currency == nil || currency == code else { return nil }
        currency = code
      }
    }
    return Amount(number: number, currency: currency)
  }

  /// What the words beside an amount mean; nil when they mean nothing known.
  private static func unit(_ words: String) -> (currency: String?, power: Int?)? {
    var rest = words
    var currency: String?
    if rest.isEmpty { return (nil, nil) }
    if let code = currencyCode(rest) { return (code, nil) }
    let lower = rest.lowercased()
    if lower == "meur" { return ("EUR", 6) }
    if lower == "keur" || lower == "teur" { return ("EUR", 3) }
    for part in rest.split(separator: " ") {
      if let code = currencyCode(String(part)) {
        currency = code
        rest = DataText.trimmed(rest.split(separator: " ").filter { $0 != part }.joined(separator: " "))
        break
      }
    }
    for (sign, code) in currencySigns where currency == nil && rest.lowercased().hasSuffix(sign.lowercased()) {
      currency = code
      rest = DataText.trimmed(String(rest.dropLast(sign.count)))
    }
    if rest.hasPrefix("$") || rest.hasPrefix("kr") { rest = DataText.trimmed(String(rest.drop { "$kr.".contains($0) })) }
    if rest.isEmpty { return (currency, nil) }
    guard let power = multipliers.first(where: { $0.0 == rest.lowercased() })?.1 else { return nil }
    return (currency, power)
  }

  static func currencyCode(_ text: String) -> String? {
    if let sign = currencySigns.first(where: { $0.0.lowercased() == text.lowercased() }) { return sign.1 }
    return CurrencyCodes.canonical(text)
  }

  /// Writes a currency as ISO 4217 from a code or a sign that means one currency only.
  public static func currency(_ value: String) -> Cleaned {
    guard let code = currencyCode(DataText.trimmed(value)) else {
      return .left(value, "not a currency's code, nor a sign that one currency only has")
    }
    return Cleaned(code, notes: code == value ? [] : [CleaningNote(.money, "“\(value)” read as \(code)")])
  }
}
