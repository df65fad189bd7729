internal import Glibc
public import Store
public import TextAnalysis

/// Searching a SQLite store.
extension SQLiteStore: SearchableStore {
  /// Opens a store that can be searched, making it where there is none.
  ///
  /// An index that is new, or that was built by an analyser that reduces words otherwise, is built from the
  /// records behind the store's other work; until that is done answers say that hits may be missing.
  ///
  /// - Parameters: as ``init(directory:schema:options:)``, and
  ///   - analyser: what texts and questions are analysed with. What it has to say to an operator goes to
  ///     `options.log`.
  /// - Throws: ``OpenFailed``.
  public convenience init(
    directory: String, schema: RecordSchema, options: SQLiteStoreOptions = .init(), analyser: TextAnalyser
  ) throws {
    let index = SearchIndex(analyser: analyser)
    try self.init(directory: directory, schema: schema, options: options, search: index)
    if let warning = analyser.takeWarning() { options.log(warning) }
    guard index.needsRebuilding else { return }
    Task { [self] in
      do {
        try await rebuildSearch()
      } catch {
        options.log("the search index could not be built: \(error)")
      }
    }
  }

  /// Empties the search index and builds it anew from the records, behind the store's other work. Returns
  /// when it has begun; ``StoreHealth`` and answers say while it goes on. For a schema whose search fields
  /// have changed.
  /// - Throws: ``ReadFailed`` where the tables cannot be written.
  public func rebuildSearch() async throws {
    guard let index = search else { return }
    let builder = applier.builder
    // Said before the index is emptied, so that no answer from an empty index goes without the notice.
    builder.catalog.set(.building, of: ReservedNumbers.search)
    let feeder = applier.feeder
    try await applier.run { tables in
      try builder.rebuildSearch(tables, index)
      try feeder?.recount(tables.connection)
    }
  }

  /// Rewrites the search index so that nothing of records that were removed is left in its pages. Answers do
  /// not change: what is removed is not found from the moment of its removal.
  /// - Throws: ``ReadFailed`` where the tables cannot be written.
  public func purgeSearch() async throws {
    guard let index = search as? SearchIndex else { return }
    try await waitUntilSearchable()
    var hasMore = true
    while hasMore {
      hasMore = try await applier.run { tables in
        try tables.transaction { try index.purge(pages: Self.purgePages, on: tables.connection) }
      }
    }
  }

  /// Returns once search has everything that is durable now.
  /// - Throws: ``ReadFailed`` where the tables cannot be written.
  public func waitUntilSearchable() async throws {
    try await applier.waitUntilApplied()
    guard let feeder = applier.feeder else { return }
    try await feeder.hurrying {
      while feeder.waiting > 0 {
        try Task.checkCancellation()
        guard await applier.waitForSearch(atMost: options.pace.searchPatience) else {
          throw board.tablesFailure ?? ReadFailed(cause: .closed, detail: "the store is closing")
        }
      }
    }
  }

  // Pages of one slice of purging: a few milliseconds, which is what other work may have to wait for it.
  private static let purgePages = 500

  public func search(_ query: SearchQuery, in tenant: TenantID) async throws -> SearchAnswer {
    try Self.validate(query)
    let position = try SearchPosition(query)
    guard let index = search as? SearchIndex else {
      throw InvalidQuery(problem: "this store was opened without search")
    }
    guard let number = registry.number(of: tenant) else { return SearchAnswer() }
    try await applier.waitForReading()
    await applier.waitForSearch(atMost: options.pace.searchPatience)
    let notice = notice(index)
    let (work, schema) = (options.queryWork, schema)
    var answer = try await workers.run { reader in
      try reader.limited(work) {
        try reader.tables.snapshot {
          try SearchAnswer(query, position, reader.tables, index.analyser, schema, tenant: number)
        }
      }
    }
    answer.notice = notice
    return answer
  }

