import Domain
import PunosMessages
import Testing

@Suite struct NextQuestionsTests {
  private func questions(
    _ facts: [Fact], people: [Askable] = [], teams: [String] = ["sales", "delivery"], limit: Int = 30
  ) -> [NextQuestion] {
    NextQuestions.questions(
      facts, UnderstandingScore.dimensions(facts, at: Samples.now), people: people, teams: teams,
      limit: limit,
      at: Samples.now)
  }

  private func gap(_ fact: Fact) -> NextQuestion.Gap? {
    questions([fact]).first { $0.topic == fact.topic }?.gap
  }

  @Test func ofAnUnknownCustomerEveryTopicIsAsked() {
    let all = questions([])
    #expect(all.count == Topic.allCases.count - 1)
    #expect(all.allSatisfy { $0.gap == .unknown && $0.value > 0 })
  }

  @Test func theQuestionWorthMostComesFirst() {
    let values = questions([Samples.fact()]).map(\.value)
    #expect(values == values.sorted(by: >))
    #expect(questions([], limit: 3).count == 3)
  }

  @Test func everyQuestionIsAskedInBothLanguages() {
    for question in questions([]) {
      for text in [question.question, question.why, question.ask] {
        #expect(text?.english.isEmpty == false && text?.finnish.isEmpty == false)
      }
      #expect(
        question.question?.english.hasSuffix("?") == true && question.question?.finnish.hasSuffix("?") == true
      )
    }
  }

  @Test func whyItIsOpenIsTold() {
    #expect(gap(Samples.fact(daysAgo: 600)) == .stale)
    #expect(gap(Samples.fact(disputing: ["delivery"])) == .disputed)
    #expect(gap(Samples.fact(isEvidenced: false)) == .unevidenced)
    #expect(gap(Samples.fact()) == .siloed)
    #expect(gap(Samples.fact(confirming: ["delivery"], confidence: 0.4)) == .partly)
  }

  @Test func teamsThatSpokeOfWhatIsWithheldAreNotNamed() throws {
    var fact = Samples.fact(confirming: ["delivery"], disputing: ["service"], confidence: 0.5)
    fact.hidesReviews = true
    let dimensions = UnderstandingScore.dimensions([fact], at: Samples.now)
    var open = fact
    open.hidesReviews = false
    let measures = UnderstandingScore.dimensions([open], at: Samples.now).map(\.measures)
    #expect(dimensions.map(\.measures) == measures)
    #expect(dimensions.flatMap(\.teams) == ["sales"])
    let question = try #require(questions([fact], teams: ["sales"]).first { $0.topic == fact.topic })
    // Nor is it claimed that only one team knows it.
    #expect(question.gap == .partly)
    #expect(!"\(question)".contains("delivery") && !"\(question)".contains("service"))
  }

  @Test func whatIsUnderstoodWellIsNotAsked() {
    let fact = Samples.fact(confirming: ["delivery"], confidence: 0.95)
    #expect(gap(fact) == nil)
  }

  @Test func whatOneTeamKnowsIsAskedOfAnotherTeamBeforeTheCustomer() throws {
    let question = try #require(questions([Samples.fact(confidence: 0.9)]).first { $0.topic == .strategy })
    #expect(question.team == "delivery")
    #expect(question.contact.isEmpty)
    #expect(question.ask?.finnish.contains("delivery") == true)
  }

  @Test func aCompanyOfOneTeamHasNoSilo() {
    let asked = questions([Samples.fact(confidence: 0.9)], teams: ["sales"])
    #expect(!asked.contains { $0.gap == .siloed })
  }

  @Test(arguments: [
    ("Toimitusjohtaja", Topic.strategy), ("Managing Director", .strategy), ("VD", .goal),
    ("Hankintapäällikkö", .criteria),
    ("Inköpschef", .criteria), ("Projektipäällikkö", .touchpoints), ("Myyntijohtaja", .segments),
    ("CFO", .valueBaseline),
  ])
  func whoSitsWhereTheAnswerIsGetsTheQuestion(_ title: String, _ topic: Topic) throws {
    let people = [
      Askable(contact: "contacts/a", words: ["Trainee"]), Askable(contact: "contacts/b", words: [title]),
    ]
    let question = try #require(questions([], people: people).first { $0.topic == topic })
    #expect(question.contact == "contacts/b")
  }

  @Test(arguments: [31, 32, 33, 34] as [UInt64])
  func questionsAreBoundedHeedNoOrderAndAreWorthNoMoreForMoreKnowledge(_ seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let titles = ["Toimitusjohtaja", "CFO", "Hankintapäällikkö", "Trainee", "Projektipäällikkö", "Buyer"]
    for round in 0..<60 {
      let facts = (0..<Int.random(in: 0...25, using: &generator)).map { Samples.fact($0, using: &generator) }
      let people = (0..<Int.random(in: 0...6, using: &generator)).map {
        Askable(contact: "contacts/\($0)", words: [titles.randomElement(using: &generator) ?? ""])
      }
      let asked = questions(facts, people: people)
      let values = asked.map(\.value)
      #expect(values.allSatisfy { $0 > 0 && $0 <= 0.2 }, "seed \(seed) round \(round)")
      #expect(values.reduce(0, +) <= 1 && values == values.sorted(by: >), "seed \(seed) round \(round)")
      #expect(Set(asked.map(\.topic)).count == asked.count, "seed \(seed) round \(round)")
      let shuffled = questions(
        facts.shuffled(using: &generator), people: people.shuffled(using: &generator))
      #expect(shuffled == asked, "seed \(seed) round \(round)")
      // Another word on something, or another team that knows it too; who disputes asks anew.
      var more = Samples.fact(99, using: &generator)
      more.disputing = []
      expectNoMore(than: asked, questions(facts + [more], people: people), "seed \(seed) round \(round)")
      let confirmed = facts.map { fact in
        var fact = fact
        if Bool.random(using: &generator) { fact.confirming.insert("management") }
        return fact
      }
      expectNoMore(than: asked, questions(confirmed, people: people), "seed \(seed) round \(round)")
    }
  }

  private func expectNoMore(than before: [NextQuestion], _ after: [NextQuestion], _ place: Comment) {
    let worth = Dictionary(uniqueKeysWithValues: before.map { ($0.topic, $0.value) })
    for question in after {
      #expect(question.value <= (worth[question.topic] ?? 0) + 1e-12, place)
    }
  }

  @Test func whatIsUnderstoodWellByOneTeamIsAskedOfAnotherWhateverElseIsWrongWithIt() {
    // Many words without evidence, together as good as certain.
    let facts = (0..<6).map { Samples.fact("accounts/a/insights/\($0)", confidence: 0.9, isEvidenced: false) }
    #expect(questions(facts).first { $0.topic == .strategy }?.gap == .siloed)
  }

  @Test func aShortWordInsideALongerOneIsNoTitle() throws {
    let people = [Askable(contact: "contacts/a", words: ["Avdelningsassistent"])]
    let question = try #require(questions([], people: people).first { $0.topic == .strategy })
    #expect(question.contact.isEmpty)
  }
}
