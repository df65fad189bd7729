import Foundation
import Store
import StoreConformance
import Testing
import TextAnalysis

@testable import StoreSQLite

/// Searching through the store, as its users do.
@Suite struct SearchStoreTests {
  private static var tenant: TenantID { get throws { try TenantID("acme") } }
  private static let actor = Actor(principal: "users/aino", team: "teams/sales")

  private final class Harness {
    let directory: TemporaryDirectory
    var store: SQLiteStore

    init() throws {
      directory = try TemporaryDirectory()
      store = try SQLiteStore(
        directory: directory.path + "/store", schema: SampleSchema.searched(),
        analyser: SearchBench.analyser)
    }

    func commit(_ operations: [CommitOperation]) async throws {
      _ = try await store.commit(
        Commit(operations, actor: SearchStoreTests.actor), in: SearchStoreTests.tenant)
    }

    func note(_ id: String, _ text: String, account: String = "a", said: String? = nil) -> CommitOperation {
      var body = SampleBody(name: text)
      if let said { body.fields += [("said", said), ("about", "people/liisa")] }
      return .put(
        RecordKey(account: account, kind: SampleKind.note, id: id), body: body.bytes, expecting: .any)
    }

    func person(_ id: String, _ name: String) -> CommitOperation {
      .put(
        RecordKey(account: nil, kind: SampleKind.person, id: id), body: SampleBody(name: name).bytes,
        expecting: .any)
    }

    func ids(_ text: String) async throws -> [String] {
      try await store.search(SearchQuery(text: text), in: SearchStoreTests.tenant).hits.map(\.key.id)
    }

    /// Waits until the index is built: answers say so while it is not.
    func settle() async throws {
      while true {
        let answer = try await store.search(SearchQuery(text: "x"), in: SearchStoreTests.tenant)
        if !answer.notice.contains("being built") { return }
        try await store.applier.waitUntilApplied()
        await Task.yield()
      }
    }

    func reopen(analyser: TextAnalyser? = SearchBench.analyser) async throws {
      await store.close()
      let path = directory.path + "/store"
      store =
        if let analyser {
          try SQLiteStore(directory: path, schema: SampleSchema.searched(), analyser: analyser)
        } else {
          try SQLiteStore(directory: path, schema: SampleSchema.searched())
        }
    }
  }

  @Test(.enabled(if: SearchBench.hasVoikko))
  func whatIsWrittenIsFoundAtOnceWithItsWordsMarked() async throws {
    let harness = try Harness()
    try await harness.commit([
      harness.note("1", "Soitin asiakkaalle. Puhuimme sopimusneuvotteluista."),
      harness.note("2", "Muuta asiaa"),
    ])
    let answer = try await harness.store.search(SearchQuery(text: "sopimus asiakas"), in: Self.tenant)
    #expect(answer.hits.map(\.key.id) == ["1"])
    let snippet = try #require(answer.hits.first?.snippets.first)
    #expect(snippet.field == "name")
    #expect(snippet.marked == "Soitin «asiakkaalle». Puhuimme «sopimusneuvotteluista».")
    #expect(answer.total == 1 && answer.isTotalExact && !answer.isBounded)
    await harness.store.close()
  }

  @Test func deletedRecordsAndErasedPersonsAreNotFound() async throws {
    let harness = try Harness()
    try await harness.commit([
      harness.note("1", "kone", said: "Liisa valitti koneesta"), harness.note("2", "kone"),
      harness.person("p", "Liisa Kone"),
    ])
    #expect(Set(try await harness.ids("kone")) == ["1", "2", "p"])
    try await harness.commit([
      .delete(RecordKey(account: "a", kind: SampleKind.note, id: "2"), expecting: .any)
    ])
    #expect(Set(try await harness.ids("kone")) == ["1", "p"])
    _ = try await harness.store.erase(
      Erasure(subject: "people/liisa", actor: Self.actor, reason: "asked"), in: Self.tenant)
    #expect(try await harness.ids("valitti") == [])
    #expect(try await harness.ids("kone").contains("1"), "what was not said of her stays")
    try await harness.store.purgeSearch()
    #expect(try await harness.ids("kone").contains("1"))
    await harness.store.close()
  }

  @Test func nothingThatWasErasedIsLeftInAnyFileOfTheStore() async throws {
    let harness = try Harness()
    let word = "hilpeästi"
    try await harness.commit([harness.note("0", "kone")])
    for round in 0..<5 {
      try await harness.commit([harness.note("1", "kone \(round)", said: "Liisa nauroi \(word)")])
      #expect(try await harness.ids(word) == ["1"])
    }
    _ = try await harness.store.erase(
      Erasure(subject: "people/liisa", actor: Self.actor, reason: "asked"), in: Self.tenant)
    // The store is still open: what is said to be erased is erased now, not when it is closed.
    let folder = harness.directory.path + "/store"
    for file in try FileManager.default.contentsOfDirectory(atPath: folder) {
      let bytes = try Data(contentsOf: URL(fileURLWithPath: folder + "/" + file))
      for trace in [word, "hilpeä", "hilpe"] {
        #expect(bytes.range(of: Data(trace.utf8)) == nil, "\(file) still has \(trace)")
      }
    }
    #expect(try await harness.ids("kone").sorted() == ["0", "1"])
    await harness.store.close()
  }