  public func names(
    like name: String, kinds: [RecordKind], limit: Int, in tenant: TenantID
  ) async throws -> [NameCandidate] {
    guard limit >= 1 else { throw InvalidQuery(problem: "the limit must be at least 1") }
    guard let index = search as? SearchIndex else {
      throw InvalidQuery(problem: "this store was opened without search")
    }
    guard let number = registry.number(of: tenant) else { return [] }
    try await applier.waitForReading()
    // Not for search itself: names are a help to whoever mistyped one, and who imports does not wait for them.
    let work = options.queryWork
    return try await workers.run { reader in
      try reader.limited(work) {
        try reader.tables.snapshot {
          let statements = try reader.tables.searchStatements()
          let search = SearchReader(statements, tenant: number, analyser: index.analyser)
          return try NameLookup(connection: statements.connection, reader: search, tenant: number)
            .nearest(to: name, kinds: kinds, limit: min(limit, SearchLimits.pageHits))
        }
      }
    }
  }

  private func notice(_ index: SearchIndex) -> String {
    if index.needsRebuilding || applier.builder.catalog.state(of: ReservedNumbers.search) == .building {
      return "The search index is being built: hits may be missing."
    }
    if let waiting = applier.feeder?.waiting, waiting > 0 {
      return "The search index is about \(waiting) records behind: hits may be missing."
    }
    guard case .snowball(let reason) = index.analyser.finnishMethod else { return "" }
    return "Finnish base forms are not available: \(reason)."
  }

  private static func validate(_ query: SearchQuery) throws {
    if query.limit < 1 { throw InvalidQuery(problem: "the limit must be at least 1") }
    for (values, name) in [
      (query.accounts.count, "accounts"), (query.teams.count, "teams"), (query.kinds.count, "kinds"),
    ]
    where values > SearchLimits.filterValues {
      throw InvalidQuery(problem: "at most \(SearchLimits.filterValues) \(name) can be searched at once")
    }
    let names = query.accounts + query.teams
    guard names.allSatisfy({ $0.utf8.count <= StoreLimits.keyPartBytes }) else {
      throw InvalidQuery(problem: "an account or team is longer than \(StoreLimits.keyPartBytes) bytes")
    }
  }
}

/// Where paging through an answer stands.
struct SearchPosition {
  /// How many of the best have been given.
  var offset: Int
  /// The moment that recency is reckoned from: the same on every page, so that the order is.
  var now: Moment
  // The query that it belongs to.
  private let digest: UInt64

  private static let version: UInt8 = 1

  /// - Throws: ``InvalidQuery`` where the query's position is not one of its own.
  init(_ query: SearchQuery) throws(InvalidQuery) {
    digest = Self.digest(of: query)
    guard let after = query.after else {
      offset = 0
      now = query.now ?? Moment(microseconds: SystemClock.now())
      return
    }
    let bytes = after.bytes
    guard bytes.count == 21, bytes[0] == Self.version else {
      throw InvalidQuery(problem: "the position is not of a search")
    }
    (offset, now) = bytes.withUnsafeBytes { raw in
      (
        Int(UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: 1, as: UInt32.self))),
        Moment(rawValue: Int64(littleEndian: raw.loadUnaligned(fromByteOffset: 5, as: Int64.self)))
      )
    }
    let owner = bytes.withUnsafeBytes {
      UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: 13, as: UInt64.self))
    }
    guard owner == digest, offset <= SearchLimits.reach else {
      throw InvalidQuery(problem: "the position is not of this search")
    }
  }

  /// The position after more hits; nil beyond what paging reaches.
  func advanced(by hits: Int) -> ListPosition? {
    let next = offset + hits
    guard next < SearchLimits.reach else { return nil }
    var bytes = [Self.version]
    withUnsafeBytes(of: UInt32(truncatingIfNeeded: next).littleEndian) { bytes.append(contentsOf: $0) }
    withUnsafeBytes(of: now.rawValue.littleEndian) { bytes.append(contentsOf: $0) }
    withUnsafeBytes(of: digest.littleEndian) { bytes.append(contentsOf: $0) }
    return ListPosition(bytes: bytes)
  }

  /// FNV-1a over what decides the order of the answer.
  private static func digest(of query: SearchQuery) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    func add(_ bytes: some Sequence<UInt8>) {
      for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
      hash = (hash ^ 0xFF) &* 0x100_0000_01B3
    }
    add(query.text.utf8)
    add([query.isTyping ? 1 : 0])
    for kind in query.kinds { add(String(kind.rawValue).utf8) }
    add([])
    for account in query.accounts { add(account.utf8) }
    add([])
    for team in query.teams { add(team.utf8) }
    add([])
    add((query.since.map { String($0.rawValue) } ?? "").utf8)
    add((query.until.map { String($0.rawValue) } ?? "").utf8)
    return hash
  }
}

