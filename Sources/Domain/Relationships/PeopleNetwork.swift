/// The people of a tenant and its customers as one graph, in memory: who is tied to whom, and how strongly.
///
/// It takes in and gives up encounters and claims one at a time, in any order. Strengths are worked out when somebody
/// asks, person by person, so that keeping it current costs next to nothing, and asking looks only at those whom a
/// search comes by.
public struct PeopleNetwork: Sendable {
  /// A person, by their place in the network.
  typealias Node = Int32

  /// A tie as one of its two people sees it.
  struct Tie: Sendable {
    /// The other.
    var other: Node
    /// Where the network keeps what ties the two.
    var edge: Int32
    /// From 0 to 1, as of the network's present; zero where no path may lead over it.
    var strength: Double = 0
  }

  /// Somebody's ties: once sorted those to our people first, each part strongest first.
  struct Ties: Sendable {
    var ties: [Tie] = []
    /// How many lead to our people; sorted or not.
    var ours = 0
    /// At which turn of the network's clock they were worked out and sorted; 0: not since they changed.
    var turn = 0
  }

  /// What ties two people.
  private struct Edge: Sendable {
    var evidence = TieEvidence()
    /// Where the network keeps what is said of them; nothing for most.
    var hasClaims = false
  }

  /// Names of people: contacts/{contact}, teammates/{principal}.
  private(set) var names: [String] = []
  private(set) var isOurs: [Bool] = []
  private var nodes: [String: Node] = [:]
  private var ties: [Ties] = []
  private var edges: [Edge] = []
  private var claims: [Int32: [TieClaim]] = [:]
  /// Encounters still to come, of which nothing follows yet.
  private var coming: [(first: String, second: String, encounter: Encounter)] = []
  private var turn = 1
  private var now: Int64
  /// The moment as of which strengths are worked out: the present, an hour old at most.
  private var weighedAt: Int64
  private var day: String
  /// Encounters before this are neither taken in nor given up.
  private let since: Int64

  /// An empty network.
  ///
  /// - Parameters:
  ///   - now: the present, in seconds since 1970.
  ///   - day: its day, YYYY-MM-DD.
  public init(now: Int64, day: String) {
    self.now = now
    weighedAt = now
    self.day = day
    since = TieScale.horizon(of: now)
  }

  /// Strengths are worked out anew after so many seconds: within an hour they fade by a six-thousandth.
  private static let weighedFor: Int64 = 3_600

  /// The beginning of the name of one of ours.
  public static let teammatePrefix = "teammates/"

  /// How many people there are.
  public var people: Int { names.count }
  /// How many ties there are between two people.
  public var tieCount: Int { edges.count }

  /// Sets the present; encounters that have come about by then count from now on.
  public mutating func turn(to now: Int64, day: String) {
    self.now = max(now, self.now)
    if self.day != day || self.now - weighedAt >= Self.weighedFor {
      self.day = day
      weighedAt = self.now
      turn += 1
    }
    guard coming.contains(where: { $0.encounter.time <= self.now }) else { return }
    let due = coming.filter { $0.encounter.time <= self.now }
    coming.removeAll { $0.encounter.time <= self.now }
    for (first, second, encounter) in due { change(first, second) { $0.add(encounter) } }
  }

  /// Takes in what two people took part in.
  public mutating func add(_ encounter: Encounter, between first: String, and second: String) {
    guard encounter.time >= since else { return }
    guard encounter.time <= now else {
      coming.append((first, second, encounter))
      return
    }
    change(first, second) { $0.add(encounter) }
  }

  /// Gives up what two people took part in, as it was taken in.
  public mutating func remove(_ encounter: Encounter, between first: String, and second: String) {
    guard encounter.time >= since else { return }
    if let place = coming.firstIndex(where: {
      $0.first == first && $0.second == second && $0.encounter == encounter
    }) {
      coming.remove(at: place)
    } else {
      change(first, second) { $0.remove(encounter) }
    }
  }

