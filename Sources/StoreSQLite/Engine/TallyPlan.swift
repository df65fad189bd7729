internal import Store

/// How a count over all accounts is answered from a tally: whole months from the counts, and the days of months that a
/// period cuts into from the columns.
struct TallyPlan {
  private let tally: TallyDefinition
  /// Which of its kind's.
  private let place: Int
  /// Months counted: the first, and the first after them; nil: no bound. Both nil where there is no bound at all.
  private var from: Int64?
  private var to: Int64?
  /// Spans of moments whose records are counted one by one.
  private var edges: [Range<Int64>] = []
  /// What else is asked: of the columns, and of the counts, which stand for records that have what the tally asks.
  private let rest: (ofColumns: ColumnFilter, ofCounts: ColumnFilter)

  /// - Returns: nil where no tally of the kind answers the question.
  init?(_ query: AggregateQuery, _ kind: KindSchema) {
    // A shard's records are few, and lie together.
    guard query.account == nil, !kind.tallies.isEmpty else { return nil }
    let conjuncts = Self.conjuncts(query.filter)
    let fitting = kind.tallies.enumerated().filter { Self.fits($0.element, query, conjuncts) }
    guard let best = fitting.min(by: { $0.element.by.count < $1.element.by.count }) else { return nil }
    let tally = best.element
    (place, self.tally) = (best.offset, tally)
    let others = conjuncts.filter { Self.bound($0, tally) == nil }
    rest = (.all(others), .all(others.filter { tally.whereSet.map(Self.isSet) != $0 }))
    var (low, high) = (Int64?.none, Int64?.none)
    for case (let value, let isLow)? in conjuncts.map({ Self.bound($0, tally) }) {
      if isLow { low = max(low ?? value, value) } else { high = min(high ?? value, value) }
    }
    guard split(low, high) else { return nil }
  }

  private static func conjuncts(_ filter: ColumnFilter?) -> [ColumnFilter] {
    guard let filter else { return [] }
    if case .all(let filters) = filter { return filters.flatMap { conjuncts($0) } }
    return [filter]
  }

  private static func fits(_ tally: TallyDefinition, _ query: AggregateQuery, _ conjuncts: [ColumnFilter])
    -> Bool
  {
    let known = Set(tally.by)
    // Of those that count some records only, none answers for all; and that the column is set need be asked no more.
    let isAsked = tally.whereSet.map { conjuncts.contains(isSet($0)) } ?? true
    return isAsked && known.isSuperset(of: query.groupedBy)
      && query.measures.allSatisfy { measure in
        switch measure {
        case .count: true
        case .sum(let column): column == tally.sum
        default: false
        }
      }
      && conjuncts.allSatisfy {
        bound($0, tally) != nil || tally.whereSet.map(isSet) == $0 || known.isSuperset(of: columns($0))
      }
  }

  private static func isSet(_ column: String) -> ColumnFilter { .compare(column: column, .notEqual, .null) }

  private static func columns(_ filter: ColumnFilter) -> [String] {
    switch filter {
    case .compare(let column, _, _), .oneOf(let column, _): [column]
    case .all(let filters), .anyOf(let filters): filters.flatMap { columns($0) }
    case .not(let inner): columns(inner)
    }
  }

  /// A bound of the period, in microseconds: the first that counts, or the first that does not.
  private static func bound(_ filter: ColumnFilter, _ tally: TallyDefinition) -> (value: Int64, isLow: Bool)?
  {
    guard case .compare(tally.moment, let comparison, .moment(let moment)) = filter else { return nil }
    let next = moment.rawValue.addingReportingOverflow(1)
    switch comparison {
    case .greaterOrEqual: return (moment.rawValue, true)
    case .greater: return next.overflow ? nil : (next.partialValue, true)
    case .less: return (moment.rawValue, false)
    case .lessOrEqual: return next.overflow ? nil : (next.partialValue, false)
    default: return nil
    }
  }

  /// Divides a period into months and what is left of them at both ends.
  ///
  /// - Returns: whether SQLite's calendar has the months of both ends.
  private mutating func split(_ low: Int64?, _ high: Int64?) -> Bool {
    if let low, let high, low >= high {
      (from, to) = (0, 0)
      return true
    }
    if let low {
      let month = TallyMonth.number(Moment(rawValue: low))
      guard let start = TallyMonth.start(month)?.rawValue, let next = TallyMonth.start(month + 1)?.rawValue
      else {
        return false
      }
      if let high, high < next {
        (from, to, edges) = (0, 0, [low..<high])
        return true
      }
      from = start == low ? month : month + 1
      if start < low { edges.append(low..<next) }
    }
    if let high {
      let month = TallyMonth.number(Moment(rawValue: high))
      guard let start = TallyMonth.start(month)?.rawValue else { return false }
      // Records without a moment lie before no moment.
      if from == nil { from = TallyMonth.none + 1 }
      to = month
      if start < high { edges.append(start..<high) }
    }
    return true
  }

  /// The rows to be added up: what they are grouped by as g0, g1…, how many records each stands for as n, and their sum
  /// as s.
  func rows(_ query: AggregateQuery, _ sql: inout ColumnSQL) throws -> String {
    var parts: [String] = []
    if from == nil || from != to {
      sql.tally = tally
      var conditions = ["tenant = ?1", try sql.condition(rest.ofCounts)]
      if let from { conditions.append("month >= \(try sql.place(.integer(from), .integer))") }
      if let to { conditions.append("month < \(try sql.place(.integer(to), .integer))") }
      parts.append(
        "SELECT \(try groups(query, sql))n, s FROM \(TallyTables.table(sql.table, place)) "
          + "WHERE \(conditions.joined(separator: " AND "))")
      sql.tally = nil
    }
    let column = try sql.column(tally.moment).sql
    // Those few that a tally counts are found by what makes them so.
    let moment = tally.whereSet == nil ? column : SQLDialect.unindexed(column)
    let sum = try tally.sum.map { "coalesce(\(try sql.column($0).sql), 0)" } ?? "0"
    for edge in edges {
      let from = try sql.place(.moment(Moment(rawValue: edge.lowerBound)), .moment)
      let to = try sql.place(.moment(Moment(rawValue: edge.upperBound)), .moment)
      // Not through the tenant's keys, but in the order by moment.
      let key = SQLDialect.unindexed("key")
      parts.append(
        "SELECT \(try groups(query, sql))1 AS n, \(sum) AS s FROM \(TablesWriter.columnTable(sql.table)) "
          + "WHERE \(key) >= ?1 AND \(key) < ?2 AND deleted IS NULL AND \(moment) >= \(from) AND \(moment) < \(to) "
          + "AND \(try sql.condition(rest.ofColumns))")
    }
    if !parts.isEmpty { return parts.joined(separator: " UNION ALL ") }
    // A period without a moment in it.
    return "SELECT " + query.groupedBy.indices.map { "NULL AS g\($0), " }.joined()
      + "0 AS n, 0 AS s WHERE FALSE"
  }

  private func groups(_ query: AggregateQuery, _ sql: ColumnSQL) throws(InvalidQuery) -> String {
    var text = ""
    for (index, name) in query.groupedBy.enumerated() { text += "\(try sql.column(name).sql) AS g\(index), " }
    return text
  }

  /// What is worked out over the rows.
  func measures(_ query: AggregateQuery) -> [(sql: String, type: ColumnType)] {
    query.measures.map { measure in
      if case .count = measure { return (SQLDialect.total("n"), .integer) }
      return (SQLDialect.total("s"), .integer)
    }
  }
}
