import Domain
import ProtobufBridge
import PunosMessages
import Store

/// A kind of change that can mean something: decoded here, judged in `Domain`.
struct ChangeDetector: Sendable {
  let kind: RecordKind
  /// What a change of a record of the kind means; nil: nothing.
  let find: @Sendable (_ change: ReadChange, _ today: Today) throws -> FoundSignal?
}

/// A change with its record's name, decoded on demand.
struct ReadChange {
  let name: String
  let stored: StoredChange

  /// The day on which it was made, YYYY-MM-DD.
  var day: String { Today(stored.time.seconds).text }

  /// Whether there is a record before to compare with: most changes of a large import are of new records.
  var hasBefore: Bool { stored.before != nil }

  /// The record before; nil where there was none.
  func before<Value: RecordMessage>(_: Value.Type = Value.self) throws -> Value? { try read(stored.before) }
  /// The record after; nil where there is none any more.
  func after<Value: RecordMessage>(_: Value.Type = Value.self) throws -> Value? { try read(stored.after) }

  private func read<Value: RecordMessage>(_ body: [UInt8]?) throws -> Value? {
    guard let body else { return nil }
    var value = try Value(serialized: body, limits: .trusted)
    value.name = name
    return value
  }
}

/// Everything that changes are looked at for: one line each.
enum ChangeDetectors {
  static let all: [ChangeDetector] = [
    ChangeDetector(kind: NounCatalog.accountContactKind) { change, today in
      guard change.hasBefore else { return nil }
      return RecordDetectors.contactLeft(try change.before(), try change.after(), today)
    },
    ChangeDetector(kind: NounCatalog.commitmentKind) { change, today in
      try change.after().flatMap { RecordDetectors.overdue($0, today) }
    },
    ChangeDetector(kind: NounCatalog.insightKind) { change, today in
      try change.after().flatMap { RecordDetectors.stale($0, today) }
    },
    member { PeopleDetectors.decisionMakerChanged($0, $1, on: $2) },
    member { PeopleDetectors.coverageLost($0, $1, on: $2) },
    member { PeopleDetectors.turnedAgainst($0, $1, on: $2) },
    ChangeDetector(kind: NounCatalog.handoverKind) { change, today in
      try change.after().flatMap { HandoverDetectors.overdue($0, today) }
    },
    ChangeDetector(kind: NounCatalog.handoverKind) { change, today in
      try change.after().flatMap { HandoverDetectors.waits($0, today) }
    },
    ChangeDetector(kind: NounCatalog.valueDriverKind) { change, today in
      try change.after().flatMap { PeopleDetectors.valueMissed($0, today) }
    },
  ]

  /// A change of a committee member who was known before.
  private static func member(
    _ find: @escaping @Sendable (CommitteeMember?, CommitteeMember?, _ day: String) -> FoundSignal?
  ) -> ChangeDetector {
    ChangeDetector(kind: NounCatalog.committeeMemberKind) { change, _ in
      guard change.hasBefore else { return nil }
      return find(try change.before(), try change.after(), change.day)
    }
  }

  /// Kinds of which changes are followed: those, interactions, for which ``AccountDetectors`` look at the whole, and
  /// accounts, for ``RegistrySignals`` and ``CommitteeSignals``.
  static let kinds = Set(all.map(\.kind)).union([NounCatalog.interactionKind, NounCatalog.accountKind])

  private static let byKind = Dictionary(grouping: all, by: \.kind)

  /// What changes mean, in their order. A body that cannot be read means nothing here; reading the record says so.
  static func signals(in changes: [StoredChange], _ catalog: NounCatalog, _ today: Today) -> [RaisedSignal] {
    changes.flatMap { change -> [RaisedSignal] in
      guard let detectors = byKind[change.key.kind], !change.isErased, let account = change.key.account else {
        return []
      }
      let read = ReadChange(name: catalog.resourceName(of: change.key), stored: change)
      return detectors.compactMap { detector in
        guard let found = try? detector.find(read, today) else { return nil }
        return RaisedSignal(account: account, found: found)
      }
    }
  }
}

extension ChangeDetectors {
  /// Causes that last as long as a record is as it is: one line for each kind that has them.
  private static let lasting:
    [RecordKind: @Sendable (ReadChange) throws -> (gone: Set<String>, ending: String)] = [
      NounCatalog.handoverKind: { change in
        let (before, after) = (try change.before(Handover.self), try change.after(Handover.self))
        return (
          HandoverDetectors.causes(of: before).subtracting(HandoverDetectors.causes(of: after)),
          HandoverDetectors.ending(of: after)
        )
      },
      NounCatalog.commitmentKind: { change in
        let (before, after) = (try change.before(Commitment.self), try change.after(Commitment.self))
        return (
          RecordDetectors.causes(of: before).subtracting(RecordDetectors.causes(of: after)),
          RecordDetectors.ending(of: after)
        )
      },
      NounCatalog.insightKind: { change in
        let (before, after) = (try change.before(Insight.self), try change.after(Insight.self))
        return (
          RecordDetectors.causes(of: before).subtracting(RecordDetectors.causes(of: after)),
          RecordDetectors.ending(of: after)
        )
      },
      NounCatalog.valueDriverKind: { change in
        let (before, after) = (try change.before(ValueDriver.self), try change.after(ValueDriver.self))
        return (
          PeopleDetectors.causes(of: before).subtracting(PeopleDetectors.causes(of: after)),
          PeopleDetectors.ending(of: after)
        )
      },
    ]

  /// Causes that went with changes, in their order.
  static func ended(by changes: [StoredChange], _ catalog: NounCatalog) -> [EndedCause] {
    changes.flatMap { change -> [EndedCause] in
      guard !change.isErased, change.before != nil, let look = lasting[change.key.kind],
        let account = change.key.account,
        let (gone, ending) = try? look(ReadChange(name: catalog.resourceName(of: change.key), stored: change))
      else { return [] }
      return gone.sorted().map { EndedCause(account: account, dedupKey: $0, ending: ending) }
    }
  }
}

/// A cause that is gone, and with it the signal it may have raised.
struct EndedCause: Sendable {
  /// The account's shard.
  var account: String
  var dedupKey: String
  /// What became of the cause, in a sentence.
  var ending: String
}

/// A signal that was found, and the account it belongs to.
struct RaisedSignal: Sendable {
  /// The account's shard.
  var account: String
  var found: FoundSignal
}
