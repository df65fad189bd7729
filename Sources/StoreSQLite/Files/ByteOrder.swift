internal import Glibc

/// Byte order, as SQLite orders blobs.
func bytesPrecede(_ a: [UInt8], _ b: [UInt8]) -> Bool {
  a.withUnsafeBytes { left in
    b.withUnsafeBytes { right in
      guard let one = left.baseAddress, let other = right.baseAddress else { return left.count < right.count }
      let order = memcmp(one, other, min(left.count, right.count))
      return order == 0 ? left.count < right.count : order < 0
    }
  }
}

/// Puts many encoded keys in byte order, as a batch for the tables needs them.
///
/// Sorted are their first bytes, as numbers, with their places: comparing and moving those costs a fraction of
/// comparing and moving arrays, and what is longer and begins alike is compared by all its bytes.
struct ByteOrder {
  private struct Head {
    var first: UInt64
    var second: UInt64
    var third: UInt64
    var place: Int
  }

  /// Places in order.
  let places: [Int]

  init(_ keys: [[UInt8]]) {
    var heads: [Head] = []
    heads.reserveCapacity(keys.count)
    for (place, key) in keys.enumerated() {
      heads.append(
        key.withUnsafeBytes { bytes in
          Head(first: Self.word(bytes, 0), second: Self.word(bytes, 8), third: Self.word(bytes, 16), place: place)
        })
    }
    heads.sort { a, b in
      if a.first != b.first { return a.first < b.first }
      if a.second != b.second { return a.second < b.second }
      if a.third != b.third { return a.third < b.third }
      return bytesPrecede(keys[a.place], keys[b.place])
    }
    places = heads.map(\.place)
  }

  /// Eight bytes as a number that orders as they do; what is missing counts as zeros.
  private static func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
    if bytes.count >= offset + 8 {
      return UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
    var word: UInt64 = 0
    for index in offset..<offset + 8 { word = word << 8 | (index < bytes.count ? UInt64(bytes[index]) : 0) }
    return word
  }
}
