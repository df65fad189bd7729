public import PunosMessages

/// What is stuck in one team: knowledge that walks out of the door with it.
///
/// A fact weighs its belief times its freshness. It is *unconfirmed* where no other team confirmed it, and *siloed*
/// where besides no other team knows anything of the same topic. The index is the siloed part of the whole weight.
/// Facts whose team is not known are left out: nobody could say whose silo they are.
public enum SiloIndex {
  /// Records shown: who would open more than these has a larger problem than a list solves.
  public static let recordsShown = 10

  /// - Parameters:
  ///   - facts: in any order.
  ///   - now: seconds since 1970.
  public static func silo(_ facts: [Fact], at now: Int64) -> Silo {
    let known = facts.filter { !$0.team.isEmpty }.sorted {
      ($0.record, $0.sentence) < ($1.record, $1.sentence)
    }
    var teams: [Place: Set<String>] = [:]
    for fact in known where fact.topic != .unspecified {
      teams[Place(fact), default: []].formUnion(fact.teams)
    }
    let weights = known.map { $0.belief * $0.freshness(at: now) }
    let sum = weights.reduce(0, +)
    guard sum > 0 else { return Silo() }
    var silo = Silo()
    var records: [SiloedRecord] = []
    for (fact, weight) in zip(known, weights) where fact.confirming.isEmpty {
      silo.unconfirmed += weight / sum
      guard fact.topic == .unspecified || teams[Place(fact)]?.count == 1 else { continue }
      silo.index += weight / sum
      records.append(record(fact, weight / sum))
    }
    // Sums of parts can exceed the whole by a rounding error.
    silo.unconfirmed = min(1, silo.unconfirmed)
    silo.index = min(1, silo.index)
    silo.records = Array(records.sorted { $0.weight > $1.weight }.prefix(recordsShown))
    return silo
  }

  private static func record(_ fact: Fact, _ weight: Double) -> SiloedRecord {
    var record = SiloedRecord()
    record.record = fact.record
    record.team = fact.team
    record.weight = weight
    record.sentence = fact.sentence
    return record
  }

  private struct Place: Hashable {
    var dimension: Dimension
    var topic: Topic

    init(_ fact: Fact) {
      dimension = fact.dimension
      topic = fact.topic
    }
  }
}
