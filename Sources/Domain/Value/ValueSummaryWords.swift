internal import PunosMessages

/// The words of a value summary in a language.
struct ValueSummaryWords: Sendable {
  let language: SentenceLanguage
  let text: LocalText

  init(_ language: SentenceLanguage) {
    self.language = language
    text = LocalText(language)
  }

  var title: String { language.say("Value summary", "Arvoyhteenveto") }
  var people: String { language.say("For", "Vastaanottajat") }
  var statement: String { language.say("What matters to you", "Mikä teille on tärkeää") }
  var nothing: String {
    language.say("Nothing has been agreed on yet.", "Vielä ei ole sovittu mistään.")
  }
  var baseline: String { language.say("Before", "Lähtötaso") }
  var promised: String { language.say("Agreed", "Sovittu") }
  var realised: String { language.say("Now", "Nyt") }
  var totalLabel: String { language.say("Realised so far, a year", "Toteutunut tähän mennessä vuodessa") }
  var footer: String {
    language.say(
      "Statements are in your words. Progress is the way covered from the starting point to what was agreed.",
      "Arvot ovat teidän sanoillanne. Toteuma on kuljettu osuus matkasta lähtötasosta sovittuun.")
  }

  func subtitle(_ content: ValueSummaryContent) -> String {
    let day = text.day(content.date)
    guard !content.sender.isEmpty else { return day }
    return "\(content.sender) · \(day)"
  }

  func name(of rung: ValueDriver.Rung) -> String {
    switch rung {
    case .economic: language.say("economic", "taloudellinen")
    case .functional: language.say("functional", "toiminnallinen")
    case .emotional: language.say("emotional", "tunteisiin liittyvä")
    case .symbolic: language.say("symbolic", "symbolinen")
    case .ease: language.say("ease of business", "asioinnin helppous")
    case .individual: language.say("personal", "henkilökohtainen")
    case .inspirational: language.say("inspirational", "innoittava")
    default: ""
    }
  }

  func weight(_ weight: Double) -> String {
    let points = text.number(weight * 100, decimals: 0)
    return language.say("your weight \(points) of 100", "painonne \(points)/100")
  }

  func value(_ value: Double, _ item: ValueSummaryContent.Item) -> String {
    text.number(value) + (item.unit.isEmpty ? "" : " \(item.unit)")
  }

  func agreed(_ mark: ValueSummaryContent.Mark, _ item: ValueSummaryContent.Item) -> String {
    let shown = value(mark.value, item)
    guard !mark.date.isEmpty else { return shown }
    return shown + language.say(" by \(text.day(mark.date))", ", \(text.day(mark.date)) mennessä")
  }

  func measured(_ point: ValueRealisation.Point, _ item: ValueSummaryContent.Item) -> String {
    var told = "\(value(point.value, item)), \(text.day(point.date))"
    if !point.source.isEmpty { told += " (\(point.source))" }
    return told
  }

  func outcome(_ item: ValueSummaryContent.Item) -> String {
    switch item.outcome {
    case .noPromise: ""
    case .notMeasured: language.say("not measured yet", "ei vielä mitattu")
    case .onTheWay: language.say("on the way", "matkalla")
    case .realised: language.say("reached", "saavutettu")
    case .missed: language.say("not reached in time", "ei saavutettu ajoissa")
    }
  }

  func worth(_ money: Money) -> String {
    let amount = text.number(Self.amount(money), decimals: 0)
    let shown = language.say("\(money.currency) \(amount)", "\(amount) \(money.currency)")
    return language.say("worth \(shown) a year", "arvo \(shown) vuodessa")
  }

  static func amount(_ money: Money) -> Double { Double(money.units) + Double(money.nanos) / 1e9 }

  /// What has come true of all that has a worth, by currency, in the order of currencies. Over the promise counts as
  /// the promise: more was never reckoned.
  func totals(_ content: ValueSummaryContent) -> [String] {
    var totals: [String: (realised: Double, whole: Double)] = [:]
    for item in content.items {
      guard let worth = item.worth, item.outcome != .noPromise else { continue }
      let share = min(1, max(0, (item.realised.last?.percent ?? 0) / 100))
      let amount = Self.amount(worth)
      let known = totals[worth.currency] ?? (0, 0)
      totals[worth.currency] = (known.realised + share * amount, known.whole + amount)
    }
    return totals.sorted { $0.key < $1.key }.map { currency, total in
      let realised = text.number(total.realised, decimals: 0)
      let whole = text.number(total.whole, decimals: 0)
      return language.say("\(currency) \(realised) of \(whole)", "\(realised) / \(whole) \(currency)")
    }
  }
}
