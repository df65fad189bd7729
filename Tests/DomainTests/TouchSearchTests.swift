import Domain
import ProtobufBridge
import PunosMessages
import Testing

/// What a person's interactions show of contact with them.
@Suite struct TouchSearchTests {
  private typealias Samples = CommitteeSamples

  private func interaction(
    _ channel: Interaction.Channel, daysAgo: Int64, by teammate: String = "eero"
  ) -> Interaction {
    var interaction = Interaction()
    interaction.channel = channel
    interaction.contacts = ["contacts/pekka"]
    interaction.teammates = [Teammate.with { $0.principal = teammate }]
    interaction.time = Samples.time(daysAgo: daysAgo)
    return interaction
  }

  private func search(_ interactions: [Interaction]) -> TouchSearch {
    var search = TouchSearch(of: "contacts/pekka", until: Samples.now)
    for interaction in interactions { search.look(at: interaction) }
    return search
  }

  private func touch(daysAgo: Int64, _ channels: Int, _ teammates: Set<String> = ["eero"]) -> ContactTouch {
    ContactTouch(
      contact: "contacts/pekka", last: Samples.now - daysAgo * Samples.day, channels: channels,
      teammates: teammates)
  }

  @Test func onlyContactThatSomebodyOfOursTookPartInIsATouch() {
    let told = [
      interaction(.meeting, daysAgo: -1), interaction(.order, daysAgo: 1), interaction(.phone, daysAgo: 4),
      interaction(.invoice, daysAgo: 5), interaction(.phone, daysAgo: 5), interaction(.meeting, daysAgo: 9),
    ]
    #expect(search(told).touch == touch(daysAgo: 4, 2))
    #expect(search([interaction(.order, daysAgo: 1), interaction(.portal, daysAgo: 2)]).touch == nil)
  }

  @Test func hundredsOfOrdersHideNoMeeting() {
    let meetings = [interaction(.meeting, daysAgo: 3), interaction(.phone, daysAgo: 4, by: "aino")]
    let orders = Array(repeating: interaction(.order, daysAgo: 2), count: 900)
    #expect(search(orders + meetings).touch == search(meetings).touch)
    #expect(search(meetings).touch == touch(daysAgo: 3, 2, ["eero", "aino"]))
  }

  @Test func aSecondChannelAndASecondOfOursCountForEightHalfLivesHoweverMuchCameLater() {
    let mails = (0..<200).map { interaction(.email, daysAgo: $0) }
    let inTime = search(mails + [interaction(.meeting, daysAgo: 360, by: "aino")])
    #expect(inTime.touch == touch(daysAgo: 0, 2, ["eero", "aino"]))
    let late = search(mails + [interaction(.meeting, daysAgo: 361, by: "aino")])
    #expect(late.touch == touch(daysAgo: 0, 1) && late.isOver)
  }

  @Test func theLastContactCountsHoweverLongAgoItWas() {
    let found = search([interaction(.order, daysAgo: 1), interaction(.meeting, daysAgo: 2000)])
    #expect(found.touch == touch(daysAgo: 2000, 1) && !found.isOver)
  }

  @Test func theSearchEndsOnceMoreCanAddNothing() {
    let two = search([interaction(.phone, daysAgo: 1), interaction(.meeting, daysAgo: 1, by: "aino")])
    #expect(two.isOver && two.looked == 2)
    #expect(!search([interaction(.phone, daysAgo: 1), interaction(.meeting, daysAgo: 1)]).isOver)
    let orders = search(Array(repeating: interaction(.order, daysAgo: 1), count: 5000))
    #expect(orders.isOver && orders.looked == TouchSearch.mostLookedAt)
  }

  @Test func whatIsToldBesidesTakesNothingFromATouch() {
    for seed in 0..<300 as Range<UInt64> {
      var generator = SeededGenerator(seed: seed)
      let channels: [Interaction.Channel] = [.meeting, .phone, .email, .order, .invoice]
      func some() -> Interaction {
        interaction(
          channels.randomElement(using: &generator) ?? .email,
          daysAgo: Int64.random(in: 0...500, using: &generator),
          by: ["eero", "aino"].randomElement(using: &generator) ?? "eero")
      }
      func newest(_ told: [Interaction]) -> [Interaction] {
        told.sorted { ($0.time?.seconds ?? 0) > ($1.time?.seconds ?? 0) }
      }
      let told = (0..<Int.random(in: 0...30, using: &generator)).map { _ in some() }
      guard let before = search(newest(told)).touch else { continue }
      let after = search(newest(told + [some()])).touch
      #expect((after?.last ?? 0) >= before.last, "seed \(seed)")
      // One that lies before the days of interest was all that was known: a later one shows how things stand now.
      guard before.last >= Samples.now - 360 * Samples.day else { continue }
      #expect((after?.channels ?? 0) >= min(before.channels, 2), "seed \(seed)")
      #expect((after?.teammates.count ?? 0) >= before.teammates.count, "seed \(seed)")
    }
  }
}
