/// Tells contents apart; protects nothing.
enum Fingerprint {
  /// FNV-1a of 64 bits, as hexadecimal digits.
  static func of(_ bytes: some Sequence<UInt8>) -> String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return String(hash, radix: 16)
  }
}
