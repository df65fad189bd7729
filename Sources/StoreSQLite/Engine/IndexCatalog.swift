internal import Store
internal import Synchronization

/// Numbers under which the entries table keeps what is not a schema's index.
enum ReservedIndex {
  /// Person → record.
  static let subjectRecords: UInt32 = 1
  /// Person → revision whose changes name the person.
  static let subjectRevisions: UInt32 = 2
  /// Revision → deleted record, to sweep by.
  static let deleted: UInt32 = 3
  /// Time → request id, to sweep by.
  static let requestTimes: UInt32 = 4
  /// The first that a schema's index gets.
  static let firstFree: UInt32 = 16
}

/// How far an index or a kind's column table is.
enum BuildState: Int64, Sendable {
  case ready = 1
  /// Being filled; unused.
  case building = 2
  /// A unique index over records that break its promise: unused until they are mended. Each opening builds it anew.
  case conflicted = 3
  /// No longer in the schema; its entries are being removed.
  case dropping = 4
}

/// One index or column table and its number on disk.
struct CatalogItem: Sendable {
  var number: UInt32
  var kind: RecordKind
  /// The index's name; empty for the kind's column table.
  var name: String
  /// What tells whether it must be built anew.
  var signature: String
  var state: BuildState
  /// The last record the building has done.
  var cursor: [UInt8]
}

/// An index of the schema, with its number.
struct NumberedIndex: Sendable {
  let definition: IndexDefinition
  let number: UInt32
}

/// What the store derives from each kind, with the numbers it has on disk. Only states change after opening.
final class IndexCatalog: Sendable {
  let indexes: [RecordKind: [NumberedIndex]]
  let columnTables: [RecordKind: UInt32]
  private let states: Mutex<[UInt32: BuildState]>

  init(
    indexes: [RecordKind: [NumberedIndex]], columnTables: [RecordKind: UInt32], states: [UInt32: BuildState]
  ) {
    self.indexes = indexes
    self.columnTables = columnTables
    self.states = Mutex(states)
  }

  func state(of number: UInt32) -> BuildState { states.withLock { $0[number] ?? .building } }

  /// Whether there is such a thing: of the search index there is nothing in a store without search.
  func isKnown(_ number: UInt32) -> Bool { states.withLock { $0[number] != nil } }

  func set(_ state: BuildState, of number: UInt32) { states.withLock { $0[number] = state } }
}

/// What is derived from one record's body, ready for the tables.
struct RecordEntries: Sendable {
  struct Unique: Sendable {
    /// The entry without its owner: what may be there once.
    var value: KeyBytes
    var index: String
  }

  /// Keys for the entries table, in byte order.
  var entries: [[UInt8]] = []
  var uniques: [Unique] = []
  /// Hashes of the values in plain indexes, by which the tail tells whether it knows more of one than the tables.
  var values: [Int] = []
  var columns: [FieldValue] = []
  var subjects: [String] = []
  /// Of a live record, which has columns and is searched.
  var isLive = false

  static let none = RecordEntries()
}

/// Reads facts from bodies and encodes them.
struct FactsExtractor: Sendable {
  let schema: RecordSchema
  let catalog: IndexCatalog
  let plans: [RecordKind: KindPlan]

  init(schema: RecordSchema, catalog: IndexCatalog) {
    self.schema = schema
    self.catalog = catalog
    plans = schema.kinds.mapValues { KindPlan($0, catalog) }
  }

  /// - Throws: ``InvalidCommit``-worthy text as ``Malformed`` where the schema's closure throws or says
  ///   nonsense.
  func entries(_ tenant: UInt32, _ key: RecordKey, _ body: [UInt8]) throws -> RecordEntries {
    guard let plan = plans[key.kind] else {
      throw Malformed(what: "the schema has no kind \(key.kind.rawValue)")
    }
    let facts = try plan.schema.facts(body)
    var result = RecordEntries()
    // Most have one of each index: grown one by one, the array would be made anew twice.
    result.entries.reserveCapacity(plan.indexes.count + facts.subjects.count)
    for (place, index) in plan.indexes.enumerated() where place < facts.indexEntries.count {
      let entries = facts.indexEntries[place]
      guard entries.count <= StoreLimits.entriesPerRecord else {
        throw Malformed(
          what: "more than \(StoreLimits.entriesPerRecord) entries in index \(index.definition.name)")
      }
      for values in entries { try append(values, of: index, tenant, key, to: &result) }
    }
    for subject in facts.subjects {
      result.entries.append(subjectEntry(tenant, subject, key))
    }
    result.subjects = facts.subjects
    result.columns = facts.columns
    if result.entries.count > 1 { result.entries.sort(by: bytesPrecede) }
    return result
  }

  private func append(
    _ values: [FieldValue], of index: NumberedIndex, _ tenant: UInt32, _ key: RecordKey,
    to result: inout RecordEntries
  ) throws {
    guard values.count == index.definition.fields else {
      throw Malformed(what: "an entry of index \(index.definition.name) has \(values.count) values")
    }
    var entry = KeyEncoding.indexPrefix(tenant, index.number)
    for value in values { KeyEncoding.append(folded(value, in: index.definition), to: &entry) }
    switch index.definition.promise {
    case .unique where !values.contains(.null):
      result.uniques.append(RecordEntries.Unique(value: KeyBytes(entry), index: index.definition.name))
    case .plain: result.values.append(KeyBytes(entry).digest)
    default: break
    }
    KeyEncoding.appendOwner(key, to: &entry)
    result.entries.append(entry)
  }

  func folded(_ value: FieldValue, in index: IndexDefinition) -> FieldValue {
    if index.isFolded, case .text(let text) = value { return .text(schema.fold(text)) }
    return value
  }

  func subjectEntry(_ tenant: UInt32, _ subject: String, _ key: RecordKey) -> [UInt8] {
    var entry = KeyEncoding.indexPrefix(tenant, ReservedIndex.subjectRecords)
    KeyEncoding.append(.text(subject), to: &entry)
    // The owner of a subject's entry is a whole record key: subjects are not of one kind.
    KeyEncoding.appendBigEndian(key.kind.rawValue, to: &entry)
    KeyEncoding.appendOwner(key, to: &entry)
    return entry
  }
}
