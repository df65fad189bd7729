import Domain
import PunosMessages
import Testing

/// Who can introduce us to whom.
@Suite struct PathTests {
  static let now: Int64 = 1_780_000_000

  /// A small graph that any search can look through.
  struct Graph {
    var people: [String]
    var ties: [(Int, Int, Relationship)] = []

    init(seed: UInt64) {
      var chance = Chance(seed: seed)
      let ours = Int.random(in: 0...3, using: &chance), theirs = Int.random(in: 1...8, using: &chance)
      people = (0..<ours).map { "teammates/t\($0)" } + (0..<theirs).map { "contacts/c\($0)" }
      let density = Double.random(in: 0.1...0.8, using: &chance)
      for one in people.indices {
        for other in people.indices where other > one && Double.random(in: 0..<1, using: &chance) < density {
          var tie = Relationship()
          tie.kind = Int.random(in: 0..<8, using: &chance) == 0 ? .conflictsWith : .trusts
          tie.strength = .random(in: 0...1, using: &chance)
          ties.append((one, other, tie))
        }
      }
    }

    var network: PeopleNetwork {
      var network = PeopleNetwork(now: PathTests.now, day: "2026-05-28")
      for (one, other, tie) in ties { network.add(TieClaim(tie), between: people[one], and: people[other]) }
      return network
    }

    private func strength(_ one: Int, _ other: Int) -> Double {
      ties.first { $0.0 == min(one, other) && $0.1 == max(one, other) }.map { TieClaim($0.2).strength } ?? 0
    }

    /// The strengths of all chains, found by walking every one of them, strongest first.
    func allChains(to target: Int, from source: Int?, steps: Int, gone: Set<Int>) -> [Double] {
      var found: [Double] = []
      func walk(_ chain: [Int], _ product: Double) {
        guard let last = chain.last, chain.count <= steps else { return }
        for next in people.indices where !chain.contains(next) && strength(last, next) > 0 {
          let longer = product * strength(last, next)
          let isOurs = people[next].hasPrefix("teammates/")
          if next == source || (source == nil && isOurs) {
            found.append(longer)
          } else if !isOurs, !gone.contains(next) {
            walk(chain + [next], longer)
          }
        }
      }
      if !gone.contains(target) { walk([target], 1) }
      return found.sorted(by: >)
    }
  }

  @Test func theStrongestChainsAreThoseThatASearchOfAllChainsFinds() {
    let first: UInt64 = 20_260_528
    for seed in first..<first + 10_000 {
      var chance = Chance(seed: ~seed)
      let graph = Graph(seed: seed)
      let theirs = graph.people.indices.filter { graph.people[$0].hasPrefix("contacts/") }
      guard let target = theirs.randomElement(using: &chance) else { continue }
      let source = Bool.random(using: &chance) ? nil : graph.people.indices.randomElement(using: &chance)
      if source == target { continue }
      let steps = Int.random(in: 1...4, using: &chance), count = Int.random(in: 1...10, using: &chance)
      let gone = Set(theirs.filter { _ in Int.random(in: 0..<10, using: &chance) == 0 }).subtracting([source ?? -1])
      let goneNames = Set(gone.map { graph.people[$0] })
      var network = graph.network
      let found = network.strongestChains(
        to: graph.people[target], from: source.map { graph.people[$0] }, count: count, steps: steps,
        isThere: { !goneNames.contains($0) })
      let expected = graph.allChains(to: target, from: source, steps: steps, gone: gone).prefix(count)
      let isSame = found.count == expected.count && zip(found, expected).allSatisfy { abs($0.strength - $1) < 1e-12 }
      #expect(isSame, "seed \(seed)")
      #expect(Set(found.map(\.people)).count == found.count, "seed \(seed): a chain came twice")
      #expect(found.allSatisfy { Set($0.people).count == $0.people.count }, "seed \(seed): somebody is passed twice")
    }
  }

