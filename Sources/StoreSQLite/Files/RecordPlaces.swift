internal import Digests

/// Where the records of accounts lie: row numbers that are worked out from their keys, so that nothing has to be looked up
/// to find one, and an account's records are neighbours (`docs/adr/where-records-lie.md`).
///
/// A place's bits, the greatest first: a nought (row numbers are signed), thirty of the account, seven of the kind,
/// twenty-six of kind and id. What comes out alike for two records is settled by the next place that is free
/// (``next(_:)``); every row has its whole key.
struct RecordPlaces: Sendable {
  /// How the bits of a place are shared out, and what a reader takes upon itself. Tests have fewer, so that few records meet
  /// in every way there is.
  struct Shape: Sendable {
    /// So many that of a million accounts one in a thousand shares its run of places with another, which costs its reader a
    /// look at the other's rows.
    var shardBits = 30
    /// So many that even an account with a million records of a kind has nearly all of them at their first place.
    var idBits = 26
    /// Rows that a reader takes in and sorts. Where there are more, their keys lie in order beside them (`shard_keys`).
    var greatestSorted = 256
  }

  /// Kinds with greater codes than these tell share the last run.
  private static let kindBits = 7
  /// Of the bits of an account, those of its last two characters: ids are made one after the other, and what is made
  /// together is then written to the same pages.
  private static let tailBits = 10
  private static let greatestKind = UInt16(1 << kindBits) - 1

  /// Places that are looked at for one record: all of a kind in an account, and no more than a key that nobody can foresee
  /// fills in a row before an account has tens of millions of them.
  var longestChain: Int { min(100_000, 1 << shape.idBits) }
  var greatestSorted: Int { shape.greatestSorted }

  private let shape: Shape
  private let idMask: Int64
  private let hash: SipHash

  /// - Parameter salt: the file's own.
  init(salt: [UInt8], _ shape: Shape = Shape()) {
    self.shape = shape
    idMask = (Int64(1) << Int64(shape.idBits)) - 1
    hash = SipHash(key: salt)
  }

  /// How many of a record's or shard's encoded bytes are its account's.
  /// - Returns: nil for what is outside accounts, and for what is no key.
  static func shardBytes(_ encoded: [UInt8]) -> Int? {
    let tenantBytes = MemoryLayout<UInt32>.size
    guard encoded.count > tenantBytes, encoded[tenantBytes] != 0 else { return nil }
    for place in tenantBytes..<encoded.count where encoded[place] == 0 { return place + 1 }
    return nil
  }

  /// The first place of a record.
  /// - Parameter shard: as ``shardBytes(_:)`` says.
  func place(of encoded: [UInt8], shard: Int) -> Int64 {
    encoded.withUnsafeBytes { bytes in
      let rest = UnsafeRawBufferPointer(rebasing: bytes[shard...])
      let id = Int64(hash.hash(rest) >> UInt64(64 - shape.idBits))
      return base(bytes, shard) | slot(Self.kind(rest)) | id
    }
  }

  /// The place where a record lies whose place is taken; always one of the same account and kind.
  func next(_ place: Int64) -> Int64 { place & ~idMask | (place &+ 1) & idMask }

  /// All places of an account.
  func run(ofShard encoded: [UInt8], _ shard: Int) -> ClosedRange<Int64> {
    let base = encoded.withUnsafeBytes { self.base($0, shard) }
    return base...(base | slot(Self.greatestKind) | idMask)
  }

  /// The places of the records of an account whose keys lie between two, neither of them included.
  func run(after: [UInt8], before: [UInt8], _ shard: Int) -> ClosedRange<Int64> {
    let base = after.withUnsafeBytes { self.base($0, shard) }
    let kindBytes = MemoryLayout<UInt16>.size
    let first = after.count >= shard + kindBytes ? after.withUnsafeBytes { Self.kind($0[shard...]) } : 0
    var last = Self.greatestKind
    if before.count >= shard + kindBytes, before[..<shard] == after[..<shard] {
      last = before.withUnsafeBytes { Self.kind($0[shard...]) }
      // With no id it ends the kind before.
      if before.count == shard + kindBytes, last > 0, last < Self.greatestKind { last -= 1 }
    }
    let lower = base | slot(first)
    return lower...max(lower, base | slot(last) | idMask)
  }

  /// Places of records in the order in which they are written: those outside accounts by key, the others by place.
  /// - Parameter order: places of `keys` in the order of keys.
  func writingOrder(_ order: [Int], of keys: [[UInt8]]) -> [Int] {
    var outside: [Int] = []
    var inside: [(place: Int64, of: Int)] = []
    for index in order {
      if let shard = Self.shardBytes(keys[index]) {
        inside.append((place(of: keys[index], shard: shard), index))
      } else {
        outside.append(index)
      }
    }
    inside.sort { $0.place < $1.place }
    return outside + inside.map(\.of)
  }

  private func base(_ bytes: UnsafeRawBufferPointer, _ shard: Int) -> Int64 {
    // The last byte of a shard is its NUL.
    let account = UnsafeRawBufferPointer(rebasing: bytes[..<(shard - 1)])
    let tail = max(0, account.count - 2)
    let block = hash.hash(UnsafeRawBufferPointer(rebasing: account[..<tail]))
    var low: UInt64 = 0
    for byte in account[tail...] { low = low << 5 | UInt64(byte & 31) }
    let high = block >> UInt64(64 - (shape.shardBits - Self.tailBits))
    return Int64(high << UInt64(Self.tailBits) | low) << Int64(Self.kindBits + shape.idBits)
  }

  private static func kind(_ bytes: Slice<UnsafeRawBufferPointer>) -> UInt16 {
    kind(UnsafeRawBufferPointer(rebasing: bytes))
  }

  private static func kind(_ bytes: UnsafeRawBufferPointer) -> UInt16 {
    guard bytes.count >= MemoryLayout<UInt16>.size else { return 0 }
    return min(greatestKind, UInt16(bigEndian: bytes.loadUnaligned(as: UInt16.self)))
  }

  private func slot(_ kind: UInt16) -> Int64 { Int64(min(kind, Self.greatestKind)) << Int64(shape.idBits) }
}
