internal import Store

/// Brings a file of an earlier version up to this one, a step at a time, each step in a transaction of its
/// own.
///
/// A file's version is SQLite's `user_version`. A step, once released, is never changed.
struct Migrations {
  /// Tells our files from others' (`application_id`): "Pun" and what the file holds.
  var applicationID: Int64
  /// Statements that lead from version n to n + 1.
  var steps: [[String]]

  static let log = Migrations(
    applicationID: 0x50_75_6e_4c,
    steps: [
      [
        "CREATE TABLE log (id INTEGER PRIMARY KEY, payload BLOB NOT NULL)",
        """
        CREATE TABLE tenants (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, compacted INTEGER NOT NULL,
          chain BLOB NOT NULL, time INTEGER NOT NULL)
        """,
        """
        CREATE TABLE erasures (tenant INTEGER NOT NULL, subject TEXT NOT NULL, revision INTEGER NOT NULL,
          done INTEGER NOT NULL, PRIMARY KEY (tenant, subject, revision)) WITHOUT ROWID
        """,
      ],
      // The tables alone: both files have one number.
      [],
    ])

  static let tables = Migrations(
    applicationID: 0x50_75_6e_54,
    steps: [
      [
        "CREATE TABLE records (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID",
        "CREATE TABLE entries (key BLOB PRIMARY KEY) WITHOUT ROWID",
        """
        CREATE TABLE requests (key BLOB PRIMARY KEY, revision INTEGER NOT NULL, time INTEGER NOT NULL,
          fingerprint BLOB NOT NULL) WITHOUT ROWID
        """,
        "CREATE TABLE applied (tenant INTEGER PRIMARY KEY, revision INTEGER NOT NULL)",
        """
        CREATE TABLE catalog (number INTEGER PRIMARY KEY, kind INTEGER NOT NULL, name TEXT NOT NULL,
          signature TEXT NOT NULL, state INTEGER NOT NULL, cursor BLOB NOT NULL)
        """,
        "CREATE TABLE kinds (kind INTEGER PRIMARY KEY, name TEXT NOT NULL, scope INTEGER NOT NULL)",
      ],
      // The records of accounts by place (see RecordPlaces); what is being built begins anew, in the new order.
      [
        "CREATE TABLE shard_records (place INTEGER PRIMARY KEY, key BLOB NOT NULL, value BLOB NOT NULL)",
        "CREATE TABLE shard_keys (key BLOB PRIMARY KEY) WITHOUT ROWID",
        "CREATE TABLE layout (salt BLOB NOT NULL, has_all INTEGER NOT NULL)",
        "INSERT INTO layout (salt, has_all) VALUES (randomblob(16), 0)",
        "UPDATE catalog SET cursor = x''",
      ],
    ])

  /// - Throws: ``OpenFailed`` where the file is not ours, or newer than this program; ``SQLiteFailure``.
  func run(on connection: Connection) throws {
    let application = try connection.integer("PRAGMA application_id") ?? 0
    let version = try connection.integer("PRAGMA user_version") ?? 0
    let isNew = try connection.integer("SELECT count(*) FROM sqlite_schema") == 0 && version == 0
    guard isNew || application == applicationID else {
      throw OpenFailed(cause: .unreadable, detail: "\(connection.path) is not a Punos store file")
    }
    guard version <= steps.count else {
      throw OpenFailed(
        cause: .newerFormat,
        detail:
          "\(connection.path) has format \(version), this program knows \(steps.count); use a newer punosd")
    }
    for number in Int(version)..<steps.count {
      try connection.beginWrite()
      do {
        for statement in steps[number] { try connection.execute(statement) }
        try connection.execute("PRAGMA application_id = \(applicationID)")
        try connection.execute("PRAGMA user_version = \(number + 1)")
        try connection.execute("COMMIT")
      } catch {
        connection.rollBack()
        throw error
      }
    }
  }
}
