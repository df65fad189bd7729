/// Walks the frame headers of what a peer sends, before nghttp2 sees it.
///
/// nghttp2 tells nobody about frames of unknown kinds and about frames it ignores; here every one is counted.
struct FrameScanner {
  private static let headerBytes = 9
  /// Bytes of the client's preface before its first frame (RFC 9113, section 3.4).
  private static let prefaceBytes = 24

  private var skip: Int
  private var header: (length: Int, type: UInt8, flags: UInt8) = (0, 0, 0)
  private var filled = 0

  init(_ role: HTTP2Session.Role) { skip = role == .server ? Self.prefaceBytes : 0 }

  /// Walks on.
  ///
  /// - Parameters:
  ///   - bytes: the next piece, cut anywhere.
  ///   - found: called for each frame header that became whole; answers whether to go on.
  mutating func scan(
    _ bytes: UnsafeRawBufferPointer, _ found: (_ length: Int, _ type: UInt8, _ flags: UInt8) -> Bool
  ) {
    var index = 0
    while index < bytes.count {
      if skip > 0 {
        let step = min(skip, bytes.count - index)
        skip -= step
        index += step
        continue
      }
      let byte = bytes[index]
      index += 1
      switch filled {
      case 0...2: header.length = (header.length << 8 | Int(byte)) & 0xFF_FFFF
      case 3: header.type = byte
      case 4: header.flags = byte
      default: break
      }
      filled += 1
      guard filled == Self.headerBytes else { continue }
      filled = 0
      skip = header.length
      let goesOn = found(header.length, header.type, header.flags)
      header = (0, 0, 0)
      if !goesOn { return }
    }
  }
}
