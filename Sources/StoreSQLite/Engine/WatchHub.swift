internal import Store
internal import Synchronization

/// Who waits for a tenant's next revision.
final class WatchHub: Sendable {
  enum Wake: Sendable { case advanced, timedOut, closed, cancelled }

  private struct Waiter {
    var continuation: CheckedContinuation<Wake, Never>
    var deadline: UInt64
  }

  private struct State {
    var heads: [UInt32: Revision] = [:]
    var waiters: [UInt32: [UInt64: Waiter]] = [:]
    /// Cancelled before they came to wait.
    var cancelled: Set<UInt64> = []
    var nextTicket: UInt64 = 1
    var isClosed = false
    var earliest: UInt64 = .max
  }

  private let state = Monitor(State())

  func ticket() -> UInt64 {
    state.withLock { state in
      defer { state.nextTicket += 1 }
      return state.nextTicket
    }
  }

  func begin(_ tenant: UInt32, head: Revision) { state.withLock { $0.heads[tenant] = head } }

  /// New heads: wakes whoever waits for them.
  func advance(_ heads: [UInt32: Revision]) {
    let woken = state.withLock { state in
      var woken: [Waiter] = []
      for (tenant, head) in heads {
        state.heads[tenant] = head
        if let waiters = state.waiters.removeValue(forKey: tenant) {
          woken.append(contentsOf: waiters.values)
        }
      }
      return woken
    }
    for waiter in woken { waiter.continuation.resume(returning: .advanced) }
  }

  /// Waits for a revision after `position`.
  /// - Parameter deadline: of the monotonic clock, in nanoseconds.
  func wait(_ tenant: UInt32, after position: Revision, until deadline: UInt64) async -> Wake {
    let ticket = ticket()
    let wake = await withTaskCancellationHandler {
      await withCheckedContinuation { (continuation: CheckedContinuation<Wake, Never>) in
        let now: Wake? = state.change { state in
          if state.isClosed { return .closed }
          if state.cancelled.remove(ticket) != nil { return .cancelled }
          if let head = state.heads[tenant], head > position { return .advanced }
          state.waiters[tenant, default: [:]][ticket] = Waiter(continuation: continuation, deadline: deadline)
          state.earliest = min(state.earliest, deadline)
          return nil
        }
        if let now { continuation.resume(returning: now) }
      }
    } onCancel: {
      cancel(tenant, ticket)
    }
    // A cancellation may have come after the waking.
    state.withLock { _ = $0.cancelled.remove(ticket) }
    return wake
  }

  private func cancel(_ tenant: UInt32, _ ticket: UInt64) {
    let waiter = state.withLock { state -> Waiter? in
      if let waiter = state.waiters[tenant]?.removeValue(forKey: ticket) { return waiter }
      state.cancelled.insert(ticket)
      return nil
    }
    waiter?.continuation.resume(returning: .cancelled)
  }

  func close() {
    let all = state.change { state in
      state.isClosed = true
      defer { state.waiters = [:] }
      return state.waiters.values.flatMap(\.values)
    }
    for waiter in all { waiter.continuation.resume(returning: .closed) }
  }

  /// Wakes those whose bookmark is due, as long as the hub is open. A thread's whole work.
  func runClock(_ onTick: () -> Void) {
    while true {
      let deadline = state.withLock {
        $0.isClosed ? nil : min($0.earliest, SystemClock.monotonic() &+ Self.tick)
      }
      guard let deadline else { return }
      // Wakes early when a nearer deadline comes in.
      _ = state.wait(until: deadline) { state -> Bool? in
        state.isClosed || state.earliest < deadline ? true : nil
      }
      let now = SystemClock.monotonic()
      let due = state.withLock { state -> [Waiter] in
        guard state.earliest <= now else { return [] }
        var due: [Waiter] = []
        var earliest = UInt64.max
        for (tenant, waiters) in state.waiters {
          for (ticket, waiter) in waiters {
            if waiter.deadline <= now {
              due.append(waiter)
              state.waiters[tenant]?[ticket] = nil
            } else {
              earliest = min(earliest, waiter.deadline)
            }
          }
        }
        state.earliest = earliest
        return due
      }
      for waiter in due { waiter.continuation.resume(returning: .timedOut) }
      onTick()
    }
  }

  /// Housekeeping happens at least this often, in nanoseconds.
  private static let tick: UInt64 = 1_000_000_000
}
