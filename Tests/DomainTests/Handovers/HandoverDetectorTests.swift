import Domain
import ProtobufBridge
import PunosMessages
import Testing

@Suite struct HandoverDetectorTests {
  private static let today = Today(Samples.now)

  private func at(_ daysAgo: Int64) -> ProtoTimestamp {
    ProtoTimestamp.with { $0.seconds = Samples.now - daysAgo * Samples.day }
  }

  private func offered(daysAgo: Int64, due: String = "", _ edit: (inout Handover) -> Void = { _ in })
    -> Handover
  {
    var handover = Handover.with {
      $0.name = "accounts/a/handovers/h"
      $0.fromTeam = "sales"
      $0.toTeam = "delivery"
      $0.fromPeople = ["aino"]
      $0.toPeople = ["pekka"]
      $0.state = .offered
      $0.offeredTime = at(daysAgo)
      $0.dueDate = due
    }
    edit(&handover)
    return handover
  }

  private func queried(daysAgo: [Int64]) -> [HandoverItem] {
    daysAgo.enumerated().map { index, days in
      HandoverItem.with {
        $0.id = "i\(index)"
        $0.title = "SECRET"
        $0.status = .queried
        $0.decidedTime = at(days)
        $0.thread = [
          HandoverMessage.with {
            $0.kind = .query
            $0.text = "SECRET"
            $0.time = at(days)
          }
        ]
      }
    }
  }

  @Test func aHandoverIsOverdueTheDayAfterItIsDueForWhoeverHasTheTurn() throws {
    let today = Self.today
    #expect(HandoverDetectors.overdue(offered(daysAgo: 1, due: "2026-11-23"), today) == nil)
    let late = try #require(HandoverDetectors.overdue(offered(daysAgo: 1, due: "2026-11-22"), today))
    #expect(late.kind == .handoverOverdue && late.severity == .warning)
    #expect((late.team, late.owner) == ("delivery", "pekka"))
    let draft = offered(daysAgo: 1, due: "2026-11-22") { $0.state = .draft }
    #expect(HandoverDetectors.overdue(draft, today)?.team == "sales")
    let asked = offered(daysAgo: 1, due: "2026-11-22") { $0.items = queried(daysAgo: [1]) }
    #expect(HandoverDetectors.overdue(asked, today)?.owner == "aino")
  }

  @Test(arguments: [Handover.State.accepted, .closed])
  func whatIsAcceptedOrClosedRaisesNothingAndHasNoCause(_ state: Handover.State) {
    let settled = offered(daysAgo: 100, due: "2026-01-01") {
      $0.state = state
      $0.returns = [Handover.Return.with { $0.time = at(90) }]
    }
    #expect(HandoverDetectors.overdue(settled, Self.today) == nil)
    #expect(HandoverDetectors.waits(settled, Self.today) == nil)
    #expect(HandoverDetectors.causes(of: settled).isEmpty)
  }

  @Test func anOfferNobodyLooksAtWaitsForTheReceiversAfterAWeek() throws {
    let patience = Int64(HandoverDetectors.patienceDays)
    #expect(HandoverDetectors.waits(offered(daysAgo: patience), Self.today) == nil)
    let waits = try #require(HandoverDetectors.waits(offered(daysAgo: patience + 1), Self.today))
    #expect(waits.kind == .handoverWaits && (waits.team, waits.owner) == ("delivery", "pekka"))
    let lookedAt = offered(daysAgo: 30) {
      $0.items = [
        HandoverItem.with {
          $0.status = .accepted
          $0.decidedTime = at(2)
        }
      ]
    }
    #expect(HandoverDetectors.waits(lookedAt, Self.today) == nil)
  }

  @Test func theOldestQuestionWithoutAnAnswerIsWhatTheSendersAreWaitedFor() throws {
    let asked = offered(daysAgo: 60) { $0.items = queried(daysAgo: [3, 20, 9]) }
    let waits = try #require(HandoverDetectors.waits(asked, Self.today))
    #expect((waits.team, waits.owner) == ("sales", "aino"))
    #expect(waits.title.contains("2026-11-03"))
    #expect(!"\(waits)".contains("SECRET"))
    var answered = asked
    answered.items[1].status = .open
    #expect(!HandoverDetectors.causes(of: answered).contains(waits.dedupKey))
    #expect(
      HandoverDetectors.waits(offered(daysAgo: 60) { $0.items = queried(daysAgo: [3]) }, Self.today) == nil)
  }

  @Test func whatWasSentBackWaitsForTheSendersAndADraftForNobody() {
    let back = offered(daysAgo: 60) {
      $0.state = .returned
      $0.returns = [Handover.Return.with { $0.time = at(10) }]
    }
    #expect(HandoverDetectors.waits(back, Self.today)?.team == "sales")
    #expect(HandoverDetectors.waits(offered(daysAgo: 60) { $0.state = .draft }, Self.today) == nil)
  }

  @Test func aCauseIsOneForAsLongAsNothingHappensAndGoneWhenItDoes() throws {
    let handover = offered(daysAgo: 10, due: "2026-11-20")
    let late = try #require(HandoverDetectors.overdue(handover, Self.today))
    let waits = try #require(HandoverDetectors.waits(handover, Self.today))
    let later = Today(Samples.now + 9 * Samples.day)
    #expect(HandoverDetectors.overdue(handover, later)?.dedupKey == late.dedupKey)
    #expect(HandoverDetectors.waits(handover, later)?.dedupKey == waits.dedupKey)
    #expect(HandoverDetectors.causes(of: handover) == [late.dedupKey, waits.dedupKey])
    var moved = handover
    moved.dueDate = "2026-12-24"
    #expect(
      HandoverDetectors.causes(of: moved).intersection([late.dedupKey, waits.dedupKey]) == [waits.dedupKey])
    #expect(HandoverDetectors.causes(of: nil).isEmpty)
  }
}
