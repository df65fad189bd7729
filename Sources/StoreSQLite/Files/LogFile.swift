internal import Store

/// Where a row lies in the log: tenants' rows side by side, each tenant's in the order of its revisions.
enum LogRow {
  /// 2^40 revisions a tenant, 2^22 tenants: a thousand commits a second for 34 years.
  static let revisionBits: Int64 = 40
  static let greatestRevision: Int64 = (1 << 40) - 1
  static let greatestTenant: UInt32 = (1 << 22) - 1

  static func id(_ tenant: UInt32, _ revision: Revision) -> Int64 {
    Int64(tenant) << revisionBits | (revision.rawValue & greatestRevision)
  }

  static func revision(of id: Int64) -> Revision { Revision(id & greatestRevision) }
}

/// What the log keeps of a tenant.
struct LogTenant: Sendable {
  var number: UInt32
  var name: TenantID
  /// Rows up to and including this one are gone.
  var compacted: Revision
  /// The chain hash of the row ``compacted``; the oldest kept row links to it.
  var compactedChain: [UInt8]
  /// The time of the row ``compacted``.
  var compactedTime: Moment
}

/// The log's file: statements over one connection. Which thread may use it is its owner's business.
final class LogFile {
  let connection: Connection
  private let insertRow: Statement
  private let readRow: Statement
  private let readRange: Statement
  private let lastRow: Statement
  private let deleteRange: Statement
  private let updateRow: Statement
  private let insertTenant: Statement

  /// Raised when the tables of the file change; see ``Migrations``.
  static let format: Int64 = 1

  init(_ connection: Connection) throws(SQLiteFailure) {
    self.connection = connection
    insertRow = try connection.prepare("INSERT INTO log (id, payload) VALUES (?1, ?2)")
    readRow = try connection.prepare("SELECT payload FROM log WHERE id = ?1")
    readRange = try connection.prepare(
      "SELECT id, payload FROM log WHERE id > ?1 AND id <= ?2 ORDER BY id LIMIT ?3")
    lastRow = try connection.prepare(
      "SELECT id, payload FROM log WHERE id > ?1 AND id <= ?2 ORDER BY id DESC LIMIT 1")
    deleteRange = try connection.prepare("DELETE FROM log WHERE id > ?1 AND id <= ?2")
    updateRow = try connection.prepare("UPDATE log SET payload = ?2 WHERE id = ?1")
    insertTenant = try connection.prepare(
      SQLDialect.put(into: "tenants", ["number", "name", "compacted", "chain", "time"])
        + "(?1, ?2, ?3, ?4, ?5)")
  }

  func append(_ row: Int64, _ payload: [UInt8]) throws(SQLiteFailure) {
    insertRow.bind(1, row)
    try insertRow.run(2, payload)
  }

  func rewrite(_ row: Int64, _ payload: [UInt8]) throws(SQLiteFailure) {
    updateRow.bind(1, row)
    updateRow.bind(2, payload)
    try updateRow.run()
  }

  func save(_ tenant: LogTenant) throws(SQLiteFailure) {
    insertTenant.bind(1, Int64(tenant.number))
    insertTenant.bind(2, tenant.name.text)
    insertTenant.bind(3, tenant.compacted.rawValue)
    insertTenant.bind(4, tenant.compactedChain)
    insertTenant.bind(5, tenant.compactedTime.rawValue)
    try insertTenant.run()
  }

  func tenants() throws -> [LogTenant] {
    let statement = try connection.prepare("SELECT number, name, compacted, chain, time FROM tenants")
    var result: [LogTenant] = []
    while try statement.step() {
      guard let number = UInt32(exactly: statement.integer(0)), number <= LogRow.greatestTenant else {
        throw Malformed(what: "a tenant has an impossible number")
      }
      result.append(
        LogTenant(
          number: number, name: try TenantID(statement.text(1)), compacted: Revision(statement.integer(2)),
          compactedChain: statement.bytes(3), compactedTime: Moment(rawValue: statement.integer(4))))
    }
    return result
  }

  /// The tenant's compaction as of this connection's snapshot.
  func compaction(of tenant: UInt32) throws(SQLiteFailure) -> (revision: Revision, time: Moment) {
    let statement = try connection.prepare("SELECT compacted, time FROM tenants WHERE number = ?1")
    statement.bind(1, Int64(tenant))
    guard try statement.step() else { return (.zero, Moment(rawValue: .min)) }
    return (Revision(statement.integer(0)), Moment(rawValue: statement.integer(1)))
  }

