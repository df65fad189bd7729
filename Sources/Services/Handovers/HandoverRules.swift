import Domain
import FieldFormats
import ProtobufBridge
public import PunosMessages
public import Store

extension Handover: RecordMessage {}

/// What handovers ask beyond the schema.
///
/// The way of a handover (its state, what the receiver decided, threads) is changed by the methods of the workflow only:
/// whatever else writes a handover keeps it as it is, and keeps off what the receiver has accepted.
public struct HandoverRules: NounRules {
  public static let kind = NounCatalog.handoverKind

  /// Whether these are the rules of a method that moves the handover on its way.
  private let movesOn: Bool

  public init() { movesOn = false }

  private init(movesOn: Bool) { self.movesOn = movesOn }

  /// Rules for the methods of the workflow.
  static let workflow = HandoverRules(movesOn: true)

  public func canonicalise(_ value: inout Handover) { HandoverContent.canonicalise(&value) }

  public func complete(_ value: inout Handover, before: Handover?, _ world: RecordWorld) throws {
    if value.fromTeam.isEmpty { value.fromTeam = before?.fromTeam ?? world.caller.team }
    if before == nil, value.fromPeople.isEmpty, value.fromTeam == world.caller.team {
      value.fromPeople = [world.caller.name]
    }
    let known = Dictionary(
      (before?.items ?? []).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    for index in value.items.indices {
      if value.items[index].id.isEmpty { value.items[index].id = ResourceID.make() }
      let old = known[value.items[index].id]
      EvidenceRules.complete(&value.items[index].evidence, old?.evidence ?? [], world)
      if !value.items[index].text.isEmpty { value.items[index].needsPerson = false }
      if !movesOn { value.items[index].keepWay(of: old) }
      value.items[index].contacts = old?.contacts ?? []
    }
    if !movesOn {
      value.keepWay(of: before)
      if let before { try HandoverProblems.refuseForbiddenEdits(of: before, after: value) }
    }
    try HandoverPeople(world).name(in: &value)
  }

  public func problems(of value: Handover, _ world: RecordWorld) throws -> [FieldProblem] {
    var problems: [FieldProblem] = []
    var ids = Set<String>()
    for (index, item) in value.items.enumerated() {
      if !ids.insert(item.id).inserted {
        problems.append(
          FieldProblem(
            path: "items[\(index)].id",
            description: "another item has the same id; leave it out for a new item",
            reason: "DUPLICATE_ITEM"))
      }
      problems += EvidenceRules.problems(of: item.evidence, in: "items[\(index)].evidence")
    }
    if value.fromTeam == value.toTeam, value.toPeople.isEmpty {
      problems.append(
        FieldProblem(
          path: "to_people",
          description: "both teams are the same; name at least one person who takes over", reason: "REQUIRED")
      )
    }
    return problems
  }

  public func externalIDs(of value: Handover) -> [ExternalId] { value.externalIds }

  public func unite(_ incoming: Handover, into current: Handover) -> Handover {
    var rest = incoming
    rest.items = []
    var united = Unite.messages(rest, into: current)
    // What is not named by an id is found by its kind and title: another system may not keep our ids.
    var items = incoming.items
    for index in items.indices where items[index].id.isEmpty {
      let same = current.items.first { $0.kind == items[index].kind && $0.title == items[index].title }
      items[index].id = same?.id ?? ResourceID.make()
    }
    Unite.list(items, into: &united.items) { $0.id }
    return united
  }

  public func consequences(
    of key: RecordKey, before: Handover?, after: Handover?, _ world: RecordWorld
  ) throws -> [CommitOperation] {
    if let before, after == nil, before.state == .accepted {
      throw HandoverProblems.fixed(before, "deleted; close it instead")
    }
    return []
  }
}

extension Handover {
  /// Takes over from an earlier version all that only the workflow changes.
  fileprivate mutating func keepWay(of before: Handover?) {
    let before = before ?? Handover.with { $0.state = .draft }
    state = before.state == .unspecified ? .draft : before.state
    offeredTime = before.offeredTime
    offeredBy = before.offeredBy
    acceptedTime = before.acceptedTime
    acceptedBy = before.acceptedBy
    closedTime = before.closedTime
    closedBy = before.closedBy
    closedTeam = before.closedTeam
    outcome = before.outcome
    returns = before.returns
    firstOfferedTime = before.firstOfferedTime
  }
}

extension HandoverItem {
  /// Takes over from an earlier version all that only the workflow changes. What was rejected and then rewritten is to
  /// be looked at again.
  fileprivate mutating func keepWay(of before: HandoverItem?) {
    let before = before ?? HandoverItem()
    status = before.status == .unspecified ? .open : before.status
    decidedBy = before.decidedBy
    decidedTeam = before.decidedTeam
    decidedTime = before.decidedTime
    thread = before.thread
    if status == .rejected, !HandoverContent.isSame(self, before) { decide(.open, nil, nil) }
  }

  /// Notes what the receiving team says.
  mutating func decide(_ status: Status, _ caller: Principal?, _ now: Moment?) {
    self.status = status
    decidedBy = caller?.name ?? ""
    decidedTeam = caller?.team ?? ""
    decidedTime = now.map { ProtoTimestamp($0) }
  }
}
