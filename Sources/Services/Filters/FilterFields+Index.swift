import Store

extension FilterFields {
  /// A question to an index that finds all records that can meet the filter.
  func indexQuery(_ expression: FilterExpression) throws(FilterProblem) -> IndexQuery {
    let parts: [FilterExpression] = if case .all(let parts) = expression { parts } else { [expression] }
    for part in parts {
      guard case .compare(let path, let comparison, let value, _) = part, comparison == .equal || comparison == .has,
        let (definition, _) = index(path)
      else { continue }
      if definition.promise == .prefix, value.last == "*" {
        return IndexQuery(
          kind: noun.kind, index: definition.name, range: .prefix(String(value.dropLast())),
          limit: StoreLimits.pageRecords)
      }
      return IndexQuery(
        kind: noun.kind, index: definition.name, equal: entry(value, definition), limit: StoreLimits.pageRecords)
    }
    let position: Int = if case .compare(_, _, _, let position) = parts[0] { position } else { 1 }
    throw FilterProblem(
      position: position,
      expected: "a list field is compared with = or :, and at most joined to others by AND")
  }

  /// The values of an entry: one text, or for two fields "first:second".
  func entry(_ value: String, _ definition: IndexDefinition) -> [FieldValue] {
    guard definition.fields > 1 else { return [.text(value)] }
    return value.split(separator: ":", maxSplits: definition.fields - 1).map { .text(String($0)) }
  }

  /// Whether a record meets an expression, by its facts alone.
  func meets(_ expression: FilterExpression, _ facts: RecordFacts, _ record: StoredRecord) -> Bool {
    switch expression {
    case .all(let parts): return parts.allSatisfy { meets($0, facts, record) }
    case .anyOf(let parts): return parts.contains { meets($0, facts, record) }
    case .not(let inner): return !meets(inner, facts, record)
    case .compare(let path, let comparison, let text, let position):
      if let type = columnType(path), let wanted = try? value(text, path, type, position) {
        return compares(column(path, facts, record), comparison, wanted, text)
      }
      guard let (definition, place) = index(path), place < facts.indexEntries.count else { return false }
      let wanted = entry(text, definition)
      let found = facts.indexEntries[place].contains { $0.starts(with: wanted) }
      return comparison == .notEqual ? !found : found
    }
  }

  func column(_ path: String, _ facts: RecordFacts, _ record: StoredRecord) -> FieldValue {
    if path == "create_time" { return .moment(record.createdTime) }
    if path == "update_time" { return .moment(record.updatedTime) }
    guard let place = schema.columns.firstIndex(where: { $0.name == path }), place < facts.columns.count else {
      return .null
    }
    return facts.columns[place]
  }

  private func compares(
    _ value: FieldValue, _ comparison: FilterComparison, _ wanted: FieldValue, _ text: String
  ) -> Bool {
    if case .text(let present) = value {
      if comparison == .equal, text.last == "*" { return present.hasPrefix(text.dropLast()) }
      if comparison == .has, case .text(let part) = wanted { return present.contains(part) }
    }
    switch comparison {
    case .equal, .has: return value == wanted
    case .notEqual: return value != wanted
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      guard value != .null else { return false }
      let isLess = FieldValueOrder.isLess(value, wanted)
      let isEqual = value == wanted
      switch comparison {
      case .less: return isLess
      case .lessOrEqual: return isLess || isEqual
      case .greater: return !isLess && !isEqual
      default: return !isLess
      }
    }
  }
}

/// Values of one type in their order; nulls come first.
enum FieldValueOrder {
  static func isLess(_ left: FieldValue, _ right: FieldValue) -> Bool {
    switch (left, right) {
    case (.null, .null): false
    case (.null, _): true
    case (.integer(let a), .integer(let b)): a < b
    case (.real(let a), .real(let b)): a < b
    case (.text(let a), .text(let b)): a.utf8.lexicographicallyPrecedes(b.utf8)
    case (.moment(let a), .moment(let b)): a < b
    case (.boolean(let a), .boolean(let b)): !a && b
    default: false
    }
  }
}
