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
  /// Streams open at once on a connection: gRPC's customary number.
  public var concurrentStreams = ServerConfiguration.defaultConcurrentStreams
  /// Bytes of metadata announced as the most.
  public var metadataBytes = 8 << 10
  /// Bytes of metadata above which a call is refused with RESOURCE_EXHAUSTED.
  public var metadataBytesHard = 16 << 10
  /// Request bytes a connection's calls may hold, unfinished or being worked on, after decompression; sixteen
  /// of the longest messages. A call that would need more is refused, so that a hundred calls never fill the
  /// memory.
  public var heldBytesPerConnection = 64 << 20
  /// Answer bytes that may wait on a connection for its peer to read them; sixteen of the longest messages. The answer
  /// that would exceed it ends its call.
  public var unsentBytesPerConnection = 64 << 20
  /// Waiting answer bytes above which a connection's calls do not begin and its streams do not write on: enough to keep
  /// any network busy, little enough for answers of calls that are under way already.
  public var unsentBytesBeforeWaiting = 16 << 20
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
  /// What a stream's reader must take of what waits for it, in bytes a second over ``stalledWriterTimeout``, while its
  /// connection takes more: a tenth of what a modem carried. A reader that takes a byte now and then would otherwise
  /// hold its answer for ever.
  public var slowestReaderBytesPerSecond = 1 << 10
  /// Connections open at once in all.
  public var connections = ServerConfiguration.defaultConnections
  /// Connections open at once from one address.
  public var connectionsPerAddress = ServerConfiguration.defaultConnectionsPerAddress
  /// Whether answers leave compressed when a handler says nothing.
  public var compressesResponses = false

  /// gRPC's customary number of calls at once on a connection.
  public static let defaultConcurrentStreams = 100
  /// Connections in all, with 100 KiB each of buffers: 400 MiB.
  public static let defaultConnections = 4_096
  /// Connections from one address: many clients may share one behind a translator of addresses, and none may take
  /// them all.
  public static let defaultConnectionsPerAddress = 512
  /// The longest messages that a connection may always hold, each way.
  private static let heldMessages = 16
  /// The longest answers that may wait before calls wait for them.
  private static let messagesBeforeWaiting = 4

  /// Lets what a connection may hold follow ``CallLimits/messageBytes``, where that was set above its default.
  public mutating func scaleToMessages() {
    heldBytesPerConnection = max(heldBytesPerConnection, Self.heldMessages * calls.messageBytes)
    unsentBytesPerConnection = max(unsentBytesPerConnection, Self.heldMessages * calls.messageBytes)
    unsentBytesBeforeWaiting = max(unsentBytesBeforeWaiting, Self.messagesBeforeWaiting * calls.messageBytes)
  }

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
