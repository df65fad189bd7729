import Domain
import ProtobufBridge
import PunosMessages
import Testing

@Suite struct SignalDetectorTests {
  private let today = Today(Samples.now)

  private func contact(until end: String?) -> AccountContact {
    var contact = AccountContact()
    contact.name = "accounts/a/contacts/c"
    contact.contact = "contacts/c"
    var employment = Employment()
    employment.account = "accounts/a"
    employment.validTo = end ?? ""
    contact.employments = [employment]
    return contact
  }

  private func commitment(due: String, status: Commitment.Status = .open) -> Commitment {
    var commitment = Commitment()
    commitment.name = "accounts/a/commitments/p"
    commitment.status = status
    commitment.direction = .ours
    commitment.dueDate = due
    commitment.team = "delivery"
    return commitment
  }

  @Test func todayIsTheDayOfTheMoment() {
    #expect(today.text == "2026-11-23")
    #expect(Today(-1).text == "1969-12-31")
    #expect(Today(.max).text == "1970-01-01")
    #expect(Today(.min).text == "1970-01-01")
  }

  @Test func aContactWhoseEmploymentEndsHasLeft() throws {
    let signal = try #require(
      RecordDetectors.contactLeft(contact(until: nil), contact(until: "2026-11-20"), today))
    #expect(signal.kind == .contactLeft)
    #expect(signal.contact == "contacts/c")
    #expect(signal.title == "A contact left on 2026-11-20")
  }

  @Test func aContactWhoIsTakenOffTheAccountHasLeft() {
    #expect(
      RecordDetectors.contactLeft(contact(until: nil), nil, today)?.dedupKey
        == "contact-left:accounts/a/contacts/c:2026-11-23")
  }

  @Test func aLeavingToComeIsToldAhead() {
    #expect(
      RecordDetectors.contactLeft(contact(until: nil), contact(until: "2026-12-31"), today)?.title
        == "A contact is leaving on 2026-12-31")
  }

  @Test func leavingsOfLongAgoAndPeopleWhoStayAreNoNews() {
    #expect(RecordDetectors.contactLeft(contact(until: nil), contact(until: "2020-01-01"), today) == nil)
    #expect(RecordDetectors.contactLeft(nil, contact(until: "2026-11-20"), today) == nil)
    #expect(RecordDetectors.contactLeft(contact(until: nil), contact(until: nil), today) == nil)
    #expect(RecordDetectors.contactLeft(contact(until: "2026-11-01"), nil, today) == nil)
  }

  @Test func aPromiseIsOverdueTheDayAfterItIsDue() {
    #expect(RecordDetectors.overdue(commitment(due: "2026-11-23"), today) == nil)
    #expect(RecordDetectors.overdue(commitment(due: "2026-11-22"), today)?.severity == .warning)
    #expect(RecordDetectors.overdue(commitment(due: "2026-10-01"), today)?.severity == .critical)
    #expect(RecordDetectors.overdue(commitment(due: "2026-11-22", status: .kept), today) == nil)
    #expect(RecordDetectors.overdue(commitment(due: ""), today) == nil)
  }

  @Test func theSameCauseGivesTheSameKeyAndANewDueDayANewOne() {
    let once = RecordDetectors.overdue(commitment(due: "2026-11-01"), today)
    let later = RecordDetectors.overdue(commitment(due: "2026-11-01"), Today(Samples.now + 5 * Samples.day))
    #expect(once?.dedupKey == later?.dedupKey)
    #expect(once?.dedupKey != RecordDetectors.overdue(commitment(due: "2026-11-02"), today)?.dedupKey)
  }

  @Test func anInsightIsStaleOneHalfLifeAfterItWasKnown() {
    #expect(
      RecordDetectors.stale(Samples.insight("i", daysAgo: 100, halfLifeDays: 90), today)?.kind
        == .insightStale)
    #expect(RecordDetectors.stale(Samples.insight("i", daysAgo: 80, halfLifeDays: 90), today) == nil)
    var retired = Samples.insight("i", daysAgo: 100, halfLifeDays: 90)
    retired.status = .retired
    #expect(RecordDetectors.stale(retired, today) == nil)
  }

  @Test func aSignalNamesNoTextThatMayBeWithheld() throws {
    var insight = Samples.insight("i", daysAgo: 100, halfLifeDays: 90)
    insight.claim = "SECRET"
    let signal = try #require(RecordDetectors.stale(insight, today))
    #expect(!"\(signal)".contains("SECRET"))
  }
}

