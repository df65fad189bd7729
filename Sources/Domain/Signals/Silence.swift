/// Silence beyond a customer's own rhythm.
///
/// The usual gap is the median of the gaps between days on which something was heard; more than one interaction on a
/// day count once. It is silence when nothing was heard for ``patience`` usual gaps, and at least ``leastDays``:
/// a weekly customer is silent after three weeks, a yearly one after three years.
public enum Silence {
  /// So many usual gaps pass before it is silence.
  public static let patience = 3.0
  /// A holiday is no silence.
  public static let leastDays = 14.0
  /// With fewer gaps there is no rhythm to speak of.
  public static let leastGaps = 4

  /// A silence found.
  public struct Found: Sendable, Hashable {
    /// When something was heard last, seconds since 1970.
    public var last: Int64
    /// Days since then.
    public var days: Double
    /// Days usual between two.
    public var usualDays: Double
    /// Days after which it is silence.
    public var limitDays: Double
  }

  /// - Parameters:
  ///   - moments: when something was heard, seconds since 1970, in any order; those after `now` do not count.
  ///   - now: the moment asked about.
  /// - Returns: nil where it is not silent, or has no rhythm.
  public static func found(_ moments: [Int64], at now: Int64) -> Found? {
    let past = moments.filter { $0 <= now }
    let days = Set(past.map { Today($0).number }).sorted()
    guard let last = past.max(), let rhythm = usualDays(days) else { return nil }
    let silent = Fading.days(from: last, to: now)
    let limit = max(leastDays, patience * rhythm)
    guard silent > limit else { return nil }
    return Found(last: last, days: silent, usualDays: rhythm, limitDays: limit)
  }

  /// The median gap; nil where there are too few.
  private static func usualDays(_ days: [Int]) -> Double? {
    let gaps = zip(days.dropFirst(), days).map { $0 - $1 }.sorted()
    guard gaps.count >= leastGaps else { return nil }
    let middle = gaps.count / 2
    return gaps.count.isMultiple(of: 2) ? Double(gaps[middle - 1] + gaps[middle]) / 2 : Double(gaps[middle])
  }
}

/// A tone that turned.
///
/// The latest ``window`` sentiments beside those before them: it turned where their means lie on different sides of
/// zero, and at least ``leastTurn`` apart.
public enum Tone {
  /// So many make a tone; one bad day does not.
  public static let window = 3
  /// On a scale from −1 to 1.
  public static let leastTurn = 0.5

  /// A turn found.
  public struct Turn: Sendable, Hashable {
    /// Mean before, −1 … 1.
    public var before: Double
    /// Mean of the latest, −1 … 1.
    public var after: Double
    /// Whether it got worse.
    public var isWorse: Bool { after < before }
  }

  /// - Parameter sentiments: when (seconds since 1970) and how (−1 … 1), in any order.
  public static func turn(_ sentiments: [(moment: Int64, value: Double)]) -> Turn? {
    let ordered = sentiments.sorted { ($0.moment, $0.value) < ($1.moment, $1.value) }.map {
      min(max($0.value, -1), 1)
    }
    guard ordered.count >= 2 * window else { return nil }
    let latest = ordered.suffix(window)
    let earlier = ordered.dropLast(window).suffix(2 * window)
    let before = earlier.reduce(0, +) / Double(earlier.count)
    let after = latest.reduce(0, +) / Double(latest.count)
    guard before * after < 0, abs(after - before) >= leastTurn else { return nil }
    return Turn(before: before, after: after)
  }
}
