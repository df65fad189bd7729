internal import CZlib

/// Why bytes could not be compressed or restored.
public enum GzipError: Error, Sendable, Hashable {
  /// The bytes are not a gzip stream, or are damaged.
  case damaged
  /// The stream stops before its end.
  case cutShort
  /// More comes out than was allowed; what came out so far is thrown away.
  case tooLarge(limit: Int)
  /// zlib had no memory.
  case outOfMemory
}

/// gzip (RFC 1952) of whole messages.
public enum Gzip {
  /// zlib's fast level: on messages of a few KiB it saves nearly as much as the default for a third of the
  /// time.
  public static let level: Int32 = 1
  /// What is decompressed between two looks at the limit; so much memory a bomb gets beyond its limit.
  private static let step = 32 << 10
  /// 15 bits of window, and 16 more to ask for gzip's header and trailer.
  private static let windowBits: Int32 = 15 + 16
  /// zlib's own default.
  private static let memoryLevel: Int32 = 8

  /// Appends the gzip form of some bytes.
  ///
  /// - Parameters:
  ///   - bytes: any number under 2 GiB.
  ///   - output: what is there stays in front.
  public static func compress(_ bytes: UnsafeRawBufferPointer, into output: inout [UInt8]) throws(GzipError) {
    var stream = z_stream()
    guard
      deflateInit2_(
        &stream, level, Z_DEFLATED, windowBits, memoryLevel, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
        Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { throw .outOfMemory }
    defer { deflateEnd(&stream) }
    guard let size = UInt32(exactly: bytes.count) else { throw .tooLarge(limit: Int(UInt32.max)) }
    let bound = Int(deflateBound(&stream, UInt(size)))
    let start = output.count
    output.append(contentsOf: repeatElement(0, count: bound))
    stream.next_in = UnsafeMutablePointer(mutating: bytes.bindMemory(to: UInt8.self).baseAddress)
    stream.avail_in = size
    let result = output.withUnsafeMutableBytes { buffer -> Int32 in
      stream.next_out = buffer.baseAddress?.advanced(by: start).assumingMemoryBound(to: UInt8.self)
      stream.avail_out = UInt32(clamping: bound)
      return deflate(&stream, Z_FINISH)
    }
    guard result == Z_STREAM_END else { throw .damaged }
    output.removeLast(bound - Int(stream.total_out))
  }

  /// Restores a whole gzip stream (several members in a row count as one).
  ///
  /// - Parameters:
  ///   - bytes: everything there is.
  ///   - limit: the most that may come out, in bytes; checked while it comes, so that a bomb costs no memory.
  /// - Returns: what was compressed.
  public static func decompress(_ bytes: UnsafeRawBufferPointer, limit: Int) throws(GzipError) -> [UInt8] {
    var stream = z_stream()
    guard
      inflateInit2_(&stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { throw .outOfMemory }
    defer { inflateEnd(&stream) }
    guard let size = UInt32(exactly: bytes.count) else { throw .tooLarge(limit: limit) }
    stream.next_in = UnsafeMutablePointer(mutating: bytes.bindMemory(to: UInt8.self).baseAddress)
    stream.avail_in = size
    var output: [UInt8] = []
    while true {
      let result = inflateStep(&stream, into: &output)
      guard output.count <= limit else { throw .tooLarge(limit: limit) }
      switch result {
      case Z_STREAM_END:
        if stream.avail_in == 0 { return output }
        guard inflateReset(&stream) == Z_OK else { throw .damaged }
      case Z_OK:
        continue
      case Z_BUF_ERROR:
        throw .cutShort
      case Z_MEM_ERROR:
        throw .outOfMemory
      default:
        throw .damaged
      }
    }
  }

  /// Lets zlib fill at most ``step`` bytes more; `Z_BUF_ERROR` when it wants input that is not there.
  private static func inflateStep(_ stream: inout z_stream, into output: inout [UInt8]) -> Int32 {
    let start = output.count
    output.append(contentsOf: repeatElement(0, count: step))
    let result = output.withUnsafeMutableBytes { buffer -> Int32 in
      stream.next_out = buffer.baseAddress?.advanced(by: start).assumingMemoryBound(to: UInt8.self)
      stream.avail_out = UInt32(clamping: step)
      return inflate(&stream, Z_NO_FLUSH)
    }
    let produced = step - Int(stream.avail_out)
    output.removeLast(step - produced)
    if result == Z_OK, produced == 0, stream.avail_in == 0 { return Z_BUF_ERROR }
    return result
  }
}
