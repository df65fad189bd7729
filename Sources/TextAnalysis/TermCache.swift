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

  /// A word, equal byte for byte: folding has settled the spelling, so that Swift need not look for others.
  private struct Word: Hashable {
    var text: String

    static func == (a: Word, b: Word) -> Bool { a.text.utf8.elementsEqual(b.text.utf8) }

    func hash(into hasher: inout Hasher) {
      let isDone: Void? = text.utf8.withContiguousStorageIfAvailable {
        hasher.combine(bytes: UnsafeRawBufferPointer($0))
      }
      if isDone == nil { hasher.combine(text.utf8.count) }
    }
  }

  private var entries: [Entry] = []
  private var places: [Word: Int] = [:]
  private var hand = 0
  private let limit: Int

  /// - Parameter limit: entries kept at most, at least 1.
  init(limit: Int) {
    self.limit = max(1, limit)
  }

  var count: Int { entries.count }

  /// What a word was reduced to, where that is known.
  mutating func terms(of word: String) -> WordTerms? {
    guard let place = places[Word(text: word)] else { return nil }
    entries[place].used = true
    return entries[place].terms
  }

  /// Remembers what a word was reduced to, in place of one that was not asked for lately.
  mutating func insert(_ word: String, _ terms: WordTerms) {
    let key = Word(text: word)
    if let place = places[key] {
      entries[place].terms = terms
      return
    }
    if entries.count < limit {
      places[key] = entries.count
      entries.append(Entry(word: word, terms: terms, used: false))
      return
    }
    while entries[hand].used {
      entries[hand].used = false
      hand = (hand + 1) % limit
    }
    places[Word(text: entries[hand].word)] = nil
    entries[hand] = Entry(word: word, terms: terms, used: false)
    places[key] = hand
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
