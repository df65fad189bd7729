import Terminal
import Testing

@Test(
  arguments: [
    ("", 0), ("abc", 3), ("Äänekoski", 9), ("A\u{308}a", 2), ("漢字", 4), ("ｆｕｌｌ", 8), ("한국", 4), ("e\u{301}", 1),
    ("😀", 2), ("👩‍👩‍👧", 2), ("🇫🇮", 2), ("❤️", 2), ("❤", 1), ("a\u{200B}b", 2), ("\u{1100}\u{1161}", 2), ("…", 1),
    ("1\u{A0}234", 5), ("€", 1), ("ｱ", 1), ("тест", 4),
  ])
func textsTakeTheColumnsThatTerminalsGiveThem(_ text: String, _ width: Int) {
  #expect(DisplayWidth.of(text) == width)
}

@Test func truncatedTextsFitAndEndInAnEllipsis() {
  #expect(DisplayWidth.truncated("Jyväskylä", to: 5) == "Jyvä…")
  #expect(DisplayWidth.truncated("漢字漢字", to: 4) == "漢…")
  #expect(DisplayWidth.truncated("fits", to: 4) == "fits")
  #expect(DisplayWidth.truncated("abc", to: 0) == "")
}

@Test func wrappedTextsFitAndLoseNothing() {
  let seed: UInt64 = 4
  var generator = SeededGenerator(seed: seed)
  let pieces = ["a", "bb", "漢", "e\u{301}", "😀", " ", "  ", "longword", "ä", "-"]
  for _ in 0..<500 {
    let text = (0..<Int.random(in: 0...30, using: &generator)).map { _ in pieces.randomElement(using: &generator) ?? "" }
      .joined()
    let width = Int.random(in: 2...20, using: &generator)
    let lines = DisplayWidth.wrapped(text, to: width)
    #expect(lines.allSatisfy { DisplayWidth.of($0) <= width }, "seed \(seed): \(text)")
    #expect(lines.joined().filter { $0 != " " } == text.filter { $0 != " " }, "seed \(seed)")
  }
}

@Test func textFromOthersCannotSteerTheTerminal() {
  let hostile = "\u{1B}[2J\u{1B}]0;title\u{7}a\u{202E}b\rc\nd\te\u{9B}1m"
  let shown = DisplayWidth.harmless(hostile)
  #expect(!shown.unicodeScalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) || $0.value == 0x202E })
  #expect(DisplayWidth.harmless("a\nb", keepingLines: true) == "a\nb")
  var table = TextTable(columns: [TextTable.Column("Name")])
  table.add([hostile])
  #expect(!table.lines(width: 80, style: Style(false)).joined().contains("\u{1B}"))
  var page = Page()
  page.title(hostile)
  page.pairs([(hostile, hostile)])
  page.items([(hostile, hostile)])
  page.paragraph(hostile)
  page.heading(hostile, note: hostile)
  #expect(!page.lines(width: 80, style: Style(false)).joined().contains("\u{1B}"))
}
