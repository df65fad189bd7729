import PunosMessages
import Testing

@testable import Domain

@Suite struct ExperienceGapTests {
  static func gap(_ answers: [FeedbackAnswer]) -> GapTally {
    var tally = GapTally()
    for answer in answers { tally.add(answer) }
    return tally
  }

  /// The worked example of docs/experience.md.
  @Test func theWorkedExampleIsTrue() throws {
    let tally = Self.gap([
      ExperienceScoreTests.answer(6, 9, record: "a"),
      ExperienceScoreTests.answer(4, 9, record: "b"),
      ExperienceScoreTests.answer(4, 5, measure: .csat, record: "c"),
      ExperienceScoreTests.answer(10, record: "d"),
    ])
    #expect(tally.responses == 4 && tally.compared == 3)
    #expect(abs((tally.gap ?? 0) - (-0.3 - 0.5 - 0.25) / 3) < 1e-12)
    #expect(tally.worst.map(\.record) == ["b", "a", "c"])
    let interval = try #require(tally.interval)
    #expect(abs(interval.low - -0.6788) < 0.0005 && abs(interval.high - -0.0212) < 0.0005)
    #expect(
      ExperienceSentences(.english).sentence(GapPlace(touchpoint: "installation", stage: "delivery"), tally)
        .hasPrefix("installation, delivery: we disappoint"))
  }

  @Test func measuresAreBroughtToOneScale() {
    #expect(Self.gap([ExperienceScoreTests.answer(1, 5, measure: .csat)]).gap == -1)
    #expect(Self.gap([ExperienceScoreTests.answer(1, 7, measure: .ces)]).gap == -1)
    #expect(Self.gap([ExperienceScoreTests.answer(10, 0)]).gap == 1)
  }

  @Test func answersWithoutAnExpectationWidenNoGap() {
    let tally = Self.gap([ExperienceScoreTests.answer(2), ExperienceScoreTests.answer(nil, measure: .text)])
    #expect(tally.responses == 1 && tally.gap == nil && tally.interval == nil && tally.worst.isEmpty)
  }

  @Test func aGapIsBoundedMonotoneAndHeedsNoOrder() {
    for seed in UInt64(1)...300 {
      var random = SeededGenerator(seed: seed)
      var answers = (0..<Int.random(in: 1...30, using: &random)).map { index in
        let measure = Feedback.Measure.scored.randomElement(using: &random) ?? .nps
        let scale = measure.scale ?? 0...10
        return ExperienceScoreTests.answer(
          Int32.random(in: scale, using: &random), Int32.random(in: scale, using: &random), measure: measure,
          record: "r\(index)")
      }
      let tally = Self.gap(answers)
      let gap = tally.gap ?? .nan
      #expect((-1...1).contains(gap), "seed \(seed)")
      #expect(tally.interval.map { $0.contains(gap) } ?? true, "seed \(seed)")
      #expect(Self.gap(answers.shuffled(using: &random)) == tally, "seed \(seed): order tells")
      let place = Int.random(in: answers.indices, using: &random)
      let best = answers[place].measure.scale?.upperBound ?? 10
      answers[place].score = best
      #expect((Self.gap(answers).gap ?? .nan) >= gap, "seed \(seed): a better answer widened the gap")
    }
  }

  @Test func promisesAreCountedByWhatBecameOfThem() {
    var tally = PromiseTally()
    func promise(_ name: String, _ status: Commitment.Status, due: String, direction: Commitment.Direction = .ours) {
      var commitment = Commitment()
      commitment.name = name
      commitment.status = status
      commitment.dueDate = due
      commitment.direction = direction
      tally.add(commitment, on: "2026-06-01")
    }
    promise("kept", .kept, due: "2026-01-01")
    promise("broken", .broken, due: "2026-02-01")
    promise("late", .open, due: "2026-05-31")
    promise("today", .open, due: "2026-06-01")
    promise("theirs", .broken, due: "2026-03-01", direction: .theirs)
    promise("withdrawn", .withdrawn, due: "2026-03-01")
    #expect((tally.kept, tally.broken, tally.open, tally.overdue) == (1, 1, 1, 1))
    #expect(tally.records == ["today", "late", "broken", "kept"])
  }
}
