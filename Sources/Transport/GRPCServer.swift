internal import HTTP2
public import Logging
internal import NIOCore
internal import NIOPosix
public import RPC
import Synchronization
internal import TLS

/// A gRPC server on its own engine: start it, and stop it gracefully.
public final class GRPCServer: Sendable {
  /// Counts since the start, and what is open now.
  public struct Statistics: Sendable, Hashable {
    /// Connections let in.
    public internal(set) var acceptedConnections = 0
    /// Connections turned away by a limit.
    public internal(set) var refusedConnections = 0
    /// Handshakes that failed.
    public internal(set) var failedHandshakes = 0
    /// Connections open now.
    public internal(set) var openConnections = 0
    /// Handlers running now.
    public internal(set) var runningHandlers = 0
  }

  private struct Running {
    var listener: any Channel
    var group: MultiThreadedEventLoopGroup
    var loops: [ConnectionLoop]
    var address: BoundAddress
  }

  private enum State {
    case fresh
    case starting
    case running(Running)
    case stopped
  }

  /// Waiting connections the operating system keeps while all loops are busy.
  private static let backlog: Int32 = 1024
  /// What a read takes at most; grows from little to this while a connection is busy.
  private static let readBytes = 64 << 10

  private let shared: ServerShared
  private let state = Mutex(State.fresh)

  /// Makes a server; it does nothing until ``start()``.
  ///
  /// - Parameters:
  ///   - configuration: addresses, certificates, limits.
  ///   - router: what is served.
  ///   - logger: gets handshake failures, closed connections, failed handlers.
  /// - Throws: `TLSError` when the certificate files cannot be used.
  public init(configuration: ServerConfiguration, router: Router, logger: Logger) throws {
    shared = try ServerShared(configuration: configuration, router: router, logger: logger)
  }

  /// What happened so far.
  public var statistics: Statistics { shared.statistics }

  /// Begins to listen.
  ///
  /// - Returns: the address, with the port the operating system chose if it was asked to.
  /// - Throws: ``ServerError`` when it cannot listen there, or was started before.
  public func start() async throws -> BoundAddress {
    let first = state.withLock { state -> Bool in
      guard case .fresh = state else { return false }
      state = .starting
      return true
    }
    guard first else { throw ServerError.startedBefore }
    let configuration = shared.configuration
    let threads = configuration.eventLoops > 0 ? configuration.eventLoops : Processors.available
    let group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
    let loops = group.makeIterator().map { ConnectionLoop($0) }
    let byLoop = Dictionary(uniqueKeysWithValues: loops.map { (ObjectIdentifier($0.eventLoop), $0) })
    let shared = shared
    do {
      let listener = try await ServerBootstrap(group: group)
        .serverChannelOption(.backlog, value: Self.backlog)
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
        .childChannelOption(.writeBufferWaterMark, value: WireConnection.writeWatermarks)
        .childChannelOption(
          .recvAllocator,
          value: AdaptiveRecvByteBufferAllocator(minimum: 1024, initial: 4096, maximum: Self.readBytes)
        )
        .childChannelInitializer { channel in
          guard let loop = byLoop[ObjectIdentifier(channel.eventLoop)] else {
            return channel.close()
          }
          return Self.accept(channel, on: loop, shared: shared)
        }
        .bind(host: configuration.host, port: configuration.port).get()
      let address = BoundAddress(
        host: listener.localAddress?.ipAddress ?? configuration.host,
        port: listener.localAddress?.port ?? configuration.port)
      state.withLock {
        $0 = .running(Running(listener: listener, group: group, loops: loops, address: address))
      }
      return address
    } catch {
      state.withLock { $0 = .stopped }
      try? await group.shutdownGracefully()
      throw ServerError.cannotListen(
        host: configuration.host, port: configuration.port, reason: "\(error)")
    }
  }

  private static func accept(
    _ channel: any Channel, on loop: ConnectionLoop, shared: ServerShared
  ) -> EventLoopFuture<Void> {
    let remote = channel.remoteAddress
    let host = remote?.ipAddress ?? "unknown"
    guard shared.admit(host) else { return channel.close() }
    channel.closeFuture.whenComplete { _ in shared.left(host) }
    do {
      var limits = HTTP2Limits()
      limits.concurrentStreams = shared.configuration.concurrentStreams
      limits.announcedHeaderBytes = shared.configuration.metadataBytes
      limits.headerBytes = shared.configuration.metadataBytesHard
      let session = try HTTP2Session(.server, limits: limits)
      let wire = WireConnection(tls: try TLSSession(shared.context.current()), session: session, loop: loop)
      let address = BoundAddress(host: host, port: remote?.port ?? 0).description
      let connection = ServerConnection(wire: wire, shared: shared, remoteAddress: address)
      try channel.pipeline.syncOperations.addHandler(wire)
      wire.owner = connection
      session.delegate = connection
      return channel.eventLoop.makeSucceededVoidFuture()
    } catch {
      shared.logger.error(
        "a connection could not be set up", metadata: ["peer": "\(host)", "reason": "\(error)"])
      return channel.close()
    }
  }

  /// Stops: no new connections, GOAWAY on the open ones, calls in flight finish.
  ///
  /// - Parameter grace: how long they may take; what is left then is cancelled.
  public func stop(graceWithin grace: Duration = .seconds(30)) async {
    let running = state.withLock { state -> Running? in
      guard case .running(let running) = state else { return nil }
      state = .stopped
      return running
    }
    guard let running else { return }
    try? await running.listener.close()
    let idle = shared.stop()
    for loop in running.loops {
      loop.execute {
        for connection in loop.openConnections {
          ((connection as? WireConnection)?.owner as? ServerConnection)?.beginShutdown()
        }
      }
    }
    let timers = running.loops.map { loop in
      loop.eventLoop.scheduleTask(in: TimeAmount(grace)) {
        loop.turn {
          for connection in loop.openConnections { (connection as? WireConnection)?.close(nil) }
        }
      }
    }
    // Handlers that take no notice of their cancellation get this long before they are left behind.
    let giveUp = running.loops.first?.eventLoop.scheduleTask(in: TimeAmount(grace) + .seconds(5)) {
      idle.set(())
    }
    await idle.wait()
    for timer in timers { timer.cancel() }
    giveUp?.cancel()
    // A loop that a handler still runs on must live on; the process is about to end anyway.
    if shared.isIdle { try? await running.group.shutdownGracefully() }
  }
}

/// Why a server does not listen.
public enum ServerError: Error, Sendable, CustomStringConvertible {
  /// A server starts once.
  case startedBefore
  /// The address cannot be listened on.
  case cannotListen(host: String, port: Int, reason: String)

  public var description: String {
    switch self {
    case .startedBefore: "this server was started before: make a new one"
    case .cannotListen(let host, let port, let reason):
      "cannot listen on \(BoundAddress(host: host, port: port)): \(reason); check that the address is this machine's and the port is free"
    }
  }
}
