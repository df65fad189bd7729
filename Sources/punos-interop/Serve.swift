internal import ArgumentParser
internal import Dispatch
internal import Glibc
internal import Logging
internal import RPC
internal import TLS
internal import Transport

/// `punos-interop serve`: the server side.
struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Serves grpc.testing.TestService over TLS until SIGTERM.")

  @Option(help: "Where to listen; port 0 lets the system choose.")
  var listen: HostPort
  @Option(help: "The server's certificate and chain, PEM.")
  var cert: String
  @Option(help: "Its key, PEM.")
  var key: String
  @Option(help: "CAs of clients, PEM; clients must show a certificate then.")
  var clientCa: String?
  @Option(help: "Event loops; 0 takes one for each processor.")
  var threads = 0
  @Option(help: "Seconds that calls in flight may take after SIGTERM.")
  var grace = 10.0
  @Option(help: "Seconds a reader may take nothing of what waits for it.")
  var stalledWriterTimeout: Double?
  @Option(help: "Seconds a connection without calls stays open.")
  var idleTimeout: Double?
  @Option(help: "Seconds after which a silent peer is asked for a sign of life.")
  var keepaliveAfter: Double?
  @Option(help: "Seconds it may take to give one.")
  var keepaliveTimeout: Double?
  @Option(help: "Seconds after which a connection is asked to come back.")
  var connectionAge: Double?
  @Option(help: "Seconds that the calls of such a connection may still take.")
  var connectionAgeGrace: Double?
  @Option(help: "Log level: trace, debug, info, notice, warning, error or critical.")
  var logLevel = "info"

  func run() async throws {
    ProcessMemory.keepBounded()
    signal(SIGPIPE, SIG_IGN)
    var logger = Logger(label: "punos-interop") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = Logger.Level(rawValue: logLevel) ?? .info
    var configuration = ServerConfiguration(
      host: listen.host, port: listen.port,
      tls: ReloadingServerContext.Files(certificate: cert, key: key, clientCA: clientCa))
    configuration.eventLoops = threads
    if let stalledWriterTimeout { configuration.stalledWriterTimeout = .seconds(stalledWriterTimeout) }
    if let idleTimeout { configuration.idleTimeout = .seconds(idleTimeout) }
    if let keepaliveAfter { configuration.keepaliveAfter = .seconds(keepaliveAfter) }
    if let keepaliveTimeout { configuration.keepaliveTimeout = .seconds(keepaliveTimeout) }
    if let connectionAge { configuration.connectionAge = .seconds(connectionAge) }
    if let connectionAgeGrace { configuration.connectionAgeGrace = .seconds(connectionAgeGrace) }
    let server = try GRPCServer(
      configuration: configuration, router: try Router(services: [InteropService()]), logger: logger)
    let signals = TerminationSignals()
    let address = try await server.start()
    // A signal that came before its source is installed would be lost: nobody is told of the address until then.
    await signals.installed()
    print("listening on \(address)")
    fflush(nil)
    await signals.first()
    await server.stop(graceWithin: .seconds(grace))
  }
}

/// Waits for SIGTERM or SIGINT.
///
/// The sources are made in the initialiser and only released later, which makes `@unchecked Sendable` true.
final class TerminationSignals: @unchecked Sendable {
  private let sources: [any DispatchSourceSignal]
  private let stream: AsyncStream<Void>
  private let installations: AsyncStream<Void>

  init() {
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
    let (installations, installation) = AsyncStream.makeStream(of: Void.self)
    self.stream = stream
    self.installations = installations
    sources = [SIGTERM, SIGINT].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { continuation.yield() }
      source.setRegistrationHandler { installation.yield() }
      source.activate()
      return source
    }
  }

  /// Returns when a signal sent from now on is noticed.
  func installed() async {
    var missing = sources.count
    for await _ in installations {
      missing -= 1
      if missing == 0 { return }
    }
  }

  func first() async {
    for await _ in stream { return }
  }
}
