import Foundation
import Testing

@testable import Domain

/// Intervals against values that others published.
@Suite struct ConfidenceIntervalTests {
  /// "How can I calculate margin of error in a NPS result?", Cross Validated 18603: half promoters, a third passives, a
  /// sixth detractors have a variance of 5/9, and with 324 answers a standard error of 4.1%.
  @Test func theNetPromoterIntervalIsThePublishedOne() throws {
    let interval = try #require(ConfidenceIntervals.netPromoter(promoters: 162, detractors: 54, of: 324))
    let standardError = (interval.high - interval.low) / 2 / ConfidenceIntervals.z
    #expect(interval.method == .multinomialWald)
    #expect(abs(standardError - 4.1) < 0.05)
    #expect(abs(standardError - 100 * (5.0 / 9 / 324).squareRoot()) < 1e-9)
    #expect(abs((interval.high + interval.low) / 2 - 100.0 / 3) < 1e-9)
  }

  /// The adjusted Wald interval of Rocks (2016), as MeasuringU describes it: n + 3, and ¾ on promoters and detractors.
  @Test func aSmallSampleGetsTheAdjustedInterval() throws {
    let interval = try #require(ConfidenceIntervals.netPromoter(promoters: 7, detractors: 1, of: 9))
    let up = 7.75 / 12
    let down = 1.75 / 12
    let margin = 1.96 * ((up + down - (up - down) * (up - down)) / 12).squareRoot()
    #expect(interval.method == .adjustedWald)
    #expect(abs(interval.low - 100 * (up - down - margin)) < 0.01)
    #expect(abs(interval.high - 100 * (up - down + margin)) < 0.01)
  }

  /// "Net Promoter Score - Calculating Confidence Intervals and Margin of Error", talkstats.com 58500: 291 promoters and
  /// 395 detractors of 1162 are an NPS of -9, give or take 4.4.
  @Test func anotherPublishedNetPromoterIntervalIsFoundToo() throws {
    let interval = try #require(ConfidenceIntervals.netPromoter(promoters: 291, detractors: 395, of: 1162))
    #expect(abs((interval.high + interval.low) / 2 - -9) < 0.1)
    #expect(abs((interval.high - interval.low) / 2 - 4.4) < 0.05)
  }

  /// Not by a formula but by its promise: over all samples that can be drawn, how often the interval holds the true score.
  /// Rocks (2016) found the adjusted interval to keep it best for small samples.
  @Test(arguments: [5, 10, 20, 40])
  func ofAHundredNetPromoterIntervalsNinetyFiveHoldTheTrueScore(_ size: Int) {
    var coverages: [Double] = []
    for up in 1...8 {
      for down in 1...(9 - up) {
        coverages.append(Self.coverage(promoters: Double(up) / 10, detractors: Double(down) / 10, of: size))
      }
    }
    let mean = coverages.reduce(0, +) / Double(coverages.count)
    #expect((0.94...0.96).contains(mean), "\(mean)")
    #expect(coverages.allSatisfy { $0 > 0.92 }, "\(coverages.min() ?? 0)")
  }

  /// How probable it is that a sample's interval holds the score of a company with these shares.
  private static func coverage(promoters up: Double, detractors down: Double, of size: Int) -> Double {
    let score = 100 * (up - down)
    var coverage = 0.0
    for promoters in 0...size {
      for detractors in 0...(size - promoters) {
        let interval = ConfidenceIntervals.netPromoter(
          promoters: promoters, detractors: detractors, of: size)
        guard interval?.contains(score) == true else { continue }
        let sample = [promoters, detractors, size - promoters - detractors]
        coverage += probability(of: sample, [up, down, 1 - up - down])
      }
    }
    return coverage
  }

  /// The multinomial distribution.
  private static func probability(of counts: [Int], _ shares: [Double]) -> Double {
    var logarithm = logFactorial(counts.reduce(0, +))
    for (count, share) in zip(counts, shares) {
      logarithm += Double(count) * log(share) - logFactorial(count)
    }
    return exp(logarithm)
  }

  private static func logFactorial(_ number: Int) -> Double {
    stride(from: 1, through: number, by: 1).reduce(0) { $0 + log(Double($1)) }
  }

  @Test func noNetPromoterIntervalLeavesItsOwnScoreOut() {
    for responses in 1...40 {
      for promoters in 0...responses {
        for detractors in 0...(responses - promoters) {
          let score = 100 * Double(promoters - detractors) / Double(responses)
          let interval = ConfidenceIntervals.netPromoter(
            promoters: promoters, detractors: detractors, of: responses)
          #expect(interval?.contains(score) == true, "\(promoters), \(detractors) of \(responses)")
        }
      }
    }
  }

  @Test func allPromotersOfAFewAreNotCertainty() throws {
    let interval = try #require(ConfidenceIntervals.netPromoter(promoters: 5, detractors: 0, of: 5))
    #expect(interval.low < 90 && interval.high == 100)
  }

  /// Method 3 in table I of R. G. Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in
  /// Medicine 17 (1998), 857–872.
  @Test(arguments: [
    (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0000, 0.1611), (1, 29, 0.0061, 0.1718),
  ])
  func wilsonsIntervalIsThePublishedOne(_ hits: Int, _ count: Int, _ low: Double, _ high: Double) throws {
    let interval = try #require(ConfidenceIntervals.wilson(hits, of: count))
    #expect(abs(interval.low - low) < 0.00005 + 1e-9)
    #expect(abs(interval.high - high) < 0.00005 + 1e-9)
  }

  /// The usual table of Student's t, two-sided 95%.
  @Test(arguments: [
    (1, 12.706), (2, 4.303), (3, 3.182), (4, 2.776), (5, 2.571), (10, 2.228), (29, 2.045), (30, 2.042),
    (60, 2.000),
    (120, 1.980), (1_000, 1.962), (100_000, 1.960),
  ])
  func studentsQuantilesAreThoseOfTheTable(_ degrees: Int, _ quantile: Double) {
    #expect(abs(StudentT.quantile975(degreesOfFreedom: degrees) - quantile) < 0.0006)
  }

  /// NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.5.2: 195 values, mean 9.261460, deviation 0.02278881.
  @Test func theIntervalOfAMeanIsThePublishedOne() throws {
    let interval = try #require(
      ConfidenceIntervals.mean(9.261460, squares: 0.02278881 * 0.02278881 * 194, count: 195))
    #expect(abs(interval.low - 9.258242) < 0.000002)
    #expect(abs(interval.high - 9.264679) < 0.000002)
  }

  @Test func nothingIsSaidOfNothing() {
    #expect(ConfidenceIntervals.netPromoter(promoters: 0, detractors: 0, of: 0) == nil)
    #expect(ConfidenceIntervals.wilson(0, of: 0) == nil)
    #expect(ConfidenceIntervals.mean(4, squares: 0, count: 1) == nil)
  }
}
