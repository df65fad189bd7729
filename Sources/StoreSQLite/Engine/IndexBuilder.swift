internal import Store
internal import Synchronization

/// Builds indexes and column tables that the schema has gained, and clears away those it has lost, a slice at
/// a time
/// between batches. Where it is, is kept in the catalog, so that a restart goes on.
///
/// `@unchecked Sendable`: `items` are touched on the applier's thread only (and by `init` before it starts).
final class IndexBuilder: @unchecked Sendable {
  let catalog: IndexCatalog
  private let extractor: FactsExtractor
  private let schema: RecordSchema
  /// What is not ready.
  private var items: [CatalogItem]
  private let unfinished: Atomic<Int>
  /// Loads under way that leave the indexes out.
  private var suspensions = 0

  private let sliceRecords: Int
  private let log: @Sendable (String) -> Void
  /// Entries removed in one slice.
  static let sliceEntries = 4_000
  /// The catalog's name for the search index, which is built like the others.
  static let searchName = "#search"
  /// The search index, about to be built.
  private static let search = CatalogItem(
    number: ReservedNumbers.search, kind: RecordKind(0), name: searchName, signature: "", state: .building,
    cursor: [])

  init(
    catalog: IndexCatalog, extractor: FactsExtractor, items: [CatalogItem], sliceRecords: Int,
    log: @escaping @Sendable (String) -> Void
  ) {
    self.catalog = catalog
    self.extractor = extractor
    self.sliceRecords = max(1, sliceRecords)
    self.log = log
    schema = extractor.schema
    self.items = items.filter { $0.state == .building || $0.state == .dropping }
    unfinished = Atomic(self.items.count)
  }

  var hasWork: Bool { unfinished.load(ordering: .acquiring) > 0 }

  /// Names of what is being built, for the operator.
  func buildingNames() -> [String] {
    var names: [String] = []
    for (kind, indexes) in catalog.indexes {
      for index in indexes where catalog.state(of: index.number) != .ready {
        let clash = catalog.state(of: index.number) == .conflicted ? " (values clash)" : ""
        names.append("\(schema[kind]?.name ?? "?").\(index.definition.name)\(clash)")
      }
    }
    for (kind, number) in catalog.columnTables where catalog.state(of: number) != .ready {
      names.append("\(schema[kind]?.name ?? "?") (columns)")
    }
    if catalog.isKnown(ReservedNumbers.search), catalog.state(of: ReservedNumbers.search) == .building {
      names.append("search")
    }
    return names.sorted()
  }

  /// Begins the search index anew.
  func rebuildSearch(_ tables: TablesWriter, _ search: any SearchIndexer) throws {
    try tables.transaction {
      try search.removeEverything(on: tables.connection)
      try tables.save(Self.search)
    }
    items.removeAll { $0.number == Self.search.number }
    items.append(Self.search)
    catalog.set(.building, of: Self.search.number)
    noteWork()
  }

  /// Says that all indexes, column tables and the search index lack records, and builds none of them: more of those records
  /// are about to come. What they hold stays: it is right, only not all. On disk too, so that the next opening builds them
  /// where ``resume(_:)`` does not come.
  func suspend(_ tables: TablesWriter, isSearched: Bool) throws {
    var suspended: [CatalogItem] = []
    try tables.transaction {
      var known = try tables.catalog()
      if isSearched, !known.contains(where: { $0.number == ReservedNumbers.search }) {
        known.append(Self.search)
      }
      for var item in known where item.state == .ready || item.state == .building {
        item.state = .building
        item.cursor = []
        try tables.save(item)
        suspended.append(item)
      }
    }
    for item in suspended { catalog.set(.building, of: item.number) }
    suspensions += 1
    noteWork()
  }

  /// Begins to build what was suspended, once nobody wants it suspended any more.
  func resume(_ tables: TablesWriter) throws {
    suspensions -= 1
    guard suspensions == 0 else { return }
    var unfinished: [CatalogItem] = []
    try tables.transaction {
      for var item in try tables.catalog() where item.state == .building || item.state == .dropping {
        item.cursor = []
        try tables.save(item)
        unfinished.append(item)
      }
    }
    items = unfinished
    noteWork()
  }

  private var next: Int? { items.firstIndex { suspensions == 0 || $0.state == .dropping } }

  private func noteWork() {
    let work = suspensions == 0 ? items.count : items.count { $0.state == .dropping }
    unfinished.store(work, ordering: .releasing)
  }

  /// Does one slice of the first thing there is to do.
  func buildSlice(_ tables: TablesWriter, search: (any SearchIndexer)?) throws {
    guard let place = next else { return }
    var item = items[place]
    let isDone = try tables.transaction {
      let isDone =
        item.state == .dropping ? try drop(item, tables) : try build(&item, tables, search)
      if isDone, item.state == .dropping {
        try tables.removeItem(item.number)
      } else {
        if isDone, item.state == .building { item.state = .ready }
        try tables.save(item)
      }
      return isDone
    }
    if isDone {
      if item.state != .dropping { catalog.set(item.state, of: item.number) }
      items.remove(at: place)
    } else {
      items[place] = item
    }
    noteWork()
  }

