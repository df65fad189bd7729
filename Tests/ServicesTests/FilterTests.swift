import Store
import Testing

@testable import Services

@Suite struct FilterLanguage {
  @Test func andBindsTighterThanOr() throws {
    let expression = try FilterParser.parse("a = 1 AND b = 2 OR c = 3")
    #expect(
      expression
        == .anyOf([
          .all([
            .compare(path: "a", .equal, value: "1", position: 1), .compare(path: "b", .equal, value: "2", position: 11),
          ]),
          .compare(path: "c", .equal, value: "3", position: 20),
        ]))
  }

  @Test func comparisonsSideBySideMeanAnd() throws {
    #expect(try FilterParser.parse("a=1 b=2") == FilterParser.parse("a=1 AND b=2").map(shifted))
  }

  /// The same expression with the positions of the shorter text.
  private func shifted(_ expression: FilterExpression) -> FilterExpression {
    .all([.compare(path: "a", .equal, value: "1", position: 1), .compare(path: "b", .equal, value: "2", position: 5)])
  }

  @Test func textInQuotesKeepsBlanksAndEscapes() throws {
    #expect(
      try FilterParser.parse(#"display_name = "Kuura \"Ice\" Oy""#)
        == .compare(path: "display_name", .equal, value: "Kuura \"Ice\" Oy", position: 1))
  }

  @Test func aMomentIsOneWord() throws {
    #expect(
      try FilterParser.parse("update_time >= 2026-01-31T12:00:00Z")
        == .compare(path: "update_time", .greaterOrEqual, value: "2026-01-31T12:00:00Z", position: 1))
  }

  @Test func anEmptyFilterAsksForEverything() throws {
    #expect(try FilterParser.parse("") == nil)
    #expect(try FilterParser.parse("  \n") == nil)
  }

  @Test(arguments: [
    ("a", 2), ("a =", 4), ("a = 1 OR", 8), ("(a = 1", 7), ("a = 1)", 6), ("a = \"x", 5), ("= 1", 1), ("a ! 1", 3),
  ])
  func aFilterThatCannotBeReadSaysWhere(_ text: String, _ position: Int) {
    let problem = #expect(throws: FilterProblem.self) { try FilterParser.parse(text) }
    #expect(problem?.position == position, "\(text): \(problem?.description ?? "")")
  }

  @Test func nestingHasALimitInsteadOfAStackOverflow() {
    let deep = String(repeating: "(", count: 100_000) + "a=1" + String(repeating: ")", count: 100_000)
    #expect(throws: FilterProblem.self) { try FilterParser.parse(deep) }
    #expect(throws: FilterProblem.self) { try FilterParser.parse(String(repeating: "NOT ", count: 100_000) + "a=1") }
  }

  @Test func randomTextIsReadOrRefusedAndNeverTraps() {
    var generator = SeededNumbers(seed: 20_261_122)
    let pieces = ["a", "=", "\"", "(", ")", "AND", "OR", "NOT", "-", ":", "!", "<", ">", " ", "\\", "é", "*", "1"]
    for _ in 0..<20_000 {
      let text = (0..<Int.random(in: 0...12, using: &generator)).map { _ in
        pieces.randomElement(using: &generator) ?? ""
      }.joined()
      _ = try? FilterParser.parse(text)
    }
  }
}

@Suite struct Moments {
  @Test(arguments: [
    ("1970-01-01", 0), ("2000-02-29T00:00:00Z", 951_782_400), ("2026-11-22T10:00:00+02:00", 1_795_334_400),
    ("1969-12-31T23:59:59Z", -1),
  ])
  func aMomentIsReadAsRFC3339HasIt(_ text: String, _ seconds: Int64) {
    #expect(MomentText.read(text)?.seconds == seconds)
  }

  @Test(arguments: ["", "2026", "2026-13-01", "2026-01-01T25:00:00Z", "2026-01-01T10:00", "2026-01-01T10:00:00", "x"])
  func whatIsNoMomentIsNone(_ text: String) {
    #expect(MomentText.read(text) == nil)
  }

  @Test func fractionsOfASecondAreKept() {
    #expect(MomentText.read("1970-01-01T00:00:00.25Z")?.rawValue == 250_000)
  }
}

@Suite struct Callers {
  @Test func aCertificateNamesTenantTeamAndPerson() throws {
    let principal = try Principal(uri: "punos://kuura/sales/aino.virtanen")
    #expect(principal.tenant.text == "kuura")
    #expect(principal.team == "sales")
    #expect(principal.name == "aino.virtanen")
    #expect(principal.uri == "punos://kuura/sales/aino.virtanen")
  }

  @Test(arguments: [
    "", "https://kuura/sales/aino", "punos://kuura/sales", "punos://kuura/sales/aino/x", "punos:///sales/aino",
    "punos://Kuura/sales/aino", "punos://kuura/sales/a b", "punos://kuura//aino", "punos://kuura/sales/",
  ])
  func anyOtherNameIsRefusedWithWhatWasExpected(_ uri: String) {
    let problem = #expect(throws: UnreadablePrincipal.self) { try Principal(uri: uri) }
    #expect(problem?.expected.isEmpty == false)
  }
}

/// SplitMix64: the same numbers for the same seed on every machine.
struct SeededNumbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
