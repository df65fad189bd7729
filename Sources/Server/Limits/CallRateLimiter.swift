import PunosMessages
import RPC
import Services
import Synchronization

/// Holds each person or program to so many calls a second, so that one runaway script never takes the server from
/// everybody else. Calls without a principal (health, reflection) pass.
final class CallRateLimiter: ServerInterceptor {
  /// Seconds whose calls may come at once: a page that opens asks for everything it shows, and is quiet then.
  static let burstSeconds = 2.0
  /// Principals remembered; certificates are handed out one by one, so more is a mistake. The one that has been quiet
  /// longest is forgotten, and loses nothing by it.
  static let rememberedPrincipals = 10_000

  /// What a principal may still begin.
  private struct Bucket {
    var calls: Double
    var filledAt: ContinuousClock.Instant
  }

  private let perSecond: Double
  private let buckets = Mutex<[Principal: Bucket]>([:])

  /// - Parameter callsPerSecond: 1 or more.
  init(callsPerSecond: Int) { perSecond = Double(max(1, callsPerSecond)) }

  func callStarted(_ context: CallContext) throws {
    guard let principal = context.connection.kept(Principal.self) else { return }
    if let wait = take(principal, at: context.started) { throw Self.refusal(wait) }
  }

  /// Takes one call from a principal's share.
  ///
  /// - Returns: nil, or how long to wait before the next one.
  func take(_ principal: Principal, at now: ContinuousClock.Instant) -> Duration? {
    let most = max(1, perSecond * Self.burstSeconds)
    return buckets.withLock { buckets in
      if buckets[principal] == nil, buckets.count >= Self.rememberedPrincipals {
        Self.forgetQuietest(&buckets)
      }
      var bucket = buckets[principal] ?? Bucket(calls: most, filledAt: now)
      let quiet = max(.zero, bucket.filledAt.duration(to: now))
      bucket.calls = min(most, bucket.calls + quiet / .seconds(1) * perSecond)
      bucket.filledAt = max(bucket.filledAt, now)
      let wait: Duration? = bucket.calls >= 1 ? nil : .seconds((1 - bucket.calls) / perSecond)
      if wait == nil { bucket.calls -= 1 }
      buckets[principal] = bucket
      return wait
    }
  }

  private static func forgetQuietest(_ buckets: inout [Principal: Bucket]) {
    guard let quietest = buckets.min(by: { $0.value.filledAt < $1.value.filledAt }) else { return }
    buckets[quietest.key] = nil
  }

  /// RESOURCE_EXHAUSTED with the time to wait, for people and for machines.
  private static func refusal(_ wait: Duration) -> RPCError {
    var problem = Problem(
      .resourceExhausted, "TOO_MANY_CALLS",
      "You call more often than this server allows; go on in \(milliseconds(wait)) ms, and more slowly.")
    problem.retryAfter = wait
    return problem.rpcError
  }

  private static func milliseconds(_ wait: Duration) -> Int { Int((wait / .milliseconds(1)).rounded(.up)) }
}
