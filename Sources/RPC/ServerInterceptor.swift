/// What a call moved and how long it took.
public struct CallStatistics: Sendable, Hashable {
  /// Messages received from the client.
  public var requestMessages = 0
  /// Messages sent to the client.
  public var responseMessages = 0
  /// Bytes of those requests after decompression, without framing.
  public var requestBytes = 0
  /// Bytes of those responses before compression, with five bytes of framing each.
  public var responseBytes = 0
  /// From the call's metadata to its status.
  public var duration: Duration = .zero

  /// Nothing moved yet.
  public init() {}
}

/// Sees every call begin and end: authentication, logging, metrics and rate limits come as these.
///
/// Both hooks run on the connection's event loop and must not block.
public protocol ServerInterceptor: Sendable {
  /// Before the handler: throw an ``RPCError`` to refuse the call, or leave a value in the context.
  func callStarted(_ context: CallContext) throws
  /// After the status was decided, once for each call that started, also refused ones.
  func callEnded(_ context: CallContext, status: StatusCode, statistics: CallStatistics)
  /// For a request that never became a call, and that no other hook hears of.
  func requestRefused(_ refusal: RequestRefusal)
}

extension ServerInterceptor {
  /// Lets every call pass.
  public func callStarted(_ context: CallContext) throws {}
  /// Takes no notice.
  public func callEnded(_ context: CallContext, status: StatusCode, statistics: CallStatistics) {}
  /// Takes no notice.
  public func requestRefused(_ refusal: RequestRefusal) {}
}
