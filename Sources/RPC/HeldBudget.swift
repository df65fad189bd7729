import Synchronization

/// How many bytes of requests a connection's calls hold: unfinished messages, and whole ones that handlers
/// work on.
///
/// Safe from any thread.
package final class HeldBudget: Sendable {
  private let held = Atomic(0)
  private let limit: Int

  /// - Parameter limit: bytes that may be held together.
  package init(limit: Int) { self.limit = limit }

  /// Changes what is held.
  ///
  /// - Returns: false when it grew over the limit; the change counts all the same, and is given back later.
  package func change(by bytes: Int) -> Bool {
    let now = held.add(bytes, ordering: .relaxed).newValue
    return bytes <= 0 || now <= limit
  }

  /// What a call gets that would need more.
  package var refusal: RPCError {
    RPCError(
      .resourceExhausted,
      "the calls of this connection hold over \(limit) bytes of requests: wait for some to be answered")
  }
}
