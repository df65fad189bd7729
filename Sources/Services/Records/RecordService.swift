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
  /// What is withheld from whom.
  let veil: Veil
  /// Who writes while nobody else does.
  let turns = WriteTurns()

  public init(
    store: any SearchableStore, catalog: NounCatalog, access: any AccessPolicy = OpenWithinTenant(),
    clock: @escaping @Sendable () -> Moment
  ) {
    self.store = store
    self.catalog = catalog
    self.access = access
    self.clock = clock
    veil = Veil(catalog)
  }

  func require(_ principal: Principal, _ action: AccessAction, _ resource: String) throws(Problem) {
    if case .refused(let reason) = access.decision(principal, action, resource) {
      throw Problem(.permissionDenied, "NOT_ALLOWED", reason, resource: resource)
    }
  }

  func world(of principal: Principal) -> RecordWorld {
    RecordWorld(store: store, caller: principal, catalog: catalog, now: clock())
  }
}

/// Standard methods on one kind of record. It knows no wire: handlers unpack, call, and pack.
public struct RecordService<Rules: NounRules>: Sendable {
  public typealias Value = Rules.Value

  let world: ServiceWorld
  let rules: Rules
  let noun: Noun
  private let bytes: RecordBytes
  let outputFields: OutputFields

  /// - Throws: ``Problem`` INTERNAL where the schema has no such kind.
  public init(_ world: ServiceWorld, _ rules: Rules) throws(Problem) {
    self.world = world
    self.rules = rules
    guard let noun = world.catalog.nouns[Rules.kind] else {
      throw Problem(.internal, "INTERNAL", "The schema has no record kind \(Rules.kind.rawValue).")
    }
    guard let bytes = RecordBytes(noun.message) else {
      throw Problem(
        .internal, "INTERNAL", "The message of \(noun.name) lacks the fields that every record has.")
    }
    self.noun = noun
    self.bytes = bytes
    outputFields = OutputFields(noun.message)
  }

  var store: any SearchableStore { world.store }

  /// Waits for this write's turn; nil where the kind needs none.
  func turn(of principal: Principal) async -> WriteTurn? {
    Rules.isWrittenInTurn ? await world.turns.take(Rules.kind, in: principal.tenant) : nil
  }

  /// Whether records lie in the shard of an account that their names begin with.
  var isInAccount: Bool { noun.scope == .account && noun.kind != NounCatalog.accountKind }

  /// The account that a record lies in.
  func home(of key: RecordKey) -> RecordKey? {
    isInAccount ? key.account.flatMap { NounCatalog.accountKey($0) } : nil
  }

  /// Whether a record is there, and not deleted.
  func isThere(_ key: RecordKey, by principal: Principal) throws(Problem) -> Bool {
    try mapped { try store.readLive(key, in: principal.tenant) } != nil
  }

  var nameShape: String { (isInAccount ? "accounts/{account}/" : "") + "\(noun.collection)/{\(noun.name)}" }

  func resourceName(_ key: RecordKey) -> String { world.catalog.resourceName(of: key) }

  /// The key that a name stands for.
  func key(of name: String, field: String) throws(Problem) -> RecordKey {
    guard let key = world.catalog.key(of: name), key.kind == Rules.kind else {
      throw .badName(name, field: field, expected: nameShape)
    }
    return key
  }

  /// The key of a new record with an id.
  ///
  /// - Parameter account: the account it is to lie in; nil for records outside accounts.
  func newKey(_ id: String, in account: RecordKey?) throws(Problem) -> RecordKey {
    let parent = account.map { "\(resourceName($0))/" } ?? ""
    return try key(of: "\(parent)\(noun.collection)/\(id)", field: "\(noun.name)_id")
  }

  /// The account that a request names as the place of its records.
  ///
  /// - Returns: nil for records outside accounts, and for `accounts/-`, all accounts.
  func account(named parent: String, by principal: Principal) async throws(Problem) -> RecordKey? {
    guard isInAccount, parent != NounCatalog.anyAccount else { return nil }
    let resolved = try await References(world, principal).resolve(parent)
    guard let key = world.catalog.key(of: resolved), key.kind == NounCatalog.accountKind else {
      throw .badName(parent, field: "parent", expected: "accounts/{account}")
    }
    guard try isThere(key, by: principal) else {
      throw .notFound(
        resolved,
        nearest: try await NearestNames(world).records(to: key.id, kind: key.kind, in: principal.tenant))
    }
    return key
  }

  /// The account that a new record is to lie in.
  func home(named parent: String, by principal: Principal) async throws(Problem) -> RecordKey? {
    if isInAccount, parent == NounCatalog.anyAccount || parent.isEmpty {
      throw .badName(parent, field: "parent", expected: "accounts/{account}")
    }
    return try await account(named: parent, by: principal)
  }

  func decode(_ record: StoredRecord) throws(Problem) -> Value {
    try Value(record, named: resourceName(record.key))
  }

  /// A record as a caller may see it.
  ///
  /// - Parameter isCurrent: false for a record as it was.
  func decode(_ record: StoredRecord, for caller: Principal, isCurrent: Bool = true) throws(Problem) -> Value
  {
    try decode(try mapped { try world.seen(record, by: caller, isCurrent: isCurrent) })
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
    // Titles that may be withheld are not offered to who asks for something else.
    if world.veil.canHide(Rules.kind) { return [] }
    return try await NearestNames(world).records(to: key.id, kind: Rules.kind, in: principal.tenant)
  }

  /// The Get method.
  ///
  /// - Parameters:
  ///   - point: nil for now.
  ///   - mask: fields wanted; empty: all.
  /// - Returns: the record on the wire; its body goes out as it lies.
  public func get(
    _ name: String, asOf point: PointInTime?, mask: [String], by principal: Principal
  ) async throws(Problem) -> [UInt8] {
    try world.require(principal, .read, name)
    let fields = try ReadMask(mask, of: noun.message)
    let record: StoredRecord
    if let point {
      let resolved = try await References(world, principal).resolve(name)
      let key = try key(of: resolved, field: "name")
      let then = try await mapped { try await store.read(key, in: principal.tenant, asOf: point) }
      guard let then, !then.isDeleted else {
        throw .notFound(resolved, nearest: try await nearest(to: key, principal))
      }
      record = then
    } else {
      record = try await live(name, by: principal)
    }
    let seen = try mapped { try world.seen(record, by: principal, isCurrent: point == nil) }
    return try fields.pruned(bytes.message(seen, named: resourceName(record.key)))
  }
}
