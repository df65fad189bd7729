import Domain
import Testing

/// How often a customer and we are in touch.
@Suite struct ContactRhythmTests {
  static let day: Int64 = 86_400

  @Test func daysAreCountedAndNotInteractions() {
    let rhythm = ContactRhythm(times: [0, 60, 120, 7 * Self.day, 7 * Self.day + 60], at: 10 * Self.day)
    #expect(rhythm.days == 2 && rhythm.medianGapDays == 7 && rhythm.longestGapDays == 7 && rhythm.silentDays == 3)
  }

  @Test func theMedianOfAnEvenNumberOfGapsLiesBetweenTheMiddleTwo() {
    let rhythm = ContactRhythm(times: [0, 1, 4, 20, 21].map { $0 * Self.day }, at: 40 * Self.day)
    #expect(rhythm.medianGapDays == 2 && rhythm.silentDays == 19 && rhythm.silence == 9.5)
  }

  @Test func whatIsStillToComeIsNoTouch() {
    let rhythm = ContactRhythm(times: [0, 5 * Self.day], at: 3 * Self.day)
    #expect(rhythm.days == 1 && rhythm.medianGapDays == nil && rhythm.silentDays == 3 && rhythm.silence == nil)
  }

  @Test func anAccountThatWasNeverTouchedHasNoRhythm() {
    #expect(ContactRhythm(times: [], at: 0) == ContactRhythm(times: [Self.day], at: 0))
    #expect(ContactRhythm(times: [], at: 0).silentDays == nil)
  }

  @Test(arguments: Array(UInt64(1)...100)) func theOrderInWhichTouchesAreToldDoesNotMatter(seed: UInt64) {
    var chance = Chance(seed: seed)
    let times = (0..<50).map { _ in Int64.random(in: -1_000_000_000...1_000_000_000, using: &chance) }
    let now: Int64 = 1_000_000_000
    #expect(ContactRhythm(times: times, at: now) == ContactRhythm(times: times.shuffled(using: &chance), at: now))
  }
}
