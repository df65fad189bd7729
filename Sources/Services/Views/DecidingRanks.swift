import Domain
import ProtobufBridge
import PunosMessages
import Store

/// The order of what an account's view shows of decisions and of its life.
enum DecidingRanks {
  /// Influence is told in thousandths, and moments in microseconds: texts of one length compare as numbers.
  private static let digits = 20

  /// Open purchases first, the one expected first before the others; then the ones decided last.
  static let undecidedFirst: @Sendable (StoredRecord) throws -> SectionRank = { record in
    let purchase = try Purchase(serialized: record.body, limits: .trusted)
    guard !purchase.isOpen else {
      let expected = purchase.expectedDate.isEmpty ? "9999" : purchase.expectedDate
      return SectionRank(group: 0, first: expected, second: purchase.name)
    }
    return SectionRank(group: 1, first: latestFirst(purchase.decidedDate), second: purchase.name)
  }

  /// Present members first, those whose word weighs most before the others.
  static let influentialFirst: @Sendable (StoredRecord) throws -> SectionRank = { record in
    let member = try CommitteeMember(serialized: record.body, limits: .trusted)
    let influence = member.influence ?? CommitteeSeat.usualInfluence
    let weight = influence > 0 ? Int64((influence < 1 ? influence : 1) * 1000) : 0
    return SectionRank(group: member.validTo.isEmpty ? 0 : 1, first: padded(1000 - weight), second: member.name)
  }

  /// The latest moves first.
  static let newestFirst: @Sendable (StoredRecord) throws -> SectionRank = { record in
    let transition = try StageTransition(serialized: record.body, limits: .trusted)
    let moved = transition.movedTime?.moment.rawValue ?? 0
    return SectionRank(group: 0, first: padded(Int64.max - max(0, moved)), second: transition.name)
  }

  private static func padded(_ number: Int64) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
  }

  /// A day turned round, so that later ones come first; none comes last.
  private static func latestFirst(_ day: String) -> String {
    guard !day.isEmpty else { return "~" }
    return String(decoding: day.utf8.map { (48...57).contains($0) ? 105 - $0 : $0 }, as: UTF8.self)
  }
}