  /// Takes in what somebody says of two people.
  public mutating func add(_ claim: TieClaim, between first: String, and second: String) {
    guard let edge = edge(first, second) else { return }
    claims[edge, default: []].append(claim)
    edges[Int(edge)].hasClaims = true
  }

  /// Gives up what somebody said of two people.
  public mutating func remove(_ claim: TieClaim, between first: String, and second: String) {
    guard let edge = edge(first, second), let place = claims[edge]?.firstIndex(of: claim) else { return }
    claims[edge]?.remove(at: place)
    if claims[edge]?.isEmpty == true {
      claims[edge] = nil
      edges[Int(edge)].hasClaims = false
    }
  }

  private mutating func change(_ first: String, _ second: String, _ body: (inout TieEvidence) -> Void) {
    guard let edge = edge(first, second) else { return }
    body(&edges[Int(edge)].evidence)
  }

  // MARK: For searches

  func node(_ name: String) -> Node? { nodes[name] }

  /// Somebody's ties, worked out and sorted as of now.
  mutating func sortedTies(of node: Node) -> Ties {
    let place = Int(node)
    guard ties.indices.contains(place) else { return Ties() }
    if ties[place].turn == turn { return ties[place] }
    var own = ties[place]
    ties[place].ties = []
    for index in own.ties.indices { own.ties[index].strength = strength(of: own.ties[index].edge) }
    own.ties.sort { left, right in
      let (leftOurs, rightOurs) = (isOurs[Int(left.other)], isOurs[Int(right.other)])
      if leftOurs != rightOurs { return leftOurs }
      if left.strength != right.strength { return left.strength > right.strength }
      return names[Int(left.other)] < names[Int(right.other)]
    }
    own.turn = turn
    ties[place] = own
    return own
  }

  /// Somebody's strongest tie to one of ours as of now, zero where there is none: as their sorted ties have it first, but
  /// without working out the others.
  func strongestTieToOurs(of node: Node) -> Double {
    let place = Int(node)
    // Most people know nobody of ours.
    guard ties.indices.contains(place), ties[place].ours > 0 else { return 0 }
    if ties[place].turn == turn { return ties[place].ties.first?.strength ?? 0 }
    var strongest = 0.0
    for tie in ties[place].ties where isOurs[Int(tie.other)] {
      strongest = max(strongest, strength(of: tie.edge))
    }
    return strongest
  }

  private func strength(of edge: Int32) -> Double {
    let held = edges[Int(edge)]
    let computed = held.evidence.strength(at: weighedAt)
    guard held.hasClaims, let said = claims[edge] else { return computed }
    let valid = said.filter { $0.holds(on: day) }
    if valid.contains(where: \.isConflict) { return 0 }
    return max(computed, valid.map(\.strength).max() ?? 0)
  }

  // MARK: Keeping

  /// Where what ties two people is kept; nil for somebody and themselves, and where the network is full. What is
  /// found so is about to change: the two's ties must be worked out anew.
  private mutating func edge(_ first: String, _ second: String) -> Int32? {
    guard first != second, let one = made(first), let other = made(second) else { return nil }
    let (few, many) = ties[Int(one)].ties.count <= ties[Int(other)].ties.count ? (one, other) : (other, one)
    ties[Int(one)].turn = 0
    ties[Int(other)].turn = 0
    if let known = ties[Int(few)].ties.first(where: { $0.other == many }) { return known.edge }
    guard let edge = Int32(exactly: edges.count) else { return nil }
    edges.append(Edge())
    ties[Int(one)].ties.append(Tie(other: other, edge: edge))
    ties[Int(other)].ties.append(Tie(other: one, edge: edge))
    if isOurs[Int(other)] { ties[Int(one)].ours += 1 }
    if isOurs[Int(one)] { ties[Int(other)].ours += 1 }
    return edge
  }

  private mutating func made(_ name: String) -> Node? {
    if let node = nodes[name] { return node }
    guard let node = Node(exactly: names.count) else { return nil }
    nodes[name] = node
    names.append(name)
    isOurs.append(name.hasPrefix(Self.teammatePrefix))
    ties.append(Ties())
    return node
  }
}
