import PunosMessages

/// What the marks of a picture mean.
struct MapLegend {
  private static let row = 30.0
  private static let size = 11.0
  /// Between two marks.
  private static let gap = 20.0

  /// A mark with its meaning: how much room both take, and how they are drawn at a point.
  private struct Item {
    var width: Double
    var drawn: (Double, Double) -> [String]
  }

  private let words: MapWords
  private let rows: [[(x: Double, item: Item)]]

  init(words: MapWords) {
    self.words = words
    let stances = MapWords.stances.map { Self.stance($0, words) } + [Self.grades(words)]
    let ties = MapWords.drawn.map { Self.stroke($0, words) } + [Self.conflict(words)]
    rows = Self.rows(of: stances) + Self.rows(of: ties)
  }

  /// How much room it takes down.
  var height: Double { 24 + Double(rows.count) * Self.row }

  /// - Parameter top: where it begins.
  func lines(top: Double) -> [String] {
    let left = MapLayout.Size.margin
    let rule =
      "<path d=\"M\(SVGText.number(left)) \(SVGText.number(top + 4))H\(SVGText.number(MapLayout.Size.page - left))\" "
      + "stroke=\"\(MapMarks.line)\" stroke-width=\"0.8\"/>"
    let marks = rows.enumerated().flatMap { number, row in
      row.flatMap { $0.item.drawn($0.x, top + 28 + Double(number) * Self.row) }
    }
    return [rule] + marks
  }

  /// Marks beside each other, in as many rows as they need.
  private static func rows(of items: [Item]) -> [[(x: Double, item: Item)]] {
    let left = MapLayout.Size.margin
    var rows: [[(x: Double, item: Item)]] = [[]]
    var x = left
    for item in items {
      if x > left, x + item.width > MapLayout.Size.page - left {
        rows.append([])
        x = left
      }
      rows[rows.count - 1].append((x, item))
      x += item.width + gap
    }
    return rows
  }

  /// A mark of a width with what it means behind it.
  private static func item(
    _ mark: Double, _ meaning: String, _ drawn: @escaping (Double, Double) -> [String]
  ) -> Item {
    Item(width: mark + SVGText.width(meaning, size: size)) { x, y in
      drawn(x, y) + [
        "<text x=\"\(SVGText.number(x + mark))\" y=\"\(SVGText.number(y + 4))\" font-size=\"\(SVGText.number(size))\" "
          + "fill=\"\(MapMarks.ink)\">\(SVGText.escaped(meaning))</text>"
      ]
    }
  }

  private static func stance(_ stance: CommitteeMember.Stance, _ words: MapWords) -> Item {
    item(26, words.stance(stance)) { x, y in [MapMarks.mark(stance, x + 10, y)] }
  }

  private static func stroke(_ kind: Relationship.Kind, _ words: MapWords) -> Item {
    item(52, words.tie(kind)) { x, y in
      let stroke = MapMarks.stroke(kind)
      let dashes = stroke.dashes.isEmpty ? "" : " stroke-dasharray=\"\(stroke.dashes)\""
      let end = !MapMarks.hasDirection(kind) ? "" : " marker-end=\"url(#\(stroke.name))\""
      let line =
        "<path d=\"M\(SVGText.number(x)) \(SVGText.number(y))h44\" stroke=\"\(stroke.colour)\" "
        + "stroke-width=\"1.9\" fill=\"none\"\(dashes)\(end)/>"
      return [line] + (kind == .conflictsWith ? [MapMarks.cross(x + 22, y, size: 5)] : [])
    }
  }

  private static func grades(_ words: MapWords) -> Item {
    item(62, words.strength) { x, y in
      (1...3).map { MapMarks.badge($0 - 1, grade: $0, x + 8 + Double($0 - 1) * 20, y) }
    }
  }

  private static func conflict(_ words: MapWords) -> Item {
    item(26, words.kind(.conflictsWith)) { x, y in [MapMarks.badge(0, grade: nil, x + 8, y)] }
  }
}
