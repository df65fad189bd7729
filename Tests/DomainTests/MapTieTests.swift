import PunosMessages
import Testing

@testable import Domain

/// What a map makes of ties: conflicts, several between the same two, several superiors.
@Suite struct MapTieTests {
  private static func person(_ name: String, sortKey: String? = nil) -> PeopleMap.Person {
    PeopleMap.Person(name: "contacts/\(name)", displayName: name, sortKey: sortKey)
  }

  private static func ours(_ name: String) -> PeopleMap.Person {
    PeopleMap.Person(name: "teammates/\(name)", displayName: name)
  }

  private static func tie(
    _ from: String, _ kind: Relationship.Kind, _ to: String, _ strength: Double = 0.6, record: String = ""
  ) -> PeopleMap.Tie {
    let isOurs = from.hasPrefix("teammates/")
    return PeopleMap.Tie(
      from: isOurs ? from : "contacts/\(from)", to: "contacts/\(to)", kind: kind, strength: strength,
      record: record)
  }

  private static func map(
    _ people: [String], ours: [String] = [], _ ties: [PeopleMap.Tie], by keys: [String: String] = [:]
  ) -> PeopleMap {
    PeopleMap(
      title: "x", people: people.map { person($0, sortKey: keys[$0]) }, ours: ours.map { self.ours($0) },
      ties: ties)
  }

  // MARK: Conflicts

  @Test func twoWhoDoNotGetOnAreNoAcquaintancesWhateverElseThereIs() throws {
    let ties = [
      Self.tie("teammates/aino", .conflictsWith, "Liisa", 1, record: "accounts/a/relationships/r"),
      Self.tie("teammates/aino", .knows, "Liisa", 0.95), Self.tie("teammates/eero", .knows, "Liisa", 0.4),
    ]
    let map = Self.map(["Liisa"], ours: ["aino", "eero"], ties)
    #expect(map.ours.map(\.displayName) == ["eero", "aino"], "what does not connect does not count")
    let lines = MapDrawing(map).lines()
    #expect(lines.contains("○ Liisa  ← ✗ aino, eero ●●○"))
    let picture = MapPicture(map)
    let place = try #require(picture.place(of: "contacts/Liisa"))
    let (left, y) = (
      place.x - MapLayout.Size.box.width / 2 + 44, place.y + MapLayout.Size.box.height / 2 - 11
    )
    let drawn = picture.svg()
    #expect(drawn.contains(MapMarks.badge(1, grade: nil, left, y)))
    #expect(drawn.contains(MapMarks.badge(0, grade: 2, left + 19, y)))
  }

  @Test func somebodyWhoOnlyDoesNotGetOnWithThemIsShownToo() {
    let map = Self.map(["Liisa"], ours: ["aino"], [Self.tie("teammates/aino", .conflictsWith, "Liisa")])
    #expect(MapDrawing(map, language: "fi").lines().contains("○ Liisa  ← ✗ aino"))
  }

  @Test(arguments: [("en", "in conflict"), ("fi", "ristiriidassa")])
  func theMarkOfAConflictIsInTheLegend(_ language: String, meaning: String) {
    let map = Self.map(["Liisa"], [])
    #expect(MapDrawing(map, language: language).lines().contains { $0.hasSuffix("← ✗ \(meaning)") })
    let drawn = MapPicture(map, language: language).svg()
    #expect(drawn.ranges(of: ">\(meaning)<").count == 2, "as a line, and as a badge")
    let red = MapMarks.stroke(.conflictsWith).colour
    #expect(drawn.contains("fill=\"#ffffff\" stroke=\"\(red)\""))
  }

  @Test func badgesDifferByMoreThanTheirColour() {
    let shapes = [nil, 1, 2, 3].map { MapMarks.badge(0, grade: $0, 0, 0) }
    #expect(Set(shapes).count == 4 && shapes[0].contains("<path") && !shapes[1].contains("<path"))
  }

  // MARK: Several between the same two

  private static let kinds = MapWords.drawn.filter { $0 != .reportsTo }

