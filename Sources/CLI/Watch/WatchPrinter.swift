internal import ProtobufBridge
internal import PunosMessages
internal import RPC
internal import Synchronization
internal import Terminal

/// Prints changes as they come, and remembers how far they came.
final class WatchPrinter: Sendable {
  private struct Progress {
    var last: Int64?
    var left: Int
    var hasBegun = false
    var moved = false
  }

  private let session: Session
  private let bookmarks: Bool
  private let progress: Mutex<Progress>

  /// - Parameters:
  ///   - bookmarks: whether programs get bookmarks too.
  ///   - most: how many changes are printed before it ends.
  init(_ session: Session, bookmarks: Bool, most: Int) {
    self.session = session
    self.bookmarks = bookmarks
    progress = Mutex(Progress(left: max(1, most)))
  }

  /// The last revision seen whole; nil before any.
  var last: Int64? { progress.withLock(\.last) }

  /// Whether the server has answered at all.
  var hasBegun: Bool { progress.withLock(\.hasBegun) }

  /// Whether anything came since this was asked the last time.
  func takeProgress() -> Bool {
    progress.withLock { progress in
      defer { progress.moved = false }
      return progress.moved
    }
  }

  /// - Returns: true when as many changes were printed as were wanted; false when the server ended the stream.
  func print(_ stream: ClientResponseStream<WatchChangesResponse>) async throws -> Bool {
    var last: Int64?
    for try await response in stream {
      progress.withLock { ($0.hasBegun, $0.moved) = (true, true) }
      switch response.event {
      case .change(let change):
        // Changes of one commit share a revision: only the one before is certainly seen whole.
        if let last, change.revision > last { progress.withLock { $0.last = last } }
        last = change.revision
        try print(change)
        try session.output.flush()
        let isEnough = progress.withLock { progress in
          progress.left -= 1
          return progress.left <= 0
        }
        if isEnough { return true }
      case .bookmark(let bookmark):
        progress.withLock { $0.last = bookmark.revision }
        if bookmarks, session.format == .jsonl || session.format == .json {
          try session.output.line(#"{"bookmark":"# + bookmark.jsonString() + "}")
          try session.output.flush()
        }
      case nil: continue
      }
    }
    if let last { progress.withLock { $0.last = max(last, $0.last ?? last) } }
    return false
  }

  private func print(_ change: Change) throws {
    switch session.format {
    case .json, .jsonl: try session.output.line(change.jsonString())
    case .csv, .markdown:
      let row = [
        "\(change.revision)", change.record, change.kind, change.title, change.team, change.principal,
        change.reason,
      ]
      try Listing(columns: row.map { _ in .init("", en: "", fi: "") }, rows: [row]).writeRow(
        to: session.output)
    case .table: try session.output.lines(lines(change))
    }
  }

  private func lines(_ change: Change) -> [String] {
    let writing = Writing(session.language)
    let text = ChangeText(writing)
    let style = session.output.style
    let kind = FieldNames.label(change.kind, session.language)
    let title = DisplayWidth.harmless(change.title.isEmpty ? change.record : change.title)
    let who = DisplayWidth.harmless(text.who(change))
    var lines = [
      "\(style.faint(writing.clock(change.time)))  \(style.bold(title))  \(kind) \(text.operation(change.operation))  "
        + style.faint("\(who)  r\(change.revision)")
    ]
    if !change.reason.isEmpty { lines.append("          " + DisplayWidth.harmless("“\(change.reason)”")) }
    if change.operation == .updated {
      lines += DifferenceText.lines(
        change.differences, session.language, style, width: session.output.width - 10, most: 5
      ).map { "          " + $0 }
    }
    return lines
  }
}
