import PunosMessages

/// Draws a map as SVG.
public struct MapPicture {
  /// Our people named at the head; those beyond are counted.
  private static let oursShown = 24
  /// Of ours, those shown on somebody's box.
  private static let acquaintancesShown = 6
  private static let head = 70.0
  private static let oursRow = 26.0
  private static let oursWidth = 200.0
  private static let legend = 84.0

  private let map: PeopleMap
  private let words: MapWords
  /// Where everybody stands.
  let layout: MapLayout
  private let top: Double

  /// - Parameter language: BCP 47, of the words in the picture.
  public init(_ map: PeopleMap, language: String = "en") {
    self.map = map
    words = MapWords(language: language)
    let rows = (min(map.ours.count, Self.oursShown) + Self.oursPerRow - 1) / Self.oursPerRow
    top = Self.head + Double(rows) * Self.oursRow + 22
    layout = MapLayout(map, top: top)
  }

  private static var oursPerRow: Int {
    max(1, Int((MapLayout.Size.page - 2 * MapLayout.Size.margin - 60) / oursWidth))
  }

  /// Where somebody stands: their row, 0 for ours, and the middle of their box.
  public func place(of name: String) -> (row: Int, x: Double, y: Double)? {
    if let index = map.ours.firstIndex(where: { $0.name == name }) {
      let point = chip(index)
      return (0, point.x, point.y)
    }
    guard let point = layout.places[name] else { return nil }
    return (layout.rows[name] ?? 1, point.x, point.y)
  }

