import RPC
import Transport

/// Everything the server can be told, after file, environment and flags have had their say.
public struct Configuration: Sendable, Equatable {
  /// The folder that holds the store and the certificates.
  public var dataFolder: String?
  /// Where gRPC calls are taken, HOST:PORT.
  public var listen: String?
  /// Where Prometheus reads metrics, HOST:PORT; nil: nowhere.
  public var metricsListen: String?
  /// The server's certificate chain, or nil for the one in the data folder.
  public var certificateFile: String?
  /// The key of that certificate, or nil for the one in the data folder.
  public var keyFile: String?
  /// Who may vouch for clients, or nil for the CA in the data folder.
  public var clientCAFile: String?
  /// swift-log's name of the least level that is logged.
  public var logLevel = "info"
  /// "text" or "json".
  public var logFormat = "text"
  /// Seconds that calls in flight may go on after the server was told to stop.
  public var stopGraceSeconds = 20
  /// Event loops; 0: one for each core that the process may use.
  public var threads = 0
  /// Connections in all.
  public var maximumConnections = ServerConfiguration.defaultConnections
  /// Connections from one address.
  public var maximumConnectionsPerAddress = ServerConfiguration.defaultConnectionsPerAddress
  /// Calls at once on one connection.
  public var maximumStreams = ServerConfiguration.defaultConcurrentStreams
  /// Bytes of the largest message.
  public var maximumMessageBytes = CallLimits.defaultMessageBytes
  /// Calls that a principal may begin a second; 0: no limit.
  public var maximumCallsPerSecond = 0
  /// Days that changes are kept.
  public var changeRetentionDays = 3_650

  /// The defaults, as ``ConfigurationKey/all`` states them.
  public init() {
    for key in ConfigurationKey.all {
      guard let text = key.defaultText else { continue }
      // A default is ours, not a user's: a test reads every one of them.
      try? key.apply(text, &self)
    }
  }
}

/// A setting that cannot be used: which, where it was said, what came, what was expected.
public struct ConfigurationProblem: Error, Equatable, CustomStringConvertible {
  /// The key as it was written.
  public var key: String
  /// Where it was said ("punos.conf, line 3", "PUNOS_LISTEN", "--listen"); empty where not yet known.
  public var origin: String
  /// What came.
  public var came: String
  /// What was expected, or what to do.
  public var expected: String

  init(key: String, origin: String = "", came: String, expected: String) {
    self.key = key
    self.origin = origin
    self.came = came
    self.expected = expected
  }

  public var description: String {
    "\(origin.isEmpty ? "" : origin + ": ")\(key): \(came) came; expected \(expected)."
  }
}
