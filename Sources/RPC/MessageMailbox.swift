import Synchronization

/// Where a stream's received messages wait for whoever reads them.
///
/// The connection's loop puts messages in, one reader anywhere takes them out. What was taken is reported
/// back to the loop, which gives the peer new window for it: that is the backpressure.
package final class MessageMailbox: Sendable {
  /// What a waiting message costs beside its bytes: its place in the list, the head of its buffer, and the heap's own
  /// bookkeeping. Messages of one byte would otherwise take ten times the memory that is counted for them.
  static let messageOverhead = 96

  private struct State {
    var messages: [(FramedMessage, credit: Int)] = []
    var first = 0
    var bytes = 0
    var ended: Ending?
    /// Resumed with false when it was refused because another task reads already.
    var reader: UnsafeContinuation<Bool, Never>?
    var unreported = 0
    var reportScheduled = false

    var isEmpty: Bool { first == messages.count }

    mutating func pop() -> (FramedMessage, credit: Int)? {
      guard first < messages.count else { return nil }
      let message = messages[first]
      bytes -= message.0.bytes.count + MessageMailbox.messageOverhead
      messages[first].0.bytes = []
      first += 1
      if first == messages.count {
        messages.removeAll(keepingCapacity: true)
        first = 0
      } else if first == 64 {
        messages.removeFirst(first)
        first = 0
      }
      return message
    }
  }

  private enum Ending {
    case finished
    case failed(RPCError)
  }

  private enum Step {
    case message(FramedMessage, report: Bool)
    case finished
    case failed(RPCError)
    case wait
  }

  private let state = Mutex(State())
  private let loop: any CallLoop
  private let consumed: @Sendable (Int) -> Void

  /// - Parameters:
  ///   - loop: where `consumed` is called.
  ///   - consumed: gets the credits of messages that were taken.
  package init(loop: any CallLoop, consumed: @escaping @Sendable (Int) -> Void) {
    self.loop = loop
    self.consumed = consumed
  }

  /// Whether nothing waits to be read.
  package var isEmpty: Bool { state.withLock { $0.isEmpty } }

  /// What the messages that wait take of the memory, in bytes.
  package var waitingBytes: Int { state.withLock { $0.bytes } }

  /// Puts a message in; after the end it is thrown away.
  ///
  /// - Parameter credit: wire bytes to report when it is taken.
  package func push(_ message: FramedMessage, credit: Int) {
    let reader = state.withLock { state -> UnsafeContinuation<Bool, Never>? in
      guard state.ended == nil else { return nil }
      state.messages.append((message, credit))
      state.bytes += message.bytes.count + Self.messageOverhead
      return state.reader.take()
    }
    reader?.resume(returning: true)
  }

  /// No more messages come; those that wait can still be read.
  package func finish() { end(.finished, discard: false) }

  /// The stream broke; waiting messages are thrown away.
  package func fail(_ error: RPCError) { end(.failed(error), discard: true) }

  /// The stream ended with an error after everything that waits.
  package func failAfterMessages(_ error: RPCError) { end(.failed(error), discard: false) }

  private func end(_ ending: Ending, discard: Bool) {
    let reader = state.withLock { state -> UnsafeContinuation<Bool, Never>? in
      if discard {
        state.messages = []
        state.first = 0
        state.bytes = 0
      }
      guard state.ended == nil || discard else { return nil }
      if case .failed = state.ended {} else { state.ended = ending }
      return state.reader.take()
    }
    reader?.resume(returning: true)
  }

  /// Takes the next message, waiting for it if need be.
  ///
  /// - Returns: the message, or nil after the last.
  /// - Throws: the error the stream ended with; `.cancelled` when the reading task is cancelled; `.internal`
  ///   when two tasks read at once.
  package func next() async throws(RPCError) -> FramedMessage? {
    while true {
      switch takeOne() {
      case .message(let message, let report):
        if report { reportConsumed() }
        return message
      case .finished:
        return nil
      case .failed(let error):
        throw error
      case .wait:
        guard !Task.isCancelled else { throw RPCError(.cancelled, "the reading task was cancelled") }
        try await waitForChange()
      }
    }
  }

  private func takeOne() -> Step {
    let onLoop = loop.isCurrent
    return state.withLock { state in
      if let (message, credit) = state.pop() {
        state.unreported += credit
        let report = onLoop || !state.reportScheduled
        state.reportScheduled = true
        return .message(message, report: report)
      }
      switch state.ended {
      case .finished: return .finished
      case .failed(let error): return .failed(error)
      case nil: return .wait
      }
    }
  }

  private func reportConsumed() {
    if loop.isCurrent {
      reportNow()
    } else {
      loop.execute { self.reportNow() }
    }
  }

  private func reportNow() {
    let bytes = state.withLock { state in
      state.reportScheduled = false
      defer { state.unreported = 0 }
      return state.unreported
    }
    consumed(bytes)
  }

  private func waitForChange() async throws(RPCError) {
    let onlyReader = await withTaskCancellationHandler {
      await withUnsafeContinuation { (continuation: UnsafeContinuation<Bool, Never>) in
        let answer = state.withLock { state -> Bool? in
          if state.reader != nil { return false }
          if !state.isEmpty || state.ended != nil || Task.isCancelled { return true }
          state.reader = continuation
          return nil
        }
        if let answer { continuation.resume(returning: answer) }
      }
    } onCancel: {
      let reader = state.withLock { $0.reader.take() }
      reader?.resume(returning: true)
    }
    guard onlyReader else { throw RPCError(.internal, "two tasks read the same stream at once") }
  }
}
