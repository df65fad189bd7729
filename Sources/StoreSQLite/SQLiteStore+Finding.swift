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
    try await applier.waitUntilApplied()
    let bounds = range
    let work = options.queryWork
    let shard = ShardEntries(query, index, schema, preparer.extractor.catalog, number)
    return try await workers.run { reader in
      try reader.limited(work) { try Self.find(reader.tables, query, index, number, bounds, shard) }
    }
  }

  func index(_ query: IndexQuery) throws -> NumberedIndex {
    guard let kind = schema[query.kind] else { throw InvalidQuery(problem: "no kind \(query.kind.rawValue)") }
    guard
      let index = preparer.extractor.catalog.indexes[query.kind]?.first(where: {
        $0.definition.name == query.index
      })
    else { throw InvalidQuery(problem: "\(kind.name) has no index \(query.index)") }
    guard preparer.extractor.catalog.state(of: index.number) == .ready else {
      throw InvalidQuery(problem: "the index \(query.index) of \(kind.name) is still being built")
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
    _ tables: TablesReader, _ query: IndexQuery, _ index: NumberedIndex, _ number: UInt32,
    _ range: (from: [UInt8], to: [UInt8]), _ shard: ShardEntries?
  ) throws -> RecordPage {
    let limit = min(query.limit, StoreLimits.pageRecords)
    var records: [StoredRecord] = []
    var seen: Set<RecordKey> = []
    var last: [UInt8]?
    var isFull = false
    var bytes = 0
    guard bytesPrecede(range.from, range.to) else { return RecordPage(records: [], next: nil) }
    try tables.snapshot {
      try visit(tables, range, query, shard) { entry in
        let key = try entry.withUnsafeBytes {
          try KeyEncoding.decodeOwner(ofEntry: $0, fields: index.definition.fields, kind: query.kind)
        }
        if let account = query.account, key.account != account { return true }
        if seen.contains(key) { return true }
        if records.count == limit || bytes > StoreLimits.commitBytes {
          isFull = true
          return false
        }
        guard let record = try tables.record(KeyEncoding.record(number, key), key) else {
          throw Malformed(what: "index \(query.index) leads to \(key), which is not there; run punosd verify")
        }
        seen.insert(key)
        records.append(record)
        bytes += record.body.count
        last = entry
        return true
      }
    }
    return RecordPage(records: records, next: isFull ? last.map(ListPosition.init) : nil)
  }
}

extension SQLiteStore {
  /// Entries of an index in order: of one account's shard from its columns, where they hold what the index does.
  private static func visit(
    _ tables: TablesReader, _ range: (from: [UInt8], to: [UInt8]), _ query: IndexQuery, _ shard: ShardEntries?,
    _ body: ([UInt8]) throws -> Bool
  ) throws {
    guard let shard else {
      return try tables.entries(from: range.from, to: range.to, descending: query.isDescending, body)
    }
    let entries = try shard.entries(tables, range)
    for entry in query.isDescending ? entries.reversed() : entries {
      if try !body(entry) { return }
    }
  }
}

private func min(_ a: [UInt8], _ b: [UInt8], by precedes: ([UInt8], [UInt8]) -> Bool) -> [UInt8] {
  precedes(a, b) ? a : b
}

private func max(_ a: [UInt8], _ b: [UInt8], by precedes: ([UInt8], [UInt8]) -> Bool) -> [UInt8] {
  precedes(a, b) ? b : a
}

extension Reader {
  /// Runs `body` with a ceiling on SQLite's work over the tables.
  func limited<T>(_ steps: Int, _ body: () throws -> T) throws -> T {
    tables.connection.limitWork(steps: steps)
    defer { tables.connection.limitWork(steps: nil) }
    return try body()
  }
}
