public import PunosMessages

/// Brings together what two people made of the same handover, field by field and in texts line by line.
///
/// A field that only one changed is taken; sets of names keep what either added and lose what either removed; texts are
/// brought together by ``LineMerge``. An item deleted on one side and edited on the other stays, and one that got
/// evidence, a question or its acceptance there. Nothing anybody wrote is dropped: what cannot be brought together is a conflict for a person to
/// decide.
public struct HandoverMerge: Sendable {
  /// The server's version with all of yours that could be brought into it; the server's side of what could not.
  public private(set) var merged: Handover
  /// What both changed differently.
  public private(set) var conflicts: [HandoverConflict] = []
  /// What was decided without asking, a sentence each.
  public private(set) var notes: [String] = []

  /// - Parameters:
  ///   - base: the version both come from; nil for a copy made from nothing.
  ///   - yours: the copy.
  ///   - theirs: the server's version.
  public init(base: Handover?, yours: Handover, theirs: Handover) {
    let base = base ?? Handover()
    merged = theirs
    for line in HandoverContent.lines {
      merged[keyPath: line.path] = one(
        base[keyPath: line.path], yours[keyPath: line.path], theirs[keyPath: line.path], field: line.name,
        item: "")
    }
    for names in HandoverContent.names {
      merged[keyPath: names.path] = Self.set(
        base[keyPath: names.path], yours[keyPath: names.path], theirs[keyPath: names.path])
    }
    merged.summary = text(base.summary, yours.summary, theirs.summary, field: "summary", item: "")
    merged.items = items(base.items, yours.items, theirs.items)
  }

  // MARK: Items

  private mutating func items(
    _ base: [HandoverItem], _ yours: [HandoverItem], _ theirs: [HandoverItem]
  ) -> [HandoverItem] {
    let old = Self.byID(base)
    let mine = Self.byID(yours)
    let other = Self.byID(theirs)
    var kept: [String: HandoverItem] = [:]
    for id in Set(mine.keys).union(other.keys) {
      switch (old[id], mine[id], other[id]) {
      case (let before, let yours?, let theirs?):
        kept[id] = item(before ?? HandoverItem(), yours, theirs)
      case (nil, let added?, nil), (nil, nil, let added?): kept[id] = added
      case (let before?, let edited?, nil), (let before?, nil, let edited?):
        let isEdited = !HandoverContent.isSame(before, edited)
        guard isEdited || Self.hasMore(edited, than: before) else { continue }
        kept[id] = edited
        let what = isEdited ? "edited" : "taken further"
        notes.append(
          "The item \"\(edited.title)\" was deleted on one side and \(what) on the other; it stays.")
      default: continue
      }
    }
    conflicts.sort { ($0.itemId, $0.field) < ($1.itemId, $1.field) }
    notes.sort()
    return Self.ordered(kept, base.map(\.id), yours.map(\.id), theirs.map(\.id))
  }

  private mutating func item(_ base: HandoverItem, _ yours: HandoverItem, _ theirs: HandoverItem)
    -> HandoverItem
  {
    var item = theirs
    item.title = one(base.title, yours.title, theirs.title, field: "title", item: theirs.id)
    item.text = text(base.text, yours.text, theirs.text, field: "text", item: theirs.id)
    item.links = Self.set(base.links, yours.links, theirs.links)
    item.required = yours.required == base.required ? theirs.required : yours.required
    if yours.kind == base.kind || yours.kind == theirs.kind {
      item.kind = theirs.kind
    } else if theirs.kind == base.kind {
      item.kind = yours.kind
    } else {
      conflict(
        in: "kind", of: theirs.id, HandoverWords.text(of: base.kind), HandoverWords.text(of: yours.kind),
        HandoverWords.text(of: theirs.kind))
    }
    return item
  }

  /// Whether somebody has worked with an item, beyond its words.
  private static func hasMore(_ item: HandoverItem, than before: HandoverItem) -> Bool {
    item.evidence.count > before.evidence.count || item.thread.count > before.thread.count
      || item.status == .accepted && before.status != .accepted
  }

  private static func byID(_ items: [HandoverItem]) -> [String: HandoverItem] {
    Dictionary(items.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The order of whoever changed it, the server's where both did; what the other added follows what it followed there.
  private static func ordered(
    _ items: [String: HandoverItem], _ base: [String], _ yours: [String], _ theirs: [String]
  ) -> [HandoverItem] {
    let common = Set(base).intersection(yours).intersection(theirs)
    let theyMoved = base.filter(common.contains) != theirs.filter(common.contains)
    let youMoved = base.filter(common.contains) != yours.filter(common.contains)
    let (first, second) = youMoved && !theyMoved ? (yours, theirs) : (theirs, yours)
    var order = first.filter { items[$0] != nil }
    var placed = Set(order)
    for (index, id) in second.enumerated() where items[id] != nil && !placed.contains(id) {
      let before = second[..<index].last { placed.contains($0) }
      let place = before.flatMap { order.firstIndex(of: $0) }.map { $0 + 1 } ?? 0
      order.insert(id, at: place)
      placed.insert(id)
    }
    return order.compactMap { items[$0] }
  }

  // MARK: Fields

  private mutating func one(
    _ base: String, _ yours: String, _ theirs: String, field: String, item: String
  ) -> String {
    if yours == base || yours == theirs { return theirs }
    if theirs == base { return yours }
    conflict(in: field, of: item, base, yours, theirs)
    return theirs
  }

  private mutating func conflict(
    in field: String, of item: String, _ base: String, _ yours: String, _ theirs: String
  ) {
    var conflict = HandoverConflict()
    conflict.itemId = item
    conflict.field = field
    conflict.pieces = [Self.piece(.differs(base: [base], yours: [yours], theirs: [theirs]))]
    conflicts.append(conflict)
  }

  private mutating func text(
    _ base: String, _ yours: String, _ theirs: String, field: String, item: String
  ) -> String {
    if yours == base || yours == theirs { return theirs }
    if theirs == base { return yours }
    let pieces = LineMerge.merge(
      base: TextLines.of(base), yours: TextLines.of(yours), theirs: TextLines.of(theirs))
    if let lines = LineMerge.text(pieces) { return TextLines.joined(lines) }
    var conflict = HandoverConflict()
    conflict.itemId = item
    conflict.field = field
    conflict.pieces = pieces.map(Self.piece)
    conflicts.append(conflict)
    return theirs
  }

  private static func piece(_ piece: LinePiece) -> HandoverConflict.Piece {
    var message = HandoverConflict.Piece()
    switch piece {
    case .agreed(let lines): message.lines = lines
    case .differs(let base, let yours, let theirs):
      message.differs = true
      message.origin = base
      message.yours = yours
      message.theirs = theirs
    }
    return message
  }

  private static func set(_ base: [String], _ yours: [String], _ theirs: [String]) -> [String] {
    let removed = Set(base).subtracting(yours).union(Set(base).subtracting(theirs))
    let kept = theirs.filter { !removed.contains($0) }
    return kept + yours.filter { !removed.contains($0) && !kept.contains($0) }
  }
}
