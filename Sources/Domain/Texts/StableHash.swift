/// A hash that is the same on every machine and in every run: FNV-1a, 64 bits.
public enum StableHash {
  /// - Returns: eight bytes; texts that are divided otherwise give others.
  public static func bytes(of parts: [String]) -> [UInt8] {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for part in parts {
      for byte in part.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
      // A byte that UTF-8 never has keeps ("ab", "c") and ("a", "bc") apart.
      hash = (hash ^ 0xff) &* 0x100_0000_01b3
    }
    return (0..<8).map { UInt8(truncatingIfNeeded: hash >> (8 * UInt64($0))) }
  }

  /// - Returns: sixteen bytes.
  public static func bytes(of message: [UInt8]) -> [UInt8] {
    var low: UInt64 = 0xcbf2_9ce4_8422_2325
    var high: UInt64 = 0x9e37_79b9_7f4a_7c15
    for byte in message {
      low = (low ^ UInt64(byte)) &* 0x100_0000_01b3
      high = (high ^ UInt64(byte)) &* 0x100_0000_01b5
    }
    return [low, high].flatMap { half in (0..<8).map { UInt8(truncatingIfNeeded: half >> (8 * UInt64($0))) } }
  }
}
