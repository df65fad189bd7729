import Domain
import ProtobufBridge
public import PunosAPI
public import PunosMessages
public import RPC
import Store

/// Answers `punos.v1.LifecycleService`.
public struct LifecycleHandler: LifecycleServiceHandler {
  /// Moves read of one account: more stages than a customer can live through.
  static let maximumRecords = 10_000

  private let world: ServiceWorld
  private let moves: RecordService<StageTransitionRules>
  private let reverts: RecordService<StageTransitionRules>

  /// - Throws: ``Problem`` where the schema lacks a kind.
  public init(_ world: ServiceWorld) throws(Problem) {
    self.world = world
    moves = try RecordService(world, StageTransitionRules())
    reverts = try RecordService(world, StageTransitionRules(isReverting: true))
  }

  public func moveStage(_ request: MoveStageRequest, _ context: CallContext) async throws -> MoveStageResponse
  {
    let caller = try context.caller()
    return try await answering { () throws(Problem) in
      try RequestRules.check(request)
      let options = WriteOptions(
        requestID: request.requestId, fingerprint: Self.fingerprint(request, request.requestId),
        reason: String(request.reason.prefix(Self.reasonLength)), validateOnly: request.validateOnly)
      let reading = AccountReading(world, caller, at: nil)
      let (key, account) = try await reading.account(named: request.account, field: "account")
      let known = try await history(key.id, reading)
      var transition = StageTransition()
      transition.journey = try await journey(request.journey, known, caller)
      transition.toStage = request.toStage
      transition.reason = request.reason
      transition.backwards = request.backwards
      transition.confirmed = request.confirmed
      transition.movedTime = request.movedTime
      transition.team = request.team
      transition.evidence = request.evidence
      var response = MoveStageResponse()
      response.stageTransition = try await create(transition, in: account.name, options, caller)
      return response
    }
  }

  private func create(
    _ transition: StageTransition, in account: String, _ options: WriteOptions, _ caller: Principal
  ) async throws(Problem) -> StageTransition {
    do {
      return try await moves.create(transition, in: account, id: "", options, by: caller)
    } catch  where MoveNumbers.isTooLate(error) {
      throw MoveNumbers.tooLate(account)
    }
  }

  /// The journey of a move: the one that is named, the one that the account is on, or the usual one.
  private func journey(
    _ name: String, _ known: LifecycleHistory, _ caller: Principal
  ) async throws(Problem) -> String {
    if name.isEmpty, let current = known.current { return current.journey }
    return try await Journeys.named(name, world, caller, field: "journey").name
  }

  public func revertTransition(
    _ request: RevertTransitionRequest, _ context: CallContext
  ) async throws -> RevertTransitionResponse {
    let caller = try context.caller()
    return try await answering { () throws(Problem) in
      try RequestRules.check(request)
      let options = WriteOptions(
        requestID: request.requestId, fingerprint: Self.fingerprint(request, request.requestId),
        reason: request.reason, validateOnly: request.validateOnly)
      var response = RevertTransitionResponse()
      response.stageTransition = try await revert(request, options, caller)
      return response
    }
  }

  private func revert(
    _ request: RevertTransitionRequest, _ options: WriteOptions, _ caller: Principal
  ) async throws(Problem) -> StageTransition {
    do {
      return try await reverts.change(request.name, etag: request.etag, options, by: caller) { value, world in
        guard let key = world.catalog.key(of: value.name), let account = key.account else { return [] }
        let checks = try MoveNumbers.checks(inAccount: account, beside: key, world)
        try Self.refuseUnlessLatest(value, world)
        value.reverted = true
        value.revertedTime = ProtoTimestamp(world.now)
        value.revertedBy = world.caller.name
        value.revertReason = request.reason
        return checks
      }
    } catch  where error.reason == "ALREADY_EXISTS" {
      // The next move was made meanwhile.
      throw MoveNumbers.tooLate(world.catalog.parts(of: error.resource)?.account ?? request.name)
    }
  }

