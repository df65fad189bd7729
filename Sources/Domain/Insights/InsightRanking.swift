import ProtobufBridge
public import PunosMessages

/// Puts the few decisive insights first.
///
///     score = impact × belief × freshness × fit
///
/// impact: 1 decisive, 0.6 useful, 0.3 minor; belief: ``Belief``; freshness: ``Fading``; fit to the purpose asked for:
/// 1 where it serves it or none was asked for, 0.7 where it does not say whom it serves, 0.4 where it serves others.
/// A factor of zero-like worth cannot be outweighed by the others: an old rumour of great impact is not decisive.
public enum InsightRanking {
  /// More than these cannot be kept in mind in a meeting.
  public static let fewest = 5
  /// What scores less is never decisive, however little else there is: that is a fresh useful claim believed by half.
  public static let leastDecisive = 0.3
  /// Beside the best one, what scores less than this part of it is not one of the few.
  public static let besideBest = 0.5

  /// Current insights, best first; retired ones are left out.
  ///
  /// - Parameters:
  ///   - insights: in any order.
  ///   - purpose: whose work they are for; unspecified: everybody's.
  ///   - now: seconds since 1970.
  public static func ranked(_ insights: [Insight], for purpose: Purpose, at now: Int64) -> [RankedInsight] {
    var ranked = insights.filter(\.isCurrent).map { self.ranked($0, for: purpose, at: now) }
    ranked.sort { left, right in
      if left.score != right.score { return left.score > right.score }
      return (left.insight?.name ?? "") < (right.insight?.name ?? "")
    }
    let best = ranked.first?.score ?? 0
    for index in ranked.indices.prefix(fewest) {
      ranked[index].decisive = ranked[index].score >= max(leastDecisive, best * besideBest)
    }
    return ranked
  }

  private static func ranked(_ insight: Insight, for purpose: Purpose, at now: Int64) -> RankedInsight {
    let impact = impact(insight.impact)
    let fit = fit(insight.serves, to: purpose)
    var ranked = RankedInsight()
    ranked.insight = insight
    ranked.belief = insight.belief
    ranked.freshness = insight.freshness(at: now)
    ranked.score = impact * ranked.belief * ranked.freshness * fit
    ranked.because = [
      Because(record: insight.name, weight: impact, sentence: "Impact: \(impactWords(insight.impact))."),
      Because(record: insight.name, weight: ranked.belief, sentence: beliefSentence(insight)),
      Because(record: insight.name, weight: ranked.freshness, sentence: freshnessSentence(insight, at: now)),
    ]
    if purpose != .unspecified {
      ranked.because.append(Because(record: insight.name, weight: fit, sentence: fitSentence(fit)))
    }
    return ranked
  }

  private static func impact(_ impact: Insight.Impact) -> Double {
    switch impact {
    case .decisive: 1
    case .minor: 0.3
    default: 0.6
    }
  }

  private static func impactWords(_ impact: Insight.Impact) -> String {
    switch impact {
    case .decisive: "it decides whether we win, deliver or keep"
    case .minor: "good to know"
    default: "it changes how something is done"
    }
  }

  private static func fit(_ serves: [Purpose], to purpose: Purpose) -> Double {
    if purpose == .unspecified || serves.contains(purpose) { return 1 }
    return serves.isEmpty ? 0.7 : 0.4
  }

  private static func fitSentence(_ fit: Double) -> String {
    if fit == 1 { return "It serves what was asked for." }
    return fit > 0.5 ? "It does not say whose work it serves." : "It serves the work of others."
  }

  private static func beliefSentence(_ insight: Insight) -> String {
    func teams(_ reviews: [InsightReview]) -> String {
      Set(reviews.map(\.team)).sorted().joined(separator: ", ")
    }
    var sentence = "Its claimant is sure to \(percent(insight.saidConfidence))"
    if !insight.confirmations.isEmpty { sentence += "; confirmed by \(teams(insight.confirmations))" }
    if !insight.disputes.isEmpty { sentence += "; disputed by \(teams(insight.disputes))" }
    return sentence + "."
  }

  private static func freshnessSentence(_ insight: Insight, at now: Int64) -> String {
    let days = max(0, Fading.days(from: insight.lastKnown, to: now))
    return "Known to be so \(Int64(days)) days ago; half of it is left after \(insight.halfLifeDays) days."
  }

  private static func percent(_ part: Double) -> String { "\(Int((min(max(part, 0), 1) * 100).rounded())) %" }
}

extension Insight {
  /// Whether it still counts.
  public var isCurrent: Bool { status != .retired }

  /// How sure its claimant is; what is usual for its kind of source where they do not say.
  public var saidConfidence: Double { confidence ?? SourceKinds.usual(sourceKind).confidence }

  /// How far it can be believed.
  public var belief: Double {
    Belief.degree(confidence: saidConfidence, confirming: confirmations.count, disputing: disputes.count)
  }

  /// When it was last known to be so, seconds since 1970: observed, reviewed by its team, or confirmed by another.
  public var lastKnown: Int64 {
    let moments = [observedTime, reviewTime] + confirmations.map(\.time)
    return moments.compactMap { $0?.seconds }.max() ?? createTime?.seconds ?? 0
  }

  /// How much of it is left.
  public func freshness(at now: Int64) -> Double {
    Fading.freshness(observed: lastKnown, halfLifeDays: Double(halfLifeDays), at: now)
  }

  /// When it comes up for review, seconds since 1970: one half-life after it was last known to be so.
  public var becomesStale: Int64 {
    let (span, over) = Int64(max(1, halfLifeDays)).multipliedReportingOverflow(by: Fading.secondsPerDay)
    let (moment, overToo) = lastKnown.addingReportingOverflow(span)
    return over || overToo ? .max : moment
  }
}
