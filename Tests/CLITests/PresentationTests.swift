import ProtobufBridge
import PunosMessages
import RPC
import Terminal
import Testing

@testable import CLI

@Suite struct PresentationTests {
  private func status(_ change: (inout GoogleRPCStatus) -> Void) -> [UInt8] {
    var status = GoogleRPCStatus()
    change(&status)
    return status.serialized()
  }

  private func packed<M: Message>(_ message: M) -> ProtoAny {
    ProtoAny.with {
      $0.typeUrl = "type.googleapis.com/" + M.fullName
      $0.value = message.serialized()
    }
  }

  @Test func everyFaultyFieldOfARefusalIsShown() {
    let violations = ["country", "employees"].map { name in
      GoogleRPCBadRequest.FieldViolation.with {
        ($0.field, $0.description) = (name, "another value was expected")
      }
    }
    let details = status {
      $0.details = [packed(GoogleRPCBadRequest.with { $0.fieldViolations = violations })]
    }
    let problem = CLIProblem(
      RPCError(.invalidArgument, "country: bad (and 1 more)", details: details), endpoint: "h:1")
    #expect(problem.exit == .refused)
    #expect(
      problem.details == ["country: another value was expected", "employees: another value was expected"])
    for language in Language.allCases {
      let lines = ProblemPresenter(language: language, style: Style(false), width: 60).lines(problem)
      #expect(lines.joined(separator: "\n").contains("employees"))
      #expect(lines.allSatisfy { DisplayWidth.of($0) <= 60 })
    }
  }

  @Test func detailsThatCannotBeReadDoNotHideTheMessage() {
    let problem = CLIProblem(
      RPCError(.notFound, "it is not there", details: [0xFF, 0x00, 0x17]), endpoint: "h:1")
    #expect(problem.what.english == "it is not there")
    #expect(problem.exit == .notFound)
  }

  @Test func everyStatusHasAnExitStatusOtherThanSuccess() {
    for code in StatusCode.allCases where code != .ok {
      #expect(ExitStatus(code) != .success)
    }
  }

  @Test func aProblemCannotSteerTheTerminal() {
    let problem = CLIProblem(.failure, Term(en: "a\u{1B}[2Jb", fi: "a\u{1B}[2Jb"), at: "x\u{7}")
    let text = ProblemPresenter(language: .english, style: Style(false), width: 80).lines(problem).joined()
    #expect(!text.unicodeScalars.contains { $0.value < 0x20 })
  }

  @Test func snippetsMarkWhatWasFoundAndSurviveStrangeRanges() {
    var snippet = Snippet()
    snippet.text = "Kuura Konepaja"
    snippet.highlights = [(6, 14), (-1, 3), (5, 2), (10, 99)].map { start, end in
      Highlight.with { ($0.start, $0.end) = (start, end) }
    }
    #expect(SnippetText.marked(snippet, Style(false)) == "Kuura [Konepaja]")
  }

  @Test func differencesReadLikeSentences() {
    var difference = PunosMessages.FieldDifference()
    (difference.path, difference.before, difference.after) = ("status", "STATUS_POTENTIAL", "STATUS_CURRENT")
    #expect(DifferenceText.sentence(difference, .english) == "status: potential → current")
    #expect(DifferenceText.sentence(difference, .finnish) == "tila: potentiaalinen → nykyinen")
    (difference.path, difference.before, difference.after) = ("tags", "[]", #"["a","b"]"#)
    #expect(DifferenceText.sentence(difference, .english) == "tags: + a, b")
  }

  @Test func daysAndMomentsOfADifferenceAreWrittenAsTheLanguageWritesThem() {
    var difference = PunosMessages.FieldDifference()
    (difference.path, difference.before, difference.after) = ("due_date", "2026-02-01", "2026-03-15")
    #expect(DifferenceText.sentence(difference, .finnish) == "määräpäivä: 1.2.2026 → 15.3.2026")
    (difference.path, difference.before, difference.after) = (
      "closed_time", "", "2026-11-30T07:34:46.071467Z"
    )
    let told = DifferenceText.sentence(difference, .english)
    #expect(told.hasPrefix("closed: + ") && told.contains("2026 ") && !told.contains("T07"), "\(told)")
    (difference.path, difference.after) = ("description", "Viikkoina 10–20")
    #expect(DifferenceText.sentence(difference, .english) == "description: + Viikkoina 10–20")
  }

  @Test func aFilterThatIsNotUnderstoodChangedNothingAndSaysNothingOfChanges() {
    let violation = GoogleRPCBadRequest.FieldViolation.with { ($0.field, $0.description) = ("filter", "x") }
    let details = status {
      $0.details = [packed(GoogleRPCBadRequest.with { $0.fieldViolations = [violation] })]
    }
    let problem = CLIProblem(RPCError(.invalidArgument, "no", details: details), endpoint: "h:1")
    #expect(problem.details == ["filter: x"])
    #expect(
      !problem.what(in: .english).contains("changed") && !problem.what(in: .finnish).contains("muutettu"))
  }

  @Test(arguments: [60, 80, 200]) func thePageOfAnAccountFitsAndTellsItsMainFacts(width: Int) {
    var view = AccountView()
    view.name = "accounts/x"
    view.account = Account.with {
      $0.displayName = "Kuura Konepaja"
      $0.status = .current
      $0.employees = 412
      $0.description = String(repeating: "pitkä kuvaus ", count: 30)
      $0.owners = [AccountOwner.with { ($0.team, $0.principal) = ("sales", "aino.virtanen") }]
    }
    view.contacts = [
      AccountContact.with {
        $0.displayName = "Liisa Korhonen"
        $0.phone = "+358401234567"
        $0.email = "liisa.korhonen.pitka.osoite@kuurakonepaja.example"
        $0.employments = [Employment.with { $0.title = "Toimitusjohtaja" }]
      }
    ]
    for language in Language.allCases {
      let lines = AccountPage(view, Writing(language, now: 0)).page().lines(width: width, style: Style(false))
      let text = lines.joined(separator: "\n")
      #expect(lines.allSatisfy { DisplayWidth.of($0) <= width })
      for fact in [
        "Kuura Konepaja", "412", "Liisa Korhonen", "Toimitusjohtaja", "+358 40 123 4567", "aino.virtanen",
      ] {
        #expect(text.contains(fact), "\(fact)")
      }
    }
  }

  @Test func thePageOfAnAccountShowsWhoIsInTheCommitteeOnItsDay() throws {
    var view = AccountView()
    view.account = Account.with { $0.displayName = "Kuura" }
    view.asOf = try ProtoTimestamp(jsonString: "\"2026-06-01T12:00:00Z\"")
    view.committeeMembers = [
      ("Ainainen", "", ""), ("Tuleva", "2026-06-02", ""), ("Alkava", "2026-06-01", ""),
      ("Jatkava", "", "2026-06-02"), ("Lopettanut", "2026-01-01", "2026-06-01"),
    ].map { name, from, to in
      CommitteeMember.with { ($0.displayName, $0.validFrom, $0.validTo) = (name, from, to) }
    }
    #expect(CommitteeMemberNoun.shown(in: view).map(\.displayName) == ["Ainainen", "Alkava", "Jatkava"])
    let text = AccountPage(view, Writing(.finnish)).page().lines(width: 80, style: Style(false)).joined()
    #expect(text.contains("Jatkava") && !text.contains("Lopettanut") && !text.contains("Tuleva"))
  }

  @Test func aPersonOfSeveralRecordsHasOneSeatInTheCommittee() {
    let members = [("a", "p1", CommitteeMember.Role.champion), ("b", "", .user), ("a", "", .user)].map {
      contact, purchase, role in
      CommitteeMember.with {
        ($0.contact, $0.purchase, $0.role) = (contact, purchase, role)
        $0.stance = purchase.isEmpty ? .against : .supportive
        $0.coverage = purchase.isEmpty ? .deep : .brief
      }
    }
    let seats = CoverageSeat.of(members)
    #expect(seats.map(\.contact) == ["a", "b"])
    #expect(seats[0].parts.map(\.purchase) == ["p1", ""])
    #expect(seats[0].stance == .supportive && seats[0].coverage == .deep)
    #expect(CoverageSeat.of(members.reversed()).first { $0.contact == "a" }?.stance == .supportive)
  }

  @Test func amountsAreExactForPrograms() {
    func money(_ units: Int64, _ nanos: Int32) -> String { Money.with { ($0.units, $0.nanos) = (units, nanos) }.plain }
    #expect(money(3_300_000, 500_000_000) == "3300000.5")
    #expect(money(0, -10_000_000) == "-0.01")
    #expect(money(-5, 0) == "-5")
    #expect(money(.min, 0) == "-9223372036854775808")
  }

  @Test func todayIsNowAndOtherDaysAreTheirBeginning() throws {
    let now: Int64 = 1_780_315_200
    let today = LocalTime(seconds: now)
    func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let text = "\(today.year)-\(padded(today.month))-\(padded(today.day))"
    #expect(try HappenedAt.moment(text, option: "--on", now: now) == nil)
    #expect(try HappenedAt.moment("2026-02-01", option: "--on", now: now)?.seconds == 1_769_904_000)
    #expect(try HappenedAt.moment("2026-02-01T10:00:00+02:00", option: "--on", now: now)?.seconds == 1_769_932_800)
    for nonsense in ["12", "1", "", "foo", "2026-02-30", "2026-02-01T10:00:00", "\"2026-02-01"] {
      let problem = #expect(throws: CLIProblem.self) {
        try HappenedAt.moment(nonsense, option: "--on", now: now)
      }
      #expect(problem?.place == "--on", "\(nonsense)")
    }
  }
}
