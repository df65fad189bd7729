/// How long a client waits between attempts to connect: longer after each one that failed, and moved by chance, so that
/// the clients of a server that came back do not all come at once (gRPC's "connection backoff").
struct Backoff {
  /// What the pause grows by with each failed attempt.
  static let growth = 1.6
  /// How far chance moves it either way.
  static let jitter = 0.2

  /// The pause after a first failure.
  let first: Duration
  /// The longest pause before chance has moved it.
  let longest: Duration

  /// The pause after so many failures in a row, in seconds.
  ///
  /// - Parameters:
  ///   - failures: at least 1.
  ///   - chance: 0 ... 1, from the shortest to the longest that chance allows.
  func pause(after failures: Int, chance: Double) -> Double {
    var pause = Self.seconds(first)
    let longest = Self.seconds(longest)
    var step = 1
    while step < failures, pause < longest {
      pause *= Self.growth
      step += 1
    }
    return min(pause, longest) * (1 - Self.jitter + 2 * Self.jitter * chance)
  }

  private static func seconds(_ duration: Duration) -> Double {
    let (seconds, attoseconds) = duration.components
    return Double(seconds) + Double(attoseconds) * 1e-18
  }
}
