internal import Store
internal import TextAnalysis

/// Answers a search over one connection, on one snapshot of its file.
struct SearchReader {
  private let statements: SearchStatements
  private let tenant: UInt32
  private let analyser: TextAnalyser
  private let budget: Int
  let vocabulary: SearchVocabulary

  // Spellings of a phrase or an exclusion at most: its words' alternatives multiply.
  private static let spellingLimit = 16

  /// - Parameter budget: documents that a search scores at most.
  init(
    _ statements: SearchStatements, tenant: UInt32, analyser: TextAnalyser, budget: Int = SearchLimits.scored
  ) {
    self.budget = budget
    self.statements = statements
    self.tenant = tenant
    self.analyser = analyser
    vocabulary = SearchVocabulary(statements, tenant: tenant)
  }

  /// What a search found, before records are read.
  struct Found {
    /// In order, with what identifies their records and shows where they were found, where that is known.
    var documents: [(key: RecordKey, why: SearchReasons, matches: KeptMatches?)] = []
    var search: SearchText
    var asked: AskedWords
    /// Whether more come after the last.
    var hasMore = false
    var isBounded = false
    var total = 0
    var isTotalExact = true
  }

  /// Searches.
  ///
  /// - Parameters:
  ///   - query: its `limit` and `after` are not looked at.
  ///   - offset: how many of the best to pass over.
  ///   - count: how many to give.
  ///   - now: what recency is reckoned from.
  func search(_ query: SearchQuery, offset: Int, count: Int, now: Moment) throws -> Found {
    let search = analyser.searchText(Self.bounded(query.text), typing: query.isTyping)
    let asked = AskedWords(search)
    var found = Found(search: search, asked: asked)
    guard let (plan, isCut) = try plan(search, query) else { return found }
    let wanted = offset + count
    let scan = try scan(plan, query, wanted: wanted + 1, now: now)
    found.isBounded = scan.isBounded || isCut
    found.total = scan.total
    found.isTotalExact = scan.isTotalExact && !isCut
    found.hasMore = scan.best.count > wanted
    let lookup = statements.document
    // Of records that search has not been given as they are now it knows other words.
    let isUpToDate = try statements.waiting.first() == nil
    for scored in scan.best.dropFirst(offset).prefix(count) {
      lookup.bind(1, scored.document.rawValue)
      defer { lookup.reset() }
      guard try lookup.step() else { continue }
      let key = try lookup.withBytes(0) { bytes throws(Malformed) in try KeyEncoding.decodeRecord(bytes).key }
      guard Self.admits(query, key, team: lookup.text(1)) else { continue }
      let why = SearchReasons(
        relevance: scored.relevance, recency: scored.recency, confidence: scored.confidence)
      let matches = isUpToDate ? lookup.withBytes(2) { KeptMatches(kept: $0, asked) } : nil
      found.documents.append((key, why, matches))
    }
    return found
  }

  static func bounded(_ text: String) -> String {
    text.utf8.count <= SearchLimits.textBytes
      ? text : String(decoding: text.utf8.prefix(SearchLimits.textBytes), as: UTF8.self)
  }

  /// What the index tells apart only nearly is checked on the record's own key and team.
  private static func admits(_ query: SearchQuery, _ key: RecordKey, team: String) -> Bool {
    if !query.kinds.isEmpty, !query.kinds.contains(key.kind) { return false }
    if !query.accounts.isEmpty {
      guard let account = key.account, query.accounts.contains(account) else { return false }
    }
    return query.teams.isEmpty || query.teams.contains(team)
  }

  /// - Returns: nil where some word that must be there is nowhere, or nothing must be there.
  private func plan(_ search: SearchText, _ query: SearchQuery) throws -> (plan: SearchPlan, isCut: Bool)? {
    let documents = try documents()
    var groups: [SearchPlan.Group] = []
    var phrases: [[[String]]] = []
    var excluded: [[String]] = []
    var isCut = false
    for part in search.parts {
      var words: [[SearchVocabulary.Entry]] = []
      for word in part.words {
        let (entries, cut) = try vocabulary.entries(for: word)
        isCut = isCut || cut
        words.append(entries)
      }
      let isThere = words.allSatisfy { !$0.isEmpty }
      if part.excluded {
        if isThere { excluded += Self.spellings(words) }
        continue
      }
      guard isThere else { return nil }
      for entries in words {
        let stands = min(documents, entries.reduce(0) { $0 &+ $1.documents })
        groups.append(
          SearchPlan.Group(terms: entries, weight: SearchRanking.rarity(documents: stands, of: documents)))
      }
      if words.count > 1 { phrases.append(Self.spellings(words)) }
    }
    guard !groups.isEmpty else { return nil }
    var filters: [[[UInt8]]] = []
    if !query.accounts.isEmpty { filters.append(query.accounts.map(SearchTerm.account)) }
    if !query.teams.isEmpty { filters.append(query.teams.map(SearchTerm.team)) }
    if let kinds = try rareKinds(query.kinds, of: documents) { filters.append(kinds) }
    let plan = SearchPlan(
      groups: groups, phrases: phrases, excluded: excluded, filters: filters, tenant: tenant,
      documents: documents)
    return (plan, isCut)
  }

