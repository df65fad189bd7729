import ProtobufBridge
public import PunosMessages

/// What is known of an account, to fill a handover from. Only what every team may see.
public struct KnownOfAccount: Sendable {
  /// Promises, settled ones too.
  public var commitments: [Commitment] = []
  /// People.
  public var contacts: [AccountContact] = []
  /// Purchases.
  public var purchases: [Purchase] = []
  /// Members of committees.
  public var committee: [CommitteeMember] = []
  /// Value drivers.
  public var valueDrivers: [ValueDriver] = []
  /// Insights.
  public var insights: [Insight] = []

  /// Nothing yet.
  public init() {}
}

/// Fills a handover from what is known, and marks what only a person can say.
public enum HandoverSuggestions {
  /// People suggested at most: whom a receiver can meet.
  static let mostContacts = 30
  /// Insights suggested at most: more are read in the account's view.
  static let mostInsights = 10
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
      case .committee:
        found = committee(known.committee, handover).map { item(of: $0, asked) }
        if found.isEmpty { found = present(known.contacts).map { item(of: $0, asked) } }
      case .valueDrivers: found = known.valueDrivers.sorted { $0.name < $1.name }.map { item(of: $0, asked) }
      case .purchases: found = bought(known.purchases, handover).map { item(of: $0, asked) }
      case .insights: found = weightiest(known.insights).map { item(of: $0, asked) }
      default: break
      }
      found = found.filter { item in item.links.allSatisfy { spokenOf.insert($0).inserted } }
      if found.isEmpty, HandoverReadinessCheck.answers(to: asked, in: handover).isEmpty {
        found = [blank(asked)]
      }
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
      .sorted {
        ($0.dueDate.isEmpty ? "9999" : $0.dueDate, $0.name) < (
          $1.dueDate.isEmpty ? "9999" : $1.dueDate, $1.name
        )
      }
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

  // MARK: What is told of which record

  /// Those who still take part: of the handover's purchase where it names one, and of the account's standing committee.
  private static func committee(_ members: [CommitteeMember], _ handover: Handover) -> [CommitteeMember] {
    Array(
      members.filter { member in
        guard member.validTo.isEmpty else { return false }
        return handover.purchase.isEmpty || member.purchase.isEmpty || member.purchase == handover.purchase
      }
      .sorted { ($0.displayName, $0.name) < ($1.displayName, $1.name) }.prefix(mostContacts))
  }

  /// The handover's purchase; where it names none, those that were won.
  private static func bought(_ purchases: [Purchase], _ handover: Handover) -> [Purchase] {
    purchases.filter { handover.purchase.isEmpty ? $0.status == .won : $0.name == handover.purchase }
      .sorted { $0.name < $1.name }
  }

  /// Those that weigh most, of them the latest; what is withheld from some team is told by those who may.
  private static func weightiest(_ insights: [Insight]) -> [Insight] {
    func rank(_ insight: Insight) -> (Int32, Int64, String) {
      (-insight.impact.rawValue, -(insight.observedTime?.seconds ?? 0), insight.name)
    }
    let shared = insights.filter {
      $0.status != .retired && $0.withholding == nil && ($0.impact == .useful || $0.impact == .decisive)
    }
    return Array(shared.sorted { rank($0) < rank($1) }.prefix(mostInsights))
  }

  private static func made(
    of asked: HandoverTemplateItem, _ title: String, _ lines: [String], links: [String]
  ) -> HandoverItem {
    var item = blank(asked)
    item.needsPerson = false
    item.title = short(title)
    item.text = HandoverContent.text(lines.filter { !$0.isEmpty }.joined(separator: "\n"))
    item.links = links.filter { !$0.isEmpty }
    return item
  }

  /// A title in one line, within what the schema lets a title be.
  private static func short(_ text: String) -> String {
    let line = TextLines.of(text).first { !TextLines.isBlank($0) } ?? ""
    guard line.unicodeScalars.count > longestTitle else { return TextLines.trimmed(line) }
    return TextLines.trimmed(String(String.UnicodeScalarView(line.unicodeScalars.prefix(longestTitle - 1))))
      + "…"
  }

  /// Longest title of an item, in Unicode scalars, as the schema has it.
  private static let longestTitle = 300

  private static func item(of member: CommitteeMember, _ asked: HandoverTemplateItem) -> HandoverItem {
    made(
      of: asked, member.displayName,
      [
        member.wants.isEmpty ? "" : "Wants: \(member.wants)",
        member.concerns.isEmpty ? "" : "Concerns: \(member.concerns)",
        member.stance == .against ? "Was against." : "",
      ], links: [member.name])
  }

  private static func item(of driver: ValueDriver, _ asked: HandoverTemplateItem) -> HandoverItem {
    func measured(_ word: String, _ measurement: ValueDriver.Measurement?) -> String {
      guard let measurement, let value = measurement.value else { return "" }
      return "\(word): \(value) \(driver.unit) (\(measurement.date))"
    }
    return made(
      of: asked, driver.statement,
      [
        driver.metric.isEmpty ? "" : "Measured by: \(driver.metric)", measured("Baseline", driver.baseline),
        measured("Promised", driver.promised), measured("Realised", driver.realised.last), driver.description,
      ], links: [driver.name])
  }

  private static func item(of purchase: Purchase, _ asked: HandoverTemplateItem) -> HandoverItem {
    made(
      of: asked, purchase.title,
      [purchase.need] + purchase.pains.map { "- \($0.statement)" }
        + [purchase.neededDate.isEmpty ? "" : "Needed by \(purchase.neededDate)."],
      links: [purchase.name])
  }

  private static func item(of insight: Insight, _ asked: HandoverTemplateItem) -> HandoverItem {
    made(of: asked, insight.claim, [insight.description], links: [insight.name])
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
