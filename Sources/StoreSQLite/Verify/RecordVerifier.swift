internal import Store

/// Checks that what follows from each record is there.
struct RecordVerifier: SlicedVerifier {
  private let extractor: FactsExtractor
  private let isSearched: Bool
  /// The last record looked at, and where it is.
  private var last: RecordKey?
  private var at = WalkPosition.beginning
  /// The account whose records are being looked at, and whether their keys must lie beside them.
  private var shard: (bytes: [UInt8], isLarge: Bool) = ([], false)

  init(_ extractor: FactsExtractor, isSearched: Bool) {
    self.extractor = extractor
    self.isSearched = isSearched && extractor.catalog.state(of: ReservedNumbers.search) == .ready
  }

  var file: VerifyFindings.File { .tables }

  var place: String {
    return "\(Opening.tablesName), records after \(last.map { "\($0)" } ?? "the beginning")"
  }

  mutating func slice(_ reader: Reader, rows limit: Int, _ report: inout VerifyFindings) throws -> Bool {
    var rows = 0
    try reader.tables.walk(after: at) { position, encoded, record in
      rows += 1
      report.records += 1
      let tenant = try encoded.withUnsafeBytes { try KeyEncoding.decodeRecord($0).tenant }
      let entries = try extractor.entries(of: record, tenant)
      try checkEntries(of: record, encoded, tenant, entries, reader.tables, &report)
      try checkColumns(of: record, encoded, entries, reader.tables, &report)
      if isSearched { try checkDocument(of: record, encoded, reader.tables, &report) }
      try checkPlace(of: record, encoded, reader.tables, &report)
      (last, at) = (record.key, position)
      return rows < limit
    }
    return rows < limit
  }

  /// Whether readers find the record where it lies, by its key and among the others of its account.
  private mutating func checkPlace(
    of record: StoredRecord, _ encoded: [UInt8], _ tables: TablesReader, _ report: inout VerifyFindings
  ) throws {
    guard let bytes = RecordPlaces.shardBytes(encoded) else {
      if record.key.account != nil { report.add("\(record.key) lies among those of no account", in: .tables) }
      return
    }
    if try tables.record(encoded, record.key) != record {
      report.add("\(record.key) lies where it is not looked for", in: .tables)
    }
    if !encoded.starts(with: shard.bytes) || shard.bytes.count != bytes {
      let prefix = Array(encoded[..<bytes])
      shard = (prefix, try tables.shards.hasKeys(prefix) || tables.shards.hasMany(prefix))
    }
    if shard.isLarge, try !tables.shards.hasKey(encoded) {
      report.add("\(record.key) is missing from the order of its account's keys", in: .tables)
    }
  }

  private func checkEntries(
    of record: StoredRecord, _ encoded: [UInt8], _ tenant: UInt32, _ entries: RecordEntries,
    _ tables: TablesReader,
    _ report: inout VerifyFindings
  ) throws {
    for entry in entries.entries {
      let index = KeyEncoding.index(ofEntry: entry)
      if index != ReservedIndex.subjectRecords, extractor.catalog.state(of: index) != .ready { continue }
      if try !tables.hasEntry(entry) {
        report.add("\(record.key) is missing from \(extractor.indexName(index))", in: .tables)
      }
    }
    if record.isDeleted, try !tables.hasEntry(ReservedEntries.deleted(tenant, record.revision, encoded)) {
      report.add("\(record.key) is deleted and would never be swept", in: .tables)
    }
  }

  private func checkColumns(
    of record: StoredRecord, _ encoded: [UInt8], _ entries: RecordEntries, _ tables: TablesReader,
    _ report: inout VerifyFindings
  ) throws {
    guard let kind = extractor.schema[record.key.kind], let table = extractor.catalog.columnTables[kind.kind],
      extractor.catalog.state(of: table) == .ready
    else { return }
    let statement = try tables.connection.prepare(
      "SELECT * FROM \(TablesWriter.columnTable(table)) WHERE key = ?1")
    statement.bind(1, encoded)
    guard try statement.step() else {
      report.add("\(record.key) has no columns", in: .tables)
      return
    }
    let times: [FieldValue] = [
      .moment(record.createdTime), .moment(record.updatedTime),
      record.deletedTime.map(FieldValue.moment) ?? .null,
    ]
    for (place, time) in times.enumerated() where statement.value(Int32(place + 1), as: .moment) != time {
      report.add("\(record.key): its columns have other times than the record", in: .tables)
    }
    for (place, column) in kind.columns.enumerated() {
      let stored = statement.value(Int32(place + TablesWriter.ownColumns), as: column.type)
      let wanted = place < entries.columns.count ? entries.columns[place] : .null
      if stored != wanted {
        report.add("\(record.key): its column \(column.name) is not what its body says", in: .tables)
      }
    }
  }

  private func checkDocument(
    of record: StoredRecord, _ encoded: [UInt8], _ tables: TablesReader, _ report: inout VerifyFindings
  ) throws {
    guard let read = extractor.schema[record.key.kind]?.searchDocument else { return }
    // A body that search cannot read is not searched.
    let document = record.isDeleted ? nil : try? read(record.body)
    let isSearched = document != nil
    let statement = try tables.connection.prepare("SELECT moment FROM search_document WHERE key = ?1")
    statement.bind(1, encoded)
    if try statement.step() != isSearched, try !SearchQueue(connection: tables.connection).hasAny {
      report.add(
        "\(record.key) is \(isSearched ? "missing from" : "left over in") the search index", in: .tables)
    } else if isSearched, statement.value(0, as: .moment) != document?.moment.map(FieldValue.moment) ?? .null
    {
      report.add("\(record.key): the search index has another moment than the record", in: .tables)
    }
  }
}

extension FactsExtractor {
  /// What an operator knows an index by.
  func indexName(_ number: UInt32) -> String {
    switch number {
    case ReservedIndex.subjectRecords: return "the index of persons"
    case ReservedIndex.deleted: return "the index of deleted records"
    case ReservedIndex.requestTimes: return "the index of request ids"
    default:
      let found = numberedIndex(number)
      return found.map { "index \(schema[$0.kind]?.name ?? "?").\($0.index.definition.name)" }
        ?? "index \(number)"
    }
  }

  /// The index of the schema that has a number.
  func numberedIndex(_ number: UInt32) -> (kind: RecordKind, index: NumberedIndex)? {
    for (kind, indexes) in catalog.indexes {
      if let index = indexes.first(where: { $0.number == number }) { return (kind, index) }
    }
    return nil
  }
}
