internal import Store

/// Named points in a commit, and in what is done behind it, at which the crash test ends the process, to show that nothing
/// acknowledged is lost.
///
/// Outside that test nothing is armed, and reaching a point costs one comparison.
public struct CrashPoints: Sendable {
  public enum Point: String, Sendable, CaseIterable {
    /// The log's transaction is open, nothing is written.
    case begun
    /// The group's rows are written, not committed.
    case written
    /// The group is durable, nobody knows.
    case committed
    /// Readers and watchers know, callers don't.
    case published
    /// Callers know.
    case answered
    /// The tables' transaction is about to commit.
    case applying
    /// The tables have the batch; the tail still shows it.
    case applied
    /// The log's write-ahead log is about to be copied into its file.
    case copyingLog
    /// The tables' write-ahead log is about to be copied into its file.
    case copyingTables
    /// An opening has read back a commit that the tables lack.
    case replaying
    /// Search has been given a part of what waited for it.
    case fed
    /// A slice of an index is built.
    case built
    /// A part of the log is about to be let go of.
    case compacting
    /// It is gone; what led to it is still there.
    case compacted
    /// A part of an erasure's rewriting is about to be committed.
    case rewriting
    /// An erased person is nowhere any more; the log still says that the erasure is to be finished.
    case erased
  }

  private let onReach: (@Sendable (Point) -> Void)?

  /// - Parameter onReach: called on the store's threads at each point; nil: nothing happens.
  public init(onReach: (@Sendable (Point) -> Void)? = nil) { self.onReach = onReach }

  func reach(_ point: Point) { onReach?(point) }
}
