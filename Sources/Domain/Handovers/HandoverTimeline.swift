public import PunosMessages

/// One thing that happened on the way of a handover.
public struct HandoverEvent: Sendable, Hashable {
  /// What happened.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// Somebody began to write it.
    case begun
    /// The sending team offered it, for the first time or again.
    case offered
    /// The receiving team asked about an item.
    case asked
    /// The sending team answered.
    case answered
    /// The receiving team accepted items.
    case itemsAccepted = "items accepted"
    /// The receiving team rejected an item.
    case itemRejected = "item rejected"
    /// The receiving team sent it back.
    case returned
    /// The receiving team accepted all of it.
    case accepted
    /// Either team ended it.
    case closed
  }

  /// What happened.
  public var kind: Kind
  /// When.
  public var time: ProtoTimestamp
  /// Who did it, as credentials name them; empty where the record does not tell.
  public var principal = ""
  /// Their team; empty where the record does not tell.
  public var team = ""
  /// Titles of the items that it is about.
  public var items: [String] = []
  /// What was said.
  public var text = ""
}

/// The way of a handover as a story, read from the handover itself: `GetHistory` has each change of each field instead.
///
/// The record keeps every question, answer and return, and of offers the first and the last: those between are told by
/// the returns that came before them.
public enum HandoverTimeline {
  /// What happened, oldest first; of things of the same moment in the order of the way.
  public static func events(of handover: Handover) -> [HandoverEvent] {
    var events: [HandoverEvent] = []
    func add(
      _ kind: HandoverEvent.Kind, _ time: ProtoTimestamp?, _ principal: String = "", _ team: String = "",
      items: [String] = [], _ text: String = ""
    ) {
      guard let time else { return }
      events.append(
        HandoverEvent(kind: kind, time: time, principal: principal, team: team, items: items, text: text))
    }
    let isAgain = handover.firstOfferedTime.map { $0 != handover.offeredTime } ?? false
    add(.begun, handover.createTime, "", handover.fromTeam)
    if isAgain { add(.offered, handover.firstOfferedTime, "", handover.fromTeam) }
    add(.offered, handover.offeredTime, handover.offeredBy, handover.fromTeam)
    for item in handover.items {
      for message in item.thread {
        add(
          kind(of: message), message.time, message.principal, message.team, items: [item.title], message.text)
      }
    }
    for (decision, items) in acceptedApart(handover) {
      add(.itemsAccepted, decision.time, decision.principal, decision.team, items: items)
    }
    for entry in handover.returns { add(.returned, entry.time, entry.principal, entry.team, entry.reasons) }
    add(.accepted, handover.acceptedTime, handover.acceptedBy, handover.toTeam)
    add(.closed, handover.closedTime, handover.closedBy, handover.closedTeam, handover.outcome)
    let order = Dictionary(uniqueKeysWithValues: HandoverEvent.Kind.allCases.enumerated().map { ($1, $0) })
    return events.enumerated().sorted { one, other in
      let left = (one.element.time.seconds, one.element.time.nanos, order[one.element.kind] ?? 0, one.offset)
      return left < (
        other.element.time.seconds, other.element.time.nanos, order[other.element.kind] ?? 0, other.offset
      )
    }.map(\.element)
  }

  private static func kind(of message: HandoverMessage) -> HandoverEvent.Kind {
    switch message.kind {
    case .answer: .answered
    case .rejection: .itemRejected
    default: .asked
    }
  }

  /// Who decided, and when.
  private struct Decision: Hashable {
    var time: ProtoTimestamp
    var principal: String
    var team: String
  }

  /// Items that were accepted by themselves, those of one moment together; what was accepted with the whole is told
  /// by that.
  private static func acceptedApart(_ handover: Handover) -> [(Decision, [String])] {
    var order: [Decision] = []
    var titles: [Decision: [String]] = [:]
    for item in handover.items where item.status == .accepted {
      guard let time = item.decidedTime, time != handover.acceptedTime else { continue }
      let decision = Decision(time: time, principal: item.decidedBy, team: item.decidedTeam)
      if titles[decision] == nil { order.append(decision) }
      titles[decision, default: []].append(item.title)
    }
    return order.map { ($0, titles[$0] ?? []) }
  }
}
