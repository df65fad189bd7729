internal import Store

let erasurePromises: [Promise] = [
  Promise("a request id erases one person, once") { maker in
    let store = try await maker.open(SampleSchema.schema())
    let desk = try Desk(store)
    for person in ["matti", "liisa"] {
      _ = try await store.commit(
        Commit(
          [
            .put(
              Desk.note("a", person), body: SampleBody(name: person, about: ["persons/\(person)"]).bytes,
              expecting: .any)
          ],
          actor: Desk.aino, requestID: "put \(person)"), in: desk.tenant)
    }
    @Sendable func erase(_ person: String, _ request: String) async throws -> Revision {
      try await store.erase(
        Erasure(subject: "persons/\(person)", actor: Desk.aino, reason: "asked to", requestID: request),
        in: desk.tenant
      ).revision
    }
    async let first = erase("matti", "e1")
    async let second = erase("matti", "e1")
    let (one, other) = try await (first, second)
    try expectEqual(one, other)
    try expectEqual(try await erase("matti", "e1"), Revision(3))
    for request in ["e1", "put liisa"] {
      try await expectThrows(RequestIDReused.self) { _ = try await erase("liisa", request) }
    }
    try expectEqual(try desk.body(Desk.note("a", "liisa"))?.all("about"), ["persons/liisa"])
    try expectEqual(try store.head(of: desk.tenant), Revision(3))
    await store.close()
  },
  Promise("an erased person is in no record, no change and no past state, and revisions stay as they are") {
    maker in
    var store = try await maker.open(SampleSchema.schema())
    var desk = try Desk(store)
    let secret = "said=Matti likes sauna"
    func note(_ name: String, _ about: [String]) -> SampleBody {
      var body = SampleBody(name: name, about: about)
      if about.contains("persons/matti") { body.fields.append(("said", "Matti likes sauna")) }
      return body
    }
    let matti = Desk.person("matti")
    try await desk.put(
      matti, SampleBody([("name", "Matti"), ("email", "m@x.fi"), ("about", "persons/matti")]))
    try await desk.put(Desk.note("a", "both"), note("both", ["persons/matti", "persons/liisa"]))
    try await desk.put(Desk.note("a", "other"), note("other", ["persons/liisa"]))
    try await desk.put(Desk.note("b", "once"), note("once", ["persons/matti"]))
    try await desk.put(Desk.note("b", "once"), note("no longer", []))
    try await desk.put(Desk.note("b", "gone"), note("gone", ["persons/matti"]))
    try await desk.commit(.delete(Desk.note("b", "gone"), expecting: .any))
    let receipt = try await store.erase(
      Erasure(subject: "persons/matti", actor: Desk.aino, reason: "asked to"), in: desk.tenant)
    try expectEqual(receipt.revision, Revision(8))
    try expectEqual(receipt.records, 3)
    for round in 0..<2 {
      try expectEqual(try store.read(matti, in: desk.tenant), nil)
      try expectEqual(try desk.body(Desk.note("a", "both"))?.all("about"), ["persons/liisa"])
      try expectEqual(
        try store.read(Desk.note("b", "gone"), in: desk.tenant)?.isDeleted, true, "what was deleted")
      try expectEqual(
        try await store.read(Desk.note("b", "gone"), in: desk.tenant, asOf: .revision(Revision(8)))?
          .isDeleted, true)
      let found = try await store.find(IndexQuery(kind: SampleKind.note, index: "by_name"), in: desk.tenant)
      try expectEqual(Set(try desk.names(found.records)), ["both", "other", "no longer"])
      let page = try await store.changes(in: desk.tenant, after: .zero)
      try expectEqual(Set(page.changes.map(\.revision.rawValue)), Set(1...Int64(8 + round)), "round \(round)")
      let ofGone = page.changes.filter { $0.key == Desk.note("b", "gone") && $0.operation == .erased }
      try expectEqual(
        ofGone.map(\.after), [nil], "an erasure of what was deleted says so to those who follow")
      for change in page.changes {
        for body in [change.before, change.after] {
          let text = String(decoding: body ?? [], as: UTF8.self)
          try expect(
            !text.contains("matti") && !text.contains(secret), "change \(change.revision) has: \(text)")
        }
      }
      for revision in 1...8 {
        let point = PointInTime.revision(Revision(Int64(revision)))
        try expectEqual(try await store.read(matti, in: desk.tenant, asOf: point), nil)
        for account in ["a", "b"] {
          let page = try await store.scan(
            account: account, in: desk.tenant, AccountScan(includesDeleted: true), asOf: point)
          for record in page.records {
            try expect(
              !String(decoding: record.body, as: UTF8.self).contains("matti"), "the past has \(record.key)")
          }
        }
      }
      let other = try await store.read(Desk.note("a", "both"), in: desk.tenant, asOf: .revision(Revision(2)))
      try expectEqual(try other.map { try SampleBody(bytes: $0.body)["name"] }, "both")
      // The name is free again.
      try await desk.put(
        Desk.person("new\(round)"), SampleBody([("name", "N"), ("email", "m\(round)@x.fi")]))
      store = try await maker.reopen(store, SampleSchema.schema())
      desk = try Desk(store)
    }
    await store.close()
  },
]
