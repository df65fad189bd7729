import Domain
import ProtobufBridge
import PunosMessages
import Testing

@Suite struct HandoverMerging {
  static let base = HandoverFiles.sample

  static func edited(_ edit: (inout Handover) -> Void) -> Handover {
    var copy = base
    edit(&copy)
    return copy
  }

  @Test func fieldsChangedApartAreBothTaken() {
    let merge = HandoverMerge(
      base: Self.base, yours: Self.edited { $0.dueDate = "2027-01-01" },
      theirs: Self.edited { $0.title = "New" })
    #expect(merge.conflicts.isEmpty)
    #expect(merge.merged.dueDate == "2027-01-01" && merge.merged.title == "New")
  }

  @Test func namesAddedOnBothSidesStayAndRemovedOnesGo() {
    let merge = HandoverMerge(
      base: Self.base, yours: Self.edited { $0.fromPeople = ["aino.virtanen", "x"] },
      theirs: Self.edited { $0.fromPeople.append("y") })
    #expect(merge.merged.fromPeople == ["aino.virtanen", "y", "x"])
  }

  @Test func anItemDeletedOnOneSideAndEditedOnTheOtherStays() {
    let deleted = Self.edited { $0.items.removeLast() }
    let edited = Self.edited { $0.items[1].text = "Liisa Korhonen" }
    for (yours, theirs) in [(deleted, edited), (edited, deleted)] {
      let merge = HandoverMerge(base: Self.base, yours: yours, theirs: theirs)
      #expect(merge.merged.items.map(\.id) == ["i1", "i2"])
      #expect(merge.notes.count == 1)
    }
    #expect(
      HandoverMerge(base: Self.base, yours: deleted, theirs: Self.base).merged.items.map(\.id) == ["i1"])
  }

  @Test func itemsKeepThePlaceTheyWereGiven() {
    func added(_ id: String, at place: Int) -> Handover {
      Self.edited {
        $0.items.insert(
          HandoverItem.with {
            $0.id = id
            $0.kind = .risk
            $0.title = id
          }, at: place)
      }
    }
    let merge = HandoverMerge(base: Self.base, yours: added("mine", at: 1), theirs: added("theirs", at: 0))
    #expect(merge.merged.items.map(\.id) == ["theirs", "i1", "mine", "i2"])
    let moved = Self.edited { $0.items.reverse() }
    #expect(
      HandoverMerge(base: Self.base, yours: moved, theirs: added("t", at: 2)).merged.items.map(\.id)
        == ["i2", "t", "i1"])
  }

  @Test func whatTheReceiverDecidedIsNotTouchedByACopy() {
    let merge = HandoverMerge(
      base: Self.base,
      yours: Self.edited {
        $0.items[0].status = .accepted
        $0.items[0].thread = []
        $0.state = .draft
      },
      theirs: Self.base)
    #expect(merge.merged == Self.base)
  }

  @Test func aKindThatBothChangedIsAConflict() {
    let merge = HandoverMerge(
      base: Self.base, yours: Self.edited { $0.items[0].kind = .risk },
      theirs: Self.edited { $0.items[0].kind = .need })
    #expect(merge.conflicts.map(\.field) == ["kind"] && merge.merged.items[0].kind == .need)
  }

  @Test func bringingTheSameCopyAgainChangesNothing() throws {
    let yours = Self.edited {
      $0.summary += "\nmine"
      $0.items[1].text = "a\nb"
    }
    let theirs = Self.edited {
      $0.summary += "\ntheirs"
      $0.items[1].title = "t"
    }
    let once = HandoverSync(base: Self.base, copy: yours, current: theirs)
    #expect(once.answer.outcome == .merged)
    let again = HandoverSync(base: Self.base, copy: yours, current: try #require(once.write))
    #expect(again.answer.outcome == .unchanged)
  }

  @Test func aSyncDecidesByWhatChangedOnWhichSide() {
    let expected: [(FileSide, Int64?, ServerSide, FolderStep)] = [
      (.missing, nil, .absent, .nothing), (.missing, nil, .at(3), .pull), (.edited, nil, .absent, .push),
      (.edited, nil, .at(3), .push), (.untouched, 3, .at(3), .nothing), (.untouched, 3, .at(4), .pull),
      (.untouched, 3, .absent, .removeFile), (.edited, 3, .at(3), .push), (.edited, 3, .at(4), .push),
      (.edited, 3, .absent, .restoreAndPush), (.missing, 3, .at(3), .deleteRecord),
      (.missing, 3, .at(4), .pull),
      (.missing, 3, .absent, .forget),
    ]
    for (file, base, server, step) in expected {
      #expect(FolderStep(file: file, base: base, server: server) == step)
    }
  }
}
