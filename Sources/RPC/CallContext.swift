import Synchronization

/// Everything about a call that is not its messages; handlers and interceptors share one for each call.
public final class CallContext: Sendable {
  /// Whether responses leave compressed.
  public enum Compression: Sendable, Hashable {
    /// As the server is configured.
    case automatic
    /// Whenever the caller accepts it.
    case on
    /// Never.
    case off
  }

  private struct Changing {
    var initialMetadata = Metadata()
    var trailingMetadata = Metadata()
    var compression = Compression.automatic
    var slots: [(ObjectIdentifier, any Sendable)] = []
    var lastRequestWasCompressed = false
  }

  /// The service's full name.
  public let service: String
  /// The method's name within the service.
  public let method: String
  /// What the caller sent beside its messages.
  public let requestMetadata: Metadata
  /// What is known about the connection.
  public let connection: ConnectionInfo
  /// The moment after which the answer is of no use to the caller, or nil when it set none.
  public let deadline: ContinuousClock.Instant?
  /// When the call's metadata had arrived.
  public let started: ContinuousClock.Instant
  private let number: Int64
  private let changing = Mutex(Changing())

  package init(
    service: String, method: String, requestMetadata: Metadata, connection: ConnectionInfo,
    deadline: ContinuousClock.Instant?, started: ContinuousClock.Instant, number: Int64
  ) {
    self.service = service
    self.method = method
    self.requestMetadata = requestMetadata
    self.connection = connection
    self.deadline = deadline
    self.started = started
    self.number = number
  }

  /// A context made by hand, for calling a handler without a connection, as tests do.
  public convenience init(
    service: String, method: String, requestMetadata: Metadata = Metadata(), peer: PeerIdentity? = nil,
    remoteAddress: String = "", deadline: ContinuousClock.Instant? = nil
  ) {
    self.init(
      service: service, method: method, requestMetadata: requestMetadata,
      connection: ConnectionInfo(peer: peer, remoteAddress: remoteAddress, tag: "local"),
      deadline: deadline, started: .now, number: 0)
  }

  /// The caller's verified certificate, or nil when the connection has none.
  public var peer: PeerIdentity? { connection.peer }

  /// The caller's IP address and port.
  public var remoteAddress: String { connection.remoteAddress }

  /// Names this call in logs and in the message of an unexpected failure; unique to the call.
  public var requestID: String { "\(connection.tag)-\(number)" }

  /// Sent before the first response; what is set later than that is not sent.
  public var initialMetadata: Metadata {
    get { changing.withLock { $0.initialMetadata } }
    set { changing.withLock { $0.initialMetadata = newValue } }
  }

  /// Sent with the status, at the end.
  public var trailingMetadata: Metadata {
    get { changing.withLock { $0.trailingMetadata } }
    set { changing.withLock { $0.trailingMetadata = newValue } }
  }

  /// Whether responses from now on leave compressed; a caller that accepts no gzip never gets it.
  public var compression: Compression {
    get { changing.withLock { $0.compression } }
    set { changing.withLock { $0.compression = newValue } }
  }

  /// Whether the request message last handed to the handler arrived compressed.
  public var lastRequestWasCompressed: Bool {
    changing.withLock { $0.lastRequestWasCompressed }
  }

  /// Costs nothing in the usual case of a message that was not compressed.
  package func noteRequestIfCompressed(_ compressed: Bool) {
    if compressed { noteRequest(compressed: true) }
  }

  package func noteRequest(compressed: Bool) {
    changing.withLock { $0.lastRequestWasCompressed = compressed }
  }

  /// Leaves a value for whoever comes later in the call (an interceptor leaves the caller's principal, a
  /// handler reads it); one value for each type, the last one stays.
  public func set<T: Sendable>(_ value: T) {
    let key = ObjectIdentifier(T.self)
    changing.withLock { state in
      if let index = state.slots.firstIndex(where: { $0.0 == key }) {
        state.slots[index].1 = value
      } else {
        state.slots.append((key, value))
      }
    }
  }

  /// The value left for a type, or nil when nobody left one.
  public func get<T: Sendable>(_ type: T.Type = T.self) -> T? {
    let key = ObjectIdentifier(type)
    return changing.withLock { state in
      state.slots.first(where: { $0.0 == key })?.1 as? T
    }
  }

  package var hasOutgoingMetadata: Bool {
    changing.withLock { !$0.initialMetadata.isEmpty || !$0.trailingMetadata.isEmpty }
  }

  package var outgoingMetadata: (initial: Metadata, trailing: Metadata) {
    changing.withLock { ($0.initialMetadata, $0.trailingMetadata) }
  }

  package var initialMetadataIsEmpty: Bool { changing.withLock { $0.initialMetadata.isEmpty } }

  package var trailingMetadataIsEmpty: Bool { changing.withLock { $0.trailingMetadata.isEmpty } }
}
