/// How values of one message type become bytes and come back.
public struct MessageCodec<Value: Sendable>: Sendable {
  /// Reads a whole message. Throws ``RPCError`` (usually `.invalidArgument`) for bytes that are not one.
  public var decode: @Sendable (UnsafeRawBufferPointer) throws -> Value
  /// Appends the message's bytes to what is already there.
  public var encode: @Sendable (Value, inout [UInt8]) throws -> Void

  /// - Parameters:
  ///   - decode: reads a whole message; the pointer is valid only during the call.
  ///   - encode: appends, and leaves what was there.
  public init(
    decode: @escaping @Sendable (UnsafeRawBufferPointer) throws -> Value,
    encode: @escaping @Sendable (Value, inout [UInt8]) throws -> Void
  ) {
    self.decode = decode
    self.encode = encode
  }
}

extension MessageCodec<[UInt8]> {
  /// Bytes as they are, for services that forward messages without reading them.
  public static var raw: MessageCodec<[UInt8]> {
    MessageCodec(decode: { [UInt8]($0) }, encode: { $1.append(contentsOf: $0) })
  }
}

/// One method of a service, as client and server both see it; generated, one for each `rpc`.
public struct Method<Request: Sendable, Response: Sendable>: Sendable {
  /// The service's full name, for example `punos.v1.AccountService`.
  public let service: String
  /// The method's name within it, for example `GetAccount`.
  public let name: String
  /// Whether the client may send any number of messages.
  public let clientStreams: Bool
  /// Whether the server may send any number of messages.
  public let serverStreams: Bool
  /// How requests travel.
  public let request: MessageCodec<Request>
  /// How responses travel.
  public let response: MessageCodec<Response>

  /// Describes a method.
  public init(
    service: String, name: String, clientStreams: Bool, serverStreams: Bool,
    request: MessageCodec<Request>, response: MessageCodec<Response>
  ) {
    self.service = service
    self.name = name
    self.clientStreams = clientStreams
    self.serverStreams = serverStreams
    self.request = request
    self.response = response
  }

  /// What `:path` carries: `/service/name`.
  public var path: String { "/\(service)/\(name)" }
}
