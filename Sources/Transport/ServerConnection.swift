internal import HTTP2
internal import Logging
internal import NIOCore
internal import RPC
internal import TLS

/// One connection of the server: its timeouts, its limits, its calls. On its loop only.
final class ServerConnection: WireConnectionOwner, HTTP2SessionDelegate, ServerCallHost {
  /// How long a connection without calls waits for the round trip that ends it.
  private static let drainRoundTrip = TimeAmount.seconds(1)

  private enum Phase { case handshake, preface, open, shuttingDown }

  /// Holds this connection as its owner until the socket is closed.
  let wire: WireConnection
  let shared: ServerShared
  private(set) var info: ConnectionInfo
  private let connectionLoop: ConnectionLoop
  private let accepted: NIODeadline
  private let age: TimeAmount
  private var phase = Phase.handshake
  private var phaseBegan: NIODeadline
  private var idleSince: NIODeadline
  private var runningHandlers = 0
  let environment: CallEnvironment
  private var heads = RequestHeadCache()
  private var keepaliveSent: NIODeadline?
  private var drainPing: UInt64?
  private var deadlineTimer: Scheduled<Void>?
  private var deadlineAt: ContinuousClock.Instant?

  init(wire: WireConnection, shared: ServerShared, remoteAddress: String) {
    self.wire = wire
    self.shared = shared
    connectionLoop = wire.loop
    accepted = .now()
    phaseBegan = accepted
    idleSince = accepted
    environment = CallEnvironment(
      loop: wire.loop, limits: shared.configuration.calls, interceptors: shared.router.interceptors,
      budget: HeldBudget(limit: shared.configuration.heldBytesPerConnection),
      unsent: UnsentBudget(
        limit: shared.configuration.unsentBytesPerConnection,
        startBytes: shared.configuration.unsentBytesBeforeWaiting,
        messageBytes: shared.configuration.calls.messageBytes),
      compressesByDefault: shared.configuration.compressesResponses)
    var age = TimeAmount(shared.configuration.connectionAge)
    age = age - .nanoseconds(Int64.random(in: 0...max(0, age.nanoseconds / 10)))
    self.age = age
    info = ConnectionInfo(peer: nil, remoteAddress: remoteAddress, tag: shared.nextTag())
  }

  var configuration: ServerConfiguration { shared.configuration }

  /// What a header block says.
  func head(of fields: ReceivedFields) -> ParsedHead { heads.head(of: fields, router: shared.router) }

  /// Tells the interceptors of a request that never became a call.
  func tellRefused(_ reason: RequestRefusal.Reason) {
    let refusal = RequestRefusal(reason, remoteAddress: info.remoteAddress)
    for interceptor in shared.router.interceptors { interceptor.requestRefused(refusal) }
  }

  // MARK: ServerCallHost

  func handlerStarted() {
    runningHandlers += 1
    shared.handlerStarted()
  }

  func handlerEnded() {
    runningHandlers -= 1
    shared.handlerEnded()
  }

  func report(_ error: any Error, code: StatusCode, in context: CallContext) {
    let cause = (error as? RPCError)?.cause ?? error
    shared.logger.error(
      "a handler failed",
      metadata: [
        "method": "\(context.service)/\(context.method)", "status": "\(code)",
        "request_id": "\(context.requestID)", "error": "\(cause)",
      ])
  }

  // MARK: WireConnectionOwner

  func established() {
    phase = .preface
    phaseBegan = .now()
    if let certificate = wire.tls.peerCertificate() {
      let peer = PeerIdentity(
        subject: certificate.subject, uriSANs: certificate.uriSANs, fingerprint: certificate.fingerprint)
      info = ConnectionInfo(peer: peer, remoteAddress: info.remoteAddress, tag: info.tag)
    }
    if shared.isStopping { beginShutdown() }
  }

  func closing(_ reason: WireFailure?) {}

  func closed(_ reason: WireFailure?) {
    deadlineTimer?.cancel()
    shared.connectionClosed(self, during: phase == .handshake, reason: reason)
  }

  // MARK: HTTP2SessionDelegate

  func openedStream(_ stream: HTTP2Stream) -> (any HTTP2StreamHandler)? {
    // Handlers of calls that were cancelled may still run: their work must not pile up either.
    guard runningHandlers < shared.configuration.concurrentStreams * 2 else { return nil }
    return ServerStream(stream, connection: self)
  }

  func receivedSettings() {
    guard phase == .preface else { return }
    phase = .open
    idleSince = .now()
  }

  func receivedPingAnswer(_ payload: UInt64) {
    keepaliveSent = nil
    if payload == drainPing {
      drainPing = nil
      wire.session.goAway()
      wire.markDirty()
    }
  }

  func receivedGoAway(lastStream: Int32, code: UInt32, debug: String) {}

  // MARK: Deadlines

