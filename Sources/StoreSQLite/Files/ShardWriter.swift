internal import Store

/// Writes the records of accounts, each at its place, and beside them the keys of those accounts that have many.
///
/// Both in a transaction of the caller's, which ends with ``settle()``.
final class ShardWriter {
  private let connection: Connection
  private let reader: ShardReader
  private let put: Statement
  private let replace: Statement
  private let remove: Statement
  private let addKey: Statement
  private let addKeys: Statement
  private let removeKey: Statement
  /// New records of the open transaction at one account's places, whose keys may have to be put.
  private var new: (first: Int64, keys: [[UInt8]]) = (0, [])

  init(_ connection: Connection, _ reader: ShardReader) throws(SQLiteFailure) {
    self.connection = connection
    self.reader = reader
    put = try connection.prepare(
      "INSERT INTO shard_records (place, key, value) VALUES (?1, ?2, ?3) "
        + "ON CONFLICT (place) DO UPDATE SET value = excluded.value WHERE key = excluded.key")
    replace = try connection.prepare(
      SQLDialect.put(into: "shard_records", ["place", "key", "value"]) + "(?1, ?2, ?3)")
    remove = try connection.prepare("DELETE FROM shard_records WHERE place = ?1")
    addKey = try connection.prepare("INSERT INTO shard_keys (key) VALUES (?1) ON CONFLICT DO NOTHING")
    addKeys = try connection.prepare(
      "INSERT INTO shard_keys (key) SELECT key FROM shard_records "
        + "WHERE place >= ?1 AND place <= ?2 AND key > ?3 AND key < ?4 ON CONFLICT DO NOTHING")
    removeKey = try connection.prepare("DELETE FROM shard_keys WHERE key = ?1")
  }

  /// - Parameters:
  ///   - shard: as ``RecordPlaces/shardBytes(_:)`` says.
  ///   - isNew: whether the record may not have been there before.
  func put(_ encoded: [UInt8], _ shard: Int, _ value: [UInt8], isNew: Bool) throws {
    let place = reader.places.place(of: encoded, shard: shard)
    put.bind(1, place)
    put.bind(2, encoded)
    try put.run(3, value)
    if connection.changes == 0 { try putBehind(place, encoded, value) }
    guard isNew else { return }
    let first = reader.places.run(ofShard: encoded, shard).lowerBound
    // As soon as another account's come: records are written in the order of their places, and an account's pages are at
    // hand only until so many others were written that SQLite had to let go of them.
    if new.first != first { try settle() }
    new.first = first
    new.keys.append(encoded)
  }

  /// Puts a record whose first place is another's: where it is already, where one was that is gone, or at the first place
  /// that is free.
  private func putBehind(_ first: Int64, _ encoded: [UInt8], _ value: [UInt8]) throws {
    var free: Int64?
    var place = first
    for _ in 0..<reader.places.longestChain {
      guard let key = try reader.key(at: place) else { return try write(free ?? place, encoded, value) }
      if key == encoded { return try write(place, encoded, value) }
      if key.isEmpty, free == nil { free = place }
      place = reader.places.next(place)
    }
    guard let free else {
      throw Malformed(what: "an account has more records of one kind than it can have places for")
    }
    try write(free, encoded, value)
  }

  private func write(_ place: Int64, _ key: [UInt8], _ value: [UInt8]) throws(SQLiteFailure) {
    replace.bind(1, place)
    replace.bind(2, key)
    try replace.run(3, value)
  }

  /// Takes a record away. Where another may have gone past it to the next place an empty row stays, so that it is found.
  func remove(_ encoded: [UInt8], _ shard: Int) throws {
    try removeKey.run(1, encoded)
    guard let place = try reader.find(encoded, shard, { place, _ in place }) else { return }
    if try reader.key(at: reader.places.next(place)) != nil {
      try write(place, [], [])
    } else {
      remove.bind(1, place)
      try remove.run()
    }
  }

  /// Puts the keys of new records where keys have to lie in order, and all of an account that has become one with many.
  func settle() throws {
    defer { forget() }
    // Two accounts may share their places.
    var shards: [[UInt8]: Bool] = [:]
    for encoded in new.keys {
      guard let shard = RecordPlaces.shardBytes(encoded) else { continue }
      let prefix = Array(encoded[..<shard])
      let hasKeys = try shards[prefix] ?? isLarge(prefix)
      shards[prefix] = hasKeys
      // What was put may have been taken away since.
      if hasKeys, try reader.find(encoded, shard, { _, _ in true }) == true { try addKey.run(1, encoded) }
    }
  }

  /// Whether an account's keys lie beside its records; sees to it where they have to now.
  private func isLarge(_ shard: [UInt8]) throws -> Bool {
    if try reader.hasKeys(shard) { return true }
    guard try reader.hasMany(shard), let end = KeyEncoding.successor(of: shard) else { return false }
    let places = reader.places.run(ofShard: shard, shard.count)
    addKeys.bind(1, places.lowerBound)
    addKeys.bind(2, places.upperBound)
    addKeys.bind(3, shard)
    addKeys.bind(4, end)
    try addKeys.run()
    return true
  }

  /// The open transaction came to nothing.
  func forget() { new.keys.removeAll(keepingCapacity: true) }
}
