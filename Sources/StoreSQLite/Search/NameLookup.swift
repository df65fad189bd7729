internal import Store
internal import TextAnalysis

/// Finds records by names that are nearly theirs.
///
/// The words of the name lead, by keys that survive a slip, to words of the dictionary, those to documents,
/// and only the documents that hold most of what was asked for are compared letter by letter.
struct NameLookup {
  // Dictionary words that one word of the name may stand for.
  private static let wordChoices = 12
  // Documents that are scored by which of the words they hold.
  private static let scored = 4_000
  // Documents whose names are compared letter by letter, at about 20 µs each.
  private static let compared = 150
  // Letters that a word may be wrong by, for words of this many letters or more.
  private static let slips = [(letters: 8, slips: 3), (letters: 5, slips: 2), (letters: 3, slips: 1)]

  let connection: Connection
  let reader: SearchReader
  let tenant: UInt32

  /// The likest names first.
  func nearest(to name: String, kinds: [RecordKind], limit: Int) throws -> [NameCandidate] {
    let words = NameMatching.words(of: SearchReader.bounded(name))
    let documents = try reader.documents()
    let groups = try groups(words, of: documents)
    guard !groups.isEmpty else { return [] }
    var candidates: [DocumentNumber: Double] = [:]
    var left = Self.scored
    // All words at once, then each for itself from the rarest on: a name in which one word is another's.
    var combinations: [[SearchPlan.Group]] = groups.count > 1 ? [groups] : []
    combinations += groups.sorted { $0.documents < $1.documents }.map { [$0] }
    for combination in combinations where left > 0 {
      try collect(combination, kinds, &candidates, &left)
    }
    let best = candidates.sorted {
      $0.value != $1.value ? $0.value > $1.value : $0.key.rawValue < $1.key.rawValue
    }
    return try compare(best.prefix(Self.compared).map(\.key), name, kinds, limit)
  }

  /// For each word of the name what it may stand for in the dictionary; and for two words what they may be in
  /// one.
  private func groups(_ words: [String], of documents: Int) throws -> [SearchPlan.Group] {
    var groups: [SearchPlan.Group] = []
    for word in words.prefix(NameMatching.comparedWords) {
      let choices = try choices(for: word)
      if !choices.isEmpty { groups.append(group(choices, of: documents)) }
    }
    if words.count > 1, let joined = try choices(for: words.joined()).first {
      groups.append(group([joined], of: documents))
    }
    return groups
  }

  private func group(_ entries: [SearchVocabulary.Entry], of documents: Int) -> SearchPlan.Group {
    let stands = min(documents, entries.reduce(0) { $0 &+ $1.documents })
    return SearchPlan.Group(terms: entries, weight: SearchRanking.rarity(documents: stands, of: documents))
  }

  private func choices(for word: String) throws -> [SearchVocabulary.Entry] {
    var terms = [word]
    for key in NameMatching.lookupKeys(of: word) {
      for term in try reader.vocabulary.terms(ofForm: SearchForm.nameMark + key) { terms.append(term) }
    }
    let letters = word.unicodeScalars.count
    let allowed = Self.slips.first { letters >= $0.letters }?.slips ?? 0
    var ranked: [(term: String, distance: Int)] = []
    for term in Set(terms) {
      let distance = NameMatching.distance(word, term, limit: allowed)
      if distance <= allowed || term.hasPrefix(word) { ranked.append((term, distance)) }
    }
    if letters >= 3 {
      for entry in try reader.vocabulary.entries(beginningWith: word).entries.prefix(Self.wordChoices)
      where !ranked.contains(where: { $0.term == entry.term }) {
        ranked.append((entry.term, allowed + 1))
      }
    }
    ranked.sort { $0.distance != $1.distance ? $0.distance < $1.distance : $0.term < $1.term }
    var found: [SearchVocabulary.Entry] = []
    for candidate in ranked where found.count < Self.wordChoices {
      let documents = try reader.vocabulary.documents(with: candidate.term)
      if documents > 0 { found.append(SearchVocabulary.Entry(term: candidate.term, documents: documents)) }
    }
    return found
  }

  private func collect(
    _ groups: [SearchPlan.Group], _ kinds: [RecordKind], _ candidates: inout [DocumentNumber: Double],
    _ left: inout Int
  ) throws {
    let statement = try connection.prepare(
      """
      SELECT rowid, \(SearchExtension.score)(search_index, ?2) FROM search_index
      WHERE search_index MATCH ?1 AND (?3 >> ((rowid >> 17) & 63)) & 1 ORDER BY rowid
      """)
    let pass = SearchPlan.everything(groups, tenant: tenant)
    statement.bind(1, pass.expression)
    statement.bind(2, pass.scorePlan)
    statement.bind(3, SearchReader.mask(kinds))
    while left > 0, try statement.step() {
      left -= 1
      let document = DocumentNumber(rawValue: statement.integer(0))
      candidates[document] = max(candidates[document] ?? 0, statement.real(1))
    }
  }

  private func compare(
    _ documents: [DocumentNumber], _ name: String, _ kinds: [RecordKind], _ limit: Int
  ) throws -> [NameCandidate] {
    let lookup = try connection.prepare("SELECT key, title FROM search_document WHERE doc = ?1")
    var named: [(id: RecordKey, name: String)] = []
    for document in documents {
      lookup.bind(1, document.rawValue)
      defer { lookup.reset() }
      guard try lookup.step() else { continue }
      let title = lookup.text(1)
      guard !title.isEmpty else { continue }
      let key = try lookup.withBytes(0) { bytes throws(Malformed) in try KeyEncoding.decodeRecord(bytes).key }
      if kinds.isEmpty || kinds.contains(key.kind) { named.append((key, title)) }
    }
    return NameMatching.nearest(to: name, among: named, limit: limit).map {
      NameCandidate(key: $0.id, name: $0.name, similarity: $0.similarity)
    }
  }
}