@Suite struct PeopleDetectorTests {
  private let day = "2026-11-23"

  private func member(
    _ role: CommitteeMember.Role = .influencer, _ stance: CommitteeMember.Stance = .neutral,
    _ coverage: CommitteeMember.Coverage = .several, influence: Double? = nil, until end: String = ""
  ) -> CommitteeMember {
    var member = CommitteeMember()
    member.name = "accounts/a/committeeMembers/m"
    member.contact = "contacts/c"
    member.role = role
    member.stance = stance
    member.coverage = coverage
    member.influence = influence
    member.validTo = end
    return member
  }

  @Test func whoBeginsOrCeasesToDecideIsTold() {
    let user = member(.user)
    let decider = member(.decisionMaker)
    #expect(PeopleDetectors.decisionMakerChanged(user, decider, on: day)?.title == "Another person decides")
    #expect(
      PeopleDetectors.decisionMakerChanged(decider, user, on: day)?.title == "Somebody no longer decides")
    #expect(
      PeopleDetectors.decisionMakerChanged(decider, member(.decisionMaker, until: "2026-11-01"), on: day)?
        .kind
        == .decisionMakerChanged)
    #expect(PeopleDetectors.decisionMakerChanged(decider, member(.economicBuyer), on: day) == nil)
    #expect(PeopleDetectors.decisionMakerChanged(nil, decider, on: day) == nil)
    #expect(PeopleDetectors.decisionMakerChanged(user, nil, on: day) == nil)
    let gone = PeopleDetectors.decisionMakerChanged(decider, nil, on: day)
    #expect(gone?.title == "Somebody no longer decides" && gone?.evidence == [decider.contact])
  }

  @Test func somebodyNewWhoDecidesIsNewsWhereOthersWereKnownTo() {
    func other(_ id: String, _ role: CommitteeMember.Role, purchase: String = "", until end: String = "")
      -> CommitteeMember
    {
      var other = member(role, until: end)
      (other.name, other.contact) = ("accounts/a/committeeMembers/\(id)", "contacts/\(id)")
      other.purchase = purchase
      return other
    }
    func found(_ new: CommitteeMember, _ known: [CommitteeMember]) -> FoundSignal? {
      CommitteeDetectors.newDecider(new, beside: known, on: day)
    }
    let new = other("new", .economicBuyer)
    #expect(found(new, []) == nil)
    #expect(found(new, [other("old", .user)]) == nil)
    #expect(found(new, [other("old", .decisionMaker)])?.title == "Another person decides")
    #expect(found(new, [other("old", .decisionMaker, until: "2026-11-01")]) != nil)
    #expect(found(other("new", .user), [other("old", .decisionMaker)]) == nil)
    let mills = other("new", .decisionMaker, purchase: "accounts/a/purchases/mills")
    #expect(found(mills, [other("old", .decisionMaker, purchase: "accounts/a/purchases/lifts")]) == nil)
    // Who decides in general decides here too.
    #expect(found(mills, [other("new", .decisionMaker), other("old", .decisionMaker)]) == nil)
  }

  @Test func whoLeavesTakesOurContactAlong() {
    var covered = member(.decisionMaker, .neutral, .deep)
    covered.coveredBy = ["aino"]
    var light = covered
    (light.role, light.influence) = (.user, 0.1)
    func lost(_ contact: String, _ members: [CommitteeMember]) -> [FoundSignal] {
      CommitteeDetectors.coverageLost(byLeaving: contact, members, on: day)
    }
    #expect(lost("contacts/c", [covered]).map(\.kind) == [.coverageLost])
    #expect(lost("contacts/d", [covered]).isEmpty)
    #expect(lost("contacts/c", [light, member(.decisionMaker, .neutral, .brief)]).isEmpty)
    #expect(lost("contacts/c", [member(.decisionMaker, .neutral, .deep, until: "2026-11-01")]).isEmpty)
  }

  @Test func whoOfOursLeavesTakesTheContactAlongThatNobodyElseHas() {
    var covered = member(.decisionMaker, .neutral, .deep)
    covered.coveredBy = ["aino"]
    func lost(_ teammates: Set<String>) -> [FoundSignal] {
      CommitteeDetectors.coverageLost(without: teammates, [covered], on: day)
    }
    #expect(lost(["aino", "eero"]).map(\.severity) == [.warning])
    #expect(lost(["eero"]).isEmpty)
    covered.coveredBy = ["aino", "sanna"]
    #expect(lost(["aino"]).isEmpty)
    covered.coveredBy = []
    #expect(lost(["aino"]).isEmpty)
    func account(_ owners: [(String, String)]) -> Account {
      Account.with {
        $0.owners = owners.map { name, end in
          AccountOwner.with { ($0.team, $0.principal, $0.validTo) = ("sales", name, end) }
        }
      }
    }
    let before = account([("aino", ""), ("eero", ""), ("sanna", "2020-01-01")])
    #expect(CommitteeDetectors.ended(before, account([("aino", "2026-11-23"), ("eero", "")])) == ["aino"])
    #expect(CommitteeDetectors.ended(before, before).isEmpty)
  }

  @Test func contactThatNobodyHasAnyMoreIsLostWhateverTheLevelSays() {
    var before = member(.decisionMaker, .neutral, .deep)
    before.coveredBy = ["aino"]
    #expect(
      PeopleDetectors.coverageLost(before, member(.decisionMaker, .neutral, .deep), on: day)?.kind
        == .coverageLost)
    #expect(PeopleDetectors.coverageLost(before, before, on: day) == nil)
  }

  @Test func losingTouchCountsForThoseWhoseWordWeighs() {
    let before = member(.influencer, .neutral, .deep)
    #expect(
      PeopleDetectors.coverageLost(before, member(.influencer, .neutral, .brief), on: day)?.severity
        == .notice)
    #expect(
      PeopleDetectors.coverageLost(before, member(.decisionMaker, .neutral, .none), on: day)?.severity
        == .warning)
    #expect(
      PeopleDetectors.coverageLost(before, member(.influencer, .neutral, .none, influence: 0.1), on: day)
        == nil)
    #expect(PeopleDetectors.coverageLost(before, member(.influencer, .neutral, .several), on: day) == nil)
    #expect(
      PeopleDetectors.coverageLost(before, member(.influencer, .neutral, .none, until: "2026-11-01"), on: day)
        == nil)
  }

  @Test func turningAgainstUsIsToldOfThoseWhoWereNot() {
    #expect(
      PeopleDetectors.turnedAgainst(member(.user, .supportive), member(.user, .against), on: day)?.severity
        == .warning)
    #expect(
      PeopleDetectors.turnedAgainst(member(.user, .neutral), member(.decisionMaker, .against), on: day)?
        .severity == .critical)
    #expect(
      PeopleDetectors.turnedAgainst(member(.user, .unspecified), member(.user, .against), on: day) == nil)
    #expect(PeopleDetectors.turnedAgainst(member(.user, .against), member(.user, .sceptical), on: day) == nil)
  }

  @Test func whoTurnsAgainstUsASecondTimeIsNewsASecondTime() throws {
    let (friend, foe) = (member(.user, .supportive), member(.user, .against))
    func key(_ day: String) throws -> String {
      try #require(PeopleDetectors.turnedAgainst(friend, foe, on: day)).dedupKey
    }
    #expect(try key("2026-11-23") == key("2026-11-23"))
    #expect(try key("2026-11-23") != key("2026-12-24"))
  }

  @Test func aPromisedValueThatDidNotComeByItsDayIsMissed() throws {
    func measurement(_ value: Double, _ day: String) -> ValueDriver.Measurement {
      var measurement = ValueDriver.Measurement()
      measurement.value = value
      measurement.date = day
      return measurement
    }
    var driver = ValueDriver()
    driver.name = "accounts/a/valueDrivers/v"
    driver.baseline = measurement(40, "2026-01-01")
    driver.promised = measurement(20, "2026-11-22")
    driver.realised = [measurement(30, "2026-11-01")]
    let today = Today(Samples.now)
    #expect(PeopleDetectors.valueMissed(driver, today)?.kind == .valuePromiseMissed)
    #expect(PeopleDetectors.valueMissed(driver, Today(Samples.now - 10 * Samples.day)) == nil)
    let missed = try #require(PeopleDetectors.valueMissed(driver, today))
    #expect(PeopleDetectors.causes(of: driver) == [missed.dedupKey])
    driver.realised.append(measurement(19, "2026-11-20"))
    #expect(PeopleDetectors.valueMissed(driver, today) == nil)
    #expect(PeopleDetectors.causes(of: driver).isEmpty && PeopleDetectors.causes(of: nil).isEmpty)
    #expect(PeopleDetectors.ending(of: driver) == "The promised value has come.")
  }
}

