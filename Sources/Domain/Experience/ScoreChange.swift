/// A score against the one of the period before.
public struct ScoreChange: Sendable, Hashable {
  /// Where a score goes.
  public enum Direction: Sendable, Hashable {
    /// Too few answers to compare.
    case unknown
    case rising, falling
    /// No change that could not be chance.
    case unclear
  }

  /// After less before.
  public var difference: Double
  /// What the true difference lies between; nil where it cannot be said.
  public var interval: Interval?
  public var direction: Direction

  /// Compares two samples that know nothing of each other: the variance of the difference is the sum of the
  /// variances, and the difference is taken for real where its interval does not hold 0.
  ///
  /// - Returns: nil where one of the two has no answer, or they measure different things.
  public init?(from before: ScoreTally, to after: ScoreTally) {
    guard before.measure == after.measure, let then = before.score, let now = after.score else { return nil }
    difference = now - then
    guard !before.isSmall, !after.isSmall, let errorThen = before.standardError, let errorNow = after.standardError
    else {
      direction = .unknown
      return
    }
    let margin = ConfidenceIntervals.z * (errorThen * errorThen + errorNow * errorNow).squareRoot()
    let interval = Interval(low: difference - margin, high: difference + margin, method: .multinomialWald)
    self.interval = interval
    direction = interval.contains(0) ? .unclear : difference > 0 ? .rising : .falling
  }
}
