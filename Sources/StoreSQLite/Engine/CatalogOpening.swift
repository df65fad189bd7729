internal import Store

/// Compares the schema with what the tables were made for, and says what must be built or cleared away.
struct CatalogOpening {
  let schema: RecordSchema
  let tables: TablesWriter

  /// - Throws: ``OpenFailed`` where a kind's code now means something else.
  func run() throws -> (catalog: IndexCatalog, items: [CatalogItem]) {
    try tables.transaction { try compare() }
  }

  private func compare() throws -> (catalog: IndexCatalog, items: [CatalogItem]) {
    try checkKinds()
    let hasRecords = try TablesLayout.hasRecords(tables.connection)
    var numbering = Numbering(
      items: try tables.catalog(), stateOfNew: hasRecords ? .building : .ready, tables: tables)
    var indexes: [RecordKind: [NumberedIndex]] = [:]
    var columnTables: [RecordKind: UInt32] = [:]
    for kind in schema.kinds.values.sorted(by: { $0.kind < $1.kind }) {
      var numbered: [NumberedIndex] = []
      for index in kind.indexes {
        let number = try numbering.number(kind.kind, index.name, Self.signature(index))
        numbered.append(NumberedIndex(definition: index, number: number))
      }
      indexes[kind.kind] = numbered
      if !kind.columns.isEmpty {
        let table = try numbering.number(kind.kind, "", Self.signature(kind))
        try tables.makeColumnTable(table, of: kind)
        columnTables[kind.kind] = table
      }
    }
    try numbering.dropUnwanted()
    var states: [UInt32: BuildState] = [:]
    for item in numbering.items { states[item.number] = item.state }
    return (IndexCatalog(indexes: indexes, columnTables: columnTables, states: states), numbering.items)
  }

  /// Finds the number of what the schema asks for, and gives new ones.
  private struct Numbering {
    var items: [CatalogItem]
    let stateOfNew: BuildState
    let tables: TablesWriter
    var wanted: Set<UInt32> = [ReservedNumbers.search]

    init(items: [CatalogItem], stateOfNew: BuildState, tables: TablesWriter) {
      self.items = items
      self.stateOfNew = stateOfNew
      self.tables = tables
    }

    mutating func number(_ kind: RecordKind, _ name: String, _ signature: String) throws -> UInt32 {
      let known = items.firstIndex {
        $0.kind == kind && $0.name == name && $0.signature == signature && $0.state != .dropping
      }
      if let known {
        wanted.insert(items[known].number)
        if items[known].state == .conflicted { try beginAnew(known) }
        return items[known].number
      }
      let next = max(ReservedIndex.firstFree, (items.map(\.number).max() ?? 0) &+ 1)
      let item = CatalogItem(
        number: next, kind: kind, name: name, signature: signature, state: stateOfNew, cursor: [])
      items.append(item)
      wanted.insert(next)
      try tables.save(item)
      return next
    }

    /// The records that clashed may have been mended since.
    private mutating func beginAnew(_ place: Int) throws {
      items[place].state = .building
      items[place].cursor = []
      try tables.save(items[place])
    }

    mutating func dropUnwanted() throws {
      for place in items.indices
      where !wanted.contains(items[place].number) && items[place].state != .dropping {
        items[place].state = .dropping
        try tables.save(items[place])
      }
    }
  }

  private func checkKinds() throws {
    let statement = try tables.connection.prepare("SELECT kind, name, scope FROM kinds")
    var known: Set<UInt16> = []
    while try statement.step() {
      guard let code = UInt16(exactly: statement.integer(0)) else { continue }
      known.insert(code)
      let (name, scope) = (statement.text(1), statement.integer(2))
      guard let kind = schema[RecordKind(code)] else {
        throw OpenFailed(
          cause: .schemaMismatch, detail: "the store has records of kind \(name), the schema does not")
      }
      guard kind.name == name, Int64(kind.scope.rawValue) == scope else {
        throw OpenFailed(
          cause: .schemaMismatch,
          detail: "kind \(code) is \(name) in the store and \(kind.name) in the schema, or in another space")
      }
    }
    let insert = try tables.connection.prepare("INSERT INTO kinds (kind, name, scope) VALUES (?1, ?2, ?3)")
    for kind in schema.kinds.values where !known.contains(kind.kind.rawValue) {
      insert.bind(1, Int64(kind.kind.rawValue))
      insert.bind(2, kind.name)
      insert.bind(3, Int64(kind.scope.rawValue))
      try insert.run()
    }
  }

  private static func signature(_ index: IndexDefinition) -> String {
    "\(index.fields).\(index.promise.rawValue).\(index.isFolded).\(index.version)"
  }

  /// Counts and orders are built with the columns; a kind that has none is known by its columns alone.
  private static func signature(_ kind: KindSchema) -> String {
    let columns = kind.columns.map { "\($0.name):\($0.type.rawValue).\($0.version)" }
    let tallies = kind.tallies.map {
      "#\($0.moment)/\($0.by.joined(separator: "+"))/\($0.sum ?? "")" + ($0.whereSet.map { "/\($0)" } ?? "")
    }
    let orders = kind.orders.map { "<\($0.joined(separator: "+"))" }
    return (columns + tallies + orders).joined(separator: ",")
  }
}
