/// A table for people: columns as wide as they need to be and the terminal allows.
public struct TextTable: Sendable {
  /// A column.
  public struct Column: Sendable, Hashable {
    /// The heading.
    public var title: String
    /// Whether values stand at the right, as numbers do.
    public var alignedRight: Bool
    /// Columns it is never made narrower than, if its values need them.
    public var minimum: Int
    /// Whether long values go on on the next line; otherwise they end in an ellipsis.
    public var wraps: Bool
    /// What may go first where the terminal is too narrow for all: higher ones go before lower; 0 never goes.
    public var expendability: Int
    /// Whether values are shown whole whatever the width: where they do not fit beside the others, each stands in a line
    /// of its own under its row.
    public var goesBelow: Bool

    /// A column.
    public init(
      _ title: String, alignedRight: Bool = false, minimum: Int = 8, wraps: Bool = false,
      expendability: Int = 0, goesBelow: Bool = false
    ) {
      self.goesBelow = goesBelow
      self.title = title
      self.alignedRight = alignedRight
      self.minimum = minimum
      self.wraps = wraps
      self.expendability = expendability
    }
  }

  /// The columns.
  public var columns: [Column]
  /// The rows; what a row lacks is empty, what it has beyond the columns is not shown.
  public private(set) var rows: [[String]] = []

  private static let gap = 2
  /// Numbers up to this wide are never cut: amounts with their currency.
  private static let widestNumber = 14

  /// A table without rows.
  public init(columns: [Column]) { self.columns = columns }

  /// Adds a row; characters that could steer the terminal are made harmless.
  public mutating func add(_ row: [String]) {
    rows.append(row.map { DisplayWidth.harmless($0, keepingLines: true) })
  }

  private func cell(_ row: [String], _ column: Int) -> String {
    row.indices.contains(column) ? row[column] : ""
  }

  /// Which columns are shown in a width, how wide each is, and which stand under the rows.
  private func layout(width: Int) -> (shown: [Int], widths: [Int], below: [Int]) {
    let values = columns.indices.map { column in
      rows.reduce(0) { widest, row in
        cell(row, column).split(whereSeparator: \.isNewline).reduce(widest) { max($0, DisplayWidth.of($1)) }
      }
    }
    var natural = columns.indices.map { max(values[$0], DisplayWidth.of(columns[$0].title)) }
    var shown = Array(columns.indices)
    func least(_ column: Int) -> Int {
      let (value, minimum) = (values[column], columns[column].minimum)
      if columns[column].goesBelow { return natural[column] }
      guard columns[column].alignedRight else { return min(natural[column], max(1, minimum)) }
      // Half of a number is another number; headings of numbers go on on the next line.
      let number = columns[column].wraps ? value : min(value, max(minimum, Self.widestNumber))
      return min(natural[column], max(number, widestWord(columns[column].title)))
    }
    func total(_ widths: [Int]) -> Int { widths.reduce(0, +) + Self.gap * max(0, widths.count - 1) }
    var below: [Int] = []
    if total(shown.map(least)) > width {
      below = shown.filter { columns[$0].goesBelow }
      shown.removeAll { columns[$0].goesBelow }
    }
    while total(shown.map(least)) > width,
      let victim = shown.filter({ columns[$0].expendability > 0 })
        .max(by: { (columns[$0].expendability, $0) < (columns[$1].expendability, $1) })
    {
      shown.removeAll { $0 == victim }
    }
    // Headings of numbers give way before anything is cut.
    for column in shown where columns[column].alignedRight {
      let excess = total(shown.map { natural[$0] }) - width
      natural[column] -= max(0, min(excess, natural[column] - max(least(column), values[column])))
    }
    // The widest gives way first, a column at a time, so that none is cut while a wider one is not.
    while total(shown.map { natural[$0] }) > width,
      let widest = shown.filter({ natural[$0] > least($0) }).max(by: { natural[$0] < natural[$1] })
    {
      let second =
        shown.filter { $0 != widest && natural[$0] < natural[widest] }.map { natural[$0] }.max() ?? 0
      let excess = total(shown.map { natural[$0] }) - width
      natural[widest] -= max(1, min(excess, natural[widest] - max(second, least(widest))))
    }
    return (shown, shown.map { natural[$0] }, below)
  }

  private func widestWord(_ text: String) -> Int {
    text.split(separator: " ").reduce(0) { max($0, DisplayWidth.of($1)) }
  }

  /// The table in lines.
  ///
  /// - Parameters:
  ///   - width: in columns. A line is longer only where even the narrowest columns do not fit.
  ///   - style: for the headings.
  public func lines(width: Int, style: Style) -> [String] {
    let (shown, widths, below) = layout(width: width)
    func line(_ cells: [String], _ decorate: (String) -> String) -> String {
      var text = ""
      for (position, column) in shown.enumerated() {
        let isLast = position == shown.count - 1
        let alignedRight = columns[column].alignedRight
        let padded =
          isLast && !alignedRight
          ? cells[position]
          : DisplayWidth.padded(cells[position], to: widths[position], alignedRight: alignedRight)
        text +=
          (cells[position].isEmpty ? padded : decorate(padded))
          + (isLast ? "" : String(repeating: " ", count: Self.gap))
      }
      while text.hasSuffix(" ") { text.removeLast() }
      return text
    }
    let headings = shown.indices.map { position in
      let (title, room) = (columns[shown[position]].title, widths[position])
      // Half a word on the next line reads worse than one that is cut.
      return widestWord(title) <= room
        ? DisplayWidth.wrapped(title, to: room) : [DisplayWidth.truncated(title, to: room)]
    }
    // Headings of more than one line stand on their last one, close to what they head.
    let height = headings.reduce(1) { max($0, $1.count) }
    var result = (0..<height).map { index in
      line(
        headings.map { index + $0.count < height ? "" : $0[index + $0.count - height] }, style.title)
    }
    for row in rows {
      let cells = shown.indices.map { position -> [String] in
        let value = cell(row, shown[position])
        if columns[shown[position]].wraps { return DisplayWidth.wrapped(value, to: widths[position]) }
        let flat = DisplayWidth.harmless(value)
        return [DisplayWidth.truncated(flat, to: widths[position])]
      }
      for index in 0..<(cells.map(\.count).max() ?? 1) {
        result.append(line(cells.map { index < $0.count ? $0[index] : "" }, { $0 }))
      }
      for column in below where !cell(row, column).isEmpty {
        let indent = String(repeating: " ", count: Self.gap)
        result += DisplayWidth.wrapped(cell(row, column), to: width - Self.gap).map {
          indent + style.faint($0)
        }
      }
    }
    return result
  }

  /// The titles of columns that a width has no room for.
  public func hiddenColumns(width: Int) -> [String] {
    let (columnsBeside, _, below) = layout(width: width)
    let shown = Set(columnsBeside + below)
    return columns.indices.filter { !shown.contains($0) }.map { columns[$0].title }
  }

  /// The table as GitHub-flavoured Markdown: every column, whatever the width.
  public func markdown() -> [String] {
    func row(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
    func escaped(_ text: String) -> String {
      var result = ""
      for character in text {
        switch character {
        case "|", "\\", "`", "*", "_", "<", "[": result += "\\\(character)"
        case _ where character.isNewline: result += "<br>"
        default: result.append(character)
        }
      }
      return result
    }
    let rule = columns.map { $0.alignedRight ? "---:" : "---" }
    return [row(columns.map { escaped($0.title) }), row(rule)]
      + rows.map { cells in row(columns.indices.map { escaped(cell(cells, $0)) }) }
  }
}
