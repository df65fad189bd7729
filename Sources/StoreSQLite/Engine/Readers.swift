internal import Store
internal import Synchronization

/// Connections for reading both files. Used by one thread at a time.
///
/// `@unchecked Sendable`: it is in its pool or worker, or with the one that took it out.
final class Reader: @unchecked Sendable {
  let tables: TablesReader
  let log: LogFile

  init(tables: TablesReader, log: LogFile) {
    self.tables = tables
    self.log = log
  }
}

/// Turns whatever was thrown below into what the store's callers know.
func readingError(_ error: any Error) -> any Error {
  switch error {
  case let failure as SQLiteFailure: failure.asReadFailed
  case let failure as FileSystem.Failure: ReadFailed(cause: .inputOutput, detail: failure.detail)
  case let malformed as Malformed: ReadFailed(cause: .corrupt, detail: malformed.what)
  default: error
  }
}

/// Readers for whoever calls, on whatever thread.
final class ReaderPool: Sendable {
  private let open: @Sendable () throws -> Reader
  private let idle = Mutex<[Reader]>([])
  private let isClosed = Atomic<Bool>(false)
  /// More than threads that read at once keep nothing warm: they are closed when given back.
  private let kept: Int

  init(kept: Int, open: @escaping @Sendable () throws -> Reader) {
    self.kept = kept
    self.open = open
  }

  func with<T>(_ body: (Reader) throws -> T) throws -> T {
    if isClosed.load(ordering: .acquiring) { throw ReadFailed(cause: .closed, detail: "the store is closed") }
    do {
      let reader = try idle.withLock { $0.popLast() } ?? open()
      defer {
        idle.withLock { idle in
          if idle.count < kept, !isClosed.load(ordering: .acquiring) { idle.append(reader) }
        }
      }
      return try body(reader)
    } catch {
      throw readingError(error)
    }
  }

  func close() {
    isClosed.store(true, ordering: .releasing)
    let dropped = idle.withLock { idle in
      let all = idle
      idle = []
      return all
    }
    _ = dropped
  }
}

/// Threads that do what may take longer than an event loop may be held up.
final class WorkerPool: Sendable {
  private struct State {
    var jobs: [@Sendable (Reader) -> Void] = []
    var next = 0
    var isClosed = false
  }

  private let state = Monitor(State())
  private let threads: [OwnThread]
  /// Waiting longer than these jobs take is worse than being told so.
  private static let greatestQueue = 4_096

  init(threads count: Int, open: @escaping @Sendable () throws -> Reader) throws {
    let state = self.state
    // All are opened before a thread begins: one that began would wait for ever where the next cannot be opened.
    let readers = try (0..<max(1, count)).map { _ in try open() }
    threads = readers.map { reader in OwnThread("store-worker") { Self.run(state, reader) } }
  }

  private static func run(_ state: Monitor<State>, _ reader: Reader) {
    while let job = state.wait({ (state: inout State) -> (@Sendable (Reader) -> Void)?? in
      if state.next < state.jobs.count {
        let job = state.jobs[state.next]
        state.next += 1
        if state.next == state.jobs.count {
          state.jobs.removeAll(keepingCapacity: true)
          state.next = 0
        }
        return .some(job)
      }
      return state.isClosed ? .some(nil) : nil
    }) ?? nil {
      job(reader)
    }
  }

  /// Runs `body` on one of the threads.
  /// - Throws: what `body` throws, as the store's callers know it; ``ReadFailed`` where the queue is full or
  ///   closed.
  func run<T: Sendable>(_ body: @escaping @Sendable (Reader) throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<T, any Error>) in
      let job: @Sendable (Reader) -> Void = { reader in
        do {
          let value = try body(reader)
          continuation.resume(returning: value)
        } catch {
          continuation.resume(throwing: readingError(error))
        }
      }
      let refusal: ReadFailed? = state.change { state in
        if state.isClosed { return ReadFailed(cause: .closed, detail: "the store is closed") }
        if state.jobs.count - state.next >= Self.greatestQueue {
          return ReadFailed(cause: .tooExpensive, detail: "too many queries wait; try again")
        }
        state.jobs.append(job)
        return nil
      }
      if let refusal { continuation.resume(throwing: refusal) }
    }
  }

  /// Whether its threads are to end: what takes long should, too.
  var isClosing: Bool { state.withLock { $0.isClosed } }

  /// Finishes what waits, then ends the threads.
  func close() {
    state.change { $0.isClosed = true }
    for thread in threads { thread.join() }
  }
}
