package import NIOCore
internal import RPC
import Synchronization

/// An event loop as the place where a connection, its calls and their handlers live.
///
/// As a task executor it runs a handler's continuations on the connection's own thread, so that no call hops
/// between threads; and it flushes connections once for all that a turn of the loop produced.
///
/// Jobs have a lock; every other `var` is touched on the loop only. That makes `@unchecked Sendable` true.
package final class ConnectionLoop: TaskExecutor, CallLoop, @unchecked Sendable {
  private struct Jobs {
    var waiting: [UnownedJob] = []
    var scheduled = false
  }

  /// How often connections look at their timeouts.
  static let tick = TimeAmount.milliseconds(500)
  /// Jobs run in a row before sockets get their turn again.
  private static let jobsPerTurn = 1024
  /// What one TLS record may hold (RFC 8446), and a few of them for a long body.
  private static let scratchBytes = 64 << 10

  package let eventLoop: any EventLoop
  private let jobs = Mutex(Jobs())

  // On the loop only.
  private var connections: [ObjectIdentifier: any LoopConnection] = [:]
  private var dirty: [any LoopConnection] = []
  private var inTurn = false
  /// The time of this turn, once somebody has asked for it.
  private var turnTime: NIODeadline?
  private var turnInstant: ContinuousClock.Instant?
  private var ticking = false
  /// Plaintext on its way in, and on its way out; used by one connection at a time.
  let scratch: UnsafeMutableRawBufferPointer
  var plaintext: [UInt8] = []

  deinit { scratch.deallocate() }

  package init(_ eventLoop: any EventLoop) {
    self.eventLoop = eventLoop
    scratch = .allocate(byteCount: Self.scratchBytes, alignment: 16)
    plaintext.reserveCapacity(Self.scratchBytes)
  }

  // MARK: Time

  /// Now, to a turn's length: asked for once for all that a turn does.
  var now: NIODeadline {
    if let turnTime { return turnTime }
    let now = NIODeadline.now()
    if inTurn { turnTime = now }
    return now
  }

  /// The same by the clock that deadlines are told by.
  var instant: ContinuousClock.Instant {
    if let turnInstant { return turnInstant }
    let now = ContinuousClock.now
    if inTurn { turnInstant = now }
    return now
  }

  // MARK: CallLoop

  package var isCurrent: Bool { eventLoop.inEventLoop }

  package func execute(_ work: @escaping @Sendable () -> Void) {
    eventLoop.execute {
      self.turn(work)
    }
  }

  package var taskExecutor: (any TaskExecutor)? { self }

  // MARK: TaskExecutor

  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    // Within a turn the jobs run at its end anyway.
    let willRun = eventLoop.inEventLoop && inTurn
    let schedule = jobs.withLock { jobs -> Bool in
      jobs.waiting.append(job)
      guard !willRun, !jobs.scheduled else { return false }
      jobs.scheduled = true
      return true
    }
    if schedule {
      eventLoop.execute {
        self.jobs.withLock { $0.scheduled = false }
        self.turn {}
      }
    }
  }

  /// Does something on the loop, then everything it has set off, then sends what came of it.
  package func turn(_ work: () -> Void) {
    guard !inTurn else { return work() }
    inTurn = true
    work()
    runJobs()
    flushDirty()
    inTurn = false
    turnTime = nil
    turnInstant = nil
    runLeftOver()
  }

  private func runJobs() {
    var ran = 0
    while ran < Self.jobsPerTurn {
      let batch = jobs.withLock { jobs -> [UnownedJob] in
        guard !jobs.waiting.isEmpty else { return [] }
        defer { jobs.waiting = [] }
        return jobs.waiting
      }
      guard !batch.isEmpty else { return }
      for job in batch { job.runSynchronously(on: asUnownedTaskExecutor()) }
      ran += batch.count
    }
  }

  /// Jobs that came while flushing, or were too many for one turn, get the next one.
  private func runLeftOver() {
    let schedule = jobs.withLock { jobs -> Bool in
      guard !jobs.waiting.isEmpty, !jobs.scheduled else { return false }
      jobs.scheduled = true
      return true
    }
    if schedule {
      eventLoop.execute {
        self.jobs.withLock { $0.scheduled = false }
        self.turn {}
      }
    }
  }

  // MARK: Connections

  /// Asks for a flush at the end of this turn.
  func markDirty(_ connection: any LoopConnection) {
    dirty.append(connection)
    if !inTurn { eventLoop.execute { self.turn {} } }
  }

  private func flushDirty() {
    while !dirty.isEmpty {
      let batch = dirty
      dirty.removeAll(keepingCapacity: true)
      for connection in batch { connection.flushNow() }
    }
  }

  func add(_ connection: any LoopConnection) {
    connections[ObjectIdentifier(connection)] = connection
    guard !ticking else { return }
    ticking = true
    scheduleTick()
  }

  func remove(_ connection: any LoopConnection) {
    connections[ObjectIdentifier(connection)] = nil
  }

  var openConnections: [any LoopConnection] { Array(connections.values) }

  private func scheduleTick() {
    eventLoop.scheduleTask(in: Self.tick) {
      guard !self.connections.isEmpty else {
        self.ticking = false
        return
      }
      let now = NIODeadline.now()
      self.turn {
        for connection in self.openConnections { connection.tick(now) }
      }
      self.scheduleTick()
    }
  }
}

/// A connection as its loop sees it.
package protocol LoopConnection: AnyObject {
  /// Sends everything that waits.
  func flushNow()
  /// Looks at its timeouts.
  func tick(_ now: NIODeadline)
}