  /// - Returns: whether nothing is left to do.
  private func build(_ item: inout CatalogItem, _ tables: TablesWriter, _ search: (any SearchIndexer)?) throws
    -> Bool
  {
    var records: [([UInt8], StoredRecord)] = []
    var looked = 0
    var last = WalkPosition(encoded: item.cursor)
    try tables.reader.walk(after: last) { position, encoded, record in
      looked += 1
      last = position
      let isOfKind = item.name == Self.searchName || record.key.kind == item.kind
      // Columns are kept of deleted records too, for lists that show them.
      if isOfKind, !record.isDeleted || item.name.isEmpty { records.append((encoded, record)) }
      return looked < sliceRecords
    }
    item.cursor = last.encoded
    if item.name == Self.searchName {
      try search?.apply(searchChanges(records), on: tables.connection)
    } else if item.name.isEmpty {
      try buildColumns(item, records, tables)
    } else {
      try buildIndex(&item, records, tables)
    }
    return looked < sliceRecords || item.state == .conflicted
  }

  private func searchChanges(_ records: [([UInt8], StoredRecord)]) -> [SearchChange] {
    records.compactMap { encoded, record in
      guard let read = schema[record.key.kind]?.searchDocument, let document = try? read(record.body) else {
        return nil
      }
      guard let tenant = encoded.withUnsafeBytes({ try? KeyEncoding.decodeRecord($0).tenant }) else {
        return nil
      }
      return SearchChange(
        tenant: tenant, key: record.key, encodedKey: encoded, before: nil, after: document,
        revision: record.revision)
    }
  }

  private func buildColumns(_ item: CatalogItem, _ records: [([UInt8], StoredRecord)], _ tables: TablesWriter)
    throws
  {
    guard let kind = schema[item.kind] else { return }
    for (encoded, record) in records {
      let facts = try kind.facts(record.body)
      try tables.putColumns(item.number, encoded, record, facts.columns, types: kind.columns)
    }
  }

  private func buildIndex(
    _ item: inout CatalogItem, _ records: [([UInt8], StoredRecord)], _ tables: TablesWriter
  ) throws {
    var added: [[UInt8]] = []
    // Values of this slice: two records of one slice may clash before either is written.
    var taken: [KeyBytes: RecordKey] = [:]
    for (encoded, record) in records {
      let tenant = try encoded.withUnsafeBytes { try KeyEncoding.decodeRecord($0).tenant }
      let entries = try extractor.entries(of: record, tenant)
      let prefix = KeyEncoding.indexPrefix(tenant, item.number)
      added.append(contentsOf: entries.entries.filter { $0.starts(with: prefix) })
      for unique in entries.uniques where unique.value.bytes.starts(with: prefix) {
        let inSlice = taken.updateValue(record.key, forKey: unique.value)
        let holder = try inSlice ?? self.holder(of: unique.value.bytes, otherThan: record.key, tables.reader)
        if let holder, holder != record.key { noteClash(&item, record.key, holder) }
      }
    }
    for place in ByteOrder(added).places { try tables.addEntry(added[place]) }
  }

  private func noteClash(_ item: inout CatalogItem, _ key: RecordKey, _ holder: RecordKey) {
    item.state = .conflicted
    log(
      "\(schema[item.kind]?.name ?? "?").\(item.name) cannot be used: \(key) and \(holder) have the same value; change one, and "
        + "it is built at the next start")
  }

  private func holder(of value: [UInt8], otherThan key: RecordKey, _ tables: TablesReader) throws
    -> RecordKey?
  {
    guard let end = KeyEncoding.successor(of: value) else { return nil }
    var holder: RecordKey?
    try tables.entries(from: value, to: end) { entry in
      let owner = try entry.withUnsafeBytes {
        try KeyEncoding.decodeOwner(from: $0, at: value.count, kind: key.kind)
      }
      if owner != key { holder = owner }
      return holder == nil
    }
    return holder
  }

  private func drop(_ item: CatalogItem, _ tables: TablesWriter) throws -> Bool {
    if item.name.isEmpty {
      try tables.dropColumnTable(item.number)
      return true
    }
    // Entries lie by tenant first: hop from tenant to tenant.
    var doomed: [[UInt8]] = []
    var from: [UInt8] = []
    while doomed.count < Self.sliceEntries {
      var tenant: UInt32?
      try tables.reader.entries(from: from, to: [UInt8](repeating: 0xff, count: 8)) { entry in
        tenant = entry.withUnsafeBytes {
          $0.count < 8 ? nil : UInt32(bigEndian: $0.loadUnaligned(as: UInt32.self))
        }
        return false
      }
      guard let tenant else { break }
      let prefix = KeyEncoding.indexPrefix(tenant, item.number)
      try tables.reader.entries(from: prefix, to: KeyEncoding.indexPrefix(tenant, item.number + 1)) { entry in
        doomed.append(entry)
        return doomed.count < Self.sliceEntries
      }
      guard tenant < UInt32.max else { break }
      from = KeyEncoding.tenant(tenant + 1)
    }
    for entry in doomed { try tables.removeEntry(entry) }
    return doomed.count < Self.sliceEntries
  }
}

/// Catalog numbers that no index gets.
enum ReservedNumbers {
  static let search: UInt32 = 5
}
