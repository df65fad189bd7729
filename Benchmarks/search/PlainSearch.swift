import CSQLite

/// What the search index is measured against: the same notes in FTS5 as it comes, ranked by its own bm25().
final class PlainSearch {
  private let database: OpaquePointer

  /// Opens or makes the file.
  init?(path: String) {
    var opened: OpaquePointer?
    guard sqlite3_open(path, &opened) == SQLITE_OK, let opened else { return nil }
    database = opened
    run("PRAGMA journal_mode = WAL")
    run("PRAGMA synchronous = OFF")
    run("PRAGMA cache_size = -64000")
    run("CREATE VIRTUAL TABLE IF NOT EXISTS notes USING fts5(text, content = '')")
  }

  deinit { sqlite3_close_v2(database) }

  func run(_ sql: String) { sqlite3_exec(database, sql, nil, nil, nil) }

  /// How many notes it holds.
  var count: Int {
    var statement: OpaquePointer?
    sqlite3_prepare_v2(database, "SELECT count(*) FROM notes_docsize", -1, &statement, nil)
    defer { sqlite3_finalize(statement) }
    return sqlite3_step(statement) == SQLITE_ROW ? Int(sqlite3_column_int64(statement, 0)) : 0
  }

  /// Adds notes in one transaction.
  func add(_ texts: [String]) {
    var statement: OpaquePointer?
    run("BEGIN")
    sqlite3_prepare_v2(database, "INSERT INTO notes (text) VALUES (?1)", -1, &statement, nil)
    for text in texts {
      sqlite3_bind_text(statement, 1, text, -1, unsafeBitCast(-1, to: sqlite3_destructor_type.self))
      sqlite3_step(statement)
      sqlite3_reset(statement)
    }
    sqlite3_finalize(statement)
    run("COMMIT")
  }

  /// The numbers of the twenty best notes that hold all the words.
  func search(_ words: String) -> [Int64] {
    var statement: OpaquePointer?
    let sql = "SELECT rowid FROM notes WHERE notes MATCH ?1 ORDER BY rank LIMIT 20"
    sqlite3_prepare_v2(database, sql, -1, &statement, nil)
    defer { sqlite3_finalize(statement) }
    sqlite3_bind_text(statement, 1, words, -1, unsafeBitCast(-1, to: sqlite3_destructor_type.self))
    var found: [Int64] = []
    while sqlite3_step(statement) == SQLITE_ROW { found.append(sqlite3_column_int64(statement, 0)) }
    return found
  }
}
