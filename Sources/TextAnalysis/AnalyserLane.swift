/// The analysers of one lane: none of them may be used from two threads at once, so a ``TextAnalyser`` keeps
/// each lane inside a lock.
struct AnalyserLane: Sendable {
  // Compound parts and their neighbours that one word is found by: three parts give five. More would let one
  // pathological compound fill the index.
  private static let partLimit = 8
  // A part of one letter (the e of e-lasku) is no word that anybody searches.
  private static let shortestPart = 2
  // A stem shorter than this says nothing of the word.
  private static let shortestStem = 3

  private let voikko: Voikko?
  private let finnish = SnowballStemmer(.finnish)
  private let swedish = SnowballStemmer(.swedish)
  private let english = SnowballStemmer(.english)
  // One for each language, in the order of Language.allCases.
  private var caches: [TermCache]

  init(voikko: Voikko?, cacheLimit: Int) {
    self.voikko = voikko
    caches = Language.allCases.map { _ in TermCache(limit: cacheLimit) }
  }

  /// The base forms of a folded word or compound of one language.
  mutating func terms(of word: String, _ language: Language) -> WordTerms {
    let (place, stemmer) =
      switch language {
      case .finnish: (0, finnish)
      case .swedish: (1, swedish)
      case .english: (2, english)
      }
    if let known = caches[place].terms(of: word) { return known }
    var found = language == .finnish ? finnishTerms(word) : stemmed(word, stemmer)
    if language == .swedish { found.whole = found.whole.map(Self.withoutNeuterArticle) }
    caches[place].insert(word, found)
    return found
  }

  private func stemmed(_ word: String, _ stemmer: SnowballStemmer?) -> WordTerms {
    let joined = Self.joined(word)
    guard let stem = stemmer?.stem(joined), stem.utf8.count >= Self.shortestStem else {
      return WordTerms(whole: [joined], parts: [])
    }
    return WordTerms(whole: [stem], parts: [])
  }

  /// Snowball takes the article off *kunden* but not off *avtalet*; a searcher expects both.
  private static func withoutNeuterArticle(_ stem: String) -> String {
    stem.hasSuffix("et") && stem.utf8.count >= shortestStem + 3 ? String(stem.dropLast(2)) : stem
  }

  private func finnishTerms(_ word: String) -> WordTerms {
    guard let voikko else { return stemmed(word, finnish) }
    let readings = voikko.readings(of: word)
    // A name or a loan word that the dictionary lacks: by its stem, so that its cases meet.
    if readings.isEmpty { return stemmed(word, finnish) }
    var whole: [String] = []
    var parts: [String] = []
    for reading in readings {
      let base = Folding.fold(reading.baseForm)
      whole.appendOnce(Self.joined(base))
      for part in compoundParts(of: word, base, reading.partLengths, voikko) {
        guard parts.count < Self.partLimit else { break }
        if !whole.contains(part) { parts.appendOnce(part) }
      }
    }
    parts.removeAll { whole.contains($0) }
    return WordTerms(whole: whole, parts: parts)
  }

  /// The base forms of a compound's parts and of neighbouring parts together: *sopimus* and *neuvottelu* of
  /// *sopimusneuvottelussa*; *tietojärjestelmä* and *järjestelmähanke*, too, of *tietojärjestelmähankkeen*.
  private func compoundParts(of word: String, _ base: String, _ lengths: [Int], _ voikko: Voikko) -> [String]
  {
    guard lengths.count > 1 else { return [] }
    let letters = Array(word)
    guard lengths.reduce(0, +) == letters.count else { return [] }
    var surfaces: [String] = []
    var start = 0
    for length in lengths {
      surfaces.append(Self.joined(String(letters[start..<(start + length)])))
      start += length
    }
    // All but the last part stand in the base form as they stand in the word, so the head is the rest of it.
    let head = String(base.dropFirst(letters.count - (lengths.last ?? 0)))
    var bases = surfaces.dropLast().map { self.baseForms(of: $0, voikko) }
    bases.append(head.isEmpty ? [] : [Self.joined(head)])
    var found: [String] = []
    for last in surfaces.indices {
      for base in bases[last] {
        for first in surfaces[...last].indices where !(first == 0 && last == surfaces.count - 1) {
          let part = surfaces[first..<last].joined() + base
          if part.utf8.count >= Self.shortestPart { found.appendOnce(part) }
        }
      }
    }
    return found
  }

  private func baseForms(of part: String, _ voikko: Voikko) -> [String] {
    guard part.utf8.count >= Self.shortestPart else { return [] }
    var found: [String] = []
    for reading in voikko.readings(of: part) { found.appendOnce(Self.joined(Folding.fold(reading.baseForm))) }
    return found.isEmpty ? [part] : found
  }

  /// A compound is found with and without its hyphens.
  private static func joined(_ word: String) -> String {
    word.utf8.contains(0x2D) ? word.filter { $0 != "-" } : word
  }
}

extension Array where Element: Equatable {
  /// Appends an element that is not there yet; for short arrays.
  mutating func appendOnce(_ element: Element) {
    if !contains(element) { append(element) }
  }
}
