public import Store

/// Lists and counts over typed columns.
extension SQLiteStore {
  /// Columns one list may be ordered by.
  private static let greatestOrder = 3
  /// Columns one count may be grouped by: what several questions have in common is then looked at once.
  private static let greatestGrouping = 4

  public func list(_ query: ColumnQuery, in tenant: TenantID) async throws -> RecordPage {
    if query.limit < 1 { throw InvalidQuery(problem: "the limit must be at least 1") }
    if query.order.count > Self.greatestOrder {
      throw InvalidQuery(problem: "more than \(Self.greatestOrder) columns to order by")
    }
    var sql = try columnSQL(query.kind)
    var condition = "TRUE"
    if let filter = query.filter { condition = try sql.condition(filter) }
    if !query.includesDeleted { condition += " AND deleted IS NULL" }
    var orders: [(column: String, type: ColumnType, isDescending: Bool)] = []
    for order in query.order {
      let column = try sql.column(order.column)
      let sorted = column.type == .text ? SQLDialect.inNameOrder(column.sql) : column.sql
      orders.append((sorted, column.type, order.isDescending))
    }
    guard let number = registry.number(of: tenant) else { return RecordPage(records: [], next: nil) }
    var range = Self.keyRange(number, query.account)
    if let after = query.after {
      if orders.isEmpty {
        // One bound, not two: of two SQLite begins at the first it is given, and would pass over all pages before.
        range.from = max(range.from, try Self.key(of: after) + [0], by: bytesPrecede)
      } else {
        condition += " AND " + (try Self.after(after, orders, &sql))
      }
    }
    let bounds = range
    let limit = min(query.limit, StoreLimits.pageRecords)
    let columns = orders.map { ", " + $0.column }.joined()
    let order = orders.map { "\($0.column) \($0.isDescending ? "DESC NULLS LAST" : "NULLS FIRST")" } + ["key"]
    let text = """
      SELECT key\(columns) FROM \(TablesWriter.columnTable(sql.table)) WHERE key >= ?1 AND key < ?2 AND \(condition)
      ORDER BY \(order.joined(separator: ", ")) LIMIT \(limit + 1)
      """
    try await applier.waitForReading()
    let (finished, ordered, work) = (sql, orders, options.queryWork)
    return try await workers.run { reader in
      try reader.limited(work) {
        try reader.tables.snapshot { try Self.list(reader.tables, text, finished, ordered, bounds, limit) }
      }
    }
  }

  private static func list(
    _ tables: TablesReader, _ text: String, _ sql: ColumnSQL,
    _ orders: [(column: String, type: ColumnType, isDescending: Bool)], _ range: (from: [UInt8], to: [UInt8]),
    _ limit: Int
  ) throws -> RecordPage {
    let statement = try tables.connection.prepare(text)
    statement.bind(1, range.from)
    statement.bind(2, range.to)
    sql.bind(to: statement)
    var records: [StoredRecord] = []
    var position = ByteWriter()
    while try statement.step() {
      if records.count == limit {
        return RecordPage(records: records, next: ListPosition(bytes: position.bytes))
      }
      let encoded = statement.bytes(0)
      let key = try encoded.withUnsafeBytes { try KeyEncoding.decodeRecord($0).key }
      guard let record = try tables.record(encoded, key) else {
        throw Malformed(
          what: "the columns of \(sql.kind.name) lead to \(key), which is not there; run punosd verify")
      }
      records.append(record)
      position = ByteWriter()
      position.bytes(encoded)
      for (place, order) in orders.enumerated() {
        ListPositions.append(statement.value(Int32(place + 1), as: order.type), to: &position)
      }
    }
    return RecordPage(records: records, next: nil)
  }

  /// The record that a position of a list by key is after.
  private static func key(of position: ListPosition) throws -> [UInt8] {
    do {
      return try ListPositions.decode(position, count: 0).0
    } catch {
      throw InvalidQuery(problem: "the position is not of this query")
    }
  }

  /// What comes after a position in an order: greater in the first column that differs. Null is least.
  private static func after(
    _ position: ListPosition, _ orders: [(column: String, type: ColumnType, isDescending: Bool)],
    _ sql: inout ColumnSQL
  ) throws -> String {
    let key: [UInt8]
    var values: [FieldValue] = []
    do {
      (key, values) = try ListPositions.decode(position, count: orders.count)
    } catch {
      throw InvalidQuery(problem: "the position is not of this query")
    }
    var condition = "key > \(SQLDialect.bytes(key))"
    for (order, value) in zip(orders, values).reversed() {
      let column = order.column
      if value == .null {
        // Ascending, everything set comes after null; descending, nothing does.
        let beyond = order.isDescending ? "FALSE" : "\(column) IS NOT NULL"
        condition = "(\(beyond) OR (\(column) IS NULL AND \(condition)))"
      } else {
        let place = try sql.place(value, order.type)
        let beyond =
          order.isDescending ? "(\(column) < \(place) OR \(column) IS NULL)" : "\(column) > \(place)"
        condition = "(\(beyond) OR (\(column) IS NOT DISTINCT FROM \(place) AND \(condition)))"
      }
    }
    return condition
  }

