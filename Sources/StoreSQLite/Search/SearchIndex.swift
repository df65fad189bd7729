internal import Store
internal import Synchronization
internal import TextAnalysis

/// The search index over a store's records: FTS5, fed with what our analyser makes of their texts.
///
/// Safe to use from any thread; what it keeps between batches is behind a lock.
final class SearchIndex: SearchIndexer {
  let analyser: TextAnalyser
  private let wantsFeeding = Atomic<Bool>(false)
  private let writer = Mutex<SearchWriter?>(nil)

  /// - Parameter analyser: what texts and questions are analysed with.
  ///
  /// Make it before the first connection is opened: connections opened earlier cannot read the index.
  init(analyser: TextAnalyser) {
    SearchExtension.register()
    self.analyser = analyser
  }

  func prepareTables(on connection: Connection) throws {
    try SearchTables.create(on: connection)
    try writer.withLock { writer in
      let tables = try SearchTables(connection)
      let fingerprint = try tables.state(SearchTables.fingerprint)
      if fingerprint == nil, try !Self.hasRecords(connection) {
        try tables.setState(SearchTables.fingerprint, wantedFingerprint)
      } else if fingerprint != wantedFingerprint {
        wantsFeeding.store(true, ordering: .releasing)
      }
      writer = SearchWriter(tables)
    }
  }

  private static func hasRecords(_ connection: Connection) throws(SQLiteFailure) -> Bool {
    let isStore = try connection.integer("SELECT count(*) FROM sqlite_schema WHERE name = 'shard_records'")
    guard isStore == 1 else { return false }
    return try TablesLayout.hasRecords(connection)
  }

  /// Whether the index has to be emptied and fed again: it is new in a store that is not, or it was built by
  /// an analyser that reduces words otherwise than this one, or in another format. It answers meanwhile, but misses what it was not
  /// given or what is reduced otherwise now.
  var needsRebuilding: Bool { wantsFeeding.load(ordering: .acquiring) }

  private var wantedFingerprint: String { "\(SearchTables.format) \(analyser.fingerprint)" }

  func analyse(_ changes: SearchChanges) -> AnalysisAhead { AnalysisAhead(changes, analyser: analyser) }

  func apply(_ ahead: AnalysisAhead, on connection: Connection) throws {
    try writer.withLock { writer in
      if writer?.tables.connection !== connection { writer = SearchWriter(try SearchTables(connection)) }
      try writer?.apply(ahead)
    }
  }

  func removeEverything(on connection: Connection) throws {
    try writer.withLock { writer in
      try connection.execute("INSERT INTO search_index (search_index) VALUES ('delete-all')")
      for table in ["search_document", "search_term", "search_form", "search_tenant", "search_waiting"] {
        try connection.execute("DELETE FROM \(table)")
      }
      let fresh = SearchWriter(try SearchTables(connection))
      try fresh.tables.setState(SearchTables.fingerprint, wantedFingerprint)
      try fresh.tables.setMovedHours(0)
      writer = fresh
      wantsFeeding.store(false, ordering: .releasing)
    }
  }

  /// Rewrites a part of the index so that nothing of removed documents is left in its pages.
  ///
  /// A removal takes effect in answers at once, but FTS5 writes it as a mark beside the old entry, and both
  /// go when their segments are merged. Called again and again, each time in a transaction, until it says
  /// that it is done.
  ///
  /// - Parameter pages: how many pages to write at most, about.
  /// - Returns: whether more is left to do.
  func purge(pages: Int, on connection: Connection) throws -> Bool {
    let before = try connection.integer("SELECT total_changes()") ?? 0
    try connection.execute(
      "INSERT INTO search_index (search_index, rank) VALUES ('merge', -\(max(1, pages)))")
    let after = try connection.integer("SELECT total_changes()") ?? 0
    // FTS5's own sign that there was nothing to merge: fewer than two changes.
    return after - before >= 2
  }
}

/// What the index keeps between batches, on the connection that writes.
private final class SearchWriter: @unchecked Sendable {
  // `@unchecked Sendable`: only touched inside the index's lock, on the thread that owns the connection.
  let tables: SearchTables
  // Words whose other ways are known to be in their table, by hash; emptied when it is full.
  private var knownForms: Set<Int> = []
  private static let knownLimit = 1 << 16
  // The group in which there was room last, for groups that overflowed.
  private var roomy: [DocumentNumber: DocumentNumber] = [:]
  // The most hours by which a document's number is earlier than its own; nil: as the table says.
  private var movedHours: Int64?
  // The batch that was written last: where the table says otherwise, it was rolled back, and what is known of
  // it is wrong.
  private var batch: Int?
  private static let batchName = "batch"

  init(_ tables: SearchTables) { self.tables = tables }

  // Bytes of documents that are worked on at once: they and what they put into the index are in memory meanwhile.
  // FTS5 writes a segment, to be merged later, whenever a number is lower than the one before: the more documents are
  // sorted together, the fewer segments.
  private static let chunkBytes = 4 << 20

  func apply(_ ahead: AnalysisAhead) throws {
    var chunk: [AnalysedChange] = []
    var bytes = 0
    var isOpen = false
    while let piece = ahead.next() {
      if piece.isEmpty { continue }
      if !isOpen { try openBatch() }
      isOpen = true
      chunk += piece
      bytes += piece.reduce(0) { $0 + ($1.found?.kept.count ?? 0) }
      guard bytes >= Self.chunkBytes else { continue }
      try applyChunk(chunk)
      chunk.removeAll(keepingCapacity: true)
      bytes = 0
    }
    if !chunk.isEmpty { try applyChunk(chunk) }
  }