  /// Sees to it that a call is ended at its deadline.
  func expect(_ deadline: ContinuousClock.Instant) {
    if let deadlineAt, deadlineAt <= deadline { return }
    deadlineAt = deadline
    deadlineTimer?.cancel()
    let delay = TimeAmount(ContinuousClock.now.duration(to: deadline))
    let timer = UnsafeConnectionBox(self)
    deadlineTimer = connectionLoop.eventLoop.scheduleTask(in: max(delay, .nanoseconds(0))) {
      timer.connection?.deadlinesPassed()
    }
  }

  private func deadlinesPassed() {
    deadlineAt = nil
    let now = ContinuousClock.now
    connectionLoop.turn {
      var next: ContinuousClock.Instant?
      for stream in wire.session.streams {
        guard let call = (stream.handler as? ServerStream)?.call, !call.isFinished,
          let deadline = call.context.deadline
        else { continue }
        if deadline <= now {
          call.deadlinePassed()
        } else if next.map({ deadline < $0 }) ?? true {
          next = deadline
        }
      }
      if let next { expect(next) }
    }
  }

  // MARK: Timeouts

  func tick(_ now: NIODeadline) {
    // A tick early rather than late: what is promised within ten seconds happens within ten.
    let now = now + ConnectionLoop.tick
    let configuration = shared.configuration
    if let blocked = wire.blockedSince, now - blocked > TimeAmount(configuration.stalledWriterTimeout) {
      return wire.abort(.timeout("the peer has read nothing for \(configuration.stalledWriterTimeout)"))
    }
    switch phase {
    case .handshake:
      if now - accepted > TimeAmount(configuration.handshakeTimeout) {
        wire.fail(.timeout("no TLS handshake within \(configuration.handshakeTimeout)"))
      }
    case .preface:
      if now - phaseBegan > TimeAmount(configuration.prefaceTimeout) {
        wire.fail(.timeout("no HTTP/2 preface within \(configuration.prefaceTimeout)"))
      }
    case .open:
      tickOpen(now, configuration)
    case .shuttingDown:
      resetStalledStreams(now, configuration)
      let unanswered =
        drainPing != nil && now - phaseBegan > Self.drainRoundTrip && wire.session.streams.isEmpty
      if unanswered || shutdownLimit.map({ now > $0 }) == true {
        wire.session.goAway()
        wire.close(nil)
      }
    }
  }

  private var shutdownLimit: NIODeadline?

  private func tickOpen(_ now: NIODeadline, _ configuration: ServerConfiguration) {
    resetStalledStreams(now, configuration)
    if !wire.session.streams.isEmpty { idleSince = now }
    if now - idleSince > TimeAmount(configuration.idleTimeout) {
      return beginShutdown(within: .seconds(10))
    }
    if now - accepted > age { return beginShutdown(within: TimeAmount(configuration.connectionAgeGrace)) }
    if let sent = keepaliveSent {
      if now - sent > TimeAmount(configuration.keepaliveTimeout) {
        wire.abort(.timeout("no sign of life for \(configuration.keepaliveTimeout)"))
      }
    } else if now - wire.lastRead > TimeAmount(configuration.keepaliveAfter) {
      keepaliveSent = now
      wire.session.ping(0)
      wire.markDirty()
    }
  }

  /// Ends streams whose reader has stopped, or as good as stopped; the others go on.
  private func resetStalledStreams(_ now: NIODeadline, _ configuration: ServerConfiguration) {
    let limit = TimeAmount(configuration.stalledWriterTimeout)
    for stream in wire.session.streams where stream.queuedBytes > 0 {
      guard let handler = stream.handler as? ServerStream,
        handler.pace.isStalled(
          now, within: limit, least: configuration.slowestReaderBytesPerSecond,
          connectionIsSlow: wire.blockedSince != nil)
      else { continue }
      shared.logger.info(
        "a stream's reader has stopped: the stream is reset",
        metadata: ["peer": "\(info.remoteAddress)", "waiting_bytes": "\(stream.queuedBytes)"])
      stream.reset(.enhanceYourCalm)
      wire.markDirty()
    }
  }

  // MARK: Stopping

  /// Asks the client to go elsewhere: calls already on their way are taken, open ones finish.
  ///
  /// - Parameter limit: when the connection is closed whatever is still open; nil waits for the server's own
  ///   limit.
  func beginShutdown(within limit: TimeAmount? = nil) {
    guard phase != .shuttingDown else { return }
    guard phase != .handshake else { return wire.close(nil) }
    phase = .shuttingDown
    phaseBegan = .now()
    shutdownLimit = limit.map { .now() + $0 }
    wire.session.announceShutdown()
    let payload = UInt64.random(in: 1...UInt64.max)
    drainPing = payload
    wire.session.ping(payload)
    wire.markDirty()
  }
}

/// Carries a connection into a timer of its own loop, where alone it is used: that makes `@unchecked
/// Sendable` true.
struct UnsafeConnectionBox: @unchecked Sendable {
  weak var connection: ServerConnection?
  init(_ connection: ServerConnection) { self.connection = connection }
}