  /// The whole picture.
  public func svg() -> String {
    let height = max(layout.height, top + MapLayout.Size.margin) + Self.legend
    let size = (SVGText.number(layout.width), SVGText.number(height))
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(size.0)\" height=\"\(size.1)\" "
        + "viewBox=\"0 0 \(size.0) \(size.1)\" role=\"img\" font-family=\"'DejaVu Sans', Verdana, Arial, sans-serif\">",
      "<title>\(SVGText.escaped(map.title))</title>",
      "<defs>",
    ]
    for kind in MapWords.drawn + [.reportsTo] where MapMarks.hasDirection(kind) { lines.append(arrow(kind)) }
    lines += ["</defs>", "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>"]
    lines.append(text(map.title, MapLayout.Size.margin, 40, 20, MapMarks.ink, bold: true, width: layout.width - 64))
    lines += ours() + reportingLines() + ties() + boxes() + rest()
    lines += MapLegend(words: words).lines(top: height - Self.legend)
    return (lines + ["</svg>", ""]).joined(separator: "\n")
  }

  private func text(
    _ text: String, _ x: Double, _ y: Double, _ size: Double, _ colour: String, bold: Bool = false, width: Double
  ) -> String {
    let weight = bold ? " font-weight=\"bold\"" : ""
    return "<text x=\"\(SVGText.number(x))\" y=\"\(SVGText.number(y))\" font-size=\"\(SVGText.number(size))\" "
      + "fill=\"\(colour)\"\(weight)>\(SVGText.escaped(SVGText.fitted(text, width, size: bold ? size * 1.08 : size)))</text>"
  }

  private func arrow(_ kind: Relationship.Kind) -> String {
    let stroke = MapMarks.stroke(kind)
    return "<marker id=\"\(stroke.name)\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"9\" markerHeight=\"9\" "
      + "markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path d=\"M0 0L10 5L0 10z\" fill=\"\(stroke.colour)\"/></marker>"
  }

  // MARK: Ours

  private func chip(_ index: Int) -> MapLayout.Point {
    MapLayout.Point(
      x: MapLayout.Size.margin + 70 + Double(index % Self.oursPerRow) * Self.oursWidth,
      y: Self.head + Double(index / Self.oursPerRow) * Self.oursRow)
  }

  private func ours() -> [String] {
    guard !map.ours.isEmpty else { return [] }
    var lines = [text(words.ours, MapLayout.Size.margin, Self.head + 4, 12, MapMarks.faint, bold: true, width: 54)]
    for (index, teammate) in map.ours.prefix(Self.oursShown).enumerated() {
      let point = chip(index)
      lines.append(Self.badge(index, 3, point.x, point.y))
      let shown = teammate.title.isEmpty ? teammate.displayName : "\(teammate.displayName), \(teammate.title)"
      lines.append(text(shown, point.x + 14, point.y + 4, 12, MapMarks.ink, width: Self.oursWidth - 34))
    }
    if map.ours.count > Self.oursShown {
      let place = chip(Self.oursShown - 1)
      lines.append(
        text(
          words.more(map.ours.count - Self.oursShown), place.x + Self.oursWidth, place.y + 4, 12, MapMarks.faint,
          width: 120))
    }
    return lines
  }

  /// The number of one of ours in a circle: full for a strong tie, lighter for a fair one, a ring for a weak one.
  static func badge(_ index: Int, _ grade: Int, _ x: Double, _ y: Double) -> String {
    let (fill, ink) =
      switch grade {
      case 3: (MapMarks.ours, "#ffffff")
      case 2: ("#b9d3ee", MapMarks.ours)
      default: ("#ffffff", MapMarks.ours)
      }
    return "<circle cx=\"\(SVGText.number(x))\" cy=\"\(SVGText.number(y))\" r=\"8\" fill=\"\(fill)\" "
      + "stroke=\"\(MapMarks.ours)\"/><text x=\"\(SVGText.number(x))\" y=\"\(SVGText.number(y + 3.2))\" "
      + "font-size=\"9\" text-anchor=\"middle\" fill=\"\(ink)\">\(index + 1)</text>"
  }

  // MARK: People

  private func boxes() -> [String] {
    map.people.flatMap { person -> [String] in
      guard let point = layout.places[person.name] else { return [] }
      let box = MapLayout.Size.box
      let left = point.x - box.width / 2, top = point.y - box.height / 2
      let stance = words.stance(person.stance)
      var lines = [
        "<g><title>\(SVGText.escaped("\(person.displayName): \(stance)"))</title>",
        "<rect x=\"\(SVGText.number(left))\" y=\"\(SVGText.number(top))\" width=\"\(SVGText.number(box.width))\" "
          + "height=\"\(SVGText.number(box.height))\" rx=\"7\" fill=\"#ffffff\" "
          + "stroke=\"\(MapMarks.colour(person.stance))\" stroke-width=\"1.6\"/>",
        MapMarks.mark(person.stance, left + 18, point.y),
        text(person.displayName, left + 36, top + 17, 12, MapMarks.ink, bold: true, width: box.width - 42),
        text(person.title, left + 36, top + 30, 10, MapMarks.faint, width: box.width - 42),
      ]
      lines += badges(of: person, left + 44, top + box.height - 11)
      return lines + ["</g>"]
    }
  }

  private func badges(of person: PeopleMap.Person, _ left: Double, _ y: Double) -> [String] {
    let known = map.acquaintances(of: person.name)
    var lines = known.prefix(Self.acquaintancesShown).enumerated().map { index, tie in
      Self.badge(tie.place, MapMarks.grade(tie.strength), left + Double(index) * 19, y)
    }
    if known.count > Self.acquaintancesShown {
      let x = left + Double(Self.acquaintancesShown) * 19 - 6
      lines.append(text("+\(known.count - Self.acquaintancesShown)", x, y + 3.5, 10, MapMarks.faint, width: 30))
    }
    return lines
  }

  private func rest() -> [String] {
    var lines: [String] = []
    if let top = layout.othersTop, layout.hanging.isEmpty == false {
      lines.append(text(words.others, MapLayout.Size.margin, top + 12, 12, MapMarks.faint, bold: true, width: 400))
    }
    if map.people.isEmpty {
      lines.append(text(words.nobody, MapLayout.Size.margin, top + 10, 13, MapMarks.faint, width: 600))
    }
    if map.leftOut > 0 {
      lines.append(
        text(words.more(map.leftOut), layout.width - 190, 40, 12, MapMarks.faint, width: 160))
    }
    return lines
  }

  // MARK: Lines

  private func reportingLines() -> [String] {
    let box = MapLayout.Size.box
    return map.superiors.sorted { $0.key < $1.key }.compactMap { name, superior in
      guard let below = layout.places[name], let above = layout.places[superior] else { return nil }
      let from = above.y + box.height / 2
      let path: String
      if layout.hanging[name] == .beside {
        // Along the line of the column, then across to the box.
        let trunk = below.x - box.width / 2 - MapLayout.Size.indent / 2
        let turn = from + MapLayout.Size.gap.down / 2
        path = "M\(SVGText.number(above.x)) \(SVGText.number(from))V\(SVGText.number(turn))H\(SVGText.number(trunk))"
          + "V\(SVGText.number(below.y))H\(SVGText.number(below.x - box.width / 2))"
      } else {
        let turn = from + MapLayout.Size.gap.down / 2
        path = "M\(SVGText.number(above.x)) \(SVGText.number(from))V\(SVGText.number(turn))H\(SVGText.number(below.x))"
          + "V\(SVGText.number(below.y - box.height / 2))"
      }
      return "<path d=\"\(path)\" fill=\"none\" stroke=\"\(MapMarks.line)\" stroke-width=\"1.6\"/>"
    }
  }

  private func ties() -> [String] {
    let superiors = map.superiors
    return map.ties.compactMap { tie in
      if tie.kind == .reportsTo, superiors[tie.from] == tie.to { return nil }
      guard let from = layout.places[tie.from], let to = layout.places[tie.to] else { return nil }
      return curve(tie, from, to)
    }
  }

  /// How far a line between two people of one column leaves it to the right: half of that is seen.
  private static let detour = 50.0

  /// Where a line begins, by what it is drawn to itself, and where it ends.
  private static func course(
    _ from: MapLayout.Point, _ to: MapLayout.Point
  ) -> (start: MapLayout.Point, middle: MapLayout.Point, end: MapLayout.Point) {
    let across = to.x - from.x, down = to.y - from.y
    let half = MapLayout.Size.box.width / 2
    if abs(across) < half {
      // Straight down it would lie behind the boxes between.
      let right = max(from.x, to.x) + half
      return (
        MapLayout.Point(x: from.x + half + 2, y: from.y),
        MapLayout.Point(x: right + detour, y: (from.y + to.y) / 2), MapLayout.Point(x: to.x + half + 2, y: to.y)
      )
    }
    let length = max(1, (across * across + down * down).squareRoot())
    let bend = min(70, length * 0.18)
    let middle = MapLayout.Point(
      x: (from.x + to.x) / 2 - down / length * bend, y: (from.y + to.y) / 2 + across / length * bend)
    return (edge(of: from, towards: middle), middle, edge(of: to, towards: middle))
  }

  private func curve(_ tie: PeopleMap.Tie, _ from: MapLayout.Point, _ to: MapLayout.Point) -> String {
    let (start, middle, end) = Self.course(from, to)
    let stroke = MapMarks.stroke(tie.kind)
    let dashes = stroke.dashes.isEmpty ? "" : " stroke-dasharray=\"\(stroke.dashes)\""
    let path = "<path d=\"M\(SVGText.number(start.x)) \(SVGText.number(start.y))Q\(SVGText.number(middle.x)) "
      + "\(SVGText.number(middle.y)) \(SVGText.number(end.x)) \(SVGText.number(end.y))\" fill=\"none\" "
      + "stroke=\"\(stroke.colour)\" stroke-width=\"\(SVGText.number(0.9 + 0.5 * Double(MapMarks.grade(tie.strength))))\"\(dashes)"
    guard tie.kind == .conflictsWith else {
      return path + (MapMarks.hasDirection(tie.kind) ? " marker-end=\"url(#\(stroke.name))\"/>" : "/>")
    }
    // A conflict has no direction: a cross on its line.
    let x = (start.x + 2 * middle.x + end.x) / 4, y = (start.y + 2 * middle.y + end.y) / 4
    return path + "/><path d=\"M\(SVGText.number(x - 5)) \(SVGText.number(y - 5))l10 10m0 -10l-10 10\" "
      + "stroke=\"\(stroke.colour)\" stroke-width=\"2.4\" fill=\"none\"/>"
  }

  /// Where a line from the middle of a box leaves it.
  private static func edge(of box: MapLayout.Point, towards point: MapLayout.Point) -> MapLayout.Point {
    let across = point.x - box.x, down = point.y - box.y
    let half = (width: MapLayout.Size.box.width / 2 + 2, height: MapLayout.Size.box.height / 2 + 2)
    let scale = max(abs(across) / half.width, abs(down) / half.height)
    guard scale > 0 else { return box }
    return MapLayout.Point(x: box.x + across / scale, y: box.y + down / scale)
  }
}
