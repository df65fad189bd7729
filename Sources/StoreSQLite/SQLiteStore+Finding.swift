public import Store

/// Lists through indexes.
extension SQLiteStore {
  public func find(_ query: IndexQuery, in tenant: TenantID) async throws -> RecordPage {
    let index = try index(query)
    if query.limit < 1 { throw InvalidQuery(problem: "the limit must be at least 1") }
    guard let number = registry.number(of: tenant) else { return RecordPage(records: [], next: nil) }
    var range = try Self.range(of: query, index, preparer.extractor, number)
    if let after = query.after {
      guard after.bytes.starts(with: KeyEncoding.indexPrefix(number, index.number)) else {
        throw InvalidQuery(problem: "the position is not of this query")
      }
      if query.isDescending {
        range.to = min(range.to, after.bytes, by: bytesPrecede)
      } else {
        range.from = max(range.from, after.bytes + [0], by: bytesPrecede)
      }
    }
    try await applier.waitForReading()
    let bounds = range
    let (work, extractor) = (options.queryWork, preparer.extractor)
    return try await workers.run { reader in
      try reader.limited(work) {
        try reader.tables.snapshot { try Self.find(reader.tables, query, index, extractor, number, bounds) }
      }
    }
  }

  func index(_ query: IndexQuery) throws -> NumberedIndex {
    guard let kind = schema[query.kind] else { throw InvalidQuery(problem: "no kind \(query.kind.rawValue)") }
    guard
      let index = preparer.extractor.catalog.indexes[query.kind]?.first(where: {
        $0.definition.name == query.index
      })
    else { throw InvalidQuery(problem: "\(kind.name) has no index \(query.index)") }
    let state = preparer.extractor.catalog.state(of: index.number)
    guard state == .ready else {
      let problem =
        state == .conflicted ? "cannot be used: records have the same value" : "is still being built"
      throw InvalidQuery(problem: "the index \(query.index) of \(kind.name) \(problem)")
    }
    let ranged = query.range == .all ? 0 : 1
    guard query.equal.count + ranged <= index.definition.fields else {
      throw InvalidQuery(
        problem: "the index \(query.index) of \(kind.name) has \(index.definition.fields) values")
    }
    return index
  }

  /// Entries from `from` (included) to `to` (left out).
  private static func range(
    of query: IndexQuery, _ index: NumberedIndex, _ extractor: FactsExtractor, _ number: UInt32
  ) throws -> (from: [UInt8], to: [UInt8]) {
    var prefix = KeyEncoding.indexPrefix(number, index.number)
    for value in query.equal {
      KeyEncoding.append(extractor.folded(value, in: index.definition), to: &prefix)
    }
    var from = prefix
    var to = KeyEncoding.successor(of: prefix) ?? prefix
    switch query.range {
    case .all: break
    case .prefix(let text):
      var begins = prefix
      let folded = index.definition.isFolded ? extractor.schema.fold(text) : text
      KeyEncoding.appendTextPrefix(folded, to: &begins)
      from = begins
      to = KeyEncoding.successor(of: begins) ?? begins
    case .between(let low, let high):
      if let low {
        KeyEncoding.append(extractor.folded(low, in: index.definition), to: &from)
      }
      if let high {
        var end = prefix
        KeyEncoding.append(extractor.folded(high, in: index.definition), to: &end)
        to = end
      }
    }
    return (from, to)
  }

  private static func find(
    _ tables: TablesReader, _ query: IndexQuery, _ index: NumberedIndex, _ extractor: FactsExtractor,
    _ number: UInt32, _ range: (from: [UInt8], to: [UInt8])
  ) throws -> RecordPage {
    guard bytesPrecede(range.from, range.to) else { return RecordPage(records: [], next: nil) }
    if query.account == nil {
      return try findByEntries(tables, query, index, number, range, passing: .max)
        ?? RecordPage(records: [], next: nil)
    }
    // A quiet account among many: its own records are fewer than the entries of all others.
    return try findByEntries(tables, query, index, number, range, passing: greatestPassedOver)
      ?? findInShard(tables, query, extractor, number, range)
      ?? findByEntries(tables, query, index, number, range, passing: .max)
      ?? RecordPage(records: [], next: nil)
  }

  /// Entries of other accounts that are passed over before the account's own records are looked through instead:
  /// half a millisecond.
  private static let greatestPassedOver = 500

  /// Goes through the index.
  ///
  /// - Returns: nil where more entries of other accounts than `passing` lie between.
  private static func findByEntries(
    _ tables: TablesReader, _ query: IndexQuery, _ index: NumberedIndex, _ number: UInt32,
    _ range: (from: [UInt8], to: [UInt8]), passing: Int
  ) throws -> RecordPage? {
    var page = FoundPage(limit: query.limit)
    var passed = 0
    try tables.entries(from: range.from, to: range.to, descending: query.isDescending) { entry in
      let key = try entry.withUnsafeBytes {
        try KeyEncoding.decodeOwner(ofEntry: $0, fields: index.definition.fields, kind: query.kind)
      }
      if let account = query.account, key.account != account {
        passed += 1
        return passed <= passing
      }
      return try page.take(entry, key) {
        guard let record = try tables.record(KeyEncoding.record(number, key), key) else {
          throw Malformed(what: "index \(query.index) leads to \(key), which is not there; run punosd verify")
        }
        return record
      }
    }
    return passed <= passing ? page.page : nil
  }
}

extension Reader {
  /// Runs `body` with a ceiling on SQLite's work over the tables.
  func limited<T>(_ steps: Int, _ body: () throws -> T) throws -> T {
    tables.connection.limitWork(steps: steps)
    defer { tables.connection.limitWork(steps: nil) }
    return try body()
  }
}
