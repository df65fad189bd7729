import Testing

@testable import TextAnalysis

@Suite struct SearchTextTests {
  @Test func quotesMakeAPhraseAndAMinusExcludes() {
    let search = analyser.searchText("laite \"uusi sopimus\" -vanha kone-erä")
    #expect(
      search.parts.map { $0.words.map(\.folded) } == [
        ["laite"], ["uusi", "sopimus"], ["vanha"], ["kone-erä"],
      ])
    #expect(search.parts.map(\.excluded) == [false, false, true, false])
  }

  @Test func onlyTheWordThatIsStillBeingTypedIsABeginning() {
    func prefixes(_ text: String, typing: Bool = true) -> [Bool] {
      analyser.searchText(text, typing: typing).parts.flatMap(\.words).map(\.isPrefix)
    }
    #expect(prefixes("uusi sop") == [false, true])
    #expect(prefixes("uusi sop ") == [false, false])
    #expect(prefixes("uusi sop", typing: false) == [false, false])
    #expect(prefixes("\"uusi sop\"") == [false, false])
  }

  @Test func aPastedParagraphIsCutAndSaysSo() {
    let search = analyser.searchText((1...40).map { "sana\($0)" }.joined(separator: " "))
    #expect(search.parts.count == SearchText.wordLimit)
    #expect(search.ignoredWords == 40 - SearchText.wordLimit)
  }

  @Test(arguments: ["", "   ", "\"", "-", "\"\"", "- -", "\"-\"", "!?"])
  func nothingAskedForIsNoParts(_ text: String) {
    #expect(analyser.searchText(text, typing: true).parts.isEmpty)
  }
}

@Suite struct SnippetTests {
  private let text = """
    Tapasimme asiakkaan edustajat Tampereella. Puhuimme pitkään siitä, miten sopimusneuvottelussa oli käynyt, \
    ja siitä miten palaute otetaan huomioon ensi vuoden suunnittelussa; lopuksi sovittiin jatkosta.
    """

  @Test(.enabled(if: hasVoikko))
  func theFoundWordsAreMarkedInTheFormTheyHaveInTheText() throws {
    let snippet = try #require(analyser.snippet(of: text, for: analyser.asked("sopimus palautteet")))
    #expect(snippet.marked.contains("«sopimusneuvottelussa»"))
    #expect(snippet.marked.contains("«palaute»"))
    let bytes = Array(snippet.text.utf8)
    #expect(
      snippet.highlights.map { String(decoding: bytes[$0], as: UTF8.self) } == [
        "sopimusneuvottelussa", "palaute",
      ])
  }

  @Test func aTextWithoutAHitHasNoSnippet() {
    #expect(analyser.snippet(of: text, for: analyser.asked("laskutus")) == nil)
    #expect(analyser.snippet(of: "", for: analyser.asked("laskutus")) == nil)
    #expect(analyser.snippet(of: text, for: analyser.asked("-asiakas")) == nil)
  }

  @Test func aShortTextIsShownWhole() throws {
    let snippet = try #require(analyser.snippet(of: "Uusi kone.", for: analyser.asked("kone")))
    #expect(snippet.marked == "Uusi «kone».")
  }

  @Test func aWordThatIsStillBeingTypedIsMarked() throws {
    let snippet = try #require(
      analyser.snippet(of: "Uusi tuotantolinja", for: analyser.asked("tuotantol", typing: true)))
    #expect(snippet.marked == "Uusi «tuotantolinja»")
  }

  @Test func anyTextGivesABoundedSnippetWithItsMarksInside() throws {
    for seed in 1...500 as ClosedRange<UInt64> {
      var random = SplitMix(state: seed)
      let text = (0..<Int.random(in: 1...30, using: &random)).map { _ in random.text(upTo: 30) }
        .joined(separator: " kone ")
      guard let snippet = analyser.snippet(of: text, for: analyser.asked("kone")) else { continue }
      let bytes = Array(snippet.text.utf8)
      #expect(bytes.count <= 340, "seed \(seed)")
      #expect(String(validating: bytes, as: UTF8.self) != nil, "seed \(seed)")
      #expect(!snippet.highlights.isEmpty, "seed \(seed)")
      var end = 0
      for range in snippet.highlights {
        #expect(range.lowerBound >= end && range.upperBound <= bytes.count, "seed \(seed)")
        end = range.upperBound
      }
      #expect(snippet.marked.filter { $0 == "«" }.count >= snippet.highlights.count, "seed \(seed)")
    }
  }
}
