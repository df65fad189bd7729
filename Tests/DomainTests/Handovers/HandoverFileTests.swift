import Domain
import ProtobufBridge
import PunosMessages
import Testing

@Suite struct HandoverFiles {
  static let sample = Handover.with {
    $0.name = "accounts/a1/handovers/h1"
    $0.title = "Lift renewal: \"north\" tower"
    $0.fromTeam = "sales"
    $0.toTeam = "delivery"
    $0.fromPeople = ["aino.virtanen", "a, b"]
    $0.dueDate = "2026-12-01"
    $0.summary = "First line.\n\n## not an item\n\\## nor this\n======="
    $0.state = .offered
    $0.items = [
      HandoverItem.with {
        $0.id = "i1"
        $0.kind = .promise
        $0.title = "Live by 1 May {really}"
        $0.text = "- a list\n### Links\n>>>>>>> not a mark"
        $0.required = true
        $0.status = .queried
        $0.links = ["accounts/a1/commitments/c1"]
        $0.thread = [
          HandoverMessage.with {
            $0.kind = .query
            $0.text = "Which year?\n## This one?"
            $0.principal = "pekka"
            $0.team = "delivery"
            $0.time = ProtoTimestamp.with { $0.seconds = 1_795_435_200 }
          }
        ]
      },
      HandoverItem.with {
        $0.id = "i2"
        $0.kind = .commercialTerm
        $0.title = "Renewal owner"
        $0.needsPerson = true
      },
    ]
  }

