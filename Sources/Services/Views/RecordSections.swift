import Domain
import ProtobufBridge
import PunosMessages
import Store

/// Where a record stands in its section: group by group, within one by texts.
struct SectionRank: Comparable, Sendable {
  var group: Int
  var first = ""
  var second = ""

  static func < (left: SectionRank, right: SectionRank) -> Bool {
    (left.group, left.first, left.second) < (right.group, right.first, right.second)
  }
}

/// A section of the account view that shows the records of one kind.
struct RecordSection: Sendable {
  /// The section, as the field's name in `AccountView`.
  let name: String
  /// What it shows.
  let kind: RecordKind
  /// Where an account can have too many to show: an index by time, and how many of the latest are shown.
  var latest: (index: String, count: Int)?
  /// Where a record stands; nil: in the order of their ids, the order in which they were made.
  var rank: (@Sendable (StoredRecord) throws -> SectionRank)?

  /// Records in the order in which they are shown.
  func ordered(_ records: [StoredRecord]) throws -> [StoredRecord] {
    guard let rank, records.count > 1 else { return records }
    let ranked = try records.map { (rank: try rank($0), record: $0) }
    return ranked.sorted { $0.rank < $1.rank }.map(\.record)
  }
}

/// Every kind of record that the view shows: one line each.
enum RecordSections {
  static let all: [RecordSection] = [
    RecordSection(name: "contacts", kind: NounCatalog.accountContactKind, rank: presentFirst),
    RecordSection(name: "commitments", kind: NounCatalog.commitmentKind, rank: openFirst),
    RecordSection(name: "business_claims", kind: NounCatalog.businessClaimKind, rank: lastingFirst),
    RecordSection(name: "insights", kind: NounCatalog.insightKind, rank: freshestFirst),
    RecordSection(name: "signals", kind: NounCatalog.signalKind, latest: ("raised", latestSignals)),
  ]

  /// Signals shown: an account has hundreds over the years, and old ones were handled long ago.
  private static let latestSignals = 50

  /// What still holds first, then by topic.
  private static let lastingFirst: @Sendable (StoredRecord) throws -> SectionRank = { record in
    let claim = try BusinessClaim(serialized: record.body, limits: .trusted)
    return SectionRank(
      group: (claim.validTo.isEmpty ? 0 : lasting) + Int(claim.topic.rawValue), first: claim.validFrom, second: claim.name)
  }

  /// More than any topic's number.
  private static let lasting = 1_000

  /// Current insights first, the one last known to be so before the others. Both stay seen where the rest is withheld.
  private static let freshestFirst: @Sendable (StoredRecord) throws -> SectionRank = { record in
    let insight = try Insight(serialized: record.body, limits: .trusted)
    // A text that sorts as the moment does backwards: its distance from the end of time, at full width.
    let distance = String(UInt64(bitPattern: Int64.max &- insight.lastKnown), radix: 16)
    let padded = String(repeating: "0", count: max(0, 16 - distance.utf8.count)) + distance
    return SectionRank(group: insight.isCurrent ? 0 : 1, first: padded, second: insight.name)
  }

  /// Present people first, then by name. An account has people by the dozen, so two fields are looked up and the rest
  /// of a person is not read.
  private static let presentFirst: @Sendable (StoredRecord) throws -> SectionRank = { record in
    try record.body.withUnsafeBytes { body in
      var rank = SectionRank(group: 1)
      var reader = WireReader(body)
      while let field = try reader.next() {
        if field.number == ContactFields.displayName {
          rank.first = String(decoding: field.bytes, as: UTF8.self)
        } else if field.number == ContactFields.employments, try !isOver(field.bytes) {
          rank.group = 0
        }
      }
      return rank
    }
  }

  private static func isOver(_ employment: UnsafeRawBufferPointer) throws -> Bool {
    var reader = WireReader(employment)
    while let field = try reader.next() {
      if field.number == ContactFields.validTo { return !field.bytes.isEmpty }
    }
    return false
  }

  /// Open promises first, the one that is due first before the others.
  private static let openFirst: @Sendable (StoredRecord) throws -> SectionRank = { record in
    let commitment = try Commitment(serialized: record.body, limits: .trusted)
    return SectionRank(
      group: commitment.isOpen ? 0 : 1, first: commitment.dueDate.isEmpty ? "9999" : commitment.dueDate,
      second: commitment.name)
  }
}

/// Numbers of the fields that order people, as the schema has them; zero, which no field has, where it has none.
private enum ContactFields {
  static let displayName = number("display_name", of: AccountContact.fullName)
  static let employments = number("employments", of: AccountContact.fullName)
  static let validTo = number("valid_to", of: Employment.fullName)

  private static func number(_ field: String, of message: String) -> UInt32 {
    Schema.shared.message(message)?.field(named: field)?.number ?? 0
  }
}
