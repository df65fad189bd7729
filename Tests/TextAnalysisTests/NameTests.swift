import Testing

@testable import TextAnalysis

@Suite struct FinnishCollationTests {
  @Test func namesComeInTheOrderThatAFinnExpects() {
    let expected = [
      "Aalto", "Aho", "Vaara", "Wahlroos", "Valta", "Virtanen", "Über", "Yli",
      "Zorro", "Åberg", "Ähtäri", "Ærø", "Öhman", "Øster",
    ]
    #expect(expected.reversed().sorted(by: FinnishCollation.precedes) == expected)
    let halls = ["Halli 9", "Halli 09 B", "Halli 10"]
    #expect(halls.reversed().sorted(by: FinnishCollation.precedes) == halls)
    #expect(["alfa", "1. apu"].sorted(by: FinnishCollation.precedes) == ["1. apu", "alfa"])
  }

  @Test func caseAndDiacriticsCountOnlyBetweenNamesElseTheSame() {
    #expect(
      ["ande", "André", "Anders", "andre", "Andre"].sorted(by: FinnishCollation.precedes)
        == ["ande", "Anders", "Andre", "André", "andre"])
  }

  @Test func aShorterNamePrecedesALongerThatBeginsWithIt() {
    #expect(FinnishCollation.precedes("Kone", "Kone Cranes"))
    #expect(FinnishCollation.precedes("Kone Cranes", "Konecranes"))
  }

  @Test func equalKeysMeanEqualTextsAndTheOrderIsTotal() {
    for seed in 1...500 as ClosedRange<UInt64> {
      var random = SplitMix(state: seed)
      let (a, b, c) = (random.text(upTo: 6), random.text(upTo: 6), random.text(upTo: 6))
      #expect(
        (FinnishCollation.key(a) == FinnishCollation.key(b)) == (Array(a.utf8) == Array(b.utf8)),
        "seed \(seed)")
      if FinnishCollation.precedes(a, b), FinnishCollation.precedes(b, c) {
        #expect(FinnishCollation.precedes(a, c), "seed \(seed)")
      }
    }
  }
}

@Suite struct NameMatchingTests {
  @Test func legalFormsAndSpellingDoNotMakeANameAnother() {
    #expect(NameMatching.similarity("Kone Oyj", "KONE") == 1)
    #expect(NameMatching.similarity("Oy Karl Fazer Ab", "Karl Fazer") == 1)
    #expect(NameMatching.words(of: "Oy Ab") == ["oy", "ab"])
  }

  @Test func aSlipIsMoreLikeThanAnotherName() {
    #expect(NameMatching.similarity("Konecranes", "Kone Cranes Oyj") > 0.7)
    #expect(NameMatching.similarity("Metsä Borad", "Metsä Board Oyj") > 0.7)
    #expect(NameMatching.similarity("Kone", "Kemira") < NameMatching.suggestionThreshold)
    #expect(NameMatching.similarity("", "Kemira") == 0)
  }

  @Test func theNearestNamesComeFirst() {
    let names = ["Kemira Oyj", "Kone Oyj", "Konecranes Oyj", "Koneen Säätiö", "Nokia Oyj"]
      .enumerated().map { (id: $0.offset, name: $0.element) }
    #expect(NameMatching.nearest(to: "Koen", among: names, limit: 2).first?.name == "Kone Oyj")
    #expect(NameMatching.nearest(to: "Konecrane", among: names, limit: 1).map(\.name) == ["Konecranes Oyj"])
    #expect(NameMatching.nearest(to: "xyzzy", among: names, limit: 5).isEmpty)
    #expect(NameMatching.nearest(to: "Kone", among: names, limit: -1).isEmpty)
  }

  @Test func anUnambiguousPartOfANameIsEnough() {
    let names = [
      (id: 1, name: "Kone Oyj"), (id: 2, name: "Konecranes Oyj"), (id: 3, name: "Nokia Solutions Oy"),
    ]
    #expect(NameMatching.unambiguous("kone", among: names) == 1)
    #expect(NameMatching.unambiguous("konec", among: names) == 2)
    #expect(NameMatching.unambiguous("kon", among: names) == nil)
    #expect(NameMatching.unambiguous("solutions", among: names) == 3)
    #expect(NameMatching.unambiguous("", among: names) == nil)
  }

  @Test(arguments: [
    ("kone", "koen", 1), ("kone", "kone", 0), ("kone", "", 4), ("sopimus", "sopimsu", 1), ("abc", "xyz", 3),
  ])
  func distanceCountsSwapsAsOne(_ a: String, _ b: String, _ expected: Int) {
    #expect(NameMatching.distance(a, b) == expected)
    #expect(NameMatching.distance(b, a) == expected)
    #expect(NameMatching.distance(a, b, limit: 0) == min(expected, 1))
  }

  @Test func oneSlipInTheBeginningOfAWordSharesAKey() {
    let letters = Array("abcdefghijklmnopqrstuvwxyzåäö")
    for seed in 1...1_000 as ClosedRange<UInt64> {
      var random = SplitMix(state: seed)
      var word = (0..<Int.random(in: 5...12, using: &random)).map { _ in
        letters.randomElement(using: &random) ?? "a"
      }
      let original = String(word)
      let place = Int.random(in: 0..<word.count, using: &random)
      switch Int.random(in: 0..<4, using: &random) {
      case 0: word.remove(at: place)
      case 1: word.insert(letters.randomElement(using: &random) ?? "a", at: place)
      case 2: word[place] = letters.randomElement(using: &random) ?? "a"
      default: word.swapAt(place, max(0, place - 1))
      }
      let keys = Set(NameMatching.lookupKeys(of: original))
      #expect(
        !keys.isDisjoint(with: NameMatching.lookupKeys(of: String(word))),
        "seed \(seed): \(original) \(String(word))")
    }
  }

  @Test func similarityIsSymmetricAndBetweenNoughtAndOne() {
    for seed in 1...300 as ClosedRange<UInt64> {
      var random = SplitMix(state: seed)
      let (a, b) = (random.text(upTo: 30), random.text(upTo: 30))
      let similarity = NameMatching.similarity(a, b)
      #expect(similarity >= 0 && similarity <= 1, "seed \(seed)")
      #expect(abs(similarity - NameMatching.similarity(b, a)) < 1e-9, "seed \(seed)")
    }
  }
}
