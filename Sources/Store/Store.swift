/// Where Punos keeps what teams tell it: records in their accounts' shards, and the log of every change.
///
/// Safe to use from any thread. A reader sees every commit that was answered before it began; where the disk takes no
/// more (``StoreHealth/writesRefused``), lists, searches, counts and accounts' histories go on as of what it has taken.
/// Every function throws ``StoreError`` values only. Limits are in ``StoreLimits``.
public protocol Store: Sendable {
  /// What it was opened with.
  var schema: RecordSchema { get }

  // MARK: Reads that take microseconds: call them anywhere, an event loop included.

  /// A record, deleted ones too (see ``StoredRecord/isDeleted``); nil where there never was one, or where a
  /// deleted one has been swept away.
  /// - Throws: ``ReadFailed``.
  func read(_ key: RecordKey, in tenant: TenantID) throws -> StoredRecord?

  /// Several records of one moment, in the order asked.
  /// - Parameter keys: up to ``StoreLimits/pageRecords``; more is ``InvalidQuery``.
  func read(_ keys: [RecordKey], in tenant: TenantID) throws -> [StoredRecord?]

  /// What lies in an account's shard, of one moment, in key order.
  func scan(account: String, in tenant: TenantID, _ scan: AccountScan) throws -> AccountPage

  /// The tenant's newest durable revision; zero before its first commit.
  func head(of tenant: TenantID) throws -> Revision

  /// Every tenant that has written, or is about to; in no order.
  var tenants: [TenantID] { get }

  /// How the store is.
  var health: StoreHealth { get }

  // MARK: Reads that may take longer: on the store's own workers.

  /// Records of the tenant's own space by kind, in key order: as an account scan, for ``RecordScope/tenant``.
  func scanTenant(_ tenant: TenantID, _ scan: AccountScan) async throws -> AccountPage

  /// Live records found through an index.
  /// - Throws: ``InvalidQuery`` where there is no such index, or it is still being built; ``ReadFailed``.
  func find(_ query: IndexQuery, in tenant: TenantID) async throws -> RecordPage

  /// Keys of live records that have exactly these values in an index, for several entries at once.
  /// - Parameter limitEach: at most so many keys for each entry, in key order.
  func holders(
    of entries: [[FieldValue]], inIndex index: String, kind: RecordKind, in tenant: TenantID, limitEach: Int
  ) async throws -> [[RecordKey]]

  /// The receipt of the commit that a request id made; nil where there is none within the retention.
  /// - Throws: ``RequestIDReused`` where both have a fingerprint and they differ.
  func receipt(ofRequest requestID: String, fingerprint: [UInt8], in tenant: TenantID) async throws
    -> CommitReceipt?

  /// Live records whose typed columns meet a condition.
  func list(_ query: ColumnQuery, in tenant: TenantID) async throws -> RecordPage

  /// Counts and sums over typed columns.
  func aggregate(_ query: AggregateQuery, in tenant: TenantID) async throws -> [AggregateRow]

  /// A record's changes, newest first.
  /// - Parameters:
  ///   - before: only changes under this revision; nil: from the newest.
  ///   - limit: 1 … ``StoreLimits/pageRecords``; more is taken as that.
  func history(of key: RecordKey, in tenant: TenantID, before: Revision?, limit: Int) async throws
    -> HistoryPage

  /// The changes of everything in an account's shard, newest first; a commit's changes are never split.
  func history(ofAccount account: String, in tenant: TenantID, before: Revision?, limit: Int) async throws
    -> HistoryPage

  /// A record as it was; nil where there was none. Personal data erased since is not in it.
  /// - Throws: ``Compacted``, ``RevisionAhead``, ``ReadFailed``.
  func read(_ key: RecordKey, in tenant: TenantID, asOf point: PointInTime) async throws -> StoredRecord?

  /// What lay in an account's shard at a point in time, in key order.
  func scan(account: String, in tenant: TenantID, _ scan: AccountScan, asOf point: PointInTime) async throws
    -> AccountPage

  /// The revision a point in time stands for.
  /// - Throws: ``Compacted``, ``RevisionAhead``.
  func revision(at point: PointInTime, in tenant: TenantID) async throws -> Revision

  /// Changes after a revision, oldest first.
  /// - Parameter limit: of changes, 1 … ``StoreLimits/pageRecords``; a commit is never split, so that a big
  ///   one
  ///   goes over it.
  /// - Throws: ``Compacted`` where `after` is older than the log, ``RevisionAhead``.
  func changes(in tenant: TenantID, after: Revision, matching filter: ChangeFilter, limit: Int) async throws
    -> ChangePage

