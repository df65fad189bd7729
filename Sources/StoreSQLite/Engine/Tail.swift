internal import Store
internal import Synchronization

/// What is durable in the log and not in the tables yet: the newest state of each record so touched.
///
/// A reader looks here first and into the tables after: what it does not find here was applied before it
/// looked, so
/// the tables have it.
final class Tail: Sendable {
  struct Entry: Sendable {
    var record: StoredRecord?
    var revision: Revision
  }

  struct UniqueHolder: Sendable {
    /// nil: given up.
    var holder: RecordKey?
    var revision: Revision
  }

  private struct TenantTail {
    var head = Revision.zero
    /// Everything up to here is in the tables and out of the tail.
    var evicted = Revision.zero
  }

  private struct State {
    var shards: [KeyBytes: [KeyBytes: Entry]] = [:]
    var uniques: [KeyBytes: UniqueHolder] = [:]
    /// How many waiting changes add or remove an entry of a plain index with this value, by the value's hash.
    var values: [Int: Int] = [:]
    var requests: [KeyBytes: KeptRequest] = [:]
    var tenants: [UInt32: TenantTail] = [:]
    /// In the order they became durable.
    var queue: [PreparedCommit] = []
    /// How many of the queue's first are applied, or being applied.
    var weight = 0
    /// Durable since opening, and applied since opening: what a list waits by.
    var published: UInt64 = 0
    var applied: UInt64 = 0

    /// Lets go of a record's entry, where no later commit has changed it again.
    /// - Returns: whether it did.
    mutating func forget(_ change: PreparedChange, through revision: Revision) -> Bool {
      // Places instead of keys: each key is hashed once, not three times.
      guard let shard = shards.index(forKey: change.shard),
        let place = shards.values[shard].index(forKey: change.encodedKey),
        shards.values[shard].values[place].revision <= revision
      else { return false }
      shards.values[shard].remove(at: place)
      if shards.values[shard].isEmpty { shards.remove(at: shard) }
      return true
    }

    mutating func forget(_ value: Int) {
      guard let count = values[value] else { return }
      values[value] = count > 1 ? count - 1 : nil
    }
  }

  private let state = Mutex(State())
  /// Records in `shards`. What has no record in the tail has no values in it either.
  private let entries = Atomic<Int>(0)

  /// Bytes held, about.
  var weight: Int { state.withLock { $0.weight } }

  var unapplied: Int { state.withLock { Int($0.published - $0.applied) } }

  var counters: (published: UInt64, applied: UInt64) { state.withLock { ($0.published, $0.applied) } }

  func head(of tenant: UInt32) -> Revision { state.withLock { $0.tenants[tenant]?.head ?? .zero } }

  /// At opening: where a tenant's history and its tables stand.
  func begin(_ tenant: UInt32, head: Revision, applied: Revision) {
    state.withLock { $0.tenants[tenant] = TenantTail(head: head, evicted: applied) }
  }

  // MARK: Looking

  enum Found<Value> {
    case here(Value)
    case notHere
  }

  func lookUp(_ key: RecordKey, _ tenant: UInt32) -> Found<StoredRecord?> {
    // Almost always there is nothing: no key is encoded for that.
    if entries.load(ordering: .acquiring) == 0 { return .notHere }
    return lookUp(
      KeyBytes(KeyEncoding.record(tenant, key)),
      shard: KeyBytes(KeyEncoding.shard(tenant, account: key.account)))
  }

  func lookUp(_ key: KeyBytes, shard: KeyBytes) -> Found<StoredRecord?> {
    if entries.load(ordering: .acquiring) == 0 { return .notHere }
    return state.withLock { state in
      guard let entry = state.shards[shard]?[key] else { return .notHere }
      return .here(entry.record)
    }
  }

  /// All of a shard's entries.
  func shard(_ shard: [UInt8]) -> [KeyBytes: Entry] {
    if entries.load(ordering: .acquiring) == 0 { return [:] }
    let shard = KeyBytes(shard)
    return state.withLock { $0.shards[shard] ?? [:] }
  }

  func entries(_ keys: [RecordKey], _ tenant: UInt32) -> [Entry?] {
    if entries.load(ordering: .acquiring) == 0 { return keys.map { _ in nil } }
    let encoded = keys.map { key in
      (KeyBytes(KeyEncoding.record(tenant, key)), KeyBytes(KeyEncoding.shard(tenant, account: key.account)))
    }
    return state.withLock { state in encoded.map { state.shards[$1]?[$0] } }
  }

  /// The same for keys that are encoded already.
  func entries(_ keys: [SeenRecord]) -> [Entry?] {
    if entries.load(ordering: .acquiring) == 0 { return keys.map { _ in nil } }
    return state.withLock { state in keys.map { state.shards[$0.shard]?[$0.encodedKey] } }
  }

  /// Who holds values of unique indexes, as far as the tail knows.
  func holders(ofUniques values: [KeyBytes]) -> [Found<RecordKey?>] {
    if entries.load(ordering: .acquiring) == 0 { return values.map { _ in .notHere } }
    return state.withLock { state in
      values.map { value in state.uniques[value].map { .here($0.holder) } ?? .notHere }
    }
  }

