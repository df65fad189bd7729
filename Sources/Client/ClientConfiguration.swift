public import RPC

/// Where a client connects, whom it trusts, and how patient it is; every limit with its reason.
public struct ClientConfiguration: Sendable {
  /// Host name or IP address of the server.
  public var host: String
  /// Its port.
  public var port: Int
  /// PEM with the CAs to trust; nil takes the system's.
  public var caFile: String?
  /// PEM of this client's own certificate and chain, or nil for none.
  public var certificateFile: String?
  /// PEM of its key, not encrypted.
  public var keyFile: String?
  /// The name or address that the server's certificate must carry; nil takes ``host``.
  public var serverName: String?
  /// Message size and write buffers of a call.
  public var calls = CallLimits()
  /// How long a connection may take to stand, TLS included.
  public var connectTimeout = Duration.seconds(10)
  /// The pause after a first failed attempt; it grows by 1.6 with each one (gRPC's "connection backoff").
  public var backoff = Duration.seconds(1)
  /// The longest pause between attempts.
  public var backoffLimit = Duration.seconds(60)
  /// How long nothing may come from the server while calls are open before it is asked for a sign of life.
  public var keepaliveAfter = Duration.seconds(30)
  /// How long it may take to give one.
  public var keepaliveTimeout = Duration.seconds(20)
  /// Calls that may wait for a connection; more are refused at once.
  public var waitingCalls = 10_000
  /// What `user-agent` says.
  public var userAgent = "punos-swift/1"

  /// A configuration for one endpoint.
  public init(
    host: String, port: Int, caFile: String? = nil, certificateFile: String? = nil, keyFile: String? = nil
  ) {
    self.host = host
    self.port = port
    self.caFile = caFile
    self.certificateFile = certificateFile
    self.keyFile = keyFile
  }

  /// The endpoint as messages name it, for example `crm.example.fi:8443`.
  public var endpoint: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
