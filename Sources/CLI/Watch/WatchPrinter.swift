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
    var hasHeading = false
    var elements: JSONElements
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
    progress = Mutex(Progress(left: max(1, most), elements: JSONElements(session.format)))
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
          try add(#"{"bookmark":"# + bookmark.jsonString() + "}")
          try session.output.flush()
        }
      case nil: continue
      }
    }
    if let last { progress.withLock { $0.last = max(last, $0.last ?? last) } }
    return false
  }

  /// Prints a value for programs.
  private func add(_ json: String) throws {
    try progress.withLock { try $0.elements.add(json, to: session.output) }
  }

  /// As many changes were printed as were wanted.
  func end() throws {
    guard session.format == .json else { return }
    try progress.withLock { try $0.elements.end(session.output) }
  }

  private func print(_ change: Change) throws {
    switch session.format {
    case .json, .jsonl: try add(change.jsonString())
    case .csv, .markdown: try row(change)
    case .table: try session.output.lines(lines(change))
    }
  }

  private static let columns: [Listing.Column] = [
    .init("revision", en: "Revision", fi: "Revisio", isNumber: true),
    .init("time", en: "When", fi: "Milloin"),
    .init("operation", en: "What", fi: "Mitä"), .init("record", en: "Record", fi: "Tietue"),
    .init("kind", en: "Kind", fi: "Laji"), .init("title", en: "Title", fi: "Otsikko"),
    .init("team", en: "Team", fi: "Tiimi"), .init("principal", en: "Who", fi: "Kuka"),
    .init("reason", en: "Why", fi: "Miksi"),
  ]

  /// A row of the table that grows, with the heading before the first.
  private func row(_ change: Change) throws {
    let writing = Writing(session.language)
    let row = [
      "\(change.revision)", writing.full(change.time), ChangeText(writing).operation(change.operation),
      change.record,
      change.kind, change.title, change.team, change.principal, change.reason,
    ]
    let isFirst = progress.withLock { progress in
      defer { progress.hasHeading = true }
      return !progress.hasHeading
    }
    try Listing(columns: Self.columns, rows: [row])
      .writeRow(to: session.output, session.format, session.language, heading: isFirst)
  }

  private func lines(_ change: Change) -> [String] {
    let writing = Writing(session.language)
    return ChangeText(writing).block(change, session.output.style, width: session.output.width)
  }
}
