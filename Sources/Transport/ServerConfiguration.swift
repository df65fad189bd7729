public import RPC
public import TLS

/// How a server listens, whom it lets in, and what it may cost; every limit with its reason.
public struct ServerConfiguration: Sendable {
  /// IP address or host name to listen on; `::` is every address of the machine.
  public var host: String
  /// Port to listen on; 0 lets the operating system choose.
  public var port: Int
  /// Certificate, key, and the CAs of clients. Changed files are used without a restart.
  public var tls: ReloadingServerContext.Files
  /// Whether clients show certificates.
  public var clientCertificates: ClientCertificates
  /// Threads that carry connections; 0 takes one for each that the process may use.
  public var eventLoops = 0

  /// Message size and write buffers of a call.
  public var calls = CallLimits()
  /// Streams open at once on a connection.
  public var concurrentStreams = 100
  /// Bytes of metadata announced as the most.
  public var metadataBytes = 8 << 10
  /// Bytes of metadata above which a call is refused with RESOURCE_EXHAUSTED.
  public var metadataBytesHard = 16 << 10
  /// Request bytes a connection's calls may hold, unfinished or being worked on, after decompression; sixteen
  /// of the longest messages. A call that would need more is refused, so that a hundred calls never fill the
  /// memory.
  public var heldBytesPerConnection = 64 << 20
  /// From the connection to the end of the TLS handshake: a peer that takes longer is not there to talk.
  public var handshakeTimeout = Duration.seconds(10)
  /// From the handshake to the peer's first SETTINGS.
  public var prefaceTimeout = Duration.seconds(10)
  /// How long a connection without calls stays open; clients come back by themselves.
  public var idleTimeout = Duration.seconds(30 * 60)
  /// How old a connection gets before it is asked to come back, so that load spreads over new servers; each
  /// one's age is up to a tenth shorter, so that they do not all come at once.
  public var connectionAge = Duration.seconds(4 * 3600)
  /// How long calls of a connection that is too old may still take.
  public var connectionAgeGrace = Duration.seconds(10 * 60)
  /// How long nothing may come from a peer before it is asked for a sign of life.
  public var keepaliveAfter = Duration.seconds(60)
  /// How long it may take to give one.
  public var keepaliveTimeout = Duration.seconds(20)
  /// How long a socket, or a stream's reader, may take nothing of what waits for it.
  public var stalledWriterTimeout = Duration.seconds(30)
  /// Connections open at once in all: with 100 KiB each of buffers, 400 MiB.
  public var connections = 4096
  /// Connections open at once from one address: many clients may share one behind a translator of addresses.
  public var connectionsPerAddress = 512
  /// Whether answers leave compressed when a handler says nothing.
  public var compressesResponses = false

  /// - Parameters:
  ///   - host: IP address or host name to listen on.
  ///   - port: 0 ... 65535.
  ///   - tls: the files.
  ///   - clientCertificates: by default required exactly when a client CA is given.
  public init(
    host: String, port: Int, tls: ReloadingServerContext.Files, clientCertificates: ClientCertificates? = nil
  ) {
    self.host = host
    self.port = port
    self.tls = tls
    self.clientCertificates = clientCertificates ?? (tls.clientCA == nil ? .off : .required)
  }
}

/// Where a server listens.
public struct BoundAddress: Sendable, Hashable, CustomStringConvertible {
  /// The IP address.
  public let host: String
  /// The port, also when the operating system chose it.
  public let port: Int

  /// An address.
  public init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  /// `192.0.2.7:443` or `[2001:db8::1]:443`.
  public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
