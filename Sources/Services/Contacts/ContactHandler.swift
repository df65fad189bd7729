public import PunosAPI
public import PunosMessages
public import RPC
import Store

/// Answers `punos.v1.ContactService`: unpacks, calls, packs.
public struct ContactHandler: ContactServiceHandler {
  private let service: RecordService<ContactRules>

  /// - Throws: ``Problem`` where the schema lacks the kind.
  public init(_ world: ServiceWorld) throws(Problem) {
    service = try RecordService(world, ContactRules())
  }

  public func getContact(_ request: GetContactRequest, _ context: CallContext) async throws -> Contact {
    let caller = try context.caller()
    return try await answering { () throws(Problem) in
      try RequestRules.check(request)
      return try await service.get(
        request.name, asOf: request.asOf?.point, mask: request.readMask?.paths ?? [], by: caller)
    }
  }

  public func listContacts(_ request: ListContactsRequest, _ context: CallContext) async throws -> ListContactsResponse {
    let caller = try context.caller()
    return try await answering { () throws(Problem) in
      try RequestRules.check(request)
      let page = try await service.list(
        ListQuestion(
          pageSize: request.pageSize, pageToken: request.pageToken, filter: request.filter,
          orderBy: request.orderBy, mask: request.readMask?.paths ?? [], showDeleted: request.showDeleted),
        by: caller)
      var response = ListContactsResponse()
      response.contacts = page.values
      response.nextPageToken = page.nextPageToken
      response.totalSize = page.totalSize
      return response
    }
  }

  public func createContact(_ request: CreateContactRequest, _ context: CallContext) async throws -> Contact {
    let caller = try context.caller()
    return try await answering { () throws(Problem) in
      try RequestRules.check(request, except: "contact.")
      let value = request.contact ?? Contact()
      return try await service.create(value, id: request.contactId, options(request), by: caller)
    }
  }

  public func updateContact(_ request: UpdateContactRequest, _ context: CallContext) async throws -> Contact {
    let caller = try context.caller()
    return try await answering { () throws(Problem) in
      try RequestRules.check(request, except: "contact.")
      let value = request.contact ?? Contact()
      return try await service.update(value, mask: request.updateMask?.paths ?? [], options(request), by: caller)
    }
  }

  public func deleteContact(_ request: DeleteContactRequest, _ context: CallContext) async throws -> Contact {
    let caller = try context.caller()
    return try await answering { () throws(Problem) in
      try RequestRules.check(request)
      return try await service.delete(request.name, etag: request.etag, options(request), by: caller)
    }
  }

  public func undeleteContact(_ request: UndeleteContactRequest, _ context: CallContext) async throws -> Contact {
    let caller = try context.caller()
    return try await answering { () throws(Problem) in
      try RequestRules.check(request)
      return try await service.undelete(request.name, etag: request.etag, options(request), by: caller)
    }
  }

  public func batchUpsertContacts(
    _ request: BatchUpsertContactsRequest, _ context: CallContext
  ) async throws -> BatchUpsertContactsResponse {
    let caller = try context.caller()
    return try await answering { () throws(Problem) in
      try RequestRules.check(request, items: \.contacts, named: "contacts")
      let upsert = UpsertOptions(
        write: options(request), mask: request.updateMask?.paths ?? [], matchByIdentity: request.matchByIdentity)
      var response = BatchUpsertContactsResponse()
      response.results = try await service.batchUpsert(request.contacts, upsert, by: caller)
      return response
    }
  }

  private func options(_ request: some WriteRequest) -> WriteOptions { WriteOptions(request) }
}

extension CreateContactRequest: WriteRequest {}
extension UpdateContactRequest: WriteRequest {}
extension DeleteContactRequest: WriteRequest {}
extension UndeleteContactRequest: WriteRequest {}
extension BatchUpsertContactsRequest: WriteRequest {}

extension GetContactRequest.AsOf {
  var point: PointInTime {
    switch self {
    case .asOfTime(let time): .moment(time.moment)
    case .asOfRevision(let revision): .revision(Revision(revision))
    }
  }
}
