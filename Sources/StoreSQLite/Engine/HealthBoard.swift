internal import Store
internal import Synchronization

/// What is wrong, for all to see.
final class HealthBoard: Sendable {
  private struct State {
    var writer: WriterUnavailable?
    var tables: WriterUnavailable?
  }

  private let state = Mutex(State())
  private let trust: SyncTrust
  /// Frames in the write-ahead logs.
  let tablesFrames = Atomic<Int>(0)
  let logFrames = Atomic<Int>(0)

  /// - Parameter trust: of the store's connections.
  init(trust: SyncTrust) { self.trust = trust }

  /// Why commits are refused.
  var refusal: WriterUnavailable? { failedSync ?? state.withLock { $0.writer ?? $0.tables } }

  private var failedSync: WriterUnavailable? { trust.failure?.asWriterUnavailable }

  /// Why the tables are behind for good.
  var tablesFailure: ReadFailed? {
    (failedSync ?? state.withLock { $0.tables }).map {
      ReadFailed(cause: $0.cause == .corrupt ? .corrupt : .inputOutput, detail: $0.detail)
    }
  }

  /// Whether the refusal is one that may pass, so that a commit is worth trying.
  var mayRecover: Bool {
    trust.failure == nil
      && state.withLock { state in
        (state.writer == nil || state.writer?.cause == .diskFull)
          && (state.tables == nil || state.tables?.cause == .diskFull || state.tables?.cause == .inputOutput)
      }
  }

  func writerFailed(_ failure: WriterUnavailable) { state.withLock { $0.writer = failure } }

  /// A commit worked: what the disk refused, it takes again.
  func writerRecovered() { state.withLock { if $0.writer?.cause == .diskFull { $0.writer = nil } } }

  func tablesFailed(_ failure: WriterUnavailable) { state.withLock { $0.tables = failure } }

  /// The tables could be written again: nothing was lost, the log has it. Not after a failed sync, and not
  /// from corruption.
  func tablesRecovered() {
    state.withLock { state in
      if state.tables?.cause == .diskFull || state.tables?.cause == .inputOutput { state.tables = nil }
    }
  }
}
