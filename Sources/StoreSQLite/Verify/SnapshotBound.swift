internal import Store

/// Keeps a question that looks through a whole file from costing more than it may.
///
/// As long as the question reads, its snapshot keeps SQLite from beginning the write-ahead log anew: all that is written
/// meanwhile makes it longer. Beyond a limit the question is ended, and so it is where the store closes.
struct SnapshotBound: Sendable {
  /// Bytes that a write-ahead log may have.
  let bytes: Int
  /// Whether the store closes.
  let isClosing: @Sendable () -> Bool

  /// How often it is looked, in nanoseconds: a busy disk writes some tens of megabytes meanwhile.
  private static let interval: UInt64 = 100_000_000

  private enum Watch { case reading, ended, done }

  /// Asks a question.
  /// - Returns: nil where it was ended, or not begun.
  /// - Throws: what `question` throws; ``ReadFailed`` where the store closes.
  func ask<T>(_ reader: Reader, _ question: () throws -> T) throws -> T? {
    if isOver(reader) { return nil }
    let watch = Monitor(Watch.reading)
    let watcher = OwnThread("store-snapshot") {
      while watch.wait(until: SystemClock.monotonic() &+ Self.interval, { $0 == .done ? true : nil }) == nil {
        guard isClosing() || isOver(reader) else { continue }
        watch.withLock { if $0 == .reading { $0 = .ended } }
        reader.interrupt()
      }
    }
    let answer = Result { try question() }
    let isEnded = watch.change { watch in
      defer { watch = .done }
      return watch == .ended
    }
    watcher.join()
    guard isEnded else { return try answer.get() }
    // What an ended question says is not to be believed.
    if isClosing() { throw ReadFailed(cause: .closed, detail: "the store is closing") }
    return nil
  }

  private func isOver(_ reader: Reader) -> Bool {
    reader.paths.contains { FileSystem.size(of: $0 + "-wal") > bytes }
  }
}

extension Reader {
  fileprivate var paths: [String] { [tables.connection.path, log.connection.path] }

  /// Ends what is being asked, from any thread.
  fileprivate func interrupt() {
    tables.connection.interrupt()
    log.connection.interrupt()
  }
}
