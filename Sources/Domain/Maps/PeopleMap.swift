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

    /// A person on the map.
    public init(name: String, displayName: String, title: String = "", stance: CommitteeMember.Stance = .unspecified) {
      self.name = name
      self.displayName = displayName
      self.title = title
      self.stance = stance
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

  /// People that a map shows: more would be a list, and a picture of them cannot be read.
  public static let maximumPeople = 200

  /// The account's name.
  public var title: String
  /// The customer's people, by name.
  public private(set) var people: [Person]
  /// Our people who know one of them, the best connected first.
  public private(set) var ours: [Person]
  /// What ties them, in an order that is the same for the same ties.
  public private(set) var ties: [Tie]
  /// How many people are left out.
  public private(set) var leftOut: Int

  /// A map; ties to people who are not on it are left out.
  ///
  /// - Parameters:
  ///   - people: the customer's, in any order; beyond ``maximumPeople`` those with the fewest ties are left out.
  ///   - ours: our people; those without a tie to a person on the map are left out.
  ///   - ties: in any order.
  public init(title: String, people: [Person], ours: [Person], ties: [Tie]) {
    self.title = title
    let counts = Dictionary(grouping: ties.flatMap { [$0.from, $0.to] }, by: \.self).mapValues(\.count)
    let telling = people.sorted { left, right in
      let (more, less) = (counts[left.name] ?? 0, counts[right.name] ?? 0)
      return more != less ? more > less : left.name < right.name
    }
    let shown = telling.prefix(Self.maximumPeople)
    leftOut = people.count - shown.count
    let names = Set(shown.map(\.name))
    let ourNames = Set(ours.map(\.name))
    self.ties = ties.filter { (names.contains($0.from) || ourNames.contains($0.from)) && names.contains($0.to) }
      .sorted(by: Self.isBefore)
    self.people = shown.sorted { ($0.displayName, $0.name) < ($1.displayName, $1.name) }
    var known: [String: Double] = [:]
    for tie in self.ties where ourNames.contains(tie.from) { known[tie.from, default: 0] += tie.strength }
    self.ours = ours.filter { known[$0.name] != nil }.sorted { left, right in
      let (more, less) = (known[left.name] ?? 0, known[right.name] ?? 0)
      return more != less ? more > less : left.name < right.name
    }
  }

  private static func isBefore(_ left: Tie, _ right: Tie) -> Bool {
    (left.from, left.to, left.kind.rawValue, left.record) < (right.from, right.to, right.kind.rawValue, right.record)
  }

  /// Who reports to whom: superiors by name. Somebody with several superiors stands under the first by name; the
  /// others are drawn as ties.
  var superiors: [String: String] {
    var superiors: [String: String] = [:]
    for tie in ties where tie.kind == .reportsTo && superiors[tie.from] == nil { superiors[tie.from] = tie.to }
    // Records of different times may make a circle: one of its lines is not drawn as the tree's.
    for start in superiors.keys.sorted() {
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

  /// Who of ours knows somebody, best first; the place of each in ``ours``.
  func acquaintances(of person: String) -> [(place: Int, strength: Double)] {
    var strengths: [String: Double] = [:]
    for tie in ties where tie.to == person && tie.kind != .conflictsWith {
      strengths[tie.from] = max(strengths[tie.from] ?? 0, tie.strength)
    }
    return ours.enumerated()
      .compactMap { place, teammate in strengths[teammate.name].map { (place, $0) } }
      .sorted { ($1.strength, $0.place) < ($0.strength, $1.place) }
  }

  /// The people as a forest by reporting lines: those without a superior first that have people under them, then
  /// those with nobody above and below.
  var forest: (trees: [Branch], others: [Person]) {
    let superiors = self.superiors
    let below = Dictionary(grouping: people.filter { superiors[$0.name] != nil }) { superiors[$0.name] ?? "" }
    func branch(_ person: Person, _ depth: Int) -> Branch {
      Branch(person: person, depth: depth, below: (below[person.name] ?? []).map { branch($0, depth + 1) })
    }
    let tops = people.filter { superiors[$0.name] == nil }
    return (
      tops.filter { below[$0.name] != nil }.map { branch($0, 0) }, tops.filter { below[$0.name] == nil }
    )
  }

  /// Somebody and the people under them.
  struct Branch {
    var person: Person
    /// Steps down from the top.
    var depth: Int
    var below: [Branch]
  }
}
