extension NameMatching {
  // Letters of a word that are compared. Names' words are shorter; the bound keeps the work of one pair
  // small.
  private static let wordLimit = 32
  /// Words of a name that are compared; the longest company names in the register have fewer.
  public static let comparedWords = 12

  /// How many letters must be changed, added, dropped or swapped with their neighbour to make one word of
  /// another (optimal string alignment, each place edited at most once).
  ///
  /// - Returns: at most `limit + 1`, which means *more than `limit`*.
  public static func distance(_ first: String, _ second: String, limit: Int = 32) -> Int {
    let a = Array(first.unicodeScalars.prefix(wordLimit))
    let b = Array(second.unicodeScalars.prefix(wordLimit))
    let limit = max(0, min(limit, wordLimit))
    if abs(a.count - b.count) > limit { return limit + 1 }
    if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
    var beforeLast = [Int](repeating: 0, count: b.count + 1)
    var last = Array(0...b.count)
    var row = last
    for i in 1...a.count {
      row[0] = i
      var least = i
      for j in 1...b.count {
        let cost = a[i - 1] == b[j - 1] ? 0 : 1
        var best = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + cost)
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
          best = min(best, beforeLast[j - 2] + 1)
        }
        row[j] = best
        least = min(least, best)
      }
      if least > limit { return limit + 1 }
      (beforeLast, last, row) = (last, row, beforeLast)
    }
    return min(last[b.count], limit + 1)
  }

  /// The trigrams of a text with two blanks before and one after it, each once, sorted.
  public static func trigrams(_ text: String) -> [String] {
    let scalars: [Unicode.Scalar] = [" ", " "] + Array(text.unicodeScalars) + [" "]
    guard scalars.count >= 4 else { return [] }
    var found: Set<String> = []
    for start in 0...(scalars.count - 3) {
      var view = String.UnicodeScalarView()
      view.append(contentsOf: scalars[start..<(start + 3)])
      found.insert(String(view))
    }
    return found.sorted()
  }

  /// How well the words of the name with fewer words pair up with those of the other, 0 to 1.
  static func pairing(_ first: [String], _ second: [String]) -> Double {
    // In an order of their own, so that the likeness of two names does not depend on which is given first.
    let isFirstShort =
      first.count != second.count ? first.count < second.count : first.lexicographicallyPrecedes(second)
    let (short, long) = isFirstShort ? (first, second) : (second, first)
    var free = Array(long.prefix(comparedWords))
    var total = 0.0
    var letters = 0.0
    for word in short.prefix(comparedWords) {
      var best = (place: -1, likeness: 0.0)
      for (place, other) in free.enumerated() {
        let alike = likeness(word, other)
        if alike > best.likeness { best = (place, alike) }
      }
      if best.place >= 0 { free.remove(at: best.place) }
      // A long word says more of a name than a short one.
      let weight = Double(max(1, word.unicodeScalars.count))
      total += best.likeness * weight
      letters += weight
    }
    // Words that only one name has count against it a little: a part of a name is often all one types.
    let unpaired = free.reduce(0.0) { $0 + Double($1.unicodeScalars.count) }
    return total / (letters + 0.25 * unpaired)
  }

  private static func likeness(_ first: String, _ second: String) -> Double {
    if first == second { return 1 }
    let longest = max(first.unicodeScalars.count, second.unicodeScalars.count)
    let shortest = min(first.unicodeScalars.count, second.unicodeScalars.count)
    guard shortest > 0 else { return 0 }
    let byDistance = max(0, 1 - Double(distance(first, second)) / Double(longest))
    let isBeginning = first.hasPrefix(second) || second.hasPrefix(first)
    // A beginning is a word not typed to its end.
    return shortest >= 3 && isBeginning
      ? max(byDistance, 0.6 + 0.4 * Double(shortest) / Double(longest)) : byDistance
  }

  static func diceOfTrigrams(_ first: String, _ second: String) -> Double {
    let a = trigrams(first)
    let b = trigrams(second)
    guard !a.isEmpty, !b.isEmpty else { return 0 }
    var shared = 0
    var i = 0
    var j = 0
    while i < a.count, j < b.count {
      if a[i] == b[j] {
        shared += 1
        i += 1
        j += 1
      } else if a[i] < b[j] {
        i += 1
      } else {
        j += 1
      }
    }
    return 2 * Double(shared) / Double(a.count + b.count)
  }

  // Letters from the beginning of a word that its keys are made of: a slip later in the word does not matter
  // to them.
  private static let keyLength = 7
  // Shorter words are only looked up as they are: one letter less would leave hardly a word.
  private static let shortestSlip = 4

  /// The keys under which an index keeps a word of a name, and under which a misspelled word is looked for:
  /// the first seven letters, and those with one letter left out. Two words share a key if their beginnings
  /// differ by one letter changed, added, dropped or swapped with its neighbour.
  ///
  /// - Parameter word: one of ``words(of:)``.
  /// - Returns: between one and eight keys.
  public static func lookupKeys(of word: String) -> [String] {
    let letters = Array(word.unicodeScalars.prefix(keyLength))
    var keys = [string(letters)]
    guard letters.count >= shortestSlip else { return keys }
    for left in letters.indices {
      var rest = letters
      rest.remove(at: left)
      keys.appendOnce(string(rest))
    }
    return keys
  }

  private static func string(_ scalars: [Unicode.Scalar]) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }
}
