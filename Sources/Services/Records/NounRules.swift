import ProtobufBridge
public import PunosMessages
public import Store

/// What one kind of record asks beyond what the schema says: its canonical form, its rules, and what follows from it
/// in other records.
public protocol NounRules: Sendable {
  associatedtype Value: RecordMessage

  /// The kind.
  static var kind: RecordKind { get }

  /// Brings values into the form they are kept in ("fi 1234567-1" becomes "1234567-1").
  func canonicalise(_ value: inout Value)

  /// Takes out what a change made meaningless, or what only followed from a field that it gives another value, without saying
  /// anything of it; ``complete(_:before:_:)`` then works out anew what follows.
  ///
  /// - Parameters:
  ///   - value: the record with the change.
  ///   - before: the record as it is.
  ///   - told: names of the fields that the change says something of.
  func settle(_ value: inout Value, before: Value, told: Set<String>)

  /// Writes what only the server says: who claims it, when it was first said. What a client sends in fields that the
  /// schema has as `output_only` is gone by then.
  ///
  /// - Parameter before: the record as it is; nil for a new one.
  func complete(_ value: inout Value, before: Value?, _ world: RecordWorld) throws

  /// Rules beyond the schema's, all broken ones at once. That the records it refers to are there is checked already.
  ///
  /// - Parameters:
  ///   - value: as it would be stored.
  ///   - world: reads other records.
  func problems(of value: Value, _ world: RecordWorld) throws -> [FieldProblem]

  /// Rules that compare the record with others which lie anywhere in the tenant, and so need an index.
  func problemsElsewhere(of value: Value, _ world: RecordWorld) async throws -> [FieldProblem]

  /// Whether writes of the kind go one after the other within a tenant (``WriteTurns``): only where a rule compares a record
  /// with others, and people write the kind, or batches.
  static var isWrittenInTurn: Bool { get }

  /// Whether a record may be deleted, where that is known from records anywhere in the tenant.
  ///
  /// - Throws: ``Problem`` with what stands in the way, and the way out.
  func refuseDeletionElsewhere(of value: Value, _ world: RecordWorld) async throws

  /// Puts what another source says into what is there: set fields replace, lists are united.
  func unite(_ incoming: Value, into current: Value) -> Value

  /// The ids that other systems know the record by.
  func externalIDs(of value: Value) -> [ExternalId]

  /// Whether a record is the server's own finding and nobody has touched it: what an export tells of it goes before.
  func isOwnFinding(_ value: Value) -> Bool

  /// By what a record may be found where no external id is known, most telling first.
  func identities(of value: Value) -> [Identity]

  /// Names of other records in the value. The schema says where they are (`refers_to`); a kind that is written by
  /// the thousand may read them from the value itself.
  func references(of value: Value) -> [String]

  /// Replaces them.
  func replaceReferences(in value: inout Value, _ replace: (String) -> String)

  /// The id of a new record for which the client chose none; nil: a sortable one.
  ///
  /// - Parameter account: the account it is to lie in; nil for records outside accounts.
  func newID(inAccount account: String?, _ world: RecordWorld) throws -> String?

  /// What must still be so when a new record is written, since its rules were asked of it. Read before they are: what
  /// changes in between is then noticed.
  ///
  /// - Parameter key: where the record is to lie.
  func checks(beside key: RecordKey, _ world: RecordWorld) throws -> [CommitOperation]

  /// Writes that must happen with this one. One of before and after is set at least.
  func consequences(
    of key: RecordKey, before: Value?, after: Value?, _ world: RecordWorld
  ) throws -> [CommitOperation]
}

/// A value in an index by which a record may be found.
public struct Identity: Sendable, Hashable {
  /// The index's name.
  public var index: String
  /// The values.
  public var values: [FieldValue]
}

/// What rules may ask of the store while a write is prepared.
public struct RecordWorld: Sendable {
  let store: any Store
  /// Who writes.
  let caller: Principal
  let catalog: NounCatalog
  /// When, by the server's clock.
  let now: Moment
  /// Records that the same batch is about to write, items before the present one: to a rule they are there already.
  var pending: [RecordKey: [UInt8]] = [:]
  /// How the record at hand is told: one that an export tells is history, which rules of the present do not judge.
  var telling = NewRecords.unspecified

