import Foundation
import Store
import StoreConformance
import Testing

@testable import StoreSQLite

/// The tables' write-ahead log, copied beside the batches.
@Suite struct LogCopierTests {
  private static let frames = 20
  private static let frameBytes = 4_096 + 24

  @Test func underALoadTheWriteAheadLogOfTheTablesStaysBounded() async throws {
    let directory = try TemporaryDirectory()
    let tenant = try TenantID("acme")
    var options = SQLiteStoreOptions()
    options.pace.tablesCheckpointFrames = Self.frames
    let store = try SQLiteStore(
      directory: directory.path + "/store", schema: SampleSchema.searched(), options: options)
    var written = 0
    for round in 0..<40 {
      let operations = (0..<20).map { number in
        CommitOperation.put(
          RecordKey(account: "a\(number)", kind: SampleKind.note, id: "n\(round)"),
          body: SampleBody(name: "note \(round)").bytes, expecting: .absent)
      }
      _ = try await store.commit(Commit(operations, actor: Actor(principal: "p")), in: tenant)
      try await store.applier.waitUntilApplied()
      written += operations.count
    }
    let log = directory.path + "/store/tables.db-wal"
    let attributes = try FileManager.default.attributesOfItem(atPath: log)
    let bytes = try #require(attributes[.size] as? Int)
    // A file that had taken all forty batches would have many times that.
    #expect(bytes < 10 * Self.frames * Self.frameBytes, "\(bytes / Self.frameBytes) frames")
    let counted = try await store.aggregate(
      AggregateQuery(kind: SampleKind.note, measures: [.count]), in: tenant)
    #expect(counted.first?.measures == [.integer(Int64(written))])
    #expect(try await store.verify().problems.isEmpty)
    await store.close()
  }

  @Test func aLogThatCannotBeOpenedForCopyingIsSaidOnTheBoard() {
    let board = HealthBoard(trust: SyncTrust())
    let copier = LogCopier(
      open: { throw SQLiteFailure(code: 14, message: "no such file", action: "open") }, health: board,
      crash: CrashPoints())
    copier.start()
    copier.begin()
    copier.finish()
    #expect(board.tablesFailure != nil)
    copier.stop()
  }

  @Test func whatWasAskedForIsCopiedBeforeTheThreadEnds() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/file.db"
    let writer = try Connection(path: path, access: .create, vfs: nil, cacheKilobytes: 64)
    try writer.execute("PRAGMA journal_mode = WAL")
    try writer.execute("CREATE TABLE t (x)")
    let copier = LogCopier(
      open: { try Connection(path: path, access: .readWrite, vfs: nil, cacheKilobytes: 64) },
      health: HealthBoard(trust: SyncTrust()), crash: CrashPoints())
    copier.start()
    copier.begin()
    copier.stop()
    // All that is there was copied: nothing is left for a copy to do.
    #expect(try writer.checkpoint(.passive))
    let size = try #require(FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
    #expect(size >= 2 * 4_096)
  }
}
