import FieldFormats
import ProtobufBridge
import PunosMessages
import RPC
import Store

/// A batch of upserts, prepared: for each item the record it is about, and what is to be written or why not.
struct UpsertBatch<Rules: NounRules> {
  private enum Plan {
    case write(key: RecordKey, before: Rules.Value?, after: Rules.Value, operations: [CommitOperation])
    case unchanged(StoredRecord)
    /// The key is that of the record it is about, where that one is deleted.
    case refused(Problem, key: RecordKey?)
  }

  private let service: RecordService<Rules>
  private let isDryRun: Bool
  private var plans: [Plan] = []

  /// - Parameter refused: items known to fail, by index.
  init(
    _ items: [Rules.Value], _ service: RecordService<Rules>, _ options: UpsertOptions, _ merge: FieldMerge,
    _ principal: Principal, refused: [Int: Problem]
  ) async throws(Problem) {
    self.service = service
    isDryRun = options.write.validateOnly
    let incoming = try await Self.prepared(items, service, options, principal)
    let found = try await UpsertTargets(service, principal).find(
      incoming, byIdentity: options.matchByIdentity)
    var seen: [RecordKey: Int] = [:]
    // Rules see the items before theirs: two that break a rule only together must not both be written.
    var pending: [RecordKey: [UInt8]] = [:]
    for (index, value) in incoming.enumerated() {
      if let problem = refused[index] {
        plans.append(.refused(problem, key: nil))
        continue
      }
      do throws(Problem) {
        let plan = try await Self.plan(value, found[index].get(), service, options, merge, principal, pending)
        if case .write(let key, _, _, _) = plan, let first = seen.updateValue(index, forKey: key) {
          seen[key] = first
          throw Problem(
            .invalidArgument, "TWICE_IN_BATCH",
            "Item \(first) of the batch is about the same record; send one of the two, or both in turn.",
            resource: service.resourceName(key))
        }
        if case .write(_, _, _, let operations) = plan {
          for case .put(let key, let body, _) in operations { pending[key] = body }
        }
        plans.append(plan)
      } catch {
        let deleted = (try? found[index].get()).flatMap { $0.isDeleted ? $0.key : nil }
        plans.append(.refused(error, key: deleted))
      }
    }
  }

  /// Canonical values with their names and references resolved, in one question for the whole batch.
  private static func prepared(
    _ items: [Rules.Value], _ service: RecordService<Rules>, _ options: UpsertOptions, _ principal: Principal
  ) async throws(Problem) -> [Rules.Value] {
    var values = items
    var names: [String] = []
    for index in values.indices {
      if options.newRecords.areAsExported {
        values[index].clearOutputFields()  // What only the server writes goes once the record is known to be there.
      } else {
        service.outputFields.clear(&values[index])
      }
      service.rules.canonicalise(&values[index])
      if service.isInAccount { values[index].name = placed(values[index].name, service, options) }
      names += service.rules.references(of: values[index]).filter { References.isLookup($0) }
      if let name = lookup(values[index].name, service) { names.append(name) }
    }
    guard !names.isEmpty else { return values }
    let resolved = try await References(service.world, principal).resolveAll(names)
    for index in values.indices {
      service.rules.replaceReferences(in: &values[index]) { resolved[$0] ?? $0 }
      guard let name = lookup(values[index].name, service), let known = resolved[name] else { continue }
      let isNew = values[index].name.hasSuffix(newSuffix)
      values[index].name = isNew ? "\(known)/\(service.noun.collection)\(newSuffix)" : known
    }
    return values
  }

  /// An item of a kind that lies in accounts says in which one: by its name, or it lies where the request says.
  private static func placed(_ name: String, _ service: RecordService<Rules>, _ options: UpsertOptions)
    -> String
  {
    name.isEmpty ? "\(options.parent)/\(service.noun.collection)\(newSuffix)" : name
  }

  /// Stands for the id of a record that is found by its external id, or made.
  private static var newSuffix: String { "/-" }

  /// What must be looked up to know an item's record, or the account that it is to lie in.
  private static func lookup(_ name: String, _ service: RecordService<Rules>) -> String? {
    guard References.isLookup(name) else { return nil }
    guard name.hasSuffix(newSuffix) else { return name }
    return service.world.catalog.parts(of: name)?.account.flatMap { References.isLookup($0) ? $0 : nil }
  }

  private static func plan(
    _ incoming: Rules.Value, _ target: StoredRecord?, _ service: RecordService<Rules>,
    _ options: UpsertOptions, _ merge: FieldMerge, _ principal: Principal, _ pending: [RecordKey: [UInt8]]
  ) async throws(Problem) -> Plan {
    guard let target else { return try await creation(incoming, service, options, principal, pending) }
    try service.world.requireSight(of: target, by: principal)
    if target.isDeleted { throw .deleted(service.resourceName(target.key), target) }
    let before = try service.decode(target)
    var incoming = incoming
    var telling = NewRecords.unspecified
    if options.newRecords.areAsExported {
      // The server may have found the same again while the export was read in.
      if service.rules.isOwnFinding(before) {
        telling = options.newRecords
      } else {
        service.outputFields.clear(&incoming)
      }
    }
    var after = incoming
    if !telling.areAsExported {
      after =
        merge.isEmpty
        ? service.rules.unite(incoming, into: before) : try merge.merging(incoming, into: before)
    }
    after.clearOutputFields()
    after.name = before.name
    if service.isUnchanged(after, before) { return .unchanged(target) }
    let body = try service.checked(&after, before: before, principal, pending: pending, asNew: telling)
    if service.isUnchanged(after, before) { return .unchanged(target) }
    try await service.checkElsewhere(after, principal, pending: pending)
    let operations = try service.operations(
      target.key, before: before, after: after, body, expecting: .revision(target.revision), principal)
    return .write(key: target.key, before: before, after: after, operations: operations)
  }

