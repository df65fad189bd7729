import FieldFormats
import ProtobufBridge
import PunosMessages
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

  public init(
    requestID: String = "", fingerprint: [UInt8] = [], reason: String = "", validateOnly: Bool = false
  ) {
    self.requestID = requestID
    self.fingerprint = fingerprint
    self.reason = reason
    self.validateOnly = validateOnly
  }
}

extension RecordService {
  /// The Create method.
  ///
  /// - Parameters:
  ///   - parent: the account it is to lie in; empty for records outside accounts.
  ///   - id: the client's choice; empty: a new sortable id.
  public func create(
    _ value: Value, in parent: String, id: String, _ options: WriteOptions, by principal: Principal
  ) async throws(Problem) -> Value {
    if let repeated = try await answer(toRepeated: options, principal) { return repeated }
    let home = try await home(named: parent, by: principal)
    let ownID = try mapped {
      try id.isEmpty ? rules.newID(inAccount: home?.id, world.world(of: principal)) ?? ResourceID.make() : id
    }
    let key = try newKey(ownID, in: home)
    try world.require(principal, .create, resourceName(key))
    let turn = await turn(of: principal)
    defer { turn?.end() }
    // Anew: the turn may have been a while in coming.
    let place = world.world(of: principal)
    let checks = try mapped { try rules.checks(beside: key, place) }
    var value = value
    try await prepare(&value, key, principal)
    let body = try checked(&value, before: nil, place)
    try await checkElsewhere(value, place)
    if options.validateOnly { return value }
    let operations = try self.operations(key, before: nil, after: value, body, expecting: .absent, place)
    return try await commit(operations + checks, options, principal)
  }

  /// The Update method.
  ///
  /// - Parameter mask: fields to change; empty: all that are set.
  public func update(
    _ incoming: Value, mask: [String], _ options: WriteOptions, by principal: Principal
  ) async throws(Problem) -> Value {
    if let repeated = try await answer(toRepeated: options, principal) { return repeated }
    let turn = await turn(of: principal)
    defer { turn?.end() }
    let record = try await live(incoming.name, by: principal)
    try world.require(principal, .update, resourceName(record.key))
    try world.requireSight(of: record, by: principal)
    try checkETag(incoming.etag, record)
    let before = try decode(record)
    var value = incoming
    try await prepare(&value, record.key, principal)
    let merge = try FieldMerge(mask, of: noun.message)
    var after = try merge.merging(value, into: before)
    rules.reconsider(&after, before: before) { merge.isSaid($0, in: value) }
    after.clearOutputFields()
    let place = world.world(of: principal)
    let body = try checked(&after, before: before, place)
    try await checkElsewhere(after, place)
    if options.validateOnly {
      var shown = after
      shown.fill(from: record, named: after.name)
      return shown
    }
    if options.requestID.isEmpty, isUnchanged(after, before) { return before }
    let operations = try self.operations(
      record.key, before: before, after: after, body, expecting: .revision(record.revision), place)
    return try await commit(operations, options, principal)
  }

  /// The Delete method.
  public func delete(
    _ name: String, etag: String, _ options: WriteOptions, by principal: Principal
  ) async throws(Problem) -> Value {
    if let repeated = try await answer(toRepeated: options, principal) { return repeated }
    let record = try await live(name, by: principal)
    try world.require(principal, .delete, resourceName(record.key))
    try world.requireSight(of: record, by: principal)
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
    let turn = await turn(of: principal)
    defer { turn?.end() }
    let name = try await References(world, principal).resolve(name)
    let key = try key(of: name, field: "name")
    try world.require(principal, .update, name)
    guard let record = try mapped({ try store.read(key, in: principal.tenant) }) else {
      throw .notFound(name)
    }
    guard record.isDeleted else {
      throw Problem(
        .failedPrecondition, "NOT_DELETED", "\(name) is not deleted; there is nothing to bring back.",
        resource: name)
    }
    try world.requireSight(of: record, by: principal)
    try checkETag(etag, record)
    var after = try decode(record)
    if options.validateOnly { return after }
    after.clearOutputFields()
    if Rules.isWrittenInTurn {
      // What was written meanwhile may leave no room for it.
      var again = after
      let place = world.world(of: principal)
      _ = try checked(&again, before: after, place)
      try await checkElsewhere(again, place)
    }
    var operations = [CommitOperation.undelete(key, expecting: .revision(record.revision))]
    operations += try mapped {
      try rules.consequences(of: key, before: nil, after: after, world.world(of: principal))
    }
    return try await commit(operations, options, principal)
  }

