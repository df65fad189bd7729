import FieldFormats
import ProtobufBridge
public import PunosMessages
import RPC
import Store

/// How records of a batch are found and changed.
public struct UpsertOptions: Sendable {
  /// The account that records without a name lie in; empty for records outside accounts.
  public var parent: String
  /// Request id, reason, dry run.
  public var write: WriteOptions
  /// Fields to replace in records that exist; empty: what is set, with lists united.
  public var mask: [String]
  /// Whether records may be found by what identifies them, where no external id is known.
  public var matchByIdentity: Bool
  /// How records are taken that are not there yet.
  public var newRecords: NewRecords

  public init(
    parent: String = "", write: WriteOptions, mask: [String] = [], matchByIdentity: Bool = false,
    newRecords: NewRecords = .unspecified
  ) {
    self.parent = parent
    self.write = write
    self.mask = mask
    self.matchByIdentity = matchByIdentity
    self.newRecords = newRecords
  }

  /// Why, for the history. That an export was read in is said whatever the caller says: only so can a record begin
  /// with what otherwise only the server writes.
  var reason: String {
    guard newRecords.areAsExported else { return write.reason }
    return write.reason.isEmpty ? Self.importReason : "\(Self.importReason): \(write.reason)"
  }

  private static let importReason = "Import of an export"
}

extension NewRecords {
  /// Whether they keep what an export tells that only the server writes.
  var areAsExported: Bool { self == .asExported || self == .asExportedWithGaps }

  /// Whether what they refer to may be missing.
  var mayHaveGaps: Bool { self == .asExportedWithGaps }
}

extension RecordService {
  /// How often a batch is prepared anew because somebody else wrote in between; then the caller is told.
  static var maximumAttempts: Int { 5 }

  /// Items that may be worked on where the call came in: about a millisecond's work, for which a connection's loop may be
  /// held up.
  static var itemsOnTheLoop: Int { 32 }

  /// The BatchUpsert method: each item succeeds or fails by itself; those that succeed are one commit.
  ///
  /// A large batch is worked on away from the connection's loop, so that other calls go on meanwhile and several batches
  /// of one connection use several processors.
  ///
  /// - Returns: a result for each item, in order.
  public func batchUpsert(
    _ items: [Value], _ options: UpsertOptions, by principal: Principal
  ) async throws(Problem) -> [UpsertResult] {
    if items.count <= Self.itemsOnTheLoop { return try await upsert(items, options, by: principal) }
    return try await withTaskExecutorPreference(globalConcurrentExecutor) { () async throws(Problem) in
      try await upsert(items, options, by: principal)
    }
  }

  // Compiled for the kinds that come by the thousand: as generic code it spends a fifth of its time on finding out what
  // it works on.
  @_specialize(where Rules == ContactRules)
  @_specialize(where Rules == InteractionRules)
  @_specialize(where Rules == AccountRules)
  private func upsert(
    _ items: [Value], _ options: UpsertOptions, by principal: Principal
  ) async throws(Problem) -> [UpsertResult] {
    try world.require(principal, .update, noun.collection)
    if options.newRecords.areAsExported { try world.require(principal, .restore, noun.collection) }
    let merge = try FieldMerge(options.mask, of: noun.message)
    if let repeated = try await results(ofRepeated: items, options, principal) { return repeated }
    var refused: [Int: Problem] = [:]
    var prepared: UpsertBatch<Rules>?
    for _ in 0..<Self.maximumAttempts {
      let turn = await turn(of: principal)
      defer { turn?.end() }
      let batch = try await UpsertBatch(items, self, options, merge, principal, refused: refused)
      prepared = batch
      let operations = batch.operations
      if options.write.validateOnly {
        let homeless = try batch.homeless(principal)
        if homeless.isEmpty { return batch.results(committed: nil) }
        refused.merge(homeless) { first, _ in first }
        continue
      }
      if operations.isEmpty { return batch.results(committed: nil) }
      let commit = Commit(
        operations, actor: principal.actor, reason: options.reason, requestID: options.write.requestID,
        requestFingerprint: options.write.fingerprint)
      do {
        return batch.results(committed: try await store.commit(commit, in: principal.tenant))
      } catch let unique as UniqueViolation {
        // One item's value is taken: that item fails, the others go on without it.
        guard let item = batch.item(writing: unique.record) else { throw .from(unique, world.catalog) }
        refused[item] = .from(unique, world.catalog)
      } catch let missing as RecordMissing where batch.isHome(missing.record) {
        refused.merge(try batch.homeless(principal)) { first, _ in first }
      } catch is StaleRevision {
        // Somebody wrote one of the records meanwhile: look again.
        continue
      } catch {
        throw .from(error, world.catalog)
      }
    }
    // What keeps clashing goes one by one, so that one busy record does not hold up the others.
    return try await oneByOne(items, prepared?.repeats ?? [:], options, principal)
  }

  /// - Parameter repeats: items that are about the same record as one before them, which are not written by themselves either.
  private func oneByOne(
    _ items: [Value], _ repeats: [Int: (first: Int, problem: Problem?)], _ options: UpsertOptions, _ principal: Principal
  ) async throws(Problem) -> [UpsertResult] {
    guard items.count > 1 else {
      throw Problem(.aborted, "CONTENTION", "The record is being changed by others; try again in a moment.")
    }
    var results: [UpsertResult] = []
    for (index, item) in items.enumerated() {
      if let (first, problem) = repeats[index] {
        results.append(problem.map { UpsertResult(failed: $0) } ?? UpsertResult(repeating: results[first]))
        continue
      }
      var single = options
      if !single.write.requestID.isEmpty { single.write.requestID += "/\(index)" }
      do {
        results += try await batchUpsert([item], single, by: principal)
      } catch {
        results.append(UpsertResult(failed: error))
      }
    }
    return results
  }

  /// The results that a repeated request got the first time; nil for a new request.
  private func results(
    ofRepeated items: [Value], _ options: UpsertOptions, _ principal: Principal
  ) async throws(Problem) -> [UpsertResult]? {
    guard !options.write.requestID.isEmpty, !options.write.validateOnly else { return nil }
    let receipt = try await mapped {
      try await store.receipt(
        ofRequest: options.write.requestID, fingerprint: options.write.fingerprint, in: principal.tenant)
    }
    guard let receipt else { return nil }
    let merge = try FieldMerge(options.mask, of: noun.message)
    var batch = try await UpsertBatch(items, self, options, merge, principal, refused: [:])
    let homeless = try batch.homeless(principal)
    if !homeless.isEmpty {
      batch = try await UpsertBatch(items, self, options, merge, principal, refused: homeless)
    }
    return batch.results(repeating: receipt)
  }
}

extension UpsertResult {
  /// The result of an item that says the same as another one, of which this became: written once, it is already so.
  init(repeating first: UpsertResult) {
    self = first
    guard outcome != .failed else { return }
    outcome = .unchanged
    differences = []
  }

  /// A result that says why nothing was done.
  init(failed problem: Problem) {
    self.init()
    outcome = .failed
    name = problem.resource
    error = problem.status
  }
}