  /// Only the latest move can be taken back: the later ones began where it ended.
  private static func refuseUnlessLatest(_ value: StageTransition, _ world: RecordWorld) throws {
    if value.reverted {
      throw Problem(
        .failedPrecondition, "REVERTED_ALREADY", "\(value.name) was taken back already.", resource: value.name
      )
    }
    guard let account = world.catalog.key(of: value.name)?.account else { return }
    let history = LifecycleHistory(try world.values(of: StageTransitionRules.kind, inAccount: account))
    guard let latest = history.current, latest.name != value.name else { return }
    throw Problem(
      .failedPrecondition, "NOT_LATEST",
      "\(value.name) is not the account's latest move; take \(latest.name) back first, or move the account back.",
      metadata: ["latest": latest.name], resource: value.name)
  }

  public func getJourneyInUse(_ request: GetJourneyInUseRequest, _ context: CallContext) async throws
    -> Journey
  {
    let caller = try context.caller()
    return try await answering { () throws(Problem) in
      try RequestRules.check(request)
      try world.require(caller, .read, "journeys")
      guard !request.account.isEmpty else { return try await Journeys.usual(world, caller) }
      let reading = AccountReading(world, caller, at: nil)
      let (key, _) = try await reading.account(named: request.account, field: "account")
      return try await Journeys.of(try await history(key.id, reading), reading)
    }
  }

  public func getLifecycle(_ request: GetLifecycleRequest, _ context: CallContext) async throws -> Lifecycle {
    let caller = try context.caller()
    return try await answering { () throws(Problem) in
      try RequestRules.check(request)
      try world.require(caller, .read, request.account)
      let reading = AccountReading(world, caller, at: request.asOf?.point)
      let (key, account) = try await reading.account(named: request.account, field: "account")
      let known = try await history(key.id, reading)
      let journey = try await Journeys.of(known, reading)
      return try lifecycle(of: account.name, key.id, known, journey, reading, now: try await reading.moment())
    }
  }

  private func lifecycle(
    of account: String, _ shard: String, _ known: LifecycleHistory, _ journey: Journey,
    _ reading: AccountReading, now: Moment
  ) throws(Problem) -> Lifecycle {
    var lifecycle = Lifecycle()
    lifecycle.account = account
    lifecycle.journey = journey.name
    lifecycle.journeyTitle = journey.title
    lifecycle.times = known.times(in: journey, now: now.seconds)
    lifecycle.transitions = known.all.reversed()
    let from = known.current?.toStage ?? ""
    lifecycle.nextStages = journey.following(from)
    if let current = known.current {
      lifecycle.stage = journey.stage(current.toStage) ?? .forgotten(current.toStage)
      lifecycle.since = current.movedTime
      lifecycle.daysInStage = current.movedTime.map { Days.between($0.moment, now) } ?? 0
      lifecycle.team = current.team
      lifecycle.overdue = lifecycle.stage?.expectedDays.map { lifecycle.daysInStage > Int64($0) } ?? false
    }
    // What was met in the past is in the moves themselves; what is met now is looked up in the records as they are.
    if reading.point == nil, let next = lifecycle.nextStages.first {
      do {
        let checks = try CriterionChecks(
          world.world(of: reading.caller), account: shard, since: known.current?.movedTime?.moment)
        lifecycle.nextCriteria = journey.demands(from: from, to: next).map {
          checks.state(of: $0, confirmed: false)
        }
      } catch {
        throw .from(error, world.catalog)
      }
    }
    return lifecycle
  }

  private func history(_ shard: String, _ reading: AccountReading) async throws(Problem) -> LifecycleHistory {
    let records = try await reading.records(
      of: [NounCatalog.stageTransitionKind], in: shard, most: Self.maximumRecords)
    return LifecycleHistory(try reading.values(NounCatalog.stageTransitionKind, among: records))
  }

  public func getFunnel(_ request: GetFunnelRequest, _ context: CallContext) async throws -> Funnel {
    let caller = try context.caller()
    return try await answering { () throws(Problem) in
      try RequestRules.check(request)
      try world.require(caller, .read, "funnel")
      let journey = try await Journeys.named(request.journey, world, caller, field: "journey")
      return try await FunnelReader(world, caller, journey, request).funnel()
    }
  }

  /// Characters of a reason that go to the history, which keeps a sentence or two.
  private static let reasonLength = 500

  private static func fingerprint(_ request: some Message, _ requestID: String) -> [UInt8] {
    requestID.isEmpty ? [] : StableHash.bytes(of: request.serialized())
  }
}
