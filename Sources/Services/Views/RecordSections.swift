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

/// The latest records of a kind that an account has by the thousand.
struct Latest: Sendable {
  /// An index by time.
  let index: String
  /// How many are shown.
  let count: Int
  /// How many of those still to come are shown besides, the next ones: a calendar of a year ahead must not hide what
  /// happened. Nil: of the kind nothing is still to come.
  var coming: Int?
}

/// A section of the account view that shows the records of one kind.
struct RecordSection: Sendable {
  /// The section, as the field's name in `AccountView`.
  let name: String
  /// What it shows.
  let kind: RecordKind
  /// Where an account can have too many to show.
  var latest: Latest?
  /// Where a record stands; nil: in the order of their ids, the order in which they were made.
  var rank: (@Sendable (StoredRecord) throws -> SectionRank)?

  /// Records in the order in which they are shown.
  func ordered(_ records: [StoredRecord]) throws -> [StoredRecord] {
    guard let rank, records.count > 1 else { return records }
    // Their places are sorted: a record is large to move.
    let ranks = try records.map(rank)
    return records.indices.sorted { ranks[$0] < ranks[$1] }.map { records[$0] }
  }
}

/// Every kind of record that the view shows: one line each.
enum RecordSections {
  static let all: [RecordSection] = [
    RecordSection(name: "contacts", kind: NounCatalog.accountContactKind, rank: presentFirst),
    RecordSection(name: "commitments", kind: NounCatalog.commitmentKind, rank: openFirst),
    RecordSection(name: "purchases", kind: NounCatalog.purchaseKind, rank: DecidingRanks.undecidedFirst),
    RecordSection(
      name: "committee_members", kind: NounCatalog.committeeMemberKind, rank: DecidingRanks.influentialFirst),
    RecordSection(name: "stage_transitions", kind: NounCatalog.stageTransitionKind, rank: DecidingRanks.newestFirst),
    RecordSection(name: "relationships", kind: NounCatalog.relationshipKind, rank: lastingFirst),
    RecordSection(name: "business_claims", kind: NounCatalog.businessClaimKind, rank: KnowledgeRanks.lastingFirst),
    RecordSection(name: "insights", kind: NounCatalog.insightKind, rank: KnowledgeRanks.freshestFirst),
    RecordSection(name: "end_customer_segments", kind: NounCatalog.endCustomerSegmentKind),
    RecordSection(name: "value_drivers", kind: NounCatalog.valueDriverKind, rank: KnowledgeRanks.lowestRungFirst),
    RecordSection(name: "feedback", kind: NounCatalog.feedbackKind, latest: Latest(index: "time", count: latestFeedback)),
    RecordSection(name: "signals", kind: NounCatalog.signalKind, latest: Latest(index: "raised", count: latestSignals)),
    RecordSection(
      name: "interactions", kind: NounCatalog.interactionKind,
      latest: Latest(index: "time", count: latestInteractions, coming: comingInteractions)),
    RecordSection(name: "handovers", kind: NounCatalog.handoverKind, rank: liveFirst),
  ]

  /// Signals shown: an account has hundreds over the years, and old ones were handled long ago.
  private static let latestSignals = 50
  /// Pieces of feedback that a view shows.
  private static let latestFeedback = 50
  /// Interactions that a view shows: what a person reads before a meeting; lists page through the rest.
  private static let latestInteractions = 20
  /// Interactions still to come that a view shows: what is in the calendar next.
  private static let comingInteractions = 5

  /// What still holds before what did.
  private static let lastingFirst: @Sendable (StoredRecord) throws -> SectionRank = { record in
    let relationship = try Relationship(serialized: record.body, limits: .trusted)
    return SectionRank(group: relationship.validTo.isEmpty ? 0 : 1, first: record.key.id)
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

  /// Handovers on their way first, the one that is due first before the others.
  private static let liveFirst: @Sendable (StoredRecord) throws -> SectionRank = { record in
    let handover = try Handover(serialized: record.body, limits: .trusted)
    return SectionRank(
      group: handover.state == .closed ? 1 : 0, first: handover.dueDate.isEmpty ? "9999" : handover.dueDate,
      second: handover.name)
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