  public func aggregate(_ query: AggregateQuery, in tenant: TenantID) async throws -> [AggregateRow] {
    if query.limit < 1 { throw InvalidQuery(problem: "the limit must be at least 1") }
    if query.groupedBy.count > Self.greatestGrouping {
      throw InvalidQuery(problem: "more than \(Self.greatestGrouping) columns to group by")
    }
    guard !query.measures.isEmpty else { throw InvalidQuery(problem: "nothing to measure") }
    var sql = try columnSQL(query.kind)
    var groups: [(sql: String, type: ColumnType)] = []
    for name in query.groupedBy { groups.append(try sql.column(name)) }
    let measures: [(sql: String, type: ColumnType)]
    var text: String
    let plan = TallyPlan(query, sql.kind)
    if let plan {
      text = " FROM (\(try plan.rows(query, &sql))) AS counted"
      groups = groups.enumerated().map { ("g\($0.offset)", $0.element.type) }
      measures = plan.measures(query)
    } else {
      measures = try query.measures.map { try Self.measure($0, sql) }
      text = try Self.rows(query, &sql)
    }
    guard let number = registry.number(of: tenant) else { return [] }
    let range = Self.keyRange(number, query.account)
    text = "SELECT \((groups + measures).map(\.sql).joined(separator: ", "))" + text
    if !groups.isEmpty {
      let by = groups.map(\.sql).joined(separator: ", ")
      let order = groups.map { $0.sql + " NULLS FIRST" }.joined(separator: ", ")
      let count = plan == nil ? "count(*)" : "sum(n)"
      text +=
        " GROUP BY \(by) ORDER BY \(count) DESC, \(order) LIMIT \(min(query.limit, StoreLimits.aggregateGroups))"
    }
    try await applier.waitForReading()
    let (finished, grouped, measured, work, final) = (sql, groups, measures, options.queryWork, text)
    return try await workers.run { reader in
      try reader.limited(work) {
        let statement = try reader.tables.connection.prepare(final)
        statement.bind(1, range.from)
        statement.bind(2, range.to)
        finished.bind(to: statement)
        var rows: [AggregateRow] = []
        while try statement.step() {
          let all = (grouped + measured).enumerated().map { statement.value(Int32($0), as: $1.type) }
          rows.append(
            AggregateRow(
              group: Array(all.prefix(grouped.count)), measures: Array(all.dropFirst(grouped.count))))
        }
        return rows
      }
    }
  }

  /// The records that are counted one by one.
  private static func rows(_ query: AggregateQuery, _ sql: inout ColumnSQL) throws(InvalidQuery) -> String {
    var condition = "TRUE"
    if let filter = query.filter { condition = try sql.condition(filter) }
    return
      " FROM \(TablesWriter.columnTable(sql.table)) WHERE key >= ?1 AND key < ?2 AND \(condition) AND deleted IS NULL"
  }

  private static func measure(_ measure: AggregateQuery.Measure, _ sql: ColumnSQL) throws -> (
    sql: String, type: ColumnType
  ) {
    switch measure {
    case .count: return ("count(*)", .integer)
    case .least(let name):
      let column = try sql.column(name)
      return ("min(\(column.sql))", column.type)
    case .greatest(let name):
      let column = try sql.column(name)
      return ("max(\(column.sql))", column.type)
    case .sum(let name), .average(let name):
      let column = try sql.column(name)
      guard column.type == .integer || column.type == .real else {
        throw InvalidQuery(problem: "\(name) is not a number")
      }
      if case .average = measure { return ("avg(\(column.sql))", .real) }
      return column.type == .integer
        ? (SQLDialect.total(column.sql), .integer) : ("sum(\(column.sql))", .real)
    }
  }

  private func columnSQL(_ kind: RecordKind) throws -> ColumnSQL {
    guard let known = schema[kind] else { throw InvalidQuery(problem: "no kind \(kind.rawValue)") }
    guard let table = preparer.extractor.catalog.columnTables[kind] else {
      throw InvalidQuery(problem: "\(known.name) has no columns")
    }
    guard preparer.extractor.catalog.state(of: table) == .ready else {
      throw InvalidQuery(problem: "the columns of \(known.name) are still being built")
    }
    return ColumnSQL(kind: known, table: table)
  }

  private static func keyRange(_ number: UInt32, _ account: String?) -> (from: [UInt8], to: [UInt8]) {
    let prefix =
      account.map { KeyEncoding.shard(number, account: $0) } ?? KeyEncoding.tenant(number)
    return (prefix, KeyEncoding.successor(of: prefix) ?? prefix)
  }
}

/// A list's position: the key of the last record, and what it was ordered by.
enum ListPositions {
  static func append(_ value: FieldValue, to writer: inout ByteWriter) {
    switch value {
    case .null: writer.byte(0)
    case .boolean(let flag):
      writer.byte(1)
      writer.byte(flag ? 1 : 0)
    case .integer(let number):
      writer.byte(2)
      writer.fixed(number)
    case .real(let number):
      writer.byte(3)
      writer.fixed(Int64(bitPattern: number.bitPattern))
    case .text(let text):
      writer.byte(4)
      writer.text(text)
    case .moment(let moment):
      writer.byte(5)
      writer.fixed(moment.rawValue)
    }
  }

  static func decode(_ position: ListPosition, count: Int) throws -> ([UInt8], [FieldValue]) {
    try decode(position.bytes, count)
  }

  private static func decode(_ bytes: [UInt8], _ count: Int) throws -> ([UInt8], [FieldValue]) {
    try bytes.withUnsafeBytes { raw in
      var reader = ByteReader(raw)
      let key = try reader.bytes()
      var values: [FieldValue] = []
      for _ in 0..<count {
        switch try reader.byte() {
        case 0: values.append(.null)
        case 1: values.append(.boolean(try reader.byte() != 0))
        case 2: values.append(.integer(try reader.fixed()))
        case 3: values.append(.real(Double(bitPattern: UInt64(bitPattern: try reader.fixed()))))
        case 4: values.append(.text(try reader.text()))
        case 5: values.append(.moment(Moment(rawValue: try reader.fixed())))
        default: throw Malformed(what: "a position has an unknown value")
        }
      }
      guard reader.remaining == 0 else { throw Malformed(what: "a position has bytes left over") }
      return (key, values)
    }
  }
}
