import Foundation
import Store
import TextAnalysis

@testable import StoreSQLite

/// A search index over a database of its own, without a store around it.
final class SearchBench {
  static let analyser = TextAnalyser()
  static let hasVoikko = if case .voikko = analyser.finnishMethod { true } else { false }
  /// 2026-01-01T00:00:00Z.
  static let now = Moment(seconds: 1_767_225_600)

  let index: SearchIndex
  let connection: Connection
  let path: String

  init() throws {
    index = SearchIndex(analyser: Self.analyser)
    path = NSTemporaryDirectory() + "punos-search-\(UUID().uuidString).db"
    connection = try Connection(path: path, access: .create, vfs: nil, cacheKilobytes: 8_000)
    try transaction { try index.prepareTables(on: connection) }
  }

  deinit {
    for end in ["", "-wal", "-shm", "-journal"] { try? FileManager.default.removeItem(atPath: path + end) }
  }

  func transaction(_ body: () throws -> Void) throws {
    try connection.execute("BEGIN IMMEDIATE")
    do {
      try body()
      try connection.execute("COMMIT")
    } catch {
      connection.rollBack()
      throw error
    }
  }

  func change(_ key: RecordKey, _ after: SearchDocument?, tenant: UInt32 = 1) -> SearchChange {
    Self.change(key, after, tenant: tenant)
  }

  static func change(_ key: RecordKey, _ after: SearchDocument?, tenant: UInt32 = 1) -> SearchChange {
    SearchChange(
      tenant: tenant, key: key, encodedKey: KeyEncoding.record(tenant, key), before: nil, after: after,
      revision: Revision(1))
  }

  func apply(_ changes: [SearchChange]) throws {
    let sorted = changes.sorted { bytesPrecede($0.encodedKey, $1.encodedKey) }
    try transaction { try index.apply(sorted, on: connection) }
  }

  /// Puts notes in one account, one batch.
  func put(_ notes: [String: SearchDocument], tenant: UInt32 = 1) throws {
    try apply(notes.map { change(Self.note($0.key), $0.value, tenant: tenant) })
  }

  func remove(_ ids: [String], tenant: UInt32 = 1) throws {
    try apply(ids.map { change(Self.note($0), nil, tenant: tenant) })
  }

  func find(
    _ query: SearchQuery, offset: Int = 0, count: Int = 20, tenant: UInt32 = 1,
    budget: Int = SearchLimits.scored
  ) throws -> SearchReader.Found {
    try SearchReader(SearchStatements(connection), tenant: tenant, analyser: Self.analyser, budget: budget)
      .search(query, offset: offset, count: count, now: Self.now)
  }

  /// The ids that are found, the best first.
  func ids(_ text: String, typing: Bool = false, tenant: UInt32 = 1) throws -> [String] {
    try find(SearchQuery(text: text, isTyping: typing), tenant: tenant).documents.map(\.key.id)
  }

  static func note(_ id: String, account: String? = "acme", kind: UInt16 = 7) -> RecordKey {
    RecordKey(account: account, kind: RecordKind(kind), id: id)
  }
}

extension SearchDocument {
  /// A note of Finnish text.
  static func finnish(
    _ text: String, daysAgo: Int? = 0, confidence: Double? = nil, team: String = ""
  ) -> SearchDocument {
    SearchDocument(
      fields: [Field(name: "text", text: text, language: "fi")],
      moment: daysAgo.map { Moment(seconds: SearchBench.now.seconds - Int64($0) * 86_400) },
      confidence: confidence,
      team: team)
  }

  /// A name.
  static func named(_ name: String) -> SearchDocument {
    SearchDocument(fields: [Field(name: "name", text: name, weight: 4, isVerbatim: true)])
  }
}

/// A seeded generator, so that a failing case can be had again from the seed in its message.
struct SearchRandom: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
