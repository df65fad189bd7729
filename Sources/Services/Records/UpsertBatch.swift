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
    /// About the same record as an item before it; with why it is refused where it says something else.
    case repeated(of: Int, Problem?)
  }

  /// What the rules of an item may ask.
  private struct Worlds {
    /// As it is.
    let stored: RecordWorld
    /// With the items before theirs: two that break a rule only together must not both be written.
    var withBatch: RecordWorld

    init(_ world: RecordWorld, batch items: Int) {
      stored = world
      withBatch = world
      withBatch.pending.reserveCapacity(items)
    }
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
    var repeats = UpsertRepeats(incoming, service, byIdentity: options.matchByIdentity)
    let found = try await UpsertTargets(service, principal).find(
      incoming, named: repeats.named, repeats.externalIDs, byIdentity: options.matchByIdentity)
    plans.reserveCapacity(incoming.count)
    // Made once: it is handed to every rule of every item.
    var worlds = Worlds(service.world.world(of: principal), batch: incoming.count)
    for (index, value) in incoming.enumerated() {
      let target = try? found[index].get()
      if let first = repeats.first(index, target: target) {
        let isSame = repeats.isSame(index, as: first)
        plans.append(.repeated(of: first, isSame ? nil : repeats.problem(index, after: first)))
        continue
      }
      if let problem = refused[index] {
        plans.append(.refused(problem, key: nil))
        continue
      }
      do throws(Problem) {
        let plan = try await Self.plan(value, found[index].get(), service, options, merge, worlds)
        if case .write(_, _, _, let operations) = plan {
          for case .put(let key, let body, _) in operations { worlds.withBatch.pending[key] = body }
        }
        plans.append(plan)
      } catch {
        plans.append(.refused(error, key: target.flatMap { $0.isDeleted ? $0.key : nil }))
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
      if service.isInAccount, values[index].name.isEmpty {
        // An item of a kind that lies in accounts says in which one: by its name, or it lies where the request says.
        values[index].name = "\(options.parent)/\(service.noun.collection)\(newSuffix)"
      }
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
    _ options: UpsertOptions, _ merge: FieldMerge, _ worlds: Worlds
  ) async throws(Problem) -> Plan {
    guard let target else { return try await creation(incoming, service, options, worlds) }
    try service.world.requireSight(of: target, by: worlds.stored.caller)
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
      service.rules.settle(&after, before: before, told: merge.told(by: incoming))
    }
    after.clearOutputFields()
    after.name = before.name
    if service.isUnchanged(after, before) { return .unchanged(target) }
    let body = try service.checked(&after, before: before, worlds.withBatch, asNew: telling)
    if service.isUnchanged(after, before) { return .unchanged(target) }
    try await service.checkElsewhere(after, worlds.withBatch)
    let operations = try service.operations(
      target.key, before: before, after: after, body, expecting: .revision(target.revision), worlds.withBatch)
    return .write(key: target.key, before: before, after: after, operations: operations)
  }

  private static func creation(
    _ incoming: Rules.Value, _ service: RecordService<Rules>, _ options: UpsertOptions, _ worlds: Worlds
  ) async throws(Problem) -> Plan {
    let key = try newKey(incoming.name, service, worlds)
    do throws(Problem) {
      return try await creation(incoming, at: key, service, options, worlds)
    } catch {
      // Whether its account is there is asked with the commit; that it is not goes before whatever else is wrong.
      if let home = service.home(of: key), try !service.isThere(home, by: worlds.stored.caller) {
        throw .notFound(service.resourceName(home))
      }
      throw error
    }
  }

  private static func creation(
    _ incoming: Rules.Value, at key: RecordKey, _ service: RecordService<Rules>, _ options: UpsertOptions,
    _ worlds: Worlds
  ) async throws(Problem) -> Plan {
    let checks = try service.mapped { try service.rules.checks(beside: key, worlds.stored) }
    var after = incoming
    after.name = service.resourceName(key)
    let body = try service.checked(&after, before: nil, worlds.withBatch, asNew: options.newRecords)
    try await service.checkElsewhere(after, worlds.withBatch)
    let operations = try service.operations(
      key, before: nil, after: after, body, expecting: .absent, worlds.withBatch)
    return .write(key: key, before: nil, after: after, operations: operations + checks)
  }

  /// The key of a record that is to be made.
  private static func newKey(
    _ name: String, _ service: RecordService<Rules>, _ worlds: Worlds
  ) throws(Problem) -> RecordKey {
    if name.isEmpty { return try service.newKey(ResourceID.make(), in: nil) }
    if service.isInAccount, References.isLookup(name),
      let account = service.world.catalog.parts(of: name)?.account, References.isLookup(account)
    {
      throw Problem(
        .notFound, "NOT_FOUND", "No account, or more than one, fits \(account).", resource: account)
    }
    let key = try service.key(of: name, field: "name")
    guard service.isInAccount, name.hasSuffix(newSuffix) else { return key }
    let id = try service.mapped { try service.rules.newID(inAccount: key.account, worlds.withBatch) }
    return RecordKey(account: key.account, kind: key.kind, id: id ?? ResourceID.make())
  }

  /// Everything to be written, items in order, and what must still be so then. A commit names no record twice: what is
  /// written needs no check, and what two items ask is asked once, first what their rules ask.
  var operations: [CommitOperation] {
    var writes: [CommitOperation] = []
    var checks: [CommitOperation] = []
    writes.reserveCapacity(plans.count)
    // Items are about different records; only what follows from one may be another's, or follow from another too.
    var mayMeet = false
    for case .write(let key, _, _, let operations) in plans {
      for operation in operations {
        if operation.isCheck { checks.append(operation) } else { writes.append(operation) }
        mayMeet = mayMeet || (operation.key.kind == key.kind && operation.key != key)
      }
    }
    if mayMeet { writes = writes.united() }
    checks += homes.map { .check($0.account, expecting: .present) }
    guard !checks.isEmpty else { return writes }
    let kinds = Set(checks.map(\.key.kind))
    var named = Set(writes.lazy.map(\.key).filter { kinds.contains($0.kind) })
    return writes + checks.filter { named.insert($0.key).inserted }
  }

  /// The accounts that new records are to lie in, each with its items, as they come.
  private var homes: [(account: RecordKey, items: [Int])] {
    guard service.isInAccount else { return [] }
    var places: [String: Int] = [:]
    var homes: [(account: RecordKey, items: [Int])] = []
    for (index, plan) in plans.enumerated() {
      guard case .write(let key, nil, _, _) = plan, let account = key.account else { continue }
      if let place = places[account] {
        homes[place].items.append(index)
      } else if let home = service.home(of: key) {
        places[account] = homes.count
        homes.append((home, [index]))
      }
    }
    return homes
  }

  /// Whether a record is the account that a new one is to lie in.
  func isHome(_ key: RecordKey) -> Bool { homes.contains { $0.account == key } }

  /// Items whose account is not there, with what to say of each. A commit checks that the accounts are there; who commits
  /// nothing, or was told by a commit that one is not, asks this.
  func homeless(_ principal: Principal) throws(Problem) -> [Int: Problem] {
    let homes = self.homes
    let there = try service.liveRecords(Set(homes.map(\.account)), by: principal)
    var problems: [Int: Problem] = [:]
    for home in homes where there[home.account] == nil {
      for item in home.items { problems[item] = .notFound(service.resourceName(home.account)) }
    }
    return problems
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
    let results = plans.map { plan in
      var result = UpsertResult()
      switch plan {
      case .refused(let problem, _), .repeated(_, let problem?): return UpsertResult(failed: problem)
      case .repeated(_, nil): break
      case .unchanged(let record):
        result.outcome = .unchanged
        result.name = service.resourceName(record.key)
        result.etag = ETag.text(for: record.revision)
      case .write(_, let before, let after, _):
        result.outcome = before == nil ? .created : .updated
        // A new record has no name before it is written.
        if before != nil || !isDryRun { result.name = after.name }
        if let receipt { result.etag = ETag.text(for: receipt.revision) }
        if isDryRun { result.differences = Differences.between(before, after, service.noun.message) }
      }
      return result
    }
    return withRepeats(results)
  }

  /// Results in which whoever says the same as another item is told what became of that one.
  private func withRepeats(_ results: [UpsertResult]) -> [UpsertResult] {
    var results = results
    for case (let index, .repeated(let first, nil)) in plans.enumerated() {
      results[index] = UpsertResult(repeating: results[first])
    }
    return results
  }

  /// Items that are about the same record as another one: the result of each, by what became of that one.
  var repeats: [Int: (first: Int, problem: Problem?)] {
    var repeats: [Int: (first: Int, problem: Problem?)] = [:]
    for case (let index, .repeated(let first, let problem)) in plans.enumerated() { repeats[index] = (first, problem) }
    return repeats
  }

  /// Results of a request that was made before: what it wrote then. What it did not write it does not write now either,
  /// and says so.
  func results(repeating receipt: CommitReceipt) -> [UpsertResult] {
    let written = Dictionary(receipt.records.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    let results = results(committed: receipt).enumerated().map { index, fresh in
      var result = fresh
      let key: RecordKey? =
        switch plans[index] {
        case .write(let key, _, _, _): key
        case .unchanged(let record): record.key
        // What was written then may have been deleted since: the answer stays the same.
        case .refused(_, let key): key
        case .repeated: nil
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
    return withRepeats(results)
  }
}
