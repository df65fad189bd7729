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
}
