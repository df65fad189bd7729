/// A field's path as mapping files write it: `phones[fax].number`.
struct ElementPath: Hashable {
  /// The field of the record: `phones`.
  var field: Substring
  /// What is in the brackets; nil where there are none.
  var label: Substring?
  /// What stands behind the first point: `number`; empty where nothing does.
  var rest: Substring

  init(_ path: String) {
    // By bytes: every field of every row is taken apart here, and letters are found more slowly.
    let end = path.utf8.firstIndex { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "[") } ?? path.endIndex
    field = path[..<end]
    var tail = path[end...]
    if tail.utf8.first == UInt8(ascii: "["), let close = tail.utf8.firstIndex(of: UInt8(ascii: "]")) {
      label = tail[tail.index(after: tail.startIndex)..<close]
      tail = tail[tail.index(after: close)...]
    }
    rest = tail.utf8.first == UInt8(ascii: ".") ? tail[tail.utf8.index(after: tail.startIndex)...] : tail
  }

  /// The element's own name in the record's provenance: attributes have one each, lists one in all.
  var provenance: String { field == "attributes" ? "attributes.\(rest)" : String(field) }
}
