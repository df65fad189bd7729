import Store
import StoreSQLite
import TextAnalysis

/// What a load leaves out.
enum LoadMode: String, CaseIterable {
  /// Records only.
  case off
  /// With index entries and columns.
  case indexes
  /// With index entries, columns and the search index.
  case search
  /// With all of it, each record a change in the log, a thousand changes a commit.
  case log

  var hasSearch: Bool { self == .search || self == .log }

  /// The store's own name of it.
  var mode: SQLiteStore.LoadMode {
    switch self {
    case .off: .indexedAfterwards
    case .indexes, .search: .indexed
    case .log: .logged
    }
  }
}

extension Bench {
  /// Opens the store, and says how long it takes.
  func open() throws -> SQLiteStore {
    let began = ticks()
    let schema = DataSet.schema(isSearched: load.hasSearch)
    let store =
      load.hasSearch
      ? try SQLiteStore(directory: directory, schema: schema, analyser: TextAnalyser())
      : try SQLiteStore(directory: directory, schema: schema)
    print("open: \(Double(ticks() - began) / 1e6) ms, resident \(resident()) MB")
    return store
  }

  /// Persons erased, each with some changes in the log.
  func erasures(_ store: SQLiteStore) async throws {
    var random = Seeded(13)
    var latencies = Latencies()
    var changes = 0
    for place in 0..<Self.erasedPersons {
      let name = DataSet.name(&random) + " \(place)"
      let key = RecordKey(
        account: DataSet.accountID(place % accounts), kind: DataSet.contact, id: "erased\(place)")
      for _ in 0..<Self.changesEach {
        let body = DataSet.body(DataSet.contact, &random, name: name)
        _ = try await store.commit(
          Commit([.put(key, body: body, expecting: .any)], actor: Actor(principal: "bench")), in: tenant)
      }
      let began = ticks()
      let erasure = Erasure(
        subject: DataSet.subject(name), actor: Actor(principal: "bench"), reason: "asked", requestID: "")
      changes += try await store.erase(erasure, in: tenant).changes
      latencies.values.append(ticks() - began)
    }
    print("erasure of a person with \(changes / Self.erasedPersons) changes: \(latencies.line())")
  }

  private static let erasedPersons = 20
  private static let changesEach = 20
}
