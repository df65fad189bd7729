public import PunosMessages

/// What a kind of source is worth where its claimant does not say.
///
/// The figures are this product's convention, not a measurement; whoever knows better says so in the claim.
public enum SourceKinds {
  /// How sure one is, and after how many days half of that is left.
  public struct Usual: Sendable, Hashable {
    /// 0 … 1.
    public var confidence: Double
    /// Days.
    public var halfLifeDays: Int32
  }

  /// What is usual for a kind of source.
  public static func usual(_ kind: Evidence.Kind) -> Usual {
    switch kind {
    case .feedback: Usual(confidence: 0.8, halfLifeDays: 180)
    case .survey: Usual(confidence: 0.75, halfLifeDays: 365)
    case .database: Usual(confidence: 0.9, halfLifeDays: 180)
    case .discussion: Usual(confidence: 0.7, halfLifeDays: 180)
    case .web: Usual(confidence: 0.4, halfLifeDays: 120)
    case .registry: Usual(confidence: 0.95, halfLifeDays: 365)
    case .document: Usual(confidence: 0.85, halfLifeDays: 540)
    // What somebody of ours knows from experience, and what comes without a source: a reason to ask, not to rely on.
    default: Usual(confidence: 0.5, halfLifeDays: 180)
    }
  }

  /// For how many days a claim on a topic of the business keeps half its worth: strategies outlast pressures.
  public static func halfLifeDays(of topic: Topic) -> Int32 {
    switch topic {
    case .strategy, .regulation: 730
    case .rhythm: 1_095
    case .pressure: 180
    case .competitor: 270
    default: 365
    }
  }
}
