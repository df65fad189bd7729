public import Store

/// Taking a person out of everything. See the record of the decision in `docs/adr`: bodies are rewritten, not
/// encrypted
/// under a key to be destroyed.
///
/// First a commit takes the person out of the records as they are and notes the erasure; then every row of
/// the log that
/// names the person is rewritten; then the search index is merged until nothing of the person's words is left in its
/// pages; then both write-ahead logs are emptied into their files. What a crash
/// interrupts, the
/// next opening goes on with.
extension SQLiteStore {
  public func erase(_ erasure: Erasure, in tenant: TenantID) async throws -> ErasureReceipt {
    guard erasure.subject.utf8.count <= StoreLimits.indexTextBytes - 16, !erasure.subject.isEmpty else {
      throw InvalidCommit(operation: nil, problem: "the subject's name is empty or too long")
    }
    guard let number = registry.numberOrNew(of: tenant) else {
      throw WriterUnavailable(cause: .overloaded, detail: "this store has all the tenants it can have")
    }
    if !erasure.requestID.isEmpty, let kept = try keptRequest(erasure.requestID, number) {
      // Asked again: what the first attempt did not get done is done now.
      let changes = try await finishErasure(number, erasure.subject, kept.revision)
      let records = try await workers.run { try $0.log.commit(number, kept.revision)?.changes.count ?? 0 }
      return ErasureReceipt(revision: kept.revision, records: records, changes: changes)
    }
    try ErasureRegister(directory: directory).append(tenant, erasure.subject)
    try await applier.waitUntilApplied()
    let eraser = ErasureCommit(erasure: erasure, tenant: number, extractor: preparer.extractor)
    let applier = self.applier
    let (revision, records) = try await writer.run { writer in
      try applier.blockUntilApplied()
      return try eraser.run(writer)
    }
    let changes = try await finishErasure(number, erasure.subject, revision)
    return ErasureReceipt(revision: revision, records: records, changes: changes)
  }

  public func records(about subject: String, in tenant: TenantID, after: RecordKey?, limit: Int) async throws
    -> [RecordKey]
  {
    guard subject.utf8.count <= StoreLimits.indexTextBytes - 16, let number = registry.number(of: tenant) else {
      return []
    }
    try await applier.waitUntilApplied()
    let most = max(1, min(limit, StoreLimits.pageRecords))
    return try await workers.run { reader in
      var keys: [RecordKey] = []
      try SubjectRecords(tenant: number, subject: subject).forEach(in: reader.tables, after: after) { key in
        keys.append(key)
        return keys.count < most
      }
      return keys
    }
  }

  private func keptRequest(_ requestID: String, _ number: UInt32) throws -> KeptRequest? {
    try readers.with { try preparer.kept(requestID, [], number, $0.tables, nil) }
  }

  /// Rows rewritten in one transaction: a commit waits a few milliseconds for it.
  private static let rowsPerSlice = 128

  /// Rewrites the past of an erasure whose commit is durable.
  /// - Returns: how many changes were rewritten.
  func finishErasure(_ number: UInt32, _ subject: String, _ revision: Revision) async throws -> Int {
    try await applier.waitUntilApplied()
    let prefix = ReservedEntries.subjectPrefix(number, subject, index: ReservedIndex.subjectRevisions)
    let revisions: [Revision] = try await workers.run { reader in
      var found: [Revision] = []
      try reader.tables.entries(from: prefix, to: KeyEncoding.successor(of: prefix) ?? prefix) { entry in
        guard entry.count == prefix.count + 8 else { return true }
        let value = entry.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: prefix.count, as: Int64.self) }
        found.append(Revision(Int64(bigEndian: value)))
        return true
      }
      return found
    }
    var changes = 0
    let rewriter = ErasureRewriter(subject: subject, tenant: number, schema: schema)
    for start in stride(from: 0, to: revisions.count, by: Self.rowsPerSlice) {
      let slice = Array(revisions[start..<min(start + Self.rowsPerSlice, revisions.count)])
      changes += try await writer.run { try rewriter.rewrite(slice, in: $0) }
    }
    // The index has marks for what was taken out, beside the words: both go now.
    try await purgeSearch()
    try await applier.run { tables in
      for revision in revisions {
        try tables.removeEntry(ReservedEntries.subjectRevision(number, subject, revision))
      }
      _ = try tables.connection.checkpoint(.truncate)
    }
    try await writer.run { writer in
      try writer.log.markErased(number, subject, revision)
      _ = try writer.log.connection.checkpoint(.truncate)
    }
    return changes
  }

  /// Goes on with erasures that a stop interrupted.
  func resumeErasures() async throws {
    let open = try await writer.run { try $0.log.unfinishedErasures() }
    for erasure in open {
      _ = try await finishErasure(erasure.tenant, erasure.subject, erasure.revision)
    }
  }
}

/// The commit that takes a person out of the records as they are now.
struct ErasureCommit: Sendable {
  let erasure: Erasure
  let tenant: UInt32
  let extractor: FactsExtractor

