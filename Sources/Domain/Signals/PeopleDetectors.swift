public import PunosMessages

/// Finds what a change among the people of a decision means. The day of the change is part of each cause: who turns, or
/// is lost, a second time, is news a second time.
public enum PeopleDetectors {
  /// Who weighs less than this in a decision can be lost without the decision.
  public static let leastInfluence = 0.5
  /// What a member weighs where nobody says.
  public static let usualInfluence = 0.5

  /// Somebody began, or ceased, to decide. A member who is new to our records is no news: they may have decided long
  /// before we wrote it down.
  ///
  /// - Parameter day: of the change.
  public static func decisionMakerChanged(
    _ before: CommitteeMember?, _ after: CommitteeMember?, on day: String
  ) -> FoundSignal? {
    guard let before, let after, before.decides != after.decides else { return nil }
    let words = after.decides ? "Another person decides" : "Somebody no longer decides"
    return FoundSignal(
      kind: .decisionMakerChanged, severity: .warning, title: words,
      explanation: after.decides
        ? "Learn what this person wants from the decision, and whose word they ask for."
        : "Find out who decides now, and how they stand towards us.",
      evidence: [after.name],
      dedupKey: "decides:\(after.name):\(after.decides ? "began" : "ceased"):\(day)",
      contact: after.contact)
  }

  /// Nobody of ours is in touch any more with somebody whose word weighs.
  ///
  /// - Parameter day: of the change.
  public static func coverageLost(
    _ before: CommitteeMember?, _ after: CommitteeMember?, on day: String
  ) -> FoundSignal? {
    guard let before, let after, after.validTo.isEmpty, before.isInTouch, !after.isInTouch,
      after.decides || (after.influence ?? usualInfluence) >= leastInfluence
    else { return nil }
    return FoundSignal(
      kind: .coverageLost, severity: after.decides ? .warning : .notice,
      title: "We lost touch with somebody whose word weighs",
      explanation: "Decide who of ours meets this person next, and when.", evidence: [after.name],
      dedupKey: "coverage:\(after.name):\(day)", contact: after.contact)
  }

  /// Somebody turned against us.
  ///
  /// - Parameter day: of the change.
  public static func turnedAgainst(
    _ before: CommitteeMember?, _ after: CommitteeMember?, on day: String
  ) -> FoundSignal? {
    guard let before, let after, after.validTo.isEmpty, after.stance == .against, before.stance != .against,
      before.stance != .unspecified
    else { return nil }
    return FoundSignal(
      kind: .person, severity: after.decides ? .critical : .warning, title: "Somebody turned against us",
      explanation: "Ask them why before others do, and whose word they trust.", evidence: [after.name],
      dedupKey: "against:\(after.name):\(day)", contact: after.contact)
  }

  /// A value that we promised has not come when it was due.
  public static func valueMissed(_ driver: ValueDriver, _ today: Today) -> FoundSignal? {
    guard let promised = driver.promised, ValueRealisation(driver, on: today.text).outcome == .missed else {
      return nil
    }
    return FoundSignal(
      kind: .valuePromiseMissed, severity: .warning,
      title: "A value that we promised by \(promised.date) did not come",
      explanation:
        "Tell the customer what was reached and what happens next, before they reckon it themselves.",
      evidence: [driver.name], dedupKey: "value:\(driver.name):\(promised.date)")
  }
}

extension CommitteeMember {
  /// Whether the person's word is the last one, in any of their roles, for as long as they take part.
  public var decides: Bool {
    validTo.isEmpty && ([role] + moreRoles).contains { $0 == .decisionMaker || $0 == .economicBuyer }
  }

  /// Whether somebody of ours is in touch.
  var isInTouch: Bool { coverage == .several || coverage == .deep }
}
