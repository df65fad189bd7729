import PunosMessages

/// Silence beyond a customer's own rhythm (``ContactRhythm``).
///
/// It is silence when nothing was heard for ``patience`` usual gaps, and longer than ``leastDays``: a weekly customer is
/// silent after three weeks, a yearly one after three years.
public enum Silence {
  /// So many usual gaps pass before it is silence.
  public static let patience = 3.0
  /// A holiday is no silence.
  public static let leastDays = 14.0
  /// With fewer gaps there is no rhythm to speak of.
  public static let leastGaps = 4

  /// A silence found.
  public struct Found: Sendable, Hashable {
    /// The day on which something was heard last, YYYY-MM-DD.
    public var lastDay: String
    /// Days since then.
    public var days: Int
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
    let rhythm = ContactRhythm(times: moments, at: now)
    guard rhythm.days > leastGaps, let usual = rhythm.medianGapDays, let silent = rhythm.silentDays,
      let last = moments.filter({ $0 <= now }).max()
    else { return nil }
    let limit = max(leastDays, patience * usual)
    guard Double(silent) > limit else { return nil }
    return Found(lastDay: Today(last).text, days: silent, usualDays: usual, limitDays: limit)
  }

  /// The same as a signal of an account.
  public static func signal(of account: String, _ moments: [Int64], at now: Int64) -> FoundSignal? {
    guard let found = found(moments, at: now) else { return nil }
    return FoundSignal(
      kind: .silence, severity: .notice, title: "Nothing heard since \(found.lastDay)",
      explanation:
        "Usually something passes every \(whole(found.usualDays)) days; \(found.days) have gone by. "
        + "Call before somebody else does.",
      evidence: [account], dedupKey: "silence:\(account):\(found.lastDay)")
  }

  private static func whole(_ days: Double) -> Int { max(1, Int(days.rounded())) }
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
    /// Until when the tone was still as before, seconds since 1970. It names the turn: what comes after in the new
    /// tone does not change it, however long that lasts.
    public var asBeforeUntil: Int64
    /// Mean before, −1 … 1.
    public var before: Double
    /// Mean of the latest, −1 … 1.
    public var after: Double
    /// Whether it got worse.
    public var isWorse: Bool { after < before }
  }

  /// - Parameter sentiments: when (seconds since 1970) and how (−1 … 1), in any order.
  public static func turn(_ sentiments: [(moment: Int64, value: Double)]) -> Turn? {
    let sorted = sentiments.sorted { ($0.moment, $0.value) < ($1.moment, $1.value) }
    let ordered = sorted.map { min(max($0.value, -1), 1) }
    guard ordered.count >= 2 * window else { return nil }
    let before = mean(ordered.dropLast(window).suffix(2 * window))
    let after = mean(ordered.suffix(window))
    guard before * after < 0, abs(after - before) >= leastTurn else { return nil }
    // The last window that was still on the former side; of a short history, its beginning.
    let ends = (window - 1..<ordered.count).reversed()
    let last = ends.first { mean(ordered[($0 - window + 1)...$0]) * before > 0 } ?? 0
    return Turn(asBeforeUntil: sorted[last].moment, before: before, after: after)
  }

  private static func mean(_ values: ArraySlice<Double>) -> Double {
    values.reduce(0, +) / Double(max(1, values.count))
  }

  /// The same as a signal of an account: one for each turn.
  public static func signal(
    of account: String, _ sentiments: [(moment: Int64, value: Double)], evidence: String
  ) -> FoundSignal? {
    guard let turn = turn(sentiments) else { return nil }
    let words = turn.isWorse ? "worse" : "better"
    return FoundSignal(
      kind: .sentimentTurned, severity: turn.isWorse ? .warning : .info,
      title: "The tone turned for the \(words)",
      explanation: turn.isWorse
        ? "The latest interactions felt bad after good ones. Ask what happened, and tell whoever can mend it."
        : "The latest interactions felt good after bad ones. Find out what helped, and keep doing it.",
      evidence: [evidence], dedupKey: "tone:\(account):\(words):\(turn.asBeforeUntil)")
  }
}
