import PunosMessages
import RPC
import Store

/// Finds the records that items of a batch are about, with a few questions for the whole batch.
struct UpsertTargets<Rules: NounRules> {
  private let service: RecordService<Rules>
  private let principal: Principal

  init(_ service: RecordService<Rules>, _ principal: Principal) {
    self.service = service
    self.principal = principal
  }

  /// For each value the record it is about, deleted or not, nil for a new one, or why that cannot be said. Only a name
  /// leads to a deleted record: what identified it is free for others.
  ///
  /// - Parameters:
  ///   - named: the keys that they name.
  ///   - externalIDs: their external ids.
  func find(
    _ values: [Rules.Value], named: [RecordKey?], _ externalIDs: [[Identity]], byIdentity: Bool
  ) async throws(Problem) -> [Result<StoredRecord?, Problem>] {
    var keys = named
    var problems: [Int: Problem] = [:]
    try await match(&keys, &problems) { externalIDs[$0] }
    if byIdentity { try await match(&keys, &problems) { service.rules.identities(of: values[$0]) } }
    if service.isInAccount { refuseElsewhere(values, keys, &problems) }
    let records = try service.records(Set(keys.compactMap { $0 }), by: principal)
    return keys.indices.map { index in
      if let problem = problems[index] { return .failure(problem) }
      return .success(keys[index].flatMap { records[$0] })
    }
  }

  /// A record stays in its account: an item that names another one is about something else, or mistaken.
  private func refuseElsewhere(
    _ values: [Rules.Value], _ keys: [RecordKey?], _ problems: inout [Int: Problem]
  ) {
    for (index, value) in values.enumerated() {
      guard let key = keys[index], let wanted = service.world.catalog.parts(of: value.name)?.account,
        wanted != key.account.map({ "accounts/\($0)" })
      else { continue }
      let name = service.resourceName(key)
      problems[index] = Problem(
        .failedPrecondition, "IN_ANOTHER_ACCOUNT",
        "The record with this external id is \(name), in another account than \(wanted). Name that account, or use "
          + "another external id.", resource: name)
    }
  }

  private func match(
    _ keys: inout [RecordKey?], _ problems: inout [Int: Problem], _ identities: (Int) -> [Identity]
  ) async throws(Problem) {
    var byIndex: [String: [(item: Int, values: [IndexValue])]] = [:]
    for item in keys.indices where keys[item] == nil && problems[item] == nil {
      for identity in identities(item) {
        byIndex[identity.index, default: []].append((item, identity.values))
      }
    }
    for (index, wanted) in byIndex.sorted(by: { $0.key < $1.key }) {
      let holders = try await service.mapped {
        try await service.store.holders(
          of: wanted.map(\.values), inIndex: index, kind: service.noun.kind, in: principal.tenant,
          limitEach: 2)
      }
      for ((item, _), found) in zip(wanted, holders) where !found.isEmpty {
        if let known = keys[item], found.contains(known), found.count == 1 { continue }
        if keys[item] == nil, found.count == 1 {
          keys[item] = found[0]
        } else {
          problems[item] = ambiguous(Set(found + [keys[item]].compactMap { $0 }), index)
        }
      }
    }
  }

  private func ambiguous(_ keys: Set<RecordKey>, _ index: String) -> Problem {
    let names = keys.map { service.resourceName($0) }.sorted()
    return Problem(
      .failedPrecondition, "AMBIGUOUS",
      "More than one record fits by \(index.replacingUnderscores): \(names.joined(separator: ", ")). "
        + "Name the one that is meant; where both are the same, keep one and delete the other.",
      metadata: ["candidates": names.joined(separator: ";")])
  }
}

extension RecordService {
  func externalIDs(of value: Value) -> [Identity] {
    rules.externalIDs(of: value).map {
      Identity(index: "external_id", values: [.text($0.system), .text($0.id)])
    }
  }

  /// The live ones of some records.
  func liveRecords(_ keys: Set<RecordKey>, by principal: Principal) throws(Problem) -> [RecordKey:
    StoredRecord]
  {
    try records(keys, by: principal).filter { !$1.isDeleted }
  }

  /// Those of some records that are there, deleted or not.
  func records(_ keys: Set<RecordKey>, by principal: Principal) throws(Problem) -> [RecordKey: StoredRecord] {
    let wanted = keys.sorted()
    var found: [RecordKey: StoredRecord] = [:]
    for start in stride(from: 0, to: wanted.count, by: StoreLimits.pageRecords) {
      let page = Array(wanted[start..<min(start + StoreLimits.pageRecords, wanted.count)])
      let records = try mapped { try store.read(page, in: principal.tenant) }
      for (key, record) in zip(page, records) {
        if let record { found[key] = record }
      }
    }
    return found
  }
}
