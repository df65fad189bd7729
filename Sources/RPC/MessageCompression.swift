internal import Compression

/// How messages of a direction are compressed.
package enum MessageEncoding: Sendable, Hashable {
  case identity
  case gzip

  /// What goes into `grpc-accept-encoding`.
  package static let accepted = "identity,gzip"
}

package enum MessageCompression {
  /// The message as its handler wants it.
  ///
  /// - Parameter limit: the most it may have after decompression, in bytes.
  package static func restore(
    _ message: FramedMessage, encoding: MessageEncoding, limit: Int
  ) throws(RPCError) -> [UInt8] {
    guard message.compressed else { return message.bytes }
    guard encoding == .gzip else {
      throw RPCError(.internal, "a message is marked as compressed, but grpc-encoding names no compression")
    }
    let outcome: Result<[UInt8], GzipError> = message.bytes.withUnsafeBytes { bytes in
      do throws(GzipError) {
        return .success(try Gzip.decompress(bytes, limit: limit))
      } catch {
        return .failure(error)
      }
    }
    switch outcome {
    case .success(let bytes):
      return bytes
    case .failure(.tooLarge(let limit)):
      throw RPCError(
        .resourceExhausted, "a message grows over the limit of \(limit) bytes when decompressed")
    case .failure(let error):
      throw RPCError(.internal, "a message is not whole gzip (\(error))")
    }
  }

  /// Frames a message that lies behind five bytes of room, compressed if that is asked for and worth it.
  package static func seal(_ buffer: inout [UInt8], compress: Bool) throws(RPCError) {
    guard compress, buffer.count >= CallLimits.smallestCompressedBytes else {
      return try MessageFramer.seal(&buffer, compressed: false)
    }
    var packed: [UInt8] = []
    MessageFramer.begin(&packed)
    let failure: GzipError? = buffer.withUnsafeBytes { bytes in
      do throws(GzipError) {
        let body = UnsafeRawBufferPointer(rebasing: bytes.dropFirst(MessageDeframer.prefixBytes))
        try Gzip.compress(body, into: &packed)
        return nil
      } catch {
        return error
      }
    }
    if let failure { throw RPCError(.internal, "a message could not be compressed", cause: failure) }
    try MessageFramer.seal(&packed, compressed: true)
    buffer = packed
  }
}
