import RPC
import Store

extension Problem {
  /// What the store said no with, as the caller should see it.
  ///
  /// - Parameter catalog: gives records their names.
  static func from(_ error: any Error, _ catalog: NounCatalog) -> Problem {
    switch error {
    case let problem as Problem: return problem
    case let stale as StaleRevision: return from(stale, catalog)
    case let unique as UniqueViolation: return from(unique, catalog)
    case let missing as RecordMissing: return .notFound(catalog.resourceName(of: missing.record))
    case let reused as RequestIDReused:
      return Problem(
        .alreadyExists, "REQUEST_ID_REUSED",
        "The request id was used for another request (revision \(reused.revision)); a new request needs a new id.",
        metadata: ["revision": "\(reused.revision)"])
    case let compacted as Compacted:
      return Problem(
        .outOfRange, "COMPACTED",
        "Changes up to revision \(compacted.oldest) are no longer kept; ask from \(compacted.oldest) on.",
        metadata: ["oldest_revision": "\(compacted.oldest)"])
    case let ahead as RevisionAhead:
      return Problem(
        .outOfRange, "REVISION_AHEAD",
        "Revision \(ahead.asked) has not happened yet; the newest is \(ahead.head).",
        metadata: ["head_revision": "\(ahead.head)"])
    case let slow as SlowWatcher:
      return Problem(
        .aborted, "SLOW_WATCHER",
        "The watch fell too far behind and was ended; resume after revision \(slow.resumeAfter).",
        metadata: ["resume_after": "\(slow.resumeAfter)"])
    case let unavailable as WriterUnavailable: return from(unavailable)
    case let failed as ReadFailed: return from(failed)
    case let invalid as InvalidQuery:
      return Problem(.invalidArgument, "INVALID_QUERY", invalid.problem, cause: invalid)
    case let invalid as InvalidCommit:
      return Problem(.invalidArgument, "INVALID_WRITE", invalid.problem, cause: invalid)
    default:
      return Problem(.internal, "INTERNAL", "The server could not answer; its log says why.", cause: error)
    }
  }

  private static func from(_ stale: StaleRevision, _ catalog: NounCatalog) -> Problem {
    let name = catalog.resourceName(of: stale.record)
    if stale.expected == .absent {
      return Problem(
        .alreadyExists, "ALREADY_EXISTS", "\(name) exists already; update it, or choose another id.",
        resource: name)
    }
    if !stale.isLive { return .notFound(name) }
    return .staleETag(name, current: stale.current)
  }

  private static func from(_ unique: UniqueViolation, _ catalog: NounCatalog) -> Problem {
    let holder = catalog.resourceName(of: unique.holder)
    return Problem(
      .alreadyExists, "VALUE_TAKEN",
      "\(holder) already has this \(unique.index.replacingUnderscores); change that record, or use another one here.",
      metadata: ["holder": holder, "index": unique.index], resource: holder)
  }

  private static func from(_ unavailable: WriterUnavailable) -> Problem {
    let (reason, message): (String, String) =
      switch unavailable.cause {
      case .diskFull: ("DISK_FULL", "The server's disk is full: nothing was written. Reading still works.")
      case .overloaded:
        ("OVERLOADED", "More is being written than the server takes in; try again in a moment.")
      case .closed: ("STOPPING", "The server is stopping; try again in a moment.")
      case .inputOutput, .syncFailed, .corrupt:
        ("WRITES_REFUSED", "The server refuses writes because its disk failed. Reading still works.")
      }
    // A disk that fails is for the log; a server that is busy or stopping is nobody's news.
    let forLog: (any Error)? =
      switch unavailable.cause {
      case .overloaded, .closed: nil
      case .diskFull, .inputOutput, .syncFailed, .corrupt: unavailable
      }
    return Problem(.unavailable, reason, message, cause: forLog)
  }

  private static func from(_ failed: ReadFailed) -> Problem {
    switch failed.cause {
    case .tooExpensive:
      Problem(
        .resourceExhausted, "TOO_EXPENSIVE", "The question needs too much work; narrow it down.",
        cause: failed)
    case .closed: Problem(.unavailable, "STOPPING", "The server is stopping; try again in a moment.")
    case .corrupt, .inputOutput:
      Problem(
        .dataLoss, "READ_FAILED", "The record cannot be read; an administrator should run punosd verify.",
        cause: failed)
    }
  }

  /// There is no such record.
  static func notFound(_ name: String, nearest: [String] = []) -> Problem {
    // Of a record that is there now, and was not at the moment asked about, its own name is no help.
    let nearest = nearest.filter { !$0.hasPrefix("\(name) (") }
    let hint = nearest.isEmpty ? "" : " Did you mean \(nearest.joined(separator: " or "))?"
    return Problem(
      .notFound, "NOT_FOUND", "\(name) is not there.\(hint)",
      metadata: nearest.isEmpty ? [:] : ["nearest": nearest.joined(separator: "; ")], resource: name)
  }

  /// A record that was deleted, and that only an undelete brings back: what a file or another system still has of it
  /// must not.
  static func deleted(_ name: String, _ record: StoredRecord) -> Problem {
    Problem(
      .failedPrecondition, "DELETED",
      "\(name) was deleted; undelete it first, or leave the item out.",
      metadata: ["deleted_revision": "\(record.revision)"], resource: name)
  }

  /// A write on top of a version that is not the current one.
  static func staleETag(_ name: String, current: Revision) -> Problem {
    Problem(
      .aborted, "STALE_ETAG",
      "\(name) has changed since it was read; read it again (its etag is now \(ETag.text(for: current))).",
      metadata: ["current_etag": ETag.text(for: current), "current_revision": "\(current)"], resource: name)
  }

  /// A name that no record can have.
  static func badName(_ name: String, field: String, expected: String) -> Problem {
    .invalid([
      FieldProblem(
        path: field, description: "a name of the form \(expected) was expected", reason: "BAD_RESOURCE_NAME")
    ])
  }
}

extension Problem {
  /// A kind of record that the schema does not have.
  static func unknownKind(at path: String, known: [String]) -> Problem {
    .invalid([
      FieldProblem(
        path: path, description: "one of \(known.joined(separator: ", ")) was expected",
        reason: "UNKNOWN_KIND")
    ])
  }
}

extension String {
  var replacingUnderscores: String { String(map { $0 == "_" ? " " : $0 }) }
}