  @Test func aHandoverReadsAsPeopleWriteOne() {
    #expect(
      HandoverPrinter.text(Self.sample) == """
        ---
        name: accounts/a1/handovers/h1
        title: "Lift renewal: \\"north\\" tower"
        from_team: sales
        to_team: delivery
        due_date: 2026-12-01
        from_people: [aino.virtanen, "a, b"]
        state: offered
        ---

        First line.

        \\## not an item
        \\\\## nor this
        \\=======

        ## Promise: Live by 1 May {really} {#i1 .required .queried}

        - a list
        \\### Links
        \\>>>>>>> not a mark

        ### Links

        - accounts/a1/commitments/c1

        ### Thread

        - asked by pekka (delivery), 2026-11-23 12:00: Which year?
          ## This one?

        ## Commercial term: Renewal owner {#i2 .to-be-said}

        """)
  }

  @Test func whatIsWrittenIsReadBackExactly() throws {
    let text = HandoverPrinter.text(Self.sample)
    let reading = try HandoverReader.read(text)
    #expect(HandoverContent.isSame(reading.handover, Self.sample))
    #expect(reading.handover.name == Self.sample.name)
    #expect(try reading.lineOfShownChange(since: HandoverReader.read(text)) == nil)
  }

  @Test func randomHandoversAreReadBackExactly() throws {
    let words = [
      "", " ", "## x", "\\", "\\## x", "---", "### Links", "### Thread", "<<<<<<< ", "=======", ">>>>>>> y",
      "ä: ö",
      "\"", "- x", "  - y", "{#i}", "[a, b]", "yes", "#", "tab\there", "🎉",
    ]
    for seed in UInt64(1)...5_000 {
      var random = SeededGenerator(seed: seed)
      func text(_ count: Int, _ joint: String) -> String {
        (0..<Int.random(in: 0...count, using: &random)).map { _ in words.randomElement(using: &random) ?? "" }
          .joined(separator: joint)
      }
      var handover = Handover()
      handover.name = "accounts/a/handovers/h"
      handover.title = text(3, " ")
      handover.stage = text(2, " ")
      handover.toTeam = "delivery"
      handover.toPeople = [text(2, " "), text(2, ",")]
      handover.summary = text(6, "\n")
      for index in 0..<Int.random(in: 0...3, using: &random) {
        var item = HandoverItem()
        item.id = "i\(index)"
        item.kind = HandoverItem.Kind(rawValue: Int32.random(in: 1...12, using: &random))
        item.title = text(3, " ")
        item.text = text(6, "\n")
        item.required = Bool.random(using: &random)
        item.links = Bool.random(using: &random) ? ["accounts/a", "contacts/\(index)"] : []
        handover.items.append(item)
      }
      HandoverContent.canonicalise(&handover)
      let printed = HandoverPrinter.text(handover)
      let reading = try HandoverReader.read(printed)
      #expect(HandoverContent.isSame(reading.handover, handover), "seed \(seed)\n\(printed)")
      var again = reading.handover
      again.state = handover.state
      #expect(HandoverPrinter.text(again) == printed, "seed \(seed)")
    }
  }

  @Test(arguments: [
    ("no front matter", 1), ("---\nname: x\n", 3), ("---\nname: x\nmood: good\n---\n", 3),
    ("---\ntitle: \"open\n---\n", 2), ("---\ntitle: a\ntitle: b\n---\n", 3),
    ("---\ntitle: a\n---\n\n## Wish: x\n", 5),
    ("---\ntitle: a\n---\n\n## Need: x\n\n### Links\n\nsome text\n", 9),
    ("---\ntitle: a\n---\n\n## Need: x {#i}\n\n## Need: y {#i}\n", 7),
    ("---\ntitle: a\n---\nb\n<<<<<<< this file\n", 5),
  ])
  func aFileThatCannotBeReadIsNamedByItsLine(_ text: String, _ line: Int) throws {
    let problem = try #require(throws: UnreadableHandover.self) { try HandoverReader.read(text) }
    #expect(problem.line == line)
    #expect(!problem.english.isEmpty && !problem.finnish.isEmpty)
  }

  @Test func filesFromOtherSystemsAreRead() throws {
    let text = HandoverPrinter.text(Self.sample).split(separator: "\n", omittingEmptySubsequences: false)
      .joined(separator: "\r\n")
    #expect(HandoverContent.isSame(try HandoverReader.read(text).handover, Self.sample))
  }

  @Test func whatOnlyTheWorkflowChangesIsNotedWhereAFileChangesIt() throws {
    let text = HandoverPrinter.text(Self.sample)
    let base = try HandoverReader.read(text)
    func line(replacing old: String, with new: String) throws -> Int? {
      var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      let place = try #require(lines.firstIndex { $0.contains(old) })
      lines[place] = new
      return try HandoverReader.read(lines.joined(separator: "\n")).lineOfShownChange(since: base)
    }
    #expect(try line(replacing: "state: offered", with: "state: accepted") == 1)
    #expect(try line(replacing: "asked by", with: "- asked by pekka: Something else") == 17)
    #expect(try line(replacing: "{#i1", with: "## Promise: Live {#i1 .required .accepted}") == 17)
    #expect(try line(replacing: "- a list", with: "- another list") == nil)
  }

  @Test(arguments: [
    ("## Risk: New\n\n### Evidence\n\n- seen by Otto\n", 5),
    ("## Risk: New\n\n### Thread\n\nwhich one?\n", 5),
    ("## Risk: Pasted {#other .queried}\n\n### Thread\n\n- asked by pekka: Which?\n", 5),
    ("Summary\n\n### Returned\n\n- by me: no\n", 7), ("Summary\n\n## Need: Old {#a .accepted}\n", 7),
  ])
  func whatWouldBeLostInANewFileOrANewItemIsNamedByItsLine(_ body: String, _ line: Int) throws {
    let new = try HandoverReader.read("---\ntitle: a\n---\n\n" + body)
    #expect(new.lineOfShownChange(since: nil) == line)
    let text = HandoverPrinter.text(Self.sample)
    let before = try HandoverReader.read(text)
    let item = try HandoverReader.read(
      text + body.replacing("Summary\n\n### Returned", with: "## Need: N\n\n### Returned"))
    #expect(item.lineOfShownChange(since: before, server: before) != nil)
    #expect(
      try HandoverReader.read("---\ntitle: a\nstate: draft\n---\n\nS\n\n## Need: x\n").lineOfShownChange(
        since: nil) == nil)
  }

  @Test func aFileWithTheServersOwnWordsIsTakenWhereItsBaseIsOlderOrGone() throws {
    let older = try HandoverReader.read(HandoverPrinter.text(Self.sample))
    var asked = Self.sample
    asked.items[0].thread.append(
      HandoverMessage.with {
        $0.kind = .answer
        $0.text = "2027"
      })
    let file = try HandoverReader.read(HandoverPrinter.text(asked))
    #expect(file.lineOfShownChange(since: older) != nil)
    #expect(file.lineOfShownChange(since: older, server: file) == nil)
    #expect(file.lineOfShownChange(since: nil, server: file) == nil)
    #expect(older.lineOfShownChange(since: nil, server: file) == nil)
    #expect(file.lineOfShownChange(since: nil, server: older) != nil)
  }

  @Test func newItemsGetTheirIdsWhereTheyStand() throws {
    let text = "---\ntitle: a\nto_team: b\n---\n\n## need:  x  \n\ntext\n## Risk: y {#r1}\n"
    var reading = try HandoverReader.read(text)
    let numbered = NewItems.number(&reading.handover) { "n1" }
    #expect(numbered)
    #expect(
      NewItems.numbered(text, reading)
        == "---\ntitle: a\nto_team: b\n---\n\n## need:  x {#n1}\n\ntext\n## Risk: y {#r1}\n")
  }

  @Test func conflictsStandInTheFileBothSidesBesideEachOther() throws {
    var base = Self.sample
    base.revision = 5
    var yours = base
    var theirs = base
    theirs.revision = 9
    yours.dueDate = "2026-12-24"
    theirs.dueDate = "2026-12-31"
    yours.items[1].text = "Liisa"
    theirs.items[0].title = "Live by 2 May"
    yours.items[0].title = "Live by 3 May"
    let sync = HandoverSync(base: base, copy: yours, current: theirs)
    #expect(sync.answer.outcome == .conflict && sync.write == nil)
    let text = HandoverPrinter.text(try #require(sync.answer.handover), conflicts: sync.answer.conflicts)
    #expect(
      text.contains(
        "<<<<<<< this file\ndue_date: 2026-12-24\n=======\ndue_date: 2026-12-31\n>>>>>>> the server, revision 9\n"
      ))
    #expect(text.contains("<<<<<<< this file\n## Promise: Live by 3 May {#i1"))
    #expect(text.contains("\n\nLiisa\n"))
    let problem = try #require(throws: UnreadableHandover.self) { try HandoverReader.read(text) }
    #expect(problem.unresolvedRevision == 9)
  }
}
