internal import PunosMessages

/// What a part of a file shows that is not changed by editing it: state or decision, and the words of others in evidence,
/// threads and returns. A part is an item, or the handover itself.
public struct ShownPart: Sendable, Hashable {
  /// The line that the item begins on; of the handover itself, its first section, or the first line of the file.
  public var line: Int
  /// The state, where it is no draft; of an item what the receiver decided.
  public var marks: [String] = []
  /// Headings and lines of the sections.
  public var lines: [String] = []

  /// Whether it shows what is on record, so that nothing is lost when the sync writes the file anew.
  ///
  /// - Parameters:
  ///   - base: the part as the last sync left it; nil where it was not there, or there was no sync.
  ///   - server: the part as the server has it now; nil where it is not there, or was not asked.
  func isOnRecord(base: ShownPart?, server: ShownPart?) -> Bool {
    if let base, isSame(as: base) { return true }
    guard let server else { return base == nil && marks.isEmpty && lines.isEmpty }
    if isSame(as: server) { return true }
    // A version between the two, as a sync leaves it that was cut off before it noted what it had written; or, without
    // a base, an older version from somebody else's folder.
    guard base == nil || marks == base?.marks || marks == server.marks else { return false }
    return Set(base?.lines ?? []).isSubset(of: lines) && Set(lines).isSubset(of: server.lines)
  }

  /// How many entries a section shows.
  private func count(of heading: String) -> Int {
    guard let start = lines.firstIndex(of: heading) else { return 0 }
    return lines[(start + 1)...].prefix { !HandoverFile.shown.contains($0) }.count { $0.hasPrefix("- ") }
  }

  /// Notes in an item how much of it there is: whether it got more is all that a merge asks of a base.
  fileprivate func count(in item: inout HandoverItem) {
    let isAccepted = marks.contains(HandoverWords.text(of: HandoverItem.Status.accepted))
    item.evidence = Array(repeating: Evidence(), count: count(of: HandoverFile.evidence))
    // Acceptance is told as the last entry of the thread.
    item.thread = Array(
      repeating: HandoverMessage(), count: max(0, count(of: HandoverFile.thread) - (isAccepted ? 1 : 0)))
    if isAccepted { item.status = .accepted }
  }

  private func isSame(as other: ShownPart) -> Bool { marks == other.marks && lines == other.lines }
}

extension HandoverReading {
  /// The line of the first part that shows something else than is on record: it would be lost, for only the workflow
  /// changes it. Nil where all is on record.
  ///
  /// - Parameters:
  ///   - base: what the last sync left; nil where there was none.
  ///   - server: what the server has now, as a file; nil where it was not asked, or has nothing.
  public func lineOfShownChange(since base: HandoverReading?, server: HandoverReading? = nil) -> Int? {
    if !shown.isOnRecord(base: base?.shown, server: server?.shown) { return shown.line }
    let before = base?.shownByItem ?? [:]
    let now = server?.shownByItem ?? [:]
    for (item, part) in zip(handover.items, shownOfItems)
    where !part.isOnRecord(base: before[item.id], server: now[item.id]) {
      return part.line
    }
    return nil
  }

  /// The handover as the version that a copy was made from.
  var asBase: Handover {
    var base = handover
    for (index, part) in shownOfItems.enumerated() where base.items.indices.contains(index) {
      part.count(in: &base.items[index])
    }
    return base
  }

  private var shownByItem: [String: ShownPart] {
    Dictionary(zip(handover.items.map(\.id), shownOfItems), uniquingKeysWith: { first, _ in first })
  }
}
