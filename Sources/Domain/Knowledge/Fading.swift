import Glibc

/// How knowledge loses its worth with time: a half after each half-life.
public enum Fading {
  /// Seconds of a day.
  public static let secondsPerDay: Int64 = 86_400

  /// How much is left.
  ///
  /// - Parameters:
  ///   - observed: seconds since 1970 when it was last known to be so. A moment to come counts as now.
  ///   - halfLifeDays: days until half is left; less than one day counts as one.
  ///   - now: seconds since 1970; the moment asked about, not necessarily today.
  /// - Returns: 0 … 1; 1 for what was seen this moment.
  public static func freshness(observed: Int64, halfLifeDays: Double, at now: Int64) -> Double {
    let age = days(from: observed, to: now)
    guard age > 0 else { return 1 }
    return exp2(-age / max(1, halfLifeDays))
  }

  /// Days from one moment to another, both in seconds since 1970; negative where the second is the earlier.
  public static func days(from: Int64, to: Int64) -> Double {
    (Double(to) - Double(from)) / Double(secondsPerDay)
  }
}
