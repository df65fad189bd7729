/// What a word was reduced to, so that a word that repeats is analysed once.
///
/// A clock: each entry has a mark that a look-up sets; when room is needed the hand passes over marked
/// entries, clearing them, and replaces the first unmarked one. Unlike a least-recently-used list, a hit
/// moves nothing.
struct TermCache {
  private struct Entry {
    var word: String
    var terms: WordTerms
    var used: Bool
  }

  private var entries: [Entry] = []
  private var places: [String: Int] = [:]
  private var hand = 0
  private let limit: Int

  /// - Parameter limit: entries kept at most, at least 1.
  init(limit: Int) {
    self.limit = max(1, limit)
  }

  var count: Int { entries.count }

  /// What a word was reduced to, where that is known.
  mutating func terms(of word: String) -> WordTerms? {
    guard let place = places[word] else { return nil }
    entries[place].used = true
    return entries[place].terms
  }

  /// Remembers what a word was reduced to, in place of one that was not asked for lately.
  mutating func insert(_ word: String, _ terms: WordTerms) {
    if let place = places[word] {
      entries[place].terms = terms
      return
    }
    if entries.count < limit {
      places[word] = entries.count
      entries.append(Entry(word: word, terms: terms, used: false))
      return
    }
    while entries[hand].used {
      entries[hand].used = false
      hand = (hand + 1) % limit
    }
    places[entries[hand].word] = nil
    entries[hand] = Entry(word: word, terms: terms, used: false)
    places[word] = hand
    hand = (hand + 1) % limit
  }
}

/// What one word is found by.
struct WordTerms {
  /// The base forms of the whole word, one for each way to read it; never empty.
  var whole: [String]
  /// The base forms of the parts of a compound, and of neighbouring parts together.
  var parts: [String]
}
