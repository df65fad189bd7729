/// What one call of a client asks for beyond its message.
public struct CallOptions: Sendable {
  /// How long the answer is of use, from now; sent to the server, and enforced here as well. Nil waits for
  /// ever.
  public var timeout: Duration?
  /// Sent beside the messages.
  public var metadata: Metadata
  /// Whether requests leave compressed with gzip.
  public var compress: Bool

  /// Options; by default no timeout, no metadata, no compression.
  public init(timeout: Duration? = nil, metadata: Metadata = Metadata(), compress: Bool = false) {
    self.timeout = timeout
    self.metadata = metadata
    self.compress = compress
  }
}

/// A single answer with what came beside it.
public struct ClientResponse<Value: Sendable>: Sendable {
  /// The message.
  public let value: Value
  /// What came before it.
  public let initialMetadata: Metadata
  /// What came with the status.
  public let trailingMetadata: Metadata

  /// An answer; channels make it, and tests may.
  public init(value: Value, initialMetadata: Metadata = Metadata(), trailingMetadata: Metadata = Metadata()) {
    self.value = value
    self.initialMetadata = initialMetadata
    self.trailingMetadata = trailingMetadata
  }
}

/// Somewhere calls can be made; generated clients sit on top of it.
///
/// Every function throws ``RPCError`` for a call that ended with anything but OK. A cancelled task cancels
/// its call at the server too.
public protocol ClientChannel: Sendable {
  /// One request, one answer.
  func unary<Q, R>(
    _ method: Method<Q, R>, _ request: Q, _ options: CallOptions
  ) async throws -> ClientResponse<R>

  /// Many requests, one answer. The request stream ends when `send` returns.
  func clientStreaming<Q, R>(
    _ method: Method<Q, R>, _ options: CallOptions,
    _ send: @escaping @Sendable (RequestWriter<Q>) async throws -> Void
  ) async throws -> ClientResponse<R>

  /// One request, many answers. A `receive` that returns before the last answer cancels the call.
  func serverStreaming<Q, R, T: Sendable>(
    _ method: Method<Q, R>, _ request: Q, _ options: CallOptions,
    _ receive: @escaping @Sendable (ClientResponseStream<R>) async throws -> T
  ) async throws -> T

  /// Many requests and answers, sent and received at the same time.
  func bidirectional<Q, R, T: Sendable>(
    _ method: Method<Q, R>, _ options: CallOptions,
    _ send: @escaping @Sendable (RequestWriter<Q>) async throws -> Void,
    _ receive: @escaping @Sendable (ClientResponseStream<R>) async throws -> T
  ) async throws -> T
}

/// Sends the requests of one call.
public struct RequestWriter<Request: Sendable>: Sendable {
  private let send: @Sendable (Request, _ compress: Bool?) async throws -> Void

  /// - Parameter send: gets each message and whether it shall leave compressed (nil: as the call's options
  ///   say).
  public init(_ send: @escaping @Sendable (Request, Bool?) async throws -> Void) { self.send = send }

  /// Sends a message; waits while the server is slow to read.
  ///
  /// - Parameters:
  ///   - request: the message.
  ///   - compress: false sends this one plain in a call whose options ask for compression.
  /// - Throws: ``RPCError`` with the reason when the call has ended.
  public func write(_ request: Request, compress: Bool? = nil) async throws {
    try await send(request, compress)
  }
}

/// The answers of one call, in order; read by one task at a time.
public struct ClientResponseStream<Response: Sendable>: AsyncSequence, Sendable {
  public typealias Element = Response
  public typealias Failure = any Error

  private let source: @Sendable () async throws -> Response?
  private let initial: @Sendable () async throws -> Metadata
  private let trailing: @Sendable () -> Metadata

  /// - Parameters:
  ///   - next: gives the next message, or nil after the last.
  ///   - initialMetadata: waits for it if need be.
  ///   - trailingMetadata: what is known of it by now.
  public init(
    next: @escaping @Sendable () async throws -> Response?,
    initialMetadata: @escaping @Sendable () async throws -> Metadata = { Metadata() },
    trailingMetadata: @escaping @Sendable () -> Metadata = { Metadata() }
  ) {
    source = next
    initial = initialMetadata
    trailing = trailingMetadata
  }

  /// What came before the first message; waits until it has come.
  public var initialMetadata: Metadata { get async throws { try await initial() } }

  /// What came with the status; empty until the last message was read.
  public var trailingMetadata: Metadata { trailing() }

  /// Reads the next message at each step.
  public struct AsyncIterator: AsyncIteratorProtocol {
    fileprivate let source: @Sendable () async throws -> Response?

    /// The next message, or nil when the call ended well.
    ///
    /// - Throws: ``RPCError`` with the status of a call that did not.
    public mutating func next() async throws -> Response? { try await source() }
  }

  /// Begins to read. A second iterator goes on where the first stopped.
  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(source: source) }
}
