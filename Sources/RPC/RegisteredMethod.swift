/// A method with its handler, whatever its message types are: what a router is made of.
public struct RegisteredMethod: Sendable {
  package enum Start: Sendable {
    /// One request: its bytes are decoded before the handler's task begins.
    case single(@Sendable (ServerCall, UnsafeRawBufferPointer) throws -> Void)
    /// Many requests: the handler begins with the call.
    case stream(@Sendable (ServerCall) -> Void)
  }

  /// One reference to pass along instead of six.
  private final class Storage: Sendable {
    let service: String
    let name: String
    let clientStreams: Bool
    let serverStreams: Bool
    let start: Start

    init<Q, R>(_ method: Method<Q, R>, _ start: Start) {
      service = method.service
      name = method.name
      clientStreams = method.clientStreams
      serverStreams = method.serverStreams
      self.start = start
    }
  }

  private let storage: Storage

  /// The service's full name.
  public var service: String { storage.service }
  /// The method's name.
  public var name: String { storage.name }
  /// Whether the client may send any number of messages.
  public var clientStreams: Bool { storage.clientStreams }
  /// Whether the server may send any number of messages.
  public var serverStreams: Bool { storage.serverStreams }
  package var start: Start { storage.start }

  /// What `:path` carries: `/service/name`.
  public var path: String { "/\(service)/\(name)" }

  private init<Q, R>(_ method: Method<Q, R>, _ start: Start) {
    storage = Storage(method, start)
  }

  /// One request, one response.
  public static func unary<Q, R>(
    _ method: Method<Q, R>, _ handler: @escaping @Sendable (Q, CallContext) async throws -> R
  ) -> RegisteredMethod {
    let (request, response) = (method.request, method.response)
    return RegisteredMethod(
      method,
      .single { call, bytes in
        let message = try request.decode(bytes)
        call.run {
          do {
            if call.mustWait { try await call.waitForRoom() }
            let answer = try await handler(message, call.context)
            call.finish(try call.encode(answer, response))
          } catch {
            call.finish(throwing: error)
          }
          call.handlerEnded()
        }
      })
  }

  /// Many requests, one response.
  public static func clientStreaming<Q, R>(
    _ method: Method<Q, R>, _ handler: @escaping @Sendable (RequestStream<Q>, CallContext) async throws -> R
  ) -> RegisteredMethod {
    let (request, response) = (method.request, method.response)
    return RegisteredMethod(
      method,
      .stream { call in
        call.run {
          do {
            let answer = try await handler(call.requests(request), call.context)
            call.finish(try call.encode(answer, response))
          } catch {
            call.finish(throwing: error)
          }
          call.handlerEnded()
        }
      })
  }

  /// One request, many responses.
  public static func serverStreaming<Q, R>(
    _ method: Method<Q, R>,
    _ handler: @escaping @Sendable (Q, ResponseWriter<R>, CallContext) async throws -> Void
  ) -> RegisteredMethod {
    let (request, response) = (method.request, method.response)
    return RegisteredMethod(
      method,
      .single { call, bytes in
        let message = try request.decode(bytes)
        call.run {
          do {
            try await handler(message, call.responses(response), call.context)
            call.finishStream()
          } catch {
            call.finish(throwing: error)
          }
          call.handlerEnded()
        }
      })
  }

  /// Many requests, many responses, in any interleaving.
  public static func bidirectional<Q, R>(
    _ method: Method<Q, R>,
    _ handler: @escaping @Sendable (RequestStream<Q>, ResponseWriter<R>, CallContext) async throws -> Void
  ) -> RegisteredMethod {
    let (request, response) = (method.request, method.response)
    return RegisteredMethod(
      method,
      .stream { call in
        call.run {
          do {
            try await handler(call.requests(request), call.responses(response), call.context)
            call.finishStream()
          } catch {
            call.finish(throwing: error)
          }
          call.handlerEnded()
        }
      })
  }
}

/// A service's name and its methods with their handlers.
public struct ServiceDefinition: Sendable {
  /// The full name, for example `punos.v1.AccountService`.
  public let name: String
  /// Its methods; each must name this service.
  public let methods: [RegisteredMethod]

  /// Describes a service.
  public init(name: String, methods: [RegisteredMethod]) {
    self.name = name
    self.methods = methods
  }
}

/// Something that can be served; generated service protocols refine it.
public protocol RPCService: Sendable {
  /// Name and methods.
  var definition: ServiceDefinition { get }
}
