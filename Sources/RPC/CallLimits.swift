/// What one call may cost, with the reason for each number.
public struct CallLimits: Sendable, Hashable {
  /// The longest message taken or given, in bytes before compression and after: gRPC's customary 4 MiB.
  public static let defaultMessageBytes = 4 << 20
  /// Message bytes a stream may hold unsent before its writer waits: enough to keep a connection busy for a
  /// round trip within a data centre, little enough for a hundred slow readers a connection.
  public static let defaultWriteBufferBytes = 64 << 10
  /// The longest status message sent, in bytes after percent-encoding: trailers must stay under the 8 KiB of
  /// metadata that other implementations take by default.
  public static let statusMessageBytes = 2 << 10
  /// The longest `grpc-status-details-bin` sent, in bytes before base64, for the same reason; longer details
  /// are left out, and the status and message still arrive.
  public static let statusDetailsBytes = 4 << 10
  /// Streamed messages under this many bytes are not worth a gzip header even when compression is asked for.
  public static let smallestCompressedBytes = 64

  /// The longest message taken or given, in bytes; 1 ..< 2^31.
  public var messageBytes: Int
  /// Message bytes a stream may hold unsent before its writer waits.
  public var writeBufferBytes: Int

  /// Limits of one call; the defaults are the documented ones.
  public init(
    messageBytes: Int = CallLimits.defaultMessageBytes,
    writeBufferBytes: Int = CallLimits.defaultWriteBufferBytes
  ) {
    self.messageBytes = max(1, min(messageBytes, Int(Int32.max)))
    self.writeBufferBytes = max(1, writeBufferBytes)
  }
}
