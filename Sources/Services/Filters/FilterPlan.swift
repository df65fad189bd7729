import ProtobufBridge
import RPC
import Store

/// How a filter is answered: by the store's columns, or through an index whose records are then looked at.
struct FilterPlan {
  /// A record found through the index must still meet the whole filter.
  enum Way {
    case columns(ColumnFilter?)
    case index(IndexQuery)
  }

  let way: Way
  let expression: FilterExpression?
  private let fields: FilterFields

  /// - Parameters:
  ///   - text: the filter as the caller wrote it.
  ///   - noun: whose fields it speaks of.
  ///   - schema: which of them are columns or indexed.
  /// - Throws: ``Problem`` naming the place in the filter and what can be filtered by.
  init(_ text: String, noun: Noun, schema: KindSchema) throws(Problem) {
    fields = FilterFields(noun: noun, schema: schema)
    do {
      expression = try FilterParser.parse(text)
      guard let expression else {
        way = .columns(nil)
        return
      }
      if let columns = try fields.columnFilter(expression) {
        way = .columns(columns)
      } else {
        way = .index(try fields.indexQuery(expression))
      }
    } catch {
      throw .invalid([
        FieldProblem(path: "filter", description: "\(error)", reason: "BAD_FILTER")
      ])
    }
  }

  /// The fields that the filter looks at.
  var paths: Set<String> { expression?.paths ?? [] }

  /// Whether a record's facts meet the filter.
  func admits(_ facts: RecordFacts, _ record: StoredRecord) -> Bool {
    guard let expression else { return true }
    return fields.meets(expression, facts, record)
  }
}

/// Which fields of a kind can be compared, and how the values in a filter are read.
struct FilterFields {
  let noun: Noun
  let schema: KindSchema

  /// Columns that every record has without saying so in the schema.
  static let builtIn: [String: ColumnType] = ["create_time": .moment, "update_time": .moment]

  /// All names that can stand left of a comparison.
  var names: [String] {
    let indexed = indexPaths.map(\.path)
    return Set(schema.columns.map(\.name) + Self.builtIn.keys + indexed).sorted()
  }

  /// The path that an index answers for, and its position.
  private var indexPaths: [(path: String, position: Int)] {
    guard let rule = noun.message.record else { return [] }
    return rule.indexes.enumerated().map { position, index in
      let path = index.fields.count == 1 ? index.fields[0] : Self.parent(of: index.fields[0])
      return (path, position)
    }
  }

  private static func parent(of path: String) -> String {
    path.split(separator: ".").dropLast().joined(separator: ".")
  }

  func columnType(_ path: String) -> ColumnType? {
    Self.builtIn[path] ?? schema.columns.first { $0.name == path }?.type
  }

  func index(_ path: String) -> (definition: IndexDefinition, position: Int)? {
    guard let found = indexPaths.first(where: { $0.path == path }), found.position < schema.indexes.count
    else {
      return nil
    }
    return (schema.indexes[found.position], found.position)
  }

  func unknown(_ path: String, _ position: Int) -> FilterProblem {
    FilterProblem(
      position: position,
      expected: "\(path) cannot be filtered by; these can: \(names.joined(separator: ", "))")
  }

  /// The filter as columns, or nil where it needs an index.
  func columnFilter(_ expression: FilterExpression) throws(FilterProblem) -> ColumnFilter? {
    switch expression {
    case .compare(let path, let comparison, let value, let position):
      guard let type = columnType(path) else {
        if index(path) == nil { throw unknown(path, position) }
        return nil
      }
      return try compare(path, type, comparison, value, position)
    case .not(let inner): return try columnFilter(inner).map { .not($0) }
    case .all(let parts): return try join(parts).map { .all($0) }
    case .anyOf(let parts): return try join(parts).map { .anyOf($0) }
    }
  }

  private func join(_ parts: [FilterExpression]) throws(FilterProblem) -> [ColumnFilter]? {
    var joined: [ColumnFilter]? = []
    // Every part is looked at even when an early one needs an index: a later unknown field is still an error.
    for part in parts {
      let filter = try columnFilter(part)
      joined = filter.flatMap { filter in joined.map { $0 + [filter] } }
    }
    return joined
  }

  private func compare(
    _ path: String, _ type: ColumnType, _ comparison: FilterComparison, _ text: String, _ position: Int
  ) throws(FilterProblem) -> ColumnFilter {
    if type == .text, comparison == .equal, text.last == "*" {
      return .compare(column: path, .hasPrefix, .text(String(text.dropLast())))
    }
    let value = try value(text, path, type, position)
    let how: Comparison =
      switch comparison {
      case .equal: .equal
      case .notEqual: .notEqual
      case .less: .less
      case .lessOrEqual: .lessOrEqual
      case .greater: .greater
      case .greaterOrEqual: .greaterOrEqual
      case .has: type == .text ? .contains : .equal
      }
    return .compare(column: path, how, value)
  }

  /// Reads the right side of a comparison.
  func value(
    _ text: String, _ path: String, _ type: ColumnType, _ position: Int
  ) throws(FilterProblem) -> IndexValue {
    func expected(_ what: String) -> FilterProblem {
      FilterProblem(position: position, expected: "\(path) is compared with \(what)")
    }
    switch type {
    case .text: return .text(text)
    case .boolean:
      guard text == "true" || text == "false" else { throw expected("true or false") }
      return .boolean(text == "true")
    case .real:
      guard let number = Double(text) else { throw expected("a number") }
      return .real(number)
    case .moment:
      guard let moment = MomentText.read(text) else {
        throw expected("a moment such as 2026-01-31T12:00:00Z")
      }
      return .moment(moment)
    case .integer:
      if let enumeration = noun.message.field(named: path)?.enumeration {
        let wanted = text.uppercased()
        let match = enumeration.values.first { $0.name == wanted || $0.name.hasSuffix("_" + wanted) }
        guard let match else {
          throw expected("one of \(enumeration.values.map(\.name).joined(separator: ", "))")
        }
        return .integer(Int64(match.number))
      }
      guard let number = Int64(text) else { throw expected("a whole number") }
      return .integer(number)
    }
  }
}
