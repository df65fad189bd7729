import PunosMessages

/// The marks of a picture: each stance has a shape and a colour of its own, each kind of tie a colour and a stroke, so
/// that nobody needs to tell colours apart.
enum MapMarks {
  static let ink = "#1f2933"
  static let faint = "#627282"
  static let line = "#9aa5b1"
  static let ours = "#17406d"

  static func colour(_ stance: CommitteeMember.Stance) -> String {
    switch stance {
    case .against: "#b42318"
    case .sceptical: "#c4620a"
    case .neutral: "#5b6b7b"
    case .supportive: "#2e7d32"
    case .mentor: "#1557b0"
    default: "#8a97a5"
    }
  }

  /// The mark of a stance, 20 pixels across, around a point.
  static func mark(_ stance: CommitteeMember.Stance, _ x: Double, _ y: Double) -> String {
    let colour = colour(stance)
    func polygon(_ points: [(Double, Double)]) -> String {
      let text = points.map { "\(SVGText.number(x + $0.0)),\(SVGText.number(y + $0.1))" }.joined(
        separator: " ")
      return "<polygon points=\"\(text)\" fill=\"\(colour)\"/>"
    }
    let cx = SVGText.number(x)
    let cy = SVGText.number(y)
    switch stance {
    case .against:  // a cross
      return
        "<path d=\"M\(SVGText.number(x - 8)) \(SVGText.number(y - 8))l16 16m0 -16l-16 16\" stroke=\"\(colour)\" "
        + "stroke-width=\"5\" stroke-linecap=\"round\" fill=\"none\"/>"
    case .sceptical: return polygon([(-10, -8), (10, -8), (0, 10)])  // a triangle, point down
    case .neutral:
      return
        "<rect x=\"\(SVGText.number(x - 8))\" y=\"\(SVGText.number(y - 8))\" width=\"16\" height=\"16\" fill=\"\(colour)\"/>"
    case .supportive: return polygon([(0, -10), (10, 8), (-10, 8)])  // a triangle, point up
    case .mentor:  // a star
      return polygon([
        (0, -11), (2.9, -3.9), (10.5, -3.4), (4.7, 1.5), (6.5, 8.9), (0, 4.9), (-6.5, 8.9), (-4.7, 1.5),
        (-10.5, -3.4), (-2.9, -3.9),
      ])
    default:
      return
        "<circle cx=\"\(cx)\" cy=\"\(cy)\" r=\"8\" fill=\"none\" stroke=\"\(colour)\" stroke-width=\"2\" "
        + "stroke-dasharray=\"3 3\"/>"
    }
  }

  /// The same in a terminal, one column wide.
  static func sign(_ stance: CommitteeMember.Stance) -> String {
    switch stance {
    case .against: "✗"
    case .sceptical: "▼"
    case .neutral: "■"
    case .supportive: "▲"
    case .mentor: "★"
    default: "○"
    }
  }

  /// The same for two who do not get on.
  static let conflictSign = "✗"

  /// How a kind of tie is drawn: its name in the picture's style sheet, its colour and its stroke.
  static func stroke(_ kind: Relationship.Kind) -> (name: String, colour: String, dashes: String) {
    switch kind {
    case .influences: ("influences", "#7b3fa0", "")
    case .trusts: ("trusts", "#00796b", "8 3")
    case .sponsors: ("sponsors", "#2e7d32", "12 4 3 4")
    case .conflictsWith: ("conflict", "#b42318", "5 4")
    // Beside the tree, whose lines are plain.
    case .reportsTo: ("reports", "#8a4b08", "14 3")
    default: ("knows", faint, "2 4")
    }
  }

  /// Two who do not get on: a cross around a point.
  ///
  /// - Parameter size: from the middle to its ends.
  static func cross(_ x: Double, _ y: Double, size: Double) -> String {
    let whole = SVGText.number(2 * size)
    return
      "<path d=\"M\(SVGText.number(x - size)) \(SVGText.number(y - size))l\(whole) \(whole)m0 -\(whole)l-\(whole) \(whole)\" "
      + "stroke=\"\(stroke(.conflictsWith).colour)\" stroke-width=\"2.4\" fill=\"none\"/>"
  }

  /// The number of one of ours in a circle: full for a strong tie, lighter for a fair one, a ring for a weak one, a ring
  /// with a cross for somebody who does not get on with them.
  ///
  /// - Parameters:
  ///   - place: of theirs among ours, from 0.
  ///   - grade: of the tie, 1 to 3; nil where the two do not get on.
  static func badge(_ place: Int, grade: Int?, _ x: Double, _ y: Double) -> String {
    let (fill, ink, ring) =
      switch grade {
      case nil: ("#ffffff", stroke(.conflictsWith).colour, stroke(.conflictsWith).colour)
      case 3: (ours, "#ffffff", ours)
      case 2: ("#b9d3ee", ours, ours)
      default: ("#ffffff", ours, ours)
      }
    return "<circle cx=\"\(SVGText.number(x))\" cy=\"\(SVGText.number(y))\" r=\"8\" fill=\"\(fill)\" "
      + "stroke=\"\(ring)\"/><text x=\"\(SVGText.number(x))\" y=\"\(SVGText.number(y + 3.2))\" "
      + "font-size=\"9\" text-anchor=\"middle\" fill=\"\(ink)\">\(place + 1)</text>"
      + (grade == nil ? cross(x + 6.5, y - 6.5, size: 3) : "")
  }

  /// Whether it matters who of the two is named first.
  static func hasDirection(_ kind: Relationship.Kind) -> Bool { kind != .knows && kind != .conflictsWith }

  /// A tie's strength in three grades: 1 weak, 2 fair, 3 strong.
  static func grade(_ strength: Double) -> Int { strength >= 0.6 ? 3 : strength >= 0.3 ? 2 : 1 }
}
