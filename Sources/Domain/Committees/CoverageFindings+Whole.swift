import PunosMessages

/// Findings on the committee as a whole.
extension CoverageFindings {
  /// Roles that the purchase usually has and nobody is known in.
  func missingRoles() -> [CoverageFinding] {
    ExpectedRoles.of(committee.purchaseType).compactMap { expected in
      guard !seats.contains(where: { $0.roles.contains(expected.role) }) else { return nil }
      let (words, deed) = (expected.role.words, expected.role.deed)
      let former = gone.filter { $0.roles.contains(expected.role) }
      let past = former.first.map { " \($0.title) was, and works there no longer." } ?? ""
      let finnishPast = former.first.map { " \($0.title) oli, eikä ole enää siellä töissä." } ?? ""
      var finding = finding(
        .missingRole,
        [
          reason(
            expected.weight,
            BothLanguages(
              "How much a purchase of this kind hangs on its \(words.english).",
              "Miten paljon tällainen hankinta riippuu tästä roolista: \(words.finnish)."), [whole])
        ],
        evidence: [whole] + former.flatMap(\.records),
        BothLanguages(
          "Nobody is known as \(words.english).\(past)",
          "Rooli on tuntematta: \(words.finnish).\(finnishPast)"),
        next: BothLanguages(
          "Ask \(helper?.title ?? "your first contact at the account") who \(deed.english).",
          "Kysy, kuka \(deed.finnish). Sen voi kertoa \(helper?.title ?? "ensimmäinen yhteyshenkilösi")."))
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
      .nobodyCovered,
      [
        reason(1, committee.decision.unmet, [whole])
      ],
      evidence: [whole] + (seats.isEmpty ? gone : seats).flatMap(\.records), whoIsUncovered,
      next: first.map {
        let roles = CoverageWords.roles($0)
        return BothLanguages(
          "Meet \($0.title) first: \(roles.english).", "Tapaa ensin \($0.title): \(roles.finnish).")
      }
        ?? committee.decision.asking)
  }

  private var whoIsUncovered: BothLanguages {
    if !seats.isEmpty {
      return BothLanguages(
        "Nobody of ours is in touch with any of the \(seats.count) in the committee.",
        "Kenelläkään meistä ei ole yhteyttä päätöksentekijöihin; heitä on \(seats.count).")
    }
    switch gone.count {
    case 0: return BothLanguages("Nobody of the committee is known.", "Yhtään päätöksentekijää ei tunneta.")
    case 1:
      return BothLanguages(
        "The only one who is known of the committee works there no longer.",
        "Ainoa tunnettu päätöksentekijä ei ole enää siellä töissä.")
    default:
      return BothLanguages(
        "None of the \(gone.count) who are known of the committee works there any longer.",
        "Yksikään tunnetuista päätöksentekijöistä (\(gone.count)) ei ole enää siellä töissä.")
    }
  }

  /// All contact goes through one person at the customer.
  private func singleContact() -> CoverageFinding? {
    guard covered.count == 1, let only = covered.first else { return nil }
    let others = seats.filter { $0.contact != only.contact }
    let uncovered = share(of: others)
    var because = [
      reason(
        0.6,
        BothLanguages(
          "One person at the customer: when they go, so does the contact.",
          "Yksi ihminen asiakkaalla: kun hän lähtee, yhteys lähtee mukana."), only.records)
    ]
    if uncovered > 0 {
      because.append(
        reason(
          0.4 * uncovered,
          BothLanguages(
            "\(Figures.percent(uncovered)) of the committee's influence lies with others.",
            "\(Figures.percent(uncovered)) vaikutusvallasta on muilla."), others.flatMap(\.records)))
    }
    return finding(
      .singleContact, because, evidence: only.records,
      BothLanguages(
        "All our contact goes through \(only.title).", "Kaikki yhteytemme kulkee yhden kautta: \(only.title)."
      ),
      next: CommitteeSeat.heaviest(others).map {
        let roles = CoverageWords.roles($0)
        return BothLanguages(
          "Ask \(only.title) to introduce you to \($0.title), \(roles.english).",
          "Pyydä häntä (\(only.title)) esittelemään sinut: \($0.title), \(roles.finnish).")
      }
        ?? BothLanguages(
          "Ask \(only.title) who else takes part, and for an introduction.",
          "Kysy häneltä (\(only.title)), ketkä muut osallistuvat, ja pyydä esittelyä."))
  }

  /// All contact goes through one person of ours.
  private func singleTeammate() -> CoverageFinding? {
    let teammates = Set(covered.flatMap(\.coveredBy))
    // Where somebody is covered and nobody says by whom, it may well be by another.
    guard teammates.count == 1, let only = teammates.first, covered.allSatisfy({ !$0.coveredBy.isEmpty })
    else {
      return nil
    }
    let held = share(of: covered)
    let first = CommitteeSeat.heaviest(covered)
    return finding(
      .singleTeammate,
      [
        reason(
          0.5,
          BothLanguages(
            "One person of ours: when they are away, nobody is known at the customer.",
            "Yksi meistä: kun hän on poissa, asiakas ei tunne ketään.")),
        reason(
          0.3 * held,
          BothLanguages(
            "\(Figures.percent(held)) of the committee's influence is known to \(only) alone.",
            "\(Figures.percent(held)) vaikutusvallasta tuntee vain \(only)."), covered.flatMap(\.records)),
      ],
      evidence: covered.flatMap(\.records),
      BothLanguages(
        "All our contact goes through \(only).", "Kaikki yhteytemme kulkee yhden kautta: \(only)."),
      next: BothLanguages(
        "Take a second person of ours along to the next meeting with \(first?.title ?? "the committee").",
        "Ota seuraavaan tapaamiseen mukaan toinen meistä: \(first?.title ?? "päätöksentekijät")."))
  }

  /// Champions who do not reach the one who releases the money.
  func championsWithoutAccess() -> [CoverageFinding] {
    let champions = seats.filter { $0.roles.contains(.champion) }
    let buyers = seats.filter { $0.roles.contains(.economicBuyer) }
    guard let champion = CommitteeSeat.heaviest(champions), let buyer = CommitteeSeat.heaviest(buyers) else {
      return []
    }
    let names = Set(buyers.map(\.contact))
    if champions.contains(where: { names.contains($0.contact) || !names.isDisjoint(with: $0.accessTo) }) {
      return []
    }
    let share = Figures.percent(buyer.influence)
    return [
      finding(
        .championWithoutAccess,
        [
          reason(
            0.5,
            BothLanguages(
              "What a champion says must reach whoever pays.",
              "Puolestapuhujan sanan on tavoitettava maksaja."),
            champions.flatMap(\.records)),
          reason(
            0.4 * buyer.influence,
            BothLanguages("\(buyer.title) weighs \(share).", "\(buyer.title) painaa \(share)."), buyer.records
          ),
        ],
        evidence: champions.flatMap(\.records) + buyers.flatMap(\.records),
        BothLanguages(
          "\(champion.title) speaks for us, but nobody says that they reach \(buyer.title), who releases the money.",
          "\(champion.title) puhuu puolestamme, mutta kukaan ei kerro hänen tavoittavan rahoista päättävää: \(buyer.title)."
        ),
        next: BothLanguages(
          "Ask \(champion.title) whether they can bring you together with \(buyer.title), or through whom.",
          "Kysy, voiko \(champion.title) tuoda teidät yhteen (\(buyer.title)), tai kenen kautta se käy."))
    ]
  }
}
