internal import Store

let pastPromises: [Promise] = [
  Promise("a record and its account are read as of any revision and moment") { maker in
    let store = try await maker.open(SampleSchema.schema())
    let desk = try Desk(store)
    let key = Desk.note("a", "n")
    for number in 1...10 {
      try await desk.put(
        key, SampleBody(name: "v\(number)"), time: Moment(seconds: 4_000_000_000 + Int64(number) * 10))
    }
    try await desk.commit(.delete(key, expecting: .any))
    try await desk.put(Desk.note("a", "late"), SampleBody(name: "late"))
    try await desk.commit(.undelete(key, expecting: .any))
    for number in 1...10 {
      let then = try await store.read(key, in: desk.tenant, asOf: .revision(Revision(Int64(number))))
      try expectEqual(try then.map { try SampleBody(bytes: $0.body)["name"] }, "v\(number)")
      try expectEqual(then?.revision, Revision(Int64(number)))
      try expectEqual(then?.createdRevision, Revision(1))
      let moment = Moment(seconds: 4_000_000_005 + Int64(number) * 10)
      let byMoment = try await store.read(key, in: desk.tenant, asOf: .moment(moment))
      // What came after the tenth has its time: a tenant's times never go back.
      try expectEqual(byMoment?.revision, number == 10 ? Revision(13) : then?.revision)
    }
    try expectEqual(try await store.read(key, in: desk.tenant, asOf: .revision(.zero)), nil)
    try expectEqual(
      try await store.read(key, in: desk.tenant, asOf: .revision(Revision(11)))?.isDeleted, true)
    try expectEqual(
      try await store.scan(account: "a", in: desk.tenant, AccountScan(), asOf: .revision(Revision(12)))
        .records.count, 1)
    try expectEqual(
      try await store.scan(account: "a", in: desk.tenant, AccountScan(), asOf: .revision(Revision(13)))
        .records.count, 2)
    try expectEqual(try await store.revision(at: .moment(Moment(seconds: 0)), in: desk.tenant), .zero)
    try await expectThrows(RevisionAhead.self) {
      _ = try await store.read(key, in: desk.tenant, asOf: .revision(Revision(14)))
    }
    await store.close()
  },
  Promise(
    "a whole account is read as of any moment, page by page, as it was after the last commit until then"
  ) { maker in
    let store = try await maker.open(SampleSchema.schema())
    let desk = try Desk(store)
    let start: Int64 = 4_000_000_000
    // At each step one note more; every third is changed, every fourth is gone a step later.
    for step in 0..<24 {
      let time = Moment(seconds: start + Int64(step) * 10)
      var operations: [CommitOperation] = [
        .put(Desk.note("a", "n\(step + 10)"), body: SampleBody(name: "new").bytes, expecting: .absent)
      ]
      if step > 0, step % 3 == 0 {
        let body = SampleBody(name: "changed at \(step)").bytes
        operations.append(.put(Desk.note("a", "n\(step + 9)"), body: body, expecting: .present))
      } else if step > 0, step % 4 == 0 {
        operations.append(.delete(Desk.note("a", "n\(step + 9)"), expecting: .present))
      }
      _ = try await store.commit(Commit(operations, actor: Desk.aino, time: time), in: desk.tenant)
    }
    for step in 0..<24 {
      // Just before, at and just after the commit.
      for (offset, last) in [(-1, step - 1), (0, step), (1, step)] {
        let moment = Moment(microseconds: (start + Int64(step) * 10) * 1_000_000 + Int64(offset))
        var scan = AccountScan(limit: 5)
        var names: [String: String] = [:]
        repeat {
          let page = try await store.scan(account: "a", in: desk.tenant, scan, asOf: .moment(moment))
          for record in page.records { names[record.key.id] = try SampleBody(bytes: record.body)["name"] }
          scan.after = page.next
        } while scan.after != nil
        var wanted: [String: String] = [:]
        for step in 0..<(last + 1) {
          wanted["n\(step + 10)"] = "new"
          if step > 0, step % 3 == 0 {
            wanted["n\(step + 9)"] = "changed at \(step)"
          } else if step > 0, step % 4 == 0 {
            wanted["n\(step + 9)"] = nil
          }
        }
        try expectEqual(names, wanted, "step \(step), \(offset) microseconds after it")
      }
    }
    await store.close()
  },
  Promise("a record's history and its account's come newest first, page by page") { maker in
    let store = try await maker.open(SampleSchema.schema())
    let desk = try Desk(store)
    for number in 0..<30 {
      try await desk.put(Desk.note("a", "n\(number % 3)"), SampleBody(name: "\(number)"))
      try await desk.put(Desk.note("b", "n"), SampleBody(name: "\(number)"))
    }
    var before: Revision?
    var revisions: [Int64] = []
    repeat {
      let page = try await store.history(of: Desk.note("a", "n1"), in: desk.tenant, before: before, limit: 4)
      revisions += page.changes.map(\.revision.rawValue)
      before = page.next
    } while before != nil
    try expectEqual(revisions, stride(from: 57, through: 3, by: -6).map { Int64($0) })
    before = nil
    revisions = []
    repeat {
      let page = try await store.history(ofAccount: "a", in: desk.tenant, before: before, limit: 7)
      revisions += page.changes.map(\.revision.rawValue)
      before = page.next
    } while before != nil
    try expectEqual(revisions, stride(from: 59, through: 1, by: -2).map { Int64($0) })
    await store.close()
  },
]
