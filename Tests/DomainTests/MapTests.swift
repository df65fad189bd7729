import Domain
import Foundation
import PunosMessages
import Testing

/// The map of an account's people.
@Suite struct MapTests {
  static let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
    "Golden")

  static let given = [
    "Liisa", "Pekka", "Åke", "Óscar", "Saara", "Mikko", "Zoë", "Tuomas", "Eeva-Liisa", "Bartholomew", "Ng",
    "Jürgen",
  ]
  static let family = [
    "Korhonen", "Virtanen", "Ståhlberg-Ahlström", "O'Neill", "Wu", "Mäkelä", "Nieminen", "da Costa e Silva",
  ]
  static let titles = [
    "Chief Executive Officer", "CFO", "Head of Procurement & Logistics", "Engineer", "Maintenance manager",
    "",
  ]

  /// A company of a size, the same for the same size.
  static func map(of size: Int) -> PeopleMap {
    var chance = Chance(seed: UInt64(size))
    func name(_ index: Int) -> String { "contacts/p\(index < 10 ? "0" : "")\(index)" }
    let people = (0..<size).map { index in
      PeopleMap.Person(
        name: name(index), displayName: "\(given[index % given.count]) \(family[index % family.count])",
        title: index == 0 ? titles[0] : titles.randomElement(using: &chance) ?? "",
        stance: CommitteeMember.Stance.allCases.randomElement(using: &chance) ?? .unspecified)
    }
    let ours = (0..<max(2, size / 10)).map {
      PeopleMap.Person(
        name: "teammates/colleague.\($0)", displayName: "colleague.\($0)",
        title: ["sales", "delivery", "service"][$0 % 3])
    }
    var ties: [PeopleMap.Tie] = []
    let reporting = size - size / 8
    for index in 1..<reporting {
      ties.append(
        .init(from: name(index), to: name(max(0, (index - 1) / 5)), kind: .reportsTo, strength: 0.6))
    }
    for _ in 0..<size / 4 {
      let one = Int.random(in: 0..<size, using: &chance)
      let other = Int.random(in: 0..<size, using: &chance)
      guard one != other else { continue }
      let kinds: [Relationship.Kind] = [.influences, .trusts, .sponsors, .conflictsWith, .knows]
      let kind = kinds.randomElement(using: &chance) ?? .knows
      ties.append(
        .init(from: name(one), to: name(other), kind: kind, strength: .random(in: 0...1, using: &chance)))
    }
    for teammate in ours {
      for _ in 0..<max(2, size / 6) {
        let other = Int.random(in: 0..<size, using: &chance)
        ties.append(
          .init(
            from: teammate.name, to: name(other), kind: .knows, strength: .random(in: 0...1, using: &chance)))
      }
    }
    return PeopleMap(
      title: "Kuura Konepaja <Oy> & Söner (\(size))", people: people.shuffled(using: &chance),
      ours: ours.shuffled(using: &chance), ties: ties.shuffled(using: &chance))
  }

  /// PUNOS_WRITE_GOLDEN=1 writes what is drawn instead of comparing: look at the pictures before committing them.
  static func expectGolden(_ text: String, _ name: String) throws {
    let file = golden.appendingPathComponent(name)
    if ProcessInfo.processInfo.environment["PUNOS_WRITE_GOLDEN"] == "1" {
      try FileManager.default.createDirectory(at: golden, withIntermediateDirectories: true)
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    let expected = try String(contentsOf: file, encoding: .utf8)
    #expect(text == expected, "\(name) is drawn otherwise than Golden/\(name); look at both")
  }

  @Test(arguments: [5, 20, 60]) func thePictureIsTheOneThatWasLookedAt(size: Int) throws {
    try Self.expectGolden(MapPicture(Self.map(of: size)).svg(), "map-\(size).svg")
  }

  @Test(arguments: [5, 20, 60]) func theDrawingForATerminalIsTheOneThatWasLookedAt(size: Int) throws {
    let lines = MapDrawing(Self.map(of: size), language: "fi").lines()
    try Self.expectGolden(lines.joined(separator: "\n") + "\n", "map-\(size).txt")
  }

  @Test(arguments: [5, 20, 60]) func theOrderInWhichPeopleAreToldDoesNotMatter(size: Int) {
    var chance = Chance(seed: 7)
    let map = Self.map(of: size)
    let other = PeopleMap(
      title: map.title, people: map.people.shuffled(using: &chance), ours: map.ours.shuffled(using: &chance),
      ties: map.ties.shuffled(using: &chance))
    #expect(MapPicture(map).svg() == MapPicture(other).svg())
  }

  @Test(arguments: 1...60) func noBoxLiesOnAnother(size: Int) throws {
    let map = Self.map(of: max(2, size))
    let picture = MapPicture(map)
    let places = try map.people.map { try #require(picture.place(of: $0.name)) }
    for (index, one) in places.enumerated() {
      for other in places[..<index] {
        #expect(abs(one.x - other.x) >= 214 || abs(one.y - other.y) >= 52)
      }
    }
  }

  @Test func superiorsStandAboveThoseWhoReportToThem() throws {
    let map = Self.map(of: 60)
    let picture = MapPicture(map)
    for tie in map.ties where tie.kind == .reportsTo {
      let below = try #require(picture.place(of: tie.from))
      let above = try #require(picture.place(of: tie.to))
      #expect(above.y < below.y && above.row == below.row - 1)
    }
  }

  @Test func aCircleOfLinesFromDifferentTimesIsStillDrawn() {
    let people = ["a", "b", "c"].map { PeopleMap.Person(name: "contacts/\($0)", displayName: $0) }
    let ties = [("a", "b"), ("b", "c"), ("c", "a")].map {
      PeopleMap.Tie(from: "contacts/\($0.0)", to: "contacts/\($0.1)", kind: .reportsTo, strength: 0.6)
    }
    let lines = MapDrawing(PeopleMap(title: "x", people: people, ours: [], ties: ties)).lines()
    for name in ["a", "b", "c"] { #expect(lines.contains { $0.hasSuffix(" \(name)") }) }
  }

  @Test func whatPeopleAreCalledCannotBreakThePictureOrTheTerminal() throws {
    let person = PeopleMap.Person(
      name: "contacts/a", displayName: "</text><script>\u{1B}[2J&\"'", title: "\u{0}\u{9B}x")
    let map = PeopleMap(title: "<&>", people: [person], ours: [], ties: [])
    let picture = MapPicture(map).svg()
    #expect(!picture.contains("<script>") && !picture.contains("\u{1B}") && !picture.contains("\u{0}"))
    #expect(MapDrawing(map).lines().allSatisfy { !$0.contains("\u{1B}") && !$0.contains("\u{9B}") })
  }

  @Test func aMapOfNobodySaysSo() {
    let map = PeopleMap(title: "Empty", people: [], ours: [], ties: [])
    #expect(MapDrawing(map).lines().contains("Nobody is known here yet."))
    #expect(MapPicture(map, language: "fi").svg().contains("Täältä ei vielä tunneta ketään."))
  }

  @Test func moreThanTwoHundredPeopleAreCountedNotDrawn() {
    let people = (0..<250).map { PeopleMap.Person(name: "contacts/\($0)", displayName: "P\($0)") }
    let map = PeopleMap(title: "Big", people: people, ours: [], ties: [])
    #expect(map.people.count == PeopleMap.maximumPeople && map.leftOut == 50)
  }
}
