internal import Store

let logPromises: [Promise] = [
  Promise("every change says who, when, why, what it did, and what was before and after") { maker in
    let store = try await maker.open(SampleSchema.schema())
    let desk = try Desk(store)
    let key = Desk.note("a", "n")
    let one = SampleBody(name: "one").bytes
    let two = SampleBody(name: "two").bytes
    let steps: [(CommitOperation, ChangeOperation, [UInt8]?, [UInt8]?)] = [
      (.put(key, body: one, expecting: .absent), .created, nil, one),
      (.put(key, body: two, expecting: .any), .updated, one, two),
      (.delete(key, expecting: .any), .deleted, two, nil),
      (.undelete(key, expecting: .any), .undeleted, nil, two),
      (.delete(key, expecting: .any), .deleted, two, nil),
      (.put(key, body: one, expecting: .any), .created, nil, one),
    ]
    for (place, step) in steps.enumerated() {
      _ = try await store.commit(
        Commit([step.0], actor: Desk.aino, reason: "why \(place)", requestID: "r\(place)"), in: desk.tenant)
    }
    let page = try await store.changes(in: desk.tenant, after: .zero)
    try expectEqual(page.changes.count, steps.count)
    try expectEqual(page.through, Revision(6))
    for (place, (change, step)) in zip(page.changes, steps).enumerated() {
      try expectEqual(change.operation, step.1)
      try expectEqual(change.before, step.2, "before of \(place)")
      try expectEqual(change.after, step.3, "after of \(place)")
      try expectEqual(change.actor, Desk.aino)
      try expectEqual(change.reason, "why \(place)")
      try expectEqual(change.requestID, "r\(place)")
      try expectEqual(change.previousRevision, Revision(Int64(place)))
    }
    try await expectThrows(RevisionAhead.self) {
      _ = try await store.changes(in: desk.tenant, after: Revision(7))
    }
    await store.close()
  },
  Promise("changes are filtered by kind and account, and a commit is never split over pages") { maker in
    let store = try await maker.open(SampleSchema.schema())
    let desk = try Desk(store)
    for number in 0..<10 {
      try await desk.commit(
        .put(Desk.note("a\(number % 2)", "n"), body: SampleBody(name: "x").bytes, expecting: .any),
        .put(Desk.note("b", "n\(number)"), body: SampleBody(name: "x").bytes, expecting: .any),
        .put(Desk.person("p\(number)"), body: SampleBody(name: "x").bytes, expecting: .any))
    }
    let filter = ChangeFilter(kinds: [SampleKind.note], accounts: ["a1"])
    let some = try await store.changes(in: desk.tenant, after: .zero, matching: filter, limit: 100)
    try expectEqual(some.changes.map(\.revision.rawValue), [2, 4, 6, 8, 10])
    try expectEqual(some.through, Revision(10))
    let first = try await store.changes(in: desk.tenant, after: .zero, limit: 4)
    try expectEqual(first.changes.count, 3)
    try expectEqual(first.changes.map(\.index), [0, 1, 2])
    try expectEqual(first.through, Revision(1))
    let one = try await store.changes(in: desk.tenant, after: Revision(9), limit: 1)
    try expectEqual(one.changes.count, 3)
    await store.close()
  },
  Promise("a watcher gets every change once, in order, from where it asked, while others write") { maker in
    let store = try await maker.open(SampleSchema.schema())
    let desk = try Desk(store)
    for number in 0..<10 { try await desk.put(Desk.note("a", "n\(number)"), SampleBody(name: "before")) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for start in [0, 5, 10] {
        group.addTask {
          var expected = Int64(start) + 1
          for try await page in store.watch(in: desk.tenant, after: Revision(Int64(start))) {
            for change in page.changes {
              try expectEqual(change.revision.rawValue, expected, "watcher from \(start)")
              expected += 1
            }
            if expected > 210 { return }
          }
        }
      }
      for writer in 0..<8 {
        group.addTask {
          for round in 0..<25 {
            try await desk.put(Desk.note("a", "w\(writer)"), SampleBody(name: "\(round)"))
          }
        }
      }
      try await group.waitForAll()
    }
    await store.close()
  },
  Promise("a watcher is told of idle time by bookmarks, ends when the store closes, and goes on after it") {
    maker in
    var store = try await maker.open(SampleSchema.schema())
    var desk = try Desk(store)
    try await desk.put(Desk.note("a", "n"), SampleBody(name: "x"))
    let quick = store.watch(
      in: desk.tenant, after: .zero, matching: ChangeFilter(kinds: [SampleKind.blob]),
      bookmarkEvery: .milliseconds(20))
    var through = Revision.zero
    for try await page in quick {
      try expectEqual(page.changes.count, 0)
      through = page.through
      break
    }
    try expectEqual(through, Revision(1))
    let (open, tenant) = (store, desk.tenant)
    async let ended: Int = {
      var batches = 0
      for try await _ in open.watch(in: tenant, after: Revision(1)) { batches += 1 }
      return batches
    }()
    store = try await maker.reopen(store, SampleSchema.schema())
    try expectEqual(try await ended, 0)
    desk = try Desk(store)
    try await desk.put(Desk.note("a", "m"), SampleBody(name: "x"))
    for try await page in store.watch(in: desk.tenant, after: through) {
      try expectEqual(page.changes.map(\.revision), [Revision(2)])
      break
    }
    await store.close()
  },
  Promise("a watcher that falls too far behind is cut off, is told where it was, and goes on from there") {
    maker in
    let store = try await maker.open(SampleSchema.schema())
    let desk = try Desk(store)
    try await desk.put(Desk.note("a", "n"), SampleBody(name: "first"))
    var watch = store.watch(
      in: desk.tenant, after: .zero, matching: .everything, bookmarkEvery: .milliseconds(5)
    )
    .makeAsyncIterator()
    try expectEqual(try await watch.next()?.changes.count, 1)
    // A bookmark: it has caught up.
    try expectEqual(try await watch.next()?.changes.count, 0)
    for number in 0...maker.watcherLag {
      try await desk.put(Desk.note("a", "n\(number)"), SampleBody(name: "x"))
    }
    let slow = try await expectThrows(SlowWatcher.self) { _ = try await watch.next() }
    try expectEqual(slow.resumeAfter, Revision(1))
    try expectEqual(slow.head, Revision(Int64(maker.watcherLag) + 2))
    var seen: [Int64] = []
    for try await page in store.watch(in: desk.tenant, after: slow.resumeAfter) {
      seen += page.changes.map(\.revision.rawValue)
      if page.through >= slow.head { break }
    }
    try expectEqual(seen, Array(2...slow.head.rawValue))
    await store.close()
  },
  Promise(
    "a watch that is cancelled ends, and a watch of a tenant that has never written waits for its first commit"
  ) {
    maker in
    let store = try await maker.open(SampleSchema.schema())
    let desk = try Desk(store, "quiet")
    let cancelled = Task {
      for try await _ in store.watch(in: desk.tenant, after: .zero) {}
    }
    cancelled.cancel()
    try await expectThrows(CancellationError.self) { try await cancelled.value }
    async let first: ChangePage? = {
      for try await page in store.watch(in: desk.tenant, after: .zero) { return page }
      return nil
    }()
    try await desk.put(Desk.note("a", "n"), SampleBody(name: "x"))
    try expectEqual(try await first?.changes.count, 1)
    await store.close()
  },
]
