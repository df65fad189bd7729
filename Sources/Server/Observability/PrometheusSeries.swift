import CoreMetrics
import Synchronization

/// One name with one set of labels, and what was measured.
final class Series: Sendable {
  enum Kind: Sendable {
    case counter
    case gauge
    case histogram(bounds: [Double])
  }

  private struct State {
    var value = 0.0
    var count: UInt64 = 0
    var buckets: [UInt64] = []
  }

  private let kind: Kind
  private let state: Mutex<State>

  init(kind: Kind) {
    self.kind = kind
    var initial = State()
    if case .histogram(let bounds) = kind { initial.buckets = Array(repeating: 0, count: bounds.count) }
    state = Mutex(initial)
  }

  var typeName: String {
    switch kind {
    case .counter: "counter"
    case .gauge: "gauge"
    case .histogram: "histogram"
    }
  }

  func add(_ amount: Double) {
    state.withLock { $0.value += amount }
  }

  func observe(_ value: Double) {
    guard case .histogram(let bounds) = kind else {
      state.withLock { $0.value = value }
      return
    }
    state.withLock { state in
      state.value += value
      state.count &+= 1
      if let bucket = bounds.firstIndex(where: { value <= $0 }), bucket < state.buckets.count {
        state.buckets[bucket] &+= 1
      }
    }
  }

  func write(name: String, labels: [String], to text: inout String) {
    let (value, count, buckets) = state.withLock { ($0.value, $0.count, $0.buckets) }
    func line(_ suffix: String, _ extra: [String], _ number: String) {
      let all = labels + extra
      text += "\(name)\(suffix)\(all.isEmpty ? "" : "{" + all.joined(separator: ",") + "}") \(number)\n"
    }
    guard case .histogram(let bounds) = kind else {
      line("", [], Self.format(value))
      return
    }
    var running: UInt64 = 0
    for (bound, inBucket) in zip(bounds, buckets) {
      running &+= inBucket
      line("_bucket", ["le=\"\(Self.format(bound))\""], String(running))
    }
    line("_bucket", ["le=\"+Inf\""], String(count))
    line("_sum", [], Self.format(value))
    line("_count", [], String(count))
  }

  private static func format(_ value: Double) -> String {
    value == value.rounded() && value.magnitude < 1e15 ? String(Int64(value)) : String(value)
  }
}

extension Series: CounterHandler, FloatingPointCounterHandler, MeterHandler, RecorderHandler, TimerHandler {
  func increment(by amount: Int64) { add(Double(amount)) }
  func increment(by amount: Double) { add(amount) }
  func decrement(by amount: Double) { add(-amount) }
  func reset() {
    state.withLock { state in
      state.value = 0
      state.count = 0
      for bucket in state.buckets.indices { state.buckets[bucket] = 0 }
    }
  }
  func set(_ value: Int64) { observe(Double(value)) }
  func set(_ value: Double) { observe(value) }
  func record(_ value: Int64) { observe(Double(value)) }
  func record(_ value: Double) { observe(value) }
  func recordNanoseconds(_ duration: Int64) { observe(Double(duration) / 1_000_000_000) }
}
