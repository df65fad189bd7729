internal import PunosMessages

/// How strongly two people are connected, and why.
public struct TieStrength: Sendable, Hashable {
  /// One thing that a strength rests on.
  public struct Reason: Sendable, Hashable {
    /// The record's resource name; empty for what follows from several.
    public var record: String
    /// How much it adds.
    public var weight: Double
    /// Why, in one sentence.
    public var text: String
  }

  /// What somebody says of the two, and in which record.
  public struct Saying: Sendable, Hashable {
    /// The relationship's resource name.
    public var record: String
    /// What it says.
    public var claim: TieClaim
    /// Of whom, as people call them.
    public var from: String
    /// And whom else.
    public var to: String

    /// What somebody says of two people.
    public init(record: String, claim: TieClaim, from: String, to: String) {
      self.record = record
      self.claim = claim
      self.from = from
      self.to = to
    }
  }

  /// What somebody says, in relationships that hold; nil where nobody says anything.
  public var asserted: Double?
  /// What follows from the interactions, from 0 to under 1.
  public var computed: Double
  /// Whether somebody says that the two do not get on.
  public var isConflict: Bool
  /// What it rests on: what decides first, the rest heaviest first.
  public var because: [Reason]
  /// How many interactions of the two there are.
  public var interactions: Int
  /// When the latest was, in seconds since 1970.
  public var lastTime: Int64?

  /// The greater of what is said and what is computed, from 0 to 1; 0 where the two do not get on, whatever else there is:
  /// nobody is reached through them.
  public var value: Double { isConflict ? 0 : max(asserted ?? 0, computed) }

  /// Reasons told, what is left summed up in one more: more would be a list, not an explanation.
  public static let reasonsTold = 5

  /// How strongly two people are connected, from what passed between them and from what is said of them.
  ///
  /// Each interaction weighs ``Encounter/freshWeight`` and fades by half every ``TieScale/halfLifeDays``; what one
  /// side wrote and the other answered weighs double. The sum is squashed into 0 ..< 1. What somebody asserts counts
  /// where it is more.
  ///
  /// - Parameters:
  ///   - encounters: in any order; those after `now`, and those beyond ``TieScale/horizonDays``, are left out.
  ///   - claims: those that do not hold on `day` are left out.
  ///   - now: the moment asked about, in seconds since 1970, not necessarily today.
  ///   - day: the same moment's day, YYYY-MM-DD.
  ///   - language: in which the reasons are told.
  public init(
    encounters: [Encounter], claims: [Saying], at now: Int64, day: String,
    language: SentenceLanguage = .english
  ) {
    let counted = encounters.filter { TieScale.horizon(of: now) <= $0.time && $0.time <= now }
    var evidence = TieEvidence()
    for encounter in counted { evidence.add(encounter) }
    computed = evidence.strength(at: now)
    interactions = counted.count
    lastTime = counted.map(\.time).max()
    let held = claims.filter { $0.claim.holds(on: day) }
    isConflict = held.contains { $0.claim.isConflict }
    asserted = held.filter { !$0.claim.isConflict }.map(\.claim.strength).max()
    because = Self.reasons(
      counted, held, answered: evidence.answered(at: now), computed: computed, now,
      TieWords(language: language))
  }

  /// What decides comes first: the conflict, else the strongest claim where it is no less than what is computed. Whatever it
  /// weighs, each number told has its reason: the strongest claim is always there, and so is what answers add. The heaviest of
  /// the rest fill up the list.
  private static func reasons(
    _ encounters: [Encounter], _ claims: [Saying], answered: Double, computed: Double, _ now: Int64,
    _ words: TieWords
  ) -> [Reason] {
    // A conflict before everything, then the strongest.
    let ranked = claims.sorted { one, other in
      if one.claim.isConflict != other.claim.isConflict { return one.claim.isConflict }
      return (other.claim.strength, one.record) < (one.claim.strength, other.record)
    }
    let decider = ranked.first.flatMap { $0.claim.isConflict || $0.claim.strength >= computed ? $0 : nil }
    let strongest = ranked.first { !$0.claim.isConflict }
    var told = strongest.map { $0.record == decider?.record ? [] : [Reason($0, words)] } ?? []
    if answered > 0 {
      told.append(Reason(record: "", weight: answered, text: words.answered))
    }
    let first = decider.map { [Reason($0, words)] } ?? []
    let shown = Set((first + told).map(\.record))
    var others = ranked.filter { !shown.contains($0.record) }
      .map { (reason: Reason($0, words), isInteraction: false) }
    others += encounters.map { encounter in
      let weight = encounter.weight(at: now)
      return (
        Reason(record: encounter.record, weight: weight, text: words.sentence(encounter, at: now)), true
      )
    }
    others.sort { $0.reason.isBefore($1.reason) }
    let room = reasonsTold - first.count - told.count
    told += others.prefix(room).map(\.reason)
    told.sort { $0.isBefore($1) }
    let rest = others.dropFirst(room).filter(\.isInteraction)
    guard !rest.isEmpty else { return first + told }
    let weight = rest.reduce(0) { $0 + $1.reason.weight }
    return first + told + [Reason(record: "", weight: weight, text: words.more(rest.count))]
  }
}

extension TieStrength.Reason {
  fileprivate init(_ saying: TieStrength.Saying, _ words: TieWords) {
    self.init(record: saying.record, weight: saying.claim.strength, text: words.sentence(saying))
  }

  /// The heavier comes first.
  fileprivate func isBefore(_ other: Self) -> Bool {
    (other.weight, record) < (weight, other.record)
  }
}
