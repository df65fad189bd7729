import Domain
import PunosMessages
import Store

/// Finds current customers who have gone silent as days pass, promises of value whose day passed, and handovers that
/// somebody waits for; and puts signals of handovers away whose cause is gone.
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
    let current = ColumnFilter.compare(
      column: "status", .equal, .integer(Int64(Account.Status.current.rawValue)))
    try await pages(NounCatalog.accountKind, current) { record in
      guard let account = record.key.account else { return [] }
      return try await accounts.signals(of: account, at: now)
    }
    let today = Today(now.seconds)
    try await pages(NounCatalog.valueDriverKind, nil) { record in
      guard let account = record.key.account else { return [] }
      let driver = try ValueDriver(record, named: world.catalog.resourceName(of: record.key))
      return PeopleDetectors.valueMissed(driver, today).map { [RaisedSignal(account: account, found: $0)] }
        ?? []
    }
    try await pages(NounCatalog.handoverKind, SignalSweep.underWay) { record in
      guard let account = record.key.account else { return [] }
      let handover = try Handover(record, named: world.catalog.resourceName(of: record.key))
      return HandoverDetectors.waits(handover, today).map { [RaisedSignal(account: account, found: $0)] }
        ?? []
    }
    try await settleHandovers()
  }

  /// Signals of handovers whose cause went while nobody followed the changes: an acceptance may pass between a sweep's
  /// read and its write.
  private func settleHandovers() async throws {
    let kinds = [Signal.Kind.handoverOverdue, .handoverWaits].map { FieldValue.integer(Int64($0.rawValue)) }
    let open = ColumnFilter.all([
      .oneOf(column: "kind", kinds),
      .compare(column: "state", .equal, .integer(Int64(Signal.State.open.rawValue))),
      .compare(column: "computed", .equal, .boolean(true)),
    ])
    var ended: [EndedCause] = []
    try await pages(NounCatalog.signalKind, open) { record in
      let signal = try Signal(record, named: world.catalog.resourceName(of: record.key))
      guard let account = record.key.account, let name = signal.evidence.first?.record,
        let key = world.catalog.key(of: name), key.kind == NounCatalog.handoverKind
      else { return [] }
      let handover = try world.store.readLive(key, in: tenant).map { try Handover($0, named: name) }
      if !HandoverDetectors.causes(of: handover).contains(signal.dedupKey) {
        let ending = HandoverDetectors.ending(of: handover)
        ended.append(EndedCause(account: account, dedupKey: signal.dedupKey, ending: ending))
      }
      return []
    }
    try await writer.settle(ended, at: world.clock())
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
