import Synchronization

/// What a stream still has to hand to its connection, and who waits for room.
///
/// Anyone may put in; only the connection's loop takes out. A writer waits while more than a limit lies
/// unsent, so a slow reader slows its own writer and nobody else.
package final class MessageOutbox: Sendable {
  /// One thing to do on the stream, in order.
  package enum Item: Sendable {
    /// Response headers alone, before any message is ready.
    case head
    /// A framed message.
    case message([UInt8])
    /// The end: a server's status, or a client's half-close when nil.
    case end(ResponseEnd?)
  }

  private struct State {
    var items: [Item] = []
    var unsentBytes = 0
    var waiting: [(Int, UnsafeContinuation<Void, Never>)] = []
    var nextWaiter = 0
    var closed: RPCError?
    var ended = false
    var drainScheduled = false
  }

  private let state = Mutex(State())
  private let limit: Int

  /// - Parameter limit: unsent bytes above which writers wait.
  package init(limit: Int) { self.limit = limit }

  /// Puts an item in.
  ///
  /// - Returns: whether the caller must see to it that the loop drains.
  /// - Throws: the error the stream was closed with, or `.internal` after its end.
  package func put(_ item: Item) throws(RPCError) -> Bool {
    let result = state.withLock { state -> Result<Bool, RPCError> in
      if let closed = state.closed { return .failure(closed) }
      if state.ended { return .failure(RPCError(.internal, "a message was written after the stream's end")) }
      if case .end = item { state.ended = true }
      if case .message(let bytes) = item { state.unsentBytes += bytes.count }
      state.items.append(item)
      let first = !state.drainScheduled
      state.drainScheduled = true
      return .success(first)
    }
    return try result.get()
  }

  /// Takes everything out, in order; on the loop.
  package func take() -> [Item] {
    state.withLock { state in
      state.drainScheduled = false
      let items = state.items
      state.items = []
      return items
    }
  }

  /// Bytes have left for the peer: those who wait for room may go on.
  package func sent(_ bytes: Int) {
    let ready = state.withLock { state -> [(Int, UnsafeContinuation<Void, Never>)] in
      state.unsentBytes = max(0, state.unsentBytes - bytes)
      guard state.unsentBytes <= limit / 2, !state.waiting.isEmpty else { return [] }
      defer { state.waiting = [] }
      return state.waiting
    }
    for (_, continuation) in ready { continuation.resume() }
  }

  /// Nothing more leaves; writers get the error.
  package func close(_ error: RPCError) {
    let ready = state.withLock { state -> [(Int, UnsafeContinuation<Void, Never>)] in
      if state.closed == nil { state.closed = error }
      state.items = []
      defer { state.waiting = [] }
      return state.waiting
    }
    for (_, continuation) in ready { continuation.resume() }
  }

  /// Waits until little enough lies unsent.
  ///
  /// - Throws: the error the stream was closed with; `.cancelled` when the waiting task is cancelled.
  package func waitForRoom() async throws(RPCError) {
    guard state.withLock({ $0.unsentBytes > limit && $0.closed == nil }) else { return try throwIfClosed() }
    let number = state.withLock { state in
      state.nextWaiter &+= 1
      return state.nextWaiter
    }
    await withTaskCancellationHandler {
      await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
        let waits = state.withLock { state -> Bool in
          guard state.unsentBytes > limit, state.closed == nil, !Task.isCancelled else { return false }
          state.waiting.append((number, continuation))
          return true
        }
        if !waits { continuation.resume() }
      }
    } onCancel: {
      let mine = state.withLock { state -> UnsafeContinuation<Void, Never>? in
        guard let index = state.waiting.firstIndex(where: { $0.0 == number }) else { return nil }
        return state.waiting.remove(at: index).1
      }
      mine?.resume()
    }
    try throwIfClosed()
    if Task.isCancelled { throw RPCError(.cancelled, "the writing task was cancelled") }
  }

  private func throwIfClosed() throws(RPCError) {
    if let closed = state.withLock({ $0.closed }) { throw closed }
  }
}
