import Store
import StoreConformance
import Testing
import TextAnalysis

@testable import StoreSQLite

/// Excerpts from the words that the index keeps, beside those of a text that is analysed again.
@Suite struct KeptMatchesTests {
  private static let words = [
    "asiakas", "asiakkaan", "sopimus", "sopimusneuvottelussa", "avtalet", "kunden", "deliveries", "kone-erä",
    "Liisa",
    "liisa@esimerkki.fi", "+358 40 123 4567", "A-2024/15", "CRM:n", "ja", "3 500,50", "esimerkki.fi", "hyvä",
    "Ålands",
  ]
  private static let questions = [
    "asiakas", "sopimus kone", "avtal kund", "delivery", "esimerkki.fi", "0401234567", "liisa", "A202415",
    "crm",
    "\"sopimus asiakas\"", "neuvottelu -kone", "aland",
  ]

  private static func document(_ random: inout some RandomNumberGenerator) -> SearchDocument {
    let fields = (0..<Int.random(in: 0...6, using: &random)).map { number in
      let text = (0..<Int.random(in: 0...12, using: &random))
        .map { _ in words.randomElement(using: &random) ?? "" }
        .joined(separator: [" ", ", ", "\n"].randomElement(using: &random) ?? " ")
      return SearchDocument.Field(
        name: "field\(number)", text: text, weight: [0.5, 1, 2, 4].randomElement(using: &random) ?? 1,
        language: [nil, "fi", "sv", "en"].randomElement(using: &random) ?? nil,
        isVerbatim: Bool.random(using: &random))
    }
    return SearchDocument(fields: fields, team: "sales")
  }

  @Test func excerptsFromTheKeptWordsAreThoseOfTheTextAnalysedAgain() throws {
    let analyser = SearchBench.analyser
    var shown = 0
    for seed in 1...400 as ClosedRange<UInt64> {
      var random = SearchRandom(state: seed)
      let document = Self.document(&random)
      let terms = DocumentTerms(document, key: SearchBench.note("1"), analyser: analyser) { _ in false }
      for (question, typing) in Self.questions.map({ ($0, false) }) + [("sop", true), ("liisa@", true)] {
        let asked = AskedWords(analyser.searchText(question, typing: typing))
        let matches = terms.kept.withUnsafeBytes { KeptMatches(kept: $0, asked) }
        let kept = SearchSnippet.best(of: document, asked, matches, analyser)
        #expect(
          kept == SearchSnippet.best(of: document, asked, nil, analyser), "seed \(seed), \(question)")
        shown += kept.count
      }
    }
    #expect(shown > 1_000)
  }

  @Test func theKeptWordsAreThoseOfEveryFieldInItsColumn() throws {
    let document = SearchDocument(fields: [
      .init(name: "name", text: "Kone Oy", weight: 4, isVerbatim: true),
      .init(name: "empty", text: " ... ", weight: 1),
      .init(name: "notes", text: "uusi kone", weight: 1), .init(name: "more", text: "kone kone", weight: 1),
    ])
    let terms = DocumentTerms(document, key: SearchBench.note("1"), analyser: SearchBench.analyser) { _ in
      false
    }
    let asked = AskedWords(SearchBench.analyser.searchText("kone"))
    var matches = terms.kept.withUnsafeBytes { KeptMatches(kept: $0, asked) }
    #expect(matches.next(inColumn: 3) == [.whole(0), nil])
    #expect(matches.next(inColumn: 1) == [nil, .whole(0)])
    #expect(matches.next(inColumn: 1) == [.whole(0), .whole(0)])
    #expect(matches.next(inColumn: 1) == nil)
  }

  @Test func ofATextThatIsNotTheIndexedOneNothingIsShownFromTheIndex() throws {
    let analyser = SearchBench.analyser
    let indexed = SearchDocument(fields: [.init(name: "notes", text: "kone laite")])
    let terms = DocumentTerms(indexed, key: SearchBench.note("1"), analyser: analyser) { _ in false }
    let asked = AskedWords(analyser.searchText("kone"))
    let matches = terms.kept.withUnsafeBytes { KeptMatches(kept: $0, asked) }
    let now = SearchDocument(fields: [.init(name: "notes", text: "uusi laite ja kone")])
    #expect(SearchSnippet.best(of: now, asked, matches, analyser).map(\.marked) == ["uusi laite ja «kone»"])
  }

  @Test func anyBytesGiveMatchesOrNone() {
    let asked = AskedWords(SearchBench.analyser.searchText("kone sopimus"))
    for seed in 1...2_000 as ClosedRange<UInt64> {
      var random = SearchRandom(state: seed)
      let marks: [UInt8] = [0, 1, 2, 5, 6, 7, 0x20, 0x20, 0x61, 0xC3]
      let bytes = (0..<Int.random(in: 0...60, using: &random)).map { _ in
        marks.randomElement(using: &random) ?? 0
      }
      var matches = bytes.withUnsafeBytes { KeptMatches(kept: $0, asked) }
      for column in 0..<10 { while matches.next(inColumn: column) != nil {} }
    }
  }
}
