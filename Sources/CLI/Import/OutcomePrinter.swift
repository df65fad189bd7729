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

  /// - Parameter reason: why it is refused, where it is.
  func print(_ item: ImportItem, _ result: UpsertResult, refusedFor reason: String = "") throws {
    switch session.format {
    case .json, .jsonl: try line(item, result)
    case .table:
      guard isDryRun, result.outcome != .unchanged else { return }
      if try isShown() { try page(item, result, reason) }
    case .csv, .markdown: return
    }
  }

  /// Whether one more is shown to people.
  private func isShown() throws -> Bool {
    shown += 1
    if shown == Self.mostShown + 1 { try session.output.line(session.output.style.faint("…")) }
    return shown <= Self.mostShown
  }

  /// A dry run would bring back a record that was deleted.
  func printRevival(of item: ImportItem, named name: String) throws {
    var result = UpsertResult()
    (result.outcome, result.name) = (.updated, name)
    guard session.format == .table else { return try print(item, result) }
    guard try isShown() else { return }
    let sign = session.output.style.warning(session.say(en: "~ would bring back ", fi: "~ palauttaisi "))
    try session.output.line(sign + title(of: item) + place(of: item))
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

  private func page(_ item: ImportItem, _ result: UpsertResult, _ reason: String) throws {
    let style = session.output.style
    let title = title(of: item)
    let place = place(of: item)
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
      let told = DisplayWidth.harmless(Sentences.told(reason, in: session.language))
      try session.output.lines(DisplayWidth.wrapped(told, to: session.output.width - 4).map { "    " + $0 })
    }
  }

  /// What people call it; what it is, where it has no name.
  private func title(of item: ImportItem) -> String {
    let kind = FieldNames.label(item.kind, session.language)
    return DisplayWidth.harmless(item.title.isEmpty ? kind : item.title)
  }

  private func place(of item: ImportItem) -> String {
    session.output.style.faint(session.say(en: "  line \(item.line)", fi: "  rivi \(item.line)"))
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
