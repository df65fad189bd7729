internal import HTTP2
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import RPC
internal import TLS
internal import Transport

/// A channel's connection and the calls that wait for one.
///
/// All its `var`s are touched on its loop only, which makes `@unchecked Sendable` true.
final class ChannelCore: @unchecked Sendable {
  private enum State {
    case idle
    case connecting(since: NIODeadline)
    case ready(ClientConnection)
    case pausing(until: NIODeadline, because: RPCError)
    case closed
  }

  let configuration: ClientConfiguration
  let loop: ConnectionLoop
  let logger: Logger
  private let context: TLSContext
  private var state = State.idle
  private var waiting: [ClientCall] = []
  private var failures = 0
  private var timer: Scheduled<Void>?
  private var timerAt: ContinuousClock.Instant?
  private var deadlines: [ObjectIdentifier: ClientCall] = [:]
  private var connections: [ObjectIdentifier: ClientConnection] = [:]
  private var closeWaiters: [Latch<Void>] = []

  init(_ configuration: ClientConfiguration, context: TLSContext, loop: ConnectionLoop, logger: Logger) {
    self.configuration = configuration
    self.context = context
    self.loop = loop
    self.logger = logger
  }

  // MARK: Calls

  func start(_ call: ClientCall) {
    guard !call.isFinished else { return }
    watchDeadline(of: call)
    switch state {
    case .ready(let connection):
      connection.start(call)
    case .connecting:
      wait(call)
    case .idle:
      wait(call)
      connect()
    case .pausing(let until, let reason):
      guard NIODeadline.now() >= until else { return call.fail(reason, unprocessed: false) }
      wait(call)
      connect()
    case .closed:
      call.fail(
        RPCError(.unavailable, "this channel to \(configuration.endpoint) was closed: make a new one"))
    }
  }

  private func wait(_ call: ClientCall) {
    waiting.removeAll { $0.isFinished }
    guard waiting.count < configuration.waitingCalls else {
      return call.fail(
        RPCError(
          .resourceExhausted,
          "\(waiting.count) calls wait for a connection to \(configuration.endpoint) already: try again later"
        ))
    }
    waiting.append(call)
  }

  // MARK: Deadlines

  private func watchDeadline(of call: ClientCall) {
    guard let deadline = call.deadline else { return }
    deadlines[ObjectIdentifier(call)] = call
    schedule(deadline)
  }

  private func schedule(_ deadline: ContinuousClock.Instant) {
    if let timerAt, timerAt <= deadline { return }
    timerAt = deadline
    timer?.cancel()
    let delay = TimeAmount(ContinuousClock.now.duration(to: deadline))
    timer = loop.eventLoop.scheduleTask(in: max(delay, .nanoseconds(0))) { self.deadlinesPassed() }
  }

  private func deadlinesPassed() {
    timerAt = nil
    timer = nil
    let now = ContinuousClock.now
    var next: ContinuousClock.Instant?
    loop.turn {
      for (key, call) in deadlines {
        guard !call.isFinished, let deadline = call.deadline else {
          deadlines[key] = nil
          continue
        }
        if deadline <= now {
          deadlines[key] = nil
          call.fail(
            RPCError(
              .deadlineExceeded, "\(configuration.endpoint) did not answer \(call.path) in the time given"))
        } else if next.map({ deadline < $0 }) ?? true {
          next = deadline
        }
      }
    }
    if let next { schedule(next) }
  }

  /// A call has ended: nobody needs to watch its deadline.
  func finished(_ call: ClientCall) {
    guard call.deadline != nil else { return }
    deadlines[ObjectIdentifier(call)] = nil
  }

  // MARK: The connection

  private func connect() {
    state = .connecting(since: .now())
    let configuration = configuration
    let bootstrap = ClientBootstrap(group: loop.eventLoop)
      .connectTimeout(TimeAmount(configuration.connectTimeout))
      .channelOption(.socketOption(.tcp_nodelay), value: 1)
      .channelOption(.writeBufferWaterMark, value: WireConnection.writeWatermarks)
      .channelInitializer { channel in
        do {
          try channel.pipeline.syncOperations.addHandler(try self.makeConnection())
          return channel.eventLoop.makeSucceededVoidFuture()
        } catch {
          return channel.eventLoop.makeFailedFuture(error)
        }
      }
    bootstrap.connect(host: configuration.host, port: configuration.port).whenFailure { error in
      self.loop.turn { self.attemptFailed(ConnectFailure.describe(error, configuration)) }
    }
  }

  private func makeConnection() throws -> WireConnection {
    let tls = try TLSSession(context, serverName: configuration.serverName ?? configuration.host)
    let session = try HTTP2Session(.client)
    let wire = WireConnection(tls: tls, session: session, loop: loop)
    let connection = ClientConnection(wire: wire, core: self)
    wire.owner = connection
    session.delegate = connection
    connections[ObjectIdentifier(connection)] = connection
    return wire
  }

  /// TLS stands and the server has shown its settings.
  func ready(_ connection: ClientConnection) {
    guard case .connecting = state else { return connection.closeWhenUnused() }
    failures = 0
    state = .ready(connection)
    let calls = waiting
    waiting = []
    for call in calls where !call.isFinished { connection.start(call) }
  }

  /// The server asks us to go elsewhere: new calls get a new connection, open ones finish.
  func leaving(_ connection: ClientConnection) {
    if case .ready(let current) = state, current === connection { state = .idle }
  }

  /// A connection is gone.
  ///
  /// - Parameter failure: why, when it was not in order.
  func lost(_ connection: ClientConnection, wasReady: Bool, _ failure: RPCError?) {
    connections[ObjectIdentifier(connection)] = nil
    if case .closed = state { return finishClosing() }
    if wasReady {
      leaving(connection)
      if let failure {
        logger.info("a connection was lost", metadata: ["reason": "\(failure.message)"])
      }
    } else {
      attemptFailed(
        failure
          ?? RPCError(
            .unavailable, "\(configuration.endpoint) closed the connection before it was ready to take calls")
      )
    }
  }

  /// A connection that never stood is gone.
  func forget(_ connection: ClientConnection) {
    connections[ObjectIdentifier(connection)] = nil
    if case .closed = state { finishClosing() }
  }

  private func attemptFailed(_ reason: RPCError) {
    guard case .connecting = state else { return }
    failures += 1
    let backoff = Backoff(first: configuration.backoff, longest: configuration.backoffLimit)
    let pause = backoff.pause(after: failures, chance: Double.random(in: 0...1))
    logger.info("a connection could not be made", metadata: ["reason": "\(reason.message)"])
    state = .pausing(until: .now() + .nanoseconds(Int64(pause * 1e9)), because: reason)
    let calls = waiting
    waiting = []
    for call in calls { call.fail(reason) }
  }

  // MARK: The end

  func close(_ latch: Latch<Void>) {
    closeWaiters.append(latch)
    state = .closed
    timer?.cancel()
    let calls = waiting
    waiting = []
    for call in calls {
      call.fail(RPCError(.unavailable, "the channel to \(configuration.endpoint) was closed"))
    }
    for connection in connections.values { connection.closeNow() }
    finishClosing()
  }

  private func finishClosing() {
    guard connections.isEmpty else { return }
    for latch in closeWaiters { latch.set(()) }
    closeWaiters = []
  }
}
