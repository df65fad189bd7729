internal import Dispatch
internal import Glibc
internal import Synchronization

/// SIGINT, counted as it comes, and told of soon after.
///
/// A handler of its own and a pipe, and not a signal source of Dispatch: on Linux that one takes a signal from a thread
/// which has it unblocked by sending it on to another thread, and now and then the second one never sees it.
enum InterruptSignal {
  /// How many came since ``listen(_:)``.
  static var count: Int { interruptsSeen.load(ordering: .sequentiallyConsistent) }

  /// From now on the process is not ended by an interrupt, and a function is called after each; several at once may be
  /// told as one.
  ///
  /// - Returns: what hears of them; while nobody keeps it they are counted only. Nil where the system gives no pipe.
  static func listen(_ heard: @escaping @Sendable () -> Void) -> (any DispatchSourceRead)? {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return nil }
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    let readEnd = ends[0]
    interruptPipe.store(ends[1], ordering: .sequentiallyConsistent)
    // Made before the first signal, so that the handler finds it made.
    _ = count
    let source = DispatchSource.makeReadSource(fileDescriptor: readEnd, queue: .global())
    source.setEventHandler {
      var bytes: [UInt8] = Array(repeating: 0, count: 64)
      while read(readEnd, &bytes, bytes.count) > 0 {}
      heard()
    }
    source.resume()
    var action = sigaction()
    action.__sigaction_handler.sa_handler = interruptCame
    action.sa_flags = SA_RESTART
    sigaction(SIGINT, &action, nil)
    return source
  }
}

/// Interrupts that came, and where the handler writes: what it touches has no locks.
private let interruptsSeen = Atomic<Int>(0)
private let interruptPipe = Atomic<Int32>(-1)

/// Does only what a signal handler may: it may have stopped any thread anywhere.
private func interruptCame(_: Int32) {
  let before = errno
  interruptsSeen.add(1, ordering: .sequentiallyConsistent)
  var byte: UInt8 = 1
  // A full pipe has a byte to be read already.
  _ = write(interruptPipe.load(ordering: .sequentiallyConsistent), &byte, 1)
  errno = before
}
