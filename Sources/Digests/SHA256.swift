internal import CCrypto

/// SHA-256 (FIPS 180-4) by libcrypto, which uses the processor's own instructions for it.
public enum SHA256 {
  /// Bytes of a digest.
  public static let size = 32

  /// The digest of both parts, one after the other.
  public static func digest(_ first: [UInt8], _ second: [UInt8]) -> [UInt8] {
    first.withUnsafeBytes { one in second.withUnsafeBytes { other in digest(one, other) } }
  }

  /// The digest of some bytes.
  public static func digest(of bytes: [UInt8]) -> [UInt8] {
    bytes.withUnsafeBytes { digest($0, UnsafeRawBufferPointer(start: nil, count: 0)) }
  }

  private static func digest(_ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: size) { digest, count in
      punos_sha256(first.baseAddress, first.count, second.baseAddress, second.count, digest.baseAddress)
      count = size
    }
  }
}
