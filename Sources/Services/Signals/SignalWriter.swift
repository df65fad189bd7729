import Domain
import ProtobufBridge
import PunosMessages
import Store

/// Writes signals that were found, each once: whatever finds the same cause again writes nothing.
struct SignalWriter: Sendable {
  /// Who writes computed signals, for the history.
  static let actor = Actor(principal: "punosd", team: "")
  /// Signals of one commit: more would hold up the writer for others.
  static let batch = 500

  private let store: any SearchableStore
  private let catalog: NounCatalog
  private let tenant: TenantID

  init(_ world: ServiceWorld, in tenant: TenantID) {
    store = world.store
    catalog = world.catalog
    self.tenant = tenant
  }

  /// - Returns: how many were new.
  /// - Throws: ``StoreError`` where they could not be written; asking again is harmless.
  @discardableResult
  func write(_ signals: [RaisedSignal], at now: Moment) async throws -> Int {
    var written = 0
    var seen: Set<RecordKey> = []
    var operations: [CommitOperation] = []
    for signal in signals {
      let key = Self.key(of: signal)
      // Deleted ones count too: somebody has seen it and took it away.
      guard seen.insert(key).inserted, try store.read(key, in: tenant) == nil,
        let body = try body(of: signal, key, at: now)
      else { continue }
      operations.append(.put(key, body: body, expecting: .absent))
      if operations.count == Self.batch {
        written += try await commit(operations)
        operations = []
      }
    }
    return written + (try await commit(operations))
  }

  /// The id is made of the cause, so that a cause has one record, and looking for it costs one read.
  static func key(of signal: RaisedSignal) -> RecordKey { key(signal.account, signal.found.dedupKey) }

  private static func key(_ account: String, _ dedupKey: String) -> RecordKey {
    let hash = Hex.text(StableHash.bytes(of: Array(dedupKey.utf8)))
    return RecordKey(account: account, kind: NounCatalog.signalKind, id: "auto-\(hash)")
  }

  /// Resolves signals whose cause is gone, where nobody has reacted to them yet.
  func settle(_ causes: [EndedCause], at now: Moment) async throws {
    var settled: [SettledSignal] = []
    for cause in causes {
      let key = Self.key(cause.account, cause.dedupKey)
      guard let stored = try store.readLive(key, in: tenant) else { continue }
      let signal = try Signal(stored, named: catalog.resourceName(of: key))
      guard signal.computed, signal.state == .open else { continue }
      settled.append(SettledSignal(stored, signal, .resolved, because: cause.ending))
    }
    try await settle(settled, at: now)
  }

  /// Changes the state of signals whose cause ended or came back.
  ///
  /// - Returns: how many were changed; those that somebody else changed meanwhile are left as they are.
  @discardableResult
  func settle(_ signals: [SettledSignal], at now: Moment) async throws -> Int {
    var settled = 0
    for start in stride(from: 0, to: signals.count, by: Self.batch) {
      let part = signals[start..<min(signals.count, start + Self.batch)]
      settled += try await commit(
        part.map { signal in
          .put(
            signal.record.key, body: body(of: signal, at: now), expecting: .revision(signal.record.revision))
        })
    }
    return settled
  }

  private func body(of settled: SettledSignal, at now: Moment) -> [UInt8] {
    var signal = settled.signal
    signal.clearOutputFields()
    signal.state = settled.state
    signal.handledBy = Self.actor.principal
    signal.handledTeam = Self.actor.team
    signal.handledTime = ProtoTimestamp(now)
    signal.handling = settled.because
    if settled.state == .open { signal.raisedTime = ProtoTimestamp(now) }
    return signal.serialized()
  }

  /// Commits what is not there yet. A person may have raised a signal under the same key: then theirs stays.
  private func commit(_ operations: [CommitOperation]) async throws -> Int {
    var operations = operations
    while !operations.isEmpty {
      do {
        _ = try await store.commit(Commit(operations, actor: Self.actor, reason: "computed"), in: tenant)
        return operations.count
      } catch let taken as UniqueViolation {
        operations.removeAll { $0.key == taken.record }
      } catch let stale as StaleRevision {
        operations.removeAll { $0.key == stale.record }
      }
    }
    return 0
  }

  /// The record; nil where its account is gone.
  private func body(of signal: RaisedSignal, _ key: RecordKey, at now: Moment) throws -> [UInt8]? {
    guard let accountKey = NounCatalog.accountKey(signal.account),
      let stored = try store.readLive(accountKey, in: tenant)
    else { return nil }
    let found = signal.found
    var record = Signal()
    record.name = catalog.resourceName(of: key)
    record.kind = found.kind
    record.severity = found.severity
    record.title = found.title
    record.explanation = found.explanation
    record.evidence = found.evidence.map { evidence($0, at: now) }
    record.dedupKey = found.dedupKey
    record.contact = found.contact
    record.raisedTime = ProtoTimestamp(now)
    record.computed = true
    record.state = .open
    (record.team, record.owner) = (found.team, found.owner)
    if record.team.isEmpty {
      // Whoever looks after the account reacts where the cause is nobody's.
      let account = try Account(stored, named: catalog.resourceName(of: accountKey))
      let owner = account.owners.first { $0.validTo.isEmpty }
      (record.team, record.owner) = (owner?.team ?? "", owner?.principal ?? "")
    }
    return record.serialized()
  }

  private func evidence(_ record: String, at now: Moment) -> Evidence {
    var evidence = Evidence()
    evidence.kind = .database
    evidence.record = record
    evidence.observedTime = ProtoTimestamp(now)
    evidence.principal = Self.actor.principal
    return evidence
  }
}
