import CoreMetrics
import Logging
import RPC
import Synchronization

/// Counts and times every call, and logs those that failed. Names of methods and codes are all that is written down:
/// nothing a caller sent.
final class CallObserver: ServerInterceptor {
  /// Methods kept apart; the router knows fewer than a hundred.
  private struct Measures: Sendable {
    var duration: Timer
    var byCode: [StatusCode: Counter]
  }

  private let measures = Mutex<[String: [String: Measures]]>([:])
  private let refusals: [RequestRefusal.Reason: Counter]
  private let registry: PrometheusRegistry
  private let logger: Logger

  init(registry: PrometheusRegistry, logger: Logger) {
    self.registry = registry
    self.logger = logger
    let reasons = RequestRefusal.Reason.allCases.map { reason in
      let label = "punos_requests_refused_total"
      return (reason, Counter(label: label, dimensions: [("reason", reason.rawValue)], factory: registry))
    }
    refusals = Dictionary(uniqueKeysWithValues: reasons)
  }

  func callEnded(_ context: CallContext, status: StatusCode, statistics: CallStatistics) {
    let (duration, counter) = measures(for: context, status)
    let (seconds, attoseconds) = statistics.duration.components
    duration.recordNanoseconds(seconds &* 1_000_000_000 &+ attoseconds / 1_000_000_000)
    counter.increment()
    guard status != .ok, status != .cancelled else { return }
    // What an operator must see is reported with its cause where it happened; a code alone may be the caller's doing.
    logger.info(
      "call refused",
      metadata: [
        "method": "\(context.service)/\(context.method)", "status": "\(status)",
        "call": "\(context.requestID)",
        "peer": "\(context.remoteAddress)",
      ])
  }

  func requestRefused(_ refusal: RequestRefusal) {
    refusals[refusal.reason]?.increment()
    logger.info(
      "request refused",
      metadata: ["reason": "\(refusal.reason.rawValue)", "peer": "\(refusal.remoteAddress)"])
  }

  private func measures(for context: CallContext, _ status: StatusCode) -> (Timer, Counter) {
    measures.withLock { all in
      let known = all[context.service]?[context.method]
      if let known, let counter = known.byCode[status] { return (known.duration, counter) }
      var found = known ?? make(context)
      let counter = Counter(
        label: "punos_calls_total", dimensions: labels(context) + [("code", "\(status)")], factory: registry)
      found.byCode[status] = counter
      all[context.service, default: [:]][context.method] = found
      return (found.duration, counter)
    }
  }

  private func make(_ context: CallContext) -> Measures {
    Measures(
      duration: Timer(label: "punos_call_duration_seconds", dimensions: labels(context), factory: registry),
      byCode: [:])
  }

  private func labels(_ context: CallContext) -> [(String, String)] {
    [("service", context.service), ("method", context.method)]
  }
}
