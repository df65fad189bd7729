import Domain
import PunosMessages
import Testing

@Suite struct UnderstandingTests {
  private func whole(_ facts: [Fact], at now: Int64 = Samples.now) -> Measures {
    UnderstandingScore.whole(UnderstandingScore.dimensions(facts, at: now))
  }

  @Test func nothingKnownIsNothingUnderstood() {
    #expect(whole([]) == Measures())
    #expect(UnderstandingScore.dimensions([], at: Samples.now).map(\.dimension) == Topics.dimensions)
  }

  @Test func topicsOfADimensionShareItsWholeWeight() {
    for dimension in Topics.dimensions {
      let parts = Topics.parts(of: dimension)
      #expect(abs(parts.reduce(0) { $0 + $1.weight } - 1) < 1e-12)
      #expect(parts.last?.topic == .unspecified)
      for part in parts.dropLast() { #expect(Topics.dimension(of: part.topic) == dimension) }
    }
  }

  @Test func everyTopicOfTheSchemaBelongsToTheDimensionOfItsTens() {
    for topic in Topic.allCases where topic != .unspecified {
      #expect(Topics.dimension(of: topic).rawValue == topic.rawValue / 10 + 1, "\(topic.rawValue)")
    }
  }

  @Test func evidenceRaisesWhatIsUnderstoodAndAgeLowersIt() {
    let told = Samples.fact(isEvidenced: false)
    let shown = Samples.fact(isEvidenced: true)
    let old = Samples.fact(daysAgo: 180, isEvidenced: true)
    #expect(whole([shown]).understood > whole([told]).understood)
    #expect(whole([old]).understood < whole([shown]).understood)
    #expect(whole([old]).known == whole([shown]).known)
  }

  /// docs/understanding.md works this example out.
  @Test func theExampleInTheGuideIsWhatTheServerComputes() throws {
    let facts = [
      Samples.fact("accounts/a/insights/1", confidence: 0.7),
      Samples.fact(
        "accounts/a/insights/2", team: "delivery", daysAgo: 180, halfLifeDays: 180, confidence: 0.5,
        isEvidenced: false),
    ]
    let business = try #require(UnderstandingScore.dimensions(facts, at: Samples.now).first)
    let strategy = try #require(business.topics.first)
    let measures = try #require(strategy.measures)
    /// To four decimals, as the guide prints them.
    func isShown(_ value: Double?, _ text: Double) -> Bool { abs((value ?? .nan) - text) < 0.000_05 }
    #expect(isShown(strategy.weight, 0.2143))
    #expect(isShown(measures.known, 0.85))
    #expect(isShown(measures.fresh, 0.775))
    #expect(isShown(measures.evidenced, 0.7))
    #expect(isShown(measures.understood, 0.7375))
    #expect(isShown(business.measures?.understood, 0.1580))
    #expect(strategy.because.map(\.record) == ["accounts/a/insights/1", "accounts/a/insights/2"])
    #expect(isShown(strategy.because.first?.weight, 0.7) && isShown(strategy.because.last?.weight, 0.125))
  }

  @Test(arguments: [11, 12, 13, 14] as [UInt64])
  func measuresStayWithinBoundsNeverFallWithAFactAndDoNotDependOnOrder(_ seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<60 {
      let facts = (0..<Int.random(in: 0...20, using: &generator)).map { Samples.fact($0, using: &generator) }
      let measures = whole(facts)
      for value in [measures.known, measures.fresh, measures.evidenced, measures.understood] {
        #expect((0...1).contains(value), "seed \(seed)")
      }
      #expect(
        measures.fresh <= measures.known + 1e-12 && measures.evidenced <= measures.known + 1e-12,
        "seed \(seed)")
      #expect(measures.understood <= measures.fresh + 1e-12, "seed \(seed)")
      let more = whole(facts + [Samples.fact(99, using: &generator)])
      #expect(more.known >= measures.known - 1e-12 && more.fresh >= measures.fresh - 1e-12, "seed \(seed)")
      #expect(more.evidenced >= measures.evidenced - 1e-12, "seed \(seed)")
      #expect(more.understood >= measures.understood - 1e-12, "seed \(seed)")
      #expect(whole(facts.shuffled(using: &generator)) == measures, "seed \(seed)")
      #expect(
        whole(facts, at: Samples.now + 100 * Samples.day).fresh <= measures.fresh + 1e-12, "seed \(seed)")
    }
  }

  @Test func whatOneTeamAloneKnowsIsASilo() {
    let alone = Samples.fact()
    #expect(SiloIndex.silo([alone], at: Samples.now).index == 1)
    #expect(SiloIndex.silo([alone], at: Samples.now).records.map(\.team) == ["sales"])
    let confirmed = Samples.fact(confirming: ["delivery"])
    #expect(SiloIndex.silo([confirmed], at: Samples.now) == Silo())
  }

  @Test func twoTeamsThatKnowOfTheSameTopicAreNoSiloButUnconfirmed() {
    let facts = [
      Samples.fact("accounts/a/insights/1"), Samples.fact("accounts/a/insights/2", team: "delivery"),
    ]
    let silo = SiloIndex.silo(facts, at: Samples.now)
    #expect(silo.index == 0)
    #expect(abs(silo.unconfirmed - 1) < 1e-12)
  }

  @Test func whatNobodyIsNamedForIsNobodysSilo() {
    #expect(SiloIndex.silo([Samples.fact(team: "")], at: Samples.now) == Silo())
  }

  @Test(arguments: [21, 22, 23] as [UInt64])
  func theSiloIndexIsBoundedAndFallsWhenAnotherTeamConfirms(_ seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<100 {
      let facts = (0..<Int.random(in: 1...15, using: &generator)).map { Samples.fact($0, using: &generator) }
      let silo = SiloIndex.silo(facts, at: Samples.now)
      #expect((0...1).contains(silo.index) && silo.index <= silo.unconfirmed + 1e-12, "seed \(seed)")
      #expect(SiloIndex.silo(facts.shuffled(using: &generator), at: Samples.now) == silo, "seed \(seed)")
      var step = facts
      var last = silo
      for place in facts.indices.shuffled(using: &generator) {
        step[place].confirming.insert("management")
        let now = SiloIndex.silo(step, at: Samples.now)
        #expect(
          now.index <= last.index + 1e-12 && now.unconfirmed <= last.unconfirmed + 1e-12, "seed \(seed)")
        last = now
      }
      let confirmed = facts.map { fact in
        var fact = fact
        fact.confirming.insert("management")
        return fact
      }
      #expect(SiloIndex.silo(confirmed, at: Samples.now).index == 0, "seed \(seed)")
    }
  }
}
