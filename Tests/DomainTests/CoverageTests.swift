import Domain
import ProtobufBridge
import PunosMessages
import Testing

/// What is missing in the coverage of a committee.
@Suite struct CoverageTests {
  private typealias Samples = CommitteeSamples

  private func kinds(_ committee: Committee) -> [CoverageFinding.Kind] {
    CoverageFindings.of(committee).map(\.kind)
  }

  private func finding(_ kind: CoverageFinding.Kind, _ committee: Committee) -> CoverageFinding? {
    CoverageFindings.of(committee).first { $0.kind == kind }
  }

  private func covered(
    _ id: String, _ role: CommitteeMember.Role, by: String = "aino", daysAgo: Int64 = 5
  ) -> CommitteeMember {
    Samples.member(id, role) { Samples.met(&$0, .several, daysAgo: daysAgo, by: [by]) }
  }

  @Test func anEmptyCommitteeIsTheFirstFindingAndEveryRoleIsMissing() {
    let findings = CoverageFindings.of(Samples.committee([], type: .expansion))
    #expect(findings.first?.kind == .nobodyCovered)
    #expect(findings.filter { $0.kind == .missingRole }.count == 4)
    #expect(findings.allSatisfy { $0.evidence.contains(Samples.purchase) && !$0.nextStep.isEmpty })
    #expect(CoverageScore.of(Samples.committee([])).score == 0)
  }

  @Test func theKindOfPurchaseSaysWhichRolesAreMissing() {
    let members = [covered("a", .decisionMaker), covered("b", .procurement, by: "eero")]
    #expect(!kinds(Samples.committee(members, type: .routine)).contains(.missingRole))
    let missing = CoverageFindings.of(Samples.committee(members, type: .tender)).filter {
      $0.kind == .missingRole
    }
    #expect(missing.map(\.role) == [.economicBuyer, .technicalEvaluator, .legal, .user, .champion])
    #expect(zip(missing, missing.dropFirst()).allSatisfy { $0.weight >= $1.weight })
  }

  @Test func aSecondRoleOfAPersonCounts() {
    let both = Samples.member("a", .decisionMaker) { $0.moreRoles = [.procurement] }
    #expect(!kinds(Samples.committee([both], type: .routine)).contains(.missingRole))
  }

  @Test func contactThroughOnePersonOfTheirsNamesThatPersonAndTheNextToMeet() {
    let members = [
      covered("pekka", .champion), Samples.member("kaisa", .economicBuyer) { $0.influence = 0.9 },
      Samples.member("liisa", .user) { $0.influence = 0.1 },
    ]
    let found = finding(.singleContact, Samples.committee(members))
    #expect(found?.evidence == ["accounts/kuura/committeeMembers/pekka"])
    #expect(found?.nextStep.contains("Kaisa") == true)
    #expect(!kinds(Samples.committee(members + [covered("olavi", .user)])).contains(.singleContact))
  }

  @Test func contactThroughOnePersonOfOursIsFoundUnlessSomebodyElseMayBeInTouch() {
    let alone = [covered("a", .champion), covered("b", .user)]
    #expect(kinds(Samples.committee(alone)).contains(.singleTeammate))
    #expect(!kinds(Samples.committee([alone[0], covered("b", .user, by: "eero")])).contains(.singleTeammate))
    let unknown = Samples.member("b", .user) { $0.coverage = .brief }
    #expect(!kinds(Samples.committee([alone[0], unknown])).contains(.singleTeammate))
  }

  @Test func anOpponentNobodyTalksToWeighsMoreTheMoreTheirWordDoes() {
    func weight(_ stance: CommitteeMember.Stance, _ influence: Double) -> Double {
      let opponent = Samples.member("olavi", .influencer) { ($0.stance, $0.influence) = (stance, influence) }
      return finding(.opponentUncovered, Samples.committee([opponent]))?.weight ?? 0
    }
    #expect(weight(.against, 1) == 1)
    #expect(weight(.against, 0.9) > weight(.against, 0.2))
    #expect(weight(.against, 0.5) > weight(.sceptical, 0.5))
    #expect(weight(.neutral, 1) == 0)
    let met = Samples.member("olavi", .influencer) { ($0.stance, $0.coverage) = (.against, .brief) }
    #expect(!kinds(Samples.committee([met])).contains(.opponentUncovered))
  }

  @Test func contactIsStaleAfterTwoHalfLivesAndWeighsMoreFromDayToDay() {
    func weight(_ daysAgo: Int64) -> Double {
      finding(.stale, Samples.committee([covered("a", .champion, daysAgo: daysAgo)]))?.weight ?? 0
    }
    #expect(weight(90) == 0)
    #expect(weight(91) > 0)
    #expect((91..<400).allSatisfy { weight($0) < weight($0 + 1) })
  }

