import Testing

@testable import TextAnalysis

@Suite struct NameOrderTests {
  private func compare(_ one: String, _ other: String) -> Int32 {
    Array(one.utf8).withUnsafeBytes { a in Array(other.utf8).withUnsafeBytes { b in NameOrder.compare(a, b) }
    }
  }

  @Test func theLettersOfNordicNamesStandBehindZInTheirOrder() {
    let expected = ["aalto", "Alén", "Zeta", "Åbo", "Äänekoski", "Öljy"]
    #expect(expected.reversed().sorted { compare($0, $1) < 0 } == expected)
    // Decomposed letters are the same ones.
    #expect(compare("A\u{030A}bo", "Åbo") == 0)
    #expect(compare("A\u{0308}a", "Zeta") > 0)
    #expect(compare("KUURA", "kuura") == 0)
    #expect(compare("Kuura", "Kuura Oy") < 0)
  }

  @Test func textsCompareAsTheirFormsDo() {
    for _ in 0..<20 {
      let seed = UInt64.random(in: .min ... .max)
      var random = SplitMix(state: seed)
      let alphabet = [
        "a", "A", "b", "z", "å", "Ä", "ö", "é", "ß", "\u{0308}", "\u{030A}", "1", " ", "-", "漢", "\u{AD}",
      ]
      for _ in 0..<200 {
        let (one, other) = (random.word(alphabet), random.word(alphabet))
        let (a, b) = (Array(NameOrder.form(one).utf8), Array(NameOrder.form(other).utf8))
        let expected: Int32 = a == b ? 0 : a.lexicographicallyPrecedes(b) ? -1 : 1
        #expect(
          compare(one, other) == expected, "seed \(seed): \(one.debugDescription) \(other.debugDescription)")
      }
    }
  }
}

extension SplitMix {
  fileprivate mutating func word(_ alphabet: [String]) -> String {
    (0..<Int.random(in: 0..<5, using: &self)).map { _ in alphabet.randomElement(using: &self) ?? "" }.joined()
  }
}
