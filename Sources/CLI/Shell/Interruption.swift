internal import Dispatch
internal import Synchronization

/// Ctrl-C in a shell: it ends the command that is running, and not the shell.
///
/// Belongs to one task.
final class Interruption {
  /// The command that is running, and how many interrupts came before it was asked for.
  private final class Running: Sendable {
    private let state = Mutex<(task: Task<Int32, Never>?, before: Int)>((nil, 0))

    /// Interrupts up to now are not meant for the next command.
    func forgetInterrupts() { state.withLock { $0.before = InterruptSignal.count } }

    func begin(_ command: @escaping @Sendable () async -> Int32) -> Task<Int32, Never> {
      let task = Task { await command() }
      state.withLock { $0.task = task }
      // One that came between the line and here is meant for the command.
      interrupted()
      return task
    }

    func end() { state.withLock { $0.task = nil } }

    func interrupted() {
      state.withLock { if InterruptSignal.count != $0.before { $0.task?.cancel() } }
    }
  }

  private let running = Running()
  private let source: (any DispatchSourceRead)?

  /// From now on the process is not ended by an interrupt.
  init() {
    source = InterruptSignal.listen { [running] in running.interrupted() }
  }

  deinit { source?.cancel() }

  /// Before a line is read: interrupts that came while the last command ended are over.
  func prepare() { running.forgetInterrupts() }

  /// Runs a command that an interrupt cancels.
  ///
  /// - Returns: its exit status.
  func run(_ command: @escaping @Sendable () async -> Int32) async -> Int32 {
    let task = running.begin(command)
    defer { running.end() }
    return await task.value
  }
}