@Suite struct SilenceTests {
  private func days(_ days: [Int64]) -> [Int64] { days.map { Samples.now - $0 * Samples.day } }

  @Test func aWeeklyCustomerIsSilentAfterThreeWeeks() throws {
    let weekly = days([28, 35, 42, 49, 56])
    let silence = try #require(Silence.found(weekly, at: Samples.now))
    #expect((silence.usualDays, silence.limitDays, silence.days) == (7, 21, 28))
    #expect(silence.lastDay == "2026-10-26")
    #expect(Silence.found(weekly, at: Samples.now - 8 * Samples.day) == nil)
  }

  @Test func aYearlyCustomerIsNotSilentAfterAMonth() {
    #expect(Silence.found(days([30, 395, 760, 1_125, 1_490]), at: Samples.now) == nil)
  }

  @Test func aDailyCustomerMayTakeAHoliday() {
    #expect(Silence.found(days([10, 11, 12, 13, 14, 15]), at: Samples.now) == nil)
    #expect(Silence.found(days([15, 16, 17, 18, 19, 20]), at: Samples.now) != nil)
  }

  @Test func withoutARhythmThereIsNoSilence() {
    #expect(Silence.found(days([300, 400, 500]), at: Samples.now) == nil)
    #expect(Silence.found([], at: Samples.now) == nil)
  }

