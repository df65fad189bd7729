internal import Dispatch
internal import Glibc
internal import Synchronization

/// Ctrl-C in a shell: it ends the command that is running, and not the shell.
///
/// Belongs to one task.
final class Interruption {
  /// The command that is running.
  private final class Running: Sendable {
    let task = Mutex<Task<Int32, Never>?>(nil)

    func cancel() { task.withLock { $0?.cancel() } }
  }

  private let running = Running()
  private let source: any DispatchSourceSignal

  /// From now on the process is not ended by an interrupt.
  init() {
    signal(SIGINT, SIG_IGN)
    source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
    source.setEventHandler { [running] in running.cancel() }
    source.resume()
  }

  deinit { source.cancel() }

  /// Runs a command that an interrupt cancels.
  ///
  /// - Returns: its exit status.
  func run(_ command: @escaping @Sendable () async -> Int32) async -> Int32 {
    let task = Task { await command() }
    running.task.withLock { $0 = task }
    defer { running.task.withLock { $0 = nil } }
    return await task.value
  }
}
