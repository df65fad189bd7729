import PunosMessages

/// Draws a map for a terminal: the reporting lines as a tree, each person with the mark of their stance and with who
/// of ours knows them, then what else ties them. No line is longer than a terminal is wide.
public struct MapDrawing {
  /// Columns of a line: as many as every terminal has.
  public static let columns = 80
  /// Columns that everybody has to themselves, however deep in the tree they stand: a name and a mark.
  private static let room = 28
  /// Columns that the tree goes in with each step down.
  private static let step = 3
  /// Between the marks of the legend.
  public static let legendGap = "   "

  private let map: PeopleMap
  private let words: MapWords
  private let width: Int

  /// - Parameters:
  ///   - language: BCP 47, of the words in the drawing.
  ///   - width: columns of a line; fewer than 40 are taken as that.
  public init(_ map: PeopleMap, language: String = "en", width: Int = columns) {
    self.map = map
    words = MapWords(language: language)
    self.width = max(width, 40)
  }

  /// The drawing, a line each; what the marks mean stands behind the last empty one.
  public func lines() -> [String] {
    var lines = [MapColumns.cut(Self.clean(map.title), to: width), ""]
    if map.people.isEmpty { lines.append(words.nobody) }
    let (trees, others) = map.forest
    for tree in trees { draw(tree, Branching(), &lines) }
    if !others.isEmpty {
      if !trees.isEmpty { lines += ["", "\(words.others):"] }
      for person in others { lines += self.lines(of: person, Prefix(own: "", under: "    ")) }
    }
    if map.leftOut > 0 { lines.append(words.more(map.leftOut)) }
    let ties = tieLines()
    if !ties.isEmpty { lines += ["", "\(words.ties):"] + ties }
    return lines + [""] + legend()
  }

  private func legend() -> [String] {
    let stances = MapWords.stances.map { "\(MapMarks.sign($0)) \(words.stance($0))" }
    let known = ["●○○ ●●○ ●●● \(words.strength)", "← \(MapMarks.conflictSign) \(words.kind(.conflictsWith))"]
    return [stances, known].flatMap { MapColumns.lines(of: $0, gap: Self.legendGap, width: width) }
  }

  // MARK: The tree

  /// What stands before a person's line, and before a second one.
  private struct Prefix {
    var own: String
    var under: String
  }

  /// Where somebody hangs: under lines that go on, or not, from those above.
  private struct Branching {
    /// Whether each of those above, from the top, has another one after them.
    var goesOn: [Bool] = []

    func below(isLast: Bool) -> Branching { Branching(goesOn: goesOn + [!isLast]) }
  }

  private func draw(_ branch: PeopleMap.Branch, _ place: Branching, _ lines: inout [String]) {
    lines += self.lines(of: branch.person, prefix(of: place, hasBelow: !branch.below.isEmpty))
    for (index, child) in branch.below.enumerated() {
      draw(child, place.below(isLast: index == branch.below.count - 1), &lines)
    }
  }

  private func prefix(of place: Branching, hasBelow: Bool) -> Prefix {
    let trunk = hasBelow ? "│   " : "    "
    guard let goesOn = place.goesOn.last else { return Prefix(own: "", under: trunk) }
    let turn = goesOn ? "├─ " : "└─ "
    let deepest = (width - Self.room) / Self.step
    guard place.goesOn.count <= deepest else {
      // No room to go in further: the level is told in words, or all would seem to stand beside each other.
      let level = words.level(place.goesOn.count + 1)
      let blanks = String(repeating: " ", count: max(1, (deepest - 1) * Self.step - MapColumns.of(level)))
      return Prefix(own: level + blanks + turn, under: String(repeating: " ", count: deepest * Self.step + 4))
    }
    let above = place.goesOn.dropLast().map { $0 ? "│  " : "   " }.joined()
    return Prefix(own: above + turn, under: above + (goesOn ? "│  " : "   ") + trunk)
  }

  /// A person with who of ours knows them, on the same line where there is room.
  private func lines(of person: PeopleMap.Person, _ prefix: Prefix) -> [String] {
    var who = "\(MapMarks.sign(person.stance)) \(Self.clean(person.displayName))"
    if !person.title.isEmpty { who += ", \(Self.clean(person.title))" }
    let line = prefix.own + MapColumns.cut(who, to: width - MapColumns.of(prefix.own))
    let known = map.acquaintances(of: person.name)
    guard !known.isEmpty else { return [line] }
    let whole = line + "  ← " + known.map { sign($0, in: width) }.joined(separator: ", ")
    if MapColumns.of(whole) <= width { return [whole] }
    let before = prefix.under + "← "
    let room = width - MapColumns.of(before)
    return [line, before + MapColumns.list(known.map { sign($0, in: room) }, width: room)]
  }

  /// Columns for the name of one of ours, where there is room for it.
  private static let nameOfOurs = 24
  /// Columns of a mark, and of how many more there are at the end of a list.
  private static let besideName = 12

  /// One of ours as they stand behind a person: never so long that the mark is cut off.
  private func sign(_ known: PeopleMap.Acquaintance, in room: Int) -> String {
    let name = MapColumns.cut(
      Self.clean(map.ours[known.place].displayName), to: max(1, min(Self.nameOfOurs, room - Self.besideName)))
    guard let strength = known.strength else { return "\(MapMarks.conflictSign) \(name)" }
    return "\(name) \(Self.dots(strength))"
  }

  // MARK: Ties

  /// What ties people beside the lines that the tree shows.
  private func tieLines() -> [String] {
    let names = Dictionary(
      map.people.map { ($0.name, Self.clean($0.displayName)) }, uniquingKeysWith: { first, _ in first })
    return map.ties.compactMap { tie in
      guard !map.isLineOfTree(tie), let from = names[tie.from], let to = names[tie.to] else { return nil }
      let isConflict = tie.kind == .conflictsWith
      let arrow = isConflict ? " \(MapMarks.conflictSign) " : " → "
      let kind = ": \(words.tie(tie.kind))" + (isConflict ? "" : " \(Self.dots(tie.strength))")
      return line(from, arrow, to, kind)
    }
  }

  /// Two names with something between and behind them; a name is cut only as far as the other one needs the room.
  private func line(_ from: String, _ between: String, _ to: String, _ behind: String) -> String {
    let room = width - MapColumns.of(between + behind)
    let half = room / 2
    let left = MapColumns.cut(from, to: max(half, room - MapColumns.of(to)))
    return left + between + MapColumns.cut(to, to: room - MapColumns.of(left)) + behind
  }

  private static func dots(_ strength: Double) -> String {
    let grade = MapMarks.grade(strength)
    return String(repeating: "●", count: grade) + String(repeating: "○", count: 3 - grade)
  }

  /// Text without what a terminal would take for a command, a new line or another direction of reading.
  private static func clean(_ text: String) -> String {
    var kept = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0..<0x20, 0x7F..<0xA0, 0x2028...0x202E, 0x2066...0x2069: continue
      default: kept.append(scalar)
      }
    }
    return String(kept)
  }
}
