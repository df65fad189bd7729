import PunosMessages

/// Findings on the committee as a whole.
extension CoverageFindings {
  /// Roles that the purchase usually has and nobody is known in.
  func missingRoles() -> [CoverageFinding] {
    ExpectedRoles.of(committee.purchaseType).compactMap { expected in
      guard !seats.contains(where: { $0.roles.contains(expected.role) }) else { return nil }
      let words = expected.role.words
      let former = gone.filter { $0.roles.contains(expected.role) }
      let past = former.first.map { " \($0.title) was, and works there no longer." } ?? ""
      let who = helper.map(\.title) ?? "your first contact at the account"
      var finding = finding(
        .missingRole,
        [reason(expected.weight, "How much a purchase of this kind hangs on its \(words).", [whole])],
        evidence: [whole] + former.flatMap(\.records), "Nobody is known as \(words).\(past)",
        next: "Ask \(who) who \(expected.role.deed).")
      finding.role = expected.role
      return finding
    }
  }

  /// Contact that hangs on nobody, or on a single person on either side.
  func threads() -> [CoverageFinding] {
    guard !covered.isEmpty else { return [nobodyCovered()] }
    return [singleContact(), singleTeammate()].compactMap { $0 }
  }

  private func nobodyCovered() -> CoverageFinding {
    let first = CommitteeSeat.heaviest(seats)
    return finding(
      .nobodyCovered, [reason(1, "Whoever decides does so without having met us.", [whole])],
      evidence: [whole] + seats.flatMap(\.records),
      seats.isEmpty
        ? "Nobody of the committee is known." : "Nobody of ours is in touch with any of the \(seats.count) in the committee.",
      next: first.map { "Meet \($0.title) first: \(CoverageWords.roles($0))." }
        ?? "Ask at the account who takes part in the decision, and write them down.")
  }

  /// All contact goes through one person at the customer.
  private func singleContact() -> CoverageFinding? {
    guard covered.count == 1, let only = covered.first else { return nil }
    let others = seats.filter { $0.contact != only.contact }
    let uncovered = share(of: others)
    var because = [reason(0.6, "One person at the customer: when they go, so does the contact.", only.records)]
    if uncovered > 0 {
      because.append(
        reason(
          0.4 * uncovered, "\(Figures.percent(uncovered)) of the committee's influence lies with others.",
          others.flatMap(\.records)))
    }
    return finding(
      .singleContact, because, evidence: only.records, "All our contact goes through \(only.title).",
      next: CommitteeSeat.heaviest(others).map { "Ask \(only.title) to introduce you to \($0.title), \(CoverageWords.roles($0))." }
        ?? "Ask \(only.title) who else takes part, and for an introduction.")
  }

  /// All contact goes through one person of ours.
  private func singleTeammate() -> CoverageFinding? {
    let teammates = Set(covered.flatMap(\.coveredBy))
    // Where somebody is covered and nobody says by whom, it may well be by another.
    guard teammates.count == 1, let only = teammates.first, covered.allSatisfy({ !$0.coveredBy.isEmpty }) else {
      return nil
    }
    let held = share(of: covered)
    let first = CommitteeSeat.heaviest(covered)
    return finding(
      .singleTeammate,
      [
        reason(0.5, "One person of ours: when they are away, nobody is known at the customer."),
        reason(
          0.3 * held, "\(Figures.percent(held)) of the committee's influence is known to \(only) alone.",
          covered.flatMap(\.records)),
      ],
      evidence: covered.flatMap(\.records), "All our contact goes through \(only).",
      next: "Take a second person of ours along to the next meeting with \(first?.title ?? "the committee").")
  }

  /// Champions who do not reach the one who releases the money.
  func championsWithoutAccess() -> [CoverageFinding] {
    let champions = seats.filter { $0.roles.contains(.champion) }
    let buyers = seats.filter { $0.roles.contains(.economicBuyer) }
    guard let champion = CommitteeSeat.heaviest(champions), let buyer = CommitteeSeat.heaviest(buyers) else { return [] }
    let names = Set(buyers.map(\.contact))
    if champions.contains(where: { names.contains($0.contact) || !names.isDisjoint(with: $0.accessTo) }) { return [] }
    return [
      finding(
        .championWithoutAccess,
        [
          reason(0.5, "What a champion says must reach whoever pays.", champions.flatMap(\.records)),
          reason(0.4 * buyer.influence, "\(buyer.title) weighs \(Figures.percent(buyer.influence)).", buyer.records),
        ],
        evidence: champions.flatMap(\.records) + buyers.flatMap(\.records),
        "\(champion.title) speaks for us, but nobody says that they reach \(buyer.title), who releases the money.",
        next: "Ask \(champion.title) whether they can bring you together with \(buyer.title), or through whom.")
    ]
  }
}
