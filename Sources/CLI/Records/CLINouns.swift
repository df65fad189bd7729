internal import PunosMessages
internal import Terminal

/// Every kind of record beside accounts and contacts that the command line knows, those first that others refer to:
/// in this order they are exported, and sent when a file holds several.
enum CLINouns {
  static let all: [any CLINoun.Type] = [
    CommitmentNoun.self, PurchaseNoun.self, CommitteeMemberNoun.self, RelationshipNoun.self,
    InteractionNoun.self, ValueDriverNoun.self, EndCustomerSegmentNoun.self, FeedbackNoun.self,
    BusinessClaimNoun.self, InsightNoun.self, SignalNoun.self, HandoverTemplateNoun.self, HandoverNoun.self,
    JourneyNoun.self, StageTransitionNoun.self,
  ]

  /// The kind with a name in the schema.
  static func noun(_ kind: String) -> (any CLINoun.Type)? { places[kind].map { all[$0] } }

  /// Where each kind stands in the list: rows of an import ask by the million, and a kind's name is looked up in the
  /// schema.
  private static let places = Dictionary(
    all.enumerated().map { ($0.element.kind, $0.offset) }, uniquingKeysWith: { first, _ in first })

  /// Records of a kind in words.
  static func plural(_ kind: String) -> Term {
    switch kind {
    case "account": Term(en: "accounts", fi: "asiakkuudet")
    case "contact": Term(en: "contacts", fi: "yhteyshenkilöt")
    default: noun(kind)?.many ?? .verbatim(kind)
    }
  }

  /// Records of a collection in words, "end_customer_segments".
  static func plural(ofCollection name: String) -> Term {
    let found = all.first { $0.kind == name || $0.kind + "s" == name || $0.collection == name }
    return found?.many ?? .verbatim(name)
  }

  /// Where a kind stands in the order: accounts, contacts, then the others.
  static func rank(_ kind: String) -> Int {
    switch kind {
    case "account": 0
    case "contact": 1
    default: 2 + (places[kind] ?? all.count)
    }
  }
}
