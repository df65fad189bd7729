public import PunosAPI
public import PunosMessages
public import RPC
import Store

/// Answers `punos.v1.ChangeService`: history, and the watch.
public struct ChangeHandler: ChangeServiceHandler {
  private let world: ServiceWorld
  private let telling: ChangeTelling

  /// Records' changes on a page where the caller does not say.
  static let defaultPageSize = 50

  public init(_ world: ServiceWorld) {
    self.world = world
    telling = ChangeTelling(world: world)
  }

  public func getHistory(_ request: GetHistoryRequest, _ context: CallContext) async throws -> GetHistoryResponse {
    let caller = try context.caller()
    return try await answering { () throws(Problem) in
      try RequestRules.check(request)
      try world.require(caller, .read, request.name)
      let name = try await References(world, caller).resolve(request.name)
      guard let key = world.catalog.key(of: name) else {
        throw .badName(name, field: "name", expected: "accounts/{account} or contacts/{contact}")
      }
      return try await history(of: key, request, caller)
    }
  }

  private func history(
    of key: RecordKey, _ request: GetHistoryRequest, _ caller: Principal
  ) async throws(Problem) -> GetHistoryResponse {
    let identity = ["history", request.name] + request.fields
    var before = try PageToken.read(request.pageToken, for: identity)
      .flatMap { Int64(String(decoding: $0, as: UTF8.self)) }.map { Revision($0) }
    let size = request.pageSize > 0 ? Int(request.pageSize) : Self.defaultPageSize
    var response = GetHistoryResponse()
    do {
      // With a filter on fields pages of the store may give nothing: go on until one of ours is full.
      while response.changes.count < size {
        let page = try await world.store.history(
          of: key, in: caller.tenant, before: before, limit: size - response.changes.count)
        let seen = try page.changes.map { try world.seen($0, by: caller) }
        response.changes += seen.filter { isWanted($0, request.fields) }.map { telling.message($0) }
        before = page.next
        if page.isCompacted, page.next == nil { response.compactedBefore = page.changes.last?.revision.rawValue ?? 0 }
        if page.next == nil { break }
      }
    } catch {
      throw .from(error, world.catalog)
    }
    if let before { response.nextPageToken = PageToken(position: Array("\(before)".utf8)).text(for: identity) }
    if response.changes.isEmpty, request.pageToken.isEmpty, request.fields.isEmpty {
      throw .notFound(world.catalog.resourceName(of: key))
    }
    return response
  }

  private func isWanted(_ change: StoredChange, _ fields: [String]) -> Bool {
    fields.isEmpty || !telling.touchedFields(change).isDisjoint(with: fields)
  }

  public func watchChanges(
    _ request: WatchChangesRequest, _ writer: ResponseWriter<WatchChangesResponse>, _ context: CallContext
  ) async throws {
    let caller = try context.caller()
    try await answering { () throws(Problem) in
      try RequestRules.check(request)
      try world.require(caller, .read, "changes")
      try await watch(request, writer, caller)
    }
  }

  private func watch(
    _ request: WatchChangesRequest, _ writer: ResponseWriter<WatchChangesResponse>, _ caller: Principal
  ) async throws(Problem) {
    let filter = try await changeFilter(request, caller)
    do {
      let head = try world.store.head(of: caller.tenant)
      let after = request.afterRevision.map { Revision($0) } ?? head
      // A bookmark at once says that the watch stands, and from where.
      try await writer.sendInitialMetadata()
      if after <= head { try await writer.write(bookmark(after)) }
      for try await page in world.store.watch(in: caller.tenant, after: after, matching: filter) {
        for change in page.changes {
          let change = try world.seen(change, by: caller)
          guard isWanted(change, request.fields) else { continue }
          var response = WatchChangesResponse()
          response.event = .change(telling.message(change))
          try await writer.write(response)
        }
        try await writer.write(bookmark(page.through))
      }
    } catch is CancellationError {
      throw Problem(.cancelled, "CANCELLED", "The watch was cancelled.")
    } catch let error as RPCError {
      throw Problem(error.code, "CLOSED", error.message, cause: error)
    } catch {
      throw .from(error, world.catalog)
    }
    throw Problem(.unavailable, "STOPPING", "The server is stopping; resume after the last bookmark.")
  }

  private func changeFilter(
    _ request: WatchChangesRequest, _ caller: Principal
  ) async throws(Problem) -> ChangeFilter {
    var filter = ChangeFilter()
    if !request.kinds.isEmpty {
      filter.kinds = []
      for (index, name) in request.kinds.enumerated() {
        guard let noun = world.catalog.noun(named: name) else {
          throw .unknownKind(at: "kinds[\(index)]", known: world.catalog.names)
        }
        filter.kinds?.insert(noun.kind)
      }
    }
    if !request.accounts.isEmpty {
      filter.accounts = []
      for (index, name) in request.accounts.enumerated() {
        let resolved = try await References(world, caller).resolve(name)
        guard let key = world.catalog.key(of: resolved), let account = key.account else {
          throw .badName(name, field: "accounts[\(index)]", expected: "accounts/{account}")
        }
        filter.accounts?.insert(account)
      }
    }
    return filter
  }

  private func bookmark(_ revision: Revision) -> WatchChangesResponse {
    var bookmark = Bookmark()
    bookmark.revision = revision.rawValue
    bookmark.time = ProtoTimestamp(world.clock())
    var response = WatchChangesResponse()
    response.event = .bookmark(bookmark)
    return response
  }
}
