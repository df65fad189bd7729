internal import Glibc

/// Encoded bytes that are looked up by. Their hash is worked out once: a key is looked for several times on its way
/// from a caller through the tail into the tables, and hashing an array goes byte by byte.
struct KeyBytes: Hashable, Sendable {
  let bytes: [UInt8]
  let digest: Int

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    var hasher = Hasher()
    bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    digest = hasher.finalize()
  }

  static func == (a: KeyBytes, b: KeyBytes) -> Bool {
    guard a.digest == b.digest, a.bytes.count == b.bytes.count else { return false }
    return a.bytes.withUnsafeBytes { left in
      b.bytes.withUnsafeBytes { right in
        guard let one = left.baseAddress, let other = right.baseAddress else { return true }
        return memcmp(one, other, left.count) == 0
      }
    }
  }

  func hash(into hasher: inout Hasher) { hasher.combine(digest) }
}
