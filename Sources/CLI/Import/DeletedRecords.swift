internal import DataFiles
internal import ProtobufBridge
internal import PunosAPI
internal import PunosMessages
internal import RPC
internal import Terminal

/// Records that an export tells as deleted. They come behind all others and are deleted again at the very end: what
/// lives may refer to them, and an account must be there for its records to come.
struct DeletedRecords {
  /// A record and its row.
  typealias Entry = (item: ImportItem, row: Int)

  /// Records that wait for the others of the file.
  private(set) var held: [Entry] = []
  /// Records that are there and are to be deleted, and how they came to be there.
  private var brought: [(entry: Entry, result: UpsertResult)] = []

  /// Keeps a record until the others are there.
  mutating func hold(_ item: ImportItem, row: Int) { held.append((item, row)) }

  /// Gives what was held.
  mutating func takeHeld() -> [Entry] {
    defer { held = [] }
    return held
  }

  /// A record is there now.
  mutating func note(_ item: ImportItem, row: Int, _ result: UpsertResult) {
    brought.append(((item, row), result))
  }

  /// Gives those that are to be deleted: what refers to others goes before them.
  mutating func takeBrought() -> [(entry: Entry, result: UpsertResult)] {
    defer { brought = [] }
    return brought.sorted { CLINouns.rank($0.entry.item.kind) > CLINouns.rank($1.entry.item.kind) }
  }
}

extension ImportItem {
  /// Whether the record with its name is there, and how.
  enum Presence: Sendable {
    case absent, deleted, living
  }

  /// Asks whether the record is there.
  func presence(_ session: Session) async throws -> Presence {
    do {
      try await calls(session)?.tryUndelete(name, session.call)
      return .deleted
    } catch let error as RPCError where error.code == .notFound {
      return .absent
    } catch let error as RPCError where StatusDetails(error.details).reason == "NOT_DELETED" {
      return .living
    }
  }

  /// Brings the record back, as it was before it was deleted.
  ///
  /// - Parameter name: as the server calls it.
  func undelete(_ name: String, _ session: Session, _ options: ImportOptions) async throws {
    do {
      try await calls(session)?.undelete(name, options, session.call)
    } catch let error as RPCError where StatusDetails(error.details).reason == "NOT_DELETED" {
      // Somebody else was faster, or this import before it was interrupted.
    }
  }

  /// Deletes the record.
  func delete(_ session: Session, _ options: ImportOptions) async throws {
    try await calls(session)?.delete(name, options, session.call)
  }

  private func calls(_ session: Session) -> (any DeletionCalls)? {
    switch record {
    case .account: KindDeletionCalls(client: session.accounts)
    case .contact: KindDeletionCalls(client: session.contacts)
    case .noun(let noun): CLINouns.noun(noun.kind).map { Self.calls($0, session) }
    }
  }

  private static func calls<Noun: CLINoun>(_: Noun.Type, _ session: Session) -> any DeletionCalls {
    KindDeletionCalls(client: session.client(Noun.self))
  }
}

/// What is asked about deleted records, whatever their kind.
private protocol DeletionCalls: Sendable {
  /// Checks whether the record could be undeleted.
  func tryUndelete(_ name: String, _ call: CallOptions) async throws
  func undelete(_ name: String, _ options: ImportOptions, _ call: CallOptions) async throws
  func delete(_ name: String, _ options: ImportOptions, _ call: CallOptions) async throws
}

private struct KindDeletionCalls<Client: StandardClient>: DeletionCalls {
  let client: Client

  func tryUndelete(_ name: String, _ call: CallOptions) async throws {
    var request = Client.UndeleteRequest()
    request.name = name
    request.validateOnly = true
    _ = try await client.undelete(request, call)
  }

  func undelete(_ name: String, _ options: ImportOptions, _ call: CallOptions) async throws {
    var request = Client.UndeleteRequest()
    request.name = name
    request.reason = options.reason
    request.requestId = BatchRequestID(given: options.requestID).id(for: request)
    _ = try await client.undelete(request, call)
  }

  func delete(_ name: String, _ options: ImportOptions, _ call: CallOptions) async throws {
    var request = Client.DeleteRequest()
    request.name = name
    request.reason = options.reason
    request.requestId = BatchRequestID(given: options.requestID).id(for: request)
    _ = try await client.delete(request, call)
  }
}
