import Domain
import PunosMessages
import Store

/// What a purchase tells of how the customer decides, as long as it is open; each part that is filled in is a fact.
enum PurchaseFacts {
  /// Written down by somebody of ours from what the customer said: a plan, which changes.
  static let confidence = 0.7
  static let halfLifeDays = 180.0

  @Sendable static func facts(_ record: FactRecord) throws -> [Fact] {
    let purchase: Purchase = try record.decoded()
    guard purchase.status == .open || purchase.status == .unspecified else { return [] }
    let parts: [(isThere: Bool, topic: Topic, words: String)] = [
      (!purchase.stages.isEmpty, .buyingProcess, "The stages of their decision"),
      (!purchase.criteria.isEmpty, .criteria, "Their criteria"),
      (!purchase.expectedDate.isEmpty || !purchase.neededDate.isEmpty, .timeline, "When they decide"),
    ]
    return parts.filter(\.isThere).map { part in
      Fact(
        record: record.name, dimension: .decision, topic: part.topic, team: purchase.team,
        observed: record.stored.updatedTime.seconds, halfLifeDays: halfLifeDays, confidence: confidence,
        isEvidenced: !purchase.evidence.isEmpty, sentence: record.told("\(part.words): \(purchase.title)"))
    }
  }
}

/// A committee member tells who decides, or who else takes part and where they stand.
enum CommitteeMemberFacts {
  /// With the stance the person's part is understood; without, only the seat is.
  static let withStance = 0.7
  static let withoutStance = 0.5
  /// Where people stand changes within a buying cycle.
  static let halfLifeDays = 180.0

  @Sendable static func facts(_ record: FactRecord) throws -> [Fact] {
    let member: CommitteeMember = try record.decoded()
    guard member.validTo.isEmpty else { return [] }
    let decides = member.decides
    return [
      Fact(
        record: record.name, dimension: .decision, topic: decides ? .decisionMaker : .stakeholders,
        team: member.evidence.first?.team ?? "",
        observed: max(member.lastContactTime?.seconds ?? .min, record.stored.updatedTime.seconds),
        halfLifeDays: halfLifeDays, confidence: member.stance == .unspecified ? withoutStance : withStance,
        isEvidenced: !member.evidence.isEmpty,
        sentence: record.told(decides ? "Somebody who decides" : "Somebody who takes part in decisions"))
    ]
  }
}
