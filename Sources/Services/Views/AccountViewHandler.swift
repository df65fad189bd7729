public import PunosAPI
public import PunosMessages
public import RPC
import Store

/// Answers `punos.v1.AccountViewService`.
public struct AccountViewHandler: AccountViewServiceHandler {
  private let world: ServiceWorld

  public init(_ world: ServiceWorld) { self.world = world }

  public func getAccountView(_ request: GetAccountViewRequest, _ context: CallContext) async throws -> AccountView {
    let caller = try context.caller()
    return try await answering { () throws(Problem) in
      try RequestRules.check(request)
      try world.require(caller, .read, request.name)
      let sections = try ViewSections(request.readMask?.paths ?? [])
      let name = try await References(world, caller).resolve(request.name)
      return try await AccountViewReader(world, caller, sections).view(of: name, asOf: request.asOf)
    }
  }
}

/// The sections of a view that are wanted.
struct ViewSections {
  static let all = ["account", "parents", "subsidiaries", "recent_changes"] + RecordSections.all.map(\.name)

  private let wanted: Set<String>

  /// - Parameter mask: sections' names; empty: all but the changes, which cost a read of the log.
  init(_ mask: [String]) throws(Problem) {
    for (index, path) in mask.enumerated() where path != "*" && !Self.all.contains(path) {
      throw .invalid([
        FieldProblem(
          path: "read_mask.paths[\(index)]",
          description: "one of \(Self.all.joined(separator: ", ")) was expected", reason: "UNKNOWN_SECTION")
      ])
    }
    if mask.contains("*") {
      wanted = Set(Self.all)
    } else {
      wanted = mask.isEmpty ? Set(Self.all.filter { $0 != "recent_changes" }) : Set(mask)
    }
  }

  func contains(_ section: String) -> Bool { wanted.contains(section) }
}

/// Puts the view of an account together: one ordered scan of its shard, and a look at its relatives.
struct AccountViewReader {
  /// Relatives shown: a group with more subsidiaries is listed, not viewed.
  static let maximumRelatives = 200
  /// Changes shown.
  static let recentChanges = 20
  /// Records read of one account: the largest customers have thousands of people; a view with more is of no use to
  /// anybody, and lists page through the rest.
  static let maximumRecords = 5_000

  private let world: ServiceWorld
  private let caller: Principal
  private let sections: ViewSections

  init(_ world: ServiceWorld, _ caller: Principal, _ sections: ViewSections) {
    self.world = world
    self.caller = caller
    self.sections = sections
  }

  func view(of name: String, asOf: GetAccountViewRequest.AsOf?) async throws(Problem) -> AccountView {
    guard let key = world.catalog.key(of: name), key.kind == NounCatalog.accountKind, let shard = key.account else {
      throw .badName(name, field: "name", expected: "accounts/{account}")
    }
    let point = asOf?.point
    var view = AccountView()
    view.name = name
    do {
      let revision = try await revision(at: point)
      view.revision = revision.rawValue
      view.asOf = ProtoTimestamp(moment(asOf))
      let records = try await records(of: shard, at: point)
      guard let account = records.first(where: { $0.key == key }) else {
        throw Problem.notFound(
          name,
          nearest: try await NearestNames(world).records(to: key.id, kind: key.kind, in: caller.tenant))
      }
      try await fill(&view, account, records, point)
    } catch {
      throw .from(error, world.catalog)
    }
    return view
  }

  private func fill(
    _ view: inout AccountView, _ record: StoredRecord, _ records: [StoredRecord], _ point: PointInTime?
  ) async throws {
    let account = try Account(record, named: view.name)
    if sections.contains("account") {
      view.account = account
      view.freshness.append(freshness("account", [record]))
    }
    for section in RecordSections.all where sections.contains(section.name) {
      let found = try await self.records(of: section, in: record.key.account, among: records, point)
      let own = try found.map { try world.seen($0, by: caller, isCurrent: point == nil) }
      try section.fill(&view, own, world.catalog)
      view.freshness.append(freshness(section.name, own))
    }
    if sections.contains("parents") {
      let parents = account.parents.filter { $0.validTo.isEmpty }
      view.parents = try parents.prefix(Self.maximumRelatives).compactMap { try summary($0.account, $0.share) }
    }
    if sections.contains("subsidiaries") { view.subsidiaries = try await subsidiaries(of: view.name) }
    if sections.contains("recent_changes"), let shard = record.key.account {
      view.recentChanges = try await changes(in: shard, point)
    }
  }

