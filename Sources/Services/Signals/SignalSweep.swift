import Domain
import FieldFormats
import PunosMessages
import Store

/// Finds what no change tells: that a day passed on which a promise or a handover was due, or on which a claim went
/// stale.
struct SignalSweep: Sendable {
  /// What passed longer ago is history: nobody promises to look at it by the thousand on the first start.
  static let reachDays: Int64 = 400
  /// Records read at a time.
  static let page = 500

  private let world: ServiceWorld
  private let tenant: TenantID
  private let writer: SignalWriter

  init(_ world: ServiceWorld, in tenant: TenantID) {
    self.world = world
    self.tenant = tenant
    writer = SignalWriter(world, in: tenant)
  }

  /// Writes signals for what passed in a span of time.
  ///
  /// - Parameters:
  ///   - last: until when it was swept before; nil: never.
  ///   - now: until when it is swept.
  /// - Returns: how many were new.
  @discardableResult
  func sweep(since last: Moment?, until now: Moment) async throws -> Int {
    let reach = Moment(seconds: now.seconds &- Self.reachDays * Fading.secondsPerDay)
    let from = max(last ?? reach, reach)
    // Promises and handovers become overdue when a day ends; those that are changed are looked at as changes come in.
    let isNewDay = last.map { Today($0.seconds).number < Today(now.seconds).number } ?? true
    var overdue = 0
    if isNewDay {
      let open = ColumnFilter.compare(
        column: "status", .equal, .integer(Int64(Commitment.Status.open.rawValue)))
      overdue += try await self.overdue(
        NounCatalog.commitmentKind, open, Commitment.self, RecordDetectors.overdue, from: from, until: now)
      overdue += try await self.overdue(
        NounCatalog.handoverKind, Self.underWay, Handover.self, HandoverDetectors.overdue, from: from,
        until: now)
    }
    return overdue + (try await stale(from: from, until: now))
  }

  /// Handovers that are still to be accepted.
  static let underWay = ColumnFilter.oneOf(
    column: "state",
    [Handover.State.draft, .offered, .returned].map { .integer(Int64($0.rawValue)) })

  /// Records whose due day passed.
  ///
  /// - Parameter open: those to which it matters.
  private func overdue<Value: RecordMessage>(
    _ kind: RecordKind, _ open: ColumnFilter, _: Value.Type, _ find: (Value, Today) -> FoundSignal?,
    from: Moment, until now: Moment
  ) async throws -> Int {
    let today = Today(now.seconds)
    // It is overdue from the day after its due day on: the day of the last sweep may not have passed then.
    let first = CalendarDate(daysSince1970: Today(from.seconds).number - 1)?.description ?? today.text
    var query = ColumnQuery(
      kind: kind,
      filter: .all([
        open,
        .compare(column: "due_date", .greaterOrEqual, .text(first)),
        .compare(column: "due_date", .less, .text(today.text)),
      ]), limit: Self.page)
    var written = 0
    repeat {
      let page = try await world.store.list(query, in: tenant)
      let found = try page.records.compactMap { record -> RaisedSignal? in
        guard let account = record.key.account else { return nil }
        let value = try Value(record, named: world.catalog.resourceName(of: record.key))
        return find(value, today).map { RaisedSignal(account: account, found: $0) }
      }
      written += try await writer.write(found, at: now)
      query.after = page.next
    } while query.after != nil
    return written
  }

  /// Claims that went stale.
  private func stale(from: Moment, until now: Moment) async throws -> Int {
    let today = Today(now.seconds)
    var query = IndexQuery(
      kind: NounCatalog.insightKind, index: "stale",
      equal: [.integer(Int64(Insight.Status.current.rawValue))],
      range: .between(from: .moment(from), to: .moment(now)), limit: Self.page)
    var written = 0
    repeat {
      let page = try await world.store.find(query, in: tenant)
      let found = try page.records.compactMap { record -> RaisedSignal? in
        guard let account = record.key.account else { return nil }
        let insight = try Insight(record, named: world.catalog.resourceName(of: record.key))
        return RecordDetectors.stale(insight, today).map { RaisedSignal(account: account, found: $0) }
      }
      written += try await writer.write(found, at: now)
      query.after = page.next
    } while query.after != nil
    return written
  }
}
