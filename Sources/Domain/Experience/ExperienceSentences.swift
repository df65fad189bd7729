internal import PunosMessages

/// What scores say in words.
public struct ExperienceSentences: Sendable {
  private let language: SentenceLanguage
  private let text: LocalText

  public init(_ language: SentenceLanguage) {
    self.language = language
    text = LocalText(language)
  }

  /// A score with its bounds, and a warning where it rests on too little.
  public func sentence(_ tally: ScoreTally) -> String {
    guard let score = tally.score else { return language.say("No answers.", "Ei vastauksia.") }
    let decimals = tally.measure == .ces ? 1 : 0
    let shown = text.number(score, decimals: decimals) + (tally.measure == .csat ? language.say("%", "\u{A0}%") : "")
    var sentence = "\(tally.measure.word) \(shown)"
    if let interval = tally.interval {
      let low = text.number(interval.low, decimals: decimals)
      let high = text.number(interval.high, decimals: decimals)
      sentence += language.say(" (95%: \(low) to \(high))", " (95\u{A0}%: \(low) … \(high))")
    }
    let count = tally.responses
    sentence += language.say(
      count == 1 ? " from 1 answer." : " from \(count) answers.",
      count == 1 ? ", 1 vastaus." : ", \(count) vastausta.")
    if tally.isSmall {
      sentence += language.say(
        " A small sample (under \(ConfidenceIntervals.smallSample)): a hint, no verdict.",
        " Pieni otos (alle \(ConfidenceIntervals.smallSample)): suuntaa antava, ei tuomio.")
    }
    return sentence
  }

  /// A gap between expectation and experience.
  public func sentence(_ place: GapPlace, _ tally: GapTally) -> String {
    let name = [place.touchpoint, place.stage].filter { !$0.isEmpty }.joined(separator: ", ")
    let where_ = name.isEmpty ? language.say("Place not said", "Paikkaa ei sanottu") : name
    guard let gap = tally.gap, let expected = tally.meanExpectation, let experienced = tally.meanExperience else {
      return where_ + language.say(
        ": nobody said what had been expected; ask for it beside the score.",
        ": kukaan ei kertonut odotustaan; kysy sitä arvosanan rinnalla.")
    }
    let numbers = "\(text.number(experienced, decimals: 2)) / \(text.number(expected, decimals: 2))"
    let isClear = tally.interval.map { !$0.contains(0) } ?? false
    let verdict: String
    switch (gap, isClear) {
    case (..<0, true): verdict = language.say("we disappoint", "petämme odotukset")
    case (0.0000001..., true): verdict = language.say("we do better than expected", "ylitämme odotukset")
    default: verdict = language.say("no difference that could not be chance", "ero voi olla sattumaa")
    }
    return where_ + language.say(
      ": \(verdict) (experience / expectation \(numbers), \(tally.compared) compared).",
      ": \(verdict) (kokemus / odotus \(numbers), verrattu \(tally.compared)).")
  }

  /// Why an answer widens a gap.
  public func sentence(_ shortfall: GapTally.Shortfall) -> String {
    language.say(
      "expected \(shortfall.expected), gave \(shortfall.score)", "odotti \(shortfall.expected), antoi \(shortfall.score)")
  }
}