extension SearchAnswer {
  /// Searches on one snapshot of the tables, and makes the excerpts from the records there.
  init(
    _ query: SearchQuery, _ position: SearchPosition, _ tables: TablesReader, _ analyser: TextAnalyser,
    _ schema: RecordSchema, tenant: UInt32
  ) throws {
    self.init()
    let count = min(query.limit, SearchLimits.pageHits, SearchLimits.reach - position.offset)
    guard count > 0 else { return }
    let reader = SearchReader(try tables.searchStatements(), tenant: tenant, analyser: analyser)
    let found = try reader.search(query, offset: position.offset, count: count, now: position.now)
    for (key, why, matches) in found.documents {
      guard let record = try tables.record(KeyEncoding.record(tenant, key), key), !record.isDeleted else {
        continue
      }
      let document = try schema[key.kind]?.searchDocument?(record.body)
      let snippets = document.map { SearchSnippet.best(of: $0, found.asked, matches, analyser) } ?? []
      hits.append(SearchHit(key: key, record: record, score: why.score, why: why, snippets: snippets))
    }
    next = found.hasMore ? position.advanced(by: count) : nil
    isBounded = found.isBounded
    total = found.total
    isTotalExact = found.isTotalExact
    ignoredWords = found.search.ignoredWords
  }
}

extension SearchSnippet {
  // Bytes of a field that an excerpt is looked for in: what is found further on is found, but shown without
  // one.
  private static let fieldBytes = 64 << 10

  /// The fields with the most hits, the most first; among equals the heavier, then as they stand in the
  /// record.
  ///
  /// - Parameter matches: what the document's words answer to; nil where the index does not know them.
  static func best(
    of document: SearchDocument, _ asked: AskedWords, _ matches: KeptMatches?, _ analyser: TextAnalyser
  ) -> [SearchSnippet] {
    var matches = matches
    var found: [(place: Int, weight: Float, snippet: SearchSnippet)] = []
    for (place, field) in document.fields.enumerated() {
      guard let snippet = snippet(of: field, asked, &matches, analyser) else { continue }
      let shown = SearchSnippet(
        field: field.name, text: snippet.text, highlights: snippet.highlights, marked: snippet.marked)
      found.append((place, field.weight, shown))
    }
    found.sort {
      let (left, right) = ($0.snippet.highlights.count, $1.snippet.highlights.count)
      if left != right { return left > right }
      return $0.weight != $1.weight ? $0.weight > $1.weight : $0.place < $1.place
    }
    return found.prefix(SearchLimits.snippetsPerHit).map(\.snippet)
  }

  private static func snippet(
    of field: SearchDocument.Field, _ asked: AskedWords, _ matches: inout KeptMatches?,
    _ analyser: TextAnalyser
  ) -> Snippet? {
    let isCut = field.text.utf8.count > fieldBytes
    let text = isCut ? String(decoding: field.text.utf8.prefix(fieldBytes), as: UTF8.self) : field.text
    if matches != nil {
      let tokens = Tokeniser.tokens(in: text)
      if tokens.isEmpty { return nil }
      let indexed = matches?.next(inColumn: FieldWeight.column(for: field.weight))
      if let indexed, isCut ? indexed.count >= tokens.count : indexed.count == tokens.count {
        return TextAnalyser.snippet(of: text, tokens, for: asked, indexed: indexed)
      }
      // Not the words that are in the index: a longer text than it takes, or another schema than it was made by.
      matches = nil
    }
    let language = field.language.flatMap { Language(tag: $0) }
    return analyser.snippet(of: text, for: asked, language: language, verbatim: field.isVerbatim)
  }
}
