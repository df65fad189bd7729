import Domain
import ProtobufBridge
public import PunosAPI
public import PunosMessages
public import RPC
import Store

/// Answers `punos.v1.PurchaseAnalysisService`.
public struct PurchaseAnalysisHandler: PurchaseAnalysisServiceHandler {
  private let world: ServiceWorld

  public init(_ world: ServiceWorld) { self.world = world }

  public func summarizePurchases(
    _ request: SummarizePurchasesRequest, _ context: CallContext
  ) async throws -> PurchaseSummary {
    let caller = try context.caller()
    return try await answering { () throws(Problem) in
      try RequestRules.check(request)
      try world.require(caller, .read, "purchases")
      return try await PurchaseSumming(world, caller, request).summary()
    }
  }
}

/// Adds purchases up by the store's typed columns.
struct PurchaseSumming {
  /// Groups where the caller does not say: a screen or two.
  static let defaultGroups = 100
  /// Groups asked about in one question, so that with each status and currency they stay within what a store gives.
  private static let groupsAtOnce = 10

  private let world: ServiceWorld
  private let caller: Principal
  private let request: SummarizePurchasesRequest
  private let account: String?
  private let filter: ColumnFilter?

  init(
    _ world: ServiceWorld, _ caller: Principal, _ request: SummarizePurchasesRequest
  ) async throws(Problem) {
    self.world = world
    self.caller = caller
    self.request = request
    let isEverywhere = request.parent.isEmpty || request.parent == NounCatalog.anyAccount
    account = isEverywhere
      ? nil : try await AccountReading(world, caller, at: nil).account(named: request.parent, field: "parent").key.id
    filter = try Self.columns(request.filter, world)
  }

  /// The filter as conditions on columns.
  private static func columns(_ text: String, _ world: ServiceWorld) throws(Problem) -> ColumnFilter? {
    guard let noun = world.catalog.nouns[NounCatalog.purchaseKind], let schema = world.store.schema[noun.kind] else {
      throw Problem(.internal, "INTERNAL", "The schema has no purchases.")
    }
    guard case .columns(let filter) = try FilterPlan(text, noun: noun, schema: schema).way else {
      let names = schema.columns.map(\.name).sorted().joined(separator: ", ")
      throw .invalid([
        FieldProblem(
          path: "filter", description: "a summary is filtered by \(names)", reason: "BAD_FILTER")
      ])
    }
    return filter
  }

  func summary() async throws(Problem) -> PurchaseSummary {
    do {
      var summary = PurchaseSummary()
      var total = PurchaseTotals()
      for part in try await parts([], by: []) { total.add(part) }
      summary.total = total.group
      guard let column else { return summary }
      let keys = try await keys(of: column)
      let wanted = request.pageSize > 0 ? Int(request.pageSize) : Self.defaultGroups
      summary.truncated = keys.count > wanted || keys.count == StoreLimits.pageRecords
      summary.groups = try await groups(Array(keys.prefix(wanted)), column)
      return summary
    } catch {
      throw .from(error, world.catalog)
    }
  }

  private var column: String? {
    switch request.groupBy {
    case .owner: "owner"
    case .manager: "manager"
    case .region: "region"
    case .product: "product"
    case .account: "customer"
    case .team: "team"
    case .type: "type"
    case .stage: "stage"
    case .winner: "winner"
    default: nil
    }
  }

  private func aggregate(
    _ filters: [ColumnFilter], by columns: [String], _ measures: [AggregateQuery.Measure]
  ) async throws -> [AggregateRow] {
    let all = filters + (filter.map { [$0] } ?? [])
    let query = AggregateQuery(
      kind: NounCatalog.purchaseKind, filter: all.isEmpty ? nil : .all(all), account: account, groupedBy: columns,
      measures: measures)
    return try await world.store.aggregate(query, in: caller.tenant)
  }

  /// The grouping's values, the fullest first.
  private func keys(of column: String) async throws -> [IndexValue] {
    try await aggregate([], by: [column], [.count]).map { $0.group.first ?? .null }
  }

  private func groups(_ keys: [IndexValue], _ column: String) async throws -> [PurchaseGroup] {
    var totals: [IndexValue: PurchaseTotals] = [:]
    var rest = keys[...]
    while !rest.isEmpty {
      let some = rest.prefix(Self.groupsAtOnce)
      rest = rest.dropFirst(Self.groupsAtOnce)
      let fits = ColumnFilter.anyOf(some.map { .compare(column: column, .equal, $0) })
      for part in try await parts([fits], by: [column]) { totals[part.key, default: PurchaseTotals()].add(part) }
    }
    return keys.map { key in
      var group = (totals[key] ?? PurchaseTotals()).group
      (group.key, group.title) = words(key, column)
      return group
    }
  }

  /// How many there are of each status, what those with a value are worth, and how long those with both days took.
  private func parts(_ filters: [ColumnFilter], by columns: [String]) async throws -> [PurchaseTotals.Part] {
    func known(_ column: String) -> ColumnFilter { .compare(column: column, .greaterOrEqual, .integer(0)) }
    let counts = try await aggregate(filters, by: columns + ["status"], [.count])
    let values = try await aggregate(
      filters + [known("value_hundredths")], by: columns + ["status", "currency"], [.count, .sum("value_hundredths")])
    let cycles = try await aggregate(
      filters + [known("cycle_days")], by: columns + ["status"], [.count, .sum("cycle_days")])
    let isGrouped = !columns.isEmpty
    return counts.map { PurchaseTotals.Part($0, of: .count, isGrouped: isGrouped) }
      + values.map { PurchaseTotals.Part($0, of: .value, isGrouped: isGrouped) }
      + cycles.map { PurchaseTotals.Part($0, of: .days, isGrouped: isGrouped) }
  }

  /// A group's key, and the same for people.
  private func words(_ key: IndexValue, _ column: String) -> (String, String) {
    switch key {
    case .text(let text):
      guard column == "customer", let record = world.catalog.key(of: text).flatMap({
        try? world.store.readLive($0, in: caller.tenant)
      }), let account = try? Account(record, named: text) else { return (text, text) }
      return (text, account.displayName)
    case .integer(let number):
      let name = Schema.shared.enumeration(Purchase.Type_.fullName)?.name(of: Int32(truncatingIfNeeded: number)) ?? "\(number)"
      return (name, name)
    default: return ("", "")
    }
  }
}
