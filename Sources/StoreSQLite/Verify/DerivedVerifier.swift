internal import Store

/// Checks that columns, counts and search have nothing that no record gives: a question for each kind, of one moment and
/// bounded as such.
struct DerivedVerifier: SlicedVerifier {
  private let extractor: FactsExtractor
  private let isSearched: Bool
  private let bound: SnapshotBound
  private var left: [(kind: RecordKind, table: UInt32)]

  init(_ extractor: FactsExtractor, isSearched: Bool, _ bound: SnapshotBound) {
    self.extractor = extractor
    self.bound = bound
    self.isSearched = isSearched && extractor.catalog.state(of: ReservedNumbers.search) == .ready
    left = extractor.catalog.columnTables.map { (kind: $0.key, table: $0.value) }
  }

  var file: VerifyFindings.File { .tables }
  var place: String { "\(Opening.tablesName), columns, counts and search" }

  mutating func slice(_ reader: Reader, rows limit: Int, _ report: inout VerifyFindings) throws -> Bool {
    guard let (kind, table) = left.popLast() else {
      if isSearched {
        try ask("what search has beyond the records", reader, &report) {
          try searchProblems(reader.tables)
        }
      }
      return true
    }
    if extractor.catalog.state(of: table) == .ready, let schema = extractor.schema[kind] {
      try ask("the counts of \(schema.name), and its columns beyond the records", reader, &report) {
        try columnProblems(of: schema, table, reader.tables)
      }
    }
    return false
  }

  private func ask(
    _ what: String, _ reader: Reader, _ report: inout VerifyFindings, _ question: () throws -> [String]
  ) throws {
    guard let problems = try bound.ask(reader, question) else {
      report.omit(what)
      return
    }
    for problem in problems { report.add(problem, in: .tables) }
  }

  private func columnProblems(of schema: KindSchema, _ table: UInt32, _ tables: TablesReader) throws
    -> [String]
  {
    let strays = try Self.strays(in: TablesWriter.columnTable(table), tables)
    let left = strays > 0 ? ["the columns of \(schema.name) have \(strays) rows that are no record's"] : []
    return left + (try TallyTables(kind: schema, number: table).problems(on: tables.connection))
  }

  private func searchProblems(_ tables: TablesReader) throws -> [String] {
    let connection = tables.connection
    var problems: [String] = []
    // What waits may be of records that are gone.
    if try SearchQueue(connection: connection).hasAny { return [] }
    let strays = try Self.strays(in: "search_document", tables)
    if strays > 0 { problems.append("the search index has \(strays) documents that are no record's") }
    let there = try connection.integer("SELECT count(*) FROM search_document") ?? 0
    let counted = try connection.integer("SELECT coalesce(sum(documents), 0) FROM search_tenant") ?? 0
    if there != counted { problems.append("the search index has \(there) documents and counts \(counted)") }
    return problems
  }

  /// Rows of a table that no record has the key of.
  private static func strays(in table: String, _ tables: TablesReader) throws -> Int {
    let keys = try tables.connection.prepare("SELECT key FROM \(table)")
    var strays = 0
    while try keys.step() {
      if try !tables.hasRecord(keys.bytes(0)) { strays += 1 }
    }
    return strays
  }
}
