import TextAnalysis

/// A seeded generator, so that a failing case can be had again from the seed in its message.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A text of anything that can stand in one: words, signs, marks, other scripts, emoji.
  mutating func text(upTo length: Int) -> String {
    var view = String.UnicodeScalarView()
    let ranges: [ClosedRange<UInt32>] = [
      0x20...0x7E, 0x20...0x7E, 0x61...0x7A, 0xA0...0x24F, 0x300...0x36F, 0x370...0x52F, 0x590...0x6FF,
      0x1E00...0x1FFF, 0x2010...0x2040, 0x4E00...0x4E40, 0xAC00...0xAC40, 0xFF00...0xFF5E, 0x1F600...0x1F640,
      0x0...0x1F,
    ]
    for _ in 0..<Int.random(in: 0...length, using: &self) {
      let range = ranges.randomElement(using: &self) ?? 0x20...0x7E
      if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &self)) { view.append(scalar) }
    }
    return String(view)
  }
}

/// One analyser for the tests of this process.
let analyser = TextAnalyser()

extension TextAnalyser {
  func asked(_ text: String, typing: Bool = false) -> AskedWords { AskedWords(searchText(text, typing: typing)) }
}

/// Whether Voikko and its dictionary are installed here.
let hasVoikko = if case .voikko = analyser.finnishMethod { true } else { false }

/// An analyser that finds no Voikko.
func analyserWithoutVoikko() -> TextAnalyser {
  var configuration = TextAnalyser.Configuration()
  configuration.voikkoLibrary = "libvoikko-that-is-not-there.so"
  return TextAnalyser(configuration)
}

extension TextAnalyser {
  /// All terms of a text.
  func terms(_ text: String, _ language: Language? = nil, verbatim: Bool = false) -> Set<String> {
    Set(words(of: text, language: language, verbatim: verbatim).flatMap(\.terms))
  }

  /// Whether a text is found by what somebody typed: by each of its words.
  func finds(_ typed: String, in text: String, _ language: Language? = nil, verbatim: Bool = false) -> Bool {
    let terms = terms(text, language, verbatim: verbatim)
    return searchText(typed).parts.allSatisfy { part in
      part.words.allSatisfy { !terms.isDisjoint(with: $0.alternatives) }
    }
  }
}
