import Domain
import ProtobufBridge
import PunosMessages
import Store

/// Keeps the signals of registry differences in step with accounts: raised where a registry says otherwise, resolved
/// where it does not any more, open again where it does so once more.
///
/// Not the change decides but the account as it is, so that looking twice, or in another order, ends the same.
struct RegistrySignals: Sendable {
  /// What to do: signals to raise, and states to change.
  struct Plan: Sendable {
    var raised: [RaisedSignal] = []
    var settled: [SettledSignal] = []
  }

  private let world: ServiceWorld
  private let tenant: TenantID

  init(_ world: ServiceWorld, in tenant: TenantID) {
    self.world = world
    self.tenant = tenant
  }

  /// Accounts among changes that a registry says, or said, something otherwise of.
  static func accounts(in changes: [StoredChange]) -> Set<String> {
    var accounts: Set<String> = []
    for change in changes where change.key.kind == NounCatalog.accountKind {
      guard let account = change.key.account, !accounts.contains(account) else { continue }
      if hasClaims(change.after) || hasClaims(change.before) { accounts.insert(account) }
    }
    return accounts
  }

  /// An account is a large message, and few have claims: the field's number is looked for, and nothing decoded.
  private static func hasClaims(_ body: [UInt8]?) -> Bool {
    body?.withUnsafeBytes { buffer in
      var reader = WireReader(buffer)
      while let field = try? reader.next() {
        if field.number == claimsField { return true }
      }
      return false
    } ?? false
  }

  /// Zero, which no field has, where the schema has none.
  private static let claimsField =
    Schema.shared.message(Account.fullName)?.field(named: "registry_claims")?.number ?? 0

  /// What some accounts need.
  func plan(_ accounts: some Sequence<String>) throws -> Plan {
    var plan = Plan()
    for account in accounts { try add(account, to: &plan) }
    return plan
  }

  private func add(_ shard: String, to plan: inout Plan) throws {
    guard let key = NounCatalog.accountKey(shard), let stored = try world.store.readLive(key, in: tenant) else { return }
    let account = try Account(stored, named: world.catalog.resourceName(of: key))
    let standing = RegistryDifferences.signals(of: account).map { RaisedSignal(account: shard, found: $0) }
    let keys = Set(standing.map(SignalWriter.key))
    plan.raised += standing
    for (record, signal) in try signals(in: shard) {
      if keys.contains(record.key) {
        if signal.state == .resolved {
          plan.settled.append(
            SettledSignal(record, signal, .open, because: "The registry says otherwise once more."))
        }
      } else if signal.state == .open || signal.state == .acknowledged {
        plan.settled.append(
          SettledSignal(record, signal, .resolved, because: "The registry and the account do not differ any more."))
      }
    }
  }

  /// The account's computed signals of this kind.
  private func signals(in shard: String) throws -> [(StoredRecord, Signal)] {
    var found: [(StoredRecord, Signal)] = []
    var scan = AccountScan(kinds: [NounCatalog.signalKind])
    repeat {
      let page = try world.store.scan(account: shard, in: tenant, scan)
      for record in page.records {
        let signal = try Signal(record, named: world.catalog.resourceName(of: record.key))
        if signal.computed, signal.kind == .registryDifference { found.append((record, signal)) }
      }
      scan.after = page.next
    } while scan.after != nil
    return found
  }
}

/// A computed signal whose cause ended, or came back.
struct SettledSignal: Sendable {
  var record: StoredRecord
  var signal: Signal
  var state: Signal.State
  var because: String

  init(_ record: StoredRecord, _ signal: Signal, _ state: Signal.State, because: String) {
    self.record = record
    self.signal = signal
    self.state = state
    self.because = because
  }
}
