/// Notes of made-up words that are as frequent as words are: the word of rank r stands in a text in
/// proportion to 1/r (Zipf). The same seed gives the same notes.
struct ZipfText {
  private let words: [String]
  private let cumulative: [Double]
  private var random: SeededRandom

  /// - Parameters:
  ///   - vocabulary: how many different words there are.
  ///   - seed: of the words and of the texts.
  init(vocabulary: Int, seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var words: [String] = []
    var known: Set<String> = []
    while words.count < vocabulary {
      let word = Self.word(&random)
      if known.insert(word).inserted { words.append(word) }
    }
    var sum = 0.0
    var cumulative: [Double] = []
    cumulative.reserveCapacity(vocabulary)
    for rank in 1...max(1, vocabulary) {
      sum += 1 / Double(rank)
      cumulative.append(sum)
    }
    self.words = words
    self.cumulative = cumulative
    self.random = random
  }

  /// The word of a rank, 1 the most frequent.
  func word(rank: Int) -> String { words[min(max(rank, 1), words.count) - 1] }

  /// A text of 30 to 90 words, 60 on average.
  mutating func note() -> String {
    let count = 30 + Int(random.next() % 61)
    var text = ""
    text.reserveCapacity(count * 9)
    for place in 0..<count {
      if place > 0 { text += place % 11 == 0 ? ". " : " " }
      text += words[rank()]
    }
    return text
  }

  private mutating func rank() -> Int {
    let wanted = random.unit() * (cumulative.last ?? 1)
    var low = 0
    var high = cumulative.count - 1
    while low < high {
      let middle = (low + high) / 2
      if cumulative[middle] < wanted { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Two to four syllables with the sounds of Finnish.
  private static func word(_ random: inout SeededRandom) -> String {
    let onsets = ["k", "t", "p", "s", "m", "n", "l", "r", "v", "h", "j", ""]
    let vowels = ["a", "i", "e", "o", "u", "aa", "ai", "ie", "uo", "ä", "y", "ö"]
    let codas = ["", "", "", "n", "s", "l", "r", "t"]
    let syllables = 2 + Int(random.next() % 3)
    return (0..<syllables).map { _ in
      onsets[Int(random.next() % 12)] + vowels[Int(random.next() % 12)] + codas[Int(random.next() % 8)]
    }.joined()
  }
}

/// SplitMix64.
struct SeededRandom {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// 0 ..< 1.
  mutating func unit() -> Double { Double(next() >> 11) / 9_007_199_254_740_992 }
}
