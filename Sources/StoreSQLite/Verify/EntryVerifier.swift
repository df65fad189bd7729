internal import Store

/// Checks that no index entry is left over: each is one that its record gives.
struct EntryVerifier: SlicedVerifier {
  private let extractor: FactsExtractor
  private let indexes: [UInt32: (kind: RecordKind, index: NumberedIndex)]
  /// Where to go on.
  private var from: [UInt8] = []

  init(_ extractor: FactsExtractor) {
    self.extractor = extractor
    var indexes: [UInt32: (kind: RecordKind, index: NumberedIndex)] = [:]
    for (kind, ofKind) in extractor.catalog.indexes {
      for index in ofKind where extractor.catalog.state(of: index.number) == .ready {
        indexes[index.number] = (kind, index)
      }
    }
    self.indexes = indexes
  }

  var file: VerifyFindings.File { .tables }

  var place: String {
    from.count < 8
      ? "\(Opening.tablesName), index entries"
      : "\(Opening.tablesName), \(extractor.indexName(KeyEncoding.index(ofEntry: from))) from where it was read to"
  }

  mutating func slice(_ reader: Reader, rows limit: Int, _ report: inout VerifyFindings) throws -> Bool {
    var rows = 0
    let end = [UInt8](repeating: 0xff, count: 8)
    try reader.tables.entries(from: from, to: end) { entry in
      rows += 1
      report.entries += 1
      guard entry.count > 8 else {
        report.add("an index entry is too short", in: .tables)
        return true
      }
      if let problem = try problem(with: entry, reader.tables) { report.add(problem, in: .tables) }
      from = entry + [0]
      return rows < limit
    }
    return rows < limit
  }

  private func problem(with entry: [UInt8], _ tables: TablesReader) throws -> String? {
    let number = KeyEncoding.index(ofEntry: entry)
    let isRight: Bool
    switch number {
    case ReservedIndex.subjectRecords:
      isRight = try gives(entry, KeyEncoding.ownerOfSubject(entry), tables)
    case ReservedIndex.deleted: isRight = try isOfDeleted(entry, tables)
    case ReservedIndex.requestTimes:
      let key = ReservedEntries.requestKey(ofTime: entry)
      isRight = try tables.keptRequest(KeyBytes(key)) != nil
    default:
      guard let (kind, index) = indexes[number] else { return nil }
      let owner = try entry.withUnsafeBytes {
        try KeyEncoding.decodeOwner(ofEntry: $0, fields: index.definition.fields, kind: kind)
      }
      isRight = try gives(entry, owner, tables)
    }
    return isRight ? nil : "\(extractor.indexName(number)) has an entry that no record gives"
  }

  private func gives(_ entry: [UInt8], _ key: RecordKey, _ tables: TablesReader) throws -> Bool {
    let tenant = KeyEncoding.tenant(ofEntry: entry)
    guard let record = try tables.record(KeyEncoding.record(tenant, key), key) else { return false }
    return try extractor.entries(of: record, tenant).entries.contains(entry)
  }

  private func isOfDeleted(_ entry: [UInt8], _ tables: TablesReader) throws -> Bool {
    let encoded = ReservedEntries.recordKey(ofDeleted: entry)
    let (tenant, key) = try encoded.withUnsafeBytes { try KeyEncoding.decodeRecord($0) }
    guard let record = try tables.record(encoded, key), record.isDeleted else { return false }
    return ReservedEntries.deleted(tenant, record.revision, encoded) == entry
  }
}

/// Checks that each kept request id will be forgotten in time.
struct RequestVerifier: SlicedVerifier {
  /// The last one looked at.
  private var at: [UInt8] = []

  var file: VerifyFindings.File { .tables }
  var place: String { "\(Opening.tablesName), request ids" }

  mutating func slice(_ reader: Reader, rows limit: Int, _ report: inout VerifyFindings) throws -> Bool {
    var rows = 0
    let statement = try reader.tables.connection.prepare(
      "SELECT key, time FROM requests WHERE key > ?1 ORDER BY key LIMIT \(limit)")
    statement.bind(1, at)
    while try statement.step() {
      rows += 1
      at = statement.bytes(0)
      guard at.count > 4 else {
        report.add("a request id is too short", in: .tables)
        continue
      }
      let entry = ReservedEntries.requestTime(
        KeyEncoding.tenant(ofEntry: at), Moment(rawValue: statement.integer(1)), at)
      if try !reader.tables.hasEntry(entry) {
        report.add("a request id is missing from the index of request ids", in: .tables)
      }
    }
    return rows < limit
  }
}
