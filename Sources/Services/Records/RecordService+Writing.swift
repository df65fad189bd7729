import FieldFormats
import ProtobufBridge
import RPC
import Store

/// What comes with every write.
public struct WriteOptions: Sendable {
  /// Makes a repeat have one effect and the same answer; empty: no protection.
  public var requestID: String
  /// Tells a repeat from another request under the same id.
  public var fingerprint: [UInt8]
  /// Why, for the history.
  public var reason: String
  /// Check only; change nothing.
  public var validateOnly: Bool

  public init(requestID: String = "", fingerprint: [UInt8] = [], reason: String = "", validateOnly: Bool = false) {
    self.requestID = requestID
    self.fingerprint = fingerprint
    self.reason = reason
    self.validateOnly = validateOnly
  }
}

extension RecordService {
  /// The Create method.
  ///
  /// - Parameter id: the client's choice; empty: a new sortable id.
  public func create(
    _ value: Value, id: String, _ options: WriteOptions, by principal: Principal
  ) async throws(Problem) -> Value {
    let key = try newKey(id.isEmpty ? ResourceID.make() : id)
    try world.require(principal, .create, resourceName(key))
    var value = value
    try await prepare(&value, key, principal)
    let body = try checked(value, prefix: noun.name, principal)
    if options.validateOnly { return value }
    let operations = try self.operations(key, before: nil, after: value, body, expecting: .absent, principal)
    return try await commit(operations, options, principal)
  }

  /// The Update method.
  ///
  /// - Parameter mask: fields to change; empty: all that are set.
  public func update(
    _ incoming: Value, mask: [String], _ options: WriteOptions, by principal: Principal
  ) async throws(Problem) -> Value {
    let record = try await live(incoming.name, by: principal)
    try world.require(principal, .update, resourceName(record.key))
    try checkETag(incoming.etag, record)
    let before = try decode(record)
    var value = incoming
    try await prepare(&value, record.key, principal)
    let merged = try FieldMerge(mask, of: noun.message).merging(value, into: before)
    var after = merged
    after.clearOutputFields()
    let body = try checked(after, prefix: noun.name, principal)
    if options.validateOnly { return merged }
    if options.requestID.isEmpty, isUnchanged(after, before) { return before }
    let operations = try self.operations(
      record.key, before: before, after: after, body, expecting: .revision(record.revision), principal)
    return try await commit(operations, options, principal)
  }

  /// The Delete method.
  public func delete(
    _ name: String, etag: String, _ options: WriteOptions, by principal: Principal
  ) async throws(Problem) -> Value {
    if let repeated = try await answer(toRepeated: options, principal) { return repeated }
    let record = try await live(name, by: principal)
    try world.require(principal, .delete, resourceName(record.key))
    try checkETag(etag, record)
    let before = try decode(record)
    if options.validateOnly { return before }
    var operations = [CommitOperation.delete(record.key, expecting: .revision(record.revision))]
    operations += try mapped {
      try rules.consequences(of: record.key, before: before, after: nil, world.world(of: principal))
    }
    return try await commit(operations, options, principal)
  }

  /// The Undelete method.
  public func undelete(
    _ name: String, etag: String, _ options: WriteOptions, by principal: Principal
  ) async throws(Problem) -> Value {
    if let repeated = try await answer(toRepeated: options, principal) { return repeated }
    let key = try key(of: name, field: "name")
    try world.require(principal, .update, name)
    guard let record = try mapped({ try store.read(key, in: principal.tenant) }) else { throw .notFound(name) }
    guard record.isDeleted else {
      throw Problem(
        .failedPrecondition, "NOT_DELETED", "\(name) is not deleted; there is nothing to bring back.", resource: name)
    }
    try checkETag(etag, record)
    var after = try decode(record)
    if options.validateOnly { return after }
    after.clearOutputFields()
    var operations = [CommitOperation.undelete(key, expecting: .revision(record.revision))]
    operations += try mapped {
      try rules.consequences(of: key, before: nil, after: after, world.world(of: principal))
    }
    return try await commit(operations, options, principal)
  }

  private func checkETag(_ etag: String, _ record: StoredRecord) throws(Problem) {
    guard !etag.isEmpty, etag != ETag.text(for: record.revision) else { return }
    throw .staleETag(resourceName(record.key), current: record.revision)
  }

  /// Canonical form, resolved references, the server's own fields emptied, the name set.
  func prepare(_ value: inout Value, _ key: RecordKey, _ principal: Principal) async throws(Problem) {
    value.clearOutputFields()
    value.name = resourceName(key)
    rules.canonicalise(&value)
    let names = rules.accountReferences(of: value).filter { References.isLookup($0) }
    guard !names.isEmpty else { return }
    let resolved = try await References(world, principal).resolveAll(names)
    rules.replaceAccountReferences(in: &value) { resolved[$0] ?? $0 }
  }

  /// Checks every rule of schema and domain, and says all that are broken at once.
  ///
  /// - Returns: the body to be stored.
  func checked(_ value: Value, prefix: String, _ principal: Principal) throws(Problem) -> [UInt8] {
    let body = value.serialized()
    let own = try mapped { try rules.problems(of: value, world.world(of: principal)) }
    let problems = SchemaRules.problems(of: body, noun.message) + own
    guard problems.isEmpty else {
      throw .invalid(
        problems.map { problem in
          FieldProblem(
            path: "\(prefix).\(problem.path)", description: problem.description, reason: problem.reason)
        })
    }
    return body
  }

  func isUnchanged(_ after: Value, _ before: Value) -> Bool {
    var then = before
    then.clearOutputFields()
    return then == after
  }

  /// A put with everything that follows from it.
  func operations(
    _ key: RecordKey, before: Value?, after: Value, _ body: [UInt8], expecting: Expectation, _ principal: Principal
  ) throws(Problem) -> [CommitOperation] {
    let consequences = try mapped {
      try rules.consequences(of: key, before: before, after: after, world.world(of: principal))
    }
    return [.put(key, body: body, expecting: expecting)] + consequences
  }

  /// Commits; the first operation's record is the answer.
  private func commit(
    _ operations: [CommitOperation], _ options: WriteOptions, _ principal: Principal
  ) async throws(Problem) -> Value {
    let commit = Commit(
      operations, actor: principal.actor, reason: options.reason, requestID: options.requestID,
      requestFingerprint: options.fingerprint)
    let receipt = try await mapped { try await store.commit(commit, in: principal.tenant) }
    guard let record = receipt.records.first else {
      throw Problem(.internal, "INTERNAL", "The write has no record to answer with.")
    }
    return try decode(record)
  }

  /// The answer that a repeated request got the first time; nil for a new request.
  private func answer(
    toRepeated options: WriteOptions, _ principal: Principal
  ) async throws(Problem) -> Value? {
    guard !options.requestID.isEmpty else { return nil }
    let receipt = try await mapped {
      try await store.receipt(
        ofRequest: options.requestID, fingerprint: options.fingerprint, in: principal.tenant)
    }
    guard let record = receipt?.records.first else { return nil }
    return try decode(record)
  }
}
