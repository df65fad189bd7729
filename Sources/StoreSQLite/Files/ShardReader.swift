internal import Store

/// The records of accounts as a reader finds them; see ``RecordPlaces``.
final class ShardReader {
  let places: RecordPlaces
  private let at: Statement
  private let run: Statement
  private let rows: Statement
  private let keys: Statement
  private let key: Statement
  private let walk: Statement

  init(_ connection: Connection, _ places: RecordPlaces) throws(SQLiteFailure) {
    self.places = places
    at = try connection.prepare("SELECT key, value FROM shard_records WHERE place = ?1")
    run = try connection.prepare(
      "SELECT key, value FROM shard_records WHERE place >= ?1 AND place <= ?2 ORDER BY place")
    rows = try connection.prepare(
      "SELECT count(*) FROM (SELECT 1 FROM shard_records "
        + "WHERE place >= ?1 AND place <= ?2 AND key > ?3 AND key < ?4 LIMIT ?5)")
    keys = try connection.prepare("SELECT key FROM shard_keys WHERE key > ?1 AND key < ?2 ORDER BY key")
    key = try connection.prepare("SELECT 1 FROM shard_keys WHERE key = ?1")
    walk = try connection.prepare(
      "SELECT place, key, value FROM shard_records WHERE place > ?1 ORDER BY place")
  }

  /// Where a record lies, and what lies there.
  /// - Parameter shard: as ``RecordPlaces/shardBytes(_:)`` says.
  /// - Returns: what `body` makes of the row's value; nil where there is no such record.
  func find<T>(_ encoded: [UInt8], _ shard: Int, _ body: (Int64, UnsafeRawBufferPointer) throws -> T) throws
    -> T?
  {
    var place = places.place(of: encoded, shard: shard)
    for _ in 0..<places.longestChain {
      at.bind(1, place)
      defer { at.reset() }
      guard try at.step() else { return nil }
      if at.isEqual(0, encoded) { return try at.withBytes(1) { try body(place, $0) } }
      place = places.next(place)
    }
    throw Malformed(what: "a record has no place of its own; run punosd verify")
  }

  /// The key at a place; empty where a record was whose neighbours must still be found, nil where nothing is.
  func key(at place: Int64) throws -> [UInt8]? {
    at.bind(1, place)
    defer { at.reset() }
    return try at.step() ? at.bytes(0) : nil
  }

  /// Records of an account with `after` < key < `before`, in order, until `visit` says false.
  ///
  /// - Parameter shard: as ``RecordPlaces/shardBytes(_:)`` says of `after`.
  func records(
    after: [UInt8], before: [UInt8], _ shard: Int, _ visit: ([UInt8], StoredRecord) throws -> Bool
  ) throws {
    guard let found = try few(after: after, before: before, shard) else {
      return try many(after: after, before: before, shard, visit)
    }
    for place in ByteOrder(found.keys, beginningAlike: shard).places {
      if try !visit(found.keys[place], found.records[place]) { return }
    }
  }

  /// As they lie.
  /// - Returns: nil where there are too many to sort.
  private func few(after: [UInt8], before: [UInt8], _ shard: Int) throws -> (
    keys: [[UInt8]], records: [StoredRecord]
  )? {
    let places = self.places.run(after: after, before: before, shard)
    run.bind(1, places.lowerBound)
    run.bind(2, places.upperBound)
    defer { run.reset() }
    var keys: [[UInt8]] = []
    var records: [StoredRecord] = []
    var looked = 0
    while try run.step() {
      looked += 1
      // Where its keys are not beside it the account is a small one that shares its places with a large one.
      if looked == self.places.greatestSorted + 1, try hasKeys(Array(after[..<shard])) { return nil }
      let encoded = run.bytes(0)
      guard bytesPrecede(after, encoded), bytesPrecede(encoded, before) else { continue }
      let key = try encoded.withUnsafeBytes { try KeyEncoding.decodeRecord($0).key }
      keys.append(encoded)
      records.append(try run.withBytes(1) { try RecordCodec.decode($0, key: key) })
    }
    return (keys, records)
  }

  /// In the order of their keys, which an account with so many has beside its records.
  private func many(
    after: [UInt8], before: [UInt8], _ shard: Int, _ visit: ([UInt8], StoredRecord) throws -> Bool
  ) throws {
    keys.bind(1, after)
    keys.bind(2, before)
    defer { keys.reset() }
    while try keys.step() {
      let encoded = keys.bytes(0)
      let key = try encoded.withUnsafeBytes { try KeyEncoding.decodeRecord($0).key }
      guard let record = try find(encoded, shard, { try RecordCodec.decode($1, key: key) }) else {
        throw Malformed(what: "\(key) is in the order of its account's keys and not there; run punosd verify")
      }
      if try !visit(encoded, record) { return }
    }
  }

  /// All records of accounts behind a place, as they lie, until `visit` says false.
  func records(after place: Int64, _ visit: (Int64, [UInt8], StoredRecord) throws -> Bool) throws {
    walk.bind(1, place)
    defer { walk.reset() }
    while try walk.step() {
      let encoded = walk.bytes(1)
      // Where a record was whose neighbours must still be found.
      if encoded.isEmpty { continue }
      let key = try encoded.withUnsafeBytes { try KeyEncoding.decodeRecord($0).key }
      let record = try walk.withBytes(2) { try RecordCodec.decode($0, key: key) }
      if try !visit(walk.integer(0), encoded, record) { return }
    }
  }

  /// Whether an account has more records than a reader sorts.
  ///
  /// - Parameter shard: the common beginning of its keys.
  func hasMany(_ shard: [UInt8]) throws -> Bool {
    guard let end = KeyEncoding.successor(of: shard) else { return false }
    let places = self.places.run(ofShard: shard, shard.count)
    rows.bind(1, places.lowerBound)
    rows.bind(2, places.upperBound)
    rows.bind(3, shard)
    rows.bind(4, end)
    rows.bind(5, Int64(self.places.greatestSorted) + 1)
    defer { rows.reset() }
    return try rows.step() && rows.integer(0) > self.places.greatestSorted
  }

  /// Whether the keys of an account lie beside its records.
  ///
  /// - Parameter shard: the common beginning of its keys.
  func hasKeys(_ shard: [UInt8]) throws -> Bool {
    guard let end = KeyEncoding.successor(of: shard) else { return false }
    keys.bind(1, shard)
    keys.bind(2, end)
    defer { keys.reset() }
    return try keys.step()
  }

  /// Whether a record's key lies beside the records of its account.
  func hasKey(_ encoded: [UInt8]) throws -> Bool {
    key.bind(1, encoded)
    defer { key.reset() }
    return try key.step()
  }
}
