/// How like two names are, and which of many are meant: for *not found, did you mean …* and for answering to
/// an unambiguous part of a name.
///
/// Names are compared folded, without legal forms (*Oy*, *Ab*, *GmbH* …) and punctuation. To find the like of
/// a name among a million, an index keeps ``lookupKeys(of:)`` of every name's words; a name that is asked for
/// is looked up by the same keys, and only what shares one is compared with ``similarity(_:_:)``.
public enum NameMatching {
  /// From this similarity on a name is worth suggesting: *Kone* for *Koen*, not *Kone* for *Kemira*.
  public static let suggestionThreshold = 0.45

  /// A name as it is compared: folded words without legal forms. Where nothing but a legal form is left, it
  /// stays.
  ///
  /// - Parameter name: any text.
  public static func words(of name: String) -> [String] {
    var words: [String] = []
    for token in Tokeniser.tokens(in: name) {
      if token.parts.isEmpty || token.kind == .identifier {
        words.append(token.folded)
      } else {
        words += token.parts
      }
    }
    let meaningful = words.filter { !legalForms.contains($0) }
    return meaningful.isEmpty ? words : meaningful
  }

  /// How like two names are, from 0 (nothing in common) to 1 (the same but for spelling).
  ///
  /// Half of it is how well the words pair up: each word of the shorter name with its most like word of the
  /// other, by Damerau–Levenshtein distance over the longer word's length, or by being its beginning. The
  /// other half is Dice's coefficient of the trigrams of the whole names, which sees *Konecranes* in *Kone
  /// Cranes*.
  public static func similarity(_ first: String, _ second: String) -> Double {
    similarity(words(of: first), words(of: second))
  }

  /// ``similarity(_:_:)`` of names that are already ``words(of:)``.
  public static func similarity(_ first: [String], _ second: [String]) -> Double {
    guard !first.isEmpty, !second.isEmpty else { return 0 }
    if first == second { return 1 }
    let paired = pairing(first, second)
    let dice = diceOfTrigrams(first.joined(separator: " "), second.joined(separator: " "))
    let together = diceOfTrigrams(first.joined(), second.joined())
    // Never quite 1: that is said only of names that are the same.
    return min(0.99, 0.5 * paired + 0.5 * max(dice, together))
  }

  /// The names most like one that was asked for, most alike first; among the equally alike in Finnish order.
  ///
  /// - Parameters:
  ///   - asked: the name that was not found.
  ///   - candidates: names to choose from, with whatever identifies them.
  ///   - limit: how many at most.
  /// - Returns: those at or above ``suggestionThreshold``.
  public static func nearest<ID>(
    to asked: String, among candidates: some Sequence<(id: ID, name: String)>, limit: Int
  ) -> [(id: ID, name: String, similarity: Double)] {
    let words = Self.words(of: asked)
    var ranked: [(id: ID, name: String, similarity: Double)] = []
    for candidate in candidates {
      let alike = similarity(words, Self.words(of: candidate.name))
      if alike >= suggestionThreshold { ranked.append((candidate.id, candidate.name, alike)) }
    }
    ranked.sort {
      $0.similarity != $1.similarity
        ? $0.similarity > $1.similarity : FinnishCollation.precedes($0.name, $1.name)
    }
    return Array(ranked.prefix(max(0, limit)))
  }

  /// The one candidate that a part of a name means: the only one whose name is the part, or else the only one
  /// whose words begin with the part's words in order, or else the only one that contains them.
  ///
  /// - Returns: `nil` where no candidate or more than one is meant.
  public static func unambiguous<ID>(
    _ part: String, among candidates: [(id: ID, name: String)]
  ) -> ID? {
    let asked = words(of: part)
    guard !asked.isEmpty else { return nil }
    let named = candidates.map { (id: $0.id, words: words(of: $0.name)) }
    let tests: [([String]) -> Bool] = [
      { $0 == asked },
      { words in
        words.count >= asked.count && zip(words, asked).allSatisfy { $0.hasPrefix($1) }
      },
      { words in asked.allSatisfy { part in words.contains { $0.hasPrefix(part) } } },
    ]
    for test in tests {
      let found = named.filter { test($0.words) }
      if found.count == 1 { return found[0].id }
      if found.count > 1 { return nil }
    }
    return nil
  }

  /// Words that say what a company is in law, not which one it is.
  static let legalForms: Set<String> = [
    "oy", "oyj", "ab", "abp", "ky", "tmi", "ry", "rf", "osk", "asoy", "koy", "kb", "hb", "as", "asa", "aps",
    "ans",
    "gmbh", "ag", "kg", "mbh", "se", "ltd", "limited", "llc", "llp", "plc", "inc", "incorporated", "corp",
    "corporation", "co", "company", "bv", "nv", "sa", "sas", "sarl", "srl", "spa", "sro", "ou", "oü", "sia",
    "uab",
    "oyab", "osakeyhtiö", "aktiebolag",
  ]
}
