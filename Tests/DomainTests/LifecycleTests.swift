import Domain
import ProtobufBridge
import PunosMessages
import Testing

/// Journeys, and ways through them.
@Suite struct LifecycleTests {
  private let journey = DefaultJourney.journey

  private func moved(_ id: String, _ from: String, _ to: String, day: Int64) -> StageTransition {
    var transition = StageTransition()
    transition.name = "accounts/kuura/stageTransitions/\(id)"
    (transition.journey, transition.fromStage, transition.toStage) = (journey.name, from, to)
    transition.movedTime = ProtoTimestamp()
    transition.movedTime?.seconds = day * 86_400
    return transition
  }

  @Test func theJourneyThatComesWithPunosLeadsFromProspectToFormer() {
    #expect(
      journey.stages.map(\.id) == [
        "prospect", "evaluation", "agreement", "implementation", "use", "renewal", "former",
      ])
    for stage in journey.stages {
      #expect(
        !stage.activities.isEmpty && !stage.needs.isEmpty && !stage.painPoints.isEmpty && !stage.kpis.isEmpty)
    }
    #expect(Set(journey.stages.map(\.team)) == ["sales", "delivery", "service"])
  }

  @Test func aMoveIsForwardOrBackOrOut() {
    #expect(journey.move(from: "", to: "use") == .entry)
    #expect(journey.move(from: "prospect", to: "evaluation") == .forward)
    #expect(journey.move(from: "evaluation", to: "prospect") == .backward)
    #expect(journey.move(from: "evaluation", to: "former") == .drop)
    #expect(journey.move(from: "use", to: "use") == nil)
    #expect(journey.move(from: "use", to: "nowhere") == nil)
  }

  @Test func aStageMayNameWhatFollowsItAgainstTheOrder() {
    #expect(journey.move(from: "renewal", to: "use") == .forward)
    #expect(journey.move(from: "former", to: "prospect") == .forward)
    #expect(journey.following("renewal") == ["use", "former"])
    #expect(journey.following("former") == ["prospect"])
  }

  @Test func anEndInTheMiddleIsNotWhatComesNext() {
    var journey = journey
    let former = journey.stages.removeLast()
    journey.stages.insert(former, at: 1)
    #expect(
      journey.following("prospect") == [
        "evaluation", "agreement", "implementation", "use", "renewal", "former",
      ])
    #expect(journey.following("").first == "prospect" && journey.following("").last == "former")
  }

  @Test func whoeverPassesOverAStageMeetsItsCriteriaToo() {
    func ids(_ from: String, _ to: String) -> [String] { journey.criteria(from: from, to: to).map(\.id) }
    #expect(ids("prospect", "evaluation") == ["contact-known", "need-told", "purchase-open"])
    #expect(
      ids("evaluation", "implementation")
        == ["decider-known", "criteria-known", "chosen", "purchase-won", "handover-accepted"])
    #expect(ids("implementation", "evaluation").isEmpty)
    #expect(ids("use", "former").isEmpty)
    #expect(ids("renewal", "use") == ["service-knows"])
    #expect(ids("", "agreement") == ["chosen"])
  }

  @Test func aCriterionThatStagesShareIsAskedForTheTeamOfEachThatTheMoveGoesThrough() {
    var accepted = JourneyCriterion()
    (accepted.id, accepted.title, accepted.check) = ("taken", "Taken over", .handoverAccepted)
    var journey = Journey()
    journey.stages = ["sales", "delivery", "service"].map { team in
      var stage = JourneyStage()
      (stage.id, stage.team) = (team, team)
      if team != "sales" { stage.entryCriteria = [accepted] }
      return stage
    }
    func teams(_ from: String, _ to: String) -> [[String]] {
      journey.demands(from: from, to: to).map(\.teams)
    }
    #expect(teams("sales", "delivery") == [["delivery"]])
    #expect(teams("delivery", "service") == [["service"]])
    #expect(teams("sales", "service") == [["delivery", "service"]])
  }

  @Test func fromAStageThatTheJourneyNoLongerHasEveryWayIsOpen() {
    #expect(journey.move(from: "pilot", to: "prospect") == .forward)
    #expect(journey.move(from: "pilot", to: "former") == .drop)
    #expect(journey.move(from: "pilot", to: "nowhere") == nil)
    #expect(journey.criteria(from: "pilot", to: "implementation").map(\.id) == ["handover-accepted"])
    #expect(Set(journey.following("pilot")) == Set(journey.stages.map(\.id)))
  }

  @Test func timeIsCountedByStageAndVisit() {
    let moves = [
      moved("1", "", "prospect", day: 0), moved("2", "prospect", "evaluation", day: 10),
      moved("3", "evaluation", "prospect", day: 15), moved("4", "prospect", "evaluation", day: 16),
    ]
    let history = LifecycleHistory(moves.reversed())
    #expect(history.current?.name.hasSuffix("/4") == true)
    let times = history.times(in: journey, now: 20 * 86_400)
    #expect(times.map(\.stage) == ["prospect", "evaluation"])
    #expect(times.map(\.days) == [11, 9])
    #expect(times.map(\.visits) == [2, 2])
  }

  @Test func staysShorterThanADayComeToDaysTogether() {
    let moves = (0..<6).map { index in
      var move = moved("\(index)", index == 0 ? "" : "use", index % 2 == 0 ? "use" : "renewal", day: 0)
      move.movedTime?.seconds = Int64(index) * 23 * 3_600
      return move
    }
    let times = LifecycleHistory(moves).times(in: journey, now: 6 * 23 * 3_600)
    #expect(times.map(\.stage) == ["use", "renewal"])
    #expect(times.map(\.days) == [2, 2] && times.map(\.visits) == [3, 3])
  }

  @Test func timeInAStageOfAnotherJourneyIsNoneOfThisOne() {
    var elsewhere = moved("2", "", "prospect", day: 10)
    elsewhere.journey = "journeys/another"
    let history = LifecycleHistory([moved("1", "", "prospect", day: 0), elsewhere])
    #expect(history.times(in: journey, now: 30 * 86_400).map(\.days) == [10])
  }

  @Test func aMoveThatWasTakenBackNoLongerCounts() {
    var last = moved("2", "prospect", "evaluation", day: 10)
    last.reverted = true
    let history = LifecycleHistory([moved("1", "", "prospect", day: 0), last])
    #expect(history.current?.toStage == "prospect")
    #expect(history.all.count == 2)
    #expect(history.times(in: journey, now: 20 * 86_400).map(\.days) == [20])
  }

  @Test func ofMovesOfOneInstantTheOneThatBeginsWhereTheOtherEndedComesLast() {
    let first = moved("old-x", "", "prospect", day: 1)
    let second = moved("move-000002", "prospect", "evaluation", day: 1)
    let third = moved("a", "evaluation", "prospect", day: 1)
    for moves in [[first, second, third], [third, first, second], [second, third, first]] {
      #expect(LifecycleHistory(moves).all.map(\.name) == [first, second, third].map(\.name))
    }
    #expect(LifecycleHistory([second, first]).current?.toStage == "evaluation")
  }

  @Test func ofMovesOfOneInstantThatBeginInOneStageTheOneToldFirstComesFirst() {
    var (early, late) = (
      moved("z", "prospect", "evaluation", day: 1), moved("a", "prospect", "agreement", day: 1)
    )
    early.createTime = ProtoTimestamp()
    late.createTime = ProtoTimestamp()
    late.createTime?.nanos = 1
    #expect(LifecycleHistory([late, early]).all.map(\.name) == [early.name, late.name])
    // What is not stored yet is told last.
    late.createTime = nil
    #expect(LifecycleHistory([late, early]).current?.name == late.name)
    early.createTime = nil
    #expect(LifecycleHistory([late, early]).current?.name == early.name)
  }

  @Test func aStoryOfOneInstantThatBeginsInTheMiddleIsToldFromItsBeginning() {
    let first = moved("c", "evaluation", "agreement", day: 1)
    let second = moved("b", "agreement", "use", day: 1)
    var taken = moved("a", "agreement", "former", day: 1)
    taken.reverted = true
    let history = LifecycleHistory([second, taken, first])
    #expect(history.all.map(\.name) == [first, taken, second].map(\.name))
    #expect(history.counted.map(\.toStage) == ["agreement", "use"])
  }

  @Test func movesOfOneInstantAreAllToldHoweverManyGapsTheyHave() {
    var generator = SeededGenerator(seed: 11)
    for round in 0..<200 {
      let moves = (0..<30).map { index in
        var move = moved("\(index)", "s\(Int.random(in: 0...5, using: &generator))", "", day: 1)
        move.toStage = "s\(Int.random(in: 0...5, using: &generator))"
        move.journey = "j\(Int.random(in: 0...1, using: &generator))"
        move.reverted = Bool.random(using: &generator)
        return move
      }
      let names = LifecycleHistory(moves).all.map(\.name)
      #expect(names.sorted() == moves.map(\.name).sorted(), "round \(round)")
      #expect(LifecycleHistory(moves.shuffled(using: &generator)).all.map(\.name) == names, "round \(round)")
    }
  }

  @Test func theMedianIsTheMiddleOrTheMeanOfTheTwoInTheMiddle() {
    #expect(Histogram.median([]) == nil)
    #expect(Histogram.median([(5, 1)]) == 5)
    #expect(Histogram.median([(9, 1), (1, 1)]) == 5)
    #expect(Histogram.median([(1, 3), (100, 2)]) == 1)
    #expect(Histogram.median([(1, 2), (4, 2)]) == 2.5)
  }
}

