import ProtobufBridge
import RPC
import Store

/// A page of records as a list gives it.
public struct ListedPage<Value: Sendable>: Sendable {
  /// The page.
  public var values: [Value]
  /// Where the next page begins; empty on the last page.
  public var nextPageToken: String
  /// How many match in all, where it is known.
  public var totalSize: Int64?
}

/// What a list asks.
public struct ListQuestion: Sendable {
  /// The account whose records are listed; `accounts/-`: of all; empty for records outside accounts.
  public var parent: String
  public var pageSize: Int32
  public var pageToken: String
  public var filter: String
  public var orderBy: String
  public var mask: [String]
  public var showDeleted: Bool

  public init(
    parent: String = "", pageSize: Int32 = 0, pageToken: String = "", filter: String = "",
    orderBy: String = "", mask: [String] = [],
    showDeleted: Bool = false
  ) {
    self.parent = parent
    self.pageSize = pageSize
    self.pageToken = pageToken
    self.filter = filter
    self.orderBy = orderBy
    self.mask = mask
    self.showDeleted = showDeleted
  }
}

extension RecordService {
  /// Records on a page where the caller does not say: a screen or two.
  static var defaultPageSize: Int { 50 }
  /// Records gathered through an index before they are sorted: more is no longer a list for people, and each costs
  /// memory.
  static var maximumGathered: Int { 10_000 }

  /// The List method.
  public func list(_ question: ListQuestion, by principal: Principal) async throws(Problem) -> ListedPage<
    Value
  > {
    try world.require(principal, .read, noun.collection)
    guard let schema = store.schema[noun.kind] else { throw Problem(.internal, "INTERNAL", "No such kind.") }
    let fields = try ReadMask(question.mask, of: noun.message)
    let plan = try FilterPlan(question.filter, noun: noun, schema: schema)
    let order = try ListOrder(
      question.orderBy, FilterFields(noun: noun, schema: schema), fold: store.schema.fold)
    let account = try await account(named: question.parent, by: principal)?.account
    let identity = [
      noun.name, question.parent, question.filter, question.orderBy, question.showDeleted ? "all" : "live",
    ]
    let position = try PageToken.read(question.pageToken, for: identity)
    let sight = Sight(
      world, principal,
      isNarrow: world.veil.canHide(noun.kind, anyOf: plan.paths.union([order.column.column])))
    let size =
      question.pageSize > 0 ? min(Int(question.pageSize), StoreLimits.pageRecords) : Self.defaultPageSize
    let found: (records: [StoredRecord], next: [UInt8]?, total: Int64?)
    switch plan.way {
    case .columns(nil) where order.index != nil && !question.showDeleted:
      // Everything in the order of an index: a page costs a page, however many records there are.
      let query = IndexQuery(
        kind: noun.kind, index: order.index ?? "", account: account, limit: size,
        after: position.map { ListPosition(bytes: $0) })
      let page = try await mapped { try await store.find(query, in: principal.tenant) }
      let seen = try sight.records(page.records)
      found = (seen, page.next?.bytes, position == nil && page.next == nil ? Int64(seen.count) : nil)
    case .columns(let filter):
      let query = ColumnQuery(
        kind: noun.kind, filter: filter, order: [order.column], account: account, limit: size,
        after: position.map { ListPosition(bytes: $0) }, includesDeleted: question.showDeleted)
      let page = try await mapped { try await store.list(query, in: principal.tenant) }
      let seen = try sight.records(page.records)
      found = (seen, page.next?.bytes, position == nil && page.next == nil ? Int64(seen.count) : nil)
    case .index(var query):
      query.account = account
      found = try await gathered(query, plan, order, schema, size: size, from: position, sight)
    }
    return ListedPage(
      values: try found.records.map { record throws(Problem) in
        try fields.pruned(decode(record, for: principal))
      },
      nextPageToken: found.next.map { PageToken(position: $0).text(for: identity) } ?? "",
      totalSize: found.total)
  }

