internal import Store

/// Checks that columns, counts and search have nothing that no record gives: a question for each kind, of one moment.
struct DerivedVerifier: SlicedVerifier {
  private let extractor: FactsExtractor
  private let isSearched: Bool
  private var left: [(kind: RecordKind, table: UInt32)]

  init(_ extractor: FactsExtractor, isSearched: Bool) {
    self.extractor = extractor
    self.isSearched = isSearched && extractor.catalog.state(of: ReservedNumbers.search) == .ready
    left = extractor.catalog.columnTables.map { (kind: $0.key, table: $0.value) }
  }

  var file: VerifyReport.File { .tables }
  var place: String { "\(Opening.tablesName), columns, counts and search" }

  mutating func slice(_ reader: Reader, rows limit: Int, _ report: inout VerifyReport) throws -> Bool {
    guard let (kind, table) = left.popLast() else {
      if isSearched { try checkSearch(reader.tables.connection, &report) }
      return true
    }
    if extractor.catalog.state(of: table) == .ready {
      try checkColumns(of: kind, table, reader.tables.connection, &report)
    }
    return false
  }

  private func checkColumns(
    of kind: RecordKind, _ table: UInt32, _ connection: Connection, _ report: inout VerifyReport
  ) throws {
    guard let schema = extractor.schema[kind] else { return }
    let strays = try Self.strays(in: TablesWriter.columnTable(table), connection)
    if strays > 0 {
      report.add("the columns of \(schema.name) have \(strays) rows that are no record's", in: .tables)
    }
    for problem in try TallyTables(kind: schema, number: table).problems(on: connection) {
      report.add(problem, in: .tables)
    }
  }

  private func checkSearch(_ connection: Connection, _ report: inout VerifyReport) throws {
    // What waits may be of records that are gone.
    if try SearchQueue(connection: connection).hasAny { return }
    let strays = try Self.strays(in: "search_document", connection)
    if strays > 0 { report.add("the search index has \(strays) documents that are no record's", in: .tables) }
    let there = try connection.integer("SELECT count(*) FROM search_document") ?? 0
    let counted = try connection.integer("SELECT coalesce(sum(documents), 0) FROM search_tenant") ?? 0
    if there != counted {
      report.add("the search index has \(there) documents and counts \(counted)", in: .tables)
    }
  }

  private static func strays(in table: String, _ connection: Connection) throws -> Int64 {
    try connection.integer(
      "SELECT count(*) FROM \(table) AS t WHERE NOT EXISTS (SELECT 1 FROM records WHERE records.key = t.key)")
      ?? 0
  }
}
