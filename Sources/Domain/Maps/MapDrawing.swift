import PunosMessages

/// Draws a map for a terminal: the reporting lines as a tree, each person with the mark of their stance and with who
/// of ours knows them, then what else ties them.
public struct MapDrawing {
  private let map: PeopleMap
  private let words: MapWords

  /// - Parameter language: BCP 47, of the words in the drawing.
  public init(_ map: PeopleMap, language: String = "en") {
    self.map = map
    words = MapWords(language: language)
  }

  /// The drawing, a line each.
  public func lines() -> [String] {
    var lines = [Self.clean(map.title), ""]
    if map.people.isEmpty { lines.append(words.nobody) }
    let (trees, others) = map.forest
    for tree in trees { draw(tree, "", "", &lines) }
    if !others.isEmpty {
      if !trees.isEmpty { lines += ["", "\(words.others):"] }
      for person in others { lines.append(line(of: person)) }
    }
    if map.leftOut > 0 { lines.append(words.more(map.leftOut)) }
    let ties = tieLines()
    if !ties.isEmpty { lines += ["", "\(words.ties):"] + ties }
    let stances = MapWords.stances.map { "\(MapMarks.sign($0)) \(words.stance($0))" }
    return lines + ["", stances.joined(separator: "   "), "●○○ ●●○ ●●● \(words.strength)"]
  }

  private func draw(_ branch: PeopleMap.Branch, _ own: String, _ under: String, _ lines: inout [String]) {
    lines.append(own + line(of: branch.person))
    for (index, child) in branch.below.enumerated() {
      let isLast = index == branch.below.count - 1
      draw(child, under + (isLast ? "└─ " : "├─ "), under + (isLast ? "   " : "│  "), &lines)
    }
  }

  private func line(of person: PeopleMap.Person) -> String {
    var line = "\(MapMarks.sign(person.stance)) \(Self.clean(person.displayName))"
    if !person.title.isEmpty { line += ", \(Self.clean(person.title))" }
    let known = map.acquaintances(of: person.name).map { place, strength in
      "\(Self.clean(map.ours[place].displayName)) \(Self.dots(strength))"
    }
    return known.isEmpty ? line : line + "  ← " + known.joined(separator: ", ")
  }

  /// What ties people beside the lines that the tree shows.
  private func tieLines() -> [String] {
    let names = Dictionary(map.people.map { ($0.name, Self.clean($0.displayName)) }, uniquingKeysWith: { first, _ in first })
    let superiors = map.superiors
    return map.ties.compactMap { tie in
      if tie.kind == .reportsTo, superiors[tie.from] == tie.to { return nil }
      guard let from = names[tie.from], let to = names[tie.to] else { return nil }
      let arrow = tie.kind == .conflictsWith ? "✗" : "→"
      return "\(from) \(arrow) \(to): \(words.kind(tie.kind))"
        + (tie.kind == .conflictsWith ? "" : " \(Self.dots(tie.strength))")
    }
  }

  private static func dots(_ strength: Double) -> String {
    let grade = MapMarks.grade(strength)
    return String(repeating: "●", count: grade) + String(repeating: "○", count: 3 - grade)
  }

  /// Text without what a terminal would take for a command.
  private static func clean(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }))
  }
}
