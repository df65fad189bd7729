import Store
import StoreConformance
import Testing

@testable import StoreSQLite

/// Looking values up while the tables are behind.
@Suite(.timeLimit(.minutes(1))) struct LookupTests {
  private let tenant: TenantID
  private let directory: TemporaryDirectory
  private let store: SQLiteStore

  init() throws {
    tenant = try TenantID("acme")
    directory = try TemporaryDirectory()
    store = try SQLiteStore(directory: directory.path + "/store", schema: SampleSchema.schema())
  }

  private func put(_ id: String, tag: String) async throws {
    let key = RecordKey(account: "a", kind: SampleKind.note, id: id)
    _ = try await store.commit(
      Commit(
        [.put(key, body: SampleBody(name: id, tags: [tag], amount: 1).bytes, expecting: .any)],
        actor: Actor(principal: "users/aino")), in: tenant)
  }

  private func holders(_ tags: [String]) async throws -> [[String]] {
    let entries = tags.map { [FieldValue.text($0), .integer(1)] }
    return try await store.holders(of: entries, inIndex: "by_tag", kind: SampleKind.note, in: tenant, limitEach: 2)
      .map { $0.map(\.id) }
  }

  @Test func aValueOfAPlainIndexIsFoundAtOnceWhereTheTablesAreBehind() async throws {
    for round in 0..<20 {
      try await put("n\(round)", tag: "new\(round)")
      #expect(try await holders(["new\(round)", "old"]) == [["n\(round)"], []])
      try await put("n\(round)", tag: "other")
      #expect(try await holders(["new\(round)"]) == [[]], "the value was given up")
    }
    await store.close()
  }

  @Test func aLookUpDoesNotWaitForChangesThatAreNotAboutItsValues() async throws {
    try await put("n", tag: "here")
    #expect(try await holders(["here"]) == [["n"]])
    // Holds the tables up until the look-up is answered; one that waited for them would never be.
    let gate = Monitor(false)
    let (applier, note) = (store.applier, AsyncStream<Void>.makeStream())
    async let held: Void = applier.run { _ in
      note.continuation.finish()
      _ = gate.wait { $0 ? true : nil }
    }
    for await _ in note.stream {}
    try await put("m", tag: "there")
    #expect(try await holders(["here", "nowhere"]) == [["n"], []])
    gate.change { $0 = true }
    try await held
    #expect(try await holders(["there"]) == [["m"]])
    await store.close()
  }
}
