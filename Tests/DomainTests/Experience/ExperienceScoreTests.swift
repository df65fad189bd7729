import PunosMessages
import Testing

@testable import Domain

@Suite struct ExperienceScoreTests {
  static func tally(_ measure: Feedback.Measure, _ scores: [Int32]) -> ScoreTally {
    var tally = ScoreTally(measure)
    for score in scores { tally.add(score) }
    return tally
  }

  static func answer(
    _ score: Int32?, _ expected: Int32? = nil, measure: Feedback.Measure = .nps, at time: Int64 = 0,
    touchpoint: String = "", stage: String = "", segment: String = "", record: String = ""
  ) -> FeedbackAnswer {
    var feedback = Feedback()
    feedback.name = record
    feedback.measure = measure
    feedback.score = score
    feedback.expectedScore = expected
    feedback.touchpoint = touchpoint
    feedback.stage = stage
    feedback.segment = segment
    feedback.voice = segment.isEmpty ? .customer : .endCustomer
    var moment = ProtoTimestamp()
    moment.seconds = time
    feedback.time = moment
    return FeedbackAnswer(feedback)
  }

  @Test func ninesAndTensPromoteAndZeroToSixDetract() {
    let tally = Self.tally(.nps, [0, 6, 7, 8, 9, 10, 10, 10])
    #expect((tally.favourable, tally.neutral, tally.unfavourable) == (4, 2, 2))
    #expect(tally.score == 25)
  }

  @Test func satisfactionIsTheShareOfTheTwoBestAnswers() {
    let tally = Self.tally(.csat, [1, 2, 3, 4, 5])
    #expect(tally.score == 40)
    #expect(tally.interval?.method == .wilson)
  }

  @Test func effortIsTheMeanOfSevenDegrees() {
    let tally = Self.tally(.ces, [1, 4, 7, 6])
    #expect(tally.score == 4.5)
    #expect(tally.interval?.method == .studentT)
    #expect(Self.tally(.ces, [6]).interval == nil)
  }

  @Test func whatLiesOffTheScaleIsNoAnswer() {
    #expect(Self.tally(.csat, [0, 6, 4]).responses == 1)
    #expect(Self.answer(11).score == nil)
    #expect(Self.tally(.text, [3]).score == nil)
  }

  @Test func scoresLieWithinTheirBoundsWhateverTheAnswers() {
    for seed in UInt64(1)...300 {
      var random = SeededGenerator(seed: seed)
      for measure in Feedback.Measure.scored {
        guard let scale = measure.scale else { continue }
        let scores = (0..<Int.random(in: 1...80, using: &random)).map { _ in Int32.random(in: scale, using: &random) }
        let tally = Self.tally(measure, scores)
        let bounds: ClosedRange<Double> = measure == .nps ? -100...100 : measure == .csat ? 0...100 : 1...7
        let score = tally.score ?? .nan
        #expect(bounds.contains(score), "seed \(seed)")
        guard let interval = tally.interval else { continue }
        #expect(interval.low <= interval.high && bounds.contains(interval.low) && bounds.contains(interval.high), "seed \(seed)")
        // The adjusted interval is drawn towards 0; the others hold the score itself.
        if interval.method != .adjustedWald { #expect(interval.contains(score), "seed \(seed)") }
        #expect(Self.tally(measure, scores.shuffled(using: &random)) == tally, "seed \(seed): order tells")
      }
    }
  }

  @Test func aBetterAnswerNeverLowersAScore() {
    for seed in UInt64(1)...300 {
      var random = SeededGenerator(seed: seed)
      for measure in Feedback.Measure.scored {
        guard let scale = measure.scale else { continue }
        var scores = (0..<Int.random(in: 1...40, using: &random)).map { _ in Int32.random(in: scale, using: &random) }
        let before = Self.tally(measure, scores).score ?? .nan
        let place = Int.random(in: scores.indices, using: &random)
        scores[place] = Int32.random(in: scores[place]...scale.upperBound, using: &random)
        #expect((Self.tally(measure, scores).score ?? .nan) >= before, "seed \(seed)")
      }
    }
  }

  @Test func moreAnswersOfTheSameKindMakeItSurer() {
    var last = Double.infinity
    for copies in [10, 20, 40, 80, 160] {
      let tally = Self.tally(.nps, Array(repeating: [10, 9, 8, 7, 3], count: copies).flatMap { $0 })
      let interval = tally.interval
      let width = (interval?.high ?? 0) - (interval?.low ?? 0)
      #expect(width < last)
      last = width
    }
  }

  @Test func aSmallSampleSaysSo() {
    let few = Self.tally(.nps, [10, 9, 3])
    #expect(few.isSmall)
    #expect(ExperienceSentences(.english).sentence(few).contains("small sample"))
    #expect(ExperienceSentences(.finnish).sentence(few).contains("Pieni otos"))
    let many = Self.tally(.nps, Array(repeating: 9, count: 30))
    #expect(!many.isSmall)
    #expect(!ExperienceSentences(.english).sentence(many).contains("small"))
  }

  @Test func aChangeThatCouldBeChanceIsNotCalledOne() throws {
    let before = Self.tally(.nps, Array(repeating: [10, 8, 3], count: 20).flatMap { $0 })
    let alike = Self.tally(.nps, Array(repeating: [10, 8, 3], count: 20).flatMap { $0 } + [10, 10])
    let better = Self.tally(.nps, Array(repeating: [10, 10, 8], count: 20).flatMap { $0 })
    #expect(try #require(ScoreChange(from: before, to: alike)).direction == .unclear)
    #expect(try #require(ScoreChange(from: before, to: better)).direction == .rising)
    #expect(try #require(ScoreChange(from: better, to: before)).direction == .falling)
    #expect(try #require(ScoreChange(from: before, to: Self.tally(.nps, [10]))).direction == .unknown)
    #expect(ScoreChange(from: before, to: ScoreTally(.nps)) == nil)
  }

  @Test func theCustomersOwnCustomersAreKeptApart() throws {
    var tallies = ExperienceTallies(period: 0..<100, step: .quarter)
    tallies.add(Self.answer(10, at: 50), account: "accounts/a")
    tallies.add(Self.answer(0, at: 50, segment: "accounts/a/endCustomerSegments/s"), account: "accounts/a")
    tallies.add(Self.answer(0, at: 100), account: "accounts/a")
    tallies.add(Self.answer(3, at: -1), account: "accounts/a")
    #expect(tallies.scores.experienced[.nps]?.score == 100)
    #expect(tallies.earlier.experienced[.nps]?.responses == 1)
    let place = SegmentPlace(account: "accounts/a", segment: "accounts/a/endCustomerSegments/s")
    #expect(tallies.segments[place]?.experienced[.nps]?.score == -100)
  }

  @Test func aStepIsAMonthAQuarterOrAYearOfTheCalendar() {
    let december = 1_798_675_200 as Int64  // 2026-12-31T00:00:00Z
    #expect(CalendarStep.month.range(around: december) == 1_796_083_200..<1_798_761_600)
    #expect(CalendarStep.quarter.range(around: december) == 1_790_812_800..<1_798_761_600)
    #expect(CalendarStep.year.range(around: december) == 1_767_225_600..<1_798_761_600)
    #expect(CalendarStep.month.range(around: -1) == -2_678_400..<0)
    #expect(CalendarStep.year.range(around: .max) == nil)
    #expect(CalendarStep.year.range(around: .min) == nil)
  }
}
