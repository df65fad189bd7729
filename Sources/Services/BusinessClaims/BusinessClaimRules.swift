import Domain
public import PunosMessages
public import Store

extension BusinessClaim: RecordMessage {}

/// What claims on a customer's business ask beyond the schema.
public struct BusinessClaimRules: NounRules {
  public static let kind = NounCatalog.businessClaimKind

  public init() {}

  public func complete(_ value: inout BusinessClaim, before: BusinessClaim?, _ world: RecordWorld) throws {
    EvidenceRules.complete(&value.evidence, before?.evidence ?? [], world)
    let kind = value.evidence.first?.kind ?? .unspecified
    if value.confidence == nil { value.confidence = SourceKinds.usual(kind).confidence }
    if value.halfLifeDays == 0 { value.halfLifeDays = SourceKinds.halfLifeDays(of: value.topic) }
    if value.team.isEmpty { value.team = before?.team ?? world.caller.team }
    if value.owner.isEmpty, value.team == world.caller.team {
      value.owner = before?.owner ?? world.caller.name
    }
    if value.observedTime == nil { value.observedTime = before?.observedTime ?? ProtoTimestamp(world.now) }
  }

  public func problems(of value: BusinessClaim, _ world: RecordWorld) throws -> [FieldProblem] {
    var problems = EvidenceRules.problems(of: value.evidence, in: "evidence")
    problems += Times.problems(of: value.observedTime, in: "observed_time", world.now)
    // Days written YYYY-MM-DD compare as text; their form is the schema's rule.
    if !value.validFrom.isEmpty, !value.validTo.isEmpty, value.validTo <= value.validFrom {
      problems.append(
        FieldProblem(
          path: "valid_to",
          description: "the end must lie after the beginning (valid_from); correct one of the two",
          reason: "EMPTY_SPAN"))
    }
    if value.topic != .unspecified, Topics.dimension(of: value.topic) != .business {
      let own = Topics.parts(of: .business).map { "\($0.topic.rawValue)" }.dropLast().joined(separator: ", ")
      problems.append(
        FieldProblem(
          path: "topic",
          description: "it is no topic of the business (numbers \(own)); for others write an insight",
          reason: "TOPIC_OF_ANOTHER_DIMENSION"))
    }
    return problems
  }

  public func externalIDs(of value: BusinessClaim) -> [ExternalId] { value.externalIds }

  public func unite(_ incoming: BusinessClaim, into current: BusinessClaim) -> BusinessClaim {
    Unite.messages(incoming, into: current)
  }
}