  var tenant: TenantID { caller.tenant }

  /// A live record.
  func read(_ key: RecordKey) throws -> StoredRecord? {
    try store.readLive(key, in: tenant)
  }

  /// Whether a record is there.
  func exists(_ name: String) throws -> Bool {
    guard let key = catalog.key(of: name) else { return false }
    return try read(key) != nil
  }

  /// A live record by name; nil where there is none of that kind.
  func value<Value: RecordMessage>(_ name: String, as _: Value.Type = Value.self) throws -> Value? {
    guard let key = catalog.key(of: name), catalog.nouns[key.kind]?.message.fullName == Value.fullName,
      let record = try read(key)
    else { return nil }
    return try Value(record, named: name)
  }

  /// Live records of a kind, in whatever account, that have a text in a field.
  ///
  /// - Parameter field: one at the top of the message, which an index of the same name is made of.
  func values<Value: RecordMessage>(
    of kind: RecordKind, where field: String, is value: String, as _: Value.Type = Value.self
  ) async throws -> [Value] {
    var values: [Value] = []
    var query = IndexQuery(kind: kind, index: field, equal: [.text(value)], limit: StoreLimits.pageRecords)
    repeat {
      let page = try await store.find(query, in: tenant)
      values += try page.records.filter { pending[$0.key] == nil }
        .map { try Value($0, named: catalog.resourceName(of: $0.key)) }
      query.after = page.next
    } while query.after != nil
    guard let message = catalog.nouns[kind]?.message else { return values }
    let more = pending.filter {
      $0.key.kind == kind && TopLevelText.value(of: field, in: $0.value, message) == value
    }
    return try values
      + more.sorted { $0.key < $1.key }.map { try Value(serialized: $0.value, limits: .trusted) }
  }

  /// Live records of a kind in an account.
  func values<Value: RecordMessage>(
    of kind: RecordKind, inAccount account: String, as _: Value.Type = Value.self
  ) throws -> [Value] {
    var values: [Value] = []
    var scan = AccountScan(kinds: [kind])
    repeat {
      let page = try store.scan(account: account, in: tenant, scan)
      let stored = pending.isEmpty ? page.records : page.records.filter { pending[$0.key] == nil }
      values += try stored.map { try Value($0, named: catalog.resourceName(of: $0.key)) }
      scan.after = page.next
    } while scan.after != nil
    let more = pending.filter { $0.key.kind == kind && $0.key.account == account }.sorted { $0.key < $1.key }
    return try values + more.map { try Value(serialized: $0.value, limits: .trusted) }
  }
}

extension NounRules {
  public func canonicalise(_ value: inout Value) {}
  public func settle(_ value: inout Value, before: Value, told: Set<String>) {}
  public func complete(_ value: inout Value, before: Value?, _ world: RecordWorld) throws {}
  public func problems(of value: Value, _ world: RecordWorld) throws -> [FieldProblem] { [] }
  public func problemsElsewhere(of value: Value, _ world: RecordWorld) async throws -> [FieldProblem] { [] }
  public func refuseDeletionElsewhere(of value: Value, _ world: RecordWorld) async throws {}
  public static var isWrittenInTurn: Bool { false }
  public func externalIDs(of value: Value) -> [ExternalId] { [] }
  public func isOwnFinding(_ value: Value) -> Bool { false }
  public func identities(of value: Value) -> [Identity] { [] }

  public func references(of value: Value) -> [String] {
    ReferenceFields.of(Value.self).found(in: value.serialized()).map(\.name)
  }

  public func replaceReferences(in value: inout Value, _ replace: (String) -> String) {
    let body = ReferenceFields.of(Value.self).replaced(in: value.serialized(), replace)
    // What was encoded a moment ago can be read again; if not, the value stays and its references are refused.
    if let replaced = try? Value(serialized: body, limits: .trusted) { value = replaced }
  }
  public func newID(inAccount account: String?, _ world: RecordWorld) throws -> String? { nil }
  public func checks(beside key: RecordKey, _ world: RecordWorld) throws -> [CommitOperation] { [] }

  public func consequences(
    of key: RecordKey, before: Value?, after: Value?, _ world: RecordWorld
  ) throws -> [CommitOperation] { [] }
}
