import Store
import StoreConformance
import StoreSQLite
import Testing

@Suite struct SQLiteKeepsEveryPromise {
  @Test(arguments: Promise.all) func aSQLiteStoreKeepsThePromise(_ promise: Promise) async throws {
    let directory = try TemporaryDirectory()
    try await promise.check(.sqlite(in: directory))
  }
}
