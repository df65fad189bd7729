internal import ProtobufBridge
internal import PunosAPI
internal import PunosMessages
internal import RPC

/// How records are sent.
struct ImportOptions: Sendable {
  /// Check only.
  var isDryRun = false
  /// Why, for the history.
  var reason = ""
  /// Makes a repeat of the import have one effect; empty for none.
  var requestID = ""
  /// Whether records may be found by business ids and e-mail addresses.
  var matchesByIdentity = true
  /// Whether records that were deleted on the server are brought back.
  var revivesDeleted = false
}

/// Records that are sent in one call.
struct ImportBatch: Sendable {
  /// Records in one call: what the server takes at most.
  static let mostItems = 1000

  /// Which batch of the run it is, from 1.
  var number: Int
  /// All of one kind, to be taken in one way.
  var items: [ImportItem]
  /// The row that each item is from, counted from 0.
  var rows: [Int]
  /// Which later try of its records it is; empty for the first.
  var attempt = ""

  /// The kind of its records.
  var kind: String { items.first?.kind ?? "account" }
  /// How its records are taken where they are not there yet.
  var newRecords: NewRecords { items.first?.newRecords ?? .unspecified }
}

/// What the server did with a batch.
struct BatchOutcome: Sendable {
  var batch: ImportBatch
  /// As many as there are items.
  var results: [UpsertResult]
}

extension ImportBatch {
  /// How long a batch may take: a thousand records are written in tens of milliseconds, a busy disk takes its time.
  private static let patience = Duration.seconds(120)
  /// Pauses while the server is away, in seconds: about ten minutes in all, a restart or an upgrade.
  private static let pauses = [1, 2, 4, 8, 15, 30, 60, 60, 60, 60, 120, 180]

  /// Sends the batch; a server that is gone is waited for, a batch that is refused whole is split.
  ///
  /// - Parameter waiting: told how many seconds will pass before it is tried again.
  func send(
    _ session: Session, _ options: ImportOptions, waiting: @Sendable (Int) -> Void
  ) async throws -> BatchOutcome {
    var attempt = 0
    while true {
      do {
        return BatchOutcome(batch: self, results: try await results(session, options))
      } catch let error as RPCError {
        switch error.code {
        case .unavailable, .deadlineExceeded, .aborted:
          guard attempt < Self.pauses.count else { throw error }
          waiting(Self.pauses[attempt])
          try await Task.sleep(for: .seconds(Self.pauses[attempt]))
          attempt += 1
        case .invalidArgument, .resourceExhausted, .failedPrecondition:
          guard items.count > 1 else {
            return BatchOutcome(batch: self, results: [Self.failure(error)])
          }
          return try await halves(session, options, waiting: waiting)
        default: throw error
        }
      }
    }
  }

  private func halves(
    _ session: Session, _ options: ImportOptions, waiting: @Sendable (Int) -> Void
  ) async throws -> BatchOutcome {
    let middle = items.count / 2
    var first = self
    first.items = Array(items[..<middle])
    var second = self
    second.items = Array(items[middle...])
    let results =
      try await first.send(session, options, waiting: waiting).results
      + second.send(session, options, waiting: waiting).results
    return BatchOutcome(batch: self, results: results)
  }

  private static func failure(_ error: RPCError) -> UpsertResult {
    var result = UpsertResult()
    result.outcome = .failed
    result.error = try? GoogleRPCStatus(serialized: error.details)
    if result.error == nil || result.error?.message.isEmpty == true {
      var status = GoogleRPCStatus()
      status.code = Int32(error.code.rawValue)
      status.message = error.message
      result.error = status
    }
    return result
  }

  private func results(_ session: Session, _ options: ImportOptions) async throws -> [UpsertResult] {
    var options = options
    options.reason = ImportReason.text(options.reason, items.first?.provenance ?? "")
    let call = CallOptions(timeout: Self.patience)
    let requestID = BatchRequestID(given: options.requestID, attempt: attempt)
    let results: [UpsertResult]
    switch kind {
    case "account":
      var request = BatchUpsertAccountsRequest()
      request.accounts = items.compactMap {
        if case .account(let account) = $0.record { account } else { nil }
      }
      request.reason = options.reason
      request.validateOnly = options.isDryRun
      request.matchByIdentity = options.matchesByIdentity
      request.newRecords = newRecords
      request.requestId = requestID.id(for: request)
      results = try await session.accounts.batchUpsertAccounts(request, call).results
    case "contact":
      var request = BatchUpsertContactsRequest()
      request.contacts = items.compactMap {
        if case .contact(let contact) = $0.record { contact } else { nil }
      }
      request.reason = options.reason
      request.validateOnly = options.isDryRun
      request.matchByIdentity = options.matchesByIdentity
      request.newRecords = newRecords
      request.requestId = requestID.id(for: request)
      results = try await session.contacts.batchUpsertContacts(request, call).results
    default:
      let records = items.compactMap { if case .noun(let noun) = $0.record { noun } else { nil } }
      results = try await NounRecord.upsert(
        records, newRecords, session, options, requestID: requestID, call)
    }
    guard results.count == items.count else {
      throw RPCError(.internal, "the server answered for \(results.count) of \(items.count) records")
    }
    return results
  }
}
