internal import Store

/// Lists through indexes within one account. Entries of an index lie side by side over all accounts: where few of many
/// are the account's, its own records are looked through instead, and their entries are made anew.
extension SQLiteStore {
  /// Records of a kind that are looked through at most; about five milliseconds. An account with more of them has
  /// them close together in the index, too.
  private static let greatestLookedThrough = 1_000

  /// - Parameter range: the entries that are wanted, the first included, the last left out.
  /// - Returns: what going through the index would find; nil where the account has too many records of the kind.
  static func findInShard(
    _ tables: TablesReader, _ query: IndexQuery, _ extractor: FactsExtractor, _ number: UInt32,
    _ range: (from: [UInt8], to: [UInt8])
  ) throws -> RecordPage? {
    guard let account = query.account else { return nil }
    var prefix = KeyEncoding.shard(number, account: account)
    KeyEncoding.appendBigEndian(query.kind.rawValue, to: &prefix)
    guard let end = KeyEncoding.successor(of: prefix) else { return nil }
    var found: [(entry: [UInt8], record: StoredRecord)] = []
    var looked = 0
    try tables.records(after: prefix, before: end) { record in
      looked += 1
      guard looked <= greatestLookedThrough else { return false }
      if record.isDeleted { return true }
      for entry in try extractor.entries(number, record.key, record.body).entries
      where !bytesPrecede(entry, range.from) && bytesPrecede(entry, range.to) {
        found.append((entry, record))
      }
      return true
    }
    guard looked <= greatestLookedThrough else { return nil }
    found.sort { query.isDescending ? bytesPrecede($1.entry, $0.entry) : bytesPrecede($0.entry, $1.entry) }
    var page = FoundPage(limit: query.limit)
    for (entry, record) in found {
      guard try page.take(entry, record.key, { record }) else { break }
    }
    return page.page
  }
}

/// A page of what an index finds, entry by entry in its order.
struct FoundPage {
  private let limit: Int
  private var records: [StoredRecord] = []
  private var seen: Set<RecordKey> = []
  private var last: [UInt8]?
  private var bytes = 0
  private var isFull = false

  /// - Parameter limit: records at most.
  init(limit: Int) { self.limit = min(limit, StoreLimits.pageRecords) }

  /// Takes the record that an entry leads to, once.
  ///
  /// - Returns: whether there is room for more.
  mutating func take(_ entry: [UInt8], _ key: RecordKey, _ record: () throws -> StoredRecord) throws -> Bool {
    if seen.contains(key) { return true }
    if records.count == limit || bytes > StoreLimits.commitBytes {
      isFull = true
      return false
    }
    let record = try record()
    seen.insert(key)
    records.append(record)
    bytes += record.body.count
    last = entry
    return true
  }

  /// What was taken, and where to go on.
  var page: RecordPage { RecordPage(records: records, next: isFull ? last.map(ListPosition.init) : nil) }
}
