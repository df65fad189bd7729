import Domain
import PunosMessages
import Store

/// A record among the facts: decoded from how it is stored, told only as far as the caller may see it.
struct FactRecord {
  let stored: StoredRecord
  /// Its resource name.
  let name: String
  /// What to say instead of what it says; nil where the caller may see it.
  let withheld: String?

  func decoded<Value: RecordMessage>(_: Value.Type = Value.self) throws -> Value {
    try Value(stored, named: name)
  }

  /// A sentence, where the caller may read it.
  func told(_ sentence: String) -> String { withheld ?? sentence }
}

/// A kind of record that contributes to how well an account is understood.
struct FactSource: Sendable {
  let kind: RecordKind
  /// What a record of the kind says; empty where it says nothing (any more).
  let facts: @Sendable (FactRecord) throws -> [Fact]
  /// Where an account can have thousands: a column with a moment, and how many of the latest count.
  let latest: (column: String, count: Int)?

  init(
    _ kind: RecordKind, _ facts: @escaping @Sendable (FactRecord) throws -> [Fact],
    latest: (column: String, count: Int)? = nil
  ) {
    self.kind = kind
    self.facts = facts
    self.latest = latest
  }
}

/// Every kind that contributes: one line each.
enum FactSources {
  static let all: [FactSource] = [
    FactSource(NounCatalog.accountKind, AccountFacts.facts),
    FactSource(NounCatalog.accountContactKind, ContactFacts.facts),
    FactSource(NounCatalog.businessClaimKind, BusinessClaimFacts.facts),
    FactSource(NounCatalog.insightKind, InsightFacts.facts),
    FactSource(NounCatalog.commitmentKind, CommitmentFacts.facts),
    FactSource(NounCatalog.purchaseKind, PurchaseFacts.facts),
    FactSource(NounCatalog.committeeMemberKind, CommitteeMemberFacts.facts),
    FactSource(NounCatalog.endCustomerSegmentKind, SegmentFacts.facts),
    FactSource(NounCatalog.valueDriverKind, ValueDriverFacts.facts),
    FactSource(NounCatalog.feedbackKind, FeedbackFacts.facts, latest: ("time", 50)),
  ]

  /// Kinds that are read in one scan.
  private static let scanned = all.filter { $0.latest == nil }.map(\.kind)

  /// Everything in an account that counts.
  static func records(_ reader: AccountReader) async throws(Problem) -> [StoredRecord] {
    var records = try await reader.records(of: scanned)
    for source in all {
      guard let latest = source.latest else { continue }
      records += try await reader.latest(latest.count, of: source.kind, byColumn: latest.column)
    }
    return records
  }

  private static let byKind = Dictionary(all.map { ($0.kind, $0) }, uniquingKeysWith: { first, _ in first })

  /// What a record says.
  static func facts(_ record: FactRecord) throws -> [Fact] {
    try byKind[record.stored.key.kind]?.facts(record) ?? []
  }
}

/// An insight is a fact of its dimension.
private enum InsightFacts {
  @Sendable static func facts(_ record: FactRecord) throws -> [Fact] {
    let insight: Insight = try record.decoded()
    guard insight.isCurrent else { return [] }
    return [
      Fact(
        record: record.name, dimension: insight.dimension, topic: insight.topic, team: insight.team,
        confirming: Set(insight.confirmations.map(\.team)), disputing: Set(insight.disputes.map(\.team)),
        observed: insight.lastKnown, halfLifeDays: Double(insight.halfLifeDays),
        confidence: insight.saidConfidence,
        isEvidenced: !insight.evidence.isEmpty, sentence: record.told(insight.claim),
        hidesReviews: record.withheld != nil)
    ]
  }
}

/// A business claim is a fact of its topic, as long as it holds.
private enum BusinessClaimFacts {
  @Sendable static func facts(_ record: FactRecord) throws -> [Fact] {
    let claim: BusinessClaim = try record.decoded()
    guard claim.validTo.isEmpty else { return [] }
    return [
      Fact(
        record: record.name, dimension: .business, topic: claim.topic, team: claim.team,
        observed: claim.observedTime?.seconds ?? record.stored.createdTime.seconds,
        halfLifeDays: Double(claim.halfLifeDays),
        confidence: claim.confidence ?? SourceKinds.usual(.unspecified).confidence,
        isEvidenced: !claim.evidence.isEmpty, sentence: record.told(claim.claim))
    ]
  }
}

/// A promise is a fact of the experience: what was promised is known, and once settled whether it was kept.
private enum CommitmentFacts {
  /// An open promise says what was promised, not yet how it went.
  static let open = 0.4
  /// A settled one says both.
  static let settled = 0.8
  /// After a year a promise is remembered, not relied on.
  static let halfLifeDays = 365.0

  @Sendable static func facts(_ record: FactRecord) throws -> [Fact] {
    let commitment: Commitment = try record.decoded()
    guard commitment.status != .withdrawn else { return [] }
    return [
      Fact(
        record: record.name, dimension: .experience, topic: .promises, team: commitment.team,
        observed: record.stored.updatedTime.seconds, halfLifeDays: halfLifeDays,
        confidence: commitment.isOpen ? open : settled, isEvidenced: !commitment.evidence.isEmpty,
        sentence: record.told(commitment.title))
    ]
  }
}

/// A person who is at the customer now is a fact of who takes part. Which team knows them is not known.
private enum ContactFacts {
  /// A name and a title: who they are, not where they stand.
  static let confidence = 0.4
  static let halfLifeDays = 365.0

  @Sendable static func facts(_ record: FactRecord) throws -> [Fact] {
    let contact: AccountContact = try record.decoded()
    guard let present = contact.employments.first(where: { $0.validTo.isEmpty }) else { return [] }
    let title = [present.title, present.role].first { !$0.isEmpty }
    return [
      Fact(
        record: record.name, dimension: .decision, topic: .stakeholders, team: "",
        observed: record.stored.updatedTime.seconds, halfLifeDays: halfLifeDays, confidence: confidence,
        isEvidenced: false,
        sentence: record.told("A person at the customer" + (title.map { ": \($0)" } ?? "")))
    ]
  }
}

/// The account's own data say something of its market: the industry it is in.
private enum AccountFacts {
  static let confidence = 0.5
  static let halfLifeDays = 730.0

  @Sendable static func facts(_ record: FactRecord) throws -> [Fact] {
    let account: Account = try record.decoded()
    guard let industry = account.industries.first else { return [] }
    let words = industry.title.isEmpty ? industry.code : industry.title
    return [
      Fact(
        record: record.name, dimension: .business, topic: .market, team: "",
        observed: record.stored.updatedTime.seconds, halfLifeDays: halfLifeDays, confidence: confidence,
        isEvidenced: account.sources.contains { $0.path.hasPrefix("industries") },
        sentence: record.told("Its industry: \(words)"))
    ]
  }
}
