import Domain
public import PunosAPI
public import PunosMessages
public import RPC
import Store

/// Answers `punos.v1.ValueService`.
public struct ValueHandler: ValueServiceHandler {
  private let world: ServiceWorld

  public init(_ world: ServiceWorld) { self.world = world }

  public func getValueLadder(_ request: GetValueLadderRequest, _ context: CallContext) async throws -> ValueLadder {
    let caller = try context.caller()
    return try await answering { () throws(Problem) in
      try RequestRules.check(request)
      try world.require(caller, .read, request.name)
      let reading = AccountReading(world, caller, at: request.asOf?.point)
      let (key, account) = try await reading.account(named: request.name, field: "name")
      let drivers: [ValueDriver] = try await reading.all(NounCatalog.valueDriverKind, in: key)
      let date = request.date.isEmpty ? Days.text(try await reading.moment()) : request.date
      let ladder = StandingLadder(drivers, on: date)
      return LadderMessage(SentenceLanguage(code: request.language))
        .message(ladder, of: account.name, revision: try await reading.revision().rawValue)
    }
  }

  public func exportValueSummary(
    _ request: ExportValueSummaryRequest, _ context: CallContext
  ) async throws -> ExportValueSummaryResponse {
    let caller = try context.caller()
    return try await answering { () throws(Problem) in
      try RequestRules.check(request)
      try world.require(caller, .read, request.name)
      return try await ValueSummaryMaker(world, caller).summary(request)
    }
  }
}

extension AccountReading {
  /// Every live record of one kind in an account.
  func all<Value: RecordMessage>(
    _ kind: RecordKind, in account: RecordKey, as _: Value.Type = Value.self
  ) async throws(Problem) -> [Value] {
    let records = try await records(
      of: [kind], in: account.account ?? "", most: AccountViewReader.maximumRecords)
    return try values(kind, among: records)
  }
}

extension GetValueLadderRequest.AsOf {
  /// The same as the store has it.
  var point: PointInTime {
    switch self {
    case .asOfTime(let time): .moment(time.moment)
    case .asOfRevision(let revision): .revision(Revision(revision))
    }
  }
}
