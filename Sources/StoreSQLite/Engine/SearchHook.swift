internal import Store

/// What happened to one record's searchable text since the last batch.
struct SearchChange: Sendable {
  /// The tenant's number in this store.
  var tenant: UInt32
  var key: RecordKey
  /// The record's key as the `records` table has it.
  var encodedKey: [UInt8]
  /// What the index was given for the record before; nil: nothing.
  var before: SearchDocument?
  /// What it is to find from now on; nil: nothing.
  var after: SearchDocument?
  /// The commit that brought `after`.
  var revision: Revision
}

/// Many changes, in the order of their encoded keys, each record once. They are read when they are asked for, so that the
/// reading can happen on another thread.
struct SearchChanges: Sendable {
  var count: Int
  /// Those of the places asked for, within ``count``, that change what search finds.
  var read: @Sendable (Range<Int>) -> [SearchChange]
}

/// Keeps the search index in step with the records.
///
/// Called on the applier's thread with the applier's connection to the tables file, in a transaction: as a rule in the
/// one that writes the records, so that records and index are not seen apart, and under a load in a later one
/// (``SearchFeeder``). Batches are sorted by encoded key and hold each record once.
protocol SearchIndexer: AnyObject, Sendable {
  /// Makes what tables the index needs; called at every opening, in a transaction.
  func prepareTables(on connection: Connection) throws
  /// Begins to work a batch out, on whatever thread; nothing is written.
  func analyse(_ changes: SearchChanges) -> AnalysisAhead
  /// Brings the index up to a batch that is being worked out.
  func apply(_ ahead: AnalysisAhead, on connection: Connection) throws
  /// Empties the index; every record is then given again through ``apply(_:on:)``.
  func removeEverything(on connection: Connection) throws
  /// Puts records aside that the index will be given later.
  func postpone(_ encodedKeys: [[UInt8]], on connection: Connection) throws
  /// The first that were put aside, each with its place in the line.
  func postponed(limit: Int, on connection: Connection) throws -> [(place: Int64, encodedKey: [UInt8])]
  func forgetPostponed(through place: Int64, on connection: Connection) throws
  func postponedCount(on connection: Connection) throws -> Int
}

extension SearchIndexer {
  /// Brings the index up to changes that are sorted by encoded key and name each record once.
  func apply(_ changes: [SearchChange], on connection: Connection) throws {
    let ahead = analyse(SearchChanges(count: changes.count) { Array(changes[$0]) })
    defer { ahead.cancel() }
    try apply(ahead, on: connection)
  }
}
