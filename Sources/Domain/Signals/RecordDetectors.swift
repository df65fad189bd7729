public import PunosMessages

/// Finds what a change of one record means. Each looks at values alone, so that any change can be looked at again.
public enum RecordDetectors {
  /// Leavings and passed dates that are older than these days are history, not news: imports bring them by the
  /// thousand.
  public static let newsDays = 90
  /// A promise of ours that is late for so many days may cost the customer.
  public static let criticalDays = 30

  /// A person left the customer: had a present employment there and has none any more.
  ///
  /// - Parameters:
  ///   - before: the person as the account saw them; nil for one new to it.
  ///   - after: nil where they were taken off the account.
  public static func contactLeft(_ before: AccountContact?, _ after: AccountContact?, _ today: Today)
    -> FoundSignal?
  {
    guard let before, isPresent(before), !(after.map(isPresent) ?? false) else { return nil }
    let last = (after?.employments ?? []).map(\.validTo).max() ?? today.text
    if let days = today.days(since: last), days > newsDays { return nil }
    let isAhead = last > today.text
    return FoundSignal(
      kind: .contactLeft, severity: .warning,
      title: isAhead ? "A contact is leaving on \(last)" : "A contact left on \(last)",
      explanation: "Their employment at the customer \(isAhead ? "ends" : "ended") on \(last). "
        + "Find out who takes over their part, and meet that person before the customer needs something.",
      evidence: [before.contact], dedupKey: "contact-left:\(before.name):\(last)", contact: before.contact)
  }

  private static func isPresent(_ contact: AccountContact) -> Bool {
    contact.employments.contains { $0.validTo.isEmpty }
  }

  /// A promise is due and not settled.
  public static func overdue(_ commitment: Commitment, _ today: Today) -> FoundSignal? {
    guard let key = overdueKey(commitment), let days = today.days(since: commitment.dueDate), days > 0 else {
      return nil
    }
    let isOurs = commitment.direction != .theirs
    let severity: Signal.Severity = isOurs ? (days > criticalDays ? .critical : .warning) : .notice
    return FoundSignal(
      kind: .commitmentOverdue, severity: severity,
      title: "\(isOurs ? "Our promise" : "Their promise") was due on \(commitment.dueDate) and is open",
      explanation: isOurs
        ? "Keep it, or tell the customer today when it will be kept; then set the new day or settle it."
        : "Ask the customer for it, or agree on another day and set that.",
      evidence: [commitment.name], dedupKey: key,
      contact: commitment.contact, team: commitment.team, owner: commitment.owner)
  }

  private static func overdueKey(_ commitment: Commitment) -> String? {
    guard commitment.status == .open || commitment.status == .unspecified, !commitment.dueDate.isEmpty else {
      return nil
    }
    return "overdue:\(commitment.name):\(commitment.dueDate)"
  }

  /// Keys of the signals that a promise may have as it is, whatever the day; none of one that is gone.
  public static func causes(of commitment: Commitment?) -> Set<String> {
    Set([commitment.flatMap(overdueKey)].compactMap { $0 })
  }

  /// Why a promise's signal has lost its cause, in a sentence.
  public static func ending(of commitment: Commitment?) -> String {
    switch commitment?.status {
    case nil: "The promise was deleted."
    case .open?, .unspecified?: "The promise has another day."
    default: "The promise is settled."
    }
  }

  /// A claim is too old to rely on.
  public static func stale(_ insight: Insight, _ today: Today) -> FoundSignal? {
    guard let key = staleKey(insight), insight.becomesStale <= today.now else { return nil }
    let day = Today(insight.becomesStale).text
    return FoundSignal(
      kind: .insightStale, severity: insight.impact == .decisive ? .notice : .info,
      title: "An insight of the team \(insight.team.isEmpty ? "unknown" : insight.team) has gone stale",
      explanation: "It was last known to be so \(insight.halfLifeDays) days before \(day). "
        + "Ask whether it still holds, then review it: it holds, or it is retired.",
      evidence: [insight.name], dedupKey: key, team: insight.team, owner: insight.owner)
  }

  private static func staleKey(_ insight: Insight) -> String? {
    insight.isCurrent ? "stale:\(insight.name):\(Today(insight.becomesStale).text)" : nil
  }

  /// Keys of the signals that an insight may have as it is, whatever the day; none of one that is gone.
  public static func causes(of insight: Insight?) -> Set<String> {
    Set([insight.flatMap(staleKey)].compactMap { $0 })
  }

  /// Why an insight's signal has lost its cause, in a sentence.
  public static func ending(of insight: Insight?) -> String {
    guard let insight else { return "The insight was deleted." }
    return insight.isCurrent ? "The insight was looked at again." : "The insight is retired or replaced."
  }
}