  /// On the writer's thread, with everything applied.
  func run(_ writer: Writer) throws -> (revision: Revision, records: Int) {
    var keys: [RecordKey] = []
    try SubjectRecords(tenant: tenant, subject: erasure.subject).forEach(in: writer.reader, after: nil) { key in
      keys.append(key)
      return true
    }
    let changes = try keys.compactMap { try change($0, writer.reader) }
    let commit = PreparedCommit(
      tenant: tenant,
      commit: Commit(
        [], actor: erasure.actor, reason: erasure.reason, requestID: erasure.requestID), changes: changes,
      seen: [],
      seenHead: .zero)
    try writer.commitErasure(commit, erasure.subject)
    return (commit.revision, changes.count)
  }

  private func change(_ key: RecordKey, _ reader: TablesReader) throws -> PreparedChange? {
    let encoded = KeyEncoding.record(tenant, key)
    guard let before = try reader.record(encoded, key) else { return nil }
    var after: StoredRecord? = before
    switch try ErasureRewriter.erase(before.body, erasure.subject, extractor.schema[key.kind]) {
    case .removed: after = nil
    case .rewritten(let body): after?.body = body
    }
    return PreparedChange(
      key: key, encodedKey: KeyBytes(encoded), shard: KeyBytes(KeyEncoding.shard(tenant, account: key.account)),
      operation: .erased,
      before: before, after: after, removed: try extractor.entries(of: before, tenant),
      added: try after.map { try extractor.entries(of: $0, tenant) } ?? .none)
  }
}

/// The records that hold data of a person, by the index that erasure goes by.
struct SubjectRecords {
  let tenant: UInt32
  let subject: String

  /// Calls a function with each key until it says false.
  func forEach(in tables: TablesReader, after: RecordKey?, _ body: (RecordKey) throws -> Bool) throws {
    let prefix = ReservedEntries.subjectPrefix(tenant, subject, index: ReservedIndex.subjectRecords)
    var start = prefix
    if let after {
      KeyEncoding.appendBigEndian(after.kind.rawValue, to: &start)
      KeyEncoding.appendOwner(after, to: &start)
    }
    try tables.entries(from: start, to: KeyEncoding.successor(of: prefix) ?? prefix) { entry in
      guard entry.count > prefix.count + 2 else { return true }
      let key = try entry.withUnsafeBytes { raw in
        let kind = UInt16(bigEndian: raw.loadUnaligned(fromByteOffset: prefix.count, as: UInt16.self))
        return try KeyEncoding.decodeOwner(from: raw, at: prefix.count + 2, kind: RecordKind(kind))
      }
      return key == after ? true : try body(key)
    }
  }
}

/// Takes a person out of rows of the log.
struct ErasureRewriter: Sendable {
  let subject: String
  let tenant: UInt32
  let schema: RecordSchema

  /// What is left of a body. A schema that cannot do it, or leaves the person in, loses the whole body.
  static func erase(_ body: [UInt8], _ subject: String, _ kind: KindSchema?) throws -> ErasedBody {
    guard let kind, let erase = kind.erase else { return .removed }
    switch try erase(body, subject) {
    case .removed: return .removed
    case .rewritten(let left):
      return try kind.facts(left).subjects.contains(subject) ? .removed : .rewritten(left)
    }
  }

  /// On the writer's thread.
  /// - Returns: how many changes had the person in them.
  func rewrite(_ revisions: [Revision], in writer: Writer) throws -> Int {
    var rewritten = 0
    try writer.transaction {
      for revision in revisions {
        guard var commit = try writer.log.commit(tenant, revision) else { continue }
        var touched = 0
        for place in commit.changes.indices {
          if try rewrite(&commit.changes[place]) { touched += 1 }
        }
        if touched == 0 { continue }
        rewritten += touched
        let content = LogCodec.content(
          actor: commit.actor, reason: commit.reason, requestID: commit.requestID,
          fingerprint: commit.requestFingerprint, changes: commit.changes)
        let noSalt = [UInt8](repeating: 0, count: LogCodec.saltBytes)
        try writer.log.rewrite(
          LogRow.id(tenant, revision),
          LogCodec.payload(
            chain: commit.chain, digest: commit.digest, time: commit.time, isErased: true, salt: noSalt,
            content: content))
      }
    }
    return rewritten
  }

  private func rewrite(_ change: inout LoggedChange) throws -> Bool {
    let kind = schema[change.key.kind]
    var isTouched = false
    if let before = change.before, change.beforeErasure != .removed, try names(before.body, kind) {
      isTouched = true
      switch try Self.erase(before.body, subject, kind) {
      case .removed:
        change.before?.body = []
        change.beforeErasure = .removed
      case .rewritten(let body):
        change.before?.body = body
        change.beforeErasure = .rewritten
      }
    }
    if let after = change.after, try names(after, kind) {
      isTouched = true
      switch try Self.erase(after, subject, kind) {
      case .removed:
        change.after = nil
        change.afterErasure = .removed
      case .rewritten(let body):
        change.after = body
        change.afterErasure = .rewritten
      }
    }
    return isTouched
  }

  private func names(_ body: [UInt8], _ kind: KindSchema?) throws -> Bool {
    guard let kind else { return true }
    return try kind.facts(body).subjects.contains(subject)
  }
}