  private static func spellings(_ words: [[SearchVocabulary.Entry]]) -> [[String]] {
    var spellings: [[String]] = [[]]
    for entries in words {
      var longer: [[String]] = []
      for spelling in spellings {
        for entry in entries where longer.count < spellingLimit { longer.append(spelling + [entry.term]) }
      }
      spellings = longer
    }
    return spellings
  }

  /// The kinds' terms, where so few documents are of these kinds that looking for them saves looking at the
  /// others; nil where the numbers are looked at instead.
  private func rareKinds(_ kinds: [RecordKind], of documents: Int) throws(SQLiteFailure) -> [[UInt8]]? {
    guard !kinds.isEmpty else { return nil }
    var those = 0
    for kind in kinds {
      those &+= try vocabulary.documents(with: String(decoding: SearchTerm.kind(kind), as: UTF8.self))
    }
    return those < documents / 4 ? kinds.map(SearchTerm.kind) : nil
  }

  /// How many documents the tenant has in the index.
  func documents() throws(SQLiteFailure) -> Int {
    statements.tenantDocuments.bind(1, Int64(tenant))
    return Int(try statements.tenantDocuments.first() ?? 0)
  }
}

extension SearchReader {
  /// What looking through the index gave.
  struct Scan {
    var best: [ScoredDocument] = []
    var isBounded = false
    var total = 0
    var isTotalExact = true
  }

  /// Looks through the passes, each from the newest document on, until nothing that comes can be among the
  /// best, or the budget is spent.
  func scan(_ plan: SearchPlan, _ query: SearchQuery, wanted: Int, now: Moment) throws -> Scan {
    let statement = statements.scan
    let window = SearchWindow(since: query.since, until: query.until, moved: try movedHours(query))
    statement.bind(3, window.range.lowerBound)
    statement.bind(4, window.range.upperBound)
    statement.bind(5, Self.mask(query.kinds))
    var clock = RecencyClock(now: now)
    var top = TopDocuments(limit: wanted)
    var scored = 0
    var matching = 0
    var isComplete = false
    var isBounded = false
    for (number, pass) in plan.passes.enumerated() {
      statement.bind(1, pass.expression)
      statement.bind(2, pass.scorePlan)
      defer { statement.reset() }
      matching = 0
      isComplete = false
      while true {
        guard try statement.step() else {
          isComplete = true
          break
        }
        let document = DocumentNumber(rawValue: statement.integer(0))
        let recency = clock.recency(of: document)
        if let threshold = top.threshold, pass.bound * recency <= threshold { break }
        guard scored < budget else {
          isBounded = true
          break
        }
        scored += 1
        if window.needsLook(document), try !window.admits(Self.moment(of: document, statements.moment)) {
          continue
        }
        matching += 1
        top.take(
          ScoredDocument(
            document: document, relevance: statement.real(1), recency: recency,
            confidence: SearchRanking.confidence(level: document.confidenceLevel)))
      }
      if isBounded { break }
      // The last pass finds all there is, so its count is the total if it was not left early.
      isComplete = isComplete && number == plan.passes.count - 1
    }
    let filtered = !query.kinds.isEmpty || query.since != nil || query.until != nil
    var scan = Scan(best: top.ordered, isBounded: isBounded)
    scan.isTotalExact = isComplete || (plan.isEstimateExact && !filtered)
    scan.total = isComplete ? matching : max(plan.estimate, matching, scan.best.count)
    return scan
  }

  /// How many hours earlier than its own a document's number may be, where that matters.
  private func movedHours(_ query: SearchQuery) throws(SQLiteFailure) -> Int64 {
    if query.since == nil, query.until == nil { return 0 }
    return try SearchTables.movedHours(on: statements.connection)
  }

  private static func moment(of document: DocumentNumber, _ moments: Statement) throws(SQLiteFailure)
    -> Moment?
  {
    moments.bind(1, document.rawValue)
    defer { moments.reset() }
    guard try moments.step(), !moments.isNull(0) else { return nil }
    return Moment(rawValue: moments.integer(0))
  }

  /// The kinds' bits as the numbers have them; all of them where no kind is given.
  static func mask(_ kinds: [RecordKind]) -> Int64 {
    guard !kinds.isEmpty else { return -1 }
    return kinds.reduce(0) { $0 | 1 << Int64($1.rawValue & 63) }
  }
}

/// Recency by hour, worked out once for each hour.
private struct RecencyClock {
  private let now: Int64
  private var hour: Int64?
  private var value = 1.0

  init(now: Moment) { self.now = DocumentNumber.hour(of: now) }

  mutating func recency(of document: DocumentNumber) -> Double {
    guard let hour = document.hour else { return 1 }
    if hour != self.hour {
      self.hour = hour
      value = SearchRanking.recency(age: Int(now &- hour))
    }
    return value
  }
}
