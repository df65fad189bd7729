public import Store

/// Filling an empty tenant from elsewhere.
extension SQLiteStore {
  /// What is written with loaded records.
  public enum LoadMode: Sendable {
    /// The records alone. Indexes, columns, counts and search are built behind the load, for all tenants, and are not used
    /// meanwhile: lists say that they are being built, answers of searches that hits may be missing. That is so from before
    /// the first record on, and after a stop too.
    case indexedAfterwards
    /// Index entries, columns, counts and search as well.
    case indexed
    /// All of it, and every record is a change in the log. Otherwise the log has one commit without changes that stands
    /// for the load: time travel and watchers begin after it.
    case logged
  }

  /// Records taken from the source at a time.
  private static let loadBatch = 20_000
  /// Records in a commit of a load with the log on.
  private static let loggedBatch = 2_000

  /// Loads records into a tenant that has none.
  ///
  /// Not one commit: a load that is interrupted leaves what it had written, and is begun anew in a new store. Nothing else
  /// may write to the tenant meanwhile. Where indexes are built afterwards the builder finds the values that clash.
  /// - Parameter next: gives the next records, in any order (sorted by key is faster); empty at the end.
  /// - Returns: how many records were loaded.
  /// - Throws: ``InvalidCommit`` where the tenant has records, or a record breaks a limit or cannot be read;
  ///   ``UniqueViolation``.
  public func load(
    into tenant: TenantID, actor: Actor, _ mode: LoadMode = .indexedAfterwards,
    next: @escaping @Sendable (_ count: Int) throws -> [(key: RecordKey, body: [UInt8])]
  ) async throws -> Int {
    guard try head(of: tenant) == .zero else {
      throw InvalidCommit(
        operation: nil, problem: "the tenant has records already; a load is for an empty one")
    }
    if mode == .logged { return try await loadLogged(tenant, actor, next) }
    let receipt = try await writeMark(tenant, actor)
    guard let number = registry.number(of: tenant) else { return 0 }
    try await applier.waitUntilApplied()
    let loader = Loader(
      tenant: number, revision: receipt.revision, time: receipt.time, extractor: preparer.extractor,
      writesIndexes: mode == .indexed, checkpointFrames: applier.checkpointFrames, search: search)
    if mode == .indexed { return try await load(by: loader, next) }
    let (builder, isSearched) = (applier.builder, search != nil)
    try await applier.run { try builder.suspend($0, isSearched: isSearched) }
    let result: Result<Int, any Error>
    do {
      result = .success(try await load(by: loader, next))
    } catch {
      result = .failure(error)
    }
    // What was loaded before it failed is there too.
    try await applier.run { try builder.resume($0) }
    return try result.get()
  }

  private func load(
    by loader: Loader, _ next: @escaping @Sendable (_ count: Int) throws -> [(key: RecordKey, body: [UInt8])]
  ) async throws -> Int {
    let read: @Sendable () throws -> [(key: RecordKey, body: [UInt8])] = {
      let records = try next(Self.loadBatch)
      try loader.check(records)
      return records
    }
    var total = 0
    // The next records are made while these are written.
    var upcoming = Task { try read() }
    while true {
      let records = try await upcoming.value
      if records.isEmpty { break }
      upcoming = Task { try read() }
      total += records.count
      try await applier.run { try loader.write(records, to: $0) }
    }
    _ = try await applier.run { try $0.connection.checkpoint(.truncate) }
    return total
  }

  private func writeMark(_ tenant: TenantID, _ actor: Actor) async throws -> CommitReceipt {
    guard let number = registry.numberOrNew(of: tenant) else {
      throw WriterUnavailable(cause: .overloaded, detail: "this store has all the tenants it can have")
    }
    let commit = PreparedCommit(
      tenant: number, commit: Commit([], actor: actor, reason: "bulk load"), changes: [], seen: [],
      seenHead: .zero)
    let (_, durable) = try await writer.commit(commit)
    return durable.receipt
  }

