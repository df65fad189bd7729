/// A chain of people.
public struct PeopleChain: Sendable, Hashable {
  /// Their names, the one who is to be introduced first.
  public var people: [String]
  /// The product of the steps' strengths.
  public var strength: Double

  /// A chain of people and its strength.
  public init(people: [String], strength: Double) {
    self.people = people
    self.strength = strength
  }
}

extension PeopleNetwork {
  /// Steps that a chain may have: an introduction over more people than that is none.
  public static let maximumSteps = 4

  /// The strongest chains of people to somebody.
  ///
  /// A chain is as strong as the product of its steps, names nobody twice, and leads over nobody who does not get on
  /// with their neighbour in it. Only the first in a chain may be ours: whoever stands behind another of ours has the
  /// shorter chain.
  ///
  /// - Parameters:
  ///   - target: who is to be reached.
  ///   - source: who is to be introduced; nil: anyone of ours.
  ///   - count: how many chains at most.
  ///   - steps: how many steps a chain may have, up to ``maximumSteps``.
  ///   - isThere: whether a person may be passed; asked of those only over whom a chain is about to lead, as it may take
  ///     a look into a store.
  /// - Returns: strongest first.
  public mutating func strongestChains(
    to target: String, from source: String? = nil, count: Int, steps: Int = maximumSteps,
    isThere: (String) -> Bool = { _ in true }
  ) -> [PeopleChain] {
    guard let end = node(target), target != source, isThere(target) else { return [] }
    var start: Node?
    if let source {
      guard let found = node(source) else { return [] }
      start = found
    }
    let steps = min(max(steps, 1), Self.maximumSteps)
    var search = PathSearch(target: end, source: start, steps: steps, in: &self)
    return search.chains(count, in: &self, isThere)
  }
}

/// One search for chains, from their end: the most promising unfinished chain goes on first, judged by its own
/// strength times the best that could still come. That is worked out without regard to people being passed twice, or being
/// there at all, so it is never too low: chains come out strongest first, and each is known to be the strongest of those
/// not out yet.
///
/// Most of those whom a search comes by stand at its rim, one step from its end. Of them nothing is asked but their
/// strongest tie to whom the chain begins with; their other ties are neither weighed nor sorted.
private struct PathSearch {
  typealias Node = PeopleNetwork.Node
  typealias Tie = PeopleNetwork.Tie

  /// An unfinished chain, from its end.
  struct Chain {
    var nodes: [Node]
    var strength: Double
    var stepsLeft: Int
  }

  /// What may be done next.
  enum Step {
    /// Look at where a chain can go on.
    case chain(Chain)
    /// Lengthen a chain over the tie at a place in the range.
    case tie(Chain, [Tie], Range<Int>)
    /// Finish a chain over the tie at a place in the range.
    case goal(Chain, [Tie], Range<Int>)
  }

  private let target: Node
  private let source: Node?
  private let steps: Int
  /// Strengths of the source's own ties.
  private var sourceTies: [Node: Double] = [:]
  /// The best that can come from somebody on, by steps left.
  private var best: [[Node: Double]]
  private var present: [Node: Bool] = [:]
  private var waiting = StrengthQueue<Step>()

  init(target: Node, source: Node?, steps: Int, in network: inout PeopleNetwork) {
    self.target = target
    self.source = source
    self.steps = steps
    best = Array(repeating: [:], count: steps + 1)
    guard let source else { return }
    for tie in network.sortedTies(of: source).ties { sourceTies[tie.other] = tie.strength }
  }

  mutating func chains(
    _ count: Int, in network: inout PeopleNetwork, _ isThere: (String) -> Bool
  ) -> [PeopleChain] {
    var found: [PeopleChain] = []
    let hope = hope(from: target, steps, &network)
    if hope > 0 { waiting.add(.chain(Chain(nodes: [target], strength: 1, stepsLeft: steps)), hope) }
    while found.count < count, let step = waiting.takeStrongest() {
      switch step {
      case .chain(let chain): open(chain, &network)
      case .tie(let chain, let ties, let range):
        lengthen(chain, ties[range.lowerBound], &network, isThere)
        addTie(chain, ties, range.dropFirst())
      case .goal(let chain, let ties, let range):
        let tie = ties[range.lowerBound]
        let people = [tie.other] + chain.nodes.reversed()
        found.append(
          PeopleChain(people: people.map { network.names[Int($0)] }, strength: chain.strength * tie.strength))
        addGoal(chain, ties, range.dropFirst())
      }
    }
    return found
  }

