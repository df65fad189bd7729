import Store
import StoreConformance
import StoreSQLite
import Testing

@Suite struct KeepingChangesForASpan {
  private let tenant: TenantID
  private let directory: TemporaryDirectory

  init() throws {
    tenant = try TenantID("acme")
    directory = try TemporaryDirectory()
  }

  private func put(_ store: SQLiteStore, _ id: String, secondsAgo: Int64, _ now: Moment) async throws {
    let key = RecordKey(account: "a", kind: SampleKind.note, id: id)
    _ = try await store.commit(
      Commit(
        [.put(key, body: SampleBody(name: id).bytes, expecting: .any)], actor: Actor(principal: "p"),
        time: Moment(seconds: now.seconds - secondsAgo)), in: tenant)
  }

  /// Nobody asks for it: the store does it by itself, as it was set up.
  @Test(.timeLimit(.minutes(1)), arguments: [Int64(500), 5_000])
  func whatIsOlderIsLetGoOfAndNothingElse(_ requestRetention: Int64) async throws {
    var options = SQLiteStoreOptions()
    options.keepsChangesFor = .seconds(1_000)
    options.requestRetention = .seconds(requestRetention)
    options.pace.compactionInterval = .zero
    let store = try SQLiteStore(
      directory: directory.path + "/s", schema: SampleSchema.schema(), options: options)
    let now = try await store.commit(
      Commit(
        [.check(RecordKey(account: "a", kind: SampleKind.note, id: "clock"), expecting: .absent)],
        actor: Actor(principal: "p")), in: try TenantID("clock")
    ).time
    for (id, secondsAgo) in [("1", 9_000), ("2", 6_000), ("3", 4_000), ("4", 600), ("5", 0)]
      as [(String, Int64)]
    {
      try await put(store, id, secondsAgo: secondsAgo, now)
    }
    // A request id is known as long as it may be repeated, so that its change is kept for as long, too.
    let oldest = Revision(requestRetention > 1_000 ? 2 : 3)
    while true {
      do {
        _ = try await store.changes(in: tenant, after: .zero)
      } catch let compacted as Compacted where compacted.oldest == oldest {
        break
      } catch is Compacted {}
      await Task.yield()
    }
    #expect(
      try await store.changes(in: tenant, after: oldest).changes.map(\.key.id).first
        == "\(oldest.rawValue + 1)")
    #expect(try store.scan(account: "a", in: tenant, AccountScan()).records.count == 5)
    await store.close()
  }
}
