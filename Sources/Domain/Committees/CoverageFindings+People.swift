import PunosMessages

/// Findings on single people of the committee. Names stay as they are in Finnish sentences, which are built so that no name
/// must be inflected.
extension CoverageFindings {
  /// People who are against or doubt, and whom nobody talks to.
  func opponents() -> [CoverageFinding] {
    uncoveredOpponents.map { seat in
      let base = seat.stance == .against ? 1.0 : 0.6
      let (stance, roles) = (CoverageWords.stance(seat.stance), CoverageWords.roles(seat))
      return finding(
        .opponentUncovered,
        [
          reason(
            0.4 * base,
            BothLanguages(
              "\(seat.title) \(stance.english), and hears only others speak of us.",
              "\(seat.title) \(stance.finnish) ja kuulee meistä vain muilta."), seat.records),
          reason(0.6 * base * seat.influence, weighs(seat), seat.records),
        ],
        evidence: seat.records,
        BothLanguages(
          "\(seat.title), \(roles.english), \(stance.english), and nobody talks to them.",
          "\(seat.title), \(roles.finnish), \(stance.finnish), eikä kukaan puhu hänelle."),
        next: committee.decision.meeting(seat.title))
    }
  }

  private var uncoveredOpponents: [CommitteeSeat] {
    seats.filter { ($0.stance == .against || $0.stance == .sceptical) && !$0.isCovered }
  }

  /// Contact that was there and has gone stale.
  func stale() -> [CoverageFinding] {
    covered.compactMap { seat in
      guard let standing = CoverageScore.standing(seat, at: committee.moment),
        standing.age > CoverageScore.halfLife * Self.staleAfterHalves
      else { return nil }
      let faded = 1 - standing.freshness
      let known = seat.coveredBy.sorted().first
      let roles = CoverageWords.roles(seat)
      let when = CoverageWords.lastTime(standing)
      return finding(
        .stale,
        [
          reason(0.3 * faded, CoverageWords.faded(standing), seat.records),
          reason(0.7 * faded * seat.influence, weighs(seat), seat.records),
        ],
        evidence: seat.records,
        BothLanguages(
          "Contact with \(seat.title), \(roles.english), has gone stale: \(when.english).",
          "Yhteys on vanhentunut: \(seat.title), \(roles.finnish), \(when.finnish)."),
        next: BothLanguages(
          "Meet \(seat.title) again\(known.map { "; \($0) was in touch with them" } ?? "").",
          "Tapaa uudelleen \(seat.title)\(known.map { "; yhteyttä piti \($0)" } ?? "")."))
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
      let roles = CoverageWords.roles(seat)
      return finding(
        .belowWanted,
        [
          reason(
            0.2 * gap,
            BothLanguages(
              "Contact is \(now.english), and \(then.english) is wanted.",
              "Yhteys nyt: \(now.finnish); tavoite: \(then.finnish)."), seat.records),
          reason(0.6 * gap * seat.influence, weighs(seat), seat.records),
        ],
        evidence: seat.records,
        BothLanguages(
          "Contact with \(seat.title), \(roles.english), is \(now.english); \(then.english) is wanted.",
          "\(seat.title), \(roles.finnish): yhteys nyt \(now.finnish), tavoite \(then.finnish)."),
        next: introduction(to: seat))
    }
  }

  /// Levels between no contact and deep contact.
  private static let mostLevels = 3

  private func introduction(to seat: CommitteeSeat) -> BothLanguages {
    let helpers = covered.filter { $0.contact != seat.contact && $0.accessTo.contains(seat.contact) }
    if seat.isCovered {
      return BothLanguages(
        "Arrange the next meeting with \(seat.title).", "Sovi seuraava tapaaminen: \(seat.title).")
    }
    guard let helper = CommitteeSeat.heaviest(helpers) else {
      return BothLanguages(
        "Find somebody who can introduce you to \(seat.title).",
        "Etsi joku, joka esittelee sinut: \(seat.title).")
    }
    return BothLanguages(
      "Ask \(helper.title), who reaches them, to introduce you to \(seat.title).",
      "Pyydä esittelyä: \(helper.title) tavoittaa hänet (\(seat.title)).")
  }

  /// People who are still in the committee and work at the account no longer.
  func left() -> [CoverageFinding] {
    gone.map { seat in
      let share = Figures.percent(seat.influence)
      let roles = CoverageWords.roles(seat)
      let since = CoverageWords.gone(committee.presence(of: seat.contact))
      return finding(
        .left,
        [
          reason(
            0.4,
            BothLanguages(
              "\(seat.title) \(since.worked.english).", "\(seat.title) \(since.worked.finnish)."),
            seat.records),
          reason(
            0.5 * seat.influence,
            BothLanguages("Their word weighed \(share).", "Hänen sanansa painoi \(share)."), seat.records),
        ],
        evidence: seat.records,
        BothLanguages(
          "\(seat.title), \(roles.english), \(since.left.english) and is still in the committee.",
          "\(seat.title), \(roles.finnish), \(since.left.finnish) ja on yhä päätöksentekijöissä."),
        next: BothLanguages(
          "Ask who takes over from \(seat.title), and end their part in the committee.",
          "Kysy, kuka tulee tilalle (\(seat.title)), ja merkitse hänen osuutensa päättyneeksi."))
    }
  }
}
