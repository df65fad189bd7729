import Domain
import ProtobufBridge
import PunosMessages
import Testing

@Suite struct HandoverTimelineTests {
  private func at(_ seconds: Int64) -> ProtoTimestamp { ProtoTimestamp.with { $0.seconds = seconds } }

  private func item(_ title: String, acceptedAt time: Int64?, _ thread: [(HandoverMessage.Kind, Int64)] = [])
    -> HandoverItem
  {
    HandoverItem.with {
      $0.title = title
      $0.status = time == nil ? .open : .accepted
      $0.decidedTime = time.map(at)
      $0.decidedBy = "pekka"
      $0.thread = thread.map { kind, time in
        HandoverMessage.with {
          $0.kind = kind
          $0.time = at(time)
          $0.text = "said at \(time)"
        }
      }
    }
  }

  @Test func thePictureHasEveryEventOnItsTeamsSideAndEscapesWhatPeopleWrote() {
    let handover = Handover.with {
      $0.title = "Lifts <new> & old"
      $0.fromTeam = "sales"
      $0.toTeam = "delivery"
      $0.createTime = at(1)
      $0.offeredTime = at(2)
      $0.returns = [
        Handover.Return.with {
          $0.time = at(3)
          $0.team = "delivery"
          $0.reasons = "who pays?"
        }
      ]
    }
    let words = HandoverTimelinePicture.Words(
      event: { $0.rawValue.uppercased() }, moment: { "at \($0.seconds)" }, team: { "team \($0)" })
    let picture = HandoverTimelinePicture(handover, words).svg()
    #expect(picture.contains("Lifts &lt;new&gt; &amp; old") && !picture.contains("<new>"))
    for (event, anchor) in [("BEGUN", "end"), ("OFFERED", "end"), ("RETURNED", "start")] {
      #expect(picture.contains("text-anchor=\"\(anchor)\" fill=\"#1f2933\" font-weight=\"bold\">\(event)<"))
    }
    #expect(
      picture.contains(">who pays?<") && picture.contains(">at 3<") && picture.contains(">team delivery<"))
    #expect(picture == HandoverTimelinePicture(handover, words).svg())
  }

  @Test func aWayBackAndForthIsToldInItsOrder() {
    let handover = Handover.with {
      $0.createTime = at(1)
      $0.firstOfferedTime = at(2)
      $0.offeredTime = at(6)
      $0.offeredBy = "aino"
      $0.returns = [
        Handover.Return.with {
          $0.time = at(5)
          $0.reasons = "no owner"
        }
      ]
      $0.items = [
        item("a", acceptedAt: 7, [(.query, 3), (.answer, 4)]), item("b", acceptedAt: 7),
        item("c", acceptedAt: 9),
        item("d", acceptedAt: nil, [(.rejection, 8)]),
      ]
      $0.acceptedTime = at(9)
      $0.closedTime = at(10)
      $0.closedBy = "pekka"
      $0.closedTeam = "delivery"
      $0.outcome = "went well"
    }
    let events = HandoverTimeline.events(of: handover)
    #expect(
      events.map(\.kind) == [
        .begun, .offered, .asked, .answered, .returned, .offered, .itemsAccepted, .itemRejected, .accepted,
        .closed,
      ])
    #expect(events.map(\.time.seconds) == Array(1...10))
    #expect(events.map(\.items)[2...7] == [["a"], ["a"], [], [], ["a", "b"], ["d"]])
    #expect(events[9].principal == "pekka" && events[9].team == "delivery")
    #expect(events[4].text == "no owner" && events[9].text == "went well" && events[5].principal == "aino")
  }

  @Test func whatWasOfferedOnceIsToldOnceAndOfADraftOnlyItsBeginning() {
    var handover = Handover.with { $0.createTime = at(1) }
    #expect(HandoverTimeline.events(of: handover).map(\.kind) == [.begun])
    handover.firstOfferedTime = at(2)
    handover.offeredTime = at(2)
    #expect(HandoverTimeline.events(of: handover).map(\.kind) == [.begun, .offered])
    #expect(HandoverTimeline.events(of: Handover()).isEmpty)
  }
}
