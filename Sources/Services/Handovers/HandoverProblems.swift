import Domain
import PunosMessages
import RPC

/// What cannot be done with a handover as it is, and who can do what instead.
enum HandoverProblems {
  /// The side that a method is for.
  enum Side: Sendable {
    case sending, receiving

    var word: String { self == .sending ? "sending" : "receiving" }
  }

  /// Whether a caller may act for a side. Within one team the people named as taking over receive, and all others send.
  static func require(
    _ side: Side, of handover: Handover, _ caller: Principal, to act: String
  ) throws(Problem) {
    let team = side == .sending ? handover.fromTeam : handover.toTeam
    let isWithinTeam = handover.fromTeam == handover.toTeam
    let isTheirs = !isWithinTeam || handover.toPeople.contains(caller.name) == (side == .receiving)
    guard caller.team != team || !isTheirs else { return }
    let who =
      isWithinTeam && side == .receiving ? "whoever is named in to_people" : "the \(side.word) team, \(team)"
    throw Problem(
      .permissionDenied, "WRONG_TEAM",
      "Only \(who), can \(act); the certificate of this call is of \(caller.team).",
      metadata: ["team": team, "side": side.word, "caller_team": caller.team], resource: handover.name)
  }

  /// Whether a handover is in one of the states that a method takes.
  static func require(
    _ states: [Handover.State], _ handover: Handover, to act: String
  ) throws(Problem) {
    guard !states.contains(handover.state) else { return }
    let now = HandoverWords.text(of: handover.state)
    throw Problem(
      .failedPrecondition, "WRONG_STATE",
      "It is \(now), and only what is \(states.map { HandoverWords.text(of: $0) }.joined(separator: " or ")) can be "
        + "\(act). \(next(handover))",
      metadata: ["state": now, "team": turn(handover)], resource: handover.name)
  }

  /// What may be done now, and by whom.
  private static func next(_ handover: Handover) -> String {
    switch handover.state {
    case .offered:
      "Now \(handover.toTeam) accepts, queries or rejects its items, and accepts or returns the whole."
    case .accepted: "It is fixed; either team can close it."
    case .closed: "It is done with; begin a new one."
    default: "Now \(handover.fromTeam) writes it and offers it."
    }
  }

  private static func turn(_ handover: Handover) -> String {
    switch handover.state {
    case .offered: handover.toTeam
    case .accepted, .closed: ""
    default: handover.fromTeam
    }
  }

  /// What was accepted stays as it was accepted.
  static func fixed(_ handover: Handover, _ act: String) -> Problem {
    Problem(
      .failedPrecondition, "HANDOVER_FIXED",
      "It is \(HandoverWords.text(of: handover.state)): what it says is fixed and cannot be \(act). "
        + "New knowledge belongs in a handover of its own.",
      metadata: ["state": HandoverWords.text(of: handover.state)], resource: handover.name)
  }

  /// Refuses edits of what the receiver relies on.
  static func refuseForbiddenEdits(of before: Handover, after: Handover) throws(Problem) {
    if before.state == .accepted || before.state == .closed {
      guard HandoverContent.isSame(before, after), before.items == after.items else {
        throw fixed(before, "edited")
      }
    }
    if before.state == .offered, (before.fromTeam, before.toTeam) != (after.fromTeam, after.toTeam) {
      throw Problem(
        .failedPrecondition, "TEAMS_FIXED",
        "It is offered by \(before.fromTeam) to \(before.toTeam): its teams cannot be changed now. "
          + "\(before.toTeam) can return it first.",
        metadata: ["from_team": before.fromTeam, "to_team": before.toTeam], resource: before.name)
    }
    let now = Dictionary(after.items.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    for item in before.items { try refuseForbiddenEdits(of: item, after: now[item.id], in: before) }
  }

  private static func refuseForbiddenEdits(
    of item: HandoverItem, after: HandoverItem?, in handover: Handover
  ) throws(Problem) {
    let facts = ["item": item.id, "team": handover.toTeam]
    if item.status == .accepted,
      after.map({ HandoverContent.isSame($0, item) && $0.evidence == item.evidence }) != true
    {
      throw Problem(
        .failedPrecondition, "ITEM_ACCEPTED",
        "The item \(item.id) was accepted and cannot be edited or removed. Add an item with what is new, or ask "
          + "\(handover.toTeam) to query it again.",
        metadata: facts, resource: handover.name)
    }
    if after == nil, !item.thread.isEmpty {
      throw Problem(
        .failedPrecondition, "ITEM_DISCUSSED",
        "The item \(item.id) has questions and answers, which would go with it. Answer instead, and let "
          + "\(handover.toTeam) reject it.",
        metadata: facts, resource: handover.name)
    }
  }

  /// Something required is missing.
  static func notReady(_ handover: Handover, _ readiness: HandoverReadiness) -> Problem {
    let missing = readiness.gaps.filter(\.required)
    return Problem(
      .failedPrecondition, "NOT_READY",
      "\(missing.count) required item(s) say nothing yet: \(missing.map(\.title).joined(separator: "; ")). "
        + "GetHandoverReadiness tells why each matters.",
      metadata: [
        "missing": missing.map { $0.templateItem.isEmpty ? $0.itemId : $0.templateItem }.joined(
          separator: " ")
      ],
      fields: missing.map {
        FieldProblem(
          path: $0.itemId.isEmpty ? "items" : "items[\($0.itemId)].text",
          description: "\($0.title): \($0.prompt.isEmpty ? $0.why : $0.prompt)", reason: "MISSING")
      }, resource: handover.name)
  }

  /// Items that nobody decided on, or that wait for an answer.
  static func notSettled(_ handover: Handover) throws(Problem) {
    let queried = handover.items.filter { $0.status == .queried }.map(\.id)
    guard queried.isEmpty else {
      throw Problem(
        .failedPrecondition, "OPEN_QUERIES",
        "\(queried.count) question(s) wait for an answer of \(handover.fromTeam); then the items can be accepted or "
          + "rejected, and the whole be accepted.",
        metadata: ["items": queried.joined(separator: " "), "team": handover.fromTeam],
        resource: handover.name)
    }
    let open = handover.items.filter { $0.status != .accepted && $0.status != .rejected }.map(\.id)
    guard open.isEmpty else {
      throw Problem(
        .failedPrecondition, "UNDECIDED_ITEMS",
        "\(open.count) item(s) are neither accepted nor rejected. \(handover.toTeam) decides on each, or accepts all "
          + "that are open at once (accept_open_items).",
        metadata: ["items": open.joined(separator: " "), "team": handover.toTeam], resource: handover.name)
    }
  }

  /// There is no such item.
  static func noItem(_ id: String, in handover: Handover) -> Problem {
    Problem(
      .notFound, "NO_SUCH_ITEM", "The handover has no item \(id); it has \(handover.items.count) others.",
      metadata: ["item": id], resource: handover.name)
  }
}
