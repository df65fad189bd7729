import Synchronization

/// A value that is set once and can be waited for.
package final class Latch<Value: Sendable>: Sendable {
  private struct State {
    var value: Value?
    var waiting: [UnsafeContinuation<Value, Never>] = []
  }

  private let state = Mutex(State())

  /// Not set yet.
  package init() {}

  /// The value, or nil while it is not set.
  package var current: Value? { state.withLock { $0.value } }

  /// Sets the value and wakes all who wait; later values are ignored.
  package func set(_ value: Value) {
    let waiting = state.withLock { state -> [UnsafeContinuation<Value, Never>] in
      guard state.value == nil else { return [] }
      state.value = value
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume(returning: value) }
  }

  /// Waits for the value. Not cut short by cancellation: whoever sets it does so also when a call is
  /// cancelled.
  package func wait() async -> Value {
    await withUnsafeContinuation { continuation in
      let value = state.withLock { state -> Value? in
        if let value = state.value { return value }
        state.waiting.append(continuation)
        return nil
      }
      if let value { continuation.resume(returning: value) }
    }
  }
}