  @Test func contactWithoutADayGoesStaleOneHalfLifeAfterItWasSaid() {
    func stale(_ daysAgo: Int64, touched: Int64? = nil) -> CoverageFinding? {
      let said = Samples.member("a", .champion) {
        ($0.coverage, $0.updateTime) = (.deep, Samples.time(daysAgo: daysAgo))
      }
      let touches = touched.map {
        [ContactTouch(contact: said.contact, last: Samples.now - $0 * Samples.day, channels: 1)]
      }
      return finding(.stale, Samples.committee([said], touches: touches ?? []))
    }
    #expect(stale(45) == nil)
    #expect(stale(46)?.sentence.contains("noted 46 days ago, nobody says when") == true)
    #expect(stale(46)?.finnishSentence.contains("kirjattu 46 päivää sitten") == true)
    #expect((stale(300)?.weight ?? 0) > (stale(46)?.weight ?? 1))
    // What shows more says whether it is stale: a letter of long ago, or of today.
    #expect(stale(10, touched: 366) == nil && stale(300, touched: 1) == nil)
    #expect(stale(300, touched: 100)?.sentence.contains("last 100 days ago") == true)
  }

  @Test func contactLessThanWantedIsAFindingUnlessTheOpponentIsOneAlready() {
    let wanted = Samples.member("a", .user) { ($0.coverage, $0.wantedCoverage) = (.brief, .deep) }
    #expect(
      finding(.belowWanted, Samples.committee([wanted]))?.sentence.contains("brief; deep is wanted") == true)
    let enough = Samples.member("a", .user) { ($0.coverage, $0.wantedCoverage) = (.deep, .several) }
    #expect(!kinds(Samples.committee([enough])).contains(.belowWanted))
    let opponent = Samples.member("a", .user) { ($0.stance, $0.wantedCoverage) = (.against, .deep) }
    #expect(!kinds(Samples.committee([opponent])).contains(.belowWanted))
  }

  @Test func aChampionWithoutAccessToTheEconomicBuyerIsFoundUntilSomebodySaysThatTheyReachThem() {
    let buyer = Samples.member("kaisa", .economicBuyer)
    var champion = Samples.member("pekka", .champion)
    #expect(kinds(Samples.committee([buyer, champion])).contains(.championWithoutAccess))
    champion.accessTo = [buyer.contact]
    #expect(!kinds(Samples.committee([buyer, champion])).contains(.championWithoutAccess))
    let one = Samples.member("kaisa", .economicBuyer) { $0.moreRoles = [.champion] }
    #expect(!kinds(Samples.committee([one])).contains(.championWithoutAccess))
  }

  /// A committee of a covered champion who is employed at these times.
  private func committee(employed employments: [Employment]) -> Committee {
    Samples.committee([covered("pekka", .champion)], employments: ["contacts/pekka": employments])
  }

  @Test func whoeverHasLeftTheAccountIsAFindingAndHoldsNoRole() {
    let left = committee(employed: [Samples.employment(to: "2026-05-01")])
    #expect(finding(.left, left)?.sentence.contains("left on 2026-05-01") == true)
    #expect(CoverageFindings.of(left).contains { $0.kind == .missingRole && $0.role == .champion })
    #expect(CoverageScore.of(left).score == 0)
    #expect(finding(.left, committee(employed: [Samples.employment(to: "2026-06-01")])) != nil)
    let later = committee(employed: [Samples.employment(to: "2026-06-02")])
    #expect(finding(.left, later) == nil && CoverageScore.of(later).score > 0)
  }

  @Test func aCommitteeOfWhichAllHaveLeftIsNotSaidToBeUnknown() {
    func sentence(_ people: [String]) -> String? {
      let members = people.map { Samples.member($0, .champion) }
      let left = Dictionary(uniqueKeysWithValues: members.map { ($0.contact, [Employment]()) })
      let found = finding(.nobodyCovered, Samples.committee(members, employments: left))
      #expect(found?.evidence == [Samples.purchase] + members.map(\.name))
      return found?.sentence
    }
    #expect(sentence([]) == "Nobody of the committee is known.")
    #expect(sentence(["pekka"]) == "The only one who is known of the committee works there no longer.")
    #expect(sentence(["a", "b"]) == "None of the 2 who are known of the committee works there any longer.")
  }

  @Test func whoeverHasNoEmploymentAtTheAccountAnyMoreWorksThereNoLonger() {
    let moved = committee(employed: [])
    let found = finding(.left, moved)
    #expect(found?.sentence.contains("works there no longer") == true)
    #expect(found?.finnishSentence.contains("ei ole enää siellä töissä") == true)
    #expect(CoverageScore.of(moved).score == 0 && kinds(moved).contains(.nobodyCovered))
  }

  @Test func whoeverIsEmployedAgainIsGoneInBetweenOnly() {
    let twice = [
      Samples.employment(from: "2024-01-01"), Samples.employment(from: "2020-01-01", to: "2022-01-01"),
    ]
    var asked = committee(employed: twice)
    #expect(finding(.left, asked) == nil)
    asked.date = "2023-01-01"
    #expect(finding(.left, asked)?.sentence.contains("left on 2022-01-01") == true)
    asked.date = "2021-01-01"
    #expect(finding(.left, asked) == nil && asked.seats.count == 1)
  }

  @Test func whoeverBeginsToWorkAtTheAccountLaterDoesNotTakePartYet() {
    let coming = committee(employed: [Samples.employment(from: "2026-06-02")])
    #expect(coming.present.isEmpty && finding(.left, coming) == nil)
    let here = committee(employed: [Samples.employment(from: "2026-06-01")])
    #expect(here.present.count == 1)
  }

  @Test func onlyMembersOfTheDayAndOfThePurchaseCount() {
    let former = Samples.member("a", .champion) { $0.validTo = Samples.today }
    let future = Samples.member("b", .champion) { $0.validFrom = "2026-06-02" }
    let other = Samples.member("c", .champion) { $0.purchase = "accounts/kuura/purchases/other" }
    let general = Samples.member("d", .user)
    #expect(Samples.committee([former, future, other, general]).present.map(\.contact) == ["contacts/d"])
  }

  @Test func whatIsSaidOfThePurchaseCountsBeforeWhatIsSaidOfThePersonInGeneral() {
    let general = Samples.member("a", .user) { ($0.stance, $0.influence) = (.supportive, 0.2) }
    var own = Samples.member("a", .decisionMaker) { ($0.stance, $0.influence) = (.against, 0.9) }
    own.name += "-2"
    own.purchase = Samples.purchase
    let seat = Samples.committee([general, own]).seats.first
    #expect(seat?.stance == .against && seat?.influence == 0.9 && seat?.roles == [.user, .decisionMaker])
    // What it does not say of the purchase holds as it is said in general.
    (own.stance, own.influence) = (.unspecified, nil)
    let silent = Samples.committee([general, own]).seats.first
    #expect(silent?.stance == .supportive && silent?.influence == 0.2)
    let unknown = Samples.committee([Samples.member("a", .user)]).seats.first
    #expect(unknown?.influence == CommitteeSeat.usualInfluence)
  }

  @Test func everybodyOfAnyPurchaseTakesPartWhereNoneIsAskedAboutEachOnce() {
    let own = Samples.member("a", .champion) {
      ($0.purchase, $0.stance, $0.influence) = (Samples.purchase, .supportive, 0.7)
      $0.updateTime = Samples.time(daysAgo: 9)
    }
    var later = own
    (later.name, later.purchase, later.role) = (own.name + "-2", "accounts/kuura/purchases/other", .user)
    (later.stance, later.updateTime) = (.neutral, Samples.time(daysAgo: 1))
    let general = Samples.member("b", .legal)
    let all = Samples.committee([own, later, general], of: "", decision: .some)
    #expect(all.present.count == 3 && all.seats.map(\.contact) == ["contacts/a", "contacts/b"])
    #expect(all.seats.first?.roles == [.champion, .user])
    // What wnoted last counts, unless it is said of the person in general.
    #expect(all.seats.first?.stance == .neutral && all.seats.first?.influence == 0.7)
    let person = Samples.member("a", .influencer) { $0.stance = .against }
    #expect(Samples.committee([own, later, person], of: "").seats.first?.stance == .against)
  }

  private func purchase(_ status: Purchase.Status, decided: String = "") -> Purchase {
    var purchase = Purchase()
    (purchase.status, purchase.decidedDate) = (status, decided)
    return purchase
  }

  @Test func aPurchaseIsDecidedFromTheDayOfItsDecision() {
    let open = CommitteeDecision(of: purchase(.open), on: Samples.today)
    let unsaid = CommitteeDecision(of: purchase(.unspecified), on: Samples.today)
    #expect(open == .ahead && unsaid == .ahead)
    #expect(CommitteeDecision(of: nil, on: Samples.today) == .some)
    for (status, decision) in [
      (Purchase.Status.won, CommitteeDecision.won), (.lost, .over), (.noDecision, .over),
    ] {
      #expect(CommitteeDecision(of: purchase(status), on: Samples.today) == decision)
      #expect(CommitteeDecision(of: purchase(status, decided: Samples.today), on: Samples.today) == decision)
      #expect(CommitteeDecision(of: purchase(status, decided: "2026-06-02"), on: Samples.today) == .ahead)
    }
    var deleted = purchase(.open)
    deleted.deleteTime = Samples.time(daysAgo: 1)
    #expect(CommitteeDecision(of: deleted, on: Samples.today) == .over)
    deleted.status = .won
    #expect(CommitteeDecision(of: deleted, on: Samples.today) == .won)
  }

  @Test func nothingIsToBeDoneBeforeADecisionThatIsMade() {
    let opponent = Samples.member("olavi", .decisionMaker) { $0.stance = .against }
    for members in [[opponent], []] {
      var texts: [CommitteeDecision: [String]] = [:]
      for decision in [CommitteeDecision.some, .ahead, .won, .over] {
        let findings = CoverageFindings.of(Samples.committee(members, decision: decision))
        texts[decision] = findings.flatMap { [$0.nextStep, $0.sentence] + $0.because.map(\.sentence) }
        #expect(findings.allSatisfy { !$0.finnishNextStep.isEmpty && $0.finnishNextStep != $0.nextStep })
      }
      let made = (texts[.won] ?? []) + (texts[.over] ?? [])
      #expect(!made.contains { $0.contains("before the decision") || $0.contains("Whoever decides") })
      #expect((texts[.won] ?? []).contains { $0.contains("elivery and service go on") })
      #expect(texts[.ahead] != texts[.over])
    }
    let ahead = finding(.opponentUncovered, Samples.committee([opponent]))
    #expect(ahead?.nextStep.contains("before the decision") == true)
  }

  @Test func contactAfterTheMomentAskedAboutIsNotKnownThen() {
    let met = Samples.member("pekka", .champion) {
      Samples.met(&$0, .deep, daysAgo: 10, by: ["aino"])
      $0.wantedCoverage = .several
    }
    let before = Samples.committee([met], at: Samples.now - 11 * Samples.day)
    #expect(CoverageScore.of(before).score == 0 && kinds(before).contains(.nobodyCovered))
    #expect(before.seats.first?.coverage == .unspecified && before.seats.first?.coveredBy == [])
    let reasons = CoverageScore.of(before).because
    #expect(!reasons.contains { $0.sentence.contains("nobody says when") })
    #expect(CoverageScore.of(Samples.committee([met], at: Samples.now - 10 * Samples.day)).score > 0)
    // What interactions show of the time before counts.
    let touch = ContactTouch(contact: met.contact, last: Samples.now - 20 * Samples.day, channels: 1)
    let touched = Samples.committee([met], at: Samples.now - 11 * Samples.day, touches: [touch])
    #expect(touched.seats.first?.coverage == .brief)
  }

  @Test func aLastContactOfAClockThatRunsAheadCountsAsOfNow() {
    let met = Samples.member("pekka", .champion) { Samples.met(&$0, .deep, daysAgo: -1, by: ["aino"]) }
    var committee = Samples.committee([met])
    committee.known = Samples.now
    #expect(committee.seats.first?.lastContact == Samples.now && !kinds(committee).contains(.nobodyCovered))
    committee.moment -= 1
    #expect(kinds(committee).contains(.nobodyCovered))
  }

  @Test func aRelationshipOfTheDayIsAccessToo() {
    let members = [Samples.member("kaisa", .economicBuyer), Samples.member("pekka", .champion)]
    var knows = Relationship()
    (knows.kind, knows.fromContact, knows.to) = (.knows, "contacts/kaisa", "contacts/pekka")
    var committee = Samples.committee(members)
    committee.relationships = [knows]
    #expect(!kinds(committee).contains(.championWithoutAccess))
    committee.relationships[0].kind = .conflictsWith
    #expect(kinds(committee).contains(.championWithoutAccess))
    (committee.relationships[0].kind, committee.relationships[0].validTo) = (.knows, Samples.today)
    #expect(kinds(committee).contains(.championWithoutAccess))
  }

  @Test func contactThatInteractionsShowCountsAsCoverage() {
    let champion = Samples.member("a", .champion)
    let touch = ContactTouch(contact: champion.contact, last: Samples.now - Samples.day, channels: 2)
    #expect(Samples.committee([champion], touches: [touch]).seats.first?.coverage == .several)
    let later = ContactTouch(contact: champion.contact, last: Samples.now + 1, channels: 2)
    #expect(Samples.committee([champion], touches: [later]).seats.first?.coverage == .unspecified)
  }
}
