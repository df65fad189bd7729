import Domain
import PunosMessages

/// Moments and facts to test with.
enum Samples {
  /// 2026-11-23T00:00:00Z.
  static let now: Int64 = 1_795_392_000
  static let day = Fading.secondsPerDay

  static func fact(
    _ record: String = "accounts/a/insights/i", _ dimension: Dimension = .business,
    _ topic: Topic = .strategy,
    team: String = "sales", confirming: Set<String> = [], disputing: Set<String> = [], daysAgo: Int64 = 0,
    halfLifeDays: Double = 180, confidence: Double = 0.7, isEvidenced: Bool = true
  ) -> Fact {
    Fact(
      record: record, dimension: dimension, topic: topic, team: team, confirming: confirming,
      disputing: disputing,
      observed: now - daysAgo * day, halfLifeDays: halfLifeDays, confidence: confidence,
      isEvidenced: isEvidenced,
      sentence: "A claim.")
  }

  /// A fact of any kind.
  static func fact(_ number: Int, using generator: inout SeededGenerator) -> Fact {
    let dimension = Topics.dimensions.randomElement(using: &generator) ?? .business
    let teams = ["sales", "delivery", "service", "product"]
    let others = teams.filter { _ in Bool.random(using: &generator) }
    return fact(
      "accounts/a/insights/\(number)", dimension,
      Topics.parts(of: dimension).randomElement(using: &generator)?.topic ?? .unspecified,
      team: teams.randomElement(using: &generator) ?? "", confirming: Set(others.prefix(1)),
      disputing: Set(others.dropFirst(2)), daysAgo: Int64.random(in: -5...2_000, using: &generator),
      halfLifeDays: Double.random(in: 1...1_000, using: &generator),
      confidence: Double.random(in: 0...1, using: &generator), isEvidenced: Bool.random(using: &generator))
  }

  static func insight(
    _ id: String, impact: Insight.Impact = .useful, confidence: Double = 0.7, daysAgo: Int64 = 0,
    halfLifeDays: Int32 = 180, confirmedBy: [String] = [], disputedBy: [String] = [], serves: [Purpose] = []
  ) -> Insight {
    var insight = Insight()
    insight.name = "accounts/a/insights/\(id)"
    insight.claim = "A claim."
    insight.team = "sales"
    insight.impact = impact
    insight.status = .current
    insight.confidence = confidence
    insight.halfLifeDays = halfLifeDays
    insight.serves = serves
    insight.observedTime = time(now - daysAgo * day)
    insight.confirmations = confirmedBy.map { review($0, daysAgo) }
    insight.disputes = disputedBy.map { review($0, daysAgo) }
    return insight
  }

  static func time(_ seconds: Int64) -> ProtoTimestamp {
    var time = ProtoTimestamp()
    time.seconds = seconds
    return time
  }

  private static func review(_ team: String, _ daysAgo: Int64) -> InsightReview {
    var review = InsightReview()
    review.team = team
    review.time = time(now - daysAgo * day)
    return review
  }
}
