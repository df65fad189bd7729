internal import Store

/// The tables that count a kind's records as they are written, and the orders in which its columns are found: what
/// lies beside a column table, made and dropped with it.
///
/// SQLite's triggers keep the counts: whatever writes columns (the applier, a load, the builder, a sweep) counts in the
/// same transaction, and nothing can forget to.
struct TallyTables {
  let kind: KindSchema
  /// Of the column table.
  let number: UInt32

  /// Stands for null in a count's key, where SQLite allows none; no column holds a blob.
  static let nullMark = SQLDialect.bytes([])

  static func table(_ number: UInt32, _ place: Int) -> String { "tally_\(number)_\(place)" }

  private func place(_ column: String) throws(Malformed) -> Int {
    if let place = kind.columns.firstIndex(where: { $0.name == column }) { return place }
    throw Malformed(what: "\(kind.name) has no column \(column) to count or order by")
  }

  func make(on connection: Connection) throws {
    for (index, columns) in kind.orders.enumerated() {
      var names: [String] = []
      for column in columns { names.append("c\(try place(column))") }
      try connection.execute(
        "CREATE INDEX IF NOT EXISTS order_\(number)_\(index) ON \(TablesWriter.columnTable(number)) "
          + "(\(names.joined(separator: ", ")) DESC)")
    }
    for index in kind.tallies.indices { try make(index, on: connection) }
  }

  private func make(_ index: Int, on connection: Connection) throws {
    let tally = kind.tallies[index]
    let name = Self.table(number, index)
    let columns = TablesWriter.columnTable(number)
    let values = tally.by.indices.map { "v\($0)" }
    let key = (["tenant", "month"] + values).joined(separator: ", ")
    try connection.execute(
      """
      CREATE TABLE IF NOT EXISTS \(name) (tenant BLOB NOT NULL, month INTEGER NOT NULL,
      \(values.map { $0 + " NOT NULL, " }.joined()) n INTEGER NOT NULL, s INTEGER NOT NULL, PRIMARY KEY (\(key))) WITHOUT ROWID
      """)
    try connection.execute(
      """
      CREATE TRIGGER IF NOT EXISTS \(name)_more AFTER INSERT ON \(columns) WHEN \(try isCounted(tally, "new.")) BEGIN
      INSERT INTO \(name) VALUES (\(try cell(tally, of: "new.").joined(separator: ", ")), 1, \(try sum(tally, of: "new.")))
      ON CONFLICT (\(key)) DO UPDATE SET n = n + 1, s = s + excluded.s;
      END
      """)
    let isCell = zip(["tenant", "month"] + values, try cell(tally, of: "old.")).map { "\($0) = \($1)" }
      .joined(separator: " AND ")
    if let column = tally.whereSet {
      // What is counted one by one at both ends of a period are those few, and not all records of its days.
      let index = "set_\(number)_\(index) ON \(columns) (c\(try place(column)))"
      try connection.execute(
        "CREATE INDEX IF NOT EXISTS \(index) WHERE c\(try place(column)) IS NOT NULL")
    }
    // A count of nothing goes: what it was counted by may be a person's name.
    try connection.execute(
      """
      CREATE TRIGGER IF NOT EXISTS \(name)_less AFTER DELETE ON \(columns) WHEN \(try isCounted(tally, "old.")) BEGIN
      UPDATE \(name) SET n = n - 1, s = s - \(try sum(tally, of: "old.")) WHERE \(isCell);
      DELETE FROM \(name) WHERE \(isCell) AND n = 0;
      END
      """)
  }

  /// Whether a row of columns is counted.
  private func isCounted(_ tally: TallyDefinition, _ row: String) throws -> String {
    let isSet = try tally.whereSet.map { " AND \(row)c\(try place($0)) IS NOT NULL" } ?? ""
    return "\(row)deleted IS NULL" + isSet
  }

