public import PunosMessages
public import Store

extension Signal: RecordMessage {}

/// What signals ask beyond the schema.
public struct SignalRules: NounRules {
  public static let kind = NounCatalog.signalKind

  public init() {}

  public func complete(_ value: inout Signal, before: Signal?, _ world: RecordWorld) throws {
    EvidenceRules.complete(&value.evidence, before?.evidence ?? [], world)
    if value.severity == .unspecified { value.severity = .notice }
    if value.state == .unspecified { value.state = .open }
    if value.team.isEmpty { value.team = before?.team ?? world.caller.team }
    if value.raisedTime == nil { value.raisedTime = before?.raisedTime ?? ProtoTimestamp(world.now) }
  }

  public func problems(of value: Signal, _ world: RecordWorld) throws -> [FieldProblem] {
    EvidenceRules.problems(of: value.evidence, in: "evidence")
      + Times.problems(of: value.raisedTime, in: "raised_time", world.now)
  }

  public func externalIDs(of value: Signal) -> [ExternalId] { value.externalIds }

  public func isOwnFinding(_ value: Signal) -> Bool {
    value.computed && (value.handledBy.isEmpty || value.handledBy == SignalWriter.actor.principal)
  }

  public func unite(_ incoming: Signal, into current: Signal) -> Signal {
    Unite.messages(incoming, into: current)
  }
}
