public import Store

/// Short answers from indexes.
extension SQLiteStore {
  public func holders(
    of entries: [[FieldValue]], inIndex index: String, kind: RecordKind, in tenant: TenantID, limitEach: Int
  ) async throws -> [[RecordKey]] {
    let found = try self.index(IndexQuery(kind: kind, index: index, equal: entries.first ?? []))
    guard entries.allSatisfy({ $0.count <= found.definition.fields }) else {
      throw InvalidQuery(problem: "the index \(index) has \(found.definition.fields) values")
    }
    guard let number = registry.number(of: tenant) else { return Array(repeating: [], count: entries.count) }
    let extractor = preparer.extractor
    let prefixes = entries.map { values in
      var prefix = KeyEncoding.indexPrefix(number, found.number)
      for value in values { KeyEncoding.append(extractor.folded(value, in: found.definition), to: &prefix) }
      return prefix
    }
    // What a unique index holds is known in memory before it is applied; of others the tables are asked.
    let isUnique =
      found.definition.promise == .unique && entries.allSatisfy { $0.count == found.definition.fields }
    if isUnique { return try uniqueHolders(prefixes, kind) }
    if mayHaveNewer(entries, found.definition, prefixes) { try await applier.waitForReading() }
    let limit = max(1, min(limitEach, StoreLimits.pageRecords))
    return try readers.with { reader in
      try reader.tables.consistent(prefixes.count > 1) {
        try prefixes.map { try Self.holders(reader.tables, $0, found.definition.fields, kind, limit) }
      }
    }
  }

  /// Whether the tail may know something of these values that the tables do not.
  private func mayHaveNewer(_ entries: [[FieldValue]], _ index: IndexDefinition, _ prefixes: [[UInt8]])
    -> Bool
  {
    // The tail has the hashes of whole values of plain indexes; of anything else it cannot tell.
    let isTold = index.promise == .plain && entries.allSatisfy { $0.count == index.fields }
    return !isTold || tail.touches(prefixes.map { KeyBytes($0) })
  }

  private func uniqueHolders(_ values: [[UInt8]], _ kind: RecordKind) throws -> [[RecordKey]] {
    try readers.with { reader in
      try preparer.holders(of: values.map { (KeyBytes($0), kind) }, reader.tables, nil)
        .map { holder in holder.map { [$0] } ?? [] }
    }
  }

  private static func holders(
    _ tables: TablesReader, _ prefix: [UInt8], _ fields: Int, _ kind: RecordKind, _ limit: Int
  ) throws -> [RecordKey] {
    guard let end = KeyEncoding.successor(of: prefix) else { return [] }
    var keys: [RecordKey] = []
    try tables.entries(from: prefix, to: end) { entry in
      let key = try entry.withUnsafeBytes {
        try KeyEncoding.decodeOwner(ofEntry: $0, fields: fields, kind: kind)
      }
      if !keys.contains(key) { keys.append(key) }
      return keys.count < limit
    }
    return keys
  }

  public func receipt(
    ofRequest requestID: String, fingerprint: [UInt8], in tenant: TenantID
  ) async throws -> CommitReceipt? {
    guard !requestID.isEmpty, let number = registry.number(of: tenant) else { return nil }
    let kept = try readers.with { reader in
      try preparer.kept(requestID, fingerprint, number, reader.tables, nil)
    }
    guard let kept else { return nil }
    return try await repeatedReceipt(kept, number)
  }
}
