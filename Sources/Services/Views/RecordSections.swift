import Domain
import PunosMessages
import Store

/// A section of the account view that shows the records of one kind.
struct RecordSection: Sendable {
  /// The section, as the field's name in `AccountView`.
  let name: String
  /// What it shows.
  let kind: RecordKind
  /// Where an account can have too many to show: an index by time, and how many of the latest are shown.
  let latest: (index: String, count: Int)?
  /// Puts records into the view.
  let fill: @Sendable (inout AccountView, [StoredRecord], NounCatalog) throws -> Void

  /// - Parameters:
  ///   - field: the view's field.
  ///   - order: which of two comes first; nil: in the order of their ids, the order in which they were made.
  init<Value: RecordMessage>(
    _ name: String, _ kind: RecordKind, _ field: @escaping @Sendable (inout AccountView, [Value]) -> Void,
    latest: (index: String, count: Int)? = nil, order: (@Sendable (Value, Value) -> Bool)? = nil
  ) {
    self.name = name
    self.kind = kind
    self.latest = latest
    fill = { view, records, catalog in
      var values = try records.map { try Value($0, named: catalog.resourceName(of: $0.key)) }
      if let order { values.sort(by: order) }
      field(&view, values)
    }
  }
}

/// Every kind of record that the view shows: one line each.
enum RecordSections {
  static let all: [RecordSection] = [
    RecordSection("contacts", NounCatalog.accountContactKind, { $0.contacts = $1 }, order: presentFirst),
    RecordSection("commitments", NounCatalog.commitmentKind, { $0.commitments = $1 }, order: openFirst),
    RecordSection("business_claims", NounCatalog.businessClaimKind, { $0.businessClaims = $1 }, order: lastingFirst),
    RecordSection("insights", NounCatalog.insightKind, { $0.insights = $1 }, order: freshestFirst),
    RecordSection("signals", NounCatalog.signalKind, { $0.signals = $1 }, latest: ("raised", latestSignals)),
  ]

  /// Signals shown: an account has hundreds over the years, and old ones were handled long ago.
  private static let latestSignals = 50

  /// What still holds first, then by topic.
  private static let lastingFirst: @Sendable (BusinessClaim, BusinessClaim) -> Bool = { left, right in
    func rank(_ claim: BusinessClaim) -> (Int, Int32, String) {
      (claim.validTo.isEmpty ? 0 : 1, claim.topic.rawValue, claim.name)
    }
    return rank(left) < rank(right)
  }

  /// Current insights first, the one last known to be so before the others.
  private static let freshestFirst: @Sendable (Insight, Insight) -> Bool = { left, right in
    func rank(_ insight: Insight) -> (Int, Int64, String) {
      (insight.isCurrent ? 0 : 1, -max(insight.lastKnown, -Int64.max), insight.name)
    }
    return rank(left) < rank(right)
  }

  /// Present people first, then by name.
  private static let presentFirst: @Sendable (AccountContact, AccountContact) -> Bool = { left, right in
    func rank(_ contact: AccountContact) -> (Int, String) {
      (contact.employments.contains { $0.validTo.isEmpty } ? 0 : 1, contact.displayName)
    }
    return rank(left) < rank(right)
  }

  /// Open promises first, the one that is due first before the others.
  private static let openFirst: @Sendable (Commitment, Commitment) -> Bool = { left, right in
    func rank(_ commitment: Commitment) -> (Int, String, String) {
      (commitment.isOpen ? 0 : 1, commitment.dueDate.isEmpty ? "9999" : commitment.dueDate, commitment.name)
    }
    return rank(left) < rank(right)
  }
}
