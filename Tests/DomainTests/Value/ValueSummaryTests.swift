import PunosMessages
import Testing

@testable import Domain

@Suite struct ValueSummaryTests {
  static func content(
    _ drivers: [ValueDriver], people: [ValueSummaryContent.Person] = [], hidden: [String] = [],
    language: SentenceLanguage = .english
  ) -> ValueSummaryContent {
    ValueSummaryContent(
      customer: "Kuura Konepaja", sender: "Our Company", date: "2026-08-01", language: language, people: people, drivers: drivers,
      redactor: NameRedactor(names: hidden, allowed: people.map(\.name), language: language))
  }

  /// One with everything that must not leave the house.
  static func guarded() -> ValueDriver {
    var driver = ValueLadderTests.downtime()
    driver.statement = "Machines run when we need them"
    driver.customerWeights = [ValueLadderTests.weight(0.9, "2026-07-01", "plant manager")]
    driver.customerWeights[0].note = "NOTE"
    driver.guesses = [ValueLadderTests.weight(0.37, "2026-07-01", "GUESSTEAM")]
    driver.guesses[0].note = "GUESSNOTE"
    driver.position = .price
    driver.description = "DESCRIPTION"
    driver.confidence = 0.123
    var evidence = Evidence()
    evidence.text = "EVIDENCE"
    evidence.principal = "aino.virtanen"
    driver.evidence = [evidence]
    var worth = Money()
    worth.currency = "EUR"
    worth.units = 120_000
    driver.yearlyWorth = worth
    return driver
  }

  @Test(arguments: SentenceLanguage.allCases)
  func nothingInternalIsInASummary(_ language: SentenceLanguage) {
    let content = Self.content([Self.guarded()], language: language)
    for text in [content.markdown(), content.html()] {
      let secrets = ["NOTE", "GUESS", "37", "DESCRIPTION", "EVIDENCE", "123", "aino.virtanen", "valueDrivers", "plant manager"]
      for secret in secrets { #expect(!text.contains(secret), "\(secret) in \(text)") }
      #expect(text.contains("Machines run when we need them"))
    }
  }

  @Test func theSummarySaysWhatWasAgreedAndWhatCameOfIt() {
    let english = Self.content([Self.guarded()]).markdown()
    #expect(english.contains("Before: 40 h/month"))
    #expect(english.contains("Agreed: 10 h/month by 2026-06-30"))
    #expect(english.contains("Now: 8 h/month, 2026-07-10 – **107%**, reached"))
    #expect(english.contains("your weight 90 of 100 · worth EUR 120,000 a year"))
    #expect(english.contains("Realised so far, a year: EUR 120,000 of 120,000"))
    let finnish = Self.content([Self.guarded()], language: .finnish).markdown()
    #expect(finnish.contains("Sovittu: 10 h/month, 30.6.2026 mennessä"))
    #expect(finnish.contains("120\u{A0}000 EUR"))
  }

  @Test func theInternalAndTheIndividualStayAtHome() {
    var marked = ValueLadderTests.driver("marked")
    marked.sharing = .internal
    var career = ValueLadderTests.driver("career")
    career.rung = .individual
    var shared = ValueLadderTests.driver("shared")
    shared.rung = .individual
    shared.sharing = .shared
    let content = Self.content([marked, career, shared, ValueLadderTests.driver("plain")])
    #expect(Set(content.items.map(\.statement)) == ["shared", "plain"])
    #expect(content.omissions == [marked.name: .marked, career.name: .individual])
  }

  @Test func theHeaviestComeFirstAndTheRestIsSaidToBeLeftOut() {
    let drivers = (0..<16).map { index in
      ValueLadderTests.driver("d\(index)", customer: [ValueLadderTests.weight(Double(index) / 20, "2026-01-01")])
    }
    let content = Self.content(drivers)
    #expect(content.items.count == ValueSummaryContent.mostItems)
    #expect(content.items.first?.statement == "d15")
    #expect(content.omissions.values.allSatisfy { $0 == .noRoom } && content.omissions.count == 4)
  }

  @Test func longOnesLeaveRoomForFewerAndAllFitWhereTheyAreShort() {
    func count(_ statement: String) -> Int {
      Self.content(
        (0..<12).map { index in
          var driver = Self.guarded()
          driver.name = "accounts/a/valueDrivers/\(index)"
          driver.statement = statement
          return driver
        }
      ).items.count
    }
    #expect(count("Machines run") == 12)
    #expect((4...8).contains(count(String(repeating: "word ", count: 60))))
  }

  @Test func nobodyIsNamedWhoWasNotAskedFor() {
    var driver = Self.guarded()
    driver.statement = "Liisa Korhonen says Pekka Virtasen line stops; mail matti@example.com or +358 40 123 4567"
    driver.realised[0].source = "korhonen's report"
    let liisa = ValueSummaryContent.Person(name: "Liisa Korhonen", title: "COO")
    let all = Self.content([driver], hidden: ["Liisa Korhonen", "Pekka Virtanen", "Pekka Virtasen"])
    let text = all.markdown()
    for secret in ["Liisa", "orhonen", "Pekka", "matti", "123 4567"] { #expect(!text.contains(secret), "\(secret)") }
    #expect(all.namesRemoved == 5)
    let named = Self.content([driver], people: [liisa], hidden: ["Pekka Virtasen"]).markdown()
    #expect(named.contains("Liisa Korhonen says") && named.contains("For: Liisa Korhonen, COO"))
    #expect(!named.contains("Pekka"))
  }

  @Test func numbersThatAreNoPhonesStay() {
    let redactor = NameRedactor(names: ["Al"], allowed: [], language: .english)
    let text = "From 1 200 000 to 0.5 by 2026-06-30, order 40123456, also at 3 @ 5, alpha"
    #expect(redactor.clean(text).text == text)
  }

  @Test func whatPeopleWroteIsNoMarkup() {
    var driver = ValueLadderTests.driver("<script>alert(1)</script> & [x](http://e) **b** | # \n## fake")
    driver.metric = "\"><img src=x>"
    driver.baseline = ValueLadderTests.mark(1, "2026-01-01")
    let content = Self.content([driver])
    let html = content.html()
    #expect(!html.contains("<script") && !html.contains("<img"))
    #expect(html.contains("&lt;script&gt;"))
    let markdown = content.markdown()
    #expect(!markdown.contains("\n## fake") && markdown.contains("\\<script") && markdown.contains("\\*\\*b\\*\\*"))
  }

  @Test func anEmptySummarySaysSo() {
    #expect(Self.content([], language: .finnish).markdown().contains("Vielä ei ole sovittu"))
    #expect(Self.content([]).html().contains("Nothing has been agreed"))
  }

  @Test func numbersAreWrittenAsTheLanguageWritesThem() {
    #expect(LocalText(.english).number(-1234567.8) == "\u{2212}1,234,567.8")
    #expect(LocalText(.finnish).number(1234.5678) == "1\u{A0}234,568")
    #expect(LocalText(.finnish).day("2026-06-30") == "30.6.2026")
    #expect(LocalText(.english).number(.nan) == "–")
    #expect(LocalText(.english).number(-0.0001) == "0")
    #expect(LocalText(.english).number(1e300) == "1e+300")
  }
}
