/// A field's path as mapping files write it: `phones[fax].number`.
struct ElementPath: Hashable {
  /// The field of the record: `phones`.
  var field: Substring
  /// What is in the brackets; nil where there are none.
  var label: Substring?
  /// What stands behind the first point: `number`; empty where nothing does.
  var rest: Substring

  init(_ path: String) {
    let end = path.firstIndex { $0 == "." || $0 == "[" } ?? path.endIndex
    field = path[..<end]
    var tail = path[end...]
    if tail.first == "[", let close = tail.firstIndex(of: "]") {
      label = tail[tail.index(after: tail.startIndex)..<close]
      tail = tail[tail.index(after: close)...]
    }
    rest = tail.first == "." ? tail.dropFirst() : tail
  }

  /// The element's own name in the record's provenance: attributes have one each, lists one in all.
  var provenance: String { field == "attributes" ? "attributes.\(rest)" : String(field) }
}