  /// Changes after a revision as they become durable, for as long as the caller iterates.
  /// - Parameter bookmarkEvery: an empty batch with the newest revision comes after so long without changes.
  func watch(in tenant: TenantID, after: Revision, matching filter: ChangeFilter, bookmarkEvery: Duration)
    -> Watch

  // MARK: Writes.

  /// Makes a commit durable, then answers.
  /// - Throws: ``InvalidCommit``, ``StaleRevision``, ``RecordMissing``, ``UniqueViolation``,
  ///   ``RequestIDReused``,
  ///   ``WriterUnavailable``. After ``WriterUnavailable`` (but for `overloaded`) whether the commit happened
  ///   is
  ///   unknown; asking again with the same request id settles it.
  func commit(_ commit: Commit, in tenant: TenantID) async throws -> CommitReceipt

  /// The records, deleted ones too, whose bodies hold data of a person, in key order within each kind.
  ///
  /// - Parameters:
  ///   - subject: the person's resource name, as the schema's facts give it.
  ///   - after: go on after this one; nil: from the beginning.
  ///   - limit: 1 … ``StoreLimits/pageRecords``; more is taken as that.
  func records(about subject: String, in tenant: TenantID, after: RecordKey?, limit: Int) async throws
    -> [RecordKey]

  /// Takes a person's data out of every record, every change and every index, for good. Revisions stay as
  /// they are.
  /// Answers when nothing of it can be read any more, in the files too; what it began goes on where its caller has gone.
  /// - Throws: ``RequestIDReused`` where the request id erased somebody else, or did something else.
  func erase(_ erasure: Erasure, in tenant: TenantID) async throws -> ErasureReceipt

  /// Waits for what is under way, applies what is durable, and lets go of the files. Nothing can be done with
  /// it
  /// afterwards. Safe to call twice.
  func close() async
}

extension Store {
  /// A live record; nil where there is none or it is deleted.
  public func readLive(_ key: RecordKey, in tenant: TenantID) throws -> StoredRecord? {
    guard let record = try read(key, in: tenant), !record.isDeleted else { return nil }
    return record
  }

  public func changes(in tenant: TenantID, after: Revision, limit: Int = 500) async throws -> ChangePage {
    try await changes(in: tenant, after: after, matching: .everything, limit: limit)
  }

  public func watch(in tenant: TenantID, after: Revision, matching filter: ChangeFilter = .everything)
    -> Watch
  {
    watch(in: tenant, after: after, matching: filter, bookmarkEvery: .seconds(10))
  }
}

/// Whom to erase, and on whose word.
public struct Erasure: Hashable, Sendable {
  /// The person's resource name, as the schema's facts give it.
  public var subject: String
  public var actor: Actor
  public var reason: String
  public var requestID: String
  /// Tells a repeated request from another one with the same id, where the person may be named otherwise: up to 64 bytes.
  /// Without one it is the same where the subject is.
  public var requestFingerprint: [UInt8]

  public init(
    subject: String, actor: Actor, reason: String, requestID: String = "", requestFingerprint: [UInt8] = []
  ) {
    self.subject = subject
    self.actor = actor
    self.reason = reason
    self.requestID = requestID
    self.requestFingerprint = requestFingerprint
  }
}

/// What an erasure did.
public struct ErasureReceipt: Hashable, Sendable {
  /// The commit that took the person out of the records as they are now.
  public var revision: Revision
  /// Records that were removed or rewritten.
  public var records: Int
  /// Changes of the past that were rewritten.
  public var changes: Int

  public init(revision: Revision, records: Int, changes: Int) {
    self.revision = revision
    self.records = records
    self.changes = changes
  }
}

/// How a store is.
public struct StoreHealth: Hashable, Sendable {
  /// Why writes are refused; nil: they are taken.
  public var writesRefused: WriterUnavailable?
  /// Commits that are durable and not in the tables yet.
  public var unappliedCommits: Int
  /// Bytes of write-ahead log not yet in the database files.
  public var walBytes: Int
  /// Indexes (kind name and index name) that are being built.
  public var buildingIndexes: [String]

  public init(
    writesRefused: WriterUnavailable?, unappliedCommits: Int, walBytes: Int, buildingIndexes: [String]
  ) {
    self.writesRefused = writesRefused
    self.unappliedCommits = unappliedCommits
    self.walBytes = walBytes
    self.buildingIndexes = buildingIndexes
  }
}
