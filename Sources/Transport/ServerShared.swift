internal import Logging
internal import NIOCore
internal import RPC
import Synchronization
internal import TLS

/// What a server's connections share across loops.
final class ServerShared: Sendable {
  private struct State {
    var connections = 0
    var perAddress: [String: Int] = [:]
    var idle: [Latch<Void>] = []
    var statistics = GRPCServer.Statistics()
    var refusalLogged: NIODeadline?

    mutating func takeIfIdle(_ handlers: Int) -> [Latch<Void>] {
      guard connections == 0, handlers == 0 else { return [] }
      defer { idle = [] }
      return idle
    }
  }

  let configuration: ServerConfiguration
  let router: Router
  let logger: Logger
  let context: ReloadingServerContext
  private let state = Mutex(State())
  private let handlers = Atomic(0)
  private let stopping = Atomic(false)

  init(configuration: ServerConfiguration, router: Router, logger: Logger) throws(TLSError) {
    self.configuration = configuration
    self.router = router
    self.logger = logger
    context = try ReloadingServerContext(
      configuration.tls, clients: configuration.clientCertificates
    ) { change in
      switch change {
      case .replaced:
        logger.notice("the server's certificate files have changed: new connections use them")
      case .refused(let error):
        logger.critical(
          "the server's certificate files have changed and CANNOT BE USED: the old ones stay in use",
          metadata: ["reason": "\(error)"])
      }
    }
  }

  func nextTag() -> String {
    let text = String(UInt64.random(in: 0...UInt64.max), radix: 16)
    return String(repeating: "0", count: max(0, 16 - text.count)) + text
  }

  var isStopping: Bool { stopping.load(ordering: .acquiring) }
  var statistics: GRPCServer.Statistics {
    state.withLock { state in
      var statistics = state.statistics
      statistics.openConnections = state.connections
      statistics.runningHandlers = handlers.load(ordering: .relaxed)
      return statistics
    }
  }

  /// Whether one more connection may be had.
  func admit(_ address: String) -> Bool {
    enum Answer {
      case admitted
      case refused(log: Bool)
    }
    let answer = state.withLock { state -> Answer in
      let same = state.perAddress[address, default: 0]
      guard !isStopping, state.connections < configuration.connections,
        same < configuration.connectionsPerAddress
      else {
        state.statistics.refusedConnections += 1
        let now = NIODeadline.now()
        let log = state.refusalLogged.map { now - $0 > .seconds(1) } ?? true
        if log { state.refusalLogged = now }
        return .refused(log: log)
      }
      state.connections += 1
      state.perAddress[address] = same + 1
      state.statistics.acceptedConnections += 1
      return .admitted
    }
    switch answer {
    case .admitted: return true
    case .refused(let log):
      if log {
        logger.warning("too many connections: some are refused", metadata: ["peer": "\(address)"])
      }
      return false
    }
  }

  /// Gives back what ``admit(_:)`` counted.
  func left(_ address: String) {
    let idle = state.withLock { state -> [Latch<Void>] in
      state.connections -= 1
      let same = state.perAddress[address, default: 1] - 1
      state.perAddress[address] = same > 0 ? same : nil
      return isStopping ? state.takeIfIdle(handlers.load(ordering: .acquiring)) : []
    }
    for latch in idle { latch.set(()) }
  }

  func handlerStarted() { handlers.add(1, ordering: .relaxed) }

  func handlerEnded() {
    handlers.subtract(1, ordering: .releasing)
    if isStopping { tellIfIdle() }
  }

  private func tellIfIdle() {
    let idle = state.withLock { $0.takeIfIdle(handlers.load(ordering: .acquiring)) }
    for latch in idle { latch.set(()) }
  }

  /// From now on nothing new is let in; the latch is set once no connection and no handler is left.
  func stop() -> Latch<Void> {
    let latch = Latch<Void>()
    state.withLock { $0.idle.append(latch) }
    stopping.store(true, ordering: .sequentiallyConsistent)
    tellIfIdle()
    return latch
  }

  var isIdle: Bool { state.withLock { $0.connections } == 0 && handlers.load(ordering: .acquiring) == 0 }

  /// A connection is gone that never got as far as calls.
  private func handshakeEnded(_ connection: ServerConnection, _ reason: WireFailure?) {
    // Who says nothing at all only looks whether the port is open, as balancers do every second; and a server that
    // stops lets nobody in.
    guard connection.wire.hasReceived || reason != nil, !isStopping else { return }
    state.withLock { $0.statistics.failedHandshakes += 1 }
    let text =
      switch reason {
      case .tls(let error): "\(error)"
      case .http2(let error): "\(error)"
      case .timeout(let text): text
      case .io(let error): "the connection was lost before the handshake was complete: \(error)"
      case nil: "the peer closed the connection before the handshake was complete"
      }
    logger.notice(
      "a TLS handshake failed",
      metadata: ["peer": "\(connection.info.remoteAddress)", "reason": "\(text)"])
  }

  func connectionClosed(_ connection: ServerConnection, during handshake: Bool, reason: WireFailure?) {
    if handshake { return handshakeEnded(connection, reason) }
    guard let reason else { return }
    var metadata: Logger.Metadata = ["peer": "\(connection.info.remoteAddress)"]
    switch reason {
    case .tls(let error):
      metadata["reason"] = "\(error)"
      logger.notice("a connection broke TLS", metadata: metadata)
    case .http2(let error):
      metadata["reason"] = "\(error)"
      logger.notice("a connection broke HTTP/2", metadata: metadata)
    case .timeout(let text):
      metadata["reason"] = "\(text)"
      logger.info("a connection was closed by a timeout", metadata: metadata)
    case .io(let error):
      metadata["reason"] = "\(error)"
      logger.debug("a connection was lost", metadata: metadata)
    }
  }
}