  @Test func whatLiesAheadIsNotHeardYet() {
    let moments = days([28, 35, 42, 49, 56]) + [Samples.now + Samples.day]
    #expect(Silence.found(moments, at: Samples.now)?.usualDays == 7)
  }

  @Test func aToneTurnsWhenTheLatestAreOnTheOtherSide() throws {
    let turned: [(moment: Int64, value: Double)] = [
      (1, 0.6), (2, 0.8), (3, 0.4), (4, -0.2), (5, -0.5), (6, -0.4),
    ]
    let turn = try #require(Tone.turn(turned.reversed()))
    #expect(turn.isWorse)
    #expect(Tone.turn(Array(turned.prefix(5))) == nil)
    #expect(Tone.turn(turned.map { ($0.moment, abs($0.value)) }) == nil)
  }

  private func key(_ values: [Double]) -> String? {
    let sentiments = values.enumerated().map { (moment: Int64($0.offset), value: $0.element) }
    return Tone.signal(of: "accounts/a", sentiments, evidence: "accounts/a/interactions/i")?.dedupKey
  }

  @Test func aToneThatStaysBadIsOneTurnHoweverLongItLasts() throws {
    let good = [0.6, 0.8, 0.4, 0.7, 0.5, 0.9]
    let turned = try #require(key(good + [-0.6, -0.5, -0.8]))
    #expect(key(good + [-0.6, -0.5, -0.8, -0.4]) == turned)
    // A single good one among the bad does not make it another turn.
    #expect(key(good + [-0.6, -0.5, -0.8, 0.2]) == turned)
    #expect(key(good + [-0.6, -0.5, -0.8, 0.2, -0.7]) == turned)
  }

  @Test func aToneThatRecoversAndTurnsAgainIsAnotherTurn() throws {
    let first = [0.6, 0.8, 0.4, 0.7, 0.5, 0.9, -0.6, -0.5, -0.8]
    let second = first + [0.7, 0.9, 0.8, 0.6, 0.9, 0.7, -0.9, -0.7, -0.8]
    #expect(try #require(key(first)) != #require(key(second)))
  }

  @Test func whileATurnLastsItIsOneCause() {
    let seed: UInt64 = 20_261_123
    var chance = SeededGenerator(seed: seed)
    var turns = 0
    for _ in 0..<4_000 {
      let values = (0..<Int.random(in: 6...30, using: &chance)).map { _ in
        Double.random(in: -1...1, using: &chance)
      }
      guard let before = key(values) else { continue }
      turns += 1
      let more: Double = values.suffix(Tone.window).reduce(0, +) < 0 ? -1 : 1
      let after = key(values + [more])
      #expect(after == nil || after == before, "seed \(seed): \(values)")
    }
    #expect(turns > 100)
  }
}
