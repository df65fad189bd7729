import DataFiles
import ProtobufBridge
import PunosMessages
import Terminal
import Testing

@testable import CLI

@Suite struct FieldWordsTests {
  private static let kinds: [any CLINoun.Type] = CLINouns.all

  @Test func everyFieldOfEveryPageHasANameInBothLanguages() {
    var missing: Set<String> = []
    for kind in Self.kinds {
      for field in kind.descriptor?.fields ?? [] where !RecordPage<Commitment>.untold.contains(field.name) {
        if FieldNames.title(of: field.name, .finnish) == field.name { missing.insert(field.name) }
      }
    }
    #expect(missing.sorted() == [])
  }

  @Test func everyValueOfAnEnumThatAPageShowsIsInWords() {
    var missing: Set<String> = []
    func walk(_ message: MessageDescriptor) {
      for field in message.fields where !RecordPage<Commitment>.untold.contains(field.name) {
        for value in field.enumeration?.values ?? [] where value.number != 0 {
          if FieldNames.enumTitle(value.name, .finnish) == nil { missing.insert(value.name) }
        }
        if let inner = field.message, !inner.fullName.hasPrefix("google.protobuf.") { walk(inner) }
      }
    }
    Self.kinds.compactMap { $0.descriptor }.forEach(walk)
    #expect(missing.sorted() == [])
  }

  @Test func valuesOnAPageAreReadAsPeopleWriteThem() throws {
    var purchase = Purchase()
    purchase.value = Money.with { ($0.currency, $0.units, $0.nanos) = ("EUR", 500_000, 250_000_000) }
    purchase.criteria = [
      DecisionCriterion.with { ($0.text, $0.weight, $0.mandatory) = ("Huolto", 0.5, true) }
    ]
    purchase.stages = [
      DecisionStage.with {
        ($0.title, $0.enteredDate, $0.leftDate) = ("Vertailu", "2026-02-01", "2026-03-02")
      }
    ]
    purchase.attributes = ["luokka": AttributeValue.with { $0.value = .text("A") }]
    purchase.valueHundredths = 50_000_025
    let page = RecordPage(record: purchase, title: "Linja", writing: Writing(.finnish)).page()
    let text = page.lines(width: 80, style: Style(false)).joined(separator: "\n")
    for wanted in [
      "500\u{A0}000,25 €", "Huolto · 0,5 · kyllä", "Vertailu · 1.2.2026 · 2.3.2026", "luokka: A",
    ] {
      #expect(text.contains(wanted), "\(wanted) in \(text)")
    }
    #expect(!text.contains("50000025"))
  }

  @Test func aValueThatDoesNotFitIsToldWithItsFieldAndWhatTheFieldWants() throws {
    var checked = 0
    for kind in Self.kinds { checked += try misfits(kind) }
    #expect(checked > 50)
  }

  /// Sets nonsense at every field of a kind that is no text, and looks at what is said.
  private func misfits<Noun: CLINoun>(_: Noun.Type) throws -> Int {
    guard let message = Noun.descriptor else { return 0 }
    var checked = 0
    for field in message.fields where field.rule?.outputOnly != true && !field.isMap {
      let isTime = field.message?.fullName == "google.protobuf.Timestamp"
      guard isTime || field.message == nil, ![.string, .bytes].contains(field.type) else { continue }
      let problem = #expect(throws: CLIProblem.self, "\(Noun.kind).\(field.name)") {
        var assignments = FieldAssignments(message)
        try assignments.add(try #require(PairArgument(argument: "\(field.name)=xyzzy")))
        _ = try assignments.record(Noun.Record.self)
      }
      guard let problem else { continue }
      checked += 1
      let place = "\(Noun.kind).\(field.name): \(problem)"
      #expect(problem.place == "--set \(field.name)", "\(place)")
      #expect(
        problem.what(in: .english).contains("“xyzzy”") && problem.what(in: .finnish).contains("”xyzzy”"),
        "\(place)")
      for bound in [field.rule?.range?.min, field.rule?.range?.max] where bound != nil && !isTime {
        let figure = bound.flatMap { Int64(exactly: $0) }.map(String.init) ?? ""
        #expect(
          problem.what(in: .english).contains(figure) && problem.what(in: .finnish).contains(figure),
          "\(place)")
      }
      #expect(!problem.what(in: .finnish).contains(" was expected"), "\(place)")
    }
    return checked
  }

  @Test func numbersAndAnswersAreTakenAsPeopleWriteThem() throws {
    func member(_ text: String) throws -> CommitteeMember {
      var assignments = FieldAssignments(try #require(CommitteeMember.descriptor))
      try assignments.add(try #require(PairArgument(argument: text)))
      return try assignments.record(CommitteeMember.self)
    }
    #expect(try member("influence=0,9").influence == 0.9)
    let problem = #expect(throws: CLIProblem.self) { try member("influence=abc") }
    #expect(problem?.what.english == "“abc” does not fit influence: a number from 0 to 1 was expected.")
    #expect(problem?.what.finnish == "”abc” ei sovi kenttään influence; odotettiin: luku väliltä 0–1.")
    // A number is a number only, not the rest of an object.
    #expect(throws: CLIProblem.self) { try member(#"influence=1,"stance":"STANCE_MENTOR""#) }
  }
}
