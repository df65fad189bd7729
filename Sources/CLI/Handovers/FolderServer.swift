internal import Domain
internal import ProtobufBridge
internal import PunosAPI
internal import PunosMessages
internal import RPC

/// The other side of a folder.
protocol FolderSide: HandoverServer {
  /// The handovers that belong in the folder, each with the revision that last changed it.
  func revisions() async throws -> [String: Int64]
}

/// The server, as a sync sees it.
struct FolderServer: FolderSide {
  let session: Session
  /// The account, or `accounts/-`.
  let parent: String

  func revisions() async throws -> [String: Int64] {
    var template = ListHandoversRequest()
    template.parent = parent
    template.readMask = ProtoFieldMask.with { $0.paths = ["name", "revision"] }
    let request = template
    let pages = Pages<Handover>(limit: 0) { size, token in
      var request = request
      request.pageSize = size
      request.pageToken = token
      let answer = try await session.handovers.listHandovers(request, session.call)
      return (answer.handovers, answer.nextPageToken, answer.totalSize)
    }
    var revisions: [String: Int64] = [:]
    _ = try await pages.forEach { page in
      for handover in page { revisions[handover.name] = handover.revision }
    }
    return revisions
  }

  func current(_ name: String) async throws -> Handover? {
    var request = GetHandoverRequest()
    request.name = name
    return try await Self.ifThere { try await session.handovers.getHandover(request, session.call) }
  }

  func version(_ name: String, at revision: Int64) async throws -> Handover? {
    var request = GetHandoverRequest()
    request.name = name
    request.point = .revision(revision)
    return try await Self.ifThere { try await session.handovers.getHandover(request, session.call) }
  }

  func revisions(of name: String, after revision: Int64) async throws -> [Int64] {
    var request = GetHistoryRequest()
    request.name = name
    request.pageSize = Self.history
    return try await session.changes.getHistory(request, session.call).changes.map(\.revision).filter {
      $0 > revision
    }
  }

  /// Changes looked through for a version that a file says: a folder that others' files come into is seldom further behind.
  private static let history: Int32 = 50

  private static func ifThere(_ read: () async throws -> Handover) async throws -> Handover? {
    do { return try await read() } catch let error as RPCError
      where error.code == .notFound || error.code == .outOfRange
    {
      return nil
    }
  }

  func push(_ request: SyncHandoverRequest) async throws -> SyncHandoverResponse {
    var request = request
    request.reason = "sync of a folder"
    let sent = request
    return try await Self.telling { try await session.workflow.syncHandover(sent, session.call) }
  }

  /// Tells what the server refused from calls of which nobody knows how they ended.
  private static func telling<Answer>(_ call: () async throws -> Answer) async throws -> Answer {
    do { return try await call() } catch let error as RPCError where refusals.contains(error.code) {
      throw HandoverRefused(error.message, cause: error)
    }
  }

  /// What the server answers before it writes anything.
  private static let refusals: Set<StatusCode> = [
    .invalidArgument, .failedPrecondition, .permissionDenied, .notFound, .alreadyExists, .outOfRange,
    .aborted,
    .unauthenticated,
  ]

  func restore(_ name: String) async throws {
    var request = UndeleteHandoverRequest()
    request.name = name
    request.reason = "sync of a folder: edited after it was deleted"
    _ = try await session.handovers.undeleteHandover(request, session.call)
  }

  func delete(_ name: String, at revision: Int64) async throws {
    var request = DeleteHandoverRequest()
    request.name = name
    request.etag = "r\(revision)"
    request.reason = "sync of a folder: the file was deleted"
    let sent = request
    do {
      _ = try await session.handovers.deleteHandover(sent, session.call)
    } catch let error as RPCError where error.code == .failedPrecondition || error.code == .permissionDenied {
      throw HandoverRefused(error.message, cause: error)
    }
  }
}

/// The server in a rehearsal: it says what it would do, and changes nothing.
struct RehearsedServer: FolderSide {
  let server: FolderServer

  func revisions() async throws -> [String: Int64] { try await server.revisions() }

  func current(_ name: String) async throws -> Handover? { try await server.current(name) }

  func version(_ name: String, at revision: Int64) async throws -> Handover? {
    try await server.version(name, at: revision)
  }

  func revisions(of name: String, after revision: Int64) async throws -> [Int64] {
    try await server.revisions(of: name, after: revision)
  }

  func push(_ request: SyncHandoverRequest) async throws -> SyncHandoverResponse {
    if request.base != nil, let copy = request.handover, try await server.current(copy.name) == nil {
      // It would have been brought back first, and then be as the file is.
      return SyncHandoverResponse.with {
        $0.outcome = .merged
        $0.handover = copy
      }
    }
    var request = request
    request.validateOnly = true
    return try await server.push(request)
  }

  func restore(_ name: String) async throws {}

  func delete(_ name: String, at revision: Int64) async throws {}
}