  private func applyChunk(_ changes: [AnalysedChange]) throws {
    var removals: [(document: DocumentNumber, kept: [UInt8], tenant: UInt32)] = []
    var additions: [Addition] = []
    for change in changes {
      if let old = try tables.document(change.encodedKey) {
        let kept = try tables.kept(old.number)
        if let found = change.found, found.kept == kept, found.group == old.number.group,
          found.moment == old.moment
        {
          continue
        }
        removals.append((old.number, kept, change.tenant))
      }
      if let found = change.found { additions.append((change, found)) }
    }
    var counts = Counts()
    try remove(removals, &counts)
    try add(additions, &counts)
    // With a term went the other ways to it; what was known of them is no longer so.
    if try write(counts) { knownForms.removeAll(keepingCapacity: true) }
    for (change, found) in additions {
      for source in found.formSources where isNew(source, change.tenant) {
        for form in source.forms { try tables.add(form, tenant: change.tenant) }
      }
    }
  }

  private typealias Addition = (change: AnalysedChange, found: AnalysedChange.Found)

  private func remove(
    _ removals: [(document: DocumentNumber, kept: [UInt8], tenant: UInt32)], _ counts: inout Counts
  ) throws {
    // FTS5 writes a segment whenever a number is lower than the one before.
    for removal in removals.sorted(by: { $0.document.rawValue < $1.document.rawValue }) {
      let columns = DocumentTerms.columns(ofKept: removal.kept)
      try tables.remove(removal.document, columns: columns, tenant: removal.tenant)
      counts.take(DocumentTerms.countedTerms(of: columns), -1, removal.tenant)
    }
  }

  private func add(_ additions: [Addition], _ counts: inout Counts) throws {
    var numbered: [(document: DocumentNumber, addition: Addition)] = []
    numbered.reserveCapacity(additions.count)
    var next: [DocumentNumber: DocumentNumber] = [:]
    for addition in additions.sorted(by: { $0.found.group.rawValue < $1.found.group.rawValue }) {
      numbered.append((try number(for: addition.found.group, &next), addition))
    }
    numbered.sort { $0.document.rawValue < $1.document.rawValue }
    for (document, addition) in numbered {
      try tables.put(document, addition.change, addition.found)
      counts.take(addition.found.counted, 1, addition.change.tenant)
    }
  }

  /// Whether a word's other ways are still to be written; from then on they count as written, as long as this
  /// batch is not rolled back.
  private func isNew(_ source: FormSource, _ tenant: UInt32) -> Bool {
    if knownForms.count >= Self.knownLimit { knownForms.removeAll(keepingCapacity: true) }
    return knownForms.insert(source.digest(tenant: tenant)).inserted
  }

  private func openBatch() throws {
    let written = try tables.state(Self.batchName).flatMap { Int($0) } ?? 0
    if batch != written {
      knownForms.removeAll(keepingCapacity: true)
      roomy.removeAll(keepingCapacity: true)
      movedHours = nil
    }
    batch = written &+ 1
    try tables.setState(Self.batchName, String(written &+ 1))
  }

  /// A free number in a group, or in the same group of an earlier hour where that is full.
  private func number(
    for group: DocumentNumber, _ next: inout [DocumentNumber: DocumentNumber]
  ) throws -> DocumentNumber {
    var place = roomy[group] ?? group
    while true {
      let free: DocumentNumber
      if let known = next[place] {
        free = known
      } else if let last = try tables.last(of: place) {
        free = DocumentNumber(rawValue: last.rawValue &+ 1)
      } else {
        free = place
      }
      if free.group == place {
        next[place] = DocumentNumber(rawValue: free.rawValue &+ 1)
        return free
      }
      next[place] = free
      place = place.earlier
      if group.hour != nil { try note(place.hours(beyond: group)) }
      if roomy.count >= Self.knownLimit { roomy.removeAll(keepingCapacity: true) }
      roomy[group] = place
    }
  }

  /// A search that is kept to a period has to look so far beyond it.
  private func note(_ movedHours: Int64) throws {
    if let known = self.movedHours, movedHours <= known { return }
    let known = try SearchTables.movedHours(on: tables.connection)
    if movedHours > known { try tables.setMovedHours(movedHours) }
    self.movedHours = max(movedHours, known)
  }

  /// - Returns: whether a term is gone from the dictionary.
  private func write(_ counts: Counts) throws -> Bool {
    var isAnyGone = false
    for (tenant, terms) in counts.terms {
      // In the order of the table, so that its pages are touched one after the other.
      let changed = terms.filter { $0.value != 0 }.map { $0 }
      for place in ByteOrder(changed.map(\.key)).places {
        let (term, difference) = changed[place]
        let isGone = try tables.count(term.text, by: difference, tenant: tenant)
        isAnyGone = isAnyGone || isGone
      }
    }
    for (tenant, difference) in counts.documents where difference != 0 {
      try tables.countDocuments(by: difference, tenant: tenant)
    }
    return isAnyGone
  }
}

/// What a batch changes in the dictionary.
private struct Counts {
  var terms: [UInt32: [Term: Int]] = [:]
  var documents: [UInt32: Int] = [:]

  mutating func take(_ counted: some Sequence<Term>, _ difference: Int, _ tenant: UInt32) {
    documents[tenant, default: 0] += difference
    // The tenant is looked up once, not for every term.
    Self.add(counted, difference, to: &terms[tenant, default: [:]])
  }

  private static func add(_ counted: some Sequence<Term>, _ difference: Int, to terms: inout [Term: Int]) {
    for term in counted { terms[term, default: 0] += difference }
  }
}
