internal import Store

/// Moves the records of accounts of a file of the first format to their places, a slice at a time: each in a transaction of
/// its own, so that a stop costs one of them. Until all are there the store is not open.
struct MovingToPlaces {
  let tables: TablesWriter
  /// Frames of the write-ahead log at which it is copied into the file.
  let checkpointFrames: Int
  let log: (String) -> Void

  /// Records moved at a time: some tens of milliseconds' work.
  private static let slice = 10_000
  /// How often the operator is told.
  private static let told = 1_000_000

  func run() throws {
    let connection = tables.connection
    guard try connection.integer("SELECT has_all FROM layout") == 0 else { return }
    var moved = 0
    while let doomed = try next() {
      try tables.transaction {
        for (key, value) in doomed {
          try tables.put(key, value, isNew: true)
          try tables.removeUnplaced(key)
        }
      }
      if connection.walFrames >= checkpointFrames { _ = try connection.checkpoint(.passive) }
      if moved / Self.told < (moved + doomed.count) / Self.told {
        log("\(moved + doomed.count) records of a store of an earlier version have been moved")
      }
      moved += doomed.count
    }
    try tables.transaction { try connection.execute("UPDATE layout SET has_all = 1") }
  }

  /// The next that lie where the first format had them; nil: none do.
  private func next() throws -> [(key: [UInt8], value: [UInt8])]? {
    let first = try tables.connection.prepare("SELECT key FROM records WHERE key >= ?1 ORDER BY key LIMIT 1")
    let some = try tables.connection.prepare(
      "SELECT key, value FROM records WHERE key >= ?1 AND key < ?2 ORDER BY key LIMIT \(Self.slice)")
    var from: [UInt8] = []
    while true {
      first.bind(1, from)
      defer { first.reset() }
      guard try first.step() else { return nil }
      let tenant = Array(first.bytes(0).prefix(4))
      guard let end = KeyEncoding.successor(of: tenant) else { return nil }
      // Those outside accounts come first: their account is empty, and ends with a NUL as each does.
      some.bind(1, tenant + [1])
      some.bind(2, end)
      defer { some.reset() }
      var found: [(key: [UInt8], value: [UInt8])] = []
      while try some.step() { found.append((some.bytes(0), some.bytes(1))) }
      if !found.isEmpty { return found }
      from = end
    }
  }
}
