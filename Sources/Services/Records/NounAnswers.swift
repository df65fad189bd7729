import ProtobufBridge
public import PunosAPI
import PunosMessages
public import RPC
import Store

/// Answers the standard methods for one kind of record: unpacks, calls, packs.
public struct NounAnswers<Rules: NounRules>: StandardAnswers {
  public typealias Record = Rules.Value

  private let service: RecordService<Rules>
  private var field: String { service.noun.name + "." }

  /// - Throws: ``Problem`` where the schema lacks the kind.
  public init(_ world: ServiceWorld, _ rules: Rules) throws(Problem) {
    service = try RecordService(world, rules)
  }

  public func get(_ request: some StandardGetRequest, _ context: CallContext) async throws -> Encoded<Record>
  {
    let caller = try context.caller()
    return try await answering { () throws(Problem) in
      try RequestRules.check(request)
      return Encoded(
        try await service.get(
          request.name, asOf: request.point?.point, mask: request.readMask?.paths ?? [], by: caller))
    }
  }

  public func list<Page: StandardListResponse>(
    _ request: some StandardListRequest, _ context: CallContext
  ) async throws -> Page where Page.Record == Record {
    let caller = try context.caller()
    return try await answering { () throws(Problem) in
      try RequestRules.check(request)
      let page = try await service.list(ListQuestion(request), by: caller)
      var response = Page()
      response.records = page.values
      response.nextPageToken = page.nextPageToken
      response.totalSize = page.totalSize
      return response
    }
  }

  public func create<Request: StandardCreateRequest>(
    _ request: Request, _ context: CallContext
  ) async throws -> Record where Request.Record == Record {
    let caller = try context.caller()
    return try await answering { () throws(Problem) in
      try RequestRules.check(request, except: field)
      return try await service.create(
        request.record ?? Record(), in: request.parent, id: request.recordID, WriteOptions(request),
        by: caller)
    }
  }

  public func update<Request: StandardUpdateRequest>(
    _ request: Request, _ context: CallContext
  ) async throws -> Record where Request.Record == Record {
    let caller = try context.caller()
    return try await answering { () throws(Problem) in
      try RequestRules.check(request, except: field)
      return try await service.update(
        request.record ?? Record(), mask: request.updateMask?.paths ?? [], WriteOptions(request), by: caller)
    }
  }

  public func delete(_ request: some StandardNamedRequest, _ context: CallContext) async throws -> Record {
    let caller = try context.caller()
    return try await answering { () throws(Problem) in
      try RequestRules.check(request)
      return try await service.delete(request.name, etag: request.etag, WriteOptions(request), by: caller)
    }
  }

  public func undelete(_ request: some StandardNamedRequest, _ context: CallContext) async throws -> Record {
    let caller = try context.caller()
    return try await answering { () throws(Problem) in
      try RequestRules.check(request)
      return try await service.undelete(request.name, etag: request.etag, WriteOptions(request), by: caller)
    }
  }

  public func batchUpsert<Request: StandardUpsertRequest, Response: StandardUpsertResponse>(
    _ request: Request, _ context: CallContext
  ) async throws -> Response where Request.Record == Record {
    let caller = try context.caller()
    return try await answering { () throws(Problem) in
      try RequestRules.check(request, items: \.records, named: Self.items(of: Request.self))
      let upsert = UpsertOptions(
        parent: request.parent, write: WriteOptions(request), mask: request.updateMask?.paths ?? [],
        matchByIdentity: request.matchByIdentity, newRecords: request.newRecords)
      var response = Response()
      response.results = try await service.batchUpsert(request.records, upsert, by: caller)
      return response
    }
  }

  /// The name of a batch's list of records.
  private static func items<Request: StandardUpsertRequest>(of _: Request.Type) -> String {
    Request.descriptor?.fields.first { $0.isRepeated && $0.message?.fullName == Record.fullName }?.name
      ?? "records"
  }
}

extension ListQuestion {
  init(_ request: some StandardListRequest) {
    self.init(
      parent: request.parent, pageSize: request.pageSize, pageToken: request.pageToken,
      filter: request.filter,
      orderBy: request.orderBy, mask: request.readMask?.paths ?? [], showDeleted: request.showDeleted)
  }
}

extension AsOfPoint {
  /// The same as the store has it.
  var point: PointInTime {
    switch self {
    case .time(let time): .moment(time.moment)
    case .revision(let revision): .revision(Revision(revision))
    }
  }
}
