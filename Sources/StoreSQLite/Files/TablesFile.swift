internal import Store

/// The tables' file as a reader uses it: statements over one connection.
final class TablesReader {
  let connection: Connection
  let shards: ShardReader
  private let one: Statement
  private let ascending: Statement
  private let entriesUp: Statement
  private let entriesDown: Statement
  private let request: Statement
  private var search: SearchStatements?

  init(_ connection: Connection) throws {
    self.connection = connection
    shards = try ShardReader(connection, RecordPlaces(salt: TablesLayout.salt(on: connection)))
    one = try connection.prepare("SELECT value FROM records WHERE key = ?1")
    ascending = try connection.prepare(
      "SELECT key, value FROM records WHERE key > ?1 AND key < ?2 ORDER BY key")
    entriesUp = try connection.prepare("SELECT key FROM entries WHERE key >= ?1 AND key < ?2 ORDER BY key")
    entriesDown = try connection.prepare(
      "SELECT key FROM entries WHERE key >= ?1 AND key < ?2 ORDER BY key DESC")
    request = try connection.prepare("SELECT revision, time, fingerprint FROM requests WHERE key = ?1")
  }

  func record(_ encodedKey: [UInt8], _ key: RecordKey) throws -> StoredRecord? {
    if let shard = RecordPlaces.shardBytes(encodedKey) {
      return try shards.find(encodedKey, shard) { try RecordCodec.decode($1, key: key) }
    }
    one.bind(1, encodedKey)
    defer { one.reset() }
    guard try one.step() else { return nil }
    return try one.withBytes(0) { try RecordCodec.decode($0, key: key) }
  }

  /// Whether there is a record with a key.
  func hasRecord(_ encodedKey: [UInt8]) throws -> Bool {
    if let shard = RecordPlaces.shardBytes(encodedKey) {
      return try shards.find(encodedKey, shard) { _, _ in true } ?? false
    }
    one.bind(1, encodedKey)
    defer { one.reset() }
    return try one.step()
  }

  /// Records of one account, or of those outside accounts, with `after` < key < `before`, in order, until `visit` says
  /// false.
  func records(after: [UInt8], before: [UInt8], _ visit: (StoredRecord) throws -> Bool) throws {
    try rawRecords(after: after, before: before) { try visit($1) }
  }

  /// As ``records(after:before:_:)``, with encoded keys.
  func rawRecords(after: [UInt8], before: [UInt8], _ visit: ([UInt8], StoredRecord) throws -> Bool) throws {
    if let shard = RecordPlaces.shardBytes(after) {
      return try shards.records(after: after, before: before, shard, visit)
    }
    ascending.bind(1, after)
    ascending.bind(2, before)
    defer { ascending.reset() }
    while try ascending.step() {
      let encoded = ascending.bytes(0)
      let key = try encoded.withUnsafeBytes { try KeyEncoding.decodeRecord($0).key }
      let record = try ascending.withBytes(1) { try RecordCodec.decode($0, key: key) }
      if try !visit(encoded, record) { return }
    }
  }

  /// All records, for building and verifying, until `visit` says false.
  func walk(after position: WalkPosition, _ visit: (WalkPosition, [UInt8], StoredRecord) throws -> Bool)
    throws
  {
    var first = Int64.min
    switch position {
    case .place(let place): first = place
    case .key(let key):
      var goesOn = true
      try rawRecords(after: key, before: WalkPosition.behindAllKeys) { encoded, record in
        goesOn = try visit(.key(encoded), encoded, record)
        return goesOn
      }
      if !goesOn { return }
    }
    try shards.records(after: first) { try visit(.place($0), $1, $2) }
  }

  /// Index entries with `from` <= key < `to`, until `visit` says false.
  func entries(from: [UInt8], to: [UInt8], descending: Bool = false, _ visit: ([UInt8]) throws -> Bool) throws
  {
    let statement = descending ? entriesDown : entriesUp
    statement.bind(1, from)
    statement.bind(2, to)
    defer { statement.reset() }
    while try statement.step() {
      if try !visit(statement.bytes(0)) { return }
    }
  }

