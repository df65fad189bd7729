import PunosMessages

/// What the marks of a picture mean.
struct MapLegend {
  let words: MapWords

  /// - Parameter top: where it begins.
  func lines(top: Double) -> [String] {
    let left = MapLayout.Size.margin
    let rule = "<path d=\"M\(SVGText.number(left)) \(SVGText.number(top + 4))H\(SVGText.number(MapLayout.Size.page - left))\" "
      + "stroke=\"\(MapMarks.line)\" stroke-width=\"0.8\"/>"
    return [rule] + stances(left, top + 28) + strokes(left, top + 58) + grades(left + 820, top + 28)
  }

  private func text(_ text: String, _ x: Double, _ y: Double) -> String {
    "<text x=\"\(SVGText.number(x))\" y=\"\(SVGText.number(y + 4))\" font-size=\"11\" fill=\"\(MapMarks.ink)\">"
      + "\(SVGText.escaped(text))</text>"
  }

  private func stances(_ left: Double, _ y: Double) -> [String] {
    MapWords.stances.enumerated().flatMap { index, stance in
      let x = left + Double(index) * 130
      return [MapMarks.mark(stance, x + 10, y), text(words.stance(stance), x + 26, y)]
    }
  }

  private func strokes(_ left: Double, _ y: Double) -> [String] {
    MapWords.drawn.enumerated().flatMap { index, kind -> [String] in
      let x = left + Double(index) * 160
      let stroke = MapMarks.stroke(kind)
      let dashes = stroke.dashes.isEmpty ? "" : " stroke-dasharray=\"\(stroke.dashes)\""
      let end = !MapMarks.hasDirection(kind) ? "" : " marker-end=\"url(#\(stroke.name))\""
      let line = "<path d=\"M\(SVGText.number(x)) \(SVGText.number(y))h44\" stroke=\"\(stroke.colour)\" "
        + "stroke-width=\"1.9\" fill=\"none\"\(dashes)\(end)/>"
      let cross = "<path d=\"M\(SVGText.number(x + 17)) \(SVGText.number(y - 5))l10 10m0 -10l-10 10\" "
        + "stroke=\"\(stroke.colour)\" stroke-width=\"2.4\" fill=\"none\"/>"
      return [line] + (kind == .conflictsWith ? [cross] : []) + [text(words.kind(kind), x + 52, y)]
    }
  }

  private func grades(_ left: Double, _ y: Double) -> [String] {
    (1...3).map { MapPicture.badge($0 - 1, $0, left + Double($0 - 1) * 20, y) }
      + [text(words.strength, left + 54, y)]
  }
}
