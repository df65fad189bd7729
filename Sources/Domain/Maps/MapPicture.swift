import PunosMessages

/// Draws a map as SVG.
public struct MapPicture {
  /// Our people named at the head in any case. Beyond, those are named who have a badge on somebody's box, and the
  /// others are counted.
  private static let oursShown = 24
  /// Of ours, those shown on somebody's box.
  private static let acquaintancesShown = 6
  private static let head = 70.0
  private static let oursRow = 26.0
  private static let oursWidth = 200.0
  /// Room at the head's right for how many people are left out.
  private static let leftOutWidth = 190.0

  private let map: PeopleMap
  private let words: MapWords
  /// Where everybody stands.
  let layout: MapLayout
  private let top: Double
  /// Those of ours who are named at the head, by their places on the map.
  private let named: [Int]

  /// - Parameter language: BCP 47, of the words in the picture.
  public init(_ map: PeopleMap, language: String = "en") {
    self.map = map
    words = MapWords(language: language)
    let badged = Set(map.people.flatMap { Self.shown(map.acquaintances(of: $0.name)).map(\.place) })
    named = map.ours.indices.filter { $0 < Self.oursShown || badged.contains($0) }
    let chips = named.count + (named.count < map.ours.count ? 1 : 0)
    let rows = (chips + Self.oursPerRow - 1) / Self.oursPerRow
    top = Self.head + Double(rows) * Self.oursRow + 22
    layout = MapLayout(map, top: top)
  }

  private static var oursPerRow: Int {
    max(1, Int((MapLayout.Size.page - 2 * MapLayout.Size.margin - 60) / oursWidth))
  }

  /// Where somebody stands: their row, 0 for ours, and the middle of their box.
  public func place(of name: String) -> (row: Int, x: Double, y: Double)? {
    if let index = map.ours.firstIndex(where: { $0.name == name }) {
      // Who is only counted stands where the count does.
      let point = chip(named.firstIndex(of: index) ?? named.count)
      return (0, point.x, point.y)
    }
    guard let point = layout.places[name] else { return nil }
    return (layout.rows[name] ?? 1, point.x, point.y)
  }

