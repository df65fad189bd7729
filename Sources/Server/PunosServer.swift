import CoreMetrics
public import Logging
import NIOPosix
import ProtobufBridge
import PunosMessages
import RPC
public import ServiceLifecycle
import Services
import Store
import StoreSQLite
import TLS
import Transport

/// The server as a whole: a store, the services over it, and the addresses it is reached at.
public struct PunosServer: Service {
  /// The version that the server and the client report.
  public static let version = "0.1.0"

  private let configuration: Configuration
  private let logger: Logger
  private let environment: [String: String]
  /// Told where the server listens, once it does.
  private let onReady: @Sendable (String) -> Void

  /// - Parameters:
  ///   - configuration: everything it was told.
  ///   - environment: where systemd's socket is looked up.
  ///   - logger: what an operator should know.
  public init(
    configuration: Configuration, environment: [String: String], logger: Logger,
    onReady: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.configuration = configuration
    self.environment = environment
    self.logger = logger
    self.onReady = onReady
  }

  /// Serves until it is told to stop, then lets calls in flight finish.
  ///
  /// - Throws: ``ServerProblem`` where something it needs cannot be had.
  public func run() async throws {
    let folder = try DataFolder(configuration)
    let store = try StoreOpener(folder: folder, configuration: configuration, logger: part("store")).open()
    let registry = PrometheusRegistry()
    let world = makeWorld(store)
    let services = try makeServices(world)
    let board = HealthBoard(services: services.map(\.definition.name))
    let router = try makeRouter(services, registry, board)
    let server = try GRPCServer(
      configuration: try wireConfiguration(folder), router: router, logger: part("wire"))
    let notifier = SystemdNotifier(environment: environment)
    let signals = startSignals(world, folder)
    do {
      let address = try await server.start()
      let metrics = try await startMetrics(registry)
      let maintenance = try await MaintenanceSocket.start(
        folder, store, part("maintenance"), on: MultiThreadedEventLoopGroup.singleton)
      logger.notice(
        "serving",
        metadata: [
          "address": "\(address)", "metrics": "\(metrics?.address ?? "off")", "version": "\(Self.version)",
          "data": "\(folder.path)",
        ])
      notifier.ready()
      onReady(address.description)
      await watchHealth(of: store, board, registry)
      notifier.stopping()
      logger.notice("stopping", metadata: ["grace_seconds": "\(configuration.stopGraceSeconds)"])
      board.stop()
      async let stopped: Void = server.stop(graceWithin: .seconds(configuration.stopGraceSeconds))
      // Calls come to their end by themselves, watches do not.
      store.endWatches()
      await stopped
      await metrics?.stop()
      await maintenance.stop()
    } catch {
      await Self.stop(signals)
      await store.close()
      throw error
    }
    await Self.stop(signals)
    await store.close()
    logger.notice("stopped")
  }

  private func part(_ name: String) -> Logger {
    var logger = logger
    logger[metadataKey: "part"] = "\(name)"
    return logger
  }

  /// Computes signals beside the calls until it is stopped.
  private func startSignals(_ world: ServiceWorld, _ folder: DataFolder) -> Task<Void, Never> {
    let logger = part("signals")
    let engine = SignalEngine(world, places: SignalPlaceFile(path: folder.signalPlaces)) {
      logger.warning("\($0)")
    }
    return Task { await engine.run() }
  }

  private static func stop(_ signals: Task<Void, Never>) async {
    signals.cancel()
    await signals.value
  }

  private func makeWorld(_ store: SQLiteStore) -> ServiceWorld {
    let clock: @Sendable () -> Moment = {
      let now = WallClock.now()
      return Moment(seconds: now.seconds, nanoseconds: now.nanoseconds)
    }
    return ServiceWorld(store: store, catalog: NounCatalog(schema: Schema.shared), clock: clock)
  }

