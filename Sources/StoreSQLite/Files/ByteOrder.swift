internal import Glibc

/// Byte order, as SQLite orders blobs.
func bytesPrecede(_ a: [UInt8], _ b: [UInt8]) -> Bool { byteOrder(a, b) < 0 }

/// Below 0, 0 or above 0: as `a` comes before `b`, is the same, or comes after it.
private func byteOrder(_ a: [UInt8], _ b: [UInt8]) -> Int {
  a.withUnsafeBytes { left in
    b.withUnsafeBytes { right in
      guard let one = left.baseAddress, let other = right.baseAddress else { return left.count - right.count }
      let order = memcmp(one, other, min(left.count, right.count))
      return order == 0 ? left.count - right.count : Int(order)
    }
  }
}

func min(_ a: [UInt8], _ b: [UInt8], by precedes: ([UInt8], [UInt8]) -> Bool) -> [UInt8] {
  precedes(a, b) ? a : b
}

func max(_ a: [UInt8], _ b: [UInt8], by precedes: ([UInt8], [UInt8]) -> Bool) -> [UInt8] {
  precedes(a, b) ? b : a
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

    init(_ bytes: UnsafeRawBufferPointer, _ place: Int) {
      first = word(bytes, 0)
      second = word(bytes, 8)
      third = word(bytes, 16)
      self.place = place
    }
  }

  /// Places in order.
  let places: [Int]

  /// Equal keys stay in the order in which they came.
  /// - Parameter common: bytes with which all of them begin.
  init(_ keys: [[UInt8]], beginningAlike common: Int = 0) {
    self.init(
      count: keys.count,
      head: { place in
        keys[place].withUnsafeBytes { Head(UnsafeRawBufferPointer(rebasing: $0.dropFirst(common)), place) }
      },
      precedes: { a, b in
        let order = byteOrder(keys[a], keys[b])
        return order == 0 ? a < b : order < 0
      })
  }

  /// Terms, which are all different.
  init(_ terms: [Term]) {
    self.init(
      count: terms.count,
      head: { place in terms[place].withBytes { Head(UnsafeRawBufferPointer($0), place) } },
      precedes: { terms[$0] < terms[$1] })
  }

  private init(count: Int, head: (Int) -> Head, precedes: (Int, Int) -> Bool) {
    var heads = (0..<count).map(head)
    heads.sort { a, b in
      if a.first != b.first { return a.first < b.first }
      if a.second != b.second { return a.second < b.second }
      if a.third != b.third { return a.third < b.third }
      return precedes(a.place, b.place)
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
