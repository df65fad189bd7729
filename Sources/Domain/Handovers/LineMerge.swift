/// A part of a text that two people changed apart from each other.
public enum LinePiece: Sendable, Hashable {
  /// Both agree, or only one of them changed it.
  case agreed([String])
  /// Both changed it, differently.
  case differs(base: [String], yours: [String], theirs: [String])
}

/// Brings together what two people made of the same text, line by line.
///
/// What only one changed is taken. Where both put lines in at the same place both stay, the server's first. Where the
/// change of one contains the other's (a repeat after a crash, say) the larger is taken. Where both changed the same
/// lines otherwise, the two sides stand beside each other and a person decides: no line of either is ever dropped.
public enum LineMerge {
  /// - Parameters:
  ///   - base: the text that both began with.
  ///   - yours: what one made of it.
  ///   - theirs: what the other made of it.
  /// - Returns: the pieces in order; no two agreed ones follow each other.
  public static func merge(base: [String], yours: [String], theirs: [String]) -> [LinePiece] {
    var pieces = Pieces()
    var yourHunks = LineDifference.hunks(from: base, to: yours)[...]
    var theirHunks = LineDifference.hunks(from: base, to: theirs)[...]
    var place = 0
    while let group = Group(next: &yourHunks, &theirHunks) {
      pieces.agree(base[place..<group.range.lowerBound])
      pieces.add(group.resolved(base))
      place = group.range.upperBound
    }
    pieces.agree(base[place...])
    return pieces.list
  }

  /// The text where all pieces agree; nil where a person must decide.
  public static func text(_ pieces: [LinePiece]) -> [String]? {
    var lines: [String] = []
    for piece in pieces {
      guard case .agreed(let more) = piece else { return nil }
      lines += more
    }
    return lines
  }
}

/// Pieces being put together.
private struct Pieces {
  private(set) var list: [LinePiece] = []

  mutating func agree(_ lines: some Collection<String>) {
    guard !lines.isEmpty else { return }
    if case .agreed(let before) = list.last {
      list[list.count - 1] = .agreed(before + lines)
    } else {
      list.append(.agreed(Array(lines)))
    }
  }

  mutating func add(_ pieces: [LinePiece]) {
    for piece in pieces {
      if case .agreed(let lines) = piece { agree(lines) } else { list.append(piece) }
    }
  }
}

/// Changes of both sides that touch each other.
private struct Group {
  var range: Range<Int>
  var yours: [LineHunk] = []
  var theirs: [LineHunk] = []

  /// Takes the next ones off the two lists.
  init?(next yourHunks: inout ArraySlice<LineHunk>, _ theirHunks: inout ArraySlice<LineHunk>) {
    switch (yourHunks.first, theirHunks.first) {
    case (nil, nil): return nil
    case (let yours?, nil): range = yours.base
    case (nil, let theirs?): range = theirs.base
    case (let yours?, let theirs?): range = Self.isBefore(yours.base, theirs.base) ? yours.base : theirs.base
    }
    if let hunk = yourHunks.first, hunk.base == range { yours.append(yourHunks.removeFirst()) }
    if let hunk = theirHunks.first, hunk.base == range { theirs.append(theirHunks.removeFirst()) }
    var grew = true
    while grew {
      grew = take(&yourHunks, into: \.yours)
      grew = take(&theirHunks, into: \.theirs) || grew
    }
  }

  private mutating func take(_ hunks: inout ArraySlice<LineHunk>, into side: WritableKeyPath<Group, [LineHunk]>) -> Bool {
    guard let hunk = hunks.first, Self.touch(hunk.base, range) else { return false }
    hunks.removeFirst()
    self[keyPath: side].append(hunk)
    range = min(range.lowerBound, hunk.base.lowerBound)..<max(range.upperBound, hunk.base.upperBound)
    return true
  }

  /// Whether one begins before the other; lines put in come before lines replaced at the same place.
  private static func isBefore(_ one: Range<Int>, _ other: Range<Int>) -> Bool {
    (one.lowerBound, one.upperBound) < (other.lowerBound, other.upperBound)
  }

  /// Whether two changes concern the same lines: next to each other is not the same.
  private static func touch(_ one: Range<Int>, _ other: Range<Int>) -> Bool {
    if one.isEmpty, other.isEmpty { return one == other }
    if one.isEmpty { return other.lowerBound < one.lowerBound && one.lowerBound < other.upperBound }
    if other.isEmpty { return one.lowerBound < other.lowerBound && other.lowerBound < one.upperBound }
    return one.overlaps(other)
  }

  /// What becomes of the group's lines.
  func resolved(_ base: [String]) -> [LinePiece] {
    let mine = applied(yours, base)
    let other = applied(theirs, base)
    if theirs.isEmpty || mine == other { return [.agreed(mine)] }
    if yours.isEmpty { return [.agreed(other)] }
    if includes(yours, theirs) { return [.agreed(mine)] }
    if includes(theirs, yours) { return [.agreed(other)] }
    if range.isEmpty { return [.agreed(Self.united(other, mine))] }
    return Self.differing(base: Array(base[range]), mine, other)
  }

  private func applied(_ hunks: [LineHunk], _ base: [String]) -> [String] {
    var lines: [String] = []
    var place = range.lowerBound
    for hunk in hunks {
      lines += base[place..<hunk.base.lowerBound] + hunk.lines
      place = hunk.base.upperBound
    }
    return lines + base[place..<range.upperBound]
  }

  /// Whether some changes take out and put in all that others do.
  private func includes(_ large: [LineHunk], _ small: [LineHunk]) -> Bool {
    let removed = Set(large.flatMap { Array($0.base) })
    guard small.allSatisfy({ $0.base.allSatisfy(removed.contains) }) else { return false }
    // Blank lines alone are nobody's words.
    let told = { (hunks: [LineHunk]) in hunks.flatMap(\.lines).filter { !TextLines.isBlank($0) } }
    return LineDifference.contains(told(large), told(small))
  }

  /// Lines of both that were put in at the same place; what both put in stands once.
  private static func united(_ first: [String], _ second: [String]) -> [String] {
    let common = Set(second.filter { !TextLines.isBlank($0) }).intersection(first)
    var united: [String] = []
    // The same lines in another order: both stay as they are.
    guard first.filter(common.contains) == second.filter(common.contains) else { return first + second }
    var rest = second[...]
    for line in first {
      if common.contains(line), let place = rest.firstIndex(of: line) {
        united += rest[..<place]
        rest = rest[(place + 1)...]
      }
      united.append(line)
    }
    if let last = united.last, let next = rest.first, TextLines.isBlank(last), TextLines.isBlank(next) {
      rest = rest.dropFirst()
    }
    return united + rest
  }

  /// The two sides beside each other, without what they begin and end with alike.
  private static func differing(base: [String], _ yours: [String], _ theirs: [String]) -> [LinePiece] {
    var start = 0
    while start < yours.count, start < theirs.count, yours[start] == theirs[start] { start += 1 }
    var end = 0
    while end < yours.count - start, end < theirs.count - start,
      yours[yours.count - 1 - end] == theirs[theirs.count - 1 - end]
    {
      end += 1
    }
    return [
      .agreed(Array(yours[..<start])),
      .differs(
        base: base, yours: Array(yours[start..<(yours.count - end)]),
        theirs: Array(theirs[start..<(theirs.count - end)])),
      .agreed(Array(yours[(yours.count - end)...])),
    ]
  }
}