  /// The whole picture.
  public func svg() -> String {
    let legend = MapLegend(words: words)
    let height = max(layout.height, top + MapLayout.Size.margin) + legend.height
    let size = (SVGText.number(layout.width), SVGText.number(height))
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(size.0)\" height=\"\(size.1)\" "
        + "viewBox=\"0 0 \(size.0) \(size.1)\" role=\"img\" font-family=\"'DejaVu Sans', Verdana, Arial, sans-serif\">",
      "<title>\(SVGText.escaped(map.title))</title>",
      "<defs>",
    ]
    for kind in MapWords.drawn where MapMarks.hasDirection(kind) { lines.append(arrow(kind)) }
    lines += ["</defs>", "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>"]
    let titleWidth = layout.width - 2 * MapLayout.Size.margin - (map.leftOut > 0 ? Self.leftOutWidth : 0)
    lines.append(text(map.title, MapLayout.Size.margin, 40, 20, MapMarks.ink, bold: true, width: titleWidth))
    lines += ours() + reportingLines() + ties() + boxes() + rest()
    lines += legend.lines(top: height - legend.height)
    return (lines + ["</svg>", ""]).joined(separator: "\n")
  }

  private func text(
    _ text: String, _ x: Double, _ y: Double, _ size: Double, _ colour: String, bold: Bool = false,
    overLines: Bool = false, width: Double
  ) -> String {
    var weight = bold ? " font-weight=\"bold\"" : ""
    // Where lines may pass, letters stand in white.
    if overLines { weight += " stroke=\"#ffffff\" stroke-width=\"5\" paint-order=\"stroke\"" }
    return
      "<text x=\"\(SVGText.number(x))\" y=\"\(SVGText.number(y))\" font-size=\"\(SVGText.number(size))\" "
      + "fill=\"\(colour)\"\(weight)>\(SVGText.escaped(SVGText.fitted(text, width, size: bold ? size * 1.08 : size)))</text>"
  }

  private func arrow(_ kind: Relationship.Kind) -> String {
    let stroke = MapMarks.stroke(kind)
    return
      "<marker id=\"\(stroke.name)\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"9\" markerHeight=\"9\" "
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
    var lines = [
      text(words.ours, MapLayout.Size.margin, Self.head + 4, 12, MapMarks.faint, bold: true, width: 54)
    ]
    for (chip, place) in named.enumerated() {
      let (point, teammate) = (self.chip(chip), map.ours[place])
      lines.append(MapMarks.badge(place, grade: 3, point.x, point.y))
      let shown = teammate.title.isEmpty ? teammate.displayName : "\(teammate.displayName), \(teammate.title)"
      lines.append(text(shown, point.x + 14, point.y + 4, 12, MapMarks.ink, width: Self.oursWidth - 34))
    }
    if named.count < map.ours.count {
      let point = chip(named.count)
      lines.append(
        text(
          words.more(map.ours.count - named.count), point.x - 8, point.y + 4, 12, MapMarks.faint,
          width: Self.oursWidth - 20))
    }
    return lines
  }

  // MARK: People

  private func boxes() -> [String] {
    map.people.flatMap { person -> [String] in
      guard let point = layout.places[person.name] else { return [] }
      let box = MapLayout.Size.box
      let left = point.x - box.width / 2
      let top = point.y - box.height / 2
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

  /// Of those who have to do with somebody, the ones that stand on the box.
  private static func shown(_ known: [PeopleMap.Acquaintance]) -> ArraySlice<PeopleMap.Acquaintance> {
    known.prefix(acquaintancesShown)
  }

  private func badges(of person: PeopleMap.Person, _ left: Double, _ y: Double) -> [String] {
    let known = map.acquaintances(of: person.name)
    var lines = Self.shown(known).enumerated().map { index, one in
      MapMarks.badge(one.place, grade: one.strength.map(MapMarks.grade), left + Double(index) * 19, y)
    }
    if known.count > Self.acquaintancesShown {
      let x = left + Double(Self.acquaintancesShown) * 19 - 6
      lines.append(
        text("+\(known.count - Self.acquaintancesShown)", x, y + 3.5, 10, MapMarks.faint, width: 30))
    }
    return lines
  }

  private func rest() -> [String] {
    var lines: [String] = []
    if let top = layout.othersTop, layout.hanging.isEmpty == false {
      lines.append(
        text(
          words.others, MapLayout.Size.margin, top + 12, 12, MapMarks.faint, bold: true, overLines: true,
          width: 400))
    }
    if map.people.isEmpty {
      lines.append(text(words.nobody, MapLayout.Size.margin, top + 10, 13, MapMarks.faint, width: 600))
    }
    if map.leftOut > 0 {
      lines.append(
        text(
          words.more(map.leftOut), layout.width - Self.leftOutWidth, 40, 12, MapMarks.faint,
          width: Self.leftOutWidth - MapLayout.Size.margin))
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
        path =
          "M\(SVGText.number(above.x)) \(SVGText.number(from))V\(SVGText.number(turn))H\(SVGText.number(trunk))"
          + "V\(SVGText.number(below.y))H\(SVGText.number(below.x - box.width / 2))"
      } else {
        let turn = from + MapLayout.Size.gap.down / 2
        path =
          "M\(SVGText.number(above.x)) \(SVGText.number(from))V\(SVGText.number(turn))H\(SVGText.number(below.x))"
          + "V\(SVGText.number(below.y - box.height / 2))"
      }
      return "<path d=\"\(path)\" fill=\"none\" stroke=\"\(MapMarks.line)\" stroke-width=\"1.6\"/>"
    }
  }

  private func ties() -> [String] {
    MapCourses(map.ties.filter { !map.isLineOfTree($0) }, layout.places).drawn.map { curve($0, along: $1) }
  }

  private func curve(_ tie: PeopleMap.Tie, along course: MapCourse) -> String {
    let stroke = MapMarks.stroke(tie.kind)
    let dashes = stroke.dashes.isEmpty ? "" : " stroke-dasharray=\"\(stroke.dashes)\""
    let width = SVGText.number(0.9 + 0.5 * Double(MapMarks.grade(tie.strength)))
    let path =
      "<path d=\"\(course.path)\" fill=\"none\" stroke=\"\(stroke.colour)\" stroke-width=\"\(width)\"\(dashes)"
    guard tie.kind == .conflictsWith else {
      return path + (MapMarks.hasDirection(tie.kind) ? " marker-end=\"url(#\(stroke.name))\"/>" : "/>")
    }
    // A conflict has no direction: a cross on its line.
    return path + "/>" + MapMarks.cross(course.halfway.x, course.halfway.y, size: 5)
  }
}
