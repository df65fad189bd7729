internal import Store
internal import Synchronization

/// What has to be done now and then: told the time once a second by the clock's thread.
final class Housekeeping: Sendable {
  private let options: SQLiteStoreOptions
  private let nextCompaction: Atomic<UInt64>
  private let isCompacting = Atomic<Bool>(false)
  private let isProbing = Atomic<Bool>(false)

  init(options: SQLiteStoreOptions) {
    self.options = options
    nextCompaction = Atomic(SystemClock.monotonic() &+ options.pace.compactionInterval.deadlineNanoseconds)
  }

  func tick(_ store: SQLiteStore) {
    probe(store)
    compact(store)
  }

  /// Asks a disk that refused something whether it takes it again.
  private func probe(_ store: SQLiteStore) {
    guard store.board.refusal != nil, store.board.mayRecover, !isProbing.exchange(true, ordering: .acquiring)
    else {
      return
    }
    Task { [self] in
      let applier = store.applier
      // Both only fail where the store closes.
      try? await store.writer.run { $0.probe() }
      try? await applier.run { _ in applier.probe() }
      isProbing.store(false, ordering: .releasing)
    }
  }

  private func compact(_ store: SQLiteStore) {
    let now = SystemClock.monotonic()
    guard now >= nextCompaction.load(ordering: .relaxed), !isCompacting.exchange(true, ordering: .acquiring)
    else {
      return
    }
    nextCompaction.store(now &+ options.pace.compactionInterval.deadlineNanoseconds, ordering: .relaxed)
    Task { [self] in
      let span = max(options.keepsChangesFor.microseconds, options.requestRetention.microseconds)
      let (oldest, overflow) = SystemClock.now().subtractingReportingOverflow(span)
      do {
        try await store.resumeErasures()
      } catch {
        options.log("an erasure could not be finished: \(error)")
      }
      do {
        if !overflow { try await store.compact(before: Moment(rawValue: oldest)) }
      } catch {
        options.log("the log could not be compacted: \(error)")
      }
      isCompacting.store(false, ordering: .releasing)
    }
  }
}
