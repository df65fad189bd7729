import ProtobufBridge
import PunosAPI
import PunosMessages
public import RPC
import Store

/// Answers `punos.v1.AccountViewService`, with the wire bytes of records as they are stored.
public struct AccountViewHandler: RPCService {
  private let world: ServiceWorld
  private let layout: ViewLayout

  /// - Throws: ``Problem`` INTERNAL where the schema lacks a part of the view.
  public init(_ world: ServiceWorld) throws(Problem) {
    self.world = world
    layout = try ViewLayout(world.catalog)
  }

  public var definition: ServiceDefinition {
    let view = AccountViewServiceMethods.getAccountView
    return ServiceDefinition(
      name: view.service, methods: [.unary(view.encoded) { try await getAccountView($0, $1) }])
  }

  private func getAccountView(
    _ request: GetAccountViewRequest, _ context: CallContext
  ) async throws -> Encoded<AccountView> {
    let caller = try context.caller()
    return try await answering { () throws(Problem) in
      try RequestRules.check(request)
      try world.require(caller, .read, request.name)
      let sections = try ViewSections(request.readMask?.paths ?? [])
      let name = try await References(world, caller).resolve(request.name)
      return Encoded(
        try await AccountViewReader(world, layout, caller, sections).view(of: name, asOf: request.asOf))
    }
  }
}

/// The view's fields that hold records, and how each kind of record is laid into them.
struct ViewLayout: Sendable {
  /// A field of the view, and what makes a record its content.
  struct Place: Sendable {
    let field: UInt32
    let bytes: RecordBytes
  }

  let account: Place
  /// Number of the account's own field that names its parents.
  let parents: UInt32
  private let sections: [RecordKind: Place]

  init(_ catalog: NounCatalog) throws(Problem) {
    account = try Self.place("account", NounCatalog.accountKind, catalog)
    parents = catalog.nouns[NounCatalog.accountKind]?.message.field(named: "parents")?.number ?? 0
    var sections: [RecordKind: Place] = [:]
    for section in RecordSections.all {
      sections[section.kind] = try Self.place(section.name, section.kind, catalog)
    }
    self.sections = sections
  }

  subscript(section: RecordSection) -> Place? { sections[section.kind] }

  private static func place(
    _ field: String, _ kind: RecordKind, _ catalog: NounCatalog
  ) throws(Problem) -> Place {
    guard let number = Schema.shared.message(AccountView.fullName)?.field(named: field)?.number,
      let noun = catalog.nouns[kind], let bytes = RecordBytes(noun.message)
    else { throw Problem(.internal, "INTERNAL", "The schema has no records for the view's \(field).") }
    return Place(field: number, bytes: bytes)
  }
}

/// The sections of a view that are wanted.
struct ViewSections {
  static let all = ["account", "parents", "subsidiaries", "recent_changes"] + RecordSections.all.map(\.name)

  private static let every = Set(all)
  private static let cheap = every.subtracting(["recent_changes"])

  private let wanted: Set<String>
  /// Whether every section that shows records is wanted.
  let haveAllRecords: Bool

  /// - Parameter mask: sections' names; empty: all but the changes, which cost a read of the log.
  init(_ mask: [String]) throws(Problem) {
    for (index, path) in mask.enumerated() where path != "*" && !Self.all.contains(path) {
      throw .invalid([
        FieldProblem(
          path: "read_mask.paths[\(index)]",
          description: "one of \(Self.all.joined(separator: ", ")) was expected", reason: "UNKNOWN_SECTION")
      ])
    }
    if mask.isEmpty {
      (wanted, haveAllRecords) = (Self.cheap, true)
    } else if mask.contains("*") {
      (wanted, haveAllRecords) = (Self.every, true)
    } else {
      let wanted = Set(mask)
      self.wanted = wanted
      haveAllRecords = RecordSections.all.allSatisfy { wanted.contains($0.name) }
    }
  }

  func contains(_ section: String) -> Bool { wanted.contains(section) }
}

/// Puts the view of an account together: one scan of its shard, and a look at its relatives.
struct AccountViewReader {
  /// Changes shown.
  static let recentChanges = 20
  /// Records read of one account: the largest customers have thousands of people; a view with more is of no use to
  /// anybody, and lists page through the rest.
  static let maximumRecords = 5_000

