internal import Store

let recordPromises: [Promise] = [
  Promise("a record that was put is read back at once with its revision and times") { maker in
    let store = try await maker.open(SampleSchema.schema())
    let desk = try Desk(store)
    let key = Desk.note("a1", "n1")
    let time = Moment(seconds: 1_700_000_000)
    let revision = try await desk.put(key, SampleBody(name: "first"), time: time)
    try expectEqual(revision, Revision(1))
    let record = try desk.store.read(key, in: desk.tenant)
    try expectEqual(record?.revision, Revision(1))
    try expectEqual(record?.createdTime, time)
    try await desk.put(key, SampleBody(name: "second"))
    let second = try desk.store.read(key, in: desk.tenant)
    try expectEqual(second?.revision, Revision(2))
    try expectEqual(second?.createdRevision, Revision(1))
    try expectEqual(second?.createdTime, time)
    try expect((second?.updatedTime ?? time) > time, "the update has its own time")
    await store.close()
  },
  Promise("an account's records come in key order, whether applied or not, and nobody else's with them") {
    maker in
    let store = try await maker.open(SampleSchema.schema())
    let desk = try Desk(store)
    let other = try Desk(store, "other")
    for account in ["a", "a1", "a1x", "b"] {
      for id in ["z", "m", "a"] { try await desk.put(Desk.note(account, id), SampleBody(name: account + id)) }
    }
    try await other.put(Desk.note("a1", "q"), SampleBody(name: "theirs"))
    for round in 0..<2 {
      let page = try store.scan(account: "a1", in: desk.tenant, AccountScan())
      try expectEqual(try desk.names(page.records), ["a1a", "a1m", "a1z"], "round \(round)")
      try expectEqual(page.next, nil)
      // A list waits until all is applied; the second round then reads from the tables.
      _ = try await store.find(IndexQuery(kind: SampleKind.note, index: "by_name"), in: desk.tenant)
    }
    try await desk.put(Desk.note("a1", "c"), SampleBody(name: "a1c"))
    try await desk.commit(.delete(Desk.note("a1", "m"), expecting: .any))
    let page = try store.scan(account: "a1", in: desk.tenant, AccountScan())
    try expectEqual(try desk.names(page.records), ["a1a", "a1c", "a1z"])
    await store.close()
  },
  Promise("a scan goes on where its page ended, by kind and by prefix of the id") { maker in
    let store = try await maker.open(SampleSchema.schema())
    let desk = try Desk(store)
    var operations: [CommitOperation] = []
    for number in 0..<25 {
      let id = "p\(number % 2)/\(number + 10)"
      operations.append(.put(Desk.note("acc", id), body: SampleBody(name: id).bytes, expecting: .absent))
      operations.append(
        .put(RecordKey(account: "acc", kind: SampleKind.blob, id: id), body: [1, 2], expecting: .absent))
    }
    _ = try await store.commit(Commit(operations, actor: Desk.aino), in: desk.tenant)
    var scan = AccountScan(kinds: [SampleKind.note], limit: 7)
    var names: [String] = []
    var pages = 0
    repeat {
      let page = try store.scan(account: "acc", in: desk.tenant, scan)
      names += try desk.names(page.records)
      scan.after = page.next
      pages += 1
    } while scan.after != nil
    try expectEqual(names, names.sorted())
    try expectEqual(names.count, 25)
    try expectEqual(pages, 4)
    let some = try store.scan(
      account: "acc", in: desk.tenant, AccountScan(kinds: [SampleKind.note], idPrefix: "p1/"))
    try expectEqual(some.records.count, 12)
    await store.close()
  },
  Promise("a deleted record keeps its body for undeletion and is in no list") { maker in
    let store = try await maker.open(SampleSchema.schema())
    let desk = try Desk(store)
    let key = Desk.note("a", "n")
    try await desk.put(key, SampleBody(name: "kept", tags: ["x"]))
    try await desk.commit(.delete(key, expecting: .present))
    try expectEqual(try desk.body(key), nil)
    try expectEqual(try store.read(key, in: desk.tenant)?.isDeleted, true)
    try expectEqual(try store.scan(account: "a", in: desk.tenant, AccountScan()).records.count, 0)
    let deleted = try store.scan(account: "a", in: desk.tenant, AccountScan(includesDeleted: true))
    try expectEqual(deleted.records.count, 1)
    let found = try await store.find(IndexQuery(kind: SampleKind.note, index: "by_name"), in: desk.tenant)
    try expectEqual(found.records.count, 0)
    try await expectThrows(RecordMissing.self) { try await desk.commit(.delete(key, expecting: .any)) }
    try await desk.commit(.undelete(key, expecting: .any))
    try expectEqual(try desk.body(key)?["name"], "kept")
    let again = try await store.find(IndexQuery(kind: SampleKind.note, index: "by_name"), in: desk.tenant)
    try expectEqual(again.records.count, 1)
    try await expectThrows(RecordMissing.self) { try await desk.commit(.undelete(key, expecting: .any)) }
    await store.close()
  },
  Promise("everything is there after closing and opening again") { maker in
    var store = try await maker.open(SampleSchema.schema())
    var desk = try Desk(store)
    for number in 0..<50 {
      try await desk.put(Desk.note("a\(number % 5)", "n\(number)"), SampleBody(name: "n\(number)", amount: 5))
    }
    store = try await maker.reopen(store, SampleSchema.schema())
    desk = try Desk(store)
    try expectEqual(try store.head(of: desk.tenant), Revision(50))
    try expectEqual(try store.scan(account: "a3", in: desk.tenant, AccountScan()).records.count, 10)
    let revision = try await desk.put(Desk.note("a1", "new"), SampleBody(name: "new"))
    try expectEqual(revision, Revision(51))
    await store.close()
  },
  Promise("several records are read as of one moment") { maker in
    let store = try await maker.open(SampleSchema.schema())
    let desk = try Desk(store)
    let keys = (0..<10).map { Desk.note("a\($0)", "n") }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        for round in 0..<60 {
          let body = SampleBody(name: "r\(round)").bytes
          let operations = keys.map { CommitOperation.put($0, body: body, expecting: .any) }
          _ = try await store.commit(Commit(operations, actor: Desk.aino), in: desk.tenant)
        }
      }
      for _ in 0..<2 {
        group.addTask {
          for _ in 0..<200 {
            let bodies = Set(try store.read(keys, in: desk.tenant).map { $0?.body })
            try expectEqual(bodies.count, 1, "one commit's records are seen together")
            await Task.yield()
          }
        }
      }
      try await group.waitForAll()
    }
    await store.close()
  },
]
