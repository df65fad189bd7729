public import ProtobufBridge
public import RPC

/// An answer as its wire bytes, for those who have them at hand: a stored record goes out as it lies, without being
/// read and written again.
public struct Encoded<Value: Message>: Sendable, Hashable {
  /// The message on the wire.
  public let bytes: [UInt8]

  /// - Parameter bytes: an encoded `Value`; nobody checks again.
  public init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The message encoded.
  public init(_ value: Value) { bytes = value.serialized() }

  /// The message itself.
  public func value() throws(DecodingError) -> Value { try Value(serialized: bytes, limits: .trusted) }
}

extension Method where Response: Message {
  /// The same method, for a server that answers with wire bytes.
  public var encoded: Method<Request, Encoded<Response>> {
    Method<Request, Encoded<Response>>(
      service: service, name: name, clientStreams: clientStreams, serverStreams: serverStreams, request: request,
      response: MessageCodec(decode: { Encoded([UInt8]($0)) }, encode: { $1.append(contentsOf: $0.bytes) }))
  }
}