/// Where funnels stick.
@Suite struct BottleneckTests {
  private func stage(
    _ id: String, converted: Int64, dropped: Int64 = 0, median: Double? = nil, expected: Int32? = nil,
    lost: Int64 = 0
  ) -> FunnelStage {
    var stage = FunnelStage()
    (stage.stage, stage.title) = (id, id)
    (stage.converted, stage.dropped) = (converted, dropped)
    (stage.medianDays, stage.expectedDays) = (median, expected)
    if lost > 0 { stage.valueLost = [Money(hundredths: lost * 100, currency: "EUR")] }
    return stage
  }

  private func weight(_ stage: FunnelStage, beside others: [FunnelStage] = []) -> Double {
    Bottlenecks.of([stage] + others).first { $0.stage == stage.stage }?.weight ?? 0
  }

  @Test func aStageThatLosesNobodyAndKeepsItsTimeIsNoBottleneck() {
    #expect(Bottlenecks.of([stage("a", converted: 100, median: 10, expected: 30)]).isEmpty)
  }

  @Test func dropOffDelayAndLossEachMakeItWorse() {
    let plain = stage("a", converted: 80, dropped: 20)
    #expect(weight(stage("a", converted: 60, dropped: 40)) > weight(plain))
    #expect(weight(stage("a", converted: 80, dropped: 20, median: 60, expected: 30)) > weight(plain))
    #expect(
      weight(stage("a", converted: 80, dropped: 20, median: 90, expected: 30))
        > weight(stage("a", converted: 80, dropped: 20, median: 60, expected: 30)))
    let other = stage("b", converted: 10, lost: 100)
    #expect(
      weight(stage("a", converted: 80, dropped: 20, lost: 100), beside: [other])
        > weight(plain, beside: [other]))
  }

  /// docs/lifecycle.md tells these numbers.
  @Test func theWorkedExampleOfTheDocumentationIsWhatComesOut() {
    let sticking = stage("a", converted: 60, dropped: 40, median: 60, expected: 30, lost: 500)
    #expect(Int((weight(sticking, beside: [stage("b", converted: 10, lost: 500)]) * 100).rounded()) == 44)
  }

  @Test func aStageWhereEverybodyIsStuckIsABottleneckThoughNobodyLeftIt() {
    var stuck = stage("a", converted: 0, expected: 10)
    (stuck.present, stuck.overdue) = (20, 20)
    let found = Bottlenecks.of([stuck])
    #expect(Int(((found.first?.weight ?? 0) * 100).rounded()) == 28)
    #expect(
      found.first?.sentence.contains(
        "20 of 20 that are there have been there longer than the expected 10 days") == true)
  }

  @Test func ofLeaversAndOfThoseThereTheWorseDelayCounts() {
    var both = stage("a", converted: 100, median: 20, expected: 10)
    (both.present, both.overdue) = (100, 10)
    let alone = weight(stage("a", converted: 100, median: 20, expected: 10))
    #expect(weight(both) == alone)
    both.overdue = 100
    #expect(weight(both) > alone)
  }

  @Test func lossesInDifferentCurrenciesAreNotCompared() {
    func stages(_ more: [Money]) -> [FunnelStage] {
      var (first, second) = (stage("a", converted: 1, lost: 1000), stage("b", converted: 1, lost: 1000))
      second.valueLost += more
      first.title = "a"
      return [first, second]
    }
    func share(_ id: String, _ stages: [FunnelStage]) -> Double? {
      Bottlenecks.of(stages).first { $0.stage == id }?.because.first?.weight
    }
    // A large number of a small currency takes nothing from what was lost in euros.
    let yen = Money(hundredths: 900_000_000, currency: "JPY")
    #expect(share("a", stages([])) == 0.125)
    #expect(share("a", stages([yen])) == 0.125)
    #expect(share("b", stages([yen])) == 0.25)
  }

  @Test func oneUnluckyCustomerMakesNoWorseBottleneckThanMany() {
    #expect(weight(stage("a", converted: 0, dropped: 1)) < weight(stage("a", converted: 0, dropped: 50)))
  }

  @Test func weightsStayBetweenNothingAndOneAndOrderChangesNothing() {
    let seed: UInt64 = 7
    for round in 0..<200 {
      var generator = SeededGenerator(seed: seed &+ UInt64(round))
      let stages = (0..<6).map { index in
        stage(
          "s\(index)", converted: .random(in: 0...50, using: &generator),
          dropped: .random(in: 0...50, using: &generator),
          median: .random(in: 0...300, using: &generator), expected: .random(in: 1...100, using: &generator),
          lost: .random(in: 0...1000, using: &generator))
      }.map { stage in
        var stage = stage
        stage.present = .random(in: 10...60, using: &generator)
        stage.overdue = .random(in: 0...8, using: &generator)
        if Bool.random(using: &generator) {
          stage.valueLost.append(
            Money(hundredths: .random(in: 1...90_000, using: &generator), currency: "SEK"))
        }
        return stage
      }
      let found = Bottlenecks.of(stages)
      #expect(found.allSatisfy { (0...1).contains($0.weight) }, "seed \(seed) round \(round)")
      #expect(found.allSatisfy { !$0.finnishSentence.isEmpty && $0.finnishSentence != $0.sentence })
      #expect(
        found.flatMap(\.because).allSatisfy {
          !$0.finnishSentence.isEmpty && $0.finnishSentence != $0.sentence
        })
      #expect(found.map(\.weight) == found.map(\.weight).sorted(by: >), "seed \(seed) round \(round)")
      let reversed = Bottlenecks.of(stages.reversed())
      func weights(_ found: [Bottleneck]) -> [String: Double] {
        Dictionary(uniqueKeysWithValues: found.map { ($0.stage, $0.weight) })
      }
      let (there, back) = (weights(found), weights(reversed))
      #expect(there.keys == back.keys, "seed \(seed) round \(round)")
      // The sum of what was lost is rounded otherwise in another order.
      #expect(
        there.allSatisfy { abs($0.value - (back[$0.key] ?? 0)) < 1e-12 }, "seed \(seed) round \(round)")
      #expect(Set(found.map(\.sentence)) == Set(reversed.map(\.sentence)), "seed \(seed) round \(round)")
      var worse = stages
      let place = Int.random(in: 0..<stages.count, using: &generator)
      switch round % 3 {
      case 0: worse[place].dropped += .random(in: 1...20, using: &generator)
      case 1:
        worse[place].medianDays = (worse[place].medianDays ?? 0) + .random(in: 1...100, using: &generator)
      default:
        worse[place].valueLost.append(
          Money(
            hundredths: .random(in: 1...90_000, using: &generator),
            currency: ["EUR", "SEK", "JPY"].randomElement(using: &generator) ?? "EUR"))
      }
      if round % 5 == 0 {
        worse = stages
        worse[place].overdue = (worse[place].overdue ?? 0) + 1
      }
      let id = stages[place].stage
      #expect(
        weights(Bottlenecks.of(worse))[id] ?? 0 >= (there[id] ?? 0) - 1e-12, "seed \(seed) round \(round)")
    }
  }

  @Test func moneyIsCountedInHundredths() {
    var money = Money()
    (money.units, money.nanos) = (12, 345_000_000)
    #expect(money.hundredths == 1235)
    (money.units, money.nanos) = (-12, -345_000_000)
    #expect(money.hundredths == -1235)
    money.units = .max
    #expect(money.hundredths == nil)
    #expect(Money(hundredths: -5, currency: "EUR").nanos == -50_000_000)
  }
}
