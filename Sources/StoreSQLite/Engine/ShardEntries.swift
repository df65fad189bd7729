internal import Store

/// Entries that one account's records have in an index by time.
///
/// The index has the entries of all accounts of a tenant in the order of time: among them those of one account lie far
/// apart. The account's columns lie together, so that what one account has is read, and nothing else.
struct ShardEntries: Sendable {
  /// The column table, and the column's place in it.
  private let table: UInt32
  private let place: Int
  private let shard: [UInt8]
  /// What every entry begins with.
  private let prefix: [UInt8]

  /// - Returns: nil where all accounts are asked about, or no column holds what the index does.
  init?(
    _ query: IndexQuery, _ index: NumberedIndex, _ schema: RecordSchema, _ catalog: IndexCatalog, _ tenant: UInt32
  ) {
    guard let account = query.account, query.equal.isEmpty, index.definition.promise == .time,
      index.definition.fields == 1, let column = index.definition.column,
      let place = schema[query.kind]?.columns.firstIndex(where: { $0.name == column && $0.type == .moment }),
      let table = catalog.columnTables[query.kind], catalog.state(of: table) == .ready
    else { return nil }
    self.table = table
    self.place = place
    shard = KeyEncoding.shard(tenant, account: account)
    prefix = KeyEncoding.indexPrefix(tenant, index.number)
  }

  /// The entries within a range, in order.
  func entries(_ tables: TablesReader, _ range: (from: [UInt8], to: [UInt8])) throws -> [[UInt8]] {
    let statement = try tables.connection.prepare(
      "SELECT key, c\(place) FROM \(TablesWriter.columnTable(table)) "
        + "WHERE key >= ?1 AND key < ?2 AND deleted IS NULL AND c\(place) IS NOT NULL")
    statement.bind(1, shard)
    statement.bind(2, KeyEncoding.successor(of: shard) ?? shard)
    var entries: [[UInt8]] = []
    while try statement.step() {
      let key = try statement.withBytes(0) { try KeyEncoding.decodeRecord($0).key }
      var entry = prefix
      KeyEncoding.append(statement.value(1, as: .moment), to: &entry)
      KeyEncoding.appendOwner(key, to: &entry)
      if !bytesPrecede(entry, range.from), bytesPrecede(entry, range.to) { entries.append(entry) }
    }
    return entries.sorted(by: bytesPrecede)
  }
}
