public import PunosMessages

/// Finds handovers that wait for somebody: their day passed, or the side whose turn it is does nothing.
///
/// Each signal is about one cause, and the cause has a key. ``causes(of:)`` names the keys that a handover may have
/// signals for as it is: a signal whose key is not among them any more has lost its cause.
public enum HandoverDetectors {
  /// A question, an offer or a return that nobody takes up for more days than these is forgotten: a working week, and
  /// the days around it.
  public static let patienceDays = 7

  /// A handover was to be accepted by a day that passed.
  public static func overdue(_ handover: Handover, _ today: Today) -> FoundSignal? {
    guard let key = overdueKey(handover), let days = today.days(since: handover.dueDate), days > 0 else {
      return nil
    }
    let turn = Turn(of: handover)
    return FoundSignal(
      kind: .handoverOverdue, severity: .warning,
      title: "A handover to \(handover.toTeam) was due on \(handover.dueDate) and is not accepted",
      explanation: "It waits for \(turn.team): \(turn.step) Or agree on another day and set that.",
      evidence: [handover.name], dedupKey: key, team: turn.team, owner: turn.owner)
  }

  /// The side whose turn it is has let the other wait for too long.
  public static func waits(_ handover: Handover, _ today: Today) -> FoundSignal? {
    let turn = Turn(of: handover)
    guard let key = waitKey(handover, turn), let since = turn.since else { return nil }
    let day = Today(since).text
    guard let days = today.days(since: day), days > patienceDays else { return nil }
    return FoundSignal(
      kind: .handoverWaits, severity: .notice,
      title: "A handover from \(handover.fromTeam) to \(handover.toTeam) waits for \(turn.team) since \(day)",
      explanation: "\(turn.step) The other team cannot go on before.",
      evidence: [handover.name], dedupKey: key, team: turn.team, owner: turn.owner)
  }

  /// Keys of the signals that a handover may have as it is, whatever the day; none of one that is gone.
  public static func causes(of handover: Handover?) -> Set<String> {
    guard let handover else { return [] }
    return Set([overdueKey(handover), waitKey(handover, Turn(of: handover))].compactMap { $0 })
  }

  /// Why a signal's cause is gone, in a sentence.
  public static func ending(of handover: Handover?) -> String {
    switch handover?.state {
    case nil: "The handover was deleted."
    case .accepted?: "The handover was accepted."
    case .closed?: "The handover was closed."
    default: "The handover went on, or has another day."
    }
  }

  private static func overdueKey(_ handover: Handover) -> String? {
    guard handover.isUnderWay, !handover.dueDate.isEmpty else { return nil }
    return "handover-overdue:\(handover.name):\(handover.dueDate)"
  }

  private static func waitKey(_ handover: Handover, _ turn: Turn) -> String? {
    guard let since = turn.since else { return nil }
    return "handover-waits:\(handover.name):\(turn.team):\(since)"
  }

  /// Whose turn it is, and since when.
  private struct Turn {
    var team: String
    var owner: String
    /// What is to be done, in a sentence.
    var step: String
    /// Seconds since 1970; nil where nobody waits, for it was not offered yet.
    var since: Int64?

    init(of handover: Handover) {
      let asked = handover.items.filter { $0.status == .queried }
      let isReceivers = handover.state == .offered && asked.isEmpty
      team = isReceivers ? handover.toTeam : handover.fromTeam
      owner = (isReceivers ? handover.toPeople : handover.fromPeople).first ?? ""
      switch handover.state {
      case .offered where isReceivers:
        step = "Accept its items, ask about them, or return it with reasons."
        since = ([handover.offeredTime] + handover.items.map(\.lastTime)).compactMap { $0?.seconds }.max()
      case .offered:
        step = "Answer what was asked about its items."
        since = asked.compactMap { $0.thread.last { $0.kind == .query }?.time?.seconds }.min()
      case .returned:
        step = "Mend what it was returned for, and offer it again."
        since = handover.returns.last?.time?.seconds
      case .draft, .unspecified: step = "Write what is missing, and offer it."
      default: step = ""
      }
    }
  }
}

extension Handover {
  /// Whether it is still to be accepted.
  public var isUnderWay: Bool { state != .accepted && state != .closed }
}

extension HandoverItem {
  /// When something was last said of it or decided.
  fileprivate var lastTime: ProtoTimestamp? {
    [decidedTime, thread.last?.time].compactMap { $0 }.max { $0.seconds < $1.seconds }
  }
}
