/// How often a customer and we are in touch, and for how long it has been silent.
///
/// Days are counted, not interactions: ten e-mails of one morning are one touch.
public struct ContactRhythm: Sendable, Hashable {
  /// How many days (UTC) had a touch.
  public var days: Int
  /// The median of the days from one touch to the next; nil where there are fewer than two.
  public var medianGapDays: Double?
  /// The longest such gap.
  public var longestGapDays: Int?
  /// Days from the last touch to the day asked about; nil where there was none.
  public var silentDays: Int?

  /// How many times the usual gap the silence lasts; nil where there is no usual gap.
  public var silence: Double? {
    guard let silentDays, let medianGapDays, medianGapDays > 0 else { return nil }
    return Double(silentDays) / medianGapDays
  }

  private static let secondsADay: Int64 = 86_400

  /// The rhythm of touches.
  ///
  /// - Parameters:
  ///   - times: in seconds since 1970, in any order; those after `now` are left out.
  ///   - now: the moment asked about, in seconds since 1970.
  public init(times: some Sequence<Int64>, at now: Int64) {
    let days = Set(times.filter { $0 <= now }.map(Self.day)).sorted()
    let gaps = zip(days, days.dropFirst()).map { Int(clamping: $1 - $0) }.sorted()
    self.days = days.count
    medianGapDays = Self.median(gaps)
    longestGapDays = gaps.last
    silentDays = days.last.map { Int(clamping: Self.day(now) - $0) }
  }

  /// The day of a moment, counted from 1970; the day before 1970 is -1.
  private static func day(_ time: Int64) -> Int64 {
    let (days, rest) = time.quotientAndRemainder(dividingBy: secondsADay)
    return rest < 0 ? days - 1 : days
  }

  private static func median(_ sorted: [Int]) -> Double? {
    guard !sorted.isEmpty else { return nil }
    let middle = sorted.count / 2
    return sorted.count.isMultiple(of: 2)
      ? (Double(sorted[middle - 1]) + Double(sorted[middle])) / 2 : Double(sorted[middle])
  }
}
