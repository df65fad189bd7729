public import PunosMessages

/// Writes handovers as text files.
public enum HandoverPrinter {
  /// The file of a handover.
  ///
  /// - Parameters:
  ///   - handover: as the server has it.
  ///   - conflicts: where two sides differ; both stand in the file then, between marks, for a person to edit.
  public static func text(_ handover: Handover, conflicts: [HandoverConflict] = []) -> String {
    var writer = Writer(conflicts: conflicts, revision: handover.revision)
    writer.frontMatter(handover)
    writer.preamble(handover)
    for item in handover.items { writer.item(item) }
    return TextLines.joined(writer.lines) + "\n"
  }
}

/// A file being written.
private struct Writer {
  private(set) var lines: [String] = []
  private let conflicts: [String: HandoverConflict]
  private let revision: Int64

  init(conflicts: [HandoverConflict], revision: Int64) {
    self.conflicts = Dictionary(
      conflicts.map { (Self.key($0.itemId, $0.field), $0) }, uniquingKeysWith: { first, _ in first })
    self.revision = revision
  }

  private static func key(_ item: String, _ field: String) -> String { "\(item)/\(field)" }

  private func conflict(_ item: String, _ field: String) -> HandoverConflict? { conflicts[Self.key(item, field)] }

  // MARK: Parts

  mutating func frontMatter(_ handover: Handover) {
    lines += [HandoverFile.fence, "name: " + HandoverFile.value(handover.name)]
    for line in HandoverContent.lines {
      let text = { (value: String) in value.isEmpty ? [] : ["\(line.name): " + HandoverFile.value(value)] }
      if let piece = conflict("", line.name)?.pieces.first {
        differing(piece.yours.flatMap(text), piece.theirs.flatMap(text))
      } else {
        lines += text(handover[keyPath: line.path])
      }
    }
    for names in HandoverContent.names where !handover[keyPath: names.path].isEmpty {
      lines.append("\(names.name): " + HandoverFile.list(handover[keyPath: names.path]))
    }
    lines += ["state: " + HandoverWords.text(of: handover.state), HandoverFile.fence]
  }

  mutating func preamble(_ handover: Handover) {
    text(handover.summary, conflict("", "summary"))
    section(
      HandoverFile.returned,
      handover.returns.map { "by \(Self.who($0.principal, $0.team, $0.time)): \($0.reasons)" })
  }

  mutating func item(_ item: HandoverItem) {
    lines.append("")
    let title = conflict(item.id, "title")?.pieces.first
    let kind = conflict(item.id, "kind")?.pieces.first
    if title != nil || kind != nil {
      let side = { (titles: [String]?, kinds: [String]?) in
        Self.heading(item, titles?.first ?? item.title, kinds?.first)
      }
      differing([side(title?.yours, kind?.yours)], [side(title?.theirs, kind?.theirs)])
    } else {
      lines.append(Self.heading(item, item.title, nil))
    }
    text(item.text, conflict(item.id, "text"))
    section(HandoverFile.links, item.links)
    section(HandoverFile.evidence, item.evidence.map(Self.words))
    section(HandoverFile.thread, Self.thread(item))
  }

  private static func heading(_ item: HandoverItem, _ title: String, _ kind: String?) -> String {
    let status = HandoverWords.text(of: item.status)
    let marks =
      ["#" + item.id] + (item.required ? [".required"] : []) + (item.needsPerson ? [".to-be-said"] : [])
      + (status.isEmpty ? [] : ["." + status])
    return HandoverFile.itemMark + (kind ?? HandoverWords.text(of: item.kind)) + ": " + title
      + " {" + marks.joined(separator: " ") + "}"
  }

  private static func thread(_ item: HandoverItem) -> [String] {
    var lines = item.thread.map {
      "\(HandoverWords.text(of: $0.kind)) by \(who($0.principal, $0.team, $0.time)): \($0.text)"
    }
    if item.status == .accepted { lines.append("accepted by \(who(item.decidedBy, item.decidedTeam, item.decidedTime))") }
    return lines
  }

  private static func who(_ principal: String, _ team: String, _ time: ProtoTimestamp?) -> String {
    "\(principal) (\(team)), \(HandoverWords.text(of: time))"
  }

  private static func words(_ evidence: Evidence) -> String {
    [evidence.text, evidence.record, evidence.url].filter { !$0.isEmpty }.joined(separator: " – ")
  }

  // MARK: Pieces

  private mutating func text(_ text: String, _ conflict: HandoverConflict?) {
    guard let conflict else {
      if !text.isEmpty { lines += [""] + TextLines.of(text).map(HandoverFile.escaped) }
      return
    }
    lines.append("")
    for piece in conflict.pieces {
      lines += piece.lines.map(HandoverFile.escaped)
      if piece.differs { differing(piece.yours.map(HandoverFile.escaped), piece.theirs.map(HandoverFile.escaped)) }
    }
  }

  private mutating func differing(_ yours: [String], _ theirs: [String]) {
    lines.append(HandoverFile.yours + "this file")
    lines += yours
    lines.append(HandoverFile.divider)
    lines += theirs
    lines.append(HandoverFile.theirs + HandoverFile.server + "\(revision)")
  }

  /// A section of a list; further lines of an entry are set in, so that none looks like a part of the frame.
  private mutating func section(_ heading: String, _ entries: [String]) {
    guard !entries.isEmpty else { return }
    lines += ["", heading, ""]
    for entry in entries {
      let parts = TextLines.of(HandoverContent.text(entry))
      lines += parts.enumerated().map { $0.offset == 0 ? "- " + $0.element : "  " + $0.element }
    }
  }
}
