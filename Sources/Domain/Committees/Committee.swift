public import PunosMessages

/// What is known of those who decide, on a day.
public struct Committee: Sendable {
  /// The account's resource name.
  public var account: String
  /// The purchase's resource name; empty: whatever is bought, now and before.
  public var purchase: String
  /// The kind of purchase.
  public var purchaseType: Purchase.Type_
  /// How far the decision is.
  public var decision: CommitteeDecision
  /// The committee's records, of any time and purchase; ``seats`` takes those that count.
  public var members: [CommitteeMember]
  /// The times at which contacts are employed at the account, of any day: whoever is not here has none.
  public var employments: [String: [Employment]]
  /// The day asked about, YYYY-MM-DD.
  public var date: String
  /// The moment up to which contact counts, in seconds since 1970.
  public var moment: Int64
  /// When it was read what the records say, in seconds since 1970, not before ``moment``: a last contact later than that
  /// is of a clock that runs ahead, and counts as of then.
  public var known: Int64
  /// What is known of contact besides what the members say: from interactions.
  public var touches: [ContactTouch]
  /// Who is what to whom among the customer's people, of any time.
  public var relationships: [Relationship]

  public init(
    account: String, purchase: String = "", purchaseType: Purchase.Type_ = .unspecified,
    decision: CommitteeDecision = .ahead, members: [CommitteeMember], employments: [String: [Employment]],
    date: String, moment: Int64,
    known: Int64 = .max, touches: [ContactTouch] = [], relationships: [Relationship] = []
  ) {
    self.account = account
    self.purchase = purchase
    self.purchaseType = purchaseType
    self.decision = decision
    self.members = members
    self.employments = employments
    self.date = date
    self.moment = moment
    self.known = known
    self.touches = touches
    self.relationships = relationships
  }

  /// The records that count, valid on the day, the most influential first: of this purchase, and those of no single one.
  /// Where no purchase is asked about, those of all of them: a committee outlives its purchase, and delivery and service
  /// work with those who once decided as much as sales does with those who will.
  /// Whoever begins to work at the account later does not take part yet, whatever the record says.
  public var present: [CommitteeMember] {
    members.filter { member in
      (purchase.isEmpty || member.purchase.isEmpty || member.purchase == purchase)
        && (member.validFrom.isEmpty || member.validFrom <= date)
        && (member.validTo.isEmpty || date < member.validTo)
        && presence(of: member.contact) != .notYet
    }.sorted { left, right in
      let weights = (
        left.influence ?? CommitteeSeat.usualInfluence, right.influence ?? CommitteeSeat.usualInfluence
      )
      return weights.0 == weights.1 ? left.name < right.name : weights.0 > weights.1
    }
  }

  /// The contacts who take part and work at the account, each once, the most influential first.
  public var people: [String] {
    var seen: Set<String> = []
    return present.map(\.contact).filter { seen.insert($0).inserted && presence(of: $0) == .here }
  }

  /// The people who take part, each once, by their contacts' names.
  public var seats: [CommitteeSeat] {
    var seats: [String: CommitteeSeat] = [:]
    for member in present.sorted(by: isNearer) {
      seats[member.contact, default: CommitteeSeat(contact: member.contact)].add(
        member, until: moment, known: known)
    }
    for touch in touches { seats[touch.contact]?.note(touch, until: moment) }
    for (from, to) in reaches { seats[from]?.accessTo.insert(to) }
    return seats.values.sorted { $0.contact < $1.contact }
  }

  /// Whether one record counts before another: what is said of just what is asked about (the purchase, or the person in
  /// general), then what was said last.
  private func isNearer(_ left: CommitteeMember, _ right: CommitteeMember) -> Bool {
    if (left.purchase == purchase) != (right.purchase == purchase) { return left.purchase == purchase }
    let (first, second) = (left.updateTime?.seconds ?? .min, right.updateTime?.seconds ?? .min)
    return first == second ? left.name < right.name : first > second
  }

