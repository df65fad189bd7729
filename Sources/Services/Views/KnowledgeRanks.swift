import Domain
import ProtobufBridge
import PunosMessages
import Store

/// Where claims, insights and value drivers stand in the account's view.
enum KnowledgeRanks {
  /// What still holds first, then by topic.
  static let lastingFirst: @Sendable (StoredRecord) throws -> SectionRank = { record in
    let claim = try BusinessClaim(serialized: record.body, limits: .trusted)
    return SectionRank(
      group: claim.validTo.isEmpty ? 0 : 1, first: SortableNumber.text(Int64(claim.topic.rawValue)), second: claim.name)
  }

  /// Current insights first, the one last known to be so before the others.
  static let freshestFirst: @Sendable (StoredRecord) throws -> SectionRank = { record in
    let insight = try Insight(serialized: record.body, limits: .trusted)
    return SectionRank(
      group: insight.isCurrent ? 0 : 1, first: SortableNumber.text(0 &- insight.lastKnown), second: insight.name)
  }

  /// Economic value first, then by statement.
  static let lowestRungFirst: @Sendable (StoredRecord) throws -> SectionRank = { record in
    let driver = try ValueDriver(serialized: record.body, limits: .trusted)
    return SectionRank(group: Int(driver.rung.rawValue), first: driver.statement)
  }
}

/// Whole numbers as text that sorts as they do.
enum SortableNumber {
  /// Nineteen digits hold every distance from the least number.
  private static let digits = 20

  static func text(_ number: Int64) -> String {
    let distance = String(UInt64(bitPattern: number) ^ (1 << 63))
    return String(repeating: "0", count: max(0, digits - distance.count)) + distance
  }
}