  /// Whether a waiting change may add or remove an entry of a plain index with one of these values. If not, the tables
  /// know as much of them as the tail.
  func touches(_ values: [KeyBytes]) -> Bool {
    if entries.load(ordering: .acquiring) == 0 { return false }
    return state.withLock { state in values.contains { state.values[$0.digest] != nil } }
  }

  func request(_ key: KeyBytes) -> KeptRequest? { state.withLock { $0.requests[key] } }

  /// Whether what a commit was worked out from still holds: the same revisions, and nothing that came since
  /// has left
  /// the tail unseen. Only the writer asks, and nobody else publishes.
  func confirms(_ commit: PreparedCommit) -> Bool {
    state.withLock { state in
      let evicted = state.tenants[commit.tenant]?.evicted ?? .zero
      let mayHaveMissed = evicted > commit.seenHead
      for seen in commit.seen {
        if let entry = state.shards[seen.shard]?[seen.encodedKey] {
          if (entry.record == nil ? .zero : entry.revision) != seen.revision { return false }
        } else if mayHaveMissed {
          return false
        }
      }
      for change in commit.changes {
        for unique in change.added.uniques {
          if let entry = state.uniques[unique.value] {
            if let holder = entry.holder, holder != change.key { return false }
          } else if mayHaveMissed {
            return false
          }
        }
      }
      if let request = commit.requestKey {
        if state.requests[request] != nil || mayHaveMissed { return false }
      }
      return true
    }
  }

  // MARK: Moving on

  /// Shows durable commits to readers, in order.
  func publish(_ commits: [PreparedCommit]) {
    state.withLock { state in
      var added = 0
      for commit in commits { added += Self.publish(commit, in: &state) }
      entries.add(added, ordering: .releasing)
    }
  }

  private static func publish(_ commit: PreparedCommit, in state: inout State) -> Int {
    var added = 0
    for (place, change) in commit.changes.enumerated() {
      let entry = Entry(record: commit.records[place], revision: commit.revision)
      if state.shards[change.shard, default: [:]].updateValue(entry, forKey: change.encodedKey) == nil {
        added += 1
      }
      for unique in change.removed.uniques {
        if let there = state.uniques[unique.value], there.revision == commit.revision, there.holder != nil,
          there.holder != change.key
        {
          continue  // taken over within this commit by an earlier operation
        }
        state.uniques[unique.value] = UniqueHolder(holder: nil, revision: commit.revision)
      }
      for unique in change.added.uniques {
        state.uniques[unique.value] = UniqueHolder(holder: change.key, revision: commit.revision)
      }
      for value in change.removed.values { state.values[value, default: 0] += 1 }
      for value in change.added.values { state.values[value, default: 0] += 1 }
    }
    if let request = commit.requestKey {
      state.requests[request] = KeptRequest(
        revision: commit.revision, time: commit.time, fingerprint: commit.commit.requestFingerprint)
    }
    state.tenants[commit.tenant, default: TenantTail()].head = commit.revision
    state.weight += commit.weight
    state.published += 1
    state.queue.append(commit)
    return added
  }

  /// Takes the oldest commits for applying, up to about so many changes; they stay visible until
  /// ``evict(_:)``.
  func take(changes limit: Int) -> [PreparedCommit] {
    state.withLock { state in
      var count = 0
      var changes = 0
      while count < state.queue.count, changes < limit {
        changes += state.queue[count].changes.count
        count += 1
      }
      let taken = Array(state.queue.prefix(count))
      state.queue.removeFirst(count)
      return taken
    }
  }

  /// Puts back what could not be applied.
  func giveBack(_ commits: [PreparedCommit]) {
    state.withLock { $0.queue.insert(contentsOf: commits, at: 0) }
  }

  /// Changes let go of in one go: whoever looks meanwhile waits less than a tenth of a millisecond.
  private static let evictedAtOnce = 256

  /// Lets go of commits that the tables have.
  func evict(_ commits: [PreparedCommit]) {
    var begin = 0
    while begin < commits.count {
      var end = begin
      var changes = 0
      while end < commits.count, changes < Self.evictedAtOnce {
        changes += max(1, commits[end].changes.count)
        end += 1
      }
      evict(commits[begin..<end])
      begin = end
    }
  }

  private func evict(_ commits: ArraySlice<PreparedCommit>) {
    state.withLock { state in
      var removed = 0
      for commit in commits {
        for change in commit.changes {
          if state.forget(change, through: commit.revision) { removed += 1 }
          for uniques in [change.removed.uniques, change.added.uniques] where !uniques.isEmpty {
            for unique in uniques {
              if let there = state.uniques[unique.value], there.revision <= commit.revision {
                state.uniques[unique.value] = nil
              }
            }
          }
          for values in [change.removed.values, change.added.values] {
            for value in values { state.forget(value) }
          }
        }
        if let request = commit.requestKey, let kept = state.requests[request],
          kept.revision <= commit.revision
        {
          state.requests[request] = nil
        }
        let before = state.tenants[commit.tenant]?.evicted ?? .zero
        state.tenants[commit.tenant, default: TenantTail()].evicted = max(before, commit.revision)
        state.weight -= commit.weight
        state.applied += 1
      }
      entries.subtract(removed, ordering: .releasing)
    }
  }
}