  private mutating func open(_ chain: Chain, _ network: inout PeopleNetwork) {
    guard let last = chain.nodes.last else { return }
    let own = network.sortedTies(of: last)
    if let source {
      let strength = sourceTies[last] ?? 0
      addGoal(chain, [Tie(other: source, edge: 0, strength: strength)], 0..<1)
    } else {
      addGoal(chain, own.ties, 0..<own.ours)
    }
    guard chain.stepsLeft > 1 else { return }
    addTie(chain, own.ties, own.ours..<own.ties.count)
  }

  private mutating func lengthen(
    _ chain: Chain, _ tie: Tie, _ network: inout PeopleNetwork, _ isThere: (String) -> Bool
  ) {
    guard tie.other != source, !chain.nodes.contains(tie.other), mayPass(tie.other, network, isThere) else {
      return
    }
    let left = chain.stepsLeft - 1
    let hope = hope(from: tie.other, left, &network)
    guard hope > 0 else { return }
    let longer = Chain(
      nodes: chain.nodes + [tie.other], strength: chain.strength * tie.strength, stepsLeft: left)
    waiting.add(.chain(longer), longer.strength * hope)
  }

  private mutating func addTie(_ chain: Chain, _ ties: [Tie], _ range: Range<Int>) {
    guard let place = range.first, ties[place].strength > 0 else { return }
    waiting.add(.tie(chain, ties, range), chain.strength * ties[place].strength)
  }

  private mutating func addGoal(_ chain: Chain, _ ties: [Tie], _ range: Range<Int>) {
    guard let place = range.first, ties[place].strength > 0 else { return }
    waiting.add(.goal(chain, ties, range), chain.strength * ties[place].strength)
  }

  private mutating func mayPass(_ node: Node, _ network: PeopleNetwork, _ isThere: (String) -> Bool) -> Bool {
    if let known = present[node] { return known }
    let place = Int(node)
    let there = isThere(network.names[place])
    present[node] = there
    return there
  }

  /// The strongest that a chain can become from somebody on, with so many steps left; zero where it leads nowhere.
  private mutating func hope(from node: Node, _ stepsLeft: Int, _ network: inout PeopleNetwork) -> Double {
    if let known = best[stepsLeft][node] { return known }
    var strongest = source == nil ? network.strongestTieToOurs(of: node) : (sourceTies[node] ?? 0)
    if stepsLeft > 1 {
      let own = network.sortedTies(of: node)
      for tie in own.ties[own.ours...] {
        // No way on is stronger than its first step, and the steps are in order.
        guard tie.strength > strongest else { break }
        guard tie.other != source else { continue }
        strongest = max(strongest, tie.strength * hope(from: tie.other, stepsLeft - 1, &network))
      }
    }
    best[stepsLeft][node] = strongest
    return strongest
  }
}

/// A queue that gives out the strongest first; of equals the one that came first.
private struct StrengthQueue<Element> {
  private var heap: [(strength: Double, order: Int, element: Element)] = []
  private var order = 0

  mutating func add(_ element: Element, _ strength: Double) {
    order += 1
    heap.append((strength, order, element))
    var place = heap.count - 1
    while place > 0, isBefore(place, (place - 1) / 2) {
      heap.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  mutating func takeStrongest() -> Element? {
    guard let first = heap.first else { return nil }
    let last = heap.removeLast()
    guard !heap.isEmpty else { return first.element }
    heap[0] = last
    var place = 0
    while true {
      var next = place
      for child in [2 * place + 1, 2 * place + 2] where child < heap.count && isBefore(child, next) {
        next = child
      }
      guard next != place else { return first.element }
      heap.swapAt(place, next)
      place = next
    }
  }

  private func isBefore(_ one: Int, _ other: Int) -> Bool {
    heap[one].strength != heap[other].strength
      ? heap[one].strength > heap[other].strength : heap[one].order < heap[other].order
  }
}