  private func makeServices(_ world: ServiceWorld) throws -> [any RPCService] {
    try Nouns.services(world) + [
      try AccountViewHandler(world), ChangeHandler(world), SearchHandler(world), PrivacyHandler(world),
      ServerInfoHandler(world, version: Self.version),
    ]
  }

  private func makeRouter(
    _ services: [any RPCService], _ registry: PrometheusRegistry, _ board: HealthBoard
  ) throws -> Router {
    let names = services.map(\.definition.name)
    let reflection = ReflectionHandler(
      schema: Schema.shared,
      services: names + ["grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection"])
    return try Router(
      services: services + [
        HealthHandler(board: board), reflection, ReflectionAlphaHandler(handler: reflection),
      ],
      interceptors: interceptors(registry))
  }

  /// Who is asked at every call, in order: the limiter needs to know who calls.
  private func interceptors(_ registry: PrometheusRegistry) -> [any ServerInterceptor] {
    let always: [any ServerInterceptor] = [
      CallObserver(registry: registry, logger: part("calls")), IdentityInterceptor(),
    ]
    guard configuration.maximumCallsPerSecond > 0 else { return always }
    return always + [CallRateLimiter(callsPerSecond: configuration.maximumCallsPerSecond)]
  }

  private func wireConfiguration(_ folder: DataFolder) throws -> ServerConfiguration {
    let address = try ListenAddress(configuration.listen ?? "")
    let files = ReloadingServerContext.Files(
      certificate: configuration.certificateFile ?? folder.serverCertificate,
      key: configuration.keyFile ?? folder.serverKey,
      clientCA: configuration.clientCAFile ?? folder.caCertificate)
    // Optional, so that a caller without a certificate is told what to do instead of seeing a closed connection.
    var wire = ServerConfiguration(
      host: address.host, port: address.port, tls: files, clientCertificates: .optional)
    wire.eventLoops = configuration.threads
    wire.concurrentStreams = configuration.maximumStreams
    wire.connections = configuration.maximumConnections
    wire.connectionsPerAddress = configuration.maximumConnectionsPerAddress
    wire.calls.messageBytes = configuration.maximumMessageBytes
    wire.scaleToMessages()
    return wire
  }

  private func startMetrics(_ registry: PrometheusRegistry) async throws -> MetricsEndpoint? {
    guard let listen = configuration.metricsListen else { return nil }
    let address = try ListenAddress(listen)
    return try await MetricsEndpoint.start(
      host: address.host, port: address.port, registry: registry, on: MultiThreadedEventLoopGroup.singleton)
  }

  /// Tells the store's health every second until a stop is asked for.
  private func watchHealth(of store: SQLiteStore, _ board: HealthBoard, _ registry: PrometheusRegistry) async
  {
    let unapplied = Meter(label: "punos_store_unapplied_commits", factory: registry)
    let wal = Meter(label: "punos_store_wal_bytes", factory: registry)
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        let health = store.health
        board.set(HealthBoard.writes, health.writesRefused == nil ? .serving : .notServing)
        unapplied.set(health.unappliedCommits)
        wal.set(health.walBytes)
        try? await Task.sleep(for: .seconds(1))
      }
    }
  }
}

/// Something that the server needs cannot be had: what, and what to do.
public struct ServerProblem: Error, CustomStringConvertible {
  /// One or two sentences.
  public var description: String

  init(_ description: String) { self.description = description }
}

/// HOST:PORT, where HOST may be an IPv6 address in brackets.
struct ListenAddress: Equatable {
  var host: String
  var port: Int

  /// - Throws: ``ServerProblem`` where the text is no address.
  init(_ text: String) throws(ServerProblem) {
    guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
      (0...65_535).contains(port)
    else {
      throw ServerProblem("An address has the form HOST:PORT, such as 127.0.0.1:8443; \"\(text)\" came.")
    }
    var host = String(text[..<colon])
    if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
    guard !host.isEmpty else {
      throw ServerProblem("An address needs a host before the colon; \"\(text)\" came.")
    }
    self.host = host
    self.port = port
  }
}