  /// One row's commit; nil where there is none.
  func commit(_ tenant: UInt32, _ revision: Revision) throws -> LoggedCommit? {
    readRow.bind(1, LogRow.id(tenant, revision))
    defer { readRow.reset() }
    guard try readRow.step() else { return nil }
    return try readRow.withBytes(0) { try LogCodec.decode($0) }
  }

  func time(_ tenant: UInt32, _ revision: Revision) throws -> Moment? {
    readRow.bind(1, LogRow.id(tenant, revision))
    defer { readRow.reset() }
    guard try readRow.step() else { return nil }
    return try readRow.withBytes(0) { try LogCodec.time(ofPayload: $0) }
  }

  /// Gives rows after a revision, in order, until `visit` says false.
  /// - Parameter visit: gets the row's revision and its payload, good within the call only.
  func rows(
    _ tenant: UInt32, after: Revision, through: Revision, limit: Int,
    _ visit: (Revision, UnsafeRawBufferPointer) throws -> Bool
  ) throws {
    readRange.bind(1, LogRow.id(tenant, after))
    readRange.bind(2, LogRow.id(tenant, through))
    readRange.bind(3, Int64(limit))
    defer { readRange.reset() }
    while try readRange.step() {
      let revision = LogRow.revision(of: readRange.integer(0))
      if try !readRange.withBytes(1, { try visit(revision, $0) }) { return }
    }
  }

  /// The tenant's newest row; nil where the log has none.
  func last(_ tenant: UInt32) throws -> (revision: Revision, chain: [UInt8], time: Moment)? {
    lastRow.bind(1, LogRow.id(tenant, .zero))
    lastRow.bind(2, LogRow.id(tenant, Revision(LogRow.greatestRevision)))
    defer { lastRow.reset() }
    guard try lastRow.step() else { return nil }
    let revision = LogRow.revision(of: lastRow.integer(0))
    return try lastRow.withBytes(1) { bytes in
      var reader = ByteReader(bytes)
      _ = try reader.raw(2)
      let chain = try reader.raw(LogCodec.hashBytes)
      return (revision, chain, try LogCodec.time(ofPayload: bytes))
    }
  }

  func delete(_ tenant: UInt32, after: Revision, through: Revision) throws(SQLiteFailure) {
    deleteRange.bind(1, LogRow.id(tenant, after))
    deleteRange.bind(2, LogRow.id(tenant, through))
    try deleteRange.run()
  }

  /// Writes a page that changes nothing.
  func rewriteFormat() throws(SQLiteFailure) {
    try connection.rewriteHeader()
  }

  // MARK: Erasures

  func noteErasure(_ tenant: UInt32, _ subject: String, _ revision: Revision) throws(SQLiteFailure) {
    let statement = try connection.prepare(
      SQLDialect.put(into: "erasures", ["tenant", "subject", "revision", "done"]) + "(?1, ?2, ?3, 0)")
    statement.bind(1, Int64(tenant))
    statement.bind(2, subject)
    statement.bind(3, revision.rawValue)
    try statement.run()
  }

  func markErased(_ tenant: UInt32, _ subject: String, _ revision: Revision) throws(SQLiteFailure) {
    let statement = try connection.prepare(
      "UPDATE erasures SET done = 1 WHERE tenant = ?1 AND subject = ?2 AND revision = ?3")
    statement.bind(1, Int64(tenant))
    statement.bind(2, subject)
    statement.bind(3, revision.rawValue)
    try statement.run()
  }

  /// Whom a commit erased; nil: it is no erasure's.
  func erasedSubject(_ tenant: UInt32, _ revision: Revision) throws(SQLiteFailure) -> String? {
    let statement = try connection.prepare("SELECT subject FROM erasures WHERE tenant = ?1 AND revision = ?2")
    statement.bind(1, Int64(tenant))
    statement.bind(2, revision.rawValue)
    return try statement.step() ? statement.text(0) : nil
  }

  /// Whether anybody was ever erased.
  func hasErasures() throws(SQLiteFailure) -> Bool {
    try connection.integer("SELECT 1 FROM erasures LIMIT 1") != nil
  }

  func unfinishedErasures() throws -> [(tenant: UInt32, subject: String, revision: Revision)] {
    let statement = try connection.prepare("SELECT tenant, subject, revision FROM erasures WHERE done = 0")
    var result: [(tenant: UInt32, subject: String, revision: Revision)] = []
    while try statement.step() {
      guard let tenant = UInt32(exactly: statement.integer(0)) else {
        throw Malformed(what: "an erasure has an impossible tenant")
      }
      result.append((tenant, statement.text(1), Revision(statement.integer(2))))
    }
    return result
  }
}
