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
    (1, 12.706), (2, 4.303), (3, 3.182), (4, 2.776), (5, 2.571), (10, 2.228), (29, 2.045), (30, 2.042), (60, 2.000),
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
