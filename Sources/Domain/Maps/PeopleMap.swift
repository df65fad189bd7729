public import PunosMessages

/// Who is who at an account, as a map shows it: the customer's people by their reporting lines, what ties them, and
/// who of ours knows whom.
public struct PeopleMap: Sendable {
  /// A person on the map.
  public struct Person: Sendable, Hashable {
    /// The resource name, contacts/{contact}, or teammates/{principal}.
    public var name: String
    /// What people call them.
    public var displayName: String
    /// Their title, or team where they are one of ours.
    public var title: String
    /// Where they stand.
    public var stance: CommitteeMember.Stance
    /// What people are listed by, in the order of its bytes.
    public var sortKey: String

    /// A person on the map.
    ///
    /// - Parameter sortKey: what they are listed by, for names whose letters have an order of their own; nil: the name
    ///   as it is.
    public init(
      name: String, displayName: String, title: String = "", stance: CommitteeMember.Stance = .unspecified,
      sortKey: String? = nil
    ) {
      self.name = name
      self.displayName = displayName
      self.title = title
      self.stance = stance
      self.sortKey = sortKey ?? displayName
    }

    /// Whether they stand before somebody in a list.
    func isListedBefore(_ other: Person) -> Bool {
      (sortKey, displayName, name) < (other.sortKey, other.displayName, other.name)
    }
  }

  /// A tie between two people on the map.
  public struct Tie: Sendable, Hashable {
    /// The one.
    public var from: String
    /// The other.
    public var to: String
    /// What ties them.
    public var kind: Relationship.Kind
    /// How strongly, from 0 to 1.
    public var strength: Double
    /// The relationship that says so; empty where it follows from interactions.
    public var record: String

    /// A tie between two people.
    public init(from: String, to: String, kind: Relationship.Kind, strength: Double, record: String = "") {
      self.from = from
      self.to = to
      self.kind = kind
      self.strength = strength
      self.record = record
    }
  }

  /// Two people, whoever of them is named first.
  struct Pair: Hashable {
    let one: String
    let other: String

    init(_ one: String, _ other: String) {
      (self.one, self.other) = one < other ? (one, other) : (other, one)
    }
  }

  /// Somebody of ours who has to do with a person.
  struct Acquaintance: Hashable {
    /// Where they stand in ``PeopleMap/ours``.
    var place: Int
    /// How strongly the two are connected, from 0 to 1; nil where they do not get on: then nothing else counts.
    var strength: Double?
  }

  /// People that a map shows: more would be a list, and a picture of them cannot be read.
  public static let maximumPeople = 200

  /// The account's name.
  public var title: String
  /// The customer's people, in the order of lists.
  public private(set) var people: [Person]
  /// Our people who have to do with one of them, the best connected first.
  public private(set) var ours: [Person]
  /// What ties them, by the two in the order of lists; the same said twice is one, as strong as the strongest.
  public private(set) var ties: [Tie]
  /// How many people are left out.
  public private(set) var leftOut: Int
  /// Who stands under whom in the tree, each with their superior. Of several superiors it is the one to whom the line
  /// is strongest, of equally strong ones the first in the order of lists; the other lines are drawn as ties.
  let superiors: [String: String]
  private let known: [String: [Acquaintance]]

  /// A map; ties to people who are not on it are left out.
  ///
  /// - Parameters:
  ///   - people: the customer's, in any order; beyond ``maximumPeople`` those with the fewest ties are left out.
  ///   - ours: our people; those without a tie to a person on the map are left out.
  ///   - ties: in any order.
  public init(title: String, people: [Person], ours: [Person], ties: [Tie]) {
    self.title = title
    let told = Self.merged(ties)
    let counts = Dictionary(grouping: told.flatMap { [$0.from, $0.to] }, by: \.self).mapValues(\.count)
    let telling = people.sorted { left, right in
      let (more, less) = (counts[left.name] ?? 0, counts[right.name] ?? 0)
      return more != less ? more > less : left.isListedBefore(right)
    }
    let listed = telling.prefix(Self.maximumPeople).sorted { $0.isListedBefore($1) }
    leftOut = people.count - listed.count
    let ourNames = Set(ours.map(\.name))
    let ranks = Self.ranks(ours.sorted { $0.isListedBefore($1) } + listed)
    let shown = told.filter { ranks[$0.from] != nil && ranks[$0.to] != nil && !ourNames.contains($0.to) }
      .sorted { Self.isBefore($0, $1, ranks) }
    let conflicts = Set(shown.filter { $0.kind == .conflictsWith }.map { Pair($0.from, $0.to) })
    var total: [String: Double] = [:]
    for tie in shown where ourNames.contains(tie.from) {
      total[tie.from, default: 0] += conflicts.contains(Pair(tie.from, tie.to)) ? 0 : tie.strength
    }
    let connected = ours.filter { total[$0.name] != nil }.sorted { left, right in
      let (more, less) = (total[left.name] ?? 0, total[right.name] ?? 0)
      return more != less ? more > less : left.isListedBefore(right)
    }
    self.people = listed
    self.ours = connected
    self.ties = shown
    superiors = Self.superiors(among: shown, listed)
    known = Self.acquaintances(among: shown, connected, conflicts)
  }