  /// All that can tie two people.
  private static func everything(_ one: String, _ other: String) -> [PeopleMap.Tie] {
    kinds.map { tie(one, $0, other) } + kinds.map { tie(other, $0, one) }
  }

  private static func paths(_ drawn: String) -> [Substring] {
    let body = drawn.split(separator: "</defs>", maxSplits: 1).last ?? ""
    return body.matches(of: #/<path d="([^"]+)"/#).map(\.1)
  }

  @Test(arguments: [20, 60]) func noTwoPathsOfAPictureAreEqual(size: Int) {
    let paths = Self.paths(MapPicture(MapTests.map(of: size)).svg())
    #expect(paths.count > size && Set(paths).count == paths.count)
  }

  @Test(arguments: [false, true]) func allThatTiesTwoPeopleIsDrawnApart(inOneColumn: Bool) {
    let lines = inOneColumn ? ["a", "b", "c"].map { Self.tie($0, .reportsTo, "boss") } : []
    let map = Self.map(["a", "b", "c", "boss"], Self.everything("a", "c") + lines)
    let paths = Self.paths(MapPicture(map).svg())
    #expect(Set(paths).count == paths.count)
    let courses = MapCourses(map.ties.filter { !map.isLineOfTree($0) }, MapPicture(map).layout.places).drawn
    #expect(courses.count == 8, "five kinds one way, and the three with a direction the other way")
    let halfway = courses.map(\.course.halfway)
    for (index, one) in halfway.enumerated() {
      for other in halfway[..<index] {
        #expect(abs(one.x - other.x) + abs(one.y - other.y) >= 6, "\(one) \(other)")
      }
    }
  }

  @Test func theSameTieToldTwiceIsOneAndAsStrongAsTheStrongest() {
    let ties = [
      Self.tie("a", .trusts, "b", 0.3, record: "accounts/x/relationships/1"),
      Self.tie("a", .trusts, "b", 0.9, record: "accounts/y/relationships/2"),
      Self.tie("a", .knows, "b", 0.2, record: "accounts/x/relationships/3"),
      Self.tie("b", .knows, "a", 0.4, record: "accounts/y/relationships/4"),
      Self.tie("b", .trusts, "a", 0.5, record: "accounts/x/relationships/5"),
    ]
    let map = Self.map(["a", "b"], ties)
    #expect(
      map.ties.map(\.record.last) == ["2", "5", "4"] || map.ties.map(\.record.last) == ["2", "4", "5"])
    #expect(MapPicture(map).svg() == MapPicture(Self.map(["a", "b"], ties.reversed())).svg())
  }

  @Test func whatIsSaidAndWhatFollowsFromInteractionsAreTwo() {
    let ties = [
      Self.tie("teammates/aino", .knows, "a", 0.4, record: "accounts/x/relationships/1"),
      Self.tie("teammates/aino", .knows, "a", 0.8),
    ]
    #expect(Self.map(["a"], ours: ["aino"], ties).ties.count == 2)
  }

  // MARK: Superiors

  @Test func ofSeveralSuperiorsTheOneToWhomTheLineIsStrongestIsAboveInTheTree() {
    let ties = [Self.tie("x", .reportsTo, "a", 0.4), Self.tie("x", .reportsTo, "b", 0.9)]
    #expect(Self.map(["a", "b", "x"], ties).superiors == ["contacts/x": "contacts/b"])
  }

