import ProtobufBridge
public import PunosMessages

/// What is known of an account, to fill a handover from.
public struct KnownOfAccount: Sendable {
  /// Promises, settled ones too.
  public var commitments: [Commitment]
  /// People.
  public var contacts: [AccountContact]

  /// What is known.
  public init(commitments: [Commitment] = [], contacts: [AccountContact] = []) {
    self.commitments = commitments
    self.contacts = contacts
  }
}

/// Fills a handover from what is known, and marks what only a person can say.
public enum HandoverSuggestions {
  /// People suggested at most: whom a receiver can meet.
  static let mostContacts = 30
  /// Items of a handover at most, as the schema has it.
  static let mostItems = 300

  /// The items that a handover lacks: one for each record that no item speaks of yet, and one for each thing only a
  /// person can say that nobody has begun. What somebody wrote stays as it is.
  ///
  /// - Parameter makeID: ids for new items.
  public static func missing(
    in handover: Handover, template: HandoverTemplate, from known: KnownOfAccount, makeID: () -> String
  ) -> [HandoverItem] {
    var suggested: [HandoverItem] = []
    var spokenOf = Set(handover.items.flatMap(\.links))
    for asked in template.items {
      var found: [HandoverItem] = []
      switch asked.source {
      case .commitments: found = open(known.commitments).map { item(of: $0, asked) }
      case .contacts: found = present(known.contacts).map { item(of: $0, asked) }
      default: break
      }
      found = found.filter { item in item.links.allSatisfy { spokenOf.insert($0).inserted } }
      if found.isEmpty, HandoverReadinessCheck.answers(to: asked, in: handover).isEmpty { found = [blank(asked)] }
      suggested += found
    }
    let room = max(0, mostItems - handover.items.count)
    return suggested.prefix(room).map { item in
      var item = item
      item.id = makeID()
      return item
    }
  }

  private static func open(_ commitments: [Commitment]) -> [Commitment] {
    commitments.filter { $0.status == .open || $0.status == .unspecified }
      .sorted { ($0.dueDate.isEmpty ? "9999" : $0.dueDate, $0.name) < ($1.dueDate.isEmpty ? "9999" : $1.dueDate, $1.name) }
  }

  private static func present(_ contacts: [AccountContact]) -> [AccountContact] {
    Array(
      contacts.filter { $0.employments.contains { $0.validTo.isEmpty } }
        .sorted { ($0.displayName, $0.name) < ($1.displayName, $1.name) }.prefix(mostContacts))
  }

  private static func item(of commitment: Commitment, _ asked: HandoverTemplateItem) -> HandoverItem {
    var item = blank(asked)
    item.needsPerson = false
    item.title = commitment.title
    let facts = [
      commitment.direction == .theirs ? "Promised by the customer." : "",
      commitment.dueDate.isEmpty ? "" : "Due \(commitment.dueDate).", commitment.description,
    ]
    item.text = HandoverContent.text(facts.filter { !$0.isEmpty }.joined(separator: "\n"))
    item.links = [commitment.name]
    return item
  }

  private static func item(of contact: AccountContact, _ asked: HandoverTemplateItem) -> HandoverItem {
    var item = blank(asked)
    item.needsPerson = false
    let title = contact.employments.first { $0.validTo.isEmpty }?.title ?? ""
    item.title = contact.displayName + (title.isEmpty ? "" : ", \(title)")
    item.links = [contact.contact]
    return item
  }

  private static func blank(_ asked: HandoverTemplateItem) -> HandoverItem {
    HandoverItem.with {
      $0.kind = asked.kind
      $0.title = asked.title
      $0.required = asked.required
      $0.templateItem = asked.id
      $0.needsPerson = true
    }
  }
}
