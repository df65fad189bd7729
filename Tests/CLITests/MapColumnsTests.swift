import Domain
import PunosMessages
import Terminal
import Testing

@testable import CLI

/// The map as the command line prints it.
@Suite struct MapColumnsTests {
  private static let names = [
    "Åke Öljy", "e\u{301}lan", "王小明", "김민준", "Ａｋｅ", "👩‍👩‍👧‍👦 family", "🇫🇮", "☎️", "Щука", "ไทย", "a\u{AD}b",
    "\u{1100}\u{1161}\u{11A8}",
  ]

  /// Domain measures without knowing of terminals; lines that are cut to 80 columns are 80 in a terminal too.
  @Test func aDrawingIsMeasuredAsTheTerminalMeasures() {
    let people = Self.names.enumerated().map {
      PeopleMap.Person(name: "contacts/\($0)", displayName: String(repeating: $1 + " ", count: 40))
    }
    let lines = MapDrawing(PeopleMap(title: "x", people: people, ours: [], ties: [])).lines()
    for line in lines.dropFirst(2).prefix(people.count) {
      #expect((77...80).contains(DisplayWidth.of(line)), "\(DisplayWidth.of(line)): \(line)")
    }
  }

  private static let tree = "x\n\n○ a\n├─ ○ b\n│  └─ ○ c\n└─ ○ d, with   three blanks"

  @Test func onlyTheLegendIsBrokenWhereATerminalIsNarrow() {
    let drawing = Self.tree + "\n\n★ mentor   ▲ supportive   ■ neutral"
    #expect(
      MapCommand.fitted(drawing, width: 20) == Self.tree.split(
        separator: "\n", omittingEmptySubsequences: false
      ).map(String.init) + [
        "", "★ mentor", "▲ supportive", "■ neutral",
      ])
  }

  @Test func aDrawingThatFitsIsPrintedAsItCame() {
    let drawing = Self.tree + "\n\n★ mentor   ▲ supportive"
    #expect(MapCommand.fitted(drawing, width: 80).joined(separator: "\n") == drawing)
  }
}
