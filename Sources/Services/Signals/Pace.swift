/// How fast work goes on that nobody waits for: calls come first.
///
/// What is left behind by a large import, or looked at once a day, is done in slices with a rest after each, so that it
/// takes a part of one processor at most. The rest is as long as the slice took, on the clock: where others need the
/// processors, slices take longer, and so do rests.
enum Pace {
  /// Rest for each slice, in slices: a quarter of the time is work.
  static let rest = 3.0
  /// A slice that was held up does not stop all work for long.
  static let longest = Duration.seconds(2)

  /// Rests after a slice.
  ///
  /// - Parameters:
  ///   - began: when the slice did.
  ///   - least: rest at least so long.
  static func rest(after began: ContinuousClock.Instant, least: Duration = .zero) async throws {
    let worked = began.duration(to: .now)
    try await Task.sleep(for: min(longest, max(least, worked * rest)))
  }
}
