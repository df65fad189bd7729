/// A page for people: headings, keys and values, lists, paragraphs and tables, laid out for a width.
public struct Page: Sendable {
  private enum Block: Sendable {
    case title(String, note: String)
    case heading(String, note: String)
    case pairs([(key: String, value: String)])
    case paragraph(String)
    case items([(text: String, note: String)])
    case table(TextTable)
  }

  private var blocks: [Block] = []

  /// An empty page.
  public init() {}

  /// The page's title, with something smaller behind it.
  public mutating func title(_ text: String, note: String = "") {
    blocks.append(.title(DisplayWidth.harmless(text), note: DisplayWidth.harmless(note)))
  }

  /// A section's heading, with something smaller behind it, such as its freshness.
  public mutating func heading(_ text: String, note: String = "") {
    blocks.append(.heading(DisplayWidth.harmless(text), note: DisplayWidth.harmless(note)))
  }

  /// Keys and their values under each other; those without a value are left out.
  public mutating func pairs(_ pairs: [(key: String, value: String)]) {
    let present = pairs.filter { !$0.value.isEmpty }
    guard !present.isEmpty else { return }
    blocks.append(
      .pairs(
        present.map { (DisplayWidth.harmless($0.key), DisplayWidth.harmless($0.value, keepingLines: true)) }))
  }

  /// Running text.
  public mutating func paragraph(_ text: String) {
    guard !text.isEmpty else { return }
    blocks.append(.paragraph(DisplayWidth.harmless(text, keepingLines: true)))
  }

  /// A list, each item with something smaller behind it.
  public mutating func items(_ items: [(text: String, note: String)]) {
    guard !items.isEmpty else { return }
    blocks.append(
      .items(
        items.map { (DisplayWidth.harmless($0.text, keepingLines: true), DisplayWidth.harmless($0.note)) }))
  }

  /// A table; one without rows is left out.
  public mutating func table(_ table: TextTable) {
    guard !table.rows.isEmpty else { return }
    blocks.append(.table(table))
  }

  /// Keys take at most this share of the width, values the rest.
  private static let widestKeyShare = 3

  /// The page in lines.
  ///
  /// - Parameters:
  ///   - width: in columns.
  ///   - style: colours, or none.
  public func lines(width: Int, style: Style) -> [String] {
    var lines: [String] = []
    // Keys stand in one column over the whole page, so that the eye finds the values in one line.
    let keyWidth = min(width / Self.widestKeyShare, widestKey)
    for block in blocks {
      switch block {
      case .title(let text, let note):
        lines += DisplayWidth.wrapped(text, to: width).map(style.bold)
        if !note.isEmpty { lines += DisplayWidth.wrapped(note, to: width).map(style.faint) }
      case .heading(let text, let note):
        if !lines.isEmpty { lines.append("") }
        let fits = DisplayWidth.of(text) + 2 + DisplayWidth.of(note) <= width
        lines += DisplayWidth.wrapped(text, to: width).map(style.title)
        if !note.isEmpty, fits, let last = lines.popLast() { lines.append(last + "  " + style.faint(note)) }
        if !note.isEmpty, !fits { lines += DisplayWidth.wrapped(note, to: width).map(style.faint) }
      case .pairs(let pairs):
        for (key, value) in pairs {
          lines += pairLines(key, value, keyWidth: keyWidth, width: width, style: style)
        }
      case .paragraph(let text):
        lines += DisplayWidth.wrapped(text, to: width - 2).map { "  " + $0 }
      case .items(let items):
        for (text, note) in items { lines += itemLines(text, note, width: width, style: style) }
      case .table(let table):
        lines += table.lines(width: width - 2, style: style).map { "  " + $0 }
      }
    }
    return lines
  }

  private var widestKey: Int {
    var widest = 0
    for case .pairs(let pairs) in blocks {
      widest = pairs.reduce(widest) { max($0, DisplayWidth.of($1.key)) }
    }
    return widest
  }

  private func pairLines(_ key: String, _ value: String, keyWidth: Int, width: Int, style: Style) -> [String]
  {
    let values = DisplayWidth.wrapped(value, to: width - keyWidth - 4)
    return values.enumerated().map { index, line in
      let shown = index == 0 ? DisplayWidth.truncated(key, to: keyWidth) : ""
      return "  " + style.faint(DisplayWidth.padded(shown, to: keyWidth)) + "  " + line
    }
  }

  private func itemLines(_ text: String, _ note: String, width: Int, style: Style) -> [String] {
    var lines = DisplayWidth.wrapped(text, to: width - 4)
    let last = lines.count - 1
    if !note.isEmpty, last >= 0 {
      if DisplayWidth.of(lines[last]) + 2 + DisplayWidth.of(note) <= width - 4 {
        lines[last] += "  " + style.faint(note)
      } else {
        lines += DisplayWidth.wrapped(note, to: width - 4).map(style.faint)
      }
    }
    return lines.enumerated().map { ($0 == 0 ? "  • " : "    ") + $1 }
  }

  /// The page as Markdown.
  public func markdown() -> [String] {
    var lines: [String] = []
    for block in blocks {
      if !lines.isEmpty { lines.append("") }
      switch block {
      case .title(let text, let note):
        lines.append("# \(text)")
        if !note.isEmpty { lines += ["", note] }
      case .heading(let text, let note):
        lines.append("## \(text)")
        if !note.isEmpty { lines += ["", "_\(note)_"] }
      case .pairs(let pairs):
        lines += pairs.map {
          "- **\($0.key):** \($0.value.split(whereSeparator: \.isNewline).joined(separator: "<br>"))"
        }
      case .paragraph(let text): lines.append(text)
      case .items(let items):
        lines += items.map { item in
          "- \(item.text.split(whereSeparator: \.isNewline).joined(separator: "<br>"))"
            + (item.note.isEmpty ? "" : " (\(item.note))")
        }
      case .table(let table): lines += table.markdown()
      }
    }
    return lines
  }
}
