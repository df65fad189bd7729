internal import Store

/// The tables of the search index, and the statements that change them, on the one connection that writes.
final class SearchTables {
  private static let definitions = [
    // The document's number, the record's encoded key, what a hit is checked and named by, what the index
    // was given for it (FTS5 must be given the same again to take it out), and the moment it is about, whose hour only
    // is in the number.
    """
    CREATE TABLE IF NOT EXISTS search_document (doc INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE,
      team TEXT NOT NULL, title TEXT NOT NULL, terms BLOB NOT NULL, moment INTEGER)
    """,
    // A column for each of FieldWeight.weights. The rowid holds what ranking needs, so no sizes are kept.
    """
    CREATE VIRTUAL TABLE IF NOT EXISTS search_index USING fts5(c0, c1, c2, c3, content = '', columnsize = 0,
      tokenize = '\(SearchExtension.tokeniser)')
    """,
    // The dictionary: in how many documents of the tenant each term stands.
    """
    CREATE TABLE IF NOT EXISTS search_term (tenant INTEGER NOT NULL, term TEXT NOT NULL,
      documents INTEGER NOT NULL, PRIMARY KEY (tenant, term)) WITHOUT ROWID
    """,
    """
    CREATE TABLE IF NOT EXISTS search_form (tenant INTEGER NOT NULL, form TEXT NOT NULL, term TEXT NOT NULL,
      PRIMARY KEY (tenant, form, term)) WITHOUT ROWID
    """,
    "CREATE INDEX IF NOT EXISTS search_form_term ON search_form (tenant, term)",
    "CREATE TABLE IF NOT EXISTS search_tenant (tenant INTEGER PRIMARY KEY, documents INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS search_state (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    SearchQueue.definition,
  ]

  let connection: Connection
  private let find: Statement
  private let keptTerms: Statement
  private let lastNumber: Statement
  private let putDocument: Statement
  private let removeDocument: Statement
  private let putIndex: Statement
  private let removeIndex: Statement
  private let addTerm: Statement
  private let countOfTerm: Statement
  private let removeTerm: Statement
  private let addForm: Statement
  private let removeForms: Statement
  private let addTenant: Statement

  /// Raised when the tables change: an index of another format is fed anew.
  static let format = 2

  /// Makes the tables that are missing, and what earlier formats lack.
  static func create(on connection: Connection) throws(SQLiteFailure) {
    let columns = "SELECT count(*) FROM pragma_table_info('search_document')"
    let (all, moments) = (
      try connection.integer(columns), try connection.integer(columns + " WHERE name = 'moment'")
    )
    if all != 0, moments == 0 {
      try connection.execute("ALTER TABLE search_document ADD COLUMN moment INTEGER")
    }
    for definition in definitions { try connection.execute(definition) }
    for (option, value) in [("hashsize", hashBytes), ("automerge", mergedSegments)] {
      try connection.execute("INSERT INTO search_index (search_index, rank) VALUES ('\(option)', \(value))")
    }
  }

  /// Notes that records may change without the index: whoever searches next has it fed anew.
  static func distrust(on connection: Connection) throws(SQLiteFailure) {
    guard try connection.integer("SELECT count(*) FROM sqlite_schema WHERE name = 'search_state'") == 1 else {
      return
    }
    try connection.execute("DELETE FROM search_state WHERE name = '\(fingerprint)'")
  }

  /// The state that says what the index was made by.
  static let fingerprint = "fingerprint"

  /// What FTS5 gathers in memory before it sorts it and writes a segment: as much as a processor's cache holds. With its
  /// default of 1 MB a bulk load merges small segments most of the time; with 8 MB it waits for memory while it sorts.
  private static let hashBytes = 2 << 20
  /// Segments of a size that are merged into one of the next: twice FTS5's default, so that a load writes each entry half
  /// as often again. A search looks into a third more segments for it.
  private static let mergedSegments = 8

