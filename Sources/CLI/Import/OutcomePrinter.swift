internal import DataFiles
internal import PunosMessages
internal import Terminal

/// Shows what became of single records: of all of them for programs, in a dry run of the first ones for people.
final class OutcomePrinter {
  /// Records shown to people: what more there is, the summary counts.
  private static let mostShown = 30

  private let session: Session
  private let isDryRun: Bool
  private var shown = 0
  private var elements: JSONElements

  init(_ session: Session, isDryRun: Bool) {
    self.session = session
    self.isDryRun = isDryRun
    elements = JSONElements(session.format)
  }

  func print(_ item: ImportItem, _ result: UpsertResult) throws {
    switch session.format {
    case .json, .jsonl: try line(item, result)
    case .table:
      guard isDryRun, result.outcome != .unchanged else { return }
      shown += 1
      guard shown <= Self.mostShown else {
        if shown == Self.mostShown + 1 { try session.output.line(session.output.style.faint("…")) }
        return
      }
      try page(item, result)
    case .csv, .markdown: return
    }
  }

  /// No more records come.
  func end() throws {
    if session.format == .json { try elements.end(session.output) }
  }

  private func line(_ item: ImportItem, _ result: UpsertResult) throws {
    var members: [JSONMember] = [
      JSONMember("line", .integer(item.line)),
      JSONMember("kind", .string(item.kind)),
      JSONMember("outcome", .string(Self.word(result.outcome))),
    ]
    if !result.name.isEmpty { members.append(JSONMember("name", .string(result.name))) }
    if let error = result.error, !error.message.isEmpty {
      members.append(JSONMember("error", .string(error.message)))
    }
    if !result.differences.isEmpty {
      members.append(
        JSONMember(
          "differences",
          .array(
            result.differences.map { difference in
              .object([
                "path": .string(difference.path), "before": .string(difference.before),
                "after": .string(difference.after),
              ])
            })))
    }
    try elements.add(
      String(decoding: JSONValue.object(members).serialized(), as: UTF8.self), to: session.output)
  }

  private func page(_ item: ImportItem, _ result: UpsertResult) throws {
    let style = session.output.style
    let title = DisplayWidth.harmless(item.title)
    let place = style.faint(session.say(en: "  line \(item.line)", fi: "  rivi \(item.line)"))
    switch result.outcome {
    case .created:
      try session.output.line(style.good(session.say(en: "+ would create ", fi: "+ loisi ")) + title + place)
    case .updated:
      try session.output.line(
        style.warning(session.say(en: "~ would change ", fi: "~ muuttaisi ")) + title + place)
      try session.output.lines(
        DifferenceText.lines(
          result.differences, session.language, style, width: session.output.width - 4, most: 8
        )
        .map { "    " + $0 })
    default:
      try session.output.line(
        style.bad(session.say(en: "! would be refused ", fi: "! hylättäisiin ")) + title + place)
      try session.output.line(
        "    " + DisplayWidth.harmless(Sentences.told(result.error?.message ?? "", in: session.language)))
    }
  }

  private static func word(_ outcome: UpsertResult.Outcome) -> String {
    switch outcome {
    case .created: "created"
    case .updated: "updated"
    case .unchanged: "unchanged"
    default: "failed"
    }
  }
}
