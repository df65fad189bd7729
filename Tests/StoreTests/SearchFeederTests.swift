import Foundation
import Store
import StoreConformance
import Testing

@testable import StoreSQLite

/// Search that follows a load later: every batch here counts as full.
@Suite struct SearchFeederTests {
  private static var tenant: TenantID { get throws { try TenantID("acme") } }
  private static let actor = Actor(principal: "users/aino", team: "teams/sales")

  private final class Harness {
    let directory: TemporaryDirectory
    var store: SQLiteStore
    let pace: SQLiteStoreOptions.Pace

    init(_ change: (inout SQLiteStoreOptions.Pace) -> Void = { _ in }) throws {
      directory = try TemporaryDirectory()
      var pace = SQLiteStoreOptions.Pace()
      pace.searchBehindChanges = 1
      change(&pace)
      self.pace = pace
      store = try Self.open(directory, pace)
    }

    private static func open(_ directory: TemporaryDirectory, _ pace: SQLiteStoreOptions.Pace) throws
      -> SQLiteStore
    {
      var options = SQLiteStoreOptions()
      options.pace = pace
      return try SQLiteStore(
        directory: directory.path + "/store", schema: SampleSchema.searched(), options: options,
        analyser: SearchBench.analyser)
    }

    func reopen() async throws {
      await store.close()
      store = try Self.open(directory, pace)
    }

    func put(_ ids: [String], _ text: String, said: String? = nil) async throws {
      var body = SampleBody(name: text)
      if let said { body.fields += [("said", said), ("about", "people/liisa")] }
      try await commit(ids.map { .put(SearchFeederTests.key($0), body: body.bytes, expecting: .any) })
    }

    func commit(_ operations: [CommitOperation]) async throws {
      _ = try await store.commit(
        Commit(operations, actor: SearchFeederTests.actor), in: SearchFeederTests.tenant)
    }

    func ids(_ text: String) async throws -> [String] {
      try await store.search(SearchQuery(text: text), in: SearchFeederTests.tenant).hits.map(\.key.id)
        .sorted()
    }

    var waiting: Int { store.applier.feeder?.waiting ?? 0 }
  }

  private static func key(_ id: String) -> RecordKey {
    RecordKey(account: "a", kind: SampleKind.note, id: id)
  }

  @Test func whoeverSearchesFindsWhatWasWrittenAsItIsNow() async throws {
    let harness = try Harness()
    try await harness.put(["1", "2", "3"], "kone")
    try await harness.put(["2"], "laite")
    try await harness.commit([.delete(Self.key("3"), expecting: .any)])
    try await harness.store.applier.waitUntilApplied()
    #expect(try await harness.ids("kone") == ["1"])
    #expect(try await harness.ids("laite") == ["2"])
    #expect(harness.waiting == 0)
    let report = try await harness.store.verify()
    #expect(report.problems.isEmpty)
    await harness.store.close()
  }

  @Test func nobodyNeedsToSearchForTheIndexToCatchUp() async throws {
    let harness = try Harness()
    try await harness.put(["1"], "kone")
    try await harness.store.applier.waitUntilApplied()
    let deadline = ContinuousClock.now + .seconds(30)
    while harness.waiting > 0, ContinuousClock.now < deadline { await Task.yield() }
    #expect(harness.waiting == 0)
    await harness.store.close()
  }

  @Test func whatWaitedWhenTheServerStoppedIsFoundAfterItsStart() async throws {
    let harness = try Harness()
    try await harness.put(["1", "2"], "kone")
    try await harness.reopen()
    #expect(try await harness.ids("kone") == ["1", "2"])
    await harness.store.close()
  }

  @Test func anAnswerFromAnIndexThatIsBehindSaysSo() async throws {
    let harness = try Harness { pace in
      // Nothing is given to search but what somebody asks for, and that is one record at a time.
      pace.searchBehindCalm = .seconds(3_600)
      pace.searchBehindSlice = 1
      pace.searchPatience = .zero
    }
    try await harness.put((0..<40).map(String.init), "kone")
    let answer = try await harness.store.search(SearchQuery(text: "kone"), in: Self.tenant)
    #expect(answer.notice.contains("records behind"), "\(answer.notice)")
    #expect(answer.hits.count < 40)
    try await harness.store.waitUntilSearchable()
    let later = try await harness.store.search(SearchQuery(text: "kone", limit: 50), in: Self.tenant)
    #expect(!later.notice.contains("behind"))
    #expect(later.hits.count == 40)
    await harness.store.close()
  }

  @Test func aPersonWhoIsErasedWhileSearchIsBehindIsLeftInNoFile() async throws {
    let harness = try Harness()
    let word = "hilpeästi"
    try await harness.put(["0"], "kone")
    try await harness.put(["1"], "kone", said: "Liisa nauroi \(word)")
    #expect(try await harness.ids(word) == ["1"])
    try await harness.put(["2"], "kone", said: "Liisa lauloi \(word)")
    _ = try await harness.store.erase(
      Erasure(subject: "people/liisa", actor: Self.actor, reason: "asked"), in: Self.tenant)
    #expect(harness.waiting == 0)
    let folder = harness.directory.path + "/store"
    for file in try FileManager.default.contentsOfDirectory(atPath: folder) {
      let bytes = try Data(contentsOf: URL(fileURLWithPath: folder + "/" + file))
      #expect(bytes.range(of: Data(word.utf8)) == nil, "\(file) still has \(word)")
    }
    #expect(try await harness.ids("kone") == ["0", "1", "2"])
    await harness.store.close()
  }

  @Test func writersWaitForSearchOnceTooMuchWaitsForIt() async throws {
    let harness = try Harness { $0.searchBehindLimit = 0 }
    try await harness.put(["1"], "kone")
    try await harness.store.applier.waitUntilApplied()
    #expect(harness.waiting == 0)
    #expect(try await harness.ids("kone") == ["1"])
    await harness.store.close()
  }

  @Test func anIndexThatIsBuiltAnewMissesNothingThatWaited() async throws {
    let harness = try Harness()
    try await harness.put(["1", "2"], "kone")
    try await harness.store.applier.waitUntilApplied()
    try await harness.store.rebuildSearch()
    try await harness.put(["3"], "kone")
    var answer = try await harness.store.search(SearchQuery(text: "kone"), in: Self.tenant)
    while !answer.notice.isEmpty {
      await Task.yield()
      answer = try await harness.store.search(SearchQuery(text: "kone"), in: Self.tenant)
    }
    #expect(answer.hits.map(\.key.id).sorted() == ["1", "2", "3"])
    await harness.store.close()
  }
}
