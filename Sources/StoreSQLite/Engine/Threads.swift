internal import Glibc

/// State under a lock, with a condition to wait for.
///
/// `@unchecked Sendable`: the state is touched only while the mutex is held.
final class Monitor<State>: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let condition: UnsafeMutablePointer<pthread_cond_t>
  private var state: State

  init(_ state: State) {
    self.state = state
    mutex = .allocate(capacity: 1)
    condition = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
    var attributes = pthread_condattr_t()
    pthread_condattr_init(&attributes)
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    pthread_cond_init(condition, &attributes)
    pthread_condattr_destroy(&attributes)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  func withLock<T>(_ body: (inout State) throws -> T) rethrows -> T {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body(&state)
  }

  /// Changes the state and wakes whoever waits.
  func change<T>(_ body: (inout State) throws -> T) rethrows -> T {
    pthread_mutex_lock(mutex)
    defer {
      pthread_cond_broadcast(condition)
      pthread_mutex_unlock(mutex)
    }
    return try body(&state)
  }

  /// Waits until `take` gives something.
  /// - Parameter until: a moment of the monotonic clock, in nanoseconds, after which nil comes back; nil: for
  ///   ever.
  @discardableResult func wait<T>(until deadline: UInt64? = nil, _ take: (inout State) -> T?) -> T? {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while true {
      if let taken = take(&state) { return taken }
      if let deadline {
        var when = timespec(
          tv_sec: Int(deadline / 1_000_000_000), tv_nsec: Int(deadline % 1_000_000_000))
        if pthread_cond_timedwait(condition, mutex, &when) == ETIMEDOUT { return take(&state) }
      } else {
        pthread_cond_wait(condition, mutex)
      }
    }
  }
}

/// The clocks, without Foundation.
enum SystemClock {
  /// Nanoseconds of a clock that never goes back.
  static func monotonic() -> UInt64 {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return UInt64(now.tv_sec) &* 1_000_000_000 &+ UInt64(now.tv_nsec)
  }

  static func now() -> Int64 {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return Int64(now.tv_sec) &* 1_000_000 &+ Int64(now.tv_nsec) / 1000
  }
}

/// A thread of its own that runs one function.
///
/// `@unchecked Sendable`: nothing changes after `init` but what the monitor guards.
final class OwnThread: @unchecked Sendable {
  private final class Start {
    let name: String
    let body: @Sendable () -> Void
    let finished: Monitor<Bool>

    init(name: String, body: @escaping @Sendable () -> Void, finished: Monitor<Bool>) {
      self.name = name
      self.body = body
      self.finished = finished
    }
  }

  private let finished = Monitor(false)

  /// - Parameter name: what the system shows it as, at most 15 bytes.
  init(_ name: String, _ body: @escaping @Sendable () -> Void) {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    // The default of 8 MB is address space only, but SQLite and protobuf decoding need far less.
    pthread_attr_setstacksize(&attributes, 1 << 20)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    let start = Unmanaged.passRetained(Start(name: name, body: body, finished: finished))
    var thread = pthread_t()
    let code = pthread_create(&thread, &attributes, threadMain, start.toOpaque())
    pthread_attr_destroy(&attributes)
    if code != 0 {
      start.release()
      finished.change { $0 = true }
    }
  }

  /// Waits for the function to return.
  func join() { _ = finished.wait { $0 ? true : nil } }

  /// Tells the kernel the thread's name, so that an operator's `top -H` shows who is busy.
  private static func nameThread(_ name: String) {
    let file = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { return }
    _ = Array(name.utf8).withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
    close(file)
  }

  fileprivate static func run(_ raw: UnsafeMutableRawPointer) {
    let start = Unmanaged<Start>.fromOpaque(raw).takeRetainedValue()
    nameThread(start.name)
    start.body()
    start.finished.change { $0 = true }
  }
}

private func threadMain(_ raw: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  if let raw { OwnThread.run(raw) }
  return nil
}
