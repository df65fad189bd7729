import Domain
import ProtobufBridge
import PunosMessages
import RPC
import Store

/// One tenant's people as a graph in memory: built from the records when first asked, and kept current from the log
/// of changes from then on.
actor TenantNetwork {
  /// Changes read at a time while catching up.
  private static let changesAtOnce = 1_000
  /// Ties that a network may have, so that one tenant cannot take a server's memory (about 100 bytes each).
  static let maximumTies = 4_000_000

  private let world: ServiceWorld
  private let tenant: TenantID
  private var network: PeopleNetwork?
  /// What the network shows.
  private var revision = Revision.zero
  private var updating: Task<Void, any Error>?

  init(_ world: ServiceWorld, _ tenant: TenantID) {
    self.world = world
    self.tenant = tenant
  }

  /// The strongest chains of people, on top of every change that was durable when they were asked for; and how many
  /// ties are held in memory.
  func chains(
    to target: String, from source: String?, count: Int, steps: Int
  ) async throws -> (chains: [PeopleChain], revision: Revision, ties: Int) {
    let head = try world.store.head(of: tenant)
    while network == nil || revision < head {
      if let updating {
        try await updating.value
      } else {
        let task = Task { try await self.update(to: head) }
        updating = task
        defer { updating = nil }
        try await task.value
      }
    }
    let now = world.clock()
    network?.turn(to: now.seconds, day: now.day)
    let chains = network?.strongestChains(to: target, from: source, count: count, steps: steps) { name in
      guard let key = world.catalog.key(of: name) else { return false }
      // A person who cannot be read is not passed; reading them by name says what is wrong.
      return ((try? world.store.readLive(key, in: tenant)) ?? nil) != nil
    }
    return (chains ?? [], revision, network?.tieCount ?? 0)
  }

  private func update(to head: Revision) async throws {
    do {
      if network == nil { try await build() }
      while revision < head {
        let page = try await changes(after: revision)
        guard apply(page) else { return try await build() }
        try checkSize()
      }
    } catch is Compacted {
      try await build()
    }
  }

  private func changes(after revision: Revision) async throws -> ChangePage {
    try await world.store.changes(
      in: tenant, after: revision,
      matching: ChangeFilter(kinds: [NounCatalog.interactionKind, NounCatalog.relationshipKind]),
      limit: Self.changesAtOnce)
  }

  /// Takes changes into the network.
  ///
  /// - Returns: false where what was before is gone for good (an erasure), so that it cannot be given up.
  private func apply(_ page: ChangePage) -> Bool {
    for change in page.changes {
      if change.isErased || change.operation == .erased { return false }
      if let before = change.before { network?.remove(before, change.key.kind) }
      if let after = change.after { network?.add(after, change.key.kind) }
    }
    revision = page.through
    return true
  }

  private func checkSize() throws {
    guard let network, network.tieCount > Self.maximumTies else { return }
    self.network = nil
    throw Problem(
      .resourceExhausted, "NETWORK_TOO_LARGE",
      "There are more than \(Self.maximumTies) ties between people; a network of that size is not kept in memory. "
        + "Ask for the strength of two people, or for the map of an account, instead.")
  }

  // MARK: Building

  private func build() async throws {
    network = nil
    let start = try world.store.head(of: tenant)
    let now = world.clock()
    var fresh = PeopleNetwork(now: now.seconds, day: now.day)
    // Which records were taken in: others may be written meanwhile, and what was not taken in is not to be given up.
    var taken: Set<RecordKey> = []
    let earliest = Moment(seconds: TieScale.horizon(of: now.seconds))
    try await read(
      IndexQuery(
        kind: NounCatalog.interactionKind, index: "time", range: .between(from: .moment(earliest), to: nil)), start,
      &taken, &fresh)
    try await read(IndexQuery(kind: NounCatalog.relationshipKind, index: "to"), start, &taken, &fresh)
    network = fresh
    fresh = PeopleNetwork(now: now.seconds, day: now.day)
    revision = start
    try await settle(&taken)
    try checkSize()
  }

  private func read(
    _ query: IndexQuery, _ start: Revision, _ taken: inout Set<RecordKey>, _ fresh: inout PeopleNetwork
  ) async throws {
    var query = query
    query.limit = StoreLimits.pageRecords
    repeat {
      let page = try await world.store.find(query, in: tenant)
      for record in page.records where record.revision <= start && taken.insert(record.key).inserted {
        fresh.add(record.body, record.key.kind)
      }
      query.after = page.next
      guard fresh.tieCount <= Self.maximumTies else { break }
    } while query.after != nil
  }

  /// Takes in what was written while the records were read.
  private func settle(_ taken: inout Set<RecordKey>) async throws {
    let head = try world.store.head(of: tenant)
    while revision < head {
      var page = try await changes(after: revision)
      for index in page.changes.indices {
        let key = page.changes[index].key
        // What was there when the reading began, and was not read before it changed, was never taken in.
        if !taken.contains(key) { page.changes[index].before = nil }
        taken.insert(key)
      }
      guard apply(page) else { return network = nil }
    }
  }
}

extension PeopleNetwork {
  /// Takes in a stored record. One that cannot be read ties nobody; reading it by name says so.
  mutating func add(_ body: [UInt8], _ kind: RecordKind) {
    switch kind {
    case NounCatalog.interactionKind:
      if let value = try? Interaction(serialized: body, limits: .trusted) { add(value) }
    case NounCatalog.relationshipKind:
      if let value = try? Relationship(serialized: body, limits: .trusted) { add(value) }
    default: break
    }
  }

  /// Gives up a stored record, as it was taken in.
  mutating func remove(_ body: [UInt8], _ kind: RecordKind) {
    switch kind {
    case NounCatalog.interactionKind:
      if let value = try? Interaction(serialized: body, limits: .trusted) { remove(value) }
    case NounCatalog.relationshipKind:
      if let value = try? Relationship(serialized: body, limits: .trusted) { remove(value) }
    default: break
    }
  }
}
