internal import Store
internal import Synchronization

/// Copies the tables' write-ahead log into their file on a thread and a connection of its own, so that the applier goes on
/// writing meanwhile: copying and its syncs are a third of what the tables cost.
///
/// What it copies is what was committed when it began. SQLite begins the log anew only once all of it is copied, which
/// under a load never happens by itself: the applier waits for ``finish()`` now and then and copies the rest.
///
/// `@unchecked Sendable`: `connection` is touched on the thread only; the rest is guarded or does not change.
final class LogCopier: @unchecked Sendable {
  private struct State {
    var isWanted = false
    var isCopying = false
    var isStopping = false
  }

  private let state = Monitor(State())
  private let open: @Sendable () throws -> Connection
  private let health: HealthBoard
  private let crash: CrashPoints
  /// Opened when there is something to copy: most stores are too small for that.
  private var connection: Connection?
  private var thread: OwnThread?

  init(open: @escaping @Sendable () throws -> Connection, health: HealthBoard, crash: CrashPoints) {
    self.open = open
    self.health = health
    self.crash = crash
  }

  func start() { thread = OwnThread("store-copier") { [self] in run() } }

  /// Has what is committed copied, and returns at once.
  func begin() { state.change { $0.isWanted = true } }

  /// Returns once nothing is being copied any more.
  func finish() {
    state.wait { state in !state.isWanted && !state.isCopying || thread == nil ? true : nil }
  }

  /// Ends the thread, after what it is copying.
  func stop() {
    state.change { $0.isStopping = true }
    thread?.join()
    thread = nil
  }

  private func run() {
    while state.wait({ Self.next(&$0) }) == true {
      copy()
      state.change { $0.isCopying = false }
    }
    connection = nil
  }

  /// - Returns: whether there is something to copy; false: it is to end.
  private static func next(_ state: inout State) -> Bool? {
    guard state.isWanted else { return state.isStopping ? false : nil }
    (state.isWanted, state.isCopying) = (false, true)
    return true
  }

  private func copy() {
    do {
      let file = try connection ?? open()
      connection = file
      crash.reach(.copyingTables)
      _ = try file.checkpoint(.passive)
    } catch let failure as SQLiteFailure {
      health.tablesFailed(failure.asWriterUnavailable)
    } catch {
      health.tablesFailed(WriterUnavailable(cause: .inputOutput, detail: "\(error)"))
    }
  }
}
