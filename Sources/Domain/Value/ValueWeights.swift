internal import FieldFormats
private import Glibc
public import PunosMessages

/// What several voices say something weighs, on a day.
public struct WeightOfVoices: Sendable, Hashable {
  /// A voice's latest word.
  public struct Word: Sendable, Hashable {
    /// A role, or a team; empty: not said.
    public var voice: String
    public var weight: Double
    /// YYYY-MM-DD.
    public var date: String
  }

  /// Each voice's latest word, the heaviest first.
  public var words: [Word]

  /// Each voice counts once, with the last it said on the day or before.
  ///
  /// - Parameters:
  ///   - weights: in any order. Of two of one voice and day, which is refused when written, the heavier counts.
  ///   - date: the day asked about, YYYY-MM-DD.
  /// - Returns: nil where nobody had said anything by then.
  public init?(_ weights: [ValueDriver.Weight], on date: String) {
    var latest: [String: Word] = [:]
    for weight in weights {
      guard let value = weight.weight, value.isFinite, !weight.date.isEmpty, weight.date <= date else { continue }
      let word = Word(voice: weight.voice, weight: min(1, max(0, value)), date: weight.date)
      if let known = latest[word.voice], (known.date, known.weight) >= (word.date, word.weight) { continue }
      latest[word.voice] = word
    }
    guard !latest.isEmpty else { return nil }
    words = latest.values.sorted { ($1.weight, $0.voice) < ($0.weight, $1.voice) }
  }

  /// The mean of the voices, 0 to 1. Summed in one order, whatever the order they came in.
  public var mean: Double { words.reduce(0) { $0 + $1.weight } / Double(max(1, words.count)) }

  /// The heaviest less the lightest, 0 to 1.
  public var spread: Double { (words.first?.weight ?? 0) - (words.last?.weight ?? 0) }

  /// The day of the newest word.
  public var newest: String { words.map(\.date).max() ?? "" }

  /// How much the words still tell on a day: 1 on the day of the newest, half after ``halfLife`` days.
  public func freshness(on date: String) -> Double {
    guard let then = CalendarDate(newest), let now = CalendarDate(date) else { return 0 }
    let age = Double(max(0, now.daysSince1970 - then.daysSince1970))
    return exp2(-age / Self.halfLife)
  }

  /// In days: what weighs most changes with the customer's strategy, about every year and a half.
  static let halfLife = 540.0
}

/// What voices said, in words.
public struct WeightSentences: Sendable {
  private let language: SentenceLanguage
  private let text: LocalText

  public init(_ language: SentenceLanguage) {
    self.language = language
    text = LocalText(language)
  }

  /// A word of the customer's.
  public func customer(_ word: WeightOfVoices.Word) -> String {
    let voice = word.voice.isEmpty ? language.say("the customer", "asiakas") : word.voice
    let weight = text.number(word.weight, decimals: 2)
    return "\(voice): \(weight), \(text.day(word.date))"
  }

  /// A guess of ours.
  public func guess(_ word: WeightOfVoices.Word) -> String {
    let weight = text.number(word.weight, decimals: 2)
    return language.say("our guess (\(word.voice))", "arviomme (\(word.voice))") + ": \(weight), \(text.day(word.date))"
  }
}
