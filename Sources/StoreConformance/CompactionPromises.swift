internal import Store

let compactionPromises: [Promise] = [
  Promise("compaction keeps the newest state, and says from where on the past can be had") { maker in
    var store = try await maker.open(SampleSchema.schema())
    var desk = try Desk(store)
    for number in 1...20 {
      try await desk.put(
        Desk.note("a", "n\(number % 4)"), SampleBody(name: "v\(number)"),
        time: Moment(seconds: Int64(number) * 100))
    }
    _ = try await store.commit(
      Commit(
        [.delete(Desk.note("a", "n3"), expecting: .any)], actor: Desk.aino, time: Moment(seconds: 2_100)),
      in: desk.tenant)
    for number in 22...30 {
      try await desk.put(
        Desk.note("a", "n\(number % 3)"), SampleBody(name: "v\(number)"),
        time: Moment(seconds: Int64(number) * 100))
    }
    try expectEqual(try await store.compact(before: Moment(seconds: 2_500))[desk.tenant], Revision(24))
    for _ in 0..<2 {
      try await expectCompacted(desk)
      store = try await maker.reopen(store, SampleSchema.schema())
      desk = try Desk(store)
    }
    await store.close()
  },
  Promise("a watcher whose place is let go of is told from where on it can go on") { maker in
    let store = try await maker.open(SampleSchema.schema())
    let desk = try Desk(store)
    for number in 1...5 {
      try await desk.put(
        Desk.note("a", "n"), SampleBody(name: "v\(number)"), time: Moment(seconds: Int64(number)))
    }
    var watch = store.watch(in: desk.tenant, after: Revision(1)).makeAsyncIterator()
    _ = try await store.compact(before: Moment(seconds: 4))
    let compacted = try await expectThrows(Compacted.self) { _ = try await watch.next() }
    try expectEqual(compacted.oldest, Revision(3))
    var again = store.watch(in: desk.tenant, after: compacted.oldest).makeAsyncIterator()
    try expectEqual(try await again.next()?.changes.map(\.revision.rawValue), [4, 5])
    await store.close()
  },
]

private func expectCompacted(_ desk: Desk) async throws {
  let (store, tenant) = (desk.store, desk.tenant)
  try expectEqual(try store.head(of: tenant), Revision(30))
  let scan = AccountScan(includesDeleted: true)
  try expectEqual(
    try store.scan(account: "a", in: tenant, scan).records.count, 3, "what was deleted before is gone")
  let oldest = Compacted(oldest: Revision(24))
  try expectEqual(
    try await expectThrows(Compacted.self) { _ = try await store.changes(in: tenant, after: Revision(23)) },
    oldest)
  try expectEqual(
    try await expectThrows(Compacted.self) { for try await _ in store.watch(in: tenant, after: .zero) {} },
    oldest)
  let page = try await store.changes(in: tenant, after: Revision(24))
  try expectEqual(page.changes.map(\.revision.rawValue), Array(25...30))
  let key = Desk.note("a", "n1")
  try expectEqual(
    try await expectThrows(Compacted.self) {
      _ = try await store.read(key, in: tenant, asOf: .revision(Revision(23)))
    }, oldest)
  let then = try await store.read(key, in: tenant, asOf: .revision(Revision(24)))
  try expectEqual(try then.map { try SampleBody(bytes: $0.body)["name"] }, "v22")
  let history = try await store.history(of: key, in: tenant, before: nil, limit: 100)
  try expect(history.isCompacted, "the history says that it is not all")
  try expectEqual(history.changes.map(\.revision.rawValue), [28, 25])
}
