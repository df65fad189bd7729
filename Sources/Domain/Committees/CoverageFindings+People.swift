import PunosMessages

/// Findings on single people of the committee.
extension CoverageFindings {
  /// People who are against or doubt, and whom nobody talks to.
  func opponents() -> [CoverageFinding] {
    uncoveredOpponents.map { seat in
      let base = seat.stance == .against ? 1.0 : 0.6
      let stance = CoverageWords.stance(seat.stance)
      return finding(
        .opponentUncovered,
        [
          reason(0.4 * base, "\(seat.title) \(stance), and hears only others speak of us.", seat.records),
          reason(
            0.6 * base * seat.influence, "Their word weighs \(Figures.percent(seat.influence)).", seat.records),
        ],
        evidence: seat.records, "\(seat.title), \(CoverageWords.roles(seat)), \(stance), and nobody talks to them.",
        next: "Meet \(seat.title) before the decision, and ask what speaks against it in their eyes.")
    }
  }

  private var uncoveredOpponents: [CommitteeSeat] {
    seats.filter { ($0.stance == .against || $0.stance == .sceptical) && !$0.isCovered }
  }

  /// Contact that was there and has gone stale.
  func stale() -> [CoverageFinding] {
    covered.compactMap { seat in
      guard let age = CoverageScore.age(seat, at: committee.moment),
        age > CoverageScore.halfLife * Self.staleAfterHalves
      else { return nil }
      let faded = 1 - CoverageScore.freshness(seat, at: committee.moment)
      let known = seat.coveredBy.sorted().first
      return finding(
        .stale,
        [
          reason(
            0.3 * faded, "The last contact was \(Figures.days(age)) ago; \(Figures.percent(faded)) of it has faded.",
            seat.records),
          reason(
            0.7 * faded * seat.influence, "Their word weighs \(Figures.percent(seat.influence)).", seat.records),
        ],
        evidence: seat.records,
        "Contact with \(seat.title), \(CoverageWords.roles(seat)), has gone stale: the last was \(Figures.days(age)) ago.",
        next: "Meet \(seat.title) again\(known.map { "; \($0) was in touch with them" } ?? "").")
    }
  }

  /// Contact that is less than wanted. Of opponents nobody talks to, that is said already.
  func belowWanted() -> [CoverageFinding] {
    let said = Set(uncoveredOpponents.map(\.contact))
    return seats.compactMap { seat in
      guard !said.contains(seat.contact), seat.wanted > .none else { return nil }
      // What is not known is taken as none.
      let levels = seat.wanted.rawValue - max(seat.coverage, .none).rawValue
      guard levels > 0 else { return nil }
      let gap = Figures.unit(Double(levels) / Double(Self.mostLevels))
      let (now, then) = (CoverageWords.level(seat.coverage), CoverageWords.level(seat.wanted))
      return finding(
        .belowWanted,
        [
          reason(0.2 * gap, "Contact is \(now), and \(then) is wanted.", seat.records),
          reason(0.6 * gap * seat.influence, "Their word weighs \(Figures.percent(seat.influence)).", seat.records),
        ],
        evidence: seat.records, "Contact with \(seat.title), \(CoverageWords.roles(seat)), is \(now); \(then) is wanted.",
        next: introduction(to: seat))
    }
  }

  /// Levels between no contact and deep contact.
  private static let mostLevels = 3

  private func introduction(to seat: CommitteeSeat) -> String {
    let helpers = covered.filter { $0.contact != seat.contact && $0.accessTo.contains(seat.contact) }
    if seat.isCovered { return "Arrange the next meeting with \(seat.title)." }
    guard let helper = CommitteeSeat.heaviest(helpers) else { return "Find somebody who can introduce you to \(seat.title)." }
    return "Ask \(helper.title), who reaches them, to introduce you to \(seat.title)."
  }

  /// People who are still in the committee and work at the account no longer.
  func left() -> [CoverageFinding] {
    gone.map { seat in
      let day = committee.left[seat.contact] ?? committee.date
      return finding(
        .left,
        [
          reason(0.4, "\(seat.title) has not worked at the account since \(day).", seat.records),
          reason(0.5 * seat.influence, "Their word weighed \(Figures.percent(seat.influence)).", seat.records),
        ],
        evidence: seat.records, "\(seat.title), \(CoverageWords.roles(seat)), left on \(day) and is still in the committee.",
        next: "Ask who takes over from \(seat.title), and end their part in the committee.")
    }
  }
}
