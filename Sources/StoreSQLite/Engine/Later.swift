internal import Synchronization

/// A value that one of two mutually known parts gets after both are made.
final class Later<Value: Sendable>: Sendable {
  private let state = Mutex<Value?>(nil)

  var value: Value? { state.withLock { $0 } }

  func set(_ value: Value) { state.withLock { $0 = value } }
}
