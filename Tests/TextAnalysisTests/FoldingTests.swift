import Testing

@testable import TextAnalysis

@Suite struct FoldingTests {
  @Test(arguments: [
    ("Ääkkönen", "ääkkönen"), ("ÅNGSTRÖM", "ångström"), ("Café", "cafe"), ("Zürich", "zurich"),
    ("Škoda", "skoda"),
    ("Jørgensen", "jörgensen"), ("Ægir", "ägir"), ("Straße", "strasse"), ("Łódź", "lodz"),
    ("Nguyễn", "nguyen"),
    ("Ｔｅｓｔ", "test"), ("so\u{AD}pimus", "sopimus"), ("ΑΘΗΝΑ", "αθηνα"), ("Ёлка", "ёлка"),
  ])
  func spellingsThatASearcherDoesNotTellApartFoldTogether(_ text: String, _ folded: String) {
    #expect(Folding.fold(text) == folded)
  }

  @Test(arguments: ["Hämeenlinna", "Åbo", "ööliä", "Édith", "Zürich", "naïve"])
  func composedAndDecomposedLettersAreTheSame(_ text: String) {
    var decomposed = String.UnicodeScalarView()
    let marks: [Character: [Unicode.Scalar]] = [
      "ä": ["a", "\u{308}"], "Å": ["A", "\u{30A}"], "ö": ["o", "\u{308}"], "É": ["E", "\u{301}"],
      "ü": ["u", "\u{308}"], "ï": ["i", "\u{308}"],
    ]
    for character in text {
      decomposed.append(contentsOf: marks[character] ?? Array(character.unicodeScalars))
    }
    #expect(Array(Folding.fold(String(decomposed)).utf8) == Array(Folding.fold(text).utf8))
  }

  @Test func saariAndSääriStayDifferentWords() {
    #expect(Folding.fold("saari") != Folding.fold("sääri"))
    #expect(Folding.plain("Sääri") == "saari")
    #expect(Folding.plain("Hämeenlinna, Åbo") == "hameenlinna, abo")
  }

  @Test func foldingWhatIsFoldedChangesNothing() {
    for seed in 1...400 as ClosedRange<UInt64> {
      var random = SplitMix(state: seed)
      let text = random.text(upTo: 60)
      let once = Folding.fold(text)
      #expect(Array(Folding.fold(once).utf8) == Array(once.utf8), "seed \(seed)")
      #expect(once.utf8.count <= 3 * text.utf8.count, "seed \(seed)")
    }
  }
}
