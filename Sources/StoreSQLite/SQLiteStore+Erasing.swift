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
    return try await erase(erasure, in: tenant, noting: ErasureRegister(directory: directory))
  }

  /// - Parameter register: where it is noted; nil: it is there.
  func erase(_ erasure: Erasure, in tenant: TenantID, noting register: ErasureRegister?) async throws
    -> ErasureReceipt
  {
    guard let number = registry.numberOrNew(of: tenant) else {
      throw WriterUnavailable(cause: .overloaded, detail: "this store has all the tenants it can have")
    }
    try await applier.waitUntilApplied()
    let noting = register.map { (register: $0, tenant: tenant) }
    let eraser = ErasureCommit(erasure: erasure, tenant: number, preparer: preparer, noting: noting)
    let applier = self.applier
    let begun = try await writer.run { writer in
      try applier.blockUntilApplied()
      return try eraser.run(writer)
    }
    // Not a part of the caller's task: who hangs up must not leave it half done.
    let changes = try await Task { try await finishErasure(number, begun.subject, begun.revision) }.value
    return ErasureReceipt(revision: begun.revision, records: begun.records, changes: changes)
  }

  public func records(about subject: String, in tenant: TenantID, after: RecordKey?, limit: Int) async throws
    -> [RecordKey]
  {
    guard subject.utf8.count <= StoreLimits.indexTextBytes - 16, let number = registry.number(of: tenant)
    else {
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
    let rewriter = ErasureRewriter(
      subject: subject, tenant: number, schema: schema, crash: options.crashPoints)
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
    }
    try await whenNobodyReadsBefore { [applier] in
      try await applier.run { try $0.connection.checkpoint(.truncate, waiting: Self.readerMilliseconds) }
    }
    try await whenNobodyReadsBefore { [writer] in
      try await writer.run { try $0.emptyWriteAheadLog(waiting: Self.readerMilliseconds) }
    }
    options.crashPoints.reach(.erased)
    // The last: up to here the next opening goes on.
    try await writer.run { writer in
      try writer.transaction { try writer.log.markErased(number, subject, revision) }
    }
    return changes
  }

  /// How long one attempt to empty a write-ahead log waits for reads to end, and commits with it.
  private static let readerMilliseconds: Int32 = 20
  /// Pauses between attempts, while commits go on: a list takes milliseconds, a check of everything minutes.
  private static let pauses = (first: Duration.milliseconds(20), longest: Duration.seconds(1))

  /// Repeats an attempt to empty a write-ahead log until no read that began before it is in the way.
  private func whenNobodyReadsBefore(_ empty: @Sendable () async throws -> Bool) async throws {
    var pause = Self.pauses.first
    while try await !empty() {
      if pause == Self.pauses.first { options.log("an erasure waits for a read that began before it") }
      try await Task.sleep(for: pause)
      pause = min(pause * 2, Self.pauses.longest)
    }
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
  let preparer: Preparer
  /// Where the erasure is noted, before anything else happens; nil: it is there.
  let noting: (register: ErasureRegister, tenant: TenantID)?

  /// What has been committed, now or by an earlier request of the same id.
  struct Begun: Sendable {
    var subject: String
    var revision: Revision
    var records: Int
  }

  private var extractor: FactsExtractor { preparer.extractor }

  /// On the writer's thread, with everything applied.
  func run(_ writer: Writer) throws -> Begun {
    if let begun = try begunBefore(writer) { return begun }
    if let noting { try noting.register.append(noting.tenant, erasure.subject) }
    var keys: [RecordKey] = []
    try SubjectRecords(tenant: tenant, subject: erasure.subject).forEach(in: writer.reader, after: nil) {
      key in
      keys.append(key)
      return true
    }
    let changes = try keys.compactMap { try change($0, writer.reader) }
    let commit = PreparedCommit(
      tenant: tenant,
      commit: Commit(
        [], actor: erasure.actor, reason: erasure.reason, requestID: erasure.requestID,
        requestFingerprint: erasure.requestFingerprint), changes: changes,
      seen: [],
      seenHead: .zero)
    try writer.commitErasure(commit, erasure.subject)
    return Begun(subject: erasure.subject, revision: commit.revision, records: changes.count)
  }

  /// What the request did when it was asked the first time. What that did not get done is done now.
  private func begunBefore(_ writer: Writer) throws -> Begun? {
    let (id, fingerprint) = (erasure.requestID, erasure.requestFingerprint)
    guard !id.isEmpty, let kept = try preparer.kept(id, fingerprint, tenant, writer.reader, nil) else {
      return nil
    }
    let subject = try writer.log.erasedSubject(tenant, kept.revision)
    let isSame = subject == erasure.subject || (!fingerprint.isEmpty && kept.fingerprint == fingerprint)
    guard let subject, isSame else { throw RequestIDReused(requestID: id, revision: kept.revision) }
    let records = try writer.log.commit(tenant, kept.revision)?.changes.count ?? 0
    return Begun(subject: subject, revision: kept.revision, records: records)
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
      key: key, encodedKey: KeyBytes(encoded),
      shard: KeyBytes(KeyEncoding.shard(tenant, account: key.account)),
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
  let crash: CrashPoints

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
      crash.reach(.rewriting)
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
