internal import FieldFormats

/// One thing that is done to a column's values, as mapping files name it behind a `|`.
public enum CleaningStep: Sendable, Hashable {
  /// Blanks and words for "nothing" only.
  case text
  /// As `text`, but line breaks are kept.
  case multiline
  /// A postal address's lines, split at line breaks.
  case lines
  /// Several values, split at semicolons, commas or vertical bars.
  case tags
  /// A company's name: kept as it is written, its legal form too, because that may be how it is registered.
  case company
  /// A whole number by the locale.
  case integer
  /// A number by the locale.
  case number
  /// An amount of money by the locale, with its currency when it says one.
  case money
  /// A date by the locale.
  case date
  /// A date by the locale, with its time of day.
  case moment
  /// A telephone number, with the row's country.
  case phone
  /// A country by name or code.
  case country
  /// A currency by code or sign.
  case currency
  /// An account's status in the words of CRM systems.
  case status
  /// A contact's preferred channel in the words of CRM systems.
  case channel
  /// A format of ``FieldFormat``, by its name.
  case format(String)
  /// Lower case.
  case lower
  /// Upper case.
  case upper
  /// Every value times a power of ten: `times 1000000`.
  case times(power: Int)
  /// Certain values replaced by others: `replace technolgy=technology`.
  case replace([String: String])
  /// The record of a kind that has this name, this identifier or this external id: `lookup account`,
  /// `lookup account y_tunnus`, `lookup account maven`.
  case lookup(kind: String, system: String?)
  /// What stands for a value where the column is empty: `default "No account"`.
  case standIn(String)

  private static let plain: [String: CleaningStep] = [
    "text": .text, "multiline": .multiline, "lines": .lines, "tags": .tags, "company": .company,
    "name": .company,
    "integer": .integer, "number": .number, "money": .money, "date": .date, "moment": .moment,
    "phone": .phone, "country": .country,
    "currency": .currency, "status": .status, "channel": .channel, "lower": .lower, "upper": .upper,
  ]

  /// The step that words name; nil for words that name none.
  public init?(words: [String]) {
    guard let first = words.first else { return nil }
    if words.count == 1, let step = Self.plain[first] {
      self = step
    } else if words.count == 1, let format = FieldFormat(rawValue: first) {
      self = .format(format.rawValue)
    } else if first == "times", words.count == 2, words[1].hasPrefix("1"),
      words[1].dropFirst().allSatisfy({ $0 == "0" }),
      words[1].utf8.count <= ExactDecimal.mostDigits
    {
      self = .times(power: words[1].utf8.count - 1)
    } else if first == "lookup", words.count == 2 || words.count == 3 {
      self = .lookup(kind: words[1], system: words.count == 3 ? words[2] : nil)
    } else if first == "default", words.count >= 2 {
      self = .standIn(words.dropFirst().joined(separator: " "))
    } else if first == "replace", words.count >= 2 {
      var table: [String: String] = [:]
      for word in words.dropFirst() {
        let halves = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(
          String.init)
        guard halves.count == 2, !halves[0].isEmpty, table[halves[0]] == nil else { return nil }
        table[halves[0]] = halves[1]
      }
      self = .replace(table)
    } else {
      return nil
    }
  }

  /// The names of all steps, for messages.
  public static var names: [String] {
    (plain.keys + FieldFormat.allCases.map(\.rawValue) + ["times", "lookup", "replace", "default"]).sorted()
  }

