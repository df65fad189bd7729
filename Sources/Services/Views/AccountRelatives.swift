import Domain
import ProtobufBridge
import PunosMessages
import Store

/// The companies that own an account, and those it owns, as they were at the moment that a view shows.
struct AccountRelatives {
  /// Relatives shown: a group with more subsidiaries is listed, not viewed.
  static let maximumShown = 200
  /// Pages of the log that are looked through for ties that were taken away since: about 260,000 commits, a second's
  /// work. Of an earlier past those ties are shown that accounts still tell of, as ended ones are.
  private static let maximumPages = 64

  /// A relative, and the record that the line about it was read from.
  struct Relative {
    var summary: AccountSummary
    var record: StoredRecord
  }

  private let world: ServiceWorld
  private let tenant: TenantID
  private let point: PointInTime?
  private let revision: Revision
  private let day: String

  /// - Parameters:
  ///   - point: as of when; nil for now.
  ///   - revision: the same as a revision.
  ///   - moment: the same as a moment: ties hold on its day.
  init(
    _ world: ServiceWorld, in tenant: TenantID, at point: PointInTime?, _ revision: Revision, _ moment: Moment
  ) {
    self.world = world
    self.tenant = tenant
    self.point = point
    self.revision = revision
    day = Days.text(moment)
  }

  /// The owners that an account names.
  func parents(_ ties: [AccountParent]) async throws -> [Relative] {
    var found: [Relative] = []
    for tie in ties.filter(holds).prefix(Self.maximumShown) {
      guard let key = world.catalog.key(of: tie.account), let record = try await read(key) else { continue }
      found.append(relative(try Account(record, named: tie.account), record, tie))
    }
    return found
  }

  /// The accounts that name this one as their owner.
  func subsidiaries(of name: String) async throws -> [Relative] {
    var found: [Relative] = []
    for key in try await candidates(name) where found.count < Self.maximumShown {
      guard let record = try await read(key) else { continue }
      let child = try Account(record, named: world.catalog.resourceName(of: key))
      guard let tie = child.parents.first(where: { $0.account == name && holds($0) }) else { continue }
      found.append(relative(child, record, tie))
    }
    return found
  }

  private func relative(_ account: Account, _ record: StoredRecord, _ tie: AccountParent) -> Relative {
    var summary = AccountSummary()
    summary.name = account.name
    summary.displayName = account.displayName
    summary.status = account.status
    summary.share = tie.share
    return Relative(summary: summary, record: record)
  }

  /// Whether a tie holds on the day; days written YYYY-MM-DD compare as text.
  private func holds(_ tie: AccountParent) -> Bool {
    tie.validFrom <= day && (tie.validTo.isEmpty || day < tie.validTo)
  }

  private func read(_ key: RecordKey) async throws -> StoredRecord? {
    guard let point else { return try world.store.readLive(key, in: tenant) }
    guard let record = try await world.store.read(key, in: tenant, asOf: point), !record.isDeleted else {
      return nil
    }
    return record
  }

  /// Accounts that name this one as their owner now, ended ties too, or in the past that is looked at may have.
  private func candidates(_ name: String) async throws -> [RecordKey] {
    let holders = try await world.store.holders(
      of: [[.text(name)]], inIndex: "parent", kind: NounCatalog.accountKind, in: tenant,
      limitEach: StoreLimits.pageRecords)
    let now = holders.first ?? []
    guard point != nil else { return now }
    return Set(now + (try await formerHolders(name))).sorted()
  }

  /// Accounts that have named it, and were changed since: the index knows only what is.
  private func formerHolders(_ name: String) async throws -> [RecordKey] {
    let filter = ChangeFilter(kinds: [NounCatalog.accountKind])
    var found: Set<RecordKey> = []
    var after = revision
    for _ in 0..<Self.maximumPages {
      try Task.checkCancellation()
      let page = try await world.store.changes(
        in: tenant, after: after, matching: filter, limit: StoreLimits.pageRecords)
      for change in page.changes where !found.contains(change.key) {
        guard let before = change.before else { continue }
        let account = try Account(serialized: before, limits: .trusted)
        if account.parents.contains(where: { $0.account == name }) { found.insert(change.key) }
      }
      after = page.through
      if after >= page.head { break }
    }
    return Array(found)
  }
}
