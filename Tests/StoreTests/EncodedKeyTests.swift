import Testing

@testable import StoreSQLite

/// Keys as bytes: their order and their equality.
@Suite struct EncodedKeyTests {
  /// Keys that begin alike, end early, and have all bytes.
  private static func keys(_ generator: inout some RandomNumberGenerator) -> [[UInt8]] {
    (0..<2_000).map { _ in
      let common = [UInt8](repeating: 7, count: Int.random(in: 0...30, using: &generator))
      let count = Int.random(in: 0...4, using: &generator)
      return common + (0..<count).map { _ in [0, 1, 6, 7, 8, 0xff].randomElement(using: &generator) ?? 0 }
    }
  }

  @Test func manyKeysComeInTheOrderOfTheirBytes() {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    var generator = SplitMix(seed)
    let keys = Self.keys(&generator)
    let ordered = ByteOrder(keys).places.map { keys[$0] }
    #expect(ordered == keys.sorted { $0.lexicographicallyPrecedes($1) }, "seed \(seed)")
  }

  @Test func keysAreEqualWhenTheirBytesAre() {
    #expect(KeyBytes([1, 2, 3]) == KeyBytes([1, 2, 3]))
    #expect(KeyBytes([1, 2, 3]) != KeyBytes([1, 2, 4]))
    #expect(KeyBytes([]) == KeyBytes([]) && KeyBytes([]) != KeyBytes([0]))
    #expect(Set([KeyBytes([1]), KeyBytes([1]), KeyBytes([2])]).count == 2)
  }
}

/// A seeded generator: the same seed gives the same keys.
private struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
