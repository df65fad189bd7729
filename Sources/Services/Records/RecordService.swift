import ProtobufBridge
import PunosMessages
import RPC
public import Store

/// What every service is made of: the store, the schema's nouns, and who may do what.
public struct ServiceWorld: Sendable {
  /// Where records lie.
  public let store: any SearchableStore
  /// The kinds of records and their names.
  public let catalog: NounCatalog
  /// The one question "may this principal do this to that".
  public let access: any AccessPolicy
  /// Now, by the server's clock.
  public let clock: @Sendable () -> Moment

  public init(
    store: any SearchableStore, catalog: NounCatalog, access: any AccessPolicy = OpenWithinTenant(),
    clock: @escaping @Sendable () -> Moment
  ) {
    self.store = store
    self.catalog = catalog
    self.access = access
    self.clock = clock
  }

  func require(_ principal: Principal, _ action: AccessAction, _ resource: String) throws(Problem) {
    if case .refused(let reason) = access.decision(principal, action, resource) {
      throw Problem(.permissionDenied, "NOT_ALLOWED", reason, resource: resource)
    }
  }

  func world(of principal: Principal) -> RecordWorld {
    RecordWorld(store: store, tenant: principal.tenant, catalog: catalog)
  }
}

/// Standard methods on one kind of record. It knows no wire: handlers unpack, call, and pack.
public struct RecordService<Rules: NounRules>: Sendable {
  public typealias Value = Rules.Value

  let world: ServiceWorld
  let rules: Rules
  let noun: Noun

  /// - Throws: ``Problem`` INTERNAL where the schema has no such kind.
  public init(_ world: ServiceWorld, _ rules: Rules) throws(Problem) {
    self.world = world
    self.rules = rules
    guard let noun = world.catalog.nouns[Rules.kind] else {
      throw Problem(.internal, "INTERNAL", "The schema has no record kind \(Rules.kind.rawValue).")
    }
    self.noun = noun
  }

  var store: any SearchableStore { world.store }

  var nameShape: String { "\(noun.collection)/{\(noun.name)}" }

  func resourceName(_ key: RecordKey) -> String { world.catalog.resourceName(of: key) }

  /// The key that a name stands for.
  func key(of name: String, field: String) throws(Problem) -> RecordKey {
    guard let key = world.catalog.key(of: name), key.kind == Rules.kind else {
      throw .badName(name, field: field, expected: nameShape)
    }
    return key
  }

  /// The key of a new record with an id.
  func newKey(_ id: String) throws(Problem) -> RecordKey {
    let name = "\(noun.collection)/\(id)"
    return try key(of: name, field: "\(noun.name)_id")
  }

  func decode(_ record: StoredRecord) throws(Problem) -> Value {
    try Value(record, named: resourceName(record.key))
  }

  /// Runs a store's function and says what went wrong in the caller's words.
  func mapped<T>(_ body: () throws -> T) throws(Problem) -> T {
    do { return try body() } catch { throw .from(error, world.catalog) }
  }

  func mapped<T>(_ body: () async throws -> T) async throws(Problem) -> T {
    do { return try await body() } catch { throw .from(error, world.catalog) }
  }

  /// Reads a record as of now.
  func live(_ name: String, by principal: Principal) async throws(Problem) -> StoredRecord {
    let resolved = try await References(world, principal).resolve(name)
    let key = try key(of: resolved, field: "name")
    if let record = try mapped({ try store.readLive(key, in: principal.tenant) }) { return record }
    throw .notFound(resolved, nearest: try await nearest(to: key, principal))
  }

  private func nearest(to key: RecordKey, _ principal: Principal) async throws(Problem) -> [String] {
    try await NearestNames(world).records(to: key.id, kind: Rules.kind, in: principal.tenant)
  }

  /// The Get method.
  ///
  /// - Parameters:
  ///   - point: nil for now.
  ///   - mask: fields wanted; empty: all.
  public func get(
    _ name: String, asOf point: PointInTime?, mask: [String], by principal: Principal
  ) async throws(Problem) -> Value {
    try world.require(principal, .read, name)
    let fields = try ReadMask(mask, of: noun.message)
    let record: StoredRecord
    if let point {
      let resolved = try await References(world, principal).resolve(name)
      let key = try key(of: resolved, field: "name")
      let then = try await mapped { try await store.read(key, in: principal.tenant, asOf: point) }
      guard let then, !then.isDeleted else { throw .notFound(resolved) }
      record = then
    } else {
      record = try await live(name, by: principal)
    }
    return try fields.pruned(decode(record))
  }
}