  /// Who reaches whom, as relationships of the day say it: whoever influences, sponsors or works for somebody, and
  /// whoever knows or trusts somebody, and the other way round.
  private var reaches: [(from: String, to: String)] {
    relationships.flatMap { relationship -> [(from: String, to: String)] in
      guard !relationship.fromContact.isEmpty,
        relationship.validFrom.isEmpty || relationship.validFrom <= date,
        relationship.validTo.isEmpty || date < relationship.validTo
      else { return [] }
      let there = (from: relationship.fromContact, to: relationship.to)
      switch relationship.kind {
      case .reportsTo, .influences, .sponsors: return [there]
      case .knows, .trusts: return [there, (from: there.to, to: there.from)]
      default: return []
      }
    }
  }
}

/// A person in a committee, with all that its records say.
public struct CommitteeSeat: Sendable, Hashable {
  /// Influence of a person of whom it is not said.
  public static let usualInfluence = 0.5
  /// Channels that make contact more than brief.
  static let severalChannels = 2

  /// The contact's resource name.
  public var contact: String
  /// The person's name, for people.
  public var title = ""
  /// The records of the committee that speak of the person.
  public var records: [String] = []
  /// All roles.
  public var roles: Set<CommitteeMember.Role> = []
  /// Where the person stands.
  public var stance = CommitteeMember.Stance.unspecified
  /// How much the person's word weighs, 0 to 1, where a record states it.
  public var statedInfluence: Double?
  /// How well we are in touch.
  public var coverage = CommitteeMember.Coverage.unspecified
  /// What is said of it without a day of contact.
  public var undated: [UndatedCoverage] = []
  /// How well we should be.
  public var wanted = CommitteeMember.Coverage.unspecified
  /// Teammates in touch.
  public var coveredBy: Set<String> = []
  /// The last contact, in seconds since 1970.
  public var lastContact: Int64?
  /// Contacts whom the person can reach.
  public var accessTo: Set<String> = []

  init(contact: String) { self.contact = contact }

  /// Takes in what a record says; what an earlier one said of stance and influence stays.
  mutating func add(_ member: CommitteeMember, until moment: Int64, known: Int64) {
    if title.isEmpty { title = member.displayName.isEmpty ? member.contact : member.displayName }
    if statedInfluence == nil { statedInfluence = member.influence.map(Figures.unit) }
    if stance == .unspecified { stance = member.stance }
    records.append(member.name)
    roles.formUnion([member.role] + member.moreRoles)
    wanted = max(wanted, member.wantedCoverage)
    accessTo.formUnion(member.accessTo)
    let last = member.lastContactTime.map { min($0.seconds, known) }
    // What came of contact after the moment asked about is not known then, nor what there was before it.
    if let last, last > moment { return }
    coverage = max(coverage, member.coverage)
    coveredBy.formUnion(member.coveredBy)
    if let last {
      lastContact = max(lastContact ?? last, last)
    } else {
      undated.append(UndatedCoverage(member, until: moment))
    }
  }

  /// Takes in what interactions show: who was met is covered, whatever anybody wrote down.
  mutating func note(_ touch: ContactTouch, until moment: Int64) {
    guard touch.last <= moment else { return }
    lastContact = max(lastContact ?? touch.last, touch.last)
    coverage = max(coverage, touch.channels >= Self.severalChannels ? .several : .brief)
    coveredBy.formUnion(touch.teammates)
  }

  /// How much the person's word weighs, 0 to 1.
  public var influence: Double { statedInfluence ?? Self.usualInfluence }

  /// Whether anybody of ours is in touch with the person.
  var isCovered: Bool { coverage >= .brief }
}

/// Contact that somebody speaks of without a day.
public struct UndatedCoverage: Sendable, Hashable {
  /// How well we were in touch.
  public var coverage: CommitteeMember.Coverage
  /// When it was said, in seconds since 1970: when its evidence was last seen, where it has some from before the moment
  /// asked about, else when the record was last written; nil: nobody knows.
  public var said: Int64?

  init(_ member: CommitteeMember, until moment: Int64) {
    coverage = member.coverage
    let seen = member.evidence.compactMap(\.observedTime?.seconds).filter { $0 <= moment }
    said = seen.max() ?? member.updateTime?.seconds
  }
}

extension CommitteeMember.Coverage: Comparable {
  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
