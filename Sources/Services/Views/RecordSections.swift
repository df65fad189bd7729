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
    RecordSection("handovers", NounCatalog.handoverKind, { $0.handovers = $1 }, order: liveFirst),
  ]

  /// Present people first, then by name.
  private static let presentFirst: @Sendable (AccountContact, AccountContact) -> Bool = { left, right in
    func rank(_ contact: AccountContact) -> (Int, String) {
      (contact.employments.contains { $0.validTo.isEmpty } ? 0 : 1, contact.displayName)
    }
    return rank(left) < rank(right)
  }

  /// Handovers on their way first, then the latest.
  private static let liveFirst: @Sendable (Handover, Handover) -> Bool = { left, right in
    func rank(_ handover: Handover) -> Int { handover.state == .closed ? 1 : 0 }
    return (rank(left), right.createTime?.seconds ?? 0) < (rank(right), left.createTime?.seconds ?? 0)
  }

  /// Open promises first, the one that is due first before the others.
  private static let openFirst: @Sendable (Commitment, Commitment) -> Bool = { left, right in
    func rank(_ commitment: Commitment) -> (Int, String, String) {
      (commitment.isOpen ? 0 : 1, commitment.dueDate.isEmpty ? "9999" : commitment.dueDate, commitment.name)
    }
    return rank(left) < rank(right)
  }
}
