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