  /// Changes a record by a method of its own: reads it, lets `change` alter it, checks and commits it.
  ///
  /// - Parameter change: throws a ``Problem`` where the record does not allow it; gives the writes of other records
  ///   that must happen in the same commit.
  func change(
    _ name: String, etag: String, _ options: WriteOptions, by principal: Principal,
    _ change: (inout Value, RecordWorld) throws -> [CommitOperation]
  ) async throws(Problem) -> Value {
    if let repeated = try await answer(toRepeated: options, principal) { return repeated }
    let turn = await turn(of: principal)
    defer { turn?.end() }
    let record = try await live(name, by: principal)
    try world.require(principal, .update, resourceName(record.key))
    try world.requireSight(of: record, by: principal)
    try checkETag(etag, record)
    let before = try decode(record)
    var after = before
    after.clearOutputFields()
    let more = try mapped { try change(&after, world.world(of: principal)) }
    let place = world.world(of: principal)
    let body = try checked(&after, before: before, place)
    try await checkElsewhere(after, place)
    if options.validateOnly {
      after.fill(from: record, named: after.name)
      return after
    }
    let operations = try self.operations(
      record.key, before: before, after: after, body, expecting: .revision(record.revision), place)
    return try await commit(operations + more, options, principal)
  }

  private func checkETag(_ etag: String, _ record: StoredRecord) throws(Problem) {
    guard !etag.isEmpty, etag != ETag.text(for: record.revision) else { return }
    throw .staleETag(resourceName(record.key), current: record.revision)
  }

  /// Canonical form, resolved references, the server's own fields emptied, the name set.
  func prepare(_ value: inout Value, _ key: RecordKey, _ principal: Principal) async throws(Problem) {
    outputFields.clear(&value)
    value.name = resourceName(key)
    rules.canonicalise(&value)
    let names = rules.references(of: value).filter { References.isLookup($0) }
    guard !names.isEmpty else { return }
    let resolved = try await References(world, principal).resolveAll(names)
    rules.replaceReferences(in: &value) { resolved[$0] ?? $0 }
  }

  /// Fills in what the server says, checks every rule of schema and domain, and says all that are broken at once.
  ///
  /// - Parameters:
  ///   - before: the record as it is; nil for a new one.
  ///   - world: with what the same batch is about to write.
  ///   - telling: how it is taken. One that an export tells is completed as if it had been there before: so
  ///     it keeps what the server had written, and what is worked out from the rest is worked out again.
  /// - Returns: the body to be stored.
  func checked(
    _ value: inout Value, before: Value?, _ world: RecordWorld, asNew telling: NewRecords = .unspecified
  ) throws(Problem) -> [UInt8] {
    let told = telling.areAsExported ? value : before
    try mapped { try rules.complete(&value, before: told, world) }
    let body = value.serialized()
    var problems = SchemaRules.problems(of: body, noun.message)
    problems += try mapped {
      try missing(in: body, before: telling.mayHaveGaps ? told : before, world)
        + rules.problems(of: value, world)
    }
    try refuse(problems)
    return body
  }

  /// Checks the rules that look at records anywhere in the tenant, once the others hold.
  func checkElsewhere(_ value: Value, _ world: RecordWorld) async throws(Problem) {
    try refuse(try await mapped { try await rules.problemsElsewhere(of: value, world) })
  }

  private func refuse(_ problems: [FieldProblem]) throws(Problem) {
    guard !problems.isEmpty else { return }
    throw .invalid(
      problems.map { problem in
        FieldProblem(
          path: "\(noun.name).\(problem.path)", description: problem.description, reason: problem.reason)
      })
  }

  /// References to records that are not there. One that the record had before may stay: its record may have been
  /// deleted since, and that must not stop other changes.
  private func missing(in body: [UInt8], before: Value?, _ world: RecordWorld) throws -> [FieldProblem] {
    var problems: [FieldProblem] = []
    for reference in ReferenceFields.of(Value.self).found(in: body) {
      guard let key = world.catalog.key(of: reference.name), let kind = world.catalog.nouns[key.kind]?.name,
        reference.kinds.contains(kind)
      else { continue }  // The schema's own rule says what is wrong with the name.
      if try world.read(key) != nil { continue }
      if let before, rules.references(of: before).contains(reference.name) { continue }
      let words = kind.replacingUnderscores
      problems.append(
        FieldProblem(
          path: reference.path, description: "there is no such \(words); create the \(words) first",
          reason: "UNKNOWN_\(kind.uppercased())"))
    }
    return problems
  }

  func isUnchanged(_ after: Value, _ before: Value) -> Bool {
    var then = before
    then.clearOutputFields()
    return then == after
  }

  /// A put with everything that follows from it.
  func operations(
    _ key: RecordKey, before: Value?, after: Value, _ body: [UInt8], expecting: Expectation,
    _ world: RecordWorld
  ) throws(Problem) -> [CommitOperation] {
    let consequences = try mapped { try rules.consequences(of: key, before: before, after: after, world) }
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
    return try decode(record, for: principal)
  }

  /// The answer that a repeated request got the first time; nil for a new request.
  func answer(
    toRepeated options: WriteOptions, _ principal: Principal
  ) async throws(Problem) -> Value? {
    guard !options.requestID.isEmpty else { return nil }
    let receipt = try await mapped {
      try await store.receipt(
        ofRequest: options.requestID, fingerprint: options.fingerprint, in: principal.tenant)
    }
    guard let record = receipt?.records.first else { return nil }
    try world.require(principal, .read, resourceName(record.key))
    return try decode(record, for: principal, isCurrent: false)
  }
}