  func hasEntry(_ entry: [UInt8]) throws -> Bool {
    var isThere = false
    try entries(from: entry, to: entry + [0]) { _ in
      isThere = true
      return false
    }
    return isThere
  }

  func keptRequest(_ key: KeyBytes) throws -> KeptRequest? {
    request.bind(1, key.bytes)
    defer { request.reset() }
    guard try request.step() else { return nil }
    return KeptRequest(
      revision: Revision(request.integer(0)), time: Moment(rawValue: request.integer(1)),
      fingerprint: request.bytes(2))
  }

  /// What searches ask; of a store that has what search needs.
  func searchStatements() throws(SQLiteFailure) -> SearchStatements {
    if let search { return search }
    let made = try SearchStatements(connection)
    search = made
    return made
  }

  func appliedRevision(_ tenant: UInt32) throws -> Revision {
    Revision(try connection.integer("SELECT revision FROM applied WHERE tenant = \(tenant)") ?? 0)
  }

  /// Tenants of whom there is anything.
  func appliedTenants() throws -> Set<UInt32> {
    let statement = try connection.prepare("SELECT tenant FROM applied WHERE revision > 0")
    var tenants: Set<UInt32> = []
    while try statement.step() {
      guard let number = UInt32(exactly: statement.integer(0)) else {
        throw Malformed(what: "the tables have an impossible tenant")
      }
      tenants.insert(number)
    }
    return tenants
  }

  /// The record that a unique index has for a value.
  /// - Parameter value: an entry without its owner.
  func holder(ofUnique value: [UInt8], _ kind: RecordKind) throws -> RecordKey? {
    guard let end = KeyEncoding.successor(of: value) else { return nil }
    entriesUp.bind(1, value)
    entriesUp.bind(2, end)
    defer { entriesUp.reset() }
    guard try entriesUp.step() else { return nil }
    return try entriesUp.withBytes(0) { try KeyEncoding.decodeOwner(from: $0, at: value.count, kind: kind) }
  }

  /// Runs `body` on one snapshot of the file, where it asks more than one question. A snapshot for each costs the locks
  /// of each.
  func consistent<T>(_ asksMore: Bool, _ body: () throws -> T) throws -> T {
    asksMore && connection.isIdle ? try snapshot(body) : try body()
  }

  /// Runs `body` on one snapshot of the file.
  func snapshot<T>(_ body: () throws -> T) throws -> T {
    try connection.snapshot(body)
  }
}

/// The tables' file as the applier uses it.
final class TablesWriter {
  let connection: Connection
  let reader: TablesReader
  private let shards: ShardWriter
  private let putRecord: Statement
  private let deleteRecord: Statement
  private let putEntry: Statement
  private let deleteEntry: Statement
  private let putRequest: Statement
  private let deleteRequest: Statement
  private let setApplied: Statement
  private let saveItem: Statement
  private let deleteItem: Statement
  private var columnPuts: [UInt32: Statement] = [:]
  private var columnDeletes: [UInt32: Statement] = [:]

  init(_ connection: Connection) throws {
    self.connection = connection
    // A row that takes the place of another is counted as gone too (see TallyTables).
    try connection.execute("PRAGMA recursive_triggers = 1")
    reader = try TablesReader(connection)
    shards = try ShardWriter(connection, reader.shards)
    putRecord = try connection.prepare(SQLDialect.put(into: "records", ["key", "value"]) + "(?1, ?2)")
    deleteRecord = try connection.prepare("DELETE FROM records WHERE key = ?1")
    putEntry = try connection.prepare("INSERT INTO entries (key) VALUES (?1) ON CONFLICT DO NOTHING")
    deleteEntry = try connection.prepare("DELETE FROM entries WHERE key = ?1")
    putRequest = try connection.prepare(
      SQLDialect.put(into: "requests", ["key", "revision", "time", "fingerprint"]) + "(?1, ?2, ?3, ?4)")
    deleteRequest = try connection.prepare("DELETE FROM requests WHERE key = ?1")
    setApplied = try connection.prepare(
      SQLDialect.put(into: "applied", ["tenant", "revision"]) + "(?1, ?2)")
    saveItem = try connection.prepare(
      SQLDialect.put(into: "catalog", ["number", "kind", "name", "signature", "state", "cursor"])
        + "(?1, ?2, ?3, ?4, ?5, ?6)")
    deleteItem = try connection.prepare("DELETE FROM catalog WHERE number = ?1")
  }

