import Synchronization

/// How many bytes of answers wait on a connection for its peer to read them.
///
/// A peer may ask for a hundred answers of four mebibytes and read none. While more than `startBytes` wait, handlers
/// that have not begun do not begin and writers of streams do not write on; handlers that were under way already may
/// still add their answers up to `limit`, and the answer that would exceed it ends its call.
///
/// Safe from any thread.
package final class UnsentBudget: Sendable {
  private struct Waiting {
    var calls: [(number: Int, continuation: UnsafeContinuation<Bool, Never>)] = []
    var nextNumber = 0
    /// Calls that were let go on and have not added their answer yet.
    var turns = 0
  }

  private let unsent = Atomic(0)
  private let waiting = Mutex(Waiting())
  /// Whether somebody waits; spares the lock in the usual case.
  private let someoneWaits = Atomic(false)
  private let limit: Int
  private let startBytes: Int
  private let messageBytes: Int

  /// - Parameters:
  ///   - limit: bytes that may wait together.
  ///   - startBytes: bytes above which nothing new begins.
  ///   - messageBytes: what a call that is let go on may add.
  package init(limit: Int, startBytes: Int, messageBytes: Int) {
    self.limit = limit
    self.startBytes = min(startBytes, limit)
    self.messageBytes = messageBytes
  }

  /// Bytes that wait now.
  package var bytes: Int { unsent.load(ordering: .relaxed) }

  /// How many calls wait for room.
  package var waitingCalls: Int { waiting.withLock { $0.calls.count } }

  /// Whether new work may begin.
  package var hasRoom: Bool { bytes <= startBytes }

  /// Adds an answer, unless it brings what waits over the limit; one alone always fits.
  package func add(_ bytes: Int) -> Bool {
    let now = unsent.add(bytes, ordering: .relaxed).newValue
    guard now > limit, now > bytes else { return true }
    unsent.subtract(bytes, ordering: .relaxed)
    return false
  }

  /// Bytes have left for the peer, or will never leave.
  package func remove(_ bytes: Int) {
    guard bytes > 0 else { return }
    let now = unsent.subtract(bytes, ordering: .sequentiallyConsistent).newValue
    guard now <= startBytes, someoneWaits.load(ordering: .sequentiallyConsistent) else { return }
    letGoOn()
  }

  /// A call that was let go on has added its answer, or has ended.
  package func turnTaken() {
    waiting.withLock { $0.turns -= 1 }
    letGoOn()
  }

  /// Lets as many calls go on as there is room for, each with the longest answer; one at least where nothing is in the
  /// way, since nobody else would.
  private func letGoOn() {
    let ready = waiting.withLock { waiting -> [UnsafeContinuation<Bool, Never>] in
      var ready: [UnsafeContinuation<Bool, Never>] = []
      while ready.count < waiting.calls.count, mayGoOn(beside: waiting.turns) {
        ready.append(waiting.calls[ready.count].continuation)
        waiting.turns += 1
      }
      waiting.calls.removeFirst(ready.count)
      if waiting.calls.isEmpty { someoneWaits.store(false, ordering: .sequentiallyConsistent) }
      return ready
    }
    for continuation in ready { continuation.resume(returning: true) }
  }

  private func mayGoOn(beside turns: Int) -> Bool {
    let unsent = unsent.load(ordering: .sequentiallyConsistent)
    return unsent <= startBytes && (turns == 0 || unsent + turns * messageBytes <= startBytes)
  }

  /// Waits until new work may begin, in the order of asking; returns at once when the task is cancelled.
  ///
  /// - Returns: whether the caller was let go on, and must say ``turnTaken()`` later.
  package func waitForRoom() async -> Bool {
    let number = waiting.withLock { waiting in
      waiting.nextNumber &+= 1
      return waiting.nextNumber
    }
    return await withTaskCancellationHandler {
      await withUnsafeContinuation { (continuation: UnsafeContinuation<Bool, Never>) in
        let isCancelled = waiting.withLock { waiting -> Bool in
          guard !Task.isCancelled else { return true }
          someoneWaits.store(true, ordering: .sequentiallyConsistent)
          waiting.calls.append((number, continuation))
          return false
        }
        // What left between the question and the wait may have made room already.
        if isCancelled { continuation.resume(returning: false) } else { letGoOn() }
      }
    } onCancel: {
      let mine = waiting.withLock { waiting -> UnsafeContinuation<Bool, Never>? in
        guard let index = waiting.calls.firstIndex(where: { $0.number == number }) else { return nil }
        return waiting.calls.remove(at: index).continuation
      }
      mine?.resume(returning: false)
    }
  }

  /// What a call gets whose answer would be too much.
  package var refusal: RPCError {
    RPCError(
      .resourceExhausted,
      "over \(limit) bytes of answers on this connection wait to be read: read them before you ask for more")
  }
}
