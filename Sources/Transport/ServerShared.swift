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
    var handlers = 0
    var stopping = false
    var idle: [Latch<Void>] = []
    var statistics = GRPCServer.Statistics()
    var refusalLogged: NIODeadline?

    mutating func takeIfIdle() -> [Latch<Void>] {
      guard stopping, connections == 0, handlers == 0 else { return [] }
      defer { idle = [] }
      return idle
    }
  }

  let configuration: ServerConfiguration
  let router: Router
  let logger: Logger
  let context: ReloadingServerContext
  private let state = Mutex(State())

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

  var isStopping: Bool { state.withLock { $0.stopping } }
  var statistics: GRPCServer.Statistics {
    state.withLock { state in
      var statistics = state.statistics
      statistics.openConnections = state.connections
      statistics.runningHandlers = state.handlers
      return statistics
    }
  }

  /// Whether one more connection may be had.
  func admit(_ address: String) -> Bool {
    enum Answer { case admitted, refused(log: Bool) }
    let answer = state.withLock { state -> Answer in
      let same = state.perAddress[address, default: 0]
      guard !state.stopping, state.connections < configuration.connections,
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
      return state.takeIfIdle()
    }
    for latch in idle { latch.set(()) }
  }

  func handlerStarted() { state.withLock { $0.handlers += 1 } }

  func handlerEnded() {
    let idle = state.withLock { state -> [Latch<Void>] in
      state.handlers -= 1
      return state.takeIfIdle()
    }
    for latch in idle { latch.set(()) }
  }

  /// From now on nothing new is let in; the latch is set once no connection and no handler is left.
  func stop() -> Latch<Void> {
    let latch = Latch<Void>()
    let idle = state.withLock { state -> [Latch<Void>] in
      state.stopping = true
      state.idle.append(latch)
      return state.takeIfIdle()
    }
    for latch in idle { latch.set(()) }
    return latch
  }

  var isIdle: Bool { state.withLock { $0.connections == 0 && $0.handlers == 0 } }

  func connectionClosed(_ connection: ServerConnection, during handshake: Bool, reason: WireFailure?) {
    if handshake, reason != nil { state.withLock { $0.statistics.failedHandshakes += 1 } }
    guard let reason else { return }
    var metadata: Logger.Metadata = ["peer": "\(connection.info.remoteAddress)"]
    switch reason {
    case .tls(let error):
      metadata["reason"] = "\(error)"
      logger.notice(
        handshake ? "a TLS handshake failed" : "a connection broke TLS", metadata: metadata)
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
