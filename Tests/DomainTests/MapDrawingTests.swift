import PunosMessages
import Testing

@testable import Domain

/// The map as lines of a terminal.
@Suite struct MapDrawingTests {
  private static func person(_ id: String, _ name: String, _ title: String = "") -> PeopleMap.Person {
    PeopleMap.Person(name: "contacts/\(id)", displayName: name, title: title)
  }

  /// People of whom each reports to the one before.
  private static func chain(_ count: Int) -> PeopleMap {
    let people = (1...count).map { person("\($0)", "Person \($0)", "Head of Procurement & Logistics") }
    let lines = zip(people.dropFirst(), people).map {
      PeopleMap.Tie(from: $0.name, to: $1.name, kind: .reportsTo, strength: 0.6)
    }
    return PeopleMap(title: "Chain", people: people, ours: [], ties: lines)
  }

  @Test(arguments: ["en", "fi"]) func noLineOfSixtyPeopleIsLongerThanATerminalIsWide(_ language: String) {
    let lines = MapDrawing(MapTests.map(of: 60), language: language).lines()
    #expect(lines.count > 90)
    for line in lines { #expect(MapColumns.of(line) <= 80, "\(line)") }
  }

  @Test func everybodyInAChainStandsOneStepFurtherInThanTheirSuperior() {
    let lines = MapDrawing(Self.chain(16)).lines()
    for depth in 1..<16 {
      let before = String(repeating: "   ", count: depth - 1) + "└─ ○ Person \(depth + 1),"
      #expect(lines.contains { $0.hasPrefix(before) }, "\(before)")
    }
    #expect(lines.allSatisfy { MapColumns.of($0) <= 80 })
  }

  @Test func whereThereIsNoRoomToGoFurtherInTheLevelIsTold() {
    let lines = MapDrawing(Self.chain(200)).lines()
    for level in [19, 100, 200] {
      let line = lines.first { $0.contains(" ○ Person \(level)") }
      #expect(line?.hasPrefix("level \(level) ") == true && line?.contains("└─ ○ Person \(level)") == true)
    }
    #expect(lines.allSatisfy { MapColumns.of($0) <= 80 })
  }

  @Test func whoKnowsSomebodyStandsOnALineOfItsOwnWhereTheFirstIsFullAndTheTreeGoesOnBesideIt() {
    let boss = Self.person("a", "Boss", String(repeating: "Chief ", count: 9) + "Officer")
    let below = Self.person("b", "Below")
    let ours = (1...30).map { PeopleMap.Person(name: "teammates/t\($0)", displayName: "colleague.\($0)") }
    let ties =
      ours.map { PeopleMap.Tie(from: $0.name, to: boss.name, kind: .knows, strength: 0.9) }
      + [PeopleMap.Tie(from: below.name, to: boss.name, kind: .reportsTo, strength: 0.6)]
    let lines = MapDrawing(PeopleMap(title: "x", people: [boss, below], ours: ours, ties: ties)).lines()
    #expect(lines[2].hasSuffix("Officer"))
    #expect(lines[3] == "│   ← colleague.1 ●●●, colleague.10 ●●●, colleague.11 ●●●, … +27")
    #expect(lines[4] == "└─ ○ Below")
  }

  @Test func twoLongNamesShareTheLineOfWhatTiesThem() {
    let one = Self.person("a", String(repeating: "Maximilian ", count: 12))
    let other = Self.person("b", "Ng")
    let third = Self.person("c", String(repeating: "Ståhlberg ", count: 12))
    let ties = [
      PeopleMap.Tie(from: one.name, to: other.name, kind: .trusts, strength: 0.9),
      PeopleMap.Tie(from: one.name, to: third.name, kind: .trusts, strength: 0.9),
    ]
    let lines = MapDrawing(PeopleMap(title: "x", people: [one, other, third], ours: [], ties: ties)).lines()
    let told = lines.filter { $0.contains(": trusts ●●●") }
    #expect(told.count == 2 && told.allSatisfy { MapColumns.of($0) <= 80 && MapColumns.of($0) > 74 })
    #expect(
      told.contains { $0.hasSuffix(" → Ng: trusts ●●●") }
        && told.contains { $0.contains("Ståhlberg Ståhlberg") })
  }

  @Test func aNewLineOrATurnOfReadingInANameDoesNotMoveTheTree() {
    let map = PeopleMap(title: "x", people: [Self.person("a", "A\u{2028}B\u{202E}C\nD")], ours: [], ties: [])
    #expect(MapDrawing(map).lines().contains("○ ABCD"))
  }
}
