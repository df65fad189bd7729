internal import ProtobufBridge
internal import PunosAPI
internal import PunosMessages
internal import Terminal

/// Prints a record's history, newest change first.
struct HistoryPrinter {
  private let session: Session

  init(_ session: Session) { self.session = session }

  private static let columns: [Listing.Column] = [
    .init("revision", en: "Revision", fi: "Revisio", isNumber: true),
    .init("time", en: "When", fi: "Milloin"),
    .init("operation", en: "What", fi: "Mitä"), .init("principal", en: "Who", fi: "Kuka"),
    .init("team", en: "Team", fi: "Tiimi"), .init("fields", en: "Fields", fi: "Kentät"),
    .init("reason", en: "Why", fi: "Miksi"),
  ]

  /// - Parameters:
  ///   - record: the record's resource name.
  ///   - fields: only changes of these; all where empty.
  ///   - limit: how many at most; 0 for all.
  func print(_ record: String, fields: [String], limit: Int) async throws {
    var oldest: Int64 = 0
    var token = ""
    var left = limit == 0 ? Int.max : max(0, limit)
    var rows: [[String]] = []
    var elements = JSONElements(session.format)
    repeat {
      var request = GetHistoryRequest()
      request.name = record
      request.fields = fields
      request.pageSize = Int32(min(left, 1000))
      request.pageToken = token
      let answer = try await session.changes.getHistory(request, session.call)
      for change in answer.changes.prefix(left) {
        switch session.format {
        case .table: try session.output.lines(block(change))
        case .json, .jsonl: try elements.add(change.jsonString(), to: session.output)
        case .csv, .markdown: rows.append(row(change))
        }
      }
      left -= min(left, answer.changes.count)
      token = answer.nextPageToken
      oldest = answer.compactedBefore
    } while !token.isEmpty && left > 0
    if session.format == .json || session.format == .jsonl { try elements.end(session.output) }
    if session.format == .csv || session.format == .markdown {
      try Listing(columns: Self.columns, rows: rows).write(
        to: session.output, session.format, session.language)
    }
    if oldest > 0, session.format == .table {
      try session.output.line(
        session.output.style.faint(
          session.say(
            en: "What is older than revision \(oldest) is no longer kept.",
            fi: "Revisiota \(oldest) vanhempaa historiaa ei enää ole.")))
    }
  }

  /// A change as a heading and its fields.
  private func block(_ change: Change) -> [String] {
    let writing = Writing(session.language)
    let text = ChangeText(writing)
    let style = session.output.style
    var heading = "\(writing.full(change.time))  \(text.operation(change.operation))  \(text.who(change))"
    heading = DisplayWidth.harmless(heading)
    var lines = [style.bold(heading) + style.faint("  r\(change.revision)")]
    if !change.reason.isEmpty {
      lines += DisplayWidth.wrapped(DisplayWidth.harmless("“\(change.reason)”"), to: session.output.width - 2)
        .map { "  " + $0 }
    }
    lines += DifferenceText.lines(
      change.differences, session.language, style, width: session.output.width - 2
    )
    .map { "  " + $0 }
    return lines + [""]
  }

  private func row(_ change: Change) -> [String] {
    let fields = change.differences.map { String($0.path.prefix { $0 != "." && $0 != "[" }) }
    let unique = fields.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    return [
      "\(change.revision)", Writing(session.language).full(change.time),
      ChangeText(Writing(session.language)).operation(change.operation), change.principal, change.team,
      unique.joined(separator: " "), change.reason,
    ]
  }
}