  private let world: ServiceWorld
  private let layout: ViewLayout
  private let caller: Principal
  private let sections: ViewSections

  init(_ world: ServiceWorld, _ layout: ViewLayout, _ caller: Principal, _ sections: ViewSections) {
    self.world = world
    self.layout = layout
    self.caller = caller
    self.sections = sections
  }

  /// The view on the wire: what is worked out is encoded, records go in as they lie.
  func view(of name: String, asOf: GetAccountViewRequest.AsOf?) async throws(Problem) -> [UInt8] {
    guard let key = world.catalog.key(of: name), key.kind == NounCatalog.accountKind, let shard = key.account
    else {
      throw .badName(name, field: "name", expected: "accounts/{account}")
    }
    let point = asOf?.point
    var view = AccountView()
    view.name = name
    do {
      let revision = try await revision(at: point)
      view.revision = revision.rawValue
      let moment = try await AccountReader.moment(of: point, world, caller)
      view.asOf = ProtoTimestamp(moment)
      let records = try await records(of: shard, at: point)
      guard let account = records.first(where: { $0.key == key }) else {
        throw Problem.notFound(
          name,
          nearest: try await NearestNames(world).records(to: key.id, kind: key.kind, in: caller.tenant))
      }
      let room = records.reduce(0) { $0 + $1.body.count + RecordBytes.headReservation }
      var writer = WireWriter(reserving: room)
      try await fill(&view, &writer, account, records, point, moment)
      let relatives = AccountRelatives(world, in: caller.tenant, at: point, revision, moment)
      try await fill(&view, account, relatives)
      view.serialize(into: &writer.bytes)
      return writer.bytes
    } catch let fault as WireFault {
      throw .unreadable(name, cause: fault)
    } catch let fault as DecodingError {
      throw .unreadable(name, cause: fault)
    } catch {
      throw .from(error, world.catalog)
    }
  }

  private func fill(
    _ view: inout AccountView, _ writer: inout WireWriter, _ record: StoredRecord, _ records: [StoredRecord],
    _ point: PointInTime?, _ moment: Moment
  ) async throws {
    if sections.contains("account") {
      try put([record], layout.account, &writer)
      view.freshness.append(freshness("account", [record]))
    }
    let byKind = Dictionary(grouping: records, by: \.key.kind)
    for section in RecordSections.all where sections.contains(section.name) {
      let among = byKind[section.kind] ?? []
      let found = try await self.records(
        of: section, in: record.key.account, among: among, isAll: records.count < Self.maximumRecords, point, moment)
      let own = try found.map { try world.seen($0, by: caller, isCurrent: point == nil) }
      if let place = layout[section] { try put(try section.ordered(own), place, &writer) }
      view.freshness.append(freshness(section.name, own))
    }
    if sections.contains("recent_changes"), let shard = record.key.account {
      view.recentChanges = try await changes(in: shard, point)
      view.freshness.append(freshness(of: view.recentChanges))
    }
  }

  private func fill(
    _ view: inout AccountView, _ record: StoredRecord, _ relatives: AccountRelatives
  ) async throws {
    if sections.contains("parents") {
      let parents = try await relatives.parents(try parents(of: record))
      view.parents = parents.map(\.summary)
      view.freshness.append(freshness("parents", parents.map(\.record)))
    }
    if sections.contains("subsidiaries") {
      let subsidiaries = try await relatives.subsidiaries(of: view.name)
      view.subsidiaries = subsidiaries.map(\.summary)
      view.freshness.append(freshness("subsidiaries", subsidiaries.map(\.record)))
    }
  }

  /// Lays records into a field of the view.
  private func put(_ records: [StoredRecord], _ place: ViewLayout.Place, _ writer: inout WireWriter) throws {
    var message = WireWriter()
    for record in records {
      message.bytes.removeAll(keepingCapacity: true)
      try place.bytes.append(record, named: world.catalog.resourceName(of: record.key), to: &message)
      writer.field(place.field, message.bytes)
    }
  }

