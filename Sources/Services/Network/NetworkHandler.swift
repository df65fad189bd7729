import Domain
public import PunosAPI
public import PunosMessages
public import RPC
import Store

/// Answers `punos.v1.NetworkService`.
public struct NetworkHandler: NetworkServiceHandler {
  /// Paths found where the caller does not say.
  private static let defaultPaths = 3

  private let world: ServiceWorld
  private let networks: Networks

  public init(_ world: ServiceWorld) {
    self.world = world
    networks = Networks(world)
  }

  public func getStrength(_ request: GetStrengthRequest, _ context: CallContext) async throws -> Strength {
    let caller = try context.caller()
    return try await answering { () throws(Problem) in
      try RequestRules.check(request)
      for person in [request.from, request.to] { try world.require(caller, .read, person) }
      let reader = RecordReader(world, caller)
      let names = PersonNames(reader)
      let then = request.asOfTime?.moment
      let from = try await names.resolved(request.from, "from", asOf: then)
      let to = try await names.resolved(request.to, "to", asOf: then)
      guard from != to else {
        throw .invalid([
          FieldProblem(
            path: "to", description: "it is the same person as from; two different people were expected",
            reason: "WITH_ONESELF")
        ])
      }
      guard ![from, to].allSatisfy({ $0.hasPrefix(PeopleNetwork.teammatePrefix) }) else {
        throw .invalid([
          FieldProblem(
            path: "to", description: "both are ours; one of the two at least must be a contact, contacts/{contact}",
            reason: "BOTH_OURS")
        ])
      }
      let strengths = StrengthReader(reader, SentenceLanguage(code: request.language))
      return Strength(try await strengths.tie(of: from, and: to, at: then ?? world.clock()).strength)
    }
  }

  public func findPath(_ request: FindPathRequest, _ context: CallContext) async throws -> FindPathResponse {
    let caller = try context.caller()
    return try await answering { () throws(Problem) in
      try RequestRules.check(request)
      try world.require(caller, .read, request.to)
      let reader = RecordReader(world, caller)
      let names = PersonNames(reader)
      let target = try await names.resolved(request.to, "to")
      let source = request.from.isEmpty ? nil : try await names.resolved(request.from, "from")
      if source == target || target.hasPrefix(PeopleNetwork.teammatePrefix) {
        throw .invalid([
          FieldProblem(
            path: "to", description: "a person at a customer, other than from, was expected", reason: "NOBODY_TO_REACH")
        ])
      }
      let found = try await chains(to: target, from: source, request, caller)
      var response = FindPathResponse()
      response.revision = found.revision.rawValue
      let teller = PathTeller(reader, world.clock(), SentenceLanguage(code: request.language))
      response.paths = try await teller.paths(found.chains)
      return response
    }
  }

  private func chains(
    to target: String, from source: String?, _ request: FindPathRequest, _ caller: Principal
  ) async throws(Problem) -> (chains: [PeopleChain], revision: Revision) {
    do {
      let network = await networks.network(of: caller.tenant)
      let found = try await network.chains(
        to: target, from: source, count: request.count > 0 ? Int(request.count) : Self.defaultPaths,
        steps: request.maxSteps > 0 ? Int(request.maxSteps) : PeopleNetwork.maximumSteps)
      await networks.note(found.ties, of: caller.tenant)
      return (found.chains, found.revision)
    } catch {
      throw .from(error, world.catalog)
    }
  }

  public func getRelationshipMap(
    _ request: GetRelationshipMapRequest, _ context: CallContext
  ) async throws -> RelationshipMap {
    let caller = try context.caller()
    return try await answering { () throws(Problem) in
      try RequestRules.check(request)
      try world.require(caller, .read, request.name)
      return try await MapReader(RecordReader(world, caller), world.clock()).map(request)
    }
  }
}

/// Tells chains of people with the reasons of every step.
private struct PathTeller {
  private let people: PersonReader
  private let strengths: StrengthReader
  private let now: Moment

  init(_ reader: RecordReader, _ now: Moment, _ language: SentenceLanguage) {
    people = PersonReader(reader)
    strengths = StrengthReader(reader, language)
    self.now = now
  }

  /// Paths, strongest first. Their strengths are worked out anew from the records, as of this moment.
  func paths(_ chains: [PeopleChain]) async throws(Problem) -> [IntroductionPath] {
    var steps: [[String]: PathStep] = [:]
    var paths: [IntroductionPath] = []
    for chain in chains {
      var path = IntroductionPath()
      path.strength = 1
      for (from, to) in zip(chain.people, chain.people.dropFirst()) {
        var known = steps[[from, to]]
        if known == nil { known = try await step(from, to) }
        guard let step = known else { continue }
        steps[[from, to]] = step
        path.strength *= step.strength?.value ?? 0
        path.steps.append(step)
      }
      // What the search thought strong an hour ago may be none by now.
      if path.strength > 0 { paths.append(path) }
    }
    return paths.enumerated()
      .sorted { ($1.element.strength, $0.offset) < ($0.element.strength, $1.offset) }.map(\.element)
  }

  private func step(_ from: String, _ to: String) async throws(Problem) -> PathStep {
    let tie = try await strengths.tie(of: from, and: to, at: now)
    var step = PathStep()
    step.from = try people.person(from, on: now.day, team: tie.team)
    step.to = try people.person(to, on: now.day)
    step.strength = Strength(tie.strength)
    return step
  }
}
