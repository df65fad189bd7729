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
}