  /// Does it.
  ///
  /// - Parameters:
  ///   - value: not empty.
  ///   - locale: how the file writes numbers and dates.
  ///   - country: the row's country, where known.
  func apply(_ value: String, locale: DataLocale, country: String?) -> Cleaned {
    switch self {
    case .text, .multiline, .lines, .tags, .company, .standIn: return Cleaned(value)
    case .lookup(_, let system):
      guard let system, Self.identifierTypes.contains(system) else { return Cleaned(value) }
      return Self.formatted(value, system)
    case .integer: return Cleaning.integer(value, locale: locale)
    case .number: return Cleaning.number(value, locale: locale)
    case .money:
      guard let amount = Cleaning.amount(value, locale: locale) else {
        return .left(value, "not an amount as \(locale.tag) writes them")
      }
      let text = amount.number.description + (amount.currency.map { " \($0)" } ?? "")
      return Cleaned(
        text, notes: text == value ? [] : [CleaningNote(.money, "amount read as \(locale.tag) writes it")])
    case .date: return Cleaning.date(value, locale: locale)
    case .moment: return Cleaning.moment(value, locale: locale)
    case .phone: return Cleaning.phone(value, country: country)
    case .country: return Cleaning.country(value)
    case .currency: return Cleaning.currency(value)
    case .status: return Self.word(value, Self.statuses, "a status: potential, current or former")
    case .channel:
      return Self.word(
        value, Self.channels, "a channel: email, phone, text_message, video, in_person, letter")
    case .format(let name): return Self.formatted(value, name)
    case .lower: return Self.changed(value, value.lowercased())
    case .upper: return Self.changed(value, value.uppercased())
    case .times(let power):
      let parts = value.split(separator: " ", maxSplits: 1)
      guard let first = parts.first, let number = ExactDecimal(first)?.shifted(by: power) else {
        return .left(value, "not a number that can be multiplied")
      }
      let text = number.description + (parts.count == 2 ? " \(parts[1])" : "")
      return Cleaned(
        text, notes: [CleaningNote(.money, "multiplied by 1\(String(repeating: "0", count: power))")])
    case .replace(let table):
      guard let replacement = table[value] else { return Cleaned(value) }
      return Cleaned(
        replacement.isEmpty ? nil : replacement,
        notes: [CleaningNote(.spelling, "“\(value)” replaced by the mapping")])
    }
  }

  /// What a lookup can find accounts by that is no external system.
  static let identifierTypes: Set<String> = ["y_tunnus", "vat", "lei", "duns", "domain"]

  private static func changed(_ value: String, _ text: String) -> Cleaned {
    Cleaned(text, notes: text == value ? [] : [CleaningNote(.format, "case changed")])
  }

  private static func formatted(_ value: String, _ name: String) -> Cleaned {
    guard let format = FieldFormat(rawValue: name) else { return .left(value, "no format is called \(name)") }
    guard let canonical = format.canonical(value) else {
      return .left(value, "expected \(format.problem(in: value) ?? "another form")")
    }
    return Cleaned(canonical, notes: canonical == value ? [] : [CleaningNote(.format, "written as \(name)")])
  }

  private static let statuses: [String: String] = [
    "potential": "potential", "prospect": "potential", "lead": "potential", "prospekti": "potential",
    "potentiaalinen": "potential", "mahdollinen": "potential", "liidi": "potential", "target": "potential",
    "current": "current", "customer": "current", "active": "current", "asiakas": "current",
    "nykyinen": "current",
    "aktiivinen": "current", "kund": "current", "customer direct": "current", "customer channel": "current",
    "client": "current", "evangelist": "current", "former": "former", "inactive": "former",
    "entinen": "former",
    "past customer": "former", "churned": "former", "lost": "former", "tidigare": "former",
  ]

  private static let channels: [String: String] = [
    "email": "email", "e mail": "email", "sahkoposti": "email", "e post": "email", "phone": "phone",
    "puhelin": "phone", "telefon": "phone", "mobile": "phone", "sms": "text_message",
    "text message": "text_message",
    "tekstiviesti": "text_message", "video": "video", "teams": "video", "in person": "in_person",
    "tapaaminen": "in_person", "meeting": "in_person", "letter": "letter", "mail": "letter",
    "kirje": "letter",
  ]

  private static func word(_ value: String, _ words: [String: String], _ expected: String) -> Cleaned {
    guard let word = words[DataText.folded(value)] else { return .left(value, "expected \(expected)") }
    return Cleaned(word, notes: word == value ? [] : [CleaningNote(.spelling, "“\(value)” read as \(word)")])
  }
}
