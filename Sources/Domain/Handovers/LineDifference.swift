/// A run of lines of an older text that a newer one replaces; an empty run is a place where lines are put in.
public struct LineHunk: Sendable, Hashable {
  /// Which lines of the older text.
  public var base: Range<Int>
  /// What stands in their place.
  public var lines: [String]
}

/// What differs between two texts, line by line.
public enum LineDifference {
  /// Lines, of both texts together and without what they begin and end with alike, that are compared one by one.
  /// Myers' method takes memory in the square of what differs; beyond this, 16 MB, the whole middle counts as replaced,
  /// which at worst shows a person more than they had to see.
  static let mostCompared = 2_000

  /// The replacements that make one text of another, in order; between two there is at least one line that stays.
  public static func hunks(from old: [String], to new: [String]) -> [LineHunk] {
    var start = 0
    while start < old.count, start < new.count, old[start] == new[start] { start += 1 }
    var end = 0
    while end < old.count - start, end < new.count - start, old[old.count - 1 - end] == new[new.count - 1 - end] {
      end += 1
    }
    let oldMiddle = Array(old[start..<(old.count - end)])
    let newMiddle = Array(new[start..<(new.count - end)])
    if oldMiddle.isEmpty, newMiddle.isEmpty { return [] }
    guard oldMiddle.count + newMiddle.count <= mostCompared else {
      return [LineHunk(base: start..<(start + oldMiddle.count), lines: newMiddle)]
    }
    return compared(oldMiddle, newMiddle).map {
      LineHunk(base: ($0.base.lowerBound + start)..<($0.base.upperBound + start), lines: $0.lines)
    }
  }

  private static func compared(_ old: [String], _ new: [String]) -> [LineHunk] {
    var removed = Set<Int>()
    var inserted = Set<Int>()
    for change in new.difference(from: old) {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): inserted.insert(offset)
      }
    }
    var hunks: [LineHunk] = []
    var place = 0
    var written = 0
    while place < old.count || written < new.count {
      let first = (place, written)
      while place < old.count, removed.contains(place) { place += 1 }
      while written < new.count, inserted.contains(written) { written += 1 }
      if first == (place, written) {
        place += 1
        written += 1
      } else {
        hunks.append(LineHunk(base: first.0..<place, lines: Array(new[first.1..<written])))
      }
    }
    return hunks
  }

  /// Whether all of some lines stand among others in the same order.
  static func contains(_ lines: [String], _ wanted: [String]) -> Bool {
    var rest = wanted[...]
    for line in lines where line == rest.first { rest = rest.dropFirst() }
    return rest.isEmpty
  }
}

/// Texts as lists of lines.
public enum TextLines {
  /// The lines of a text; none of an empty one.
  public static func of(_ text: String) -> [String] {
    guard !text.isEmpty else { return [] }
    // By bytes: a carriage return and a line feed are one Character.
    return text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
      String(Substring($0))
    }
  }

  /// The text of lines.
  public static func joined(_ lines: [String]) -> String { lines.joined(separator: "\n") }

  /// Whether a line shows nothing.
  public static func isBlank(_ line: String) -> Bool { line.utf8.allSatisfy { $0 == 32 || $0 == 9 || $0 == 13 } }

  /// Lines without blank ones at either end.
  public static func trimmed(_ lines: [String]) -> [String] {
    guard let first = lines.firstIndex(where: { !isBlank($0) }), let last = lines.lastIndex(where: { !isBlank($0) })
    else { return [] }
    return Array(lines[first...last])
  }

  /// A line without blanks at either end.
  public static func trimmed(_ line: String) -> String {
    var rest = Substring(line)
    while let first = rest.unicodeScalars.first, first == " " || first == "\t" { rest = rest.dropFirst() }
    while let last = rest.unicodeScalars.last, last == " " || last == "\t" { rest = rest.dropLast() }
    return String(rest)
  }
}
