import Domain
import Testing

/// Circles in reporting lines.
@Suite struct ReportingSearchTests {
  private struct Line {
    var from: Int
    var to: Int
    var span: DaySpan
  }

  private static let people = 5
  private static let days = 1...6
  private static let rounds = 2_000
  private static let seed: UInt64 = 20_261_130

  private static func day(_ number: Int) -> String { "2026-01-0\(number)" }

  private static func span(_ generator: inout SeededGenerator) -> DaySpan {
    let first = Int.random(in: 0...6, using: &generator)
    let last = Int.random(in: 0...7, using: &generator)
    return DaySpan(from: first == 0 ? "" : day(first), to: last == 0 ? "" : day(last))
  }

  private static func line(_ generator: inout SeededGenerator) -> Line {
    Line(
      from: Int.random(in: 0..<people, using: &generator), to: Int.random(in: 0..<people, using: &generator),
      span: span(&generator))
  }

  private static func search(from start: Int, to end: Int, _ span: DaySpan, _ lines: [Line]) -> Bool {
    var search = ReportingSearch(from: "p\(start)", to: "p\(end)", during: span)
    while let person = search.next() {
      search.take(lines.filter { "p\($0.from)" == person }.map { .init(to: "p\($0.to)", span: $0.span) })
    }
    return search.isFound
  }

  /// Whether on a single day lines lead there.
  private static func leads(from start: Int, to end: Int, on day: Int, _ lines: [Line]) -> Bool {
    var reached: Set<Int> = [start]
    for _ in 0..<people {
      for line in lines where reached.contains(line.from) && holds(line.span, on: day) {
        reached.insert(line.to)
      }
    }
    return lines.contains { $0.to == end && reached.contains($0.from) && holds($0.span, on: day) }
  }

  private static func holds(_ span: DaySpan, on number: Int) -> Bool {
    !span.shared(with: DaySpan(from: day(number), to: day(number + 1))).isEmpty
  }

  @Test func linesMakeACircleExactlyWhereTheyDoOnSomeDay() {
    for round in 0..<Self.rounds {
      var generator = SeededGenerator(seed: Self.seed &+ UInt64(round))
      let lines = (0..<Int.random(in: 0...9, using: &generator)).map { _ in Self.line(&generator) }
      let asked = Self.line(&generator)
      // Days before and after all that are told count too.
      let plain = (0...7).contains { day in
        Self.holds(asked.span, on: day) && Self.leads(from: asked.to, to: asked.from, on: day, lines)
      }
      #expect(
        Self.search(from: asked.to, to: asked.from, asked.span, lines) == plain,
        "seed \(Self.seed) round \(round)")
    }
  }

  @Test func aCircleThatIsThereAlreadyDoesNotKeepTheSearchGoing() {
    let lines = [Line(from: 0, to: 1, span: DaySpan()), Line(from: 1, to: 0, span: DaySpan())]
    #expect(!Self.search(from: 0, to: 4, DaySpan(), lines))
  }

  @Test func spansShareTheDaysThatBothHave() {
    let spring = DaySpan(from: "2026-03-01", to: "2026-06-01")
    #expect(spring.shared(with: DaySpan()) == spring)
    #expect(spring.shared(with: DaySpan(from: "2026-06-01")).isEmpty)
    #expect(DaySpan().contains(spring) && !spring.contains(DaySpan()))
    #expect(spring.contains(DaySpan(from: "2026-04-01", to: "2026-05-01")))
  }
}
