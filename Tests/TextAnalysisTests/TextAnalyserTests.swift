import Testing

@testable import TextAnalysis

@Suite struct TextAnalyserTests {
  @Test(
    .enabled(if: hasVoikko),
    arguments: [
      ("asiakas", "Soitin asiakkaan kanssa"), ("asiakkaan", "uusi asiakas"),
      ("sopimus", "sopimusneuvottelussa"),
      ("neuvottelu", "Istuimme sopimusneuvotteluissa"), ("hanke", "tietojärjestelmähankkeen vaihe"),
      ("tietojärjestelmä", "tietojärjestelmähankkeen vaihe"), ("toive", "asiakkaantoiveet"),
      ("asiakas", "asiakkaantoiveet"), ("Virtanen", "Virtasen puhelu"), ("Virtasen", "Liisa Virtanen"),
      ("erä", "kone-erän toimitus"), ("kone-erä", "kone-erän toimitus"), ("lasku", "e-laskut"),
      ("Helsinki", "Helsingissä pidetty"), ("yhteyshenkilö", "yhteyshenkilöiden vaihtuessa"),
      ("CRM", "CRM:ssä"),
    ])
  func aFinnishWordIsFoundInAllItsForms(_ typed: String, _ text: String) {
    #expect(analyser.finds(typed, in: text, .finnish))
  }

  @Test(.enabled(if: hasVoikko))
  func whoAsksForACompoundDoesNotGetItsParts() {
    #expect(!analyser.finds("sopimusneuvottelu", in: "Sopimus ja neuvottelu", .finnish))
  }

  @Test(arguments: [
    ("avtal", "Vi har avtalet klart", Language.swedish), ("kunder", "kunden och kunderna", .swedish),
    ("contract", "The contracts were signed", .english), ("meeting", "after the meetings", .english),
  ])
  func aSwedishOrEnglishWordIsFoundByItsStem(_ typed: String, _ text: String, _ language: Language) {
    #expect(analyser.finds(typed, in: text, language))
    #expect(analyser.language(of: text) == language)
  }

  @Test func namesAreFoldedAndNotReduced() {
    #expect(analyser.terms("Kuusinen Oy Ab", verbatim: true) == ["kuusinen", "oy", "ab"])
    #expect(analyser.finds("Kuusinen", in: "KUUSINEN Oy", verbatim: true))
    #expect(!analyser.finds("Kuusi", in: "Kuusinen Oy", verbatim: true))
  }

  @Test func aTextIsFoundByItsOwnWordsWhateverTheyAre() {
    for seed in 1...300 as ClosedRange<UInt64> {
      var random = SplitMix(state: seed)
      let text = random.text(upTo: 40)
      for token in Tokeniser.tokens(in: text).prefix(SearchText.wordLimit) {
        let typed = String(decoding: Array(text.utf8)[token.range], as: UTF8.self)
        let search = analyser.queryTerms(of: token)
        #expect(!analyser.terms(text).isDisjoint(with: search), "seed \(seed), word \(typed)")
      }
    }
  }

  @Test func withoutVoikkoStemsAreUsedAndOneWarningSaysSo() {
    let analyser = analyserWithoutVoikko()
    guard case .snowball(let reason) = analyser.finnishMethod else {
      Issue.record("Voikko was found under a name that does not exist")
      return
    }
    #expect(reason.contains("libvoikko-that-is-not-there.so"))
    #expect(analyser.takeWarning()?.contains("voikko-fi") == true)
    #expect(analyser.takeWarning() == nil)
    #expect(analyser.finds("sopimuksen", in: "sopimukset", .finnish))
    #expect(analyser.fingerprint != TextAnalyserTests.withVoikko || !hasVoikko)
  }

  private static let withVoikko = analyser.fingerprint

  @Test func aMissingDictionaryIsNamed() throws {
    var configuration = TextAnalyser.Configuration()
    configuration.voikkoLibrary = "libc.so.6"
    let analyser = TextAnalyser(configuration)
    #expect(analyser.finnishMethod == .snowball(reason: "libc.so.6 has no function voikkoInit"))
  }

  @Test func theCacheForgetsWordsButNotHowToReduceThem() {
    var configuration = TextAnalyser.Configuration()
    configuration.cacheLimit = 3
    configuration.lanes = 1
    let small = TextAnalyser(configuration)
    let text = "sopimus asiakkaan kanssa uudessa tilanteessa sopimus asiakkaan kanssa sopimusneuvottelussa"
    #expect(small.words(of: text, language: .finnish) == analyser.words(of: text, language: .finnish))
  }

  @Test func theClockKeepsWhatIsAskedForAgain() {
    var cache = TermCache(limit: 2)
    cache.insert("a", WordTerms(whole: ["a"], parts: []))
    cache.insert("b", WordTerms(whole: ["b"], parts: []))
    #expect(cache.terms(of: "a") != nil)
    cache.insert("c", WordTerms(whole: ["c"], parts: []))
    #expect(cache.count == 2)
    #expect(cache.terms(of: "a") != nil)
    #expect(cache.terms(of: "b") == nil)
  }

  @Test func manyThreadsGetTheSameTerms() async {
    let text = "Asiakkaan kanssa sopimusneuvottelussa tietojärjestelmähankkeen kone-erästä, Virtaselle"
    let expected = analyser.words(of: text)
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<16 {
        group.addTask { (0..<50).allSatisfy { _ in analyser.words(of: text) == expected } }
      }
      for await same in group { #expect(same) }
    }
  }
}

@Suite struct LanguageTests {
  @Test(arguments: [
    ("Palaverissa sovittiin, että asiakas lähettää uudet vaatimukset ensi viikolla.", Language.finnish),
    ("Kunden är inte nöjd med leveransen och vill ha ett möte.", .swedish),
    ("The customer is not happy with the delivery and wants a meeting.", .english),
    ("Tuotantolinjan käyttöönotto viivästyy", .finnish), ("Förhandlingarna påbörjades", .swedish),
  ])
  func theLanguageOfASentenceIsFound(_ text: String, _ language: Language) {
    #expect(analyser.language(of: text) == language)
  }

  @Test func aTextThatDoesNotShowItsLanguageHasTheDefault() {
    #expect(analyser.language(of: "12345 XYZ") == .finnish)
    var configuration = TextAnalyser.Configuration()
    configuration.defaultLanguage = .english
    #expect(TextAnalyser(configuration).language(of: "12345 XYZ") == .english)
  }

  @Test func languageTagsAreReadByTheirFirstPart() {
    #expect(Language(tag: "sv-FI") == .swedish)
    #expect(Language(tag: "EN") == .english)
    #expect(Language(tag: "de") == nil)
    #expect(Language(tag: "") == nil)
    #expect(Language(tag: "fin") == nil)
  }
}
