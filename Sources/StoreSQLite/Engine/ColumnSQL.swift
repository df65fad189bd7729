internal import Store

/// Writes a query over typed columns as SQL with places for its values; no value ever becomes part of the
/// text.
struct ColumnSQL {
  let kind: KindSchema
  let table: UInt32
  /// Where conditions look: in a tally's rows, or in the columns themselves.
  var tally: TallyDefinition?
  private(set) var values: [(FieldValue, ColumnType)] = []
  private var terms = 0

  init(kind: KindSchema, table: UInt32) {
    self.kind = kind
    self.table = table
  }

  /// A column's place in the table and its type.
  func column(_ name: String) throws(InvalidQuery) -> (sql: String, type: ColumnType) {
    if let tally, let place = tally.by.firstIndex(of: name) {
      let type = try ColumnSQL(kind: kind, table: table).column(name).type
      return ("nullif(v\(place), \(TallyTables.nullMark))", type)
    }
    if let own = ColumnQuery.recordColumns[name] { return (own, .moment) }
    guard let place = kind.columns.firstIndex(where: { $0.name == name }) else {
      throw InvalidQuery(problem: "\(kind.name) has no column \(name)")
    }
    return ("c\(place)", kind.columns[place].type)
  }

  mutating func place(_ value: FieldValue, _ type: ColumnType) throws(InvalidQuery) -> String {
    let fits: Bool =
      switch (value, type) {
      case (.null, _), (.boolean, .boolean), (.integer, .integer), (.integer, .real), (.real, .real),
        (.text, .text), (.moment, .moment):
        true
      default: false
      }
    guard fits else { throw InvalidQuery(problem: "a value has another type than its column") }
    values.append((value, type))
    // ?1 and ?2 are the range of keys.
    return SQLDialect.place(values.count + 2)
  }

  /// - Parameter isTold: whether all that is written around it is AND: what is neither true nor false then counts as
  ///   false anyhow, and a plain comparison can be looked up in an order.
  mutating func condition(_ filter: ColumnFilter, depth: Int = 1, isTold: Bool = true) throws(InvalidQuery)
    -> String
  {
    guard depth <= StoreLimits.filterDepth else {
      throw InvalidQuery(problem: "the filter is nested more than \(StoreLimits.filterDepth) deep")
    }
    terms += 1
    guard terms <= StoreLimits.filterTerms else {
      throw InvalidQuery(problem: "the filter has more than \(StoreLimits.filterTerms) conditions")
    }
    switch filter {
    case .compare(let name, let comparison, let value): return try compare(name, comparison, value, isTold)
    case .oneOf(let name, let options):
      guard options.count <= StoreLimits.filterTerms else {
        throw InvalidQuery(problem: "more than \(StoreLimits.filterTerms) values for \(name)")
      }
      var parts: [String] = []
      for option in options { parts.append(try compare(name, .equal, option, false)) }
      return parts.isEmpty ? "FALSE" : "(" + parts.joined(separator: " OR ") + ")"
    case .all(let filters): return try join(filters, " AND ", empty: "TRUE", depth, isTold)
    case .anyOf(let filters): return try join(filters, " OR ", empty: "FALSE", depth, false)
    case .not(let inner): return "(NOT \(try condition(inner, depth: depth + 1, isTold: false)))"
    }
  }

  private mutating func join(
    _ filters: [ColumnFilter], _ word: String, empty: String, _ depth: Int, _ isTold: Bool
  ) throws(InvalidQuery) -> String {
    var parts: [String] = []
    for filter in filters { parts.append(try condition(filter, depth: depth + 1, isTold: isTold)) }
    return parts.isEmpty ? empty : "(" + parts.joined(separator: word) + ")"
  }

  // Every condition is true or false, never unknown, so that NOT means what it says.
  private mutating func compare(
    _ name: String, _ comparison: Comparison, _ value: FieldValue, _ isTold: Bool
  ) throws(InvalidQuery) -> String {
    let (column, type) = try column(name)
    if value == .null {
      switch comparison {
      case .equal: return "(\(column) IS NULL)"
      case .notEqual: return "(\(column) IS NOT NULL)"
      default: return "FALSE"
      }
    }
    let place = try place(value, type)
    func order(_ sign: String) -> String {
      isTold ? "(\(column) \(sign) \(place))" : "coalesce(\(column) \(sign) \(place), FALSE)"
    }
    switch comparison {
    case .equal: return "(\(column) IS NOT DISTINCT FROM \(place))"
    case .notEqual: return "(\(column) IS DISTINCT FROM \(place))"
    case .less: return order("<")
    case .lessOrEqual: return order("<=")
    case .greater: return order(">")
    case .greaterOrEqual: return order(">=")
    case .hasPrefix, .contains:
      guard type == .text else { throw InvalidQuery(problem: "\(name) is not text") }
      return comparison == .contains
        ? "coalesce(\(SQLDialect.holds(column, place)), FALSE)"
        : "coalesce(substr(\(column), 1, length(\(place))) = \(place), FALSE)"
    }
  }

  func bind(to statement: Statement) {
    for (index, (value, type)) in values.enumerated() { statement.bind(Int32(index + 3), value, as: type) }
  }
}
