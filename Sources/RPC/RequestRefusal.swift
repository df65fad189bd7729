/// A request that was refused before it became a call: no interceptor was asked, and no handler knows of it.
public struct RequestRefusal: Sendable, Hashable {
  /// Why.
  public enum Reason: String, Sendable, Hashable, CaseIterable {
    /// Not a POST, or not of gRPC's content type: HTTP 415.
    case notGRPC = "not_grpc"
    /// No such method is served.
    case unknownMethod = "unknown_method"
    /// Messages in an encoding that is not read here.
    case unknownEncoding = "unknown_encoding"
    /// A timeout that is none.
    case badTimeout = "bad_timeout"
    /// Binary metadata that is not base64.
    case badMetadata = "bad_metadata"
    /// More metadata than the limit.
    case metadataTooLarge = "metadata_too_large"
  }

  /// Why.
  public var reason: Reason
  /// The caller's IP address and port.
  public var remoteAddress: String

  /// A refusal.
  public init(_ reason: Reason, remoteAddress: String) {
    self.reason = reason
    self.remoteAddress = remoteAddress
  }
}