  private func loadLogged(
    _ tenant: TenantID, _ actor: Actor,
    _ next: @escaping @Sendable (_ count: Int) throws -> [(key: RecordKey, body: [UInt8])]
  ) async throws -> Int {
    var total = 0
    // Two commits under way: one is worked out while the other is written.
    try await withThrowingTaskGroup(of: Void.self) { group in
      var underWay = 0
      while true {
        let records = try next(Self.loggedBatch)
        if records.isEmpty { break }
        total += records.count
        if underWay == 2 {
          try await group.next()
          underWay -= 1
        }
        underWay += 1
        group.addTask {
          let operations = records.map { CommitOperation.put($0.key, body: $0.body, expecting: .any) }
          _ = try await self.commit(Commit(operations, actor: actor, reason: "bulk load"), in: tenant)
        }
      }
      try await group.waitForAll()
    }
    try await applier.waitUntilApplied()
    return total
  }
}

/// Writes loaded records straight into the tables.
private struct Loader: Sendable {
  let tenant: UInt32
  let revision: Revision
  let time: Moment
  let extractor: FactsExtractor
  let writesIndexes: Bool
  let checkpointFrames: Int
  let search: (any SearchIndexer)?

  /// Refuses what a commit would refuse.
  func check(_ records: [(key: RecordKey, body: [UInt8])]) throws {
    for (place, record) in records.enumerated() {
      guard record.key.isValid, record.body.count <= StoreLimits.bodyBytes,
        let kind = extractor.schema[record.key.kind],
        (kind.scope == .account) == (record.key.account != nil)
      else { throw InvalidCommit(operation: place, problem: "\(record.key) breaks a limit of the store") }
      do {
        _ = try kind.facts(record.body)
      } catch {
        throw InvalidCommit(operation: place, problem: "the body of \(record.key) cannot be read: \(error)")
      }
    }
  }

  func write(_ records: [(key: RecordKey, body: [UInt8])], to tables: TablesWriter) throws {
    let keys = records.map { KeyEncoding.record(tenant, $0.key) }
    let sorted = ByteOrder(keys).places.map { (encoded: keys[$0], record: records[$0]) }
    try tables.transaction {
      let order = tables.reader.shards.places.writingOrder(Array(sorted.indices), of: sorted.map(\.encoded))
      for place in order { try tables.put(sorted[place].encoded, stored(sorted[place].record), isNew: true) }
      if writesIndexes { try writeEntries(sorted, tables) }
    }
    if tables.connection.walFrames >= checkpointFrames {
      _ = try tables.connection.checkpoint(.passive)
    }
  }

  private func stored(_ record: (key: RecordKey, body: [UInt8])) -> StoredRecord {
    StoredRecord(
      key: record.key, body: record.body, createdRevision: revision, revision: revision, createdTime: time,
      updatedTime: time)
  }

  private func writeEntries(
    _ sorted: [(encoded: [UInt8], record: (key: RecordKey, body: [UInt8]))], _ tables: TablesWriter
  ) throws {
    var all: [[UInt8]] = []
    var changes: [SearchChange] = []
    var taken: [KeyBytes: RecordKey] = [:]
    for (encoded, record) in sorted {
      let entries = try extractor.entries(tenant, record.key, record.body)
      all.append(contentsOf: entries.entries)
      for unique in entries.uniques {
        let holder =
          try taken.updateValue(record.key, forKey: unique.value)
          ?? tables.reader.holder(ofUnique: unique.value.bytes, record.key.kind)
        if let holder, holder != record.key {
          throw UniqueViolation(record: record.key, index: unique.index, holder: holder)
        }
      }
      if let table = extractor.catalog.columnTables[record.key.kind],
        let kind = extractor.schema[record.key.kind]
      {
        try tables.putColumns(table, encoded, stored(record), entries.columns, types: kind.columns)
      }
      if search != nil, let read = extractor.schema[record.key.kind]?.searchDocument,
        let document = try read(record.body)
      {
        changes.append(
          SearchChange(
            tenant: tenant, key: record.key, encodedKey: encoded, before: nil, after: document,
            revision: revision))
      }
    }
    for place in ByteOrder(all).places { try tables.addEntry(all[place]) }
    if let search, !changes.isEmpty { try search.apply(changes, on: tables.connection) }
  }
}
