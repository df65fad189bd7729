/// Where everybody stands in the picture of a map: the same for the same map, always.
///
/// Superiors stand above the middle of those under them. People without anybody under them who share a superior
/// stand in columns below, so that sixty people fit a screen. Who has no reporting line stands in a grid at the foot.
struct MapLayout {
  /// Sizes in pixels of the picture.
  enum Size {
    static let box = (width: 214.0, height: 52.0)
    static let gap = (across: 30.0, down: 40.0)
    /// Between people of one column.
    static let stack = 14.0
    /// How far a column stands in from the line that its people hang on.
    static let indent = 18.0
    /// People of one column; more make another.
    static let column = 6
    /// Room at the edges.
    static let margin = 32.0
    /// The width that the grid of those without a line fills at least.
    static let page = 1_100.0
  }

  /// The middle of a box.
  struct Point: Sendable, Hashable {
    var x: Double
    var y: Double
  }

  /// Somebody hangs below their superior, or beside a line in a column.
  enum Hanging { case below, beside }

  private(set) var places: [String: Point] = [:]
  private(set) var rows: [String: Int] = [:]
  private(set) var hanging: [String: Hanging] = [:]
  /// Where the grid of those without reporting lines begins; nil where there is none.
  private(set) var othersTop: Double?
  private(set) var width = Size.page
  private(set) var height = 0.0

  /// - Parameter top: where the people begin, under the picture's head.
  init(_ map: PeopleMap, top: Double) {
    let (trees, others) = map.forest
    var left = Size.margin
    var bottom = top
    var lineTop = top, lineBottom = top
    for tree in trees {
      let span = Self.width(tree)
      // A company with several trees has them in lines, each about a page wide.
      if left > Size.margin, left + span > max(Size.page, Self.width(trees[0])) + Size.margin {
        left = Size.margin
        lineTop = lineBottom + Size.gap.down
      }
      lineBottom = max(lineBottom, place(tree, left, lineTop))
      bottom = max(bottom, lineBottom)
      left += span + Size.gap.across * 2
      width = max(width, left)
    }
    if !others.isEmpty { bottom = placeGrid(others, bottom + (trees.isEmpty ? 0 : Size.gap.down)) }
    height = bottom + Size.margin
  }

  /// How much room somebody and those below take across.
  private static func width(_ branch: PeopleMap.Branch) -> Double {
    guard !branch.below.isEmpty else { return Size.box.width }
    if isColumn(branch) {
      let columns = Double((branch.below.count + Size.column - 1) / Size.column)
      return max(Size.box.width, columns * (Size.box.width + Size.indent) + (columns - 1) * Size.gap.across)
    }
    let below = branch.below.map { width($0) }.reduce(0, +)
    return max(Size.box.width, below + Double(branch.below.count - 1) * Size.gap.across)
  }

  /// Whether those below stand in columns: nobody stands under any of them.
  private static func isColumn(_ branch: PeopleMap.Branch) -> Bool { branch.below.allSatisfy { $0.below.isEmpty } }

  /// Places somebody and those below.
  ///
  /// - Returns: where their boxes end.
  private mutating func place(_ branch: PeopleMap.Branch, _ left: Double, _ top: Double) -> Double {
    let span = Self.width(branch)
    let name = branch.person.name
    rows[name] = branch.depth + 1
    hanging[name] = .below
    let bottom = top + Size.box.height
    guard !branch.below.isEmpty else {
      places[name] = Point(x: left + span / 2, y: top + Size.box.height / 2)
      return bottom
    }
    places[name] = Point(x: left + span / 2, y: top + Size.box.height / 2)
    if Self.isColumn(branch) { return placeColumns(branch, left, span, bottom + Size.gap.down) }
    let below = branch.below.map { Self.width($0) }.reduce(0, +) + Double(branch.below.count - 1) * Size.gap.across
    var next = left + (span - below) / 2
    var lowest = bottom
    for child in branch.below {
      lowest = max(lowest, place(child, next, bottom + Size.gap.down))
      next += Self.width(child) + Size.gap.across
    }
    return lowest
  }

  private mutating func placeColumns(
    _ branch: PeopleMap.Branch, _ left: Double, _ span: Double, _ top: Double
  ) -> Double {
    let columns = Double((branch.below.count + Size.column - 1) / Size.column)
    let room = columns * (Size.box.width + Size.indent) + (columns - 1) * Size.gap.across
    let start = left + (span - room) / 2
    var lowest = top
    for (index, child) in branch.below.enumerated() {
      let column = Double(index / Size.column), place = Double(index % Size.column)
      let x = start + column * (Size.box.width + Size.indent + Size.gap.across) + Size.indent + Size.box.width / 2
      let y = top + place * (Size.box.height + Size.stack) + Size.box.height / 2
      places[child.person.name] = Point(x: x, y: y)
      rows[child.person.name] = child.depth + 1
      hanging[child.person.name] = .beside
      lowest = max(lowest, y + Size.box.height / 2)
    }
    return lowest
  }

  /// Room for the heading above the grid.
  static let heading = 26.0

  private mutating func placeGrid(_ people: [PeopleMap.Person], _ top: Double) -> Double {
    othersTop = top
    let across = max(1, Int((width - 2 * Size.margin + Size.gap.across) / (Size.box.width + Size.gap.across)))
    let row = (rows.values.max() ?? 0) + 1
    var bottom = top
    for (index, person) in people.enumerated() {
      let x = Size.margin + Double(index % across) * (Size.box.width + Size.gap.across) + Size.box.width / 2
      let y = top + Self.heading + Double(index / across) * (Size.box.height + Size.stack) + Size.box.height / 2
      places[person.name] = Point(x: x, y: y)
      rows[person.name] = row + index / across
      bottom = y + Size.box.height / 2
    }
    return bottom
  }
}
