internal import Store

let commitPromises: [Promise] = [
  Promise("a request id is forgotten after its retention, and means a new request then") { maker in
    let store = try await maker.open(SampleSchema.schema())
    let clock = try await store.commit(
      Commit(
        [.put(Desk.note("a", "n"), body: SampleBody(name: "x").bytes, expecting: .any)], actor: Desk.aino),
      in: try TenantID("clock")
    ).time
    let desk = try Desk(store)
    func put(_ name: String, at time: Moment?) async throws -> CommitReceipt {
      let body = SampleBody(name: name).bytes
      return try await store.commit(
        Commit(
          [.put(Desk.note("a", "n"), body: body, expecting: .any)], actor: Desk.aino, requestID: "same",
          time: time),
        in: desk.tenant)
    }
    let long = Moment(rawValue: clock.rawValue - maker.requestRetention * 2_000_000)
    try expectEqual(try await put("old", at: long).isRepeat, false)
    let again = try await put("new", at: nil)
    try expectEqual(again.isRepeat, false)
    let third = try await put("newer", at: nil)
    try expectEqual(third.isRepeat, true)
    try expectEqual(third.revision, again.revision)
    _ = try await store.compact(before: Moment(rawValue: clock.rawValue - maker.requestRetention * 1_000_000))
    try expectEqual(try await put("newest", at: nil).isRepeat, true, "what is within it stays known")
    await store.close()
  },
  Promise("a stale revision is refused and told the current one") { maker in
    let store = try await maker.open(SampleSchema.schema())
    let desk = try Desk(store)
    let key = Desk.note("a", "n")
    try await desk.put(key, SampleBody(name: "1"), expecting: .absent)
    try await desk.put(key, SampleBody(name: "2"), expecting: .revision(Revision(1)))
    let stale = try await expectThrows(StaleRevision.self) {
      try await desk.put(key, SampleBody(name: "3"), expecting: .revision(Revision(1)))
    }
    try expectEqual(stale.current, Revision(2))
    try expectEqual(stale.record, key)
    try await expectThrows(StaleRevision.self) {
      try await desk.put(key, SampleBody(name: "3"), expecting: .absent)
    }
    try await expectThrows(RecordMissing.self) {
      try await desk.put(Desk.note("a", "none"), SampleBody(name: "3"), expecting: .present)
    }
    try expectEqual(try desk.body(key)?["name"], "2")
    try expectEqual(try store.head(of: desk.tenant), Revision(2))
    await store.close()
  },
  Promise("of many who write on top of the same revision one succeeds") { maker in
    let store = try await maker.open(SampleSchema.schema())
    let desk = try Desk(store)
    let key = Desk.note("a", "n")
    var revision = try await desk.put(key, SampleBody(name: "start"))
    for round in 0..<20 {
      let expected = revision
      let won = await withTaskGroup(of: Revision?.self) { group in
        for writer in 0..<16 {
          group.addTask {
            try? await desk.put(key, SampleBody(name: "\(round)-\(writer)"), expecting: .revision(expected))
          }
        }
        var won: [Revision] = []
        for await result in group { if let result { won.append(result) } }
        return won
      }
      try expectEqual(won.count, 1, "winners of round \(round)")
      revision = won[0]
    }
    try expectEqual(try store.head(of: desk.tenant), Revision(21))
    await store.close()
  },
  Promise("a commit happens as a whole or not at all") { maker in
    let store = try await maker.open(SampleSchema.schema())
    let desk = try Desk(store)
    let body = SampleBody(name: "x").bytes
    try await desk.put(Desk.note("a", "there"), SampleBody(name: "there"))
    try await expectThrows(StaleRevision.self) {
      try await desk.commit(
        .put(Desk.note("a", "new"), body: body, expecting: .absent),
        .put(Desk.note("a", "there"), body: body, expecting: .absent))
    }
    try expectEqual(try store.read(Desk.note("a", "new"), in: desk.tenant), nil)
    try await expectThrows(RecordMissing.self) {
      try await desk.commit(
        .put(Desk.note("a", "new"), body: body, expecting: .absent),
        .check(Desk.note("a", "nowhere"), expecting: .present))
    }
    try expectEqual(try store.head(of: desk.tenant), Revision(1))
    await store.close()
  },
  Promise("a value that is unique has one holder, whoever comes at the same time") { maker in
    let store = try await maker.open(SampleSchema.schema())
    let desk = try Desk(store)
    func person(_ email: String) -> SampleBody { SampleBody([("name", "p"), ("email", email)]) }
    let winners = await withTaskGroup(of: Bool.self) { group in
      for number in 0..<24 {
        group.addTask {
          (try? await desk.put(Desk.person("p\(number)"), person(number % 2 == 0 ? "A@b.fi" : "a@B.fi")))
            != nil
        }
      }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    try expectEqual(winners, 1)
    let holders = try await store.find(
      IndexQuery(kind: SampleKind.person, index: "by_email", equal: [.text("a@b.FI")]), in: desk.tenant)
    try expectEqual(holders.records.count, 1)
    let holder = holders.records[0].key
    let clash = try await expectThrows(UniqueViolation.self) {
      try await desk.put(Desk.person("late"), person("a@b.fi"))
    }
    try expectEqual(clash.holder, holder)
    try expectEqual(clash.index, "by_email")
    // Given up, it can be taken; and in one commit one can take what another gives up.
    try await desk.commit(
      .put(Desk.person("late"), body: person("a@b.fi").bytes, expecting: .absent),
      .put(holder, body: person("other@b.fi").bytes, expecting: .any))
    try await desk.commit(.delete(Desk.person("late"), expecting: .any))
    try await desk.put(Desk.person("next"), person("a@b.fi"))
    try await expectThrows(UniqueViolation.self) {
      try await desk.commit(.undelete(Desk.person("late"), expecting: .any))
    }
    let elsewhere = try Desk(store, "elsewhere")
    try await elsewhere.put(Desk.person("p"), person("a@b.fi"))
    await store.close()
  },
  Promise("a repeated request id has one effect and the same answer, after a restart too") { maker in
    var store = try await maker.open(SampleSchema.schema())
    var desk = try Desk(store)
    let key = Desk.note("a", "n")
    let commit = Commit(
      [.put(key, body: SampleBody(name: "once").bytes, expecting: .absent)], actor: Desk.aino,
      requestID: "r-1",
      requestFingerprint: [1])
    let first = try await store.commit(commit, in: desk.tenant)
    try await desk.put(key, SampleBody(name: "later"))
    for _ in 0..<2 {
      let again = try await store.commit(commit, in: desk.tenant)
      try expectEqual(again.revision, first.revision)
      try expectEqual(again.time, first.time)
      try expectEqual(again.records, first.records)
      try expect(again.isRepeat, "a repeat says so")
      store = try await maker.reopen(store, SampleSchema.schema())
      desk = try Desk(store)
    }
    try expectEqual(try store.head(of: desk.tenant), Revision(2))
    var other = commit
    other.requestFingerprint = [2]
    let (sameID, open) = (other, store)
    try await expectThrows(RequestIDReused.self) { _ = try await open.commit(sameID, in: desk.tenant) }
    let elsewhere = try TenantID("elsewhere")
    try expectEqual(try await store.commit(commit, in: elsewhere).isRepeat, false)
    await store.close()
  },
  Promise("repeats that come at the same time have one effect") { maker in
    let store = try await maker.open(SampleSchema.schema())
    let desk = try Desk(store)
    let revisions = try await withThrowingTaskGroup(of: Revision.self) { group in
      for number in 0..<32 {
        group.addTask {
          try await store.commit(
            Commit(
              [.put(Desk.note("a", "n\(number)"), body: SampleBody(name: "x").bytes, expecting: .absent)],
              actor: Desk.aino, requestID: "same"), in: desk.tenant
          ).revision
        }
      }
      return try await group.reduce(into: Set()) { $0.insert($1) }
    }
    try expectEqual(revisions, [Revision(1)])
    try expectEqual(try store.scan(account: "a", in: desk.tenant, AccountScan()).records.count, 1)
    await store.close()
  },
  Promise("what a commit cannot be is refused before anything happens") { maker in
    let store = try await maker.open(SampleSchema.schema())
    let desk = try Desk(store)
    let body = SampleBody(name: "x").bytes
    let key = Desk.note("a", "n")
    let wrong: [Commit] = [
      Commit([], actor: Desk.aino),
      Commit([.put(key, body: body, expecting: .any), .delete(key, expecting: .any)], actor: Desk.aino),
      Commit([.put(Desk.note("", "n"), body: body, expecting: .any)], actor: Desk.aino),
      Commit([.put(Desk.note("a\u{0}", "n"), body: body, expecting: .any)], actor: Desk.aino),
      Commit([.put(Desk.note("a", ""), body: body, expecting: .any)], actor: Desk.aino),
      Commit(
        [.put(Desk.note("a", String(repeating: "i", count: 256)), body: body, expecting: .any)],
        actor: Desk.aino),
      Commit(
        [.put(RecordKey(account: nil, kind: SampleKind.note, id: "n"), body: body, expecting: .any)],
        actor: Desk.aino),
      Commit(
        [.put(RecordKey(account: "a", kind: SampleKind.person, id: "n"), body: body, expecting: .any)],
        actor: Desk.aino),
      Commit(
        [.put(RecordKey(account: "a", kind: RecordKind(999), id: "n"), body: body, expecting: .any)],
        actor: Desk.aino),
      Commit(
        [.put(key, body: [UInt8](repeating: 1, count: StoreLimits.bodyBytes + 1), expecting: .any)],
        actor: Desk.aino),
      Commit([.put(key, body: Array("no equals sign".utf8), expecting: .any)], actor: Desk.aino),
      Commit(
        [.put(key, body: body, expecting: .any)],
        actor: Actor(principal: String(repeating: "p", count: 300))),
    ]
    for commit in wrong {
      try await expectThrows(InvalidCommit.self) { _ = try await store.commit(commit, in: desk.tenant) }
    }
    try expectEqual(try store.head(of: desk.tenant), .zero)
    await store.close()
  },
  Promise("a tenant's revisions have no gap under many writers, and times never go back") { maker in
    let store = try await maker.open(SampleSchema.schema())
    let tenants = try ["t1", "t2", "t3"].map { try TenantID($0) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<24 {
        group.addTask {
          for round in 0..<20 {
            let key = Desk.note("a\(writer % 3)", "w\(writer)-\(round % 4)")
            _ = try await store.commit(
              Commit(
                [.put(key, body: SampleBody(name: "\(round)").bytes, expecting: .any)], actor: Desk.aino,
                time: round % 7 == 0 ? Moment(seconds: 5) : nil), in: tenants[writer % 3])
          }
        }
      }
      try await group.waitForAll()
    }
    for tenant in tenants {
      try expectEqual(try store.head(of: tenant), Revision(160))
      var after = Revision.zero
      var time = Moment(rawValue: .min)
      while after < Revision(160) {
        let page = try await store.changes(in: tenant, after: after, limit: 33)
        for change in page.changes {
          try expectEqual(change.revision.rawValue, after.rawValue + 1)
          try expect(change.time >= time, "time goes on")
          after = change.revision
          time = change.time
        }
      }
    }
    await store.close()
  },
]