  @Test func ofEquallyStrongSuperiorsItIsTheFirstInTheOrderOfLists() {
    let ties = [Self.tie("x", .reportsTo, "a"), Self.tie("x", .reportsTo, "b")]
    let byName = Self.map(["a", "b", "x"], ties)
    let byKey = Self.map(["a", "b", "x"], ties, by: ["a": "zeta", "b": "alpha"])
    #expect(
      byName.superiors == ["contacts/x": "contacts/a"] && byKey.superiors == ["contacts/x": "contacts/b"])
  }

  @Test func aSecondSuperiorStandsAmongTheReportingLinesWithALineOfItsOwn() throws {
    let ties = [Self.tie("x", .reportsTo, "w"), Self.tie("x", .reportsTo, "y", 0.9)]
    let map = Self.map(["w", "x", "y", "z"], ties)
    #expect(map.forest.trees.map(\.person.displayName) == ["w", "y"])
    #expect(map.forest.others.map(\.displayName) == ["z"])
    let picture = MapPicture(map)
    let (w, x) = (
      try #require(picture.place(of: "contacts/w")), try #require(picture.place(of: "contacts/x"))
    )
    #expect(w.y < x.y)
    let drawn = picture.svg()
    #expect(drawn.contains("marker-end=\"url(#reports)\"") && drawn.contains(">also reports to<"))
    #expect(MapDrawing(map).lines().contains("x → w: also reports to ●●●"))
  }

  @Test func everyKindOfLineHasAColourAndAStrokeOfItsOwn() {
    let strokes = MapWords.drawn.map(MapMarks.stroke)
    #expect(Set(MapWords.drawn).count == 6)
    for property in [strokes.map(\.name), strokes.map(\.colour), strokes.map(\.dashes)] {
      #expect(Set(property).count == strokes.count)
    }
  }

  @Test func aMapOfConflictsSeveralSuperiorsAndSeveralTiesIsTheOneThatWasLookedAt() throws {
    let lines = [
      Self.tie("Liisa", .reportsTo, "Pekka", 0.9), Self.tie("Liisa", .reportsTo, "Saara"),
      Self.tie("Mikko", .reportsTo, "Pekka"), Self.tie("Ng", .reportsTo, "Pekka"),
      Self.tie("Ng", .reportsTo, "Liisa", 0.2),
    ]
    let known = [
      Self.tie("teammates/aino", .conflictsWith, "Liisa", 1),
      Self.tie("teammates/aino", .knows, "Liisa", 0.9),
      Self.tie("teammates/eero", .knows, "Liisa", 0.9), Self.tie("teammates/sanna", .knows, "Liisa", 0.4),
      Self.tie("teammates/aino", .knows, "Mikko", 0.2), Self.tie("teammates/aino", .conflictsWith, "Щука"),
    ]
    let map = Self.map(
      ["Liisa", "Pekka", "Saara", "Mikko", "Ng", "Zoë", "Щука"], ours: ["aino", "eero", "sanna"],
      lines + known + Self.everything("Liisa", "Ng") + Self.everything("Zoë", "Щука")
        + [Self.tie("Pekka", .influences, "Saara"), Self.tie("Saara", .trusts, "Pekka")])
    try MapTests.expectGolden(MapPicture(map, language: "fi").svg(), "map-ties.svg")
    try MapTests.expectGolden(MapDrawing(map).lines().joined(separator: "\n") + "\n", "map-ties.txt")
  }

  // MARK: Order and names

  @Test func peopleStandInTheOrderOfTheirSortKeys() {
    let keys = ["Åke": "{1", "Öljy": "{3", "Äijä": "{2", "Zoë": "zoe", "alatalo": "alatalo"]
    let map = Self.map(keys.keys.sorted(), [], by: keys)
    #expect(map.people.map(\.displayName) == ["alatalo", "Zoë", "Åke", "Äijä", "Öljy"])
  }

  @Test func everybodyOfOursWithABadgeOnABoxIsNamed() {
    let people = (0..<10).map { "p\($0)" }
    let ours = (0..<40).map { "mate\($0 < 10 ? "0" : "")\($0)" }
    // Four each for ten people: all have a badge.
    let each = ours.enumerated().map { Self.tie("teammates/\($1)", .knows, "p\($0 % 10)") }
    let drawn = MapPicture(Self.map(people, ours: ours, each)).svg()
    for name in ours { #expect(drawn.contains(">\(name)<")) }
    #expect(!drawn.contains(">and "))
    // All forty know one person: six have a badge there, 24 are named anyway, and the others are counted.
    let one = ours.map { Self.tie("teammates/\($0)", .knows, "p0") }
    #expect(MapPicture(Self.map(people, ours: ours, one)).svg().contains(">and 16 more<"))
  }
}
