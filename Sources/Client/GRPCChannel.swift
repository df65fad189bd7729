public import Logging
internal import NIOPosix
public import RPC
internal import TLS
internal import Transport

/// A client's way to one server: one connection that all calls share, made when first needed and made again
/// when it is lost.
public final class GRPCChannel: ClientChannel, Sendable {
  /// How often a call is made again that the server certainly never saw.
  private static let transparentRetries = 2

  private let core: ChannelCore
  private let loop: ConnectionLoop
  private let limits: CallLimits

  /// Makes a channel; it connects with the first call.
  ///
  /// - Parameters:
  ///   - configuration: endpoint, certificates, patience.
  ///   - logger: gets lost connections and failed attempts.
  /// - Throws: `TLSError` when a certificate file cannot be used.
  public init(
    _ configuration: ClientConfiguration,
    logger: Logger = Logger(label: "punos.client") { _ in SwiftLogNoOpLogHandler() }
  ) throws {
    let context = try TLSContext.client(
      caFile: configuration.caFile, certificateFile: configuration.certificateFile,
      keyFile: configuration.keyFile)
    loop = ConnectionLoop(MultiThreadedEventLoopGroup.singleton.next())
    limits = configuration.calls
    core = ChannelCore(configuration, context: context, loop: loop, logger: logger)
  }

  private func open(_ path: String, _ options: CallOptions) -> ClientCall {
    let call = ClientCall(path: path, options: options, limits: limits, loop: loop)
    let core = core
    loop.execute { core.start(call) }
    return call
  }

  /// Makes a call, cancels it with its task, and makes it again when the server never saw it.
  private func perform<T: Sendable>(
    _ path: String, _ options: CallOptions, repeatable: Bool, _ body: (ClientCall) async throws -> T
  ) async throws -> T {
    var retries = repeatable ? Self.transparentRetries : 0
    while true {
      let call = open(path, options)
      do {
        return try await withTaskCancellationHandler {
          try await body(call)
        } onCancel: {
          call.cancel()
        }
      } catch {
        if call.ending.current == nil { call.cancel() }
        guard retries > 0, call.ending.current?.unprocessed == true else { throw error }
        retries -= 1
      }
    }
  }

  public func unary<Q, R>(
    _ method: Method<Q, R>, _ request: Q, _ options: CallOptions
  ) async throws -> ClientResponse<R> {
    try await perform(method.path, options, repeatable: true) { call in
      try await Self.sendOnly(request, method.request, call)
      return try await ClientCalls.single(call, method.response)
    }
  }

  public func clientStreaming<Q, R>(
    _ method: Method<Q, R>, _ options: CallOptions,
    _ send: @escaping @Sendable (RequestWriter<Q>) async throws -> Void
  ) async throws -> ClientResponse<R> {
    try await perform(method.path, options, repeatable: false) { call in
      try await ClientCalls.exchange(call, method.request, send) {
        try await ClientCalls.single(call, method.response)
      }
    }
  }

  public func serverStreaming<Q, R, T: Sendable>(
    _ method: Method<Q, R>, _ request: Q, _ options: CallOptions,
    _ receive: @escaping @Sendable (ClientResponseStream<R>) async throws -> T
  ) async throws -> T {
    try await perform(method.path, options, repeatable: false) { call in
      try await Self.sendOnly(request, method.request, call)
      let result = try await receive(ClientCalls.stream(call, method.response))
      if call.ending.current == nil { call.cancel() }
      return result
    }
  }

  public func bidirectional<Q, R, T: Sendable>(
    _ method: Method<Q, R>, _ options: CallOptions,
    _ send: @escaping @Sendable (RequestWriter<Q>) async throws -> Void,
    _ receive: @escaping @Sendable (ClientResponseStream<R>) async throws -> T
  ) async throws -> T {
    try await perform(method.path, options, repeatable: false) { call in
      try await ClientCalls.exchange(call, method.request, send) {
        try await receive(ClientCalls.stream(call, method.response))
      }
    }
  }

  /// Sends the one request there is; a call that ended meanwhile tells its reason through the answer.
  private static func sendOnly<Q>(_ request: Q, _ codec: MessageCodec<Q>, _ call: ClientCall) async throws {
    do {
      try await call.send(request, codec, compress: nil)
      try call.endRequests()
    } catch {
      if call.ending.current == nil { throw error }
    }
  }

  /// Closes the connection; open calls fail with UNAVAILABLE, and later ones as well.
  public func close() async {
    let closed = Latch<Void>()
    let core = core
    loop.execute { core.close(closed) }
    await closed.wait()
  }
}
