import Store
import StoreConformance
import StoreSQLite
import Testing

/// Lists over typed columns, of many records.
@Suite struct ListTests {
  /// With a ceiling on the work of a list that passing over all of them would go beyond.
  @Test func aPageFarDownAListCostsNoMoreThanTheFirst() async throws {
    let tenant = try TenantID("acme")
    let directory = try TemporaryDirectory()
    let store = try SQLiteStore(
      directory: directory.path + "/store", schema: SampleSchema.schema(),
      options: SQLiteStoreOptions(queryWork: 20_000))
    let records = 10_000
    for part in 0..<10 {
      let operations = (0..<records / 10).map { number in
        let key = RecordKey(account: "a", kind: SampleKind.note, id: "n\(part * records / 10 + number)")
        return CommitOperation.put(key, body: SampleBody(name: "note").bytes, expecting: .any)
      }
      _ = try await store.commit(Commit(operations, actor: Actor(principal: "users/aino")), in: tenant)
    }
    for account in [nil, "a"] {
      var query = ColumnQuery(kind: SampleKind.note, account: account, limit: 1_000)
      var listed: [RecordKey] = []
      repeat {
        let page = try await store.list(query, in: tenant)
        listed += page.records.map(\.key)
        query.after = page.next
      } while query.after != nil
      #expect(Set(listed).count == records && listed.count == records)
    }
    await store.close()
  }
}
