import PunosMessages

/// A line between two people: a curve from where it leaves the one's box to where it meets the other's.
struct MapCourse {
  var start: MapLayout.Point
  /// What the curve is drawn to itself by.
  var middle: MapLayout.Point
  var end: MapLayout.Point

  /// The point on it halfway.
  var halfway: MapLayout.Point {
    MapLayout.Point(x: (start.x + 2 * middle.x + end.x) / 4, y: (start.y + 2 * middle.y + end.y) / 4)
  }

  /// How the curve is written in a path.
  var path: String {
    "M\(SVGText.number(start.x)) \(SVGText.number(start.y))Q\(SVGText.number(middle.x)) "
      + "\(SVGText.number(middle.y)) \(SVGText.number(end.x)) \(SVGText.number(end.y))"
  }
}

/// The lines between people, each on a course of its own: several between the same two lie beside each other.
struct MapCourses {
  /// How far a line between two people of one column leaves it to the right: half of that is seen.
  private static let detour = 50.0
  /// How much farther the next one of the same two does.
  private static let nextDetour = 20.0
  /// Between the ends of lines at one side of a box, and how much of the side all of them take at most.
  private static let ends = (apart: 8.0, inAll: 36.0)
  /// How far a line bends: a share of its length, up to so many pixels.
  private static let bend = (share: 0.18, most: 70.0)

  /// Which of the lines between the same two a line is.
  private struct Place {
    var number: Int
    var count: Int
    /// Whether it runs the other way than the first of them.
    var isTurned: Bool

    /// From the one outermost, 1, to the other, -1; the only one bends to its left.
    var side: Double {
      guard count > 1 else { return 1 }
      // The more there are the farther out the outermost ones lie, up to double.
      let reach = min(2, 1 + 0.25 * Double(count - 2))
      let side = reach * (1 - 2 * Double(number) / Double(count - 1))
      return isTurned ? -side : side
    }
  }

  /// The ties that are drawn, each with its course.
  private(set) var drawn: [(tie: PeopleMap.Tie, course: MapCourse)] = []

  /// - Parameters:
  ///   - ties: in the order in which they are drawn.
  ///   - places: where people stand; ties of others are left out.
  init(_ ties: [PeopleMap.Tie], _ places: [String: MapLayout.Point]) {
    func pair(_ tie: PeopleMap.Tie) -> PeopleMap.Pair { PeopleMap.Pair(tie.from, tie.to) }
    let bundles = Dictionary(grouping: ties, by: pair)
    var numbers: [PeopleMap.Pair: Int] = [:]
    for tie in ties {
      guard let from = places[tie.from], let to = places[tie.to], let bundle = bundles[pair(tie)] else {
        continue
      }
      let number = numbers[pair(tie), default: 0]
      numbers[pair(tie)] = number + 1
      let place = Place(number: number, count: bundle.count, isTurned: bundle.first?.from != tie.from)
      drawn.append((tie, Self.course(from, to, place)))
    }
  }

  private static func course(_ from: MapLayout.Point, _ to: MapLayout.Point, _ place: Place) -> MapCourse {
    let across = to.x - from.x
    let down = to.y - from.y
    let half = MapLayout.Size.box.width / 2
    if abs(across) < half { return besideColumn(from, to, place) }
    let length = max(1, (across * across + down * down).squareRoot())
    let bend = min(Self.bend.most, length * Self.bend.share) * place.side
    let middle = MapLayout.Point(
      x: (from.x + to.x) / 2 - down / length * bend, y: (from.y + to.y) / 2 + across / length * bend)
    return MapCourse(
      start: edge(of: from, towards: middle), middle: middle, end: edge(of: to, towards: middle))
  }

  /// Straight down a line would lie behind the boxes between: it goes round them, and the next one round it.
  private static func besideColumn(
    _ from: MapLayout.Point, _ to: MapLayout.Point, _ place: Place
  ) -> MapCourse {
    let half = MapLayout.Size.box.width / 2
    let apart = min(ends.apart, ends.inAll / Double(max(1, place.count - 1)))
    let outwards = apart * (Double(place.number) - Double(place.count - 1) / 2) * (from.y <= to.y ? 1 : -1)
    return MapCourse(
      start: MapLayout.Point(x: from.x + half + 2, y: from.y - outwards),
      middle: MapLayout.Point(
        x: max(from.x, to.x) + half + detour + nextDetour * Double(place.number), y: (from.y + to.y) / 2),
      end: MapLayout.Point(x: to.x + half + 2, y: to.y + outwards))
  }

  /// Where a line from the middle of a box leaves it.
  private static func edge(of box: MapLayout.Point, towards point: MapLayout.Point) -> MapLayout.Point {
    let across = point.x - box.x
    let down = point.y - box.y
    let half = (width: MapLayout.Size.box.width / 2 + 2, height: MapLayout.Size.box.height / 2 + 2)
    let scale = max(abs(across) / half.width, abs(down) / half.height)
    guard scale > 0 else { return box }
    return MapLayout.Point(x: box.x + across / scale, y: box.y + down / scale)
  }
}