  /// Everything an index finds, filtered and sorted, and of that a page.
  private func gathered(
    _ query: IndexQuery, _ plan: FilterPlan, _ order: ListOrder, _ schema: KindSchema, size: Int,
    from position: [UInt8]?, _ sight: Sight
  ) async throws(Problem) -> (records: [StoredRecord], next: [UInt8]?, total: Int64?) {
    var query = query
    var rows: [(key: FieldValue, record: StoredRecord)] = []
    repeat {
      let page = try await mapped { try await store.find(query, in: sight.caller.tenant) }
      for record in try sight.records(page.records) {
        let facts = try mapped { try schema.facts(record.body) }
        if plan.admits(facts, record) { rows.append((order.value(facts, record), record)) }
      }
      guard rows.count <= Self.maximumGathered else {
        throw Problem(
          .resourceExhausted, "TOO_MANY_MATCHES",
          "More than \(Self.maximumGathered) records fit the filter; narrow it down with another condition.")
      }
      query.after = page.next
    } while query.after != nil
    rows.sort { order.isBefore(($0.key, $0.record.key), ($1.key, $1.record.key)) }
    let start = min(rows.count, Int(position.flatMap { Int(String(decoding: $0, as: UTF8.self)) } ?? 0))
    let end = min(rows.count, start + size)
    let next = end < rows.count ? Array(String(end).utf8) : nil
    return (rows[max(0, start)..<end].map(\.record), next, Int64(rows.count))
  }
}

/// Which of the records that a list finds its caller gets to see at all.
private struct Sight {
  let world: ServiceWorld
  let caller: Principal
  /// Whether what is withheld is left out: where it is found by what it says, that it is found would tell.
  let isNarrow: Bool

  init(_ world: ServiceWorld, _ caller: Principal, isNarrow: Bool) {
    (self.world, self.caller, self.isNarrow) = (world, caller, isNarrow)
  }

  func records(_ records: [StoredRecord]) throws(Problem) -> [StoredRecord] {
    guard isNarrow else { return records }
    do { return try world.uncovered(records, by: caller) } catch { throw .from(error, world.catalog) }
  }
}

/// The order of a list.
struct ListOrder {
  let column: ColumnOrder
  private let fields: FilterFields
  private let fold: @Sendable (String) -> String

  /// - Parameters:
  ///   - text: a column's name, with " desc" behind it for descending; empty: by title, or where the title is no column
  ///     by the moment the record is about, newest first, or by its creation.
  ///   - fold: what texts are ordered by.
  init(_ text: String, _ fields: FilterFields, fold: @escaping @Sendable (String) -> String) throws(Problem) {
    self.fields = fields
    self.fold = fold
    let said = text.split(separator: " ").map(String.init)
    let words = said.isEmpty ? Self.usual(fields) : said
    let name = words[0]
    let direction = words.count > 1 ? words[1].lowercased() : "asc"
    guard words.count <= 2, direction == "asc" || direction == "desc", fields.columnType(name) != nil else {
      let columns = Set(fields.schema.columns.map(\.name) + FilterFields.builtIn.keys).sorted()
      throw .invalid([
        FieldProblem(
          path: "order_by",
          description:
            "one of \(columns.joined(separator: ", ")) was expected, with \" desc\" behind it or not",
          reason: "BAD_ORDER")
      ])
    }
    column = ColumnOrder(column: name, isDescending: direction == "desc")
  }

  private static func usual(_ fields: FilterFields) -> [String] {
    guard let rule = fields.noun.message.record else { return ["create_time"] }
    if fields.columnType(rule.title) != nil { return [rule.title] }
    return fields.columnType(rule.moment) != nil ? [rule.moment, "desc"] : ["create_time"]
  }

  /// An index that has all records in this order, if there is one.
  var index: String? {
    guard !column.isDescending else { return nil }
    guard let (definition, _) = fields.index(column.column), definition.promise == .prefix else { return nil }
    return definition.name
  }

  /// What a record stands in the list by.
  func value(_ facts: RecordFacts, _ record: StoredRecord) -> FieldValue {
    let value = fields.column(column.column, facts, record)
    if case .text(let text) = value { return .text(fold(text)) }
    return value
  }

  func isBefore(_ left: (FieldValue, RecordKey), _ right: (FieldValue, RecordKey)) -> Bool {
    if left.0 != right.0 {
      let isLess = FieldValueOrder.isLess(left.0, right.0)
      return column.isDescending ? !isLess : isLess
    }
    return left.1 < right.1
  }
}
