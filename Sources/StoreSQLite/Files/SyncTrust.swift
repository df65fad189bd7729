internal import Synchronization

/// Whether a store's syncs can be believed: not any more once one of them has failed.
///
/// The kernel may drop what it could not write and report the next sync as done, so that a sync asked for again says
/// nothing. From the first failure on no connection of the store begins a write, copies a write-ahead log into its file,
/// or does so while it closes; the next opening goes by what the files then have.
final class SyncTrust: Sendable {
  private let first = Mutex<SQLiteFailure?>(nil)
  private let isLost = Atomic<Bool>(false)

  /// The sync that failed first; nil: none has.
  var failure: SQLiteFailure? {
    isLost.load(ordering: .acquiring) ? first.withLock { $0 } : nil
  }

  func lose(_ failure: SQLiteFailure) {
    first.withLock { $0 = $0 ?? failure }
    isLost.store(true, ordering: .releasing)
  }
}
