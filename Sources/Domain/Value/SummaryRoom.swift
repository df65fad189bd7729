/// How much of two A4 pages is left, in millimetres, by what `ValueSummaryHTML`'s style gives each line. Widths are those
/// of a wide typeface (DejaVu Sans), so that with a narrower one more is left, never less. A test prints the longest.
struct SummaryRoom {
  /// Two pages of 297 mm less their margins of 16 mm.
  static let pages = 2 * (297.0 - 2 * 16)
  /// The total and the footer.
  static let end = 26.0
  /// Rules, and the blank above and below an item.
  static let around = 5.0
  /// A statement's line, and how many characters it holds.
  static let statement = (height: 4.7, characters: 62)
  /// A line of running text.
  static let line = (height: 4.6, characters: 78)
  /// A line in one of three columns.
  static let column = (height: 4.6, characters: 23)
  /// The heading of the columns.
  static let heading = 4.2
  /// The bar.
  static let bar = 6.0

  private let words: ValueSummaryWords
  private var used: Double
  private var tallest = 0.0

  init(_ content: ValueSummaryContent) {
    words = ValueSummaryWords(content.language)
    let people = content.people.reduce(0) { $0 + $1.name.count + $1.title.count + 4 }
    used = Self.end + 14 + 8 * Self.lines(content.customer, 40)
      + Self.line.height * (Self.lines(words.subtitle(content), Self.line.characters) + Double(people / Self.line.characters + 1))
  }

  /// Takes the room for an item.
  ///
  /// - Returns: false where it is not there; nothing is taken then.
  mutating func take(_ item: ValueSummaryContent.Item) -> Bool {
    let height = height(item)
    // An item is not broken over two pages: what is lost at the end of the first is less than the tallest.
    guard used + height + max(tallest, height) <= Self.pages else { return false }
    used += height
    tallest = max(tallest, height)
    return true
  }

  private func height(_ item: ValueSummaryContent.Item) -> Double {
    var height = Self.around + Self.statement.height * Self.lines("00. " + item.statement, Self.statement.characters)
    let facts = [words.name(of: item.rung), item.weight.map { words.weight($0) }, item.worth.map { words.worth($0) }]
    height += Self.line.height * Self.lines(facts.compactMap { $0 }.joined(separator: " · "), Self.line.characters)
    if !item.metric.isEmpty {
      let columns = [
        item.baseline.map { words.value($0.value, item) }, item.promised.map { words.agreed($0, item) },
        item.realised.last.map { words.measured($0, item) },
      ]
      let deepest = columns.compactMap { $0 }.map { Self.lines($0, Self.column.characters) }.max() ?? 0
      height += 1.5 + Self.line.height * Self.lines(item.metric, Self.line.characters - 12) + Self.heading
        + Self.column.height * deepest
    }
    return height + (item.outcome == .noPromise ? 0 : Self.bar)
  }

  /// Lines that a text takes: words do not fill a line to its end, so every fourth line one more is reckoned.
  private static func lines(_ text: String, _ characters: Int) -> Double {
    guard !text.isEmpty else { return 0 }
    let full = (text.count + characters - 1) / characters
    return Double(full + full / 4)
  }
}
