public import PunosAPI
public import PunosMessages
public import RPC
import Store

/// Answers `punos.v1.AccountService`: unpacks, calls, packs.
public struct AccountHandler: AccountServiceHandler {
  private let service: RecordService<AccountRules>

  /// - Throws: ``Problem`` where the schema lacks the kind.
  public init(_ world: ServiceWorld) throws(Problem) {
    service = try RecordService(world, AccountRules())
  }

  public func getAccount(_ request: GetAccountRequest, _ context: CallContext) async throws -> Account {
    let caller = try context.caller()
    return try await answering { () throws(Problem) in
      try RequestRules.check(request)
      return try await service.get(
        request.name, asOf: request.asOf?.point, mask: request.readMask?.paths ?? [], by: caller)
    }
  }

  public func listAccounts(_ request: ListAccountsRequest, _ context: CallContext) async throws -> ListAccountsResponse {
    let caller = try context.caller()
    return try await answering { () throws(Problem) in
      try RequestRules.check(request)
      let page = try await service.list(
        ListQuestion(
          pageSize: request.pageSize, pageToken: request.pageToken, filter: request.filter,
          orderBy: request.orderBy, mask: request.readMask?.paths ?? [], showDeleted: request.showDeleted),
        by: caller)
      var response = ListAccountsResponse()
      response.accounts = page.values
      response.nextPageToken = page.nextPageToken
      response.totalSize = page.totalSize
      return response
    }
  }

  public func createAccount(_ request: CreateAccountRequest, _ context: CallContext) async throws -> Account {
    let caller = try context.caller()
    return try await answering { () throws(Problem) in
      try RequestRules.check(request, except: "account.")
      let value = request.account ?? Account()
      return try await service.create(value, id: request.accountId, options(request), by: caller)
    }
  }

  public func updateAccount(_ request: UpdateAccountRequest, _ context: CallContext) async throws -> Account {
    let caller = try context.caller()
    return try await answering { () throws(Problem) in
      try RequestRules.check(request, except: "account.")
      let value = request.account ?? Account()
      return try await service.update(value, mask: request.updateMask?.paths ?? [], options(request), by: caller)
    }
  }

  public func deleteAccount(_ request: DeleteAccountRequest, _ context: CallContext) async throws -> Account {
    let caller = try context.caller()
    return try await answering { () throws(Problem) in
      try RequestRules.check(request)
      return try await service.delete(request.name, etag: request.etag, options(request), by: caller)
    }
  }

  public func undeleteAccount(_ request: UndeleteAccountRequest, _ context: CallContext) async throws -> Account {
    let caller = try context.caller()
    return try await answering { () throws(Problem) in
      try RequestRules.check(request)
      return try await service.undelete(request.name, etag: request.etag, options(request), by: caller)
    }
  }

  public func batchUpsertAccounts(
    _ request: BatchUpsertAccountsRequest, _ context: CallContext
  ) async throws -> BatchUpsertAccountsResponse {
    let caller = try context.caller()
    return try await answering { () throws(Problem) in
      try RequestRules.check(request, items: \.accounts, named: "accounts")
      let upsert = UpsertOptions(
        write: options(request), mask: request.updateMask?.paths ?? [], matchByIdentity: request.matchByIdentity)
      var response = BatchUpsertAccountsResponse()
      response.results = try await service.batchUpsert(request.accounts, upsert, by: caller)
      return response
    }
  }

  private func options(_ request: some WriteRequest) -> WriteOptions { WriteOptions(request) }
}

extension CreateAccountRequest: WriteRequest {}
extension UpdateAccountRequest: WriteRequest {}
extension DeleteAccountRequest: WriteRequest {}
extension UndeleteAccountRequest: WriteRequest {}
extension BatchUpsertAccountsRequest: WriteRequest {}

extension GetAccountRequest.AsOf {
  var point: PointInTime {
    switch self {
    case .asOfTime(let time): .moment(time.moment)
    case .asOfRevision(let revision): .revision(Revision(revision))
    }
  }
}
