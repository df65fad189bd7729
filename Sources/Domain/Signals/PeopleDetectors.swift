public import PunosMessages

/// Finds what a change among the people of a decision means. The day of the change is part of each cause: who turns, or
/// is lost, a second time, is news a second time.
public enum PeopleDetectors {
  /// Who weighs less than this in a decision can be lost without the decision.
  public static let leastInfluence = 0.5
  /// What a member weighs where nobody says.
  public static let usualInfluence = 0.5

  /// Somebody began, or ceased, to decide. What a member who is new to our records means depends on the others
  /// (``CommitteeDetectors``).
  ///
  /// - Parameters:
  ///   - after: nil where the member was taken out of the committee.
  ///   - day: of the change.
  public static func decisionMakerChanged(
    _ before: CommitteeMember?, _ after: CommitteeMember?, on day: String
  ) -> FoundSignal? {
    guard let before, before.decides != (after?.decides ?? false) else { return nil }
    if let after, after.decides { return decides(after, on: day) }
    return FoundSignal(
      kind: .decisionMakerChanged, severity: .warning, title: "Somebody no longer decides",
      explanation: "Find out who decides now, and how they stand towards us.",
      // A record that is gone shows nothing any more.
      evidence: [after?.name ?? before.contact], dedupKey: "decides:\(before.name):ceased:\(day)",
      contact: before.contact)
  }

  static func decides(_ member: CommitteeMember, on day: String) -> FoundSignal {
    FoundSignal(
      kind: .decisionMakerChanged, severity: .warning, title: "Another person decides",
      explanation: "Learn what this person wants from the decision, and whose word they ask for.",
      evidence: [member.name], dedupKey: "decides:\(member.name):began:\(day)", contact: member.contact)
  }

  /// Nobody of ours is in touch any more with somebody whose word weighs.
  ///
  /// - Parameter day: of the change.
  public static func coverageLost(
    _ before: CommitteeMember?, _ after: CommitteeMember?, on day: String
  ) -> FoundSignal? {
    guard let before, let after, after.validTo.isEmpty, before.isInTouch, after.weighs else { return nil }
    let isNobodyLeft = !before.coveredBy.isEmpty && after.coveredBy.isEmpty
    guard !after.isInTouch || isNobodyLeft else { return nil }
    return lost(after, on: day, explanation: "Decide who of ours meets this person next, and when.")
  }

  static func lost(_ member: CommitteeMember, on day: String, explanation: String) -> FoundSignal {
    FoundSignal(
      kind: .coverageLost, severity: member.decides ? .warning : .notice,
      title: "We lost touch with somebody whose word weighs", explanation: explanation,
      evidence: [member.name], dedupKey: "coverage:\(member.name):\(day)", contact: member.contact)
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
    guard let promised = driver.promised, let key = missedKey(driver),
      ValueRealisation(driver, on: today.text).outcome == .missed
    else { return nil }
    return FoundSignal(
      kind: .valuePromiseMissed, severity: .warning,
      title: "A value that we promised by \(promised.date) did not come",
      explanation:
        "Tell the customer what was reached and what happens next, before they reckon it themselves.",
      evidence: [driver.name], dedupKey: key)
  }

  private static func missedKey(_ driver: ValueDriver) -> String? {
    guard let promised = driver.promised else { return nil }
    return "value:\(driver.name):\(promised.date)"
  }

  /// Keys of the signals that a value driver may have as it is, whatever the day: none where what was promised has come,
  /// or nothing is promised, or the driver is gone.
  public static func causes(of driver: ValueDriver?) -> Set<String> {
    guard let driver, let key = missedKey(driver) else { return [] }
    // On the last day there is, all that was measured counts.
    switch ValueRealisation(driver, on: "9999-12-31").outcome {
    case .realised, .noPromise: return []
    default: return [key]
    }
  }

  /// Why a value driver's signal has lost its cause, in a sentence.
  public static func ending(of driver: ValueDriver?) -> String {
    guard let driver else { return "The value driver was deleted." }
    if ValueRealisation(driver, on: "9999-12-31").outcome == .realised {
      return "The promised value has come."
    }
    return driver.promised == nil ? "Nothing is promised any more." : "The promise is another one."
  }
}

extension CommitteeMember {
  /// Whether the person's word is the last one, in any of their roles, for as long as they take part.
  public var decides: Bool { validTo.isEmpty && hasDecidingRole }

  /// Whether the person's word is, or was, the last one.
  var hasDecidingRole: Bool {
    ([role] + moreRoles).contains { $0 == .decisionMaker || $0 == .economicBuyer }
  }

  /// Whether somebody of ours is in touch.
  var isInTouch: Bool { coverage == .several || coverage == .deep }

  /// Whether the decision is lost with the person, for as long as they take part.
  var weighs: Bool {
    validTo.isEmpty
      && (decides || (influence ?? PeopleDetectors.usualInfluence) >= PeopleDetectors.leastInfluence)
  }
}
