import Domain
import Store
import Synchronization

/// Looks at what passed between an account and us as a whole: a single interaction says neither that the tone turned, nor
/// that it is silent.
struct AccountDetectors: Sendable {
  /// Interactions that a rhythm is read from: the latest of a customer who is in touch every day are months, and it is
  /// the present rhythm that counts.
  static let latestInteractions = 200

  private let world: ServiceWorld
  private let tenant: TenantID

  init(_ world: ServiceWorld, in tenant: TenantID) {
    self.world = world
    self.tenant = tenant
  }

  /// What the account's interactions mean.
  func signals(of account: String, at now: Moment) async throws -> [RaisedSignal] {
    guard let key = NounCatalog.accountKey(account),
      let schema = world.store.schema[NounCatalog.interactionKind]
    else {
      return []
    }
    let records = try await world.store.latest(
      Self.latestInteractions, of: NounCatalog.interactionKind, byColumn: "time", account: account, in: tenant
    )
    // Too few for a rhythm are too few for a tone as well.
    guard records.count > Silence.leastGaps else { return [] }
    let touches = try records.compactMap { try Touch($0, schema) }.filter { $0.time <= now }
    let name = world.catalog.resourceName(of: key)
    let sentiments = touches.compactMap { touch in
      touch.sentiment.map { (moment: touch.time.seconds, value: $0) }
    }
    let latest = touches.filter { $0.sentiment != nil }
      .max { ($0.time.seconds, $0.key.id) < ($1.time.seconds, $1.key.id) }
    return [
      Silence.signal(of: name, touches.map(\.time.seconds), at: now.seconds),
      Tone.signal(
        of: name, sentiments, evidence: latest.map { world.catalog.resourceName(of: $0.key) } ?? name),
    ].compactMap { $0 }.map { RaisedSignal(account: account, found: $0) }
  }
}

/// When something passed, and how it felt, as the columns of an interaction tell it: all of an account are looked at again
/// whenever one comes, and to decode them whole would cost several times as much.
private struct Touch {
  let key: RecordKey
  let time: Moment
  let sentiment: Double?

  /// - Returns: nil where it has no time.
  init?(_ record: StoredRecord, _ schema: KindSchema) throws {
    let values = zip(schema.columns, try schema.facts(record.body).columns)
    guard case .moment(let time)? = values.first(where: { $0.0.name == "time" })?.1 else { return nil }
    key = record.key
    self.time = time
    if case .real(let felt)? = values.first(where: { $0.0.name == "sentiment" })?.1 {
      sentiment = felt
    } else {
      sentiment = nil
    }
  }
}

/// Accounts whose interactions changed, to be looked at when nothing more comes: in the middle of an import the last
/// interaction is not the last.
final class ChangedAccounts: Sendable {
  /// How long nothing must come, in microseconds.
  static let quiet: Int64 = 300_000
  /// How long an account waits at most, in microseconds: a customer whose every machine writes is never quiet, and a signal
  /// is to be there within a second of the change, the gathering of changes before and the next look after it included.
  static let longest: Int64 = 600_000

  private struct Place: Hashable {
    var tenant: TenantID
    var account: String
  }

  private let waiting = Mutex<[Place: (first: Moment, last: Moment)]>([:])

  /// Interactions of accounts changed.
  func note(_ accounts: some Sequence<String>, in tenant: TenantID, at now: Moment) {
    waiting.withLock { waiting in
      for account in accounts {
        waiting[Place(tenant: tenant, account: account), default: (now, now)].last = now
      }
    }
  }

  /// Those that need not wait any longer; they are no longer noted then.
  func due(at now: Moment) -> [(tenant: TenantID, account: String)] {
    waiting.withLock { waiting in
      let due = waiting.filter { _, times in
        now.rawValue &- times.last.rawValue >= Self.quiet
          || now.rawValue &- times.first.rawValue >= Self.longest
      }
      for place in due.keys { waiting[place] = nil }
      return due.keys.map { ($0.tenant, $0.account) }
    }
  }
}
