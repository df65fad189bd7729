import Testing

@testable import TextAnalysis

@Suite struct TokeniserTests {
  private func folded(_ text: String) -> [String] { Tokeniser.tokens(in: text).map(\.folded) }

  @Test func wordsEndAtBlanksAndSigns() {
    #expect(folded("Hei, maailma! (Testi)\tuusi\nrivi") == ["hei", "maailma", "testi", "uusi", "rivi"])
  }

  @Test func anInflectionAfterAColonIsLeftOff() {
    #expect(folded("CRM:n EU:ssa VD:s USA:han") == ["crm", "eu", "vd", "usa"])
    #expect(folded("huomio:tärkeä") == ["huomio", "tärkeä"])
  }

  @Test func aCompoundWithHyphensIsOneTokenWithParts() {
    let token = Tokeniser.tokens(in: "linja-auto")[0]
    #expect(token.kind == .compound)
    #expect(token.parts == ["linja", "auto"])
    #expect(folded("loppu- ja alku") == ["loppu", "ja", "alku"])
  }

  @Test(arguments: [
    "+358 40 123 4567", "+358401234567", "040 123 4567", "040-1234567", "0401234567", "+358 (0)40 1234567",
    "+358\u{A0}40\u{A0}1234567",
  ])
  func aPhoneNumberIsTheSameHoweverItIsWritten(_ text: String) {
    let tokens = Tokeniser.tokens(in: "Soita \(text), kiitos")
    #expect(tokens.map(\.kind) == [.word, .phone, .word])
    #expect(tokens[1].folded == "401234567")
  }

  @Test func aYearAfterAPhoneNumberIsNotPartOfIt() {
    #expect(folded("040 123 4567 2024") == ["401234567", "2024"])
  }

  @Test(arguments: ["1234567-8", "FI12345678", "12345678"])
  func aBusinessIdIsFoundWithAndWithoutItsHyphenAndCountry(_ text: String) {
    #expect(folded("Y-tunnus: \(text).").last == "12345678")
  }

  @Test func anAddressIsFoundWholeAndByItsParts() {
    let token = Tokeniser.tokens(in: "<Matti.Virtanen+crm@Yritys.fi>")[0]
    #expect(token.kind == .email)
    #expect(token.folded == "matti.virtanen+crm@yritys.fi")
    #expect(token.parts == ["matti", "virtanen", "crm", "yritys", "fi"])
    #expect(Tokeniser.tokens(in: "www.yritys.fi/tuotteet").map(\.kind) == [.domain, .word])
  }

  @Test func aFullStopWithoutABlankIsNotADomain() {
    #expect(folded("Se loppui.Uusi alkoi") == ["se", "loppui", "uusi", "alkoi"])
    #expect(folded("a@b kone@ @nimi .fi x@y.") == ["a", "b", "kone", "nimi", "fi", "x", "y"])
  }

  @Test func numbersKeepTheirDecimals() {
    #expect(folded("12,5 % ja 1.2.2024 ja 3.") == ["12.5", "ja", "1.2.2024", "ja", "3"])
  }

  @Test func anApostropheDoesNotCutAName() {
    #expect(folded("O’Brien ja D'Artagnan") == ["obrien", "ja", "dartagnan"])
  }

  @Test func ideographsAreWordsOfOneSign() {
    #expect(folded("東京 office") == ["東", "京", "office"])
  }

  @Test func anEndlessWordIsCut() {
    let token = Tokeniser.tokens(in: String(repeating: "ä", count: 100_000))
    #expect(token.count == 1)
    #expect(token[0].folded.unicodeScalars.count == Tokeniser.tokenLimit)
    #expect(token[0].range == 0..<200_000)
  }

  @Test func anyTextGivesOrderedRangesOnLetterBoundaries() {
    for seed in 1...1_000 as ClosedRange<UInt64> {
      var random = SplitMix(state: seed)
      let text = random.text(upTo: 120)
      let bytes = Array(text.utf8)
      var end = 0
      for token in Tokeniser.tokens(in: text) {
        #expect(token.range.lowerBound >= end && !token.range.isEmpty, "seed \(seed)")
        #expect(token.range.upperBound <= bytes.count, "seed \(seed)")
        #expect(String(validating: bytes[token.range], as: UTF8.self) != nil, "seed \(seed)")
        #expect(!token.folded.utf8.contains(0x20) && !token.folded.utf8.contains(0), "seed \(seed)")
        end = token.range.upperBound
      }
    }
  }
}
