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
    try await applier.waitUntilApplied()
    let limit = max(1, min(limitEach, StoreLimits.pageRecords))
    return try readers.with { reader in
      try prefixes.map { try Self.holders(reader.tables, $0, found.definition.fields, kind, limit) }
    }
  }

  private func uniqueHolders(_ values: [[UInt8]], _ kind: RecordKind) throws -> [[RecordKey]] {
    try readers.with { reader in
      try values.map { value in
        try preparer.holder(of: value, kind, reader.tables, nil).map { [$0] } ?? []
      }
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