  @Test func pagesOfAnAnswerHaveNoGapAndNoRepeat() async throws {
    let harness = try Harness()
    try await harness.commit((0..<57).map { harness.note("n\($0)", "kone numero \($0)") })
    var query = SearchQuery(text: "kone", limit: 10)
    var seen: [String] = []
    repeat {
      let answer = try await harness.store.search(query, in: Self.tenant)
      seen += answer.hits.map(\.key.id)
      query.after = answer.next
    } while query.after != nil
    #expect(seen.count == 57 && Set(seen).count == 57)
    await harness.store.close()
  }

  @Test func aPositionOfAnotherSearchIsRefused() async throws {
    let harness = try Harness()
    try await harness.commit((0..<30).map { harness.note("n\($0)", "kone ja laite") })
    let answer = try await harness.store.search(SearchQuery(text: "kone", limit: 10), in: Self.tenant)
    let next = try #require(answer.next)
    await #expect(throws: InvalidQuery.self) {
      _ = try await harness.store.search(SearchQuery(text: "laite", limit: 10, after: next), in: Self.tenant)
    }
    let forged: [[UInt8]] = [
      [], [1], [UInt8](repeating: 0xFF, count: 21), next.bytes + [0], [9] + Array(next.bytes.dropFirst()),
    ]
    for bytes in forged {
      await #expect(throws: InvalidQuery.self) {
        let query = SearchQuery(text: "kone", limit: 10, after: ListPosition(bytes: bytes))
        _ = try await harness.store.search(query, in: Self.tenant)
      }
    }
    await harness.store.close()
  }

  @Test func limitsAreRefusedWithWhatIsAllowed() async throws {
    let harness = try Harness()
    let many = (0...SearchLimits.filterValues).map { "a\($0)" }
    for query in [
      SearchQuery(text: "kone", limit: 0), SearchQuery(text: "kone", accounts: many),
      SearchQuery(text: "kone", teams: [String(repeating: "x", count: 256)]),
    ] {
      await #expect(throws: InvalidQuery.self) { _ = try await harness.store.search(query, in: Self.tenant) }
    }
    let stranger = try TenantID("other")
    #expect(try await harness.store.search(SearchQuery(text: "kone"), in: stranger) == SearchAnswer())
    await harness.store.close()
  }

  @Test func searchGoesOnAfterAReopening() async throws {
    let harness = try Harness()
    try await harness.commit([harness.note("1", "kone")])
    try await harness.settle()
    try await harness.reopen()
    #expect(try await harness.ids("kone") == ["1"])
    try await harness.commit([harness.note("2", "kone")])
    #expect(Set(try await harness.ids("kone")) == ["1", "2"])
    await harness.store.close()
  }

  @Test func aStoreThatWasKeptWithoutSearchGetsItsIndex() async throws {
    let harness = try Harness()
    try await harness.settle()
    try await harness.reopen(analyser: nil)
    await #expect(throws: InvalidQuery.self) { _ = try await harness.ids("kone") }
    await harness.store.close()

    let other = try TemporaryDirectory()
    var store = try SQLiteStore(directory: other.path + "/store", schema: SampleSchema.searched())
    let operation = harness.note("1", "kone")
    _ = try await store.commit(Commit([operation], actor: Self.actor), in: Self.tenant)
    await store.close()
    store = try SQLiteStore(
      directory: other.path + "/store", schema: SampleSchema.searched(), analyser: SearchBench.analyser)
    harness.store = store
    try await harness.settle()
    #expect(try await harness.ids("kone") == ["1"])
    await store.close()
  }

  @Test func aRebuiltIndexFindsTheSame() async throws {
    let harness = try Harness()
    try await harness.commit((0..<16).map { harness.note("n\($0)", $0 % 2 == 0 ? "kone" : "laite") })
    // Of hits that are equally good the order is that in which they came to the index.
    let before = try await harness.ids("kone").sorted()
    try await harness.store.rebuildSearch()
    try await harness.settle()
    #expect(try await harness.ids("kone").sorted() == before)
    await harness.store.close()
  }

  @Test func withoutVoikkoAnswersSaySo() async throws {
    let harness = try Harness()
    var configuration = TextAnalyser.Configuration()
    configuration.voikkoLibrary = "not-there.so"
    try await harness.commit([harness.note("1", "sopimukset")])
    try await harness.reopen(analyser: TextAnalyser(configuration))
    try await harness.settle()
    let answer = try await harness.store.search(SearchQuery(text: "sopimuksen"), in: Self.tenant)
    #expect(answer.hits.map(\.key.id) == ["1"], "the index was built anew with stems")
    #expect(answer.notice.contains("not-there.so"))
    await harness.store.close()
  }

  @Test func aMisspelledNameLeadsToTheRightOne() async throws {
    let harness = try Harness()
    try await harness.commit([
      harness.person("1", "Virtanen Oy"), harness.person("2", "Virolainen Oy"), harness.note("3", "Virtanen"),
    ])
    let found = try await harness.store.names(
      like: "Virtannen", kinds: [SampleKind.person], limit: 5, in: Self.tenant)
    #expect(found.first?.key.id == "1")
    #expect(found.allSatisfy { $0.key.kind == SampleKind.person })
    await harness.store.close()
  }
}