  /// Runs `body` in a write transaction: all of it, or none.
  func transaction<T>(_ body: () throws -> T) throws -> T {
    try connection.beginWrite()
    do {
      let result = try body()
      try shards.settle()
      try connection.execute("COMMIT")
      return result
    } catch {
      shards.forget()
      connection.rollBack()
      throw error
    }
  }

  /// - Parameter isNew: whether there may be no such record yet.
  func put(_ encodedKey: [UInt8], _ record: StoredRecord, isNew: Bool) throws {
    try put(encodedKey, RecordCodec.encode(record), isNew: isNew)
  }

  func put(_ encodedKey: [UInt8], _ value: [UInt8], isNew: Bool) throws {
    if let shard = RecordPlaces.shardBytes(encodedKey) {
      return try shards.put(encodedKey, shard, value, isNew: isNew)
    }
    putRecord.bind(1, encodedKey)
    try putRecord.run(2, value)
  }

  func removeRecord(_ encodedKey: [UInt8]) throws {
    if let shard = RecordPlaces.shardBytes(encodedKey) { return try shards.remove(encodedKey, shard) }
    try deleteRecord.run(1, encodedKey)
  }

  /// Takes a record of an account away from where the first format had it.
  func removeUnplaced(_ encodedKey: [UInt8]) throws(SQLiteFailure) { try deleteRecord.run(1, encodedKey) }

  func addEntry(_ entry: [UInt8]) throws(SQLiteFailure) {
    try putEntry.run(1, entry)
  }

  func removeEntry(_ entry: [UInt8]) throws(SQLiteFailure) {
    try deleteEntry.run(1, entry)
  }

  func put(_ requestKey: [UInt8], _ request: KeptRequest) throws(SQLiteFailure) {
    putRequest.bind(1, requestKey)
    putRequest.bind(2, request.revision.rawValue)
    putRequest.bind(3, request.time.rawValue)
    putRequest.bind(4, request.fingerprint)
    try putRequest.run()
  }

  func removeRequest(_ requestKey: [UInt8]) throws(SQLiteFailure) {
    deleteRequest.bind(1, requestKey)
    try deleteRequest.run()
  }

  func setApplied(_ tenant: UInt32, _ revision: Revision) throws(SQLiteFailure) {
    setApplied.bind(1, Int64(tenant))
    setApplied.bind(2, revision.rawValue)
    try setApplied.run()
  }

  // MARK: Columns

  /// Columns before the schema's own: key, and the record's times.
  static let ownColumns = 4

  static func columnTable(_ number: UInt32) -> String { "columns_\(number)" }

  /// Makes a kind's column table, with the counts and orders that lie beside it.
  func makeColumnTable(_ number: UInt32, of kind: KindSchema) throws {
    let names = kind.columns.indices.map { ", c\($0)" }.joined()
    try connection.execute(
      "CREATE TABLE IF NOT EXISTS \(Self.columnTable(number)) (key BLOB PRIMARY KEY, created INTEGER NOT NULL, "
        + "updated INTEGER NOT NULL, deleted INTEGER\(names)) WITHOUT ROWID")
    try TallyTables(kind: kind, number: number).make(on: connection)
  }

  func dropColumnTable(_ number: UInt32) throws(SQLiteFailure) {
    columnPuts[number] = nil
    columnDeletes[number] = nil
    try connection.execute("DROP TABLE IF EXISTS \(Self.columnTable(number))")
    try TallyTables.drop(number, on: connection)
  }

