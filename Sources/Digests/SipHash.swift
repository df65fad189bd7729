/// SipHash-2-4 (Aumasson and Bernstein, 2012): a hash whose values nobody can foresee who does not know its key, so that
/// nobody can choose inputs that collide.
public struct SipHash: Sendable {
  private let k0: UInt64
  private let k1: UInt64

  /// Bytes of a key.
  public static let keyBytes = 16

  /// - Parameter key: ``keyBytes`` bytes; what is missing counts as zeros, what is beyond is not looked at.
  public init(key: [UInt8]) {
    func word(_ from: Int) -> UInt64 {
      var word: UInt64 = 0
      for place in (from..<from + 8).reversed() {
        word = word << 8 | (place < key.count ? UInt64(key[place]) : 0)
      }
      return word
    }
    (k0, k1) = (word(0), word(8))
  }

  /// The hash of some bytes.
  public func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var state = State(k0, k1)
    let whole = bytes.count & ~7
    var at = 0
    while at < whole {
      state.take(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)))
      at += 8
    }
    // The last word has what is left, and the count.
    var last = UInt64(truncatingIfNeeded: bytes.count) << 56
    for place in whole..<bytes.count { last |= UInt64(bytes[place]) << UInt64(8 * (place - whole)) }
    state.take(last)
    return state.end()
  }

  private struct State {
    private var v0: UInt64
    private var v1: UInt64
    private var v2: UInt64
    private var v3: UInt64

    init(_ k0: UInt64, _ k1: UInt64) {
      v0 = k0 ^ 0x736f_6d65_7073_6575
      v1 = k1 ^ 0x646f_7261_6e64_6f6d
      v2 = k0 ^ 0x6c79_6765_6e65_7261
      v3 = k1 ^ 0x7465_6462_7974_6573
    }

    mutating func take(_ word: UInt64) {
      v3 ^= word
      round()
      round()
      v0 ^= word
    }

    mutating func end() -> UInt64 {
      v2 ^= 0xff
      for _ in 0..<4 { round() }
      return v0 ^ v1 ^ v2 ^ v3
    }

    private mutating func round() {
      v0 &+= v1
      v1 = Self.rotate(v1, 13) ^ v0
      v0 = Self.rotate(v0, 32)
      v2 &+= v3
      v3 = Self.rotate(v3, 16) ^ v2
      v0 &+= v3
      v3 = Self.rotate(v3, 21) ^ v0
      v2 &+= v1
      v1 = Self.rotate(v1, 17) ^ v2
      v2 = Self.rotate(v2, 32)
    }

    private static func rotate(_ word: UInt64, _ bits: UInt64) -> UInt64 {
      word << bits | word >> (64 - bits)
    }
  }
}
