internal import Store

/// The records that search is to be given later, in the order they came.
struct SearchQueue {
  static let definition = """
    CREATE TABLE IF NOT EXISTS search_waiting (place INTEGER PRIMARY KEY, key BLOB NOT NULL)
    """

  let connection: Connection

  func append(_ keys: [[UInt8]]) throws(SQLiteFailure) {
    let insert = try connection.prepare("INSERT INTO search_waiting (key) VALUES (?1)")
    for key in keys { try insert.run(1, key) }
  }

  /// The first that wait, in the order they came.
  func first(_ limit: Int) throws(SQLiteFailure) -> [(place: Int64, encodedKey: [UInt8])] {
    let select = try connection.prepare("SELECT place, key FROM search_waiting ORDER BY place LIMIT ?1")
    select.bind(1, Int64(limit))
    defer { select.reset() }
    var found: [(place: Int64, encodedKey: [UInt8])] = []
    while try select.step() { found.append((select.integer(0), select.bytes(1))) }
    return found
  }

  func remove(through place: Int64) throws(SQLiteFailure) {
    let delete = try connection.prepare("DELETE FROM search_waiting WHERE place <= ?1")
    delete.bind(1, place)
    try delete.run()
  }

  var hasAny: Bool {
    get throws(SQLiteFailure) { try connection.integer("SELECT 1 FROM search_waiting LIMIT 1") != nil }
  }

  /// How many wait: places are given one after the other and go from the front, so that both ends say it.
  var count: Int {
    get throws(SQLiteFailure) {
      let ends = try connection.prepare(
        "SELECT (SELECT min(place) FROM search_waiting), (SELECT max(place) FROM search_waiting)")
      defer { ends.reset() }
      guard try ends.step(), !ends.isNull(0) else { return 0 }
      return Int(ends.integer(1) &- ends.integer(0)) &+ 1
    }
  }
}

extension SearchIndex {
  func postpone(_ keys: [[UInt8]], on connection: Connection) throws {
    try SearchQueue(connection: connection).append(keys)
  }

  func postponed(limit: Int, on connection: Connection) throws -> [(place: Int64, encodedKey: [UInt8])] {
    try SearchQueue(connection: connection).first(limit)
  }

  func forgetPostponed(through place: Int64, on connection: Connection) throws {
    try SearchQueue(connection: connection).remove(through: place)
  }

  func postponedCount(on connection: Connection) throws -> Int {
    try SearchQueue(connection: connection).count
  }
}
