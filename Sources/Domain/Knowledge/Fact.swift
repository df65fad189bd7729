public import PunosMessages

/// Something known about a customer, whatever kind of record says it. Every kind that contributes to how well a
/// customer is understood is turned into these, and nothing else is looked at.
public struct Fact: Sendable, Hashable {
  /// The record's resource name.
  public var record: String
  /// Which of the five things to know it is about.
  public var dimension: Dimension
  /// Which topic of it; unspecified for what fits none.
  public var topic: Topic
  /// The team that knows it; empty where that is not known: then it counts, but in no silo.
  public var team: String
  /// Other teams that know the same.
  public var confirming: Set<String>
  /// Other teams that know otherwise.
  public var disputing: Set<String>
  /// When it was last known to be so, seconds since 1970.
  public var observed: Int64
  /// Days until half of it is left.
  public var halfLifeDays: Double
  /// How sure its claimant is, 0 … 1.
  public var confidence: Double
  /// Whether it rests on evidence.
  public var isEvidenced: Bool
  /// What it is, in one sentence that gives nothing withheld away.
  public var sentence: String
  /// Whether what other teams say of it may not be told: it counts, but no team is named for it.
  public var hidesReviews: Bool

  public init(
    record: String, dimension: Dimension, topic: Topic, team: String, confirming: Set<String> = [],
    disputing: Set<String> = [], observed: Int64, halfLifeDays: Double, confidence: Double, isEvidenced: Bool,
    sentence: String, hidesReviews: Bool = false
  ) {
    self.record = record
    self.dimension = dimension
    self.topic = topic
    self.team = team
    self.confirming = confirming.subtracting([team])
    self.disputing = disputing.subtracting([team])
    self.observed = observed
    self.halfLifeDays = halfLifeDays
    self.confidence = confidence
    self.isEvidenced = isEvidenced
    self.sentence = sentence
    self.hidesReviews = hidesReviews
  }

  /// How far it can be believed.
  public var belief: Double {
    Belief.degree(confidence: confidence, confirming: confirming.count, disputing: disputing.count)
  }

  /// How much of it is left.
  public func freshness(at now: Int64) -> Double {
    Fading.freshness(observed: observed, halfLifeDays: halfLifeDays, at: now)
  }

  /// Teams that know it, as far as they are known.
  public var teams: Set<String> { confirming.union(team.isEmpty ? [] : [team]) }

  /// Those of them that may be named.
  public var namedTeams: Set<String> { hidesReviews ? (team.isEmpty ? [] : [team]) : teams }

  /// Teams that know otherwise and may be named.
  public var namedDisputing: Set<String> { hidesReviews ? [] : disputing }
}
