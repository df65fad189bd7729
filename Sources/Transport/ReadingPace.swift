internal import NIOCore

/// How fast a stream's reader takes what waits for it.
struct ReadingPace {
  /// When bytes last left.
  private var lastSent: NIODeadline
  /// Since when ``taken`` is counted.
  private var measuredSince: NIODeadline
  private var taken = 0

  init(_ now: NIODeadline) {
    lastSent = now
    measuredSince = now
  }

  /// Bytes begin to wait where none did.
  mutating func begin(_ now: NIODeadline) { self = ReadingPace(now) }

  /// Bytes have left.
  mutating func sent(_ bytes: Int, at now: NIODeadline) {
    lastSent = now
    taken += bytes
  }

  /// Whether the reader takes nothing, or too little to be there for the answer's sake.
  ///
  /// - Parameters:
  ///   - limit: how long it may take nothing, and what the pace is measured over.
  ///   - least: bytes a second.
  ///   - connectionIsSlow: whether the socket takes nothing now: then it, and not this reader, sets the pace.
  mutating func isStalled(
    _ now: NIODeadline, within limit: TimeAmount, least: Int, connectionIsSlow: Bool
  ) -> Bool {
    if now - lastSent > limit { return true }
    guard now - measuredSince > limit else { return false }
    let expected = Double(least) * Double(limit.nanoseconds) / 1e9
    let isSlow = Double(taken) < expected
    measuredSince = now
    taken = 0
    return isSlow && !connectionIsSlow
  }
}
