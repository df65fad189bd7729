internal import Store

let findingPromises: [Promise] = [
  Promise("an index finds by value, by prefix and by range, in both directions, page by page") { maker in
    let store = try await maker.open(SampleSchema.schema())
    let desk = try Desk(store)
    for number in 0..<40 {
      let body = SampleBody(
        name: "Nimi \(number + 10)", tags: number % 2 == 0 ? ["even", "all"] : ["all"],
        amount: Int64(number - 20),
        when: Int64(number) * 1_000)
      try await desk.put(Desk.note("a\(number % 3)", "n\(number)"), body)
    }
    let even = try await store.find(
      IndexQuery(kind: SampleKind.note, index: "by_tag", equal: [.text("even")]), in: desk.tenant)
    try expectEqual(even.records.count, 20)
    let amounts = try even.records.map { try SampleBody(bytes: $0.body)["amount"].flatMap(Int.init) ?? 0 }
    try expectEqual(amounts, amounts.sorted(), "negative numbers come before positive")
    let one = try await store.find(
      IndexQuery(kind: SampleKind.note, index: "by_tag", equal: [.text("even"), .integer(4)]), in: desk.tenant
    )
    try expectEqual(try desk.names(one.records), ["Nimi 34"])
    let prefixed = try await store.find(
      IndexQuery(kind: SampleKind.note, index: "by_name", range: .prefix("NIMI 2")), in: desk.tenant)
    try expectEqual(prefixed.records.count, 10)
    var query = IndexQuery(
      kind: SampleKind.note, index: "by_time",
      range: .between(from: .moment(Moment(microseconds: 5_000)), to: .moment(Moment(microseconds: 30_000))),
      limit: 4)
    for descending in [false, true] {
      query.isDescending = descending
      query.after = nil
      var names: [String] = []
      repeat {
        let page = try await store.find(query, in: desk.tenant)
        names += try desk.names(page.records)
        query.after = page.next
      } while query.after != nil
      let wanted = (5..<30).map { "Nimi \($0 + 10)" }
      try expectEqual(names, descending ? wanted.reversed() : wanted)
    }
    let inAccount = try await store.find(
      IndexQuery(kind: SampleKind.note, index: "by_name", account: "a1"), in: desk.tenant)
    try expectEqual(inAccount.records.count, 13)
    await store.close()
  },
  Promise("an index finds in one account what is there, however many others have more and whichever it is") {
    maker in
    let store = try await maker.open(SampleSchema.schema())
    let desk = try Desk(store)
    // A busy account between two quiet ones, and more of it than is passed over or looked through.
    for start in stride(from: 0, to: 1_500, by: 500) {
      let operations = (start..<start + 500).map { number in
        CommitOperation.put(
          Desk.note("busy", "b\(number)"),
          body: SampleBody(name: "b\(number)", tags: ["t"], amount: 0, when: Int64(number) * 10 + 5_000)
            .bytes,
          expecting: .absent)
      }
      _ = try await store.commit(
        Commit(operations, actor: Actor(principal: "test", team: "test")), in: desk.tenant)
    }
    for account in ["quiet", "still"] {
      for number in 0..<6 {
        try await desk.put(
          Desk.note(account, "n\(number)"),
          SampleBody(
            name: "\(account)\(number)", tags: ["t", "u"], amount: Int64(number % 2),
            when: Int64(number) * 4_000))
      }
    }
    try await desk.put(Desk.note("quiet", "gone"), SampleBody(name: "gone", tags: ["t"], when: 1))
    _ = try await store.commit(
      Commit(
        [.delete(Desk.note("quiet", "gone"), expecting: .present)],
        actor: Actor(principal: "test", team: "test")),
      in: desk.tenant)

    func names(_ query: IndexQuery) async throws -> [String] {
      var query = query
      var names: [String] = []
      repeat {
        let page = try await store.find(query, in: desk.tenant)
        names += try desk.names(page.records)
        query.after = page.next
      } while query.after != nil
      return names
    }
    let upwards = (0..<6).map { "quiet\($0)" }
    for limit in [1, 4, 100] {
      let byTime = IndexQuery(kind: SampleKind.note, index: "by_time", account: "quiet", limit: limit)
      try expectEqual(try await names(byTime), upwards)
      var down = byTime
      down.isDescending = true
      try expectEqual(try await names(down), upwards.reversed())
      down.range = .between(
        from: .moment(Moment(microseconds: 4_000)), to: .moment(Moment(microseconds: 16_000)))
      try expectEqual(try await names(down), ["quiet3", "quiet2", "quiet1"])
    }
    let odd = IndexQuery(
      kind: SampleKind.note, index: "by_tag", equal: [.text("t"), .integer(1)], account: "quiet")
    try expectEqual(try await names(odd), ["quiet1", "quiet3", "quiet5"])
    let tagged = IndexQuery(kind: SampleKind.note, index: "by_tag", equal: [.text("t")], account: "quiet")
    try expectEqual(try await names(tagged), ["quiet0", "quiet2", "quiet4", "quiet1", "quiet3", "quiet5"])
    let busy = IndexQuery(
      kind: SampleKind.note, index: "by_time", account: "busy", isDescending: true, limit: 400)
    try expectEqual(try await names(busy), (0..<1_500).reversed().map { "b\($0)" })
    try expectEqual(try await names(IndexQuery(kind: SampleKind.note, index: "by_time", account: "none")), [])
    await store.close()
  },
  Promise("an index follows what it indexes and is never seen apart from it") { maker in
    let store = try await maker.open(SampleSchema.schema())
    let desk = try Desk(store)
    let key = Desk.note("a", "n")
    for round in 0..<30 {
      try await desk.put(key, SampleBody(name: "name\(round)", tags: ["t\(round % 2)"]))
      let found = try await store.find(IndexQuery(kind: SampleKind.note, index: "by_name"), in: desk.tenant)
      try expectEqual(try desk.names(found.records), ["name\(round)"])
      let old = try await store.find(
        IndexQuery(kind: SampleKind.note, index: "by_tag", equal: [.text("t\((round + 1) % 2)")]),
        in: desk.tenant)
      try expectEqual(old.records.count, 0)
    }
    await store.close()
  },
  Promise("long values, values with NUL and empty values are found exactly") { maker in
    let store = try await maker.open(SampleSchema.schema())
    let desk = try Desk(store)
    let long = String(repeating: "pitkä", count: 200)
    for (id, name) in [
      ("1", long + "1"), ("2", long + "2"), ("3", "a\u{0}b"), ("4", "a"), ("5", ""), ("6", "a\u{0}"),
    ] {
      try await desk.put(Desk.note("a", id), SampleBody(name: name))
    }
    for (name, id) in [(long + "2", "2"), ("a\u{0}b", "3"), ("a", "4"), ("", "5"), ("a\u{0}", "6")] {
      let found = try await store.find(
        IndexQuery(kind: SampleKind.note, index: "by_name", equal: [.text(name)]), in: desk.tenant)
      try expectEqual(found.records.map(\.key.id), [id], "by name of \(name.utf8.count) bytes")
    }
    await store.close()
  },
  Promise("an index that is asked for wrongly, or is not there, is said so") { maker in
    let store = try await maker.open(SampleSchema.schema())
    let desk = try Desk(store)
    try await desk.put(Desk.note("a", "n"), SampleBody(name: "x"))
    let wrong = [
      IndexQuery(kind: SampleKind.note, index: "by_nothing"),
      IndexQuery(kind: RecordKind(999), index: "by_name"),
      IndexQuery(kind: SampleKind.note, index: "by_name", equal: [.text("a"), .text("b")]),
      IndexQuery(kind: SampleKind.note, index: "by_name", equal: [.text("a")], range: .prefix("b")),
      IndexQuery(kind: SampleKind.note, index: "by_name", after: ListPosition(bytes: [9, 9])),
      IndexQuery(kind: SampleKind.note, index: "by_name", limit: 0),
    ]
    for query in wrong {
      try await expectThrows(InvalidQuery.self) { _ = try await store.find(query, in: desk.tenant) }
    }
    await store.close()
  },
  Promise("an index added later is built, goes on after a restart, and is unused until complete") { maker in
    var store = try await maker.open(SampleSchema.schema())
    var desk = try Desk(store)
    var operations: [CommitOperation] = []
    for number in 0..<6_000 {
      operations.append(
        .put(
          Desk.note("a\(number % 7)", "n\(number)"), body: SampleBody(name: "n", amount: Int64(number)).bytes,
          expecting: .any))
      if operations.count == 2_000 {
        _ = try await store.commit(Commit(operations, actor: Desk.aino), in: desk.tenant)
        operations = []
      }
    }
    let indexes = SampleSchema.noteIndexes + [IndexDefinition(name: "by_amount", fields: 1, promise: .plain)]
    let grown = SampleSchema.schema(noteIndexes: indexes)
    store = try await maker.reopen(store, grown)
    try await Desk(store).put(Desk.note("a0", "n0"), SampleBody(name: "n", amount: 1_000_000))
    store = try await maker.reopen(store, grown)
    desk = try Desk(store)
    let query = IndexQuery(
      kind: SampleKind.note, index: "by_amount", range: .between(from: .integer(5_000), to: nil), limit: 1_000
    )
    while !store.health.buildingIndexes.isEmpty {
      do {
        let page = try await store.find(query, in: desk.tenant)
        try expectEqual(page.next != nil || page.records.count == 1_001, true, "never half an index")
      } catch is InvalidQuery {}
      await Task.yield()
    }
    var all = 0
    var next = query
    repeat {
      let page = try await store.find(next, in: desk.tenant)
      all += page.records.count
      next.after = page.next
    } while next.after != nil
    try expectEqual(all, 1_001)
    // Lost again: the others go on as before.
    store = try await maker.reopen(store, SampleSchema.schema())
    desk = try Desk(store)
    try await expectThrows(InvalidQuery.self) { _ = try await store.find(query, in: desk.tenant) }
    try expectEqual(
      try await store.find(IndexQuery(kind: SampleKind.note, index: "by_name"), in: desk.tenant).records
        .count, 100)
    await store.close()
  },
]
