/// What SQLite says in words of its own where the statements over typed columns, counts and records are put together.
///
/// All else in them is SQL that PostgreSQL speaks too; an engine on it has the same functions with its own words. What only
/// concerns a file (settings, how its tables are laid out, the search index) is each engine's own altogether. The list is in
/// `docs/adr/sql-of-two-engines.md`.
enum SQLDialect {
  /// The place of a statement's value, from 1 on.
  static func place(_ number: Int) -> String { "?\(number)" }

  /// Bytes as they are written out; for what this program made itself.
  static func bytes(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789ABCDEF")
    return "x'" + bytes.map { String([digits[Int($0 >> 4)], digits[Int($0 & 15)]]) }.joined() + "'"
  }

  /// Puts a row, or another one in the place of that with the same key. SQLite's own word costs a new row a twentieth less
  /// than asking first whether there is one, and takes the old row out before, so that what counts rows sees it go.
  static func put(into table: String, _ columns: [String]) -> String {
    let names = columns.isEmpty ? "" : " (\(columns.joined(separator: ", ")))"
    return "INSERT OR REPLACE INTO \(table)\(names) VALUES "
  }

  /// Whether a text holds another.
  static func holds(_ text: String, _ part: String) -> String { "instr(\(text), \(part)) > 0" }

  /// A text in the order that lists have.
  static func inNameOrder(_ column: String) -> String { "\(column) COLLATE \(Connection.nameOrder)" }

  /// A column, but not looked up in an index that begins with it.
  static func unindexed(_ column: String) -> String { "+\(column)" }

  /// The sum of whole numbers: none is 0, and what is too large for one is the largest there is, and no error.
  static func total(_ column: String) -> String { "CAST(total(\(column)) AS INTEGER)" }

  /// Year and month of seconds since 1970 as numbers; null outside of SQLite's calendar.
  static func calendar(_ seconds: String) -> (year: String, month: String) {
    ("strftime('%Y', \(seconds), 'unixepoch')", "strftime('%m', \(seconds), 'unixepoch')")
  }

  /// Names of tables that begin so.
  static func tables(beginningWith name: String) -> String {
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND substr(name, 1, length('\(name)')) = '\(name)'"
  }
}
