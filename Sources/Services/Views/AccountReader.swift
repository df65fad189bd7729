import PunosMessages
import Store

/// Reads the records of one account, of now or of any point in its past.
struct AccountReader {
  /// The account's resource name.
  let name: String
  /// The account's shard.
  let shard: String
  /// As of when; nil for now.
  let point: PointInTime?
  /// The moment that stands for: seconds since 1970.
  let now: Int64
  private let world: ServiceWorld
  private let caller: Principal

  /// Records read of one account, as the account view has it.
  static let maximumRecords = AccountViewReader.maximumRecords

  /// - Parameters:
  ///   - account: a resource name, or a lookup.
  ///   - field: where the request has it.
  /// - Throws: ``Problem`` where there is no such account now.
  init(
    _ world: ServiceWorld, _ caller: Principal, account: String, field: String, at point: PointInTime?
  ) async throws(Problem) {
    let resolved = try await References(world, caller).resolve(account)
    guard let key = world.catalog.key(of: resolved), key.kind == NounCatalog.accountKind,
      let shard = key.account
    else {
      throw .badName(account, field: field, expected: "accounts/{account}")
    }
    self.init(
      world, caller, key: key, shard: shard, at: point,
      now: try await Self.moment(of: point, world, caller).seconds)
    guard try await exists(key) else {
      throw .notFound(
        resolved,
        nearest: try await NearestNames(world).records(to: key.id, kind: key.kind, in: caller.tenant))
    }
  }

  /// An account that is known to be there, as of now.
  init(_ world: ServiceWorld, _ caller: Principal, key: RecordKey, shard: String) {
    self.init(world, caller, key: key, shard: shard, at: nil, now: world.clock().seconds)
  }

  private init(
    _ world: ServiceWorld, _ caller: Principal, key: RecordKey, shard: String, at point: PointInTime?,
    now: Int64
  ) {
    self.world = world
    self.caller = caller
    self.shard = shard
    self.point = point
    self.now = now
    name = world.catalog.resourceName(of: key)
  }

  private func exists(_ key: RecordKey) async throws(Problem) -> Bool {
    do {
      guard let point else { return try world.store.readLive(key, in: caller.tenant) != nil }
      return try await world.store.read(key, in: caller.tenant, asOf: point).map { !$0.isDeleted } ?? false
    } catch {
      throw .from(error, world.catalog)
    }
  }

  /// The moment of a revision is that of its commit: what was fresh then is asked, not what is fresh today.
  static func moment(
    of point: PointInTime?, _ world: ServiceWorld, _ caller: Principal
  ) async throws(Problem) -> Moment {
    switch point {
    case nil: return world.clock()
    case .moment(let moment): return moment
    case .revision(let revision):
      do {
        let before = Revision(max(0, revision.rawValue - 1))
        let page = try await world.store.changes(in: caller.tenant, after: before, limit: 1)
        return page.changes.first?.time ?? world.clock()
      } catch is Compacted {
        return try await moment(after: revision, world, caller)
      } catch {
        throw .from(error, world.catalog)
      }
    }
  }

  /// Of the oldest revision that is kept the log has no time any more: it was so until the next one.
  private static func moment(
    after revision: Revision, _ world: ServiceWorld, _ caller: Principal
  ) async throws(Problem) -> Moment {
    do {
      let page = try await world.store.changes(in: caller.tenant, after: revision, limit: 1)
      return page.changes.first?.time ?? world.clock()
    } catch {
      throw .from(error, world.catalog)
    }
  }

  /// The latest live records of a kind, in any order; in the past, those last in key order.
  ///
  /// - Parameter column: a moment, by which the latest are known.
  func latest(_ count: Int, of kind: RecordKind, byColumn column: String) async throws(Problem)
    -> [StoredRecord]
  {
    guard point == nil else { return try await records(of: [kind]).suffix(count) }
    do {
      return try await world.store.latest(
        count, of: kind, byColumn: column, account: shard, in: caller.tenant)
    } catch {
      throw .from(error, world.catalog)
    }
  }

  /// Live records of some kinds, in key order.
  func records(of kinds: [RecordKind]) async throws(Problem) -> [StoredRecord] {
    var records: [StoredRecord] = []
    var scan = AccountScan(kinds: kinds)
    do {
      repeat {
        let page: AccountPage
        if let point {
          page = try await world.store.scan(account: shard, in: caller.tenant, scan, asOf: point)
        } else {
          page = try world.store.scan(account: shard, in: caller.tenant, scan)
        }
        records += page.records
        scan.after = page.next
      } while scan.after != nil && records.count < Self.maximumRecords
    } catch {
      throw .from(error, world.catalog)
    }
    return records
  }
}

extension SearchableStore {
  /// The latest live records of a kind in an account, in any order.
  ///
  /// Most accounts have few, which one look at the shard finds; only of those with more are the columns asked, which
  /// wait for what is not applied yet.
  ///
  /// - Parameter column: a moment, by which the latest are known.
  func latest(
    _ count: Int, of kind: RecordKind, byColumn column: String, account: String, in tenant: TenantID
  ) async throws -> [StoredRecord] {
    let all = try scan(account: account, in: tenant, AccountScan(kinds: [kind], limit: count))
    if all.next == nil { return all.records }
    let query = ColumnQuery(
      kind: kind, order: [ColumnOrder(column: column, isDescending: true)], account: account, limit: count)
    return try await list(query, in: tenant).records
  }
}