  /// What a row of columns is counted under: tenant, month, and the values.
  private func cell(_ tally: TallyDefinition, of row: String) throws -> [String] {
    let moment = "\(row)c\(try place(tally.moment))"
    return try ["substr(\(row)key, 1, 4)", TallyMonth.sql(moment)]
      + tally.by.map { "coalesce(\(row)c\(try place($0)), \(Self.nullMark))" }
  }

  private func sum(_ tally: TallyDefinition, of row: String) throws -> String {
    guard let sum = tally.sum else { return "0" }
    return "coalesce(\(row)c\(try place(sum)), 0)"
  }

  static func drop(_ number: UInt32, on connection: Connection) throws(SQLiteFailure) {
    let statement = try connection.prepare(SQLDialect.tables(beginningWith: "tally_\(number)_"))
    var names: [String] = []
    while try statement.step() { names.append(statement.text(0)) }
    statement.reset()
    // The triggers go with the column table.
    for name in names { try connection.execute("DROP TABLE IF EXISTS \(name)") }
  }

  /// What the tallies say that the columns do not, or the other way round.
  func problems(on connection: Connection) throws -> [String] {
    var problems: [String] = []
    for (index, tally) in kind.tallies.enumerated() {
      let cell = try cell(tally, of: "")
      let groups = cell.joined(separator: ", ")
      let recount =
        "SELECT \(groups), count(*), sum(\(try sum(tally, of: ""))) FROM \(TablesWriter.columnTable(number)) "
        + "WHERE \(try isCounted(tally, "")) GROUP BY \(groups)"
      let kept = "SELECT * FROM \(Self.table(number, index))"
      for (left, right) in [(recount, kept), (kept, recount)] {
        let differing = try connection.integer("SELECT count(*) FROM (\(left) EXCEPT \(right))") ?? 0
        guard differing > 0 else { continue }
        problems.append(
          "the counts of \(kind.name) by \(tally.by.joined(separator: ", ")) differ from its records in \(differing) places"
        )
        break
      }
    }
    return problems
  }
}

/// Calendar months (UTC) as numbers: twelve times the year, and January is 0.
enum TallyMonth {
  /// Of records without a moment.
  static let none: Int64 = -1
  /// Of moments before February of the year 0, and of those after 9999, where SQLite's calendar ends.
  private static let first: Int64 = 0
  private static let last: Int64 = 120_000
  private static let microsecondsADay: Int64 = 86_400_000_000

  /// The month of a moment's microseconds, as SQLite works it out.
  static func sql(_ moment: String) -> String {
    // Division cuts towards zero: before 1970 it must go down.
    let seconds = "((\(moment) - ((\(moment) % 1000000) + 1000000) % 1000000) / 1000000)"
    let (year, month) = SQLDialect.calendar(seconds)
    return "CASE WHEN \(moment) IS NULL THEN \(none) "
      + "ELSE coalesce(\(year) * 12 + \(month) - 1, CASE WHEN \(moment) < 0 THEN \(first) ELSE \(last) END) END"
  }

  /// The month of a moment.
  static func number(_ moment: Moment) -> Int64 {
    let micros = moment.rawValue
    let days = micros >= 0 ? micros / microsecondsADay : -((-(micros + 1)) / microsecondsADay) - 1
    let (year, month) = civil(days)
    guard year >= 0 else { return first }
    return year > 9_999 ? last : year * 12 + month - 1
  }

  /// The first moment of a month; nil for those that stand for all before or after the calendar.
  static func start(_ month: Int64) -> Moment? {
    guard month > first, month < last else { return nil }
    return Moment(rawValue: days(month / 12, month % 12 + 1) * microsecondsADay)
  }

  /// Year and month of a day since 1970-01-01. Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", 2021.
  private static func civil(_ days: Int64) -> (year: Int64, month: Int64) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month)
  }

  /// The first day of a month, since 1970-01-01.
  private static func days(_ year: Int64, _ month: Int64) -> Int64 {
    let year = month <= 2 ? year - 1 : year
    let era = (year >= 0 ? year : year - 399) / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}
