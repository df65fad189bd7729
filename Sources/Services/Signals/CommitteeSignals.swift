import Domain
import ProtobufBridge
import PunosMessages
import Store

/// Looks at changes that mean something for a committee only beside what else is known of it.
struct CommitteeSignals: Sendable {
  private let world: ServiceWorld
  private let tenant: TenantID

  init(_ world: ServiceWorld, in tenant: TenantID) {
    self.world = world
    self.tenant = tenant
  }

  /// What changes mean, in their order.
  func signals(in changes: [StoredChange], _ today: Today) throws -> [RaisedSignal] {
    try changes.flatMap { change -> [RaisedSignal] in
      guard Self.kinds.contains(change.key.kind), !change.isErased, let account = change.key.account else {
        return []
      }
      let read = ReadChange(name: world.catalog.resourceName(of: change.key), stored: change)
      return try found(read, account, today).map { RaisedSignal(account: account, found: $0) }
    }
  }

  private static let kinds: Set = [
    NounCatalog.committeeMemberKind, NounCatalog.accountContactKind, NounCatalog.accountKind,
  ]

  private func found(_ change: ReadChange, _ account: String, _ today: Today) throws -> [FoundSignal] {
    switch change.stored.key.kind {
    case NounCatalog.committeeMemberKind:
      guard !change.hasBefore, let new: CommitteeMember = try change.after(), new.decides else { return [] }
      let known = try members(of: account, before: change.stored.revision).filter { $0.name != new.name }
      return [CommitteeDetectors.newDecider(new, beside: known, on: change.day)].compactMap { $0 }
    case NounCatalog.accountContactKind:
      guard change.hasBefore, let before: AccountContact = try change.before(),
        RecordDetectors.contactLeft(before, try change.after(), today) != nil
      else { return [] }
      return CommitteeDetectors.coverageLost(
        byLeaving: before.contact, try members(of: account), on: change.day)
    case NounCatalog.accountKind:
      guard change.stored.before.map(Self.owners) != change.stored.after.map(Self.owners),
        let before: Account = try change.before(), let after: Account = try change.after()
      else { return [] }
      let ended = CommitteeDetectors.ended(before, after)
      guard !ended.isEmpty else { return [] }
      return CommitteeDetectors.coverageLost(without: ended, try members(of: account), on: change.day)
    default: return []
    }
  }

  /// Members of an account's committee as they are.
  ///
  /// - Parameter before: those only that were written down before this revision; nil: all.
  private func members(of account: String, before: Revision? = nil) throws -> [CommitteeMember] {
    var members: [CommitteeMember] = []
    var scan = AccountScan(kinds: [NounCatalog.committeeMemberKind])
    repeat {
      let page = try world.store.scan(account: account, in: tenant, scan)
      for record in page.records where before.map({ record.createdRevision < $0 }) ?? true {
        members.append(try CommitteeMember(record, named: world.catalog.resourceName(of: record.key)))
      }
      scan.after = page.next
    } while scan.after != nil
    return members
  }

  /// An account is a large message, and its owners seldom change: their bytes are compared, and nothing decoded.
  private static func owners(_ body: [UInt8]) -> [UInt8] {
    body.withUnsafeBytes { buffer in
      var owners: [UInt8] = []
      var reader = WireReader(buffer)
      while let field = try? reader.next() {
        if field.number == ownersField { owners.append(contentsOf: buffer[field.range]) }
      }
      return owners
    }
  }

  /// Zero, which no field has, where the schema has none.
  private static let ownersField =
    Schema.shared.message(Account.fullName)?.field(named: "owners")?.number ?? 0
}
