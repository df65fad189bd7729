import Domain
public import PunosMessages
public import Store

extension Insight: RecordMessage {}

/// What insights ask beyond the schema.
public struct InsightRules: NounRules {
  public static let kind = NounCatalog.insightKind

  public init() {}

  public func complete(_ value: inout Insight, before: Insight?, _ world: RecordWorld) throws {
    EvidenceRules.complete(&value.evidence, before?.evidence ?? [], world)
    if value.sourceKind == .unspecified { value.sourceKind = value.evidence.first?.kind ?? .unspecified }
    if value.sourceKind == .unspecified { value.sourceKind = .tacit }
    let usual = SourceKinds.usual(value.sourceKind)
    if value.confidence == nil { value.confidence = usual.confidence }
    if value.halfLifeDays == 0 { value.halfLifeDays = usual.halfLifeDays }
    if value.impact == .unspecified { value.impact = .useful }
    if value.status == .unspecified { value.status = .current }
    if value.team.isEmpty { value.team = before?.team ?? world.caller.team }
    if value.owner.isEmpty, value.team == world.caller.team {
      value.owner = before?.owner ?? world.caller.name
    }
    if value.observedTime == nil { value.observedTime = before?.observedTime ?? ProtoTimestamp(world.now) }
    if let before, before.claim != value.claim {
      // What other teams said was about another claim.
      value.confirmations = []
      value.disputes = []
      value.reviewTime = nil
    }
    var stale = ProtoTimestamp()
    stale.seconds = min(value.becomesStale, Times.last)
    value.staleTime = stale
    value.withheld = false
    WithholdingRules.complete(&value.withholding, before?.withholding, world)
  }

  public func problems(of value: Insight, _ world: RecordWorld) throws -> [FieldProblem] {
    EvidenceRules.problems(of: value.evidence, in: "evidence")
      + TopicRules.problems(of: value.topic, in: value.dimension)
      + Times.problems(of: value.observedTime, in: "observed_time", world.now)
      + WithholdingRules.problems(of: value.withholding, team: value.team, owner: value.owner, world)
  }

  public func externalIDs(of value: Insight) -> [ExternalId] { value.externalIds }

  public func unite(_ incoming: Insight, into current: Insight) -> Insight {
    Unite.messages(incoming, into: current)
  }
}

/// Rules of topics.
enum TopicRules {
  /// A topic that belongs to another dimension.
  static func problems(of topic: Topic, in dimension: Dimension) -> [FieldProblem] {
    let own = Topics.dimension(of: topic)
    guard topic != .unspecified, own != dimension else { return [] }
    let expected =
      own == .unspecified
      ? "no topic has the number \(topic.rawValue); leave it out"
      : "it is a topic of another dimension; correct one of the two"
    return [FieldProblem(path: "topic", description: expected, reason: "TOPIC_OF_ANOTHER_DIMENSION")]
  }
}

/// Rules of moments.
enum Times {
  /// The last second that a timestamp can name, 9999-12-31T23:59:59Z.
  static let last: Int64 = 253_402_300_799
  /// Clocks of clients run ahead of ours; a day covers a wrong time zone too.
  static let tolerance: Int64 = 86_400

  /// What was seen or heard cannot lie ahead.
  static func problems(of moment: ProtoTimestamp?, in path: String, _ now: Moment) -> [FieldProblem] {
    guard let moment, moment.seconds > now.seconds + tolerance else { return [] }
    return [
      FieldProblem(
        path: path, description: "it lies ahead; the moment at which it was seen or heard was expected",
        reason: "IN_THE_FUTURE")
    ]
  }
}

/// Rules of withholding. That it has a reason is the schema's rule.
enum WithholdingRules {
  /// Says when a record was withheld: a stage that was entered before does not end it.
  static func complete(_ withholding: inout Withholding?, _ before: Withholding?, _ world: RecordWorld) {
    withholding?.sinceTime = before?.sinceTime ?? ProtoTimestamp(world.now)
  }

  /// Withholding that keeps out who sets it: nobody could lift it then.
  static func problems(
    of withholding: Withholding?, team: String, owner: String, _ world: RecordWorld
  ) -> [FieldProblem] {
    guard let withholding else { return [] }
    let caller = world.caller
    if caller.team == team || caller.name == owner || withholding.teams.contains(caller.team) { return [] }
    return [
      FieldProblem(
        path: "withholding.teams",
        description:
          "your own team \(caller.team) would not see it any more; add it, or let the team \(team) withhold it",
        reason: "WITHHELD_FROM_WRITER")
    ]
  }
}