  /// A section's records: what the scan found, or of a kind that an account has by the thousand the latest.
  private func records(
    of section: RecordSection, in account: String?, among records: [StoredRecord], _ point: PointInTime?
  ) async throws -> [StoredRecord] {
    let own = records.filter { $0.key.kind == section.kind }
    guard let latest = section.latest else { return own }
    guard point == nil else { return own.suffix(latest.count).reversed() }
    let query = IndexQuery(
      kind: section.kind, index: latest.index, account: account, isDescending: true, limit: latest.count)
    return try await world.store.find(query, in: caller.tenant).records
  }

  /// The kinds to be scanned: those of the wanted sections, without the ones that an index is asked for. Kinds that
  /// no account holds close the gaps between codes, so that the whole is one run of keys.
  private func scannedKinds(_ point: PointInTime?) -> [RecordKind] {
    let wanted = RecordSections.all.filter { sections.contains($0.name) && ($0.latest == nil || point != nil) }
    let outside = world.catalog.nouns.values.filter { $0.scope == .tenant }
    return [NounCatalog.accountKind] + wanted.map(\.kind) + outside.map(\.kind)
  }

  private func records(of shard: String, at point: PointInTime?) async throws -> [StoredRecord] {
    var records: [StoredRecord] = []
    var scan = AccountScan(kinds: scannedKinds(point))
    repeat {
      let page: AccountPage
      if let point {
        page = try await world.store.scan(account: shard, in: caller.tenant, scan, asOf: point)
      } else {
        page = try world.store.scan(account: shard, in: caller.tenant, scan)
      }
      records += page.records
      scan.after = page.next
    } while scan.after != nil && records.count < Self.maximumRecords
    return records
  }

  private func revision(at point: PointInTime?) async throws -> Revision {
    guard let point else { return try world.store.head(of: caller.tenant) }
    return try await world.store.revision(at: point, in: caller.tenant)
  }

  private func moment(_ asOf: GetAccountViewRequest.AsOf?) -> Moment {
    if case .asOfTime(let time) = asOf { return time.moment }
    return world.clock()
  }

  private func summary(_ name: String, _ share: Double?) throws -> AccountSummary? {
    guard let key = world.catalog.key(of: name), let record = try world.store.readLive(key, in: caller.tenant) else {
      return nil
    }
    let account = try Account(record, named: name)
    var summary = AccountSummary()
    summary.name = name
    summary.displayName = account.displayName
    summary.status = account.status
    summary.share = share
    return summary
  }

  private func subsidiaries(of name: String) async throws -> [AccountSummary] {
    let keys = try await world.store.holders(
      of: [[.text(name)]], inIndex: "parent", kind: NounCatalog.accountKind, in: caller.tenant,
      limitEach: Self.maximumRelatives)
    return try (keys.first ?? []).compactMap { key in
      guard let record = try world.store.readLive(key, in: caller.tenant) else { return nil }
      let child = try Account(record, named: world.catalog.resourceName(of: key))
      guard let tie = child.parents.first(where: { $0.account == name && $0.validTo.isEmpty }) else { return nil }
      return try summary(child.name, tie.share)
    }
  }

  private func changes(in shard: String, _ point: PointInTime?) async throws -> [PunosMessages.Change] {
    let before = try await point.asyncMap { Revision(try await revision(at: $0).rawValue + 1) }
    let page = try await world.store.history(
      ofAccount: shard, in: caller.tenant, before: before, limit: Self.recentChanges)
    let telling = ChangeTelling(world: world)
    return try page.changes.map { telling.message(try world.seen($0, by: caller)) }
  }

  private func freshness(_ section: String, _ records: [StoredRecord]) -> SectionFreshness {
    var freshness = SectionFreshness()
    freshness.section = section
    freshness.records = Int32(clamping: records.count)
    if let newest = records.max(by: { $0.revision < $1.revision }) {
      freshness.updateTime = ProtoTimestamp(newest.updatedTime)
      freshness.revision = newest.revision.rawValue
    }
    return freshness
  }
}

extension GetAccountViewRequest.AsOf {
  var point: PointInTime {
    switch self {
    case .asOfTime(let time): .moment(time.moment)
    case .asOfRevision(let revision): .revision(Revision(revision))
    }
  }
}

extension Optional {
  fileprivate func asyncMap<T>(_ transform: (Wrapped) async throws -> T) async throws -> T? {
    guard let self else { return nil }
    return try await transform(self)
  }
}
