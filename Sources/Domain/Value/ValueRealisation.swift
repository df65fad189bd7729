public import PunosMessages

/// How much of a promise has come true.
public struct ValueRealisation: Sendable, Hashable {
  /// What became of a promise.
  public enum Outcome: Sendable, Hashable {
    case noPromise, notMeasured, onTheWay, realised, missed
  }

  /// What a measurement shows.
  public struct Point: Sendable, Hashable {
    /// YYYY-MM-DD.
    public var date: String
    public var value: Double
    /// Of the way from the baseline to the promise: below 0 it got worse, over 100 better than promised.
    public var percent: Double
    /// Who or what says so.
    public var source: String
  }

  /// In order of days.
  public var points: [Point]
  public var outcome: Outcome

  /// - Parameters:
  ///   - driver: a value driver.
  ///   - date: the day asked about, YYYY-MM-DD; what was measured later does not count.
  public init(_ driver: ValueDriver, on date: String) {
    points = []
    guard let promised = driver.promised, let target = promised.value, let start = driver.baseline?.value,
      target.isFinite, start.isFinite, target != start
    else {
      outcome = .noPromise
      return
    }
    points = driver.realised.compactMap { measurement in
      guard let value = measurement.value, value.isFinite, measurement.date <= date else { return nil }
      let percent = 100 * ((value - start) / (target - start))
      guard percent.isFinite else { return nil }
      return Point(date: measurement.date, value: value, percent: percent, source: measurement.source)
    }
    .sorted { ($0.date, $0.value) < ($1.date, $1.value) }
    outcome = Self.outcome(points.last, due: promised.date, on: date)
  }

  /// The last measurement decides: what was reached once and lost again is not kept. One that comes with the day or
  /// after it decides for good; before the day a promise may still be kept.
  private static func outcome(_ last: Point?, due: String, on date: String) -> Outcome {
    guard let last else { return .notMeasured }
    if last.percent >= 100 - tolerance { return .realised }
    return date > due ? .missed : .onTheWay
  }

  /// In points of a hundred: what rounding alone can take away (0.3 − 0.2 is not 0.1 in binary).
  static let tolerance = 1e-6

  /// What the last measurement shows, in per cent.
  public var percent: Double? { points.last?.percent }
}