  private static func ranks(_ people: [Person]) -> [String: Int] {
    Dictionary(people.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  private static func isBefore(_ left: Tie, _ right: Tie, _ ranks: [String: Int]) -> Bool {
    func key(_ tie: Tie) -> (Int, Int, Int32, String) {
      (ranks[tie.from] ?? 0, ranks[tie.to] ?? 0, tie.kind.rawValue, tie.record)
    }
    return key(left) < key(right)
  }

  // MARK: The same said twice

  /// What makes two ties the same: kinds without a direction may name either of the two first. What follows from
  /// interactions is not what somebody says.
  private struct Sameness: Hashable {
    var from: String
    var to: String
    var kind: Relationship.Kind
    var isSaid: Bool

    init(_ tie: Tie) {
      let pair = Pair(tie.from, tie.to)
      (from, to) = MapMarks.hasDirection(tie.kind) ? (tie.from, tie.to) : (pair.one, pair.other)
      kind = tie.kind
      isSaid = !tie.record.isEmpty
    }
  }

  /// Each tie once, as the strongest of those that are the same.
  private static func merged(_ ties: [Tie]) -> [Tie] {
    var strongest: [Sameness: Tie] = [:]
    for tie in ties {
      let sameness = Sameness(tie)
      if let kept = strongest[sameness], !isToldBefore(tie, kept) { continue }
      strongest[sameness] = tie
    }
    return Array(strongest.values)
  }

  private static func isToldBefore(_ left: Tie, _ right: Tie) -> Bool {
    left.strength != right.strength
      ? left.strength > right.strength : (left.record, left.from) < (right.record, right.from)
  }

  // MARK: Reporting lines

  /// - Parameter ties: by the two in the order of lists.
  private static func superiors(among ties: [Tie], _ people: [Person]) -> [String: String] {
    var lines: [String: Tie] = [:]
    for tie in ties where tie.kind == .reportsTo {
      if let line = lines[tie.from], line.strength >= tie.strength { continue }
      lines[tie.from] = tie
    }
    var superiors = lines.mapValues(\.to)
    // Records of different times may make a circle: one of its lines is not drawn as the tree's.
    for start in people.map(\.name) {
      var seen: Set<String> = [start]
      var place = start
      while let next = superiors[place] {
        guard seen.insert(next).inserted else {
          superiors[place] = nil
          break
        }
        place = next
      }
    }
    return superiors
  }

  /// Whether a tie is a line of the tree.
  func isLineOfTree(_ tie: Tie) -> Bool { tie.kind == .reportsTo && superiors[tie.from] == tie.to }

  /// The people as a forest by reporting lines: those who stand under nobody and report to somebody, or have somebody
  /// reporting to them; then those without any line.
  var forest: (trees: [Branch], others: [Person]) {
    let below = Dictionary(grouping: people.filter { superiors[$0.name] != nil }) { superiors[$0.name] ?? "" }
    let inLines = Set(ties.filter { $0.kind == .reportsTo }.flatMap { [$0.from, $0.to] })
    func branch(_ person: Person, _ depth: Int) -> Branch {
      Branch(person: person, depth: depth, below: (below[person.name] ?? []).map { branch($0, depth + 1) })
    }
    let tops = people.filter { superiors[$0.name] == nil }
    return (
      tops.filter { inLines.contains($0.name) }.map { branch($0, 0) },
      tops.filter { !inLines.contains($0.name) }
    )
  }

  /// Somebody and the people under them.
  struct Branch {
    var person: Person
    /// Steps down from the top.
    var depth: Int
    var below: [Branch]
  }

  // MARK: Who of ours knows them

  private static func acquaintances(
    among ties: [Tie], _ ours: [Person], _ conflicts: Set<Pair>
  ) -> [String: [Acquaintance]] {
    let places = ranks(ours)
    var known: [String: [Int: Acquaintance]] = [:]
    for tie in ties {
      guard let place = places[tie.from] else { continue }
      guard !conflicts.contains(Pair(tie.from, tie.to)) else {
        known[tie.to, default: [:]][place] = Acquaintance(place: place, strength: nil)
        continue
      }
      let strength = max(known[tie.to]?[place]?.strength ?? 0, tie.strength)
      known[tie.to, default: [:]][place] = Acquaintance(place: place, strength: strength)
    }
    // Whoever does not get on with them is told first: it is what one must know before a meeting.
    return known.mapValues {
      $0.values.sorted { ($1.strength ?? 2, $0.place) < ($0.strength ?? 2, $1.place) }
    }
  }

  /// Who of ours knows somebody: those who do not get on with them first, then the best connected.
  func acquaintances(of person: String) -> [Acquaintance] { known[person] ?? [] }
}