  /// The companies that an account names as its owners; of the rest nothing is read.
  private func parents(of account: StoredRecord) throws -> [AccountParent] {
    try account.body.withUnsafeBytes { body in
      var parents: [AccountParent] = []
      var reader = WireReader(body)
      while let field = try reader.next() {
        if field.number == layout.parents {
          parents.append(try AccountParent(serialized: field.bytes, limits: .trusted))
        }
      }
      return parents
    }
  }

  /// A section's records: what the scan found, or of a kind that an account has by the thousand the latest. Where the
  /// account has more than the scan reads, the index by time is asked: it finds the latest of a busy account at once,
  /// while for a quiet one it would pass over those of all others.
  /// - Parameters:
  ///   - own: of the section's kind, as far as the scan came.
  ///   - isAll: whether it came to the end.
  private func records(
    of section: RecordSection, in account: String?, among own: [StoredRecord], isAll: Bool,
    _ point: PointInTime?, _ moment: Moment
  ) async throws -> [StoredRecord] {
    guard let latest = section.latest, !(isAll && own.isEmpty) else { return own }
    guard point == nil, !isAll else { return try shown(own, section.kind, latest, moment) }
    var query = IndexQuery(
      kind: section.kind, index: latest.index, account: account, isDescending: true, limit: latest.count)
    guard let coming = latest.coming else { return try await world.store.find(query, in: caller.tenant).records }
    query.range = .between(from: nil, to: .moment(moment.next))
    let past = try await world.store.find(query, in: caller.tenant).records
    query.range = .between(from: .moment(moment.next), to: nil)
    (query.isDescending, query.limit) = (false, coming)
    return try await world.store.find(query, in: caller.tenant).records.reversed() + past
  }

  /// Those of some records that a section shows, in the order that an index by time has them in, the newest first.
  private func shown(
    _ records: [StoredRecord], _ kind: RecordKind, _ latest: Latest, _ moment: Moment
  ) throws -> [StoredRecord] {
    guard let schema = world.store.schema[kind],
      let place = schema.indexes.firstIndex(where: { $0.name == latest.index })
    else { return Array(records.prefix(latest.count)) }
    let dated = try records.map { record in
      let entries = try schema.facts(record.body).indexEntries
      return (moment: place < entries.count ? entries[place].first?.last ?? .null : .null, record: record)
    }
    let sorted = dated.sorted { FieldValueOrder.isLess($1.moment, $0.moment) }
    guard let coming = latest.coming else { return sorted.prefix(latest.count).map(\.record) }
    let past = sorted.drop { FieldValueOrder.isLess(.moment(moment), $0.moment) }
    let next = sorted.prefix(sorted.count - past.count).suffix(coming)
    return (next + past.prefix(latest.count)).map(\.record)
  }

  /// The kinds to be scanned: those of the wanted sections; nil where that is all of them, so that the whole is one run
  /// of keys. Kinds that no account holds close the gaps between codes.
  private func scannedKinds() -> [RecordKind]? {
    if sections.haveAllRecords { return nil }
    let wanted = RecordSections.all.filter { sections.contains($0.name) }
    let outside = world.catalog.nouns.values.filter { $0.scope == .tenant }
    return [NounCatalog.accountKind] + wanted.map(\.kind) + outside.map(\.kind)
  }

  private func records(of shard: String, at point: PointInTime?) async throws -> [StoredRecord] {
    var records: [StoredRecord] = []
    var scan = AccountScan(kinds: scannedKinds())
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

  private func changes(in shard: String, _ point: PointInTime?) async throws -> [PunosMessages.Change] {
    let before = try await point.asyncMap { Revision(try await revision(at: $0).rawValue + 1) }
    let page = try await world.store.history(
      ofAccount: shard, in: caller.tenant, before: before, limit: Self.recentChanges)
    let telling = ChangeTelling(world: world)
    return try page.changes.map { telling.message(try world.seen($0, by: caller)) }
  }

  private func freshness(of changes: [PunosMessages.Change]) -> SectionFreshness {
    var freshness = SectionFreshness()
    freshness.section = "recent_changes"
    freshness.records = Int32(clamping: changes.count)
    freshness.updateTime = changes.first?.time
    freshness.revision = changes.first?.revision ?? 0
    return freshness
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
