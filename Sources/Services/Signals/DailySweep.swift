import Domain
import PunosMessages
import Store

/// Finds current customers who have gone silent as days pass, and promises of value whose day passed.
struct DailySweep: Sendable {
  /// Records looked at in one go.
  static let page = 200
  /// Between two pages at least: calls come first, and a day is long.
  static let pause = Duration.milliseconds(50)

  private let world: ServiceWorld
  private let tenant: TenantID
  private let writer: SignalWriter
  private let accounts: AccountDetectors

  init(_ world: ServiceWorld, in tenant: TenantID) {
    self.world = world
    self.tenant = tenant
    writer = SignalWriter(world, in: tenant)
    accounts = AccountDetectors(world, in: tenant)
  }

  /// Looks at everything once.
  func sweep(at now: Moment) async throws {
    let current = ColumnFilter.compare(column: "status", .equal, .integer(Int64(Account.Status.current.rawValue)))
    try await pages(NounCatalog.accountKind, current) { record in
      guard let account = record.key.account else { return [] }
      return try await accounts.signals(of: account, at: now)
    }
    let today = Today(now.seconds)
    try await pages(NounCatalog.valueDriverKind, nil) { record in
      guard let account = record.key.account else { return [] }
      let driver = try ValueDriver(record, named: world.catalog.resourceName(of: record.key))
      return PeopleDetectors.valueMissed(driver, today).map { [RaisedSignal(account: account, found: $0)] } ?? []
    }
  }

  private func pages(
    _ kind: RecordKind, _ filter: ColumnFilter?, _ find: (StoredRecord) async throws -> [RaisedSignal]
  ) async throws {
    var query = ColumnQuery(kind: kind, filter: filter, limit: Self.page)
    repeat {
      let began = ContinuousClock.now
      let page = try await world.store.list(query, in: tenant)
      var found: [RaisedSignal] = []
      for record in page.records { found += try await find(record) }
      try await writer.write(found, at: world.clock())
      query.after = page.next
      if query.after != nil { try await Pace.rest(after: began, least: Self.pause) }
    } while query.after != nil
  }
}
