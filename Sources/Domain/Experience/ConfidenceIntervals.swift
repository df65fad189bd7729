/// What a true value lies between with 95% confidence.
public struct Interval: Sendable, Hashable {
  /// How it was computed.
  public enum Method: Sendable, Hashable {
    case multinomialWald, adjustedWald, wilson, studentT
  }

  public var low: Double
  public var high: Double
  public var method: Method

  public init(low: Double, high: Double, method: Method) {
    self.low = low
    self.high = high
    self.method = method
  }

  /// Whether a value lies within, the bounds included.
  public func contains(_ value: Double) -> Bool { low <= value && value <= high }
}

/// Confidence intervals by their published formulas. All at 95%, the level that surveys are read at.
public enum ConfidenceIntervals {
  /// The normal distribution's 0.975 quantile.
  static let z = 1.959963984540054

  /// Fewer answers than this are a small sample: the rule of thumb under which the normal approximation of a mean is
  /// not relied on.
  public static let smallSample = 30

  /// Fewer than this of promoters or of detractors, and the normal approximation fails too (the "n·p ≥ 5" rule).
  static let smallClass = 5

  /// Of a Net Promoter Score, in points (-100 to 100).
  ///
  /// With shares p of promoters and d of detractors among n answers the score is 100·(p − d), and its variance that of
  /// a multinomial difference: (p + d − (p − d)²) / n. For small samples the adjusted Wald interval is used: 3 answers
  /// are added, ¾ of them promoters and ¾ detractors, which keeps its promise down to a handful of answers
  /// (B. Rocks, "Interval Estimation for the Net Promoter Score", The American Statistician 70, 2016). It lies around
  /// the score of the answers with the added ones; for a single answer it would leave out the score itself, which no
  /// reader could make sense of, and is widened up to it.
  ///
  /// - Returns: nil without an answer.
  public static func netPromoter(promoters: Int, detractors: Int, of responses: Int) -> Interval? {
    guard responses > 0 else { return nil }
    let isSmall = responses < smallSample || min(promoters, detractors) < smallClass
    let added = isSmall ? 3.0 : 0
    let count = Double(responses) + added
    let up = (Double(promoters) + added / 4) / count
    let down = (Double(detractors) + added / 4) / count
    let margin = z * (max(0, up + down - (up - down) * (up - down)) / count).squareRoot()
    let score = 100 * (Double(promoters) - Double(detractors)) / Double(responses)
    return Interval(
      low: max(-100, min(score, 100 * (up - down - margin))),
      high: min(100, max(score, 100 * (up - down + margin))),
      method: isSmall ? .adjustedWald : .multinomialWald)
  }

  /// Wilson's score interval of a share, 0 to 1 (E. B. Wilson, JASA 22, 1927; method 3 of R. G. Newcombe, "Two-sided
  /// confidence intervals for the single proportion", Statistics in Medicine 17, 1998).
  ///
  /// - Returns: nil without an answer.
  public static func wilson(_ favourable: Int, of responses: Int) -> Interval? {
    guard responses > 0 else { return nil }
    let count = Double(responses)
    let share = Double(favourable) / count
    let squared = z * z
    let middle = (share + squared / (2 * count)) / (1 + squared / count)
    let margin =
      z / (1 + squared / count)
      * (share * (1 - share) / count + squared / (4 * count * count)).squareRoot()
    return Interval(low: max(0, middle - margin), high: min(1, middle + margin), method: .wilson)
  }

  /// Of a mean, by Student's t.
  ///
  /// - Parameters:
  ///   - mean: of the sample.
  ///   - squares: the sum of squared distances from the mean.
  ///   - count: how many values.
  /// - Returns: nil for fewer than two values: one value tells nothing of how values differ.
  public static func mean(_ mean: Double, squares: Double, count: Int) -> Interval? {
    guard count > 1 else { return nil }
    let error = (max(0, squares) / Double(count - 1) / Double(count)).squareRoot()
    let margin = StudentT.quantile975(degreesOfFreedom: count - 1) * error
    return Interval(low: mean - margin, high: mean + margin, method: .studentT)
  }
}
