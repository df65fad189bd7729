import Store
import StoreConformance
import StoreSQLite
import Testing

@Suite struct SQLiteKeepsEveryPromise {
  /// So little at a time that what the promises do is done in many parts.
  private static let options: SQLiteStoreOptions = {
    var options = SQLiteStoreOptions()
    options.pace.logCheckpointFrames = 20
    options.pace.tablesCheckpointFrames = 20
    options.pace.buildRecords = 100
    options.watcherLag = 50
    return options
  }()

  @Test(arguments: Promise.all) func aSQLiteStoreKeepsThePromise(_ promise: Promise) async throws {
    let directory = try TemporaryDirectory()
    try await promise.check(.sqlite(in: directory, options: Self.options))
  }
}
