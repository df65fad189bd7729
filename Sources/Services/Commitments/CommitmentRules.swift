public import PunosMessages
public import Store

extension Commitment: RecordMessage {}

/// What promises ask beyond the schema.
public struct CommitmentRules: NounRules {
  public static let kind = NounCatalog.commitmentKind

  public init() {}

  public func complete(_ value: inout Commitment, before: Commitment?, _ world: RecordWorld) throws {
    if value.direction == .unspecified { value.direction = .ours }
    if value.status == .unspecified { value.status = .open }
    if value.team.isEmpty { value.team = before?.team ?? world.caller.team }
    if value.owner.isEmpty, value.team == world.caller.team { value.owner = before?.owner ?? world.caller.name }
    EvidenceRules.complete(&value.evidence, before?.evidence ?? [], world)
  }

  public func problems(of value: Commitment, _ world: RecordWorld) throws -> [FieldProblem] {
    var problems = EvidenceRules.problems(of: value.evidence, in: "evidence")
    // Days written YYYY-MM-DD compare as text; their form is the schema's rule.
    if !value.promisedDate.isEmpty, !value.dueDate.isEmpty, value.dueDate < value.promisedDate {
      problems.append(
        FieldProblem(
          path: "due_date", description: "it lies before the promise was given (promised_date); correct one of the two",
          reason: "EMPTY_SPAN"))
    }
    if value.isOpen, !value.settledDate.isEmpty {
      problems.append(
        FieldProblem(
          path: "settled_date",
          description: "an open promise has none; set status to KEPT, BROKEN or WITHDRAWN, or leave the day out",
          reason: "NOT_SETTLED"))
    }
    if value.status == .broken, value.settlement.isEmpty {
      problems.append(
        FieldProblem(
          path: "settlement", description: "a broken promise says why; nothing came", reason: "REQUIRED"))
    }
    return problems
  }

  public func externalIDs(of value: Commitment) -> [ExternalId] { value.externalIds }

  public func unite(_ incoming: Commitment, into current: Commitment) -> Commitment {
    Unite.messages(incoming, into: current)
  }
}

extension Commitment {
  /// Whether it is still to be kept.
  var isOpen: Bool { status == .open || status == .unspecified }
}
