import Store
import StoreConformance
import Synchronization
import Testing

@testable import StoreSQLite

/// A check holds what it reads, and all that is written meanwhile makes the write-ahead log longer.
@Suite struct VerifyingABusyStore {
  private let tenant: TenantID
  private let directory: TemporaryDirectory

  init() throws {
    tenant = try TenantID("acme")
    directory = try TemporaryDirectory()
  }

  private func open(walBytes: Int) throws -> SQLiteStore {
    var options = SQLiteStoreOptions()
    options.pace.verifyWALBytes = walBytes
    return try SQLiteStore(directory: directory.path + "/s", schema: SampleSchema.schema(), options: options)
  }

  private func put(_ store: SQLiteStore, _ id: String) async throws {
    _ = try await store.commit(
      Commit(
        [
          .put(
            RecordKey(account: "a", kind: SampleKind.note, id: id), body: SampleBody(name: id).bytes,
            expecting: .any)
        ], actor: Actor(principal: "p")), in: tenant)
  }

  @Test func saysWhatItLeftOutAndStillChecksTheRest() async throws {
    let store = try open(walBytes: 0)
    for number in 0..<20 { try await put(store, "n\(number)") }
    let report = try await store.verify()
    #expect(report.problems == [] && report.advice == nil)
    #expect(report.commits == 20 && report.records == 20)
    for part in ["log.db", "tables.db", "counts of note"] {
      #expect(report.omissions.contains { $0.contains(part) }, "\(part): \(report.omissions)")
    }
    try await store.applier.run { try $0.connection.execute("DELETE FROM entries") }
    let problems = try await store.verify().problems
    #expect(problems.contains { $0.contains("is missing from index") }, "\(problems)")
    await store.close()
  }

  private static let endless =
    "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c"

  @Test(.timeLimit(.minutes(1))) func aQuestionIsEndedWhenTheWriteAheadLogHasGrown() async throws {
    let store = try open(walBytes: 64 << 20)
    try await put(store, "first")
    let (asking, isAsking) = AsyncStream<Void>.makeStream()
    let bound = SnapshotBound(bytes: 1 << 20, isClosing: { false })
    async let answer: Int64?? = store.workers.run { reader in
      try bound.ask(reader) {
        isAsking.finish()
        return try reader.tables.connection.integer(Self.endless)
      }
    }
    for await _ in asking {}
    try await store.writer.run { writer in
      try writer.transaction {
        let fill = try writer.log.connection.prepare(
          "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 1000) "
            + "INSERT INTO log SELECT -x, zeroblob(4000) FROM c")
        try fill.run()
      }
    }
    #expect(try await answer == .none)
    await store.close()
  }

  @Test(.timeLimit(.minutes(1))) func aQuestionIsEndedWhenTheStoreCloses() async throws {
    let store = try open(walBytes: 64 << 20)
    try await put(store, "first")
    let (asking, isAsking) = AsyncStream<Void>.makeStream()
    let bound = SnapshotBound(bytes: 1 << 30, isClosing: { store.workers.isClosing })
    let answer = Task {
      try await store.workers.run { reader in
        try bound.ask(reader) {
          isAsking.finish()
          return try reader.tables.connection.integer(Self.endless)
        }
      }
    }
    for await _ in asking {}
    await store.close()
    await #expect { _ = try await answer.value } throws: { ($0 as? ReadFailed)?.cause == .closed }
  }
}
