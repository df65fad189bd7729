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

  /// Rules beyond the schema's, all broken ones at once.
  ///
  /// - Parameters:
  ///   - value: as it would be stored.
  ///   - world: reads other records.
  func problems(of value: Value, _ world: RecordWorld) throws -> [FieldProblem]

  /// Puts what another source says into what is there: set fields replace, lists are united.
  func unite(_ incoming: Value, into current: Value) -> Value

  /// The ids that other systems know the record by.
  func externalIDs(of value: Value) -> [ExternalId]

  /// By what a record may be found where no external id is known, most telling first.
  func identities(of value: Value) -> [Identity]

  /// Accounts that the value names, to be resolved where they are named by an external id or identifier.
  func accountReferences(of value: Value) -> [String]

  /// Replaces the names of accounts.
  func replaceAccountReferences(in value: inout Value, _ replace: (String) -> String)

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
  let tenant: TenantID
  let catalog: NounCatalog

  /// A live record.
  func read(_ key: RecordKey) throws -> StoredRecord? {
    try store.readLive(key, in: tenant)
  }

  /// Whether an account is there.
  func accountExists(_ name: String) throws -> Bool {
    guard let key = catalog.key(of: name), key.kind == NounCatalog.accountKind else { return false }
    return try read(key) != nil
  }
}

extension NounRules {
  public func canonicalise(_ value: inout Value) {}
  public func problems(of value: Value, _ world: RecordWorld) throws -> [FieldProblem] { [] }
  public func externalIDs(of value: Value) -> [ExternalId] { [] }
  public func identities(of value: Value) -> [Identity] { [] }
  public func accountReferences(of value: Value) -> [String] { [] }
  public func replaceAccountReferences(in value: inout Value, _ replace: (String) -> String) {}
  public func consequences(
    of key: RecordKey, before: Value?, after: Value?, _ world: RecordWorld
  ) throws -> [CommitOperation] { [] }
}