  @Test func aChainLeadsThroughPeopleAndIsTheProductOfItsSteps() {
    var network = PeopleNetwork(now: Self.now, day: "2026-05-28")
    func tie(_ one: String, _ other: String, _ strength: Double) {
      network.add(TieClaim(TieStrengthTests.claim(.knows, strength)), between: one, and: other)
    }
    tie("teammates/aino", "contacts/liisa", 0.9)
    tie("contacts/liisa", "contacts/pekka", 0.8)
    tie("teammates/ville", "contacts/pekka", 0.5)
    let chains = network.strongestChains(to: "contacts/pekka", count: 3)
    #expect(chains.map(\.people) == [
      ["teammates/aino", "contacts/liisa", "contacts/pekka"], ["teammates/ville", "contacts/pekka"],
    ])
    #expect(chains.map { ($0.strength * 100).rounded() } == [72, 50])
  }

  @Test func noChainIsLongerThanFourSteps() {
    var network = PeopleNetwork(now: Self.now, day: "2026-05-28")
    let chain = ["teammates/a", "contacts/b", "contacts/c", "contacts/d", "contacts/e", "contacts/f"]
    for (one, other) in zip(chain, chain.dropFirst()) {
      network.add(TieClaim(TieStrengthTests.claim(.trusts, 1)), between: one, and: other)
    }
    #expect(network.strongestChains(to: "contacts/e", count: 1).first?.people.count == 5)
    #expect(network.strongestChains(to: "contacts/f", count: 1).isEmpty)
  }

  @Test(arguments: TieStrengthTests.seeds)
  func aNetworkThatWasCorrectedIsTheOneThatWasRightAtOnce(seed: UInt64) {
    var chance = Chance(seed: seed)
    let kept = Self.interactions(&chance), corrected = Self.interactions(&chance)
    var network = PeopleNetwork(now: Self.now, day: "2026-05-28")
    for interaction in (kept + corrected).shuffled(using: &chance) { network.add(interaction) }
    _ = network.strongestChains(to: "contacts/1", count: 3)
    for interaction in corrected { network.remove(interaction) }
    var plain = PeopleNetwork(now: Self.now, day: "2026-05-28")
    for interaction in kept { plain.add(interaction) }
    for target in 0..<6 {
      let one = network.strongestChains(to: "contacts/\(target)", count: 5).map(\.strength)
      let other = plain.strongestChains(to: "contacts/\(target)", count: 5).map(\.strength)
      #expect(one.count == other.count && zip(one, other).allSatisfy { abs($0 - $1) < 1e-9 }, "seed \(seed)")
    }
  }

  @Test func aMeetingThatIsStillToComeTiesPeopleOnceItHasHappened() {
    var meeting = Interaction()
    meeting.time = ProtoTimestamp()
    meeting.time?.seconds = Self.now + 86_400
    meeting.channel = .meeting
    meeting.direction = .mutual
    meeting.contacts = ["contacts/liisa"]
    meeting.teammates = [TieStrengthTests.teammate("aino")]
    var network = PeopleNetwork(now: Self.now, day: "2026-05-28")
    network.add(meeting)
    #expect(network.strongestChains(to: "contacts/liisa", count: 1).isEmpty)
    network.turn(to: Self.now + 2 * 86_400, day: "2026-05-30")
    #expect(network.strongestChains(to: "contacts/liisa", count: 1).count == 1)
  }

  private static func interactions(_ chance: inout Chance) -> [Interaction] {
    (0..<20).map { _ in
      var interaction = Interaction()
      interaction.time = ProtoTimestamp()
      interaction.time?.seconds = now - .random(in: 0...50_000_000, using: &chance)
      interaction.channel = Interaction.Channel.allCases.randomElement(using: &chance) ?? .meeting
      interaction.direction = Interaction.Direction.allCases.randomElement(using: &chance) ?? .mutual
      interaction.contacts = Set((0..<3).map { _ in "contacts/\(Int.random(in: 0..<6, using: &chance))" }).sorted()
      if Bool.random(using: &chance) {
        interaction.teammates = [TieStrengthTests.teammate("t\(Int.random(in: 0..<2, using: &chance))")]
      }
      return interaction
    }
  }
}

extension TieStrengthTests {
  static func teammate(_ principal: String) -> Teammate {
    var teammate = Teammate()
    teammate.principal = principal
    return teammate
  }
}