  init(_ connection: Connection) throws(SQLiteFailure) {
    self.connection = connection
    find = try connection.prepare("SELECT doc, moment FROM search_document WHERE key = ?1")
    keptTerms = try connection.prepare("SELECT terms FROM search_document WHERE doc = ?1")
    lastNumber = try connection.prepare(
      "SELECT doc FROM search_document WHERE doc >= ?1 AND doc <= ?2 ORDER BY doc DESC LIMIT 1")
    putDocument = try connection.prepare(
      "INSERT INTO search_document (doc, key, team, title, terms, moment) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
    removeDocument = try connection.prepare("DELETE FROM search_document WHERE doc = ?1")
    putIndex = try connection.prepare(
      "INSERT INTO search_index (rowid, c0, c1, c2, c3) VALUES (?1, ?2, ?3, ?4, ?5)")
    removeIndex = try connection.prepare(
      """
      INSERT INTO search_index (search_index, rowid, c0, c1, c2, c3)
      VALUES ('delete', ?1, ?2, ?3, ?4, ?5)
      """)
    addTerm = try connection.prepare(
      """
      INSERT INTO search_term (tenant, term, documents) VALUES (?1, ?2, ?3)
      ON CONFLICT DO UPDATE SET documents = documents + excluded.documents
      """)
    countOfTerm = try connection.prepare("SELECT documents FROM search_term WHERE tenant = ?1 AND term = ?2")
    removeTerm = try connection.prepare("DELETE FROM search_term WHERE tenant = ?1 AND term = ?2")
    addForm = try connection.prepare(
      "INSERT OR IGNORE INTO search_form (tenant, form, term) VALUES (?1, ?2, ?3)")
    removeForms = try connection.prepare("DELETE FROM search_form WHERE tenant = ?1 AND term = ?2")
    addTenant = try connection.prepare(
      """
      INSERT INTO search_tenant (tenant, documents) VALUES (?1, ?2)
      ON CONFLICT DO UPDATE SET documents = documents + excluded.documents
      """)
  }

  func document(_ encodedKey: [UInt8]) throws(SQLiteFailure) -> (number: DocumentNumber, moment: Moment?)? {
    find.bind(1, encodedKey)
    defer { find.reset() }
    guard try find.step() else { return nil }
    return (
      DocumentNumber(rawValue: find.integer(0)), find.isNull(1) ? nil : Moment(rawValue: find.integer(1))
    )
  }

  func kept(_ document: DocumentNumber) throws(SQLiteFailure) -> [UInt8] {
    keptTerms.bind(1, document.rawValue)
    defer { keptTerms.reset() }
    return try keptTerms.step() ? keptTerms.bytes(0) : []
  }

  /// The greatest number in use of a group.
  func last(of group: DocumentNumber) throws(SQLiteFailure) -> DocumentNumber? {
    lastNumber.bind(1, group.rawValue)
    lastNumber.bind(2, group.rawValue | (1 << DocumentNumber.sequenceBits - 1))
    defer { lastNumber.reset() }
    return try lastNumber.step() ? DocumentNumber(rawValue: lastNumber.integer(0)) : nil
  }

  func put(
    _ document: DocumentNumber, _ change: AnalysedChange, _ found: AnalysedChange.Found
  ) throws(SQLiteFailure) {
    putDocument.bind(1, document.rawValue)
    putDocument.bind(2, change.encodedKey)
    putDocument.bind(3, found.team)
    putDocument.bind(4, found.title)
    putDocument.bind(6, found.moment.map { .moment($0) } ?? .null, as: .moment)
    try putDocument.run(5, found.kept)
    try index(putIndex, document, found.columns)
  }

  func remove(_ document: DocumentNumber, columns: [[UInt8]], tenant: UInt32) throws(SQLiteFailure) {
    removeDocument.bind(1, document.rawValue)
    try removeDocument.run()
    try index(removeIndex, document, Self.indexed(columns, tenant: tenant))
  }

  /// Columns as FTS5 is given them: each begins with what the tokeniser puts before every term.
  static func indexed(_ columns: [[UInt8]], tenant: UInt32) -> [[UInt8]] {
    let prefix =
      [SearchExtension.Mark.prefix] + Array(SearchTerm.prefix(ofTenant: tenant).utf8) + [
        SearchExtension.Mark.blank
      ]
    return columns.map { $0.isEmpty ? [] : prefix + $0 }
  }

  private func index(_ statement: Statement, _ document: DocumentNumber, _ columns: [[UInt8]])
    throws(SQLiteFailure)
  {
    statement.bind(1, document.rawValue)
    for column in FieldWeight.weights.indices {
      statement.bind(Int32(column + 2), column < columns.count ? columns[column] : [])
    }
    try statement.run()
  }

  /// Counts documents in or out of the dictionary.
  /// - Returns: whether the term is gone from it, and with it the other ways to come to it.
  func count(_ term: String, by difference: Int, tenant: UInt32) throws(SQLiteFailure) -> Bool {
    addTerm.bind(1, Int64(tenant))
    addTerm.bind(2, term)
    addTerm.bind(3, Int64(difference))
    try addTerm.run()
    guard difference < 0 else { return false }
    countOfTerm.bind(1, Int64(tenant))
    countOfTerm.bind(2, term)
    let left = try countOfTerm.step() ? countOfTerm.integer(0) : 0
    countOfTerm.reset()
    guard left <= 0 else { return false }
    removeTerm.bind(1, Int64(tenant))
    removeTerm.bind(2, term)
    try removeTerm.run()
    removeForms.bind(1, Int64(tenant))
    removeForms.bind(2, term)
    try removeForms.run()
    return true
  }

  func add(_ form: SearchForm, tenant: UInt32) throws(SQLiteFailure) {
    addForm.bind(1, Int64(tenant))
    addForm.bind(2, form.form)
    addForm.bind(3, form.term)
    try addForm.run()
  }

  func countDocuments(by difference: Int, tenant: UInt32) throws(SQLiteFailure) {
    addTenant.bind(1, Int64(tenant))
    addTenant.bind(2, Int64(difference))
    try addTenant.run()
  }

  func setState(_ name: String, _ value: String) throws(SQLiteFailure) {
    let statement = try connection.prepare(
      "INSERT OR REPLACE INTO search_state (name, value) VALUES (?1, ?2)")
    statement.bind(1, name)
    statement.bind(2, value)
    try statement.run()
  }

  func state(_ name: String) throws(SQLiteFailure) -> String? {
    let statement = try connection.prepare("SELECT value FROM search_state WHERE name = ?1")
    statement.bind(1, name)
    return try statement.step() ? statement.text(0) : nil
  }
  /// How many hours earlier than its own the number of a document may be.
  static func movedHours(on connection: Connection) throws(SQLiteFailure) -> Int64 {
    try connection.integer("SELECT CAST(value AS INTEGER) FROM search_state WHERE name = '\(movedName)'") ?? 0
  }

  func setMovedHours(_ hours: Int64) throws(SQLiteFailure) { try setState(Self.movedName, String(hours)) }

  private static let movedName = "moved hours"
}
