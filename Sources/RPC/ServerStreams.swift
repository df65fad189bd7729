/// The messages a client sends in one call, in order; read by one task at a time.
public struct RequestStream<Request: Sendable>: AsyncSequence, Sendable {
  public typealias Element = Request
  public typealias Failure = any Error

  private let source: @Sendable () async throws -> Request?

  init(source: @escaping @Sendable () async throws -> Request?) { self.source = source }

  /// A stream made of ready values, for calling a handler without a connection, as tests do.
  public init<Source: AsyncSequence & Sendable>(_ values: Source) where Source.Element == Request {
    let iterator = SharedIterator(values)
    source = { try await iterator.next() }
  }

  /// Reads the next message at each step.
  public struct AsyncIterator: AsyncIteratorProtocol {
    fileprivate let source: @Sendable () async throws -> Request?

    /// The next message, or nil after the client's last.
    ///
    /// - Throws: ``RPCError``: `.cancelled` when the call ended, `.invalidArgument` for bytes that are no
    ///   message.
    public mutating func next() async throws -> Request? { try await source() }
  }

  /// Begins to read. A second iterator goes on where the first stopped.
  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(source: source) }
}

/// Lets the one reader of a stream step through any sequence.
private actor SharedIterator<Source: AsyncSequence & Sendable> where Source.Element: Sendable {
  private var values: [Source.Element] = []
  private var position = 0
  private var loaded = false
  private let source: Source

  init(_ source: Source) { self.source = source }

  func next() async throws -> Source.Element? {
    if !loaded {
      for try await value in source { values.append(value) }
      loaded = true
    }
    guard position < values.count else { return nil }
    defer { position += 1 }
    return values[position]
  }
}

/// Sends the messages of one call to its client, in order.
public struct ResponseWriter<Response: Sendable>: Sendable {
  private let send: @Sendable (Response, _ compress: Bool?) async throws -> Void
  private let sendHead: @Sendable () async throws -> Void

  init(
    send: @escaping @Sendable (Response, Bool?) async throws -> Void,
    sendHead: @escaping @Sendable () async throws -> Void
  ) {
    self.send = send
    self.sendHead = sendHead
  }

  /// A writer that hands every value to a closure, for calling a handler without a connection, as tests do.
  public init(_ receive: @escaping @Sendable (Response) async throws -> Void) {
    send = { value, _ in try await receive(value) }
    sendHead = {}
  }

  /// Sends a message; waits while the client is slow to read.
  ///
  /// - Parameters:
  ///   - response: the message.
  ///   - compress: whether this message leaves compressed, where the client accepts it; nil asks the call's
  ///     ``CallContext/compression``.
  /// - Throws: ``RPCError`` with the reason when the call has ended, or the message is over the limit.
  public func write(_ response: Response, compress: Bool? = nil) async throws {
    try await send(response, compress)
  }

  /// Sends the initial metadata now, when the first message may take long to come.
  public func sendInitialMetadata() async throws { try await sendHead() }
}
