import Domain
import ProtobufBridge
import PunosMessages
import Testing

/// The score of coverage, and what is promised of every score.
@Suite struct CoverageScoreTests {
  private typealias Samples = CommitteeSamples
  private static let rounds = 300
  private static let seed: UInt64 = 20_260_601

  private func forRandomCommittees(_ check: (Committee, inout SeededGenerator, Int) -> Void) {
    for round in 0..<Self.rounds {
      var generator = SeededGenerator(seed: Self.seed &+ UInt64(round))
      let type = Purchase.Type_(rawValue: Int32.random(in: 0...6, using: &generator))
      let members = Samples.random(&generator)
      let touches = (0..<Int.random(in: 0...6, using: &generator)).map { _ in Samples.randomTouch(&generator)
      }
      let ties = (0..<Int.random(in: 0...6, using: &generator)).map { _ in
        Samples.randomRelationship(&generator)
      }
      check(Samples.committee(members, type: type, touches: touches, relationships: ties), &generator, round)
    }
  }

  @Test func theScoreAndAllWeightsLieBetweenNothingAndOne() {
    forRandomCommittees { committee, _, round in
      let (score, because) = CoverageScore.of(committee)
      #expect((0...1).contains(score), "seed \(Self.seed) round \(round)")
      #expect(abs(because.reduce(0) { $0 + $1.weight } - score) < 1e-9, "seed \(Self.seed) round \(round)")
      for finding in CoverageFindings.of(committee) {
        #expect(
          finding.weight > 0 && finding.weight <= 1, "seed \(Self.seed) round \(round): \(finding.sentence)")
        #expect(!finding.evidence.isEmpty && !finding.nextStep.isEmpty && !finding.because.isEmpty)
      }
    }
  }

  @Test func theOrderInWhichMembersAreToldChangesNothing() {
    forRandomCommittees { committee, generator, round in
      var shuffled = committee
      shuffled.members.shuffle(using: &generator)
      shuffled.touches.shuffle(using: &generator)
      shuffled.relationships.shuffle(using: &generator)
      #expect(
        CoverageFindings.of(shuffled) == CoverageFindings.of(committee), "seed \(Self.seed) round \(round)")
      #expect(
        CoverageScore.of(shuffled).score == CoverageScore.of(committee).score,
        "seed \(Self.seed) round \(round)")
    }
  }

  @Test func moreContactNeverLowersTheScore() {
    forRandomCommittees { committee, generator, round in
      guard let place = committee.members.indices.randomElement(using: &generator) else { return }
      var more = committee
      more.members[place].coverage = .deep
      more.members[place].lastContactTime = .init()
      more.members[place].lastContactTime?.seconds = Samples.now
      #expect(
        CoverageScore.of(more).score >= CoverageScore.of(committee).score - 1e-12,
        "seed \(Self.seed) round \(round)")
    }
  }

  @Test func nothingThatIsLearntOfContactLowersTheScoreHoweverOldItIs() {
    forRandomCommittees { committee, generator, round in
      var touched = committee
      touched.touches.append(Samples.randomTouch(&generator))
      var told = committee
      if var again = committee.members.randomElement(using: &generator) {
        again.name += "-again"
        again.coverage = CommitteeMember.Coverage(rawValue: Int32.random(in: 0...4, using: &generator))
        again.lastContactTime = Samples.time(daysAgo: Int64.random(in: 0...400, using: &generator))
        told.members.append(again)
      }
      var tied = committee
      tied.relationships.append(Samples.randomRelationship(&generator))
      for more in [touched, told, tied] {
        #expect(
          CoverageScore.of(more).score >= CoverageScore.of(committee).score - 1e-12,
          "seed \(Self.seed) round \(round)")
      }
    }
  }

  @Test func anInteractionOfLongAgoTakesNothingFromContactThatIsSaidWithoutADay() throws {
    let said = Samples.member("kaisa", .economicBuyer) {
      ($0.coverage, $0.updateTime) = (.deep, Samples.time(daysAgo: 12))
    }
    let long = ContactTouch(contact: "contacts/kaisa", last: Samples.now - 300 * Samples.day, channels: 1)
    let before = CoverageScore.of(Samples.committee([said]))
    let after = CoverageScore.of(Samples.committee([said], touches: [long]))
    #expect(after.score == before.score && before.score > 0)
    let reason = try #require(after.because.first)
    #expect(reason.sentence.contains("in close contact, noted 12 days ago, nobody says when"))
    let findings = CoverageFindings.of(Samples.committee([said], touches: [long]))
    #expect(!findings.contains { $0.kind == .stale })
  }

  @Test func aHalfLifeWithoutContactHalvesTheScore() {
    forRandomCommittees { committee, _, round in
      var later = committee
      later.moment += Int64(CoverageScore.halfLife) * Samples.day
      #expect(
        abs(CoverageScore.of(later).score - CoverageScore.of(committee).score / 2) < 1e-9,
        "seed \(Self.seed) round \(round)")
    }
  }

  /// The score of an economic buyer in a renewal who is said to be in close contact.
  private func score(_ fill: (inout CommitteeMember) -> Void) -> Double {
    let buyer = Samples.member("kaisa", .economicBuyer) {
      $0.coverage = .deep
      fill(&$0)
    }
    return CoverageScore.of(Samples.committee([buyer])).score
  }

  @Test func whatIsSaidWithoutADayCountsAsOneHalfLifeOldWhenItWasSaidAndFadesFromThere() {
    let told = score { $0.updateTime = Samples.time(daysAgo: 0) }
    #expect(told > 0 && told == score { $0.lastContactTime = Samples.time(daysAgo: 45) })
    #expect(
      score { $0.updateTime = Samples.time(daysAgo: 30) }
        == score { $0.lastContactTime = Samples.time(daysAgo: 75) })
    func seen(_ daysAgo: Int64) -> Evidence { .with { $0.observedTime = Samples.time(daysAgo: daysAgo) } }
    // Evidence says better than the record when it was so; what was seen later is not known.
    let evidenced = score {
      $0.updateTime = Samples.time(daysAgo: 1)
      $0.evidence = [seen(200), seen(90), seen(-3)]
    }
    #expect(evidenced == score { $0.lastContactTime = Samples.time(daysAgo: 135) })
  }

  @Test func findingsComeHeaviestFirst() {
    forRandomCommittees { committee, _, round in
      let weights = CoverageFindings.of(committee).map(\.weight)
      #expect(weights == weights.sorted(by: >), "seed \(Self.seed) round \(round)")
    }
  }

  @Test func everythingIsToldInFinnishAsWell() {
    forRandomCommittees { committee, _, round in
      let findings = CoverageFindings.of(committee)
      var said = findings.flatMap { [($0.sentence, $0.finnishSentence), ($0.nextStep, $0.finnishNextStep)] }
      said += (findings.flatMap(\.because) + CoverageScore.of(committee).because).map {
        ($0.sentence, $0.finnishSentence)
      }
      for (english, finnish) in said {
        #expect(!finnish.isEmpty && finnish != english, "seed \(Self.seed) round \(round): \(english)")
        // What is counted is the same in both.
        #expect(
          Self.numbers(english) == Self.numbers(finnish), "seed \(Self.seed) round \(round): \(english)")
      }
    }
  }

  private static func numbers(_ text: String) -> [Substring] {
    text.split { !$0.isNumber }.sorted()
  }

  @Test func halfLivesHalve() {
    #expect(Halving.remaining(after: 0) == 1)
    #expect(Halving.remaining(after: -3) == 1)
    #expect(Halving.remaining(after: 3) == 0.125)
    #expect(abs(Halving.remaining(after: 0.5) - 0.7071067811865476) < 1e-15)
    #expect(Halving.remaining(after: 5000) == 0)
  }

  /// docs/committees.md tells these numbers.
  @Test func theWorkedExampleOfTheDocumentationIsWhatComesOut() {
    let committee = Samples.committee(Samples.worked)
    let findings = CoverageFindings.of(committee)
    #expect(
      findings.map(\.kind) == [
        .opponentUncovered, .championWithoutAccess, .singleTeammate, .stale, .belowWanted, .missingRole,
      ])
    let rounded = findings.map { Int(($0.weight * 100).rounded()) }
    #expect(rounded == [88, 86, 61, 51, 49, 40])
    #expect(Int((CoverageScore.of(committee).score * 100).rounded()) == 22)
  }
}
