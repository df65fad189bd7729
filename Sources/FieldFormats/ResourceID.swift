#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif
import Synchronization

/// Makes ids of resources that sort by the time they were made: ULIDs in lower case, 26 characters.
///
/// 48 bits of milliseconds since 1970 and 80 random bits, in Crockford's base 32. Within one process ids only ever
/// grow: in the same millisecond, or when the clock is set back, the last id's number is raised by a random step
/// instead of drawn anew. Randomness is the system's.
public enum ResourceID {
  /// Length of a made id, in characters.
  public static let length = 26

  private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
  private static let last = Mutex<Last>(Last())

  /// Random numbers drawn from the system in one call, each given out once: a call costs far more than a number.
  private struct Pool {
    /// `getentropy` gives at most 256 bytes.
    static let size = 256 / MemoryLayout<UInt64>.size
    var numbers: [UInt64] = []

    mutating func next() -> UInt64 {
      if let number = numbers.popLast() { return number }
      numbers = [UInt64](repeating: 0, count: Self.size)
      let filled = numbers.withUnsafeMutableBytes { getentropy($0.baseAddress, $0.count) == 0 }
      if !filled {
        // A system without the call has what Swift falls back to.
        var generator = SystemRandomNumberGenerator()
        for index in numbers.indices { numbers[index] = generator.next() }
      }
      return numbers.removeLast()
    }
  }

  private struct Last {
    var pool = Pool()
    var milliseconds: UInt64 = 0
    /// 80 bits: 16 and 64.
    var high: UInt16 = 0
    var low: UInt64 = 0
  }

  /// A new id, greater than every id this process made before.
  public static func make() -> String {
    var clock = timespec()
    clock_gettime(CLOCK_REALTIME, &clock)
    let milliseconds = UInt64(clamping: clock.tv_sec) &* 1000 &+ UInt64(clamping: clock.tv_nsec) / 1_000_000
    return make(atMilliseconds: milliseconds)
  }

  /// A new id for a moment given in milliseconds since 1970; still greater than every id made before.
  static func make(atMilliseconds now: UInt64) -> String {
    let made = last.withLock { last in
      if now > last.milliseconds {
        // The top bit stays clear, so that raising the number can practically never run out of a millisecond.
        last.milliseconds = now
        last.high = UInt16(truncatingIfNeeded: last.pool.next()) & 0x7FFF
        last.low = last.pool.next()
      } else {
        let step = last.pool.next() >> 32 &+ 1
        let (low, carried) = last.low.addingReportingOverflow(step)
        last.low = low
        if carried {
          let (high, overflowed) = last.high.addingReportingOverflow(1)
          last.high = high
          if overflowed { last.milliseconds &+= 1 }
        }
      }
      return (last.milliseconds, last.high, last.low)
    }
    return text(made)
  }

  private static func text(_ id: (milliseconds: UInt64, high: UInt16, low: UInt64)) -> String {
    String(unsafeUninitializedCapacity: length) { buffer in
      var milliseconds = id.milliseconds
      for position in (0..<10).reversed() {
        buffer[position] = alphabet[Int(milliseconds & 31)]
        milliseconds >>= 5
      }
      var low = id.low
      var high = UInt64(id.high)
      for position in (10..<26).reversed() {
        buffer[position] = alphabet[Int(low & 31)]
        low = low >> 5 | (high & 31) << 59
        high >>= 5
      }
      return length
    }
  }

  /// When an id of this kind was made, in milliseconds since 1970; nil for an id of another kind, such as one that
  /// a client chose.
  public static func milliseconds(of id: some StringProtocol) -> UInt64? {
    guard id.utf8.count == length else { return nil }
    var value: UInt64 = 0
    for (position, byte) in id.utf8.enumerated() {
      guard let digit = alphabet.firstIndex(of: byte) else { return nil }
      if position == 0, digit > 7 { return nil }
      if position < 10 { value = value << 5 | UInt64(digit) }
    }
    return value
  }
}
