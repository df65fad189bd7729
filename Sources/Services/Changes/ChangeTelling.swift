import PunosMessages
import Store

/// Tells a stored change as the API has it.
struct ChangeTelling {
  let world: ServiceWorld

  /// - Parameter withDifferences: whether the fields that differ are worked out too.
  func message(_ change: StoredChange, withDifferences: Bool = true) -> PunosMessages.Change {
    var message = PunosMessages.Change()
    message.revision = change.revision.rawValue
    message.record = world.catalog.resourceName(of: change.key)
    message.account = change.key.account.map { "accounts/\($0)" } ?? ""
    message.operation = operation(change.operation)
    message.time = ProtoTimestamp(change.time)
    message.principal = change.actor.principal
    message.team = change.actor.team
    message.reason = change.reason
    message.requestId = change.requestID
    guard let noun = world.catalog.nouns[change.key.kind] else { return message }
    message.kind = noun.name
    message.title = title(of: change.after ?? change.before ?? [], noun)
    if withDifferences {
      message.differences = Differences.between(change.before, change.after, noun.message)
    }
    return message
  }

  /// The record's title, where it has one.
  func title(of body: [UInt8], _ noun: Noun) -> String {
    guard !noun.title.isEmpty else { return "" }
    return TopLevelText.value(of: noun.title, in: body, noun.message)
  }

  /// The top-level fields that a change touches.
  func touchedFields(_ change: StoredChange) -> Set<String> {
    guard let noun = world.catalog.nouns[change.key.kind] else { return [] }
    let paths = Differences.between(change.before, change.after, noun.message).map(\.path)
    return Set(paths.map { path in String(path.prefix { $0 != "." && $0 != "[" }) })
  }

  private func operation(_ operation: ChangeOperation) -> PunosMessages.Change.Operation {
    switch operation {
    case .created: .created
    case .updated: .updated
    case .deleted: .deleted
    case .undeleted: .undeleted
    case .erased: .erased
    }
  }
}
