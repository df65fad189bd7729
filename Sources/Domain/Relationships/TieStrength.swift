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
  ///   - claims: with the resource names of the records that make them; those that do not hold on `day` are left out.
  ///   - now: the moment asked about, in seconds since 1970, not necessarily today.
  ///   - day: the same moment's day, YYYY-MM-DD.
  public init(
    encounters: [Encounter], claims: [(record: String, claim: TieClaim)], at now: Int64, day: String
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
    because = Self.reasons(counted, held, answered: evidence.answered(at: now), computed: computed, now)
  }

  /// What decides comes first: the conflict, else the strongest claim where it is no less than what is computed. Whatever it
  /// weighs, each number told has its reason: the strongest claim is always there, and so is what answers add. The heaviest of
  /// the rest fill up the list.
  private static func reasons(
    _ encounters: [Encounter], _ claims: [(record: String, claim: TieClaim)], answered: Double, computed: Double, _ now: Int64
  ) -> [Reason] {
    // A conflict before everything, then the strongest.
    let ranked = claims.sorted { one, other in
      if one.claim.isConflict != other.claim.isConflict { return one.claim.isConflict }
      return (other.claim.strength, one.record) < (one.claim.strength, other.record)
    }
    let decider = ranked.first.flatMap { $0.claim.isConflict || $0.claim.strength >= computed ? $0 : nil }
    let strongest = ranked.first { !$0.claim.isConflict }
    var told = strongest.map { $0.record == decider?.record ? [] : [Reason($0.record, $0.claim)] } ?? []
    if answered > 0 {
      told.append(Reason(record: "", weight: answered, text: "messages went both ways, and answers count double"))
    }
    let first = decider.map { [Reason($0.record, $0.claim)] } ?? []
    let shown = Set((first + told).map(\.record))
    var others = ranked.filter { !shown.contains($0.record) }
      .map { (reason: Reason($0.record, $0.claim), isInteraction: false) }
    others += encounters.map { encounter in
      let weight = encounter.weight(at: now)
      return (Reason(record: encounter.record, weight: weight, text: encounter.sentence(at: now)), true)
    }
    others.sort { $0.reason.isBefore($1.reason) }
    let room = reasonsTold - first.count - told.count
    told += others.prefix(room).map(\.reason)
    told.sort { $0.isBefore($1) }
    let rest = others.dropFirst(room).filter(\.isInteraction)
    guard !rest.isEmpty else { return first + told }
    let more = rest.count == 1 ? "1 more interaction" : "\(rest.count) more interactions"
    return first + told + [Reason(record: "", weight: rest.reduce(0) { $0 + $1.reason.weight }, text: more)]
  }
}

extension TieStrength.Reason {
  fileprivate init(_ record: String, _ claim: TieClaim) {
    self.init(
      record: record, weight: claim.strength,
      text: "somebody says that the one \(claim.kind.words) the other"
        + (claim.said == nil ? ", which usually means this much" : ""))
  }

  /// The heavier comes first.
  fileprivate func isBefore(_ other: Self) -> Bool {
    (other.weight, record) < (weight, other.record)
  }
}

extension Encounter {
  /// Why it weighs what it weighs.
  func sentence(at now: Int64) -> String {
    let days = (now - time) / Int64(TieScale.secondsADay)
    let age = days == 0 ? "within a day" : days == 1 ? "1 day ago" : "\(days) days ago"
    let ways =
      switch direction {
      case .mutual: "both ways"
      case .inbound: "from them"
      case .outbound: "from us"
      default: "one way"
      }
    let others = people > 2 ? ", with \(people - 2) more" : ""
    return "\(channel.words) \(age), \(ways)\(others)"
  }
}
