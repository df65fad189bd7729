public import Logging
import ServiceLifecycle
import Transport
import UnixSignals

/// Runs the server as the process's one service: SIGTERM and SIGINT stop it gracefully.
public enum ServerRunner {
  /// - Throws: what the server throws.
  public static func run(_ server: PunosServer, logger: Logger) async throws {
    ProcessMemory.keepBounded()
    var quiet = logger
    quiet.logLevel = .error
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: [
          .init(
            service: server, successTerminationBehavior: .gracefullyShutdownGroup,
            failureTerminationBehavior: .cancelGroup),
          .init(service: MemoryKeeper()),
        ],
        gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet))
    try await group.run()
  }
}
