import Domain
import PunosMessages
import Testing

@Suite struct InsightRankingTests {
  private func names(_ insights: [Insight], for purpose: Purpose = .unspecified) -> [String] {
    InsightRanking.ranked(insights, for: purpose, at: Samples.now).compactMap {
      $0.insight?.name.split(separator: "/").last.map(String.init)
    }
  }

  @Test func theDecisiveOneComesBeforeTheUsefulAndTheMinorOne() {
    let insights = [
      Samples.insight("minor", impact: .minor), Samples.insight("decisive", impact: .decisive),
      Samples.insight("useful", impact: .useful),
    ]
    #expect(names(insights) == ["decisive", "useful", "minor"])
  }

  @Test func anOldRumourOfGreatImpactIsNotDecisive() {
    let insights = [
      Samples.insight("rumour", impact: .decisive, confidence: 0.3, daysAgo: 360),
      Samples.insight("known", impact: .useful, confidence: 0.9),
    ]
    let ranked = InsightRanking.ranked(insights, for: .unspecified, at: Samples.now)
    #expect(ranked.map(\.decisive) == [true, false])
    #expect(names(insights) == ["known", "rumour"])
  }

  @Test func amongManyOnlyAFewAreDecisive() {
    let insights = (0..<40).map { Samples.insight("i\($0)", impact: .decisive, confidence: 0.9) }
    let ranked = InsightRanking.ranked(insights, for: .unspecified, at: Samples.now)
    #expect(ranked.filter(\.decisive).count == InsightRanking.fewest)
    #expect(ranked.prefix(InsightRanking.fewest).filter(\.decisive).count == InsightRanking.fewest)
  }

  @Test func whatServesThePurposeComesBeforeWhatDoesNot() {
    let insights = [
      Samples.insight("delivery", serves: [.delivery]), Samples.insight("anyone"),
      Samples.insight("sales", serves: [.sales, .product]),
    ]
    #expect(names(insights, for: .sales) == ["sales", "anyone", "delivery"])
    #expect(names(insights, for: .delivery) == ["delivery", "anyone", "sales"])
  }

  @Test func retiredInsightsAreNotRanked() {
    var retired = Samples.insight("old")
    retired.status = .retired
    #expect(names([retired, Samples.insight("new")]) == ["new"])
  }

  @Test func theScoreIsTheProductOfWhatItIsMadeOf() throws {
    let insight = Samples.insight(
      "i", impact: .decisive, daysAgo: 90, confirmedBy: ["delivery"], serves: [.sales])
    let ranked = try #require(InsightRanking.ranked([insight], for: .delivery, at: Samples.now).first)
    let product = ranked.because.reduce(1) { $0 * $1.weight }
    #expect(abs(ranked.score - product) < 1e-12)
    #expect(ranked.because.allSatisfy { $0.record == insight.name && $0.sentence.hasSuffix(".") })
  }

  /// docs/understanding.md works this example out.
  @Test func theExampleInTheGuideIsWhatTheServerComputes() throws {
    let insight = Samples.insight(
      "i", impact: .decisive, confidence: 0.7, daysAgo: 90, halfLifeDays: 180, confirmedBy: ["delivery"])
    let ranked = try #require(InsightRanking.ranked([insight], for: .unspecified, at: Samples.now).first)
    #expect((ranked.belief * 1_000).rounded() == 839)
    #expect((ranked.freshness * 1_000).rounded() == 707)
    #expect((ranked.score * 1_000).rounded() == 593)
    #expect(ranked.decisive)
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func aScoreRisesWithConfirmationsFallsWithDisputesAndAgeAndStaysWithinBounds(_ seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    func score(_ insight: Insight, at now: Int64 = Samples.now) -> Double {
      InsightRanking.ranked([insight], for: .unspecified, at: now).first?.score ?? .nan
    }
    for _ in 0..<500 {
      let confidence = Double.random(in: 0...1, using: &generator)
      let days = Int64.random(in: 0...3_000, using: &generator)
      let half = Int32.random(in: 1...3_650, using: &generator)
      let plain = Samples.insight("i", confidence: confidence, daysAgo: days, halfLifeDays: half)
      let confirmed = Samples.insight(
        "i", confidence: confidence, daysAgo: days, halfLifeDays: half, confirmedBy: ["delivery"])
      let disputed = Samples.insight(
        "i", confidence: confidence, daysAgo: days, halfLifeDays: half, disputedBy: ["delivery"])
      #expect((0...1).contains(score(plain)), "seed \(seed)")
      #expect(score(confirmed) >= score(plain) && score(plain) >= score(disputed), "seed \(seed)")
      #expect(score(plain, at: Samples.now + 30 * Samples.day) <= score(plain), "seed \(seed)")
    }
  }

  @Test(arguments: [4, 5, 6] as [UInt64])
  func theOrderOfTheInsightsDoesNotMatter(_ seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let insights = (0..<50).map { number in
      Samples.insight(
        "i\(number)", confidence: Double.random(in: 0...1, using: &generator),
        daysAgo: Int64.random(in: 0...10, using: &generator))
    }
    let once = InsightRanking.ranked(insights, for: .sales, at: Samples.now)
    #expect(
      InsightRanking.ranked(insights.shuffled(using: &generator), for: .sales, at: Samples.now) == once,
      "seed \(seed)")
  }

  @Test func aClaimGoesStaleOneHalfLifeAfterItWasLastKnownToBeSo() {
    var insight = Samples.insight("i", daysAgo: 100, halfLifeDays: 90)
    #expect(insight.becomesStale == Samples.now - 10 * Samples.day)
    insight.reviewTime = Samples.time(Samples.now)
    #expect(insight.becomesStale == Samples.now + 90 * Samples.day)
  }

  @Test func momentsAtTheEndsOfTimeDoNotTrap() {
    for seconds in [Int64.min, Int64.max] {
      var insight = Samples.insight("i", halfLifeDays: .max)
      insight.observedTime = Samples.time(seconds)
      let ranked = InsightRanking.ranked([insight], for: .sales, at: seconds == .min ? .max : .min)
      #expect((0...1).contains(ranked.first?.score ?? -1))
      #expect(insight.becomesStale >= insight.lastKnown)
    }
  }
}