  private static func creation(
    _ incoming: Rules.Value, _ service: RecordService<Rules>, _ options: UpsertOptions,
    _ principal: Principal, _ pending: [RecordKey: [UInt8]]
  ) async throws(Problem) -> Plan {
    let key = try newKey(incoming.name, service, principal, pending)
    let checks = try service.mapped {
      try service.rules.checks(beside: key, service.world.world(of: principal))
    }
    var after = incoming
    after.name = service.resourceName(key)
    let body = try service.checked(
      &after, before: nil, principal, pending: pending, asNew: options.newRecords)
    try await service.checkElsewhere(after, principal, pending: pending)
    let operations = try service.operations(
      key, before: nil, after: after, body, expecting: .absent, principal)
    return .write(key: key, before: nil, after: after, operations: operations + checks)
  }

  /// The key of a record that is to be made.
  private static func newKey(
    _ name: String, _ service: RecordService<Rules>, _ principal: Principal, _ pending: [RecordKey: [UInt8]]
  ) throws(Problem) -> RecordKey {
    if name.isEmpty { return try service.newKey(ResourceID.make(), in: nil) }
    guard service.isInAccount else { return try service.key(of: name, field: "name") }
    if let account = service.world.catalog.parts(of: name)?.account, References.isLookup(account) {
      throw Problem(
        .notFound, "NOT_FOUND", "No account, or more than one, fits \(account).", resource: account)
    }
    var named = name
    if name.hasSuffix(newSuffix) {
      var world = service.world.world(of: principal)
      world.pending = pending
      let account = service.world.catalog.parts(of: name)?.account.flatMap {
        service.world.catalog.key(of: $0)?.account
      }
      let id = try service.mapped { try service.rules.newID(inAccount: account, world) } ?? ResourceID.make()
      named = String(name.dropLast(newSuffix.count)) + "/\(id)"
    }
    let key = try service.key(of: named, field: "name")
    guard let account = key.account.flatMap({ NounCatalog.accountKey($0) }) else { return key }
    guard try service.mapped({ try service.store.readLive(account, in: principal.tenant) }) != nil else {
      throw .notFound(service.resourceName(account))
    }
    return key
  }

  /// Everything to be written, items in order, and what must still be so then. A commit names no record twice: what is
  /// written needs no check, and what two items ask is asked once.
  var operations: [CommitOperation] {
    let all = plans.flatMap { plan -> [CommitOperation] in
      if case .write(_, _, _, let operations) = plan { operations } else { [] }
    }
    guard all.contains(where: \.isCheck) else { return all }
    let writes = all.filter { !$0.isCheck }
    var named = Set(writes.map(\.key))
    return writes + all.filter { $0.isCheck && named.insert($0.key).inserted }
  }

  /// The item that writes a record.
  func item(writing key: RecordKey) -> Int? {
    plans.firstIndex { plan in
      guard case .write(_, _, _, let operations) = plan else { return false }
      return operations.contains { $0.key == key }
    }
  }

  /// Results of a commit, or of a dry run.
  func results(committed receipt: CommitReceipt?) -> [UpsertResult] {
    plans.map { plan in
      var result = UpsertResult()
      switch plan {
      case .refused(let problem, _): return UpsertResult(failed: problem)
      case .unchanged(let record):
        result.outcome = .unchanged
        result.name = service.resourceName(record.key)
        result.etag = ETag.text(for: record.revision)
      case .write(let key, let before, let after, _):
        result.outcome = before == nil ? .created : .updated
        // A new record has no name before it is written.
        if before != nil || !isDryRun { result.name = service.resourceName(key) }
        if let receipt { result.etag = ETag.text(for: receipt.revision) }
        if isDryRun { result.differences = Differences.between(before, after, service.noun.message) }
      }
      return result
    }
  }

  /// Results of a request that was made before: what it wrote then. What it did not write it does not write now either,
  /// and says so.
  func results(repeating receipt: CommitReceipt) -> [UpsertResult] {
    let written = Dictionary(receipt.records.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    return results(committed: receipt).enumerated().map { index, fresh in
      var result = fresh
      let key: RecordKey? =
        switch plans[index] {
        case .write(let key, _, _, _): key
        case .unchanged(let record): record.key
        // What was written then may have been deleted since: the answer stays the same.
        case .refused(_, let key): key
        }
      if let key, let record = written[key] {
        result.outcome = record.createdRevision == receipt.revision ? .created : .updated
        result.name = service.resourceName(key)
        result.etag = ETag.text(for: receipt.revision)
      } else if case .write = plans[index] {
        return UpsertResult(
          failed: Problem(
            .failedPrecondition, "NOT_WRITTEN_BEFORE",
            "The first request with this id did not write this item, and a repeat has no further effect; send it with "
              + "another id."))
      }
      return result
    }
  }
}

extension CommitOperation {
  /// Whether it writes nothing.
  fileprivate var isCheck: Bool { if case .check = self { true } else { false } }
}