  /// Keeps a record's columns: its own times, and the values that the schema asks for. Deleted records keep
  /// theirs,
  /// for lists that show them.
  func putColumns(
    _ number: UInt32, _ encodedKey: [UInt8], _ record: StoredRecord, _ values: [FieldValue],
    types: [ColumnDefinition]
  ) throws(SQLiteFailure) {
    let statement: Statement
    if let known = columnPuts[number] {
      statement = known
    } else {
      let places = (0...types.count + 3).map { "?\($0 + 1)" }.joined(separator: ", ")
      statement = try connection.prepare(
        SQLDialect.put(into: Self.columnTable(number), []) + "(\(places))")
      columnPuts[number] = statement
    }
    statement.bind(1, encodedKey)
    statement.bind(2, record.createdTime.rawValue)
    statement.bind(3, record.updatedTime.rawValue)
    statement.bind(4, record.deletedTime.map { .moment($0) } ?? .null, as: .moment)
    for place in types.indices {
      statement.bind(Int32(place + 5), place < values.count ? values[place] : .null, as: types[place].type)
    }
    try statement.run()
  }

  func removeColumns(_ number: UInt32, _ encodedKey: [UInt8]) throws(SQLiteFailure) {
    let statement: Statement
    if let known = columnDeletes[number] {
      statement = known
    } else {
      statement = try connection.prepare("DELETE FROM \(Self.columnTable(number)) WHERE key = ?1")
      columnDeletes[number] = statement
    }
    statement.bind(1, encodedKey)
    try statement.run()
  }

  // MARK: Catalog

  func catalog() throws -> [CatalogItem] {
    let statement = try connection.prepare(
      "SELECT number, kind, name, signature, state, cursor FROM catalog ORDER BY number")
    var items: [CatalogItem] = []
    while try statement.step() {
      guard let number = UInt32(exactly: statement.integer(0)),
        let kind = UInt16(exactly: statement.integer(1)),
        let state = BuildState(rawValue: statement.integer(4))
      else { throw Malformed(what: "the catalog has an impossible row") }
      items.append(
        CatalogItem(
          number: number, kind: RecordKind(kind), name: statement.text(2), signature: statement.text(3),
          state: state, cursor: statement.bytes(5)))
    }
    return items
  }

  func save(_ item: CatalogItem) throws(SQLiteFailure) {
    saveItem.bind(1, Int64(item.number))
    saveItem.bind(2, Int64(item.kind.rawValue))
    saveItem.bind(3, item.name)
    saveItem.bind(4, item.signature)
    saveItem.bind(5, item.state.rawValue)
    saveItem.bind(6, item.cursor)
    try saveItem.run()
  }

  func removeItem(_ number: UInt32) throws(SQLiteFailure) {
    deleteItem.bind(1, Int64(number))
    try deleteItem.run()
  }
}

extension Statement {
  /// Binds a value as a column of that type keeps it; another type of value is kept as null.
  func bind(_ place: Int32, _ value: FieldValue, as type: ColumnType) {
    switch (value, type) {
    case (.boolean(let flag), .boolean): bind(place, flag ? 1 as Int64 : 0)
    case (.integer(let number), .integer): bind(place, number)
    case (.real(let number), .real) where !number.isNaN: bind(place, number)
    case (.integer(let number), .real): bind(place, Double(number))
    case (.text(let text), .text): bind(place, text)
    case (.moment(let moment), .moment): bind(place, moment.rawValue)
    default: bindNull(place)
    }
  }

  /// Reads a column's value as its type says.
  func value(_ column: Int32, as type: ColumnType) -> FieldValue {
    if isNull(column) { return .null }
    return switch type {
    case .boolean: .boolean(integer(column) != 0)
    case .integer: .integer(integer(column))
    case .real: .real(real(column))
    case .text: .text(text(column))
    case .moment: .moment(Moment(rawValue: integer(column)))
    }
  }
}
