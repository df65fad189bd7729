internal import Store

let backupPromises: [Promise] = [
  Promise(
    "a backup made while others write, restored, is the store of one moment in every tenant, and goes on from it"
  ) {
    maker in
    let schema = SampleSchema.searched()
    let store = try await maker.open(schema)
    let desks = [try Desk(store), try Desk(store, "beta")]
    for desk in desks { try await desk.write("before", rounds: 20) }
    let once = Commit(
      [.put(Desk.note("a0", "once"), body: SampleBody(name: "kone").bytes, expecting: .any)],
      actor: Desk.aino,
      requestID: "once")
    let first = try await store.commit(once, in: desks[0].tenant)
    let early = try desks.map { try store.head(of: $0.tenant) }
    let backup = maker.folder + "/backup"
    try await withThrowingTaskGroup(of: Void.self) { group in
      for desk in desks {
        for writer in 0..<3 { group.addTask { try await desk.write("w\(writer)", rounds: 40) } }
      }
      group.addTask { try await store.backUp(to: backup) }
      try await group.waitForAll()
    }
    try expectEqual(try await maker.restorer("restored", schema).restore(from: backup, erasuresOf: nil), 0)
    let copy = try await maker.openRestored("restored", schema)
    for (desk, early) in zip(desks, early) {
      try await desk.expectSame(in: try Desk(copy, desk.tenant.text), from: early)
    }
    let again = try await copy.commit(once, in: desks[0].tenant)
    try expect(again.isRepeat && again.records == first.records, "a request id is known as it was")
    try expectEqual(try await copy.verify().problems, [])
    let head = try copy.head(of: desks[1].tenant)
    let next = try await Desk(copy, "beta").put(Desk.note("a0", "later"), SampleBody(name: "later"))
    try expectEqual(next.rawValue, head.rawValue + 1)
    await copy.close()
    await store.close()
  },
  Promise(
    "a restored backup erases again whom the lost store or a later backup had erased since, and nobody else"
  ) {
    maker in
    let schema = SampleSchema.searched()
    let store = try await maker.open(schema)
    let desk = try Desk(store)
    for person in ["matti", "liisa", "eero"] { try await desk.tell(of: person) }
    // Erased before the backup and known again since: whoever comes back stays.
    try await desk.erase("liisa")
    try await desk.tell(of: "liisa")
    let backup = maker.folder + "/backup"
    try await store.backUp(to: backup)
    try await desk.erase("matti")
    let register = store.erasureRegister
    let later = maker.folder + "/later"
    try await store.backUp(to: later)
    await store.close()
    for (name, register) in [("one", register), ("other", later)] {
      let restorer = maker.restorer(name, schema)
      try expectEqual(
        try await restorer.restore(from: backup, erasuresOf: register), 1, "by \(name) register")
      let copy = try await maker.openRestored(name, schema)
      try await Desk(copy).expectKnown(["liisa", "eero"], not: ["matti"])
      // Its own register has what was done again.
      try await copy.backUp(to: maker.folder + "/of \(name)")
      let third = maker.restorer("third after \(name)", schema)
      try expectEqual(
        try await third.restore(from: maker.folder + "/of \(name)", erasuresOf: register), 0,
        "none is left to do")
      try expectEqual(try await copy.verify().problems, [])
      await copy.close()
    }
  },
  Promise("a backup overwrites nothing, a restore replaces no store, and what fails leaves none behind") {
    maker in
    let schema = SampleSchema.schema()
    let store = try await maker.open(schema)
    let desk = try Desk(store)
    try await desk.tell(of: "matti")
    let backup = maker.folder + "/backup"
    try await store.backUp(to: backup)
    try await expectThrows(OpenFailed.self) { try await store.backUp(to: backup) }
    try await expectThrows(OpenFailed.self) { try await store.backUp(to: maker.folder + "/nowhere/backup") }
    try await desk.erase("matti")
    let restorer = maker.restorer("restored", schema)
    try await expectThrows(OpenFailed.self) {
      _ = try await restorer.restore(from: maker.folder + "/no such backup", erasuresOf: nil)
    }
    try await expectThrows(OpenFailed.self) {
      _ = try await restorer.restore(from: backup, erasuresOf: maker.folder + "/no such store")
    }
    try expectEqual(try await restorer.restore(from: backup, erasuresOf: store.erasureRegister), 1)
    try await expectThrows(OpenFailed.self) { _ = try await restorer.restore(from: backup, erasuresOf: nil) }
    let copy = try await maker.openRestored("restored", schema)
    try await Desk(copy).expectKnown([], not: ["matti"])
    await copy.close()
    await store.close()
  },
]

extension Desk {
  private static let accounts = ["a0", "a1", "a2"]
  private static let persons = 5

  /// Puts, changes, deletes and brings back notes and persons.
  fileprivate func write(_ name: String, rounds: Int) async throws {
    for round in 0..<rounds {
      let key = Self.note(Self.accounts[round % Self.accounts.count], "\(name)-\(round % 12)")
      if try store.read(key, in: tenant)?.isDeleted == true {
        try await commit(.undelete(key, expecting: .any))
      } else if round % 5 == 4 {
        try await put(key, SampleBody(name: "kone"))
        try await commit(.delete(key, expecting: .any))
      } else {
        try await commit(
          .put(key, body: SampleBody(name: "kone", amount: Int64(round)).bytes, expecting: .any),
          .put(
            Self.person("p\(round % Self.persons)"), body: SampleBody(name: "\(name) \(round)").bytes,
            expecting: .any))
      }
    }
  }

  /// The other store is this one as it was at the other's newest revision.
  fileprivate func expectSame(in other: Desk, from early: Revision) async throws {
    let head = try other.store.head(of: tenant)
    try expect(head >= early, "\(head) is older than what was there when the backup began (\(early))")
    let all = AccountScan(includesDeleted: true)
    var live: Set<RecordKey> = []
    for account in Self.accounts {
      let then = try await store.scan(account: account, in: tenant, all, asOf: .revision(head)).records
      try expectEqual(
        try other.store.scan(account: account, in: tenant, all).records, then, "\(account) at \(head)")
      live.formUnion(then.filter { !$0.isDeleted }.map(\.key))
    }
    for number in 0..<Self.persons {
      let key = Self.person("p\(number)")
      let then = try await store.read(key, in: tenant, asOf: .revision(head))
      try expectEqual(try other.store.read(key, in: tenant), then, "\(key) at \(head)")
    }
    try expectEqual(
      try await other.changes(through: head), try await changes(through: head), "changes to \(head)")
    let query = IndexQuery(
      kind: SampleKind.note, index: "by_name", equal: [.text("kone")], limit: StoreLimits.pageRecords)
    try expectEqual(
      Set(try await other.store.find(query, in: tenant).records.map(\.key)), live, "found at \(head)")
  }

  private func changes(through head: Revision) async throws -> [Change] {
    var changes: [Change] = []
    var at = Revision.zero
    while at < head {
      let page = try await store.changes(in: tenant, after: at, limit: StoreLimits.pageRecords)
      changes += page.changes.filter { $0.revision <= head }
      at = page.through
    }
    return changes
  }

  /// A note about a person, of the same name.
  fileprivate func tell(of person: String) async throws {
    var body = SampleBody(name: "kone", about: ["persons/\(person)"])
    body.fields.append(("said", "secret of \(person)"))
    try await put(Self.note("a", person), body)
  }

  fileprivate func erase(_ person: String) async throws {
    _ = try await store.erase(
      Erasure(subject: "persons/\(person)", actor: Self.aino, reason: "asked to"), in: tenant)
  }

  /// Of some persons the store says what it was told, of others nothing, now and in the past.
  fileprivate func expectKnown(_ known: [String], not unknown: [String]) async throws {
    for person in known {
      try expectEqual(try body(Self.note("a", person))?["said"], "secret of \(person)", "\(person) stays")
    }
    let now = try store.scan(account: "a", in: tenant, AccountScan(includesDeleted: true)).records.map(\.body)
    let past = try await changes(through: try store.head(of: tenant)).flatMap {
      [$0.before ?? [], $0.after ?? []]
    }
    for person in unknown {
      for body in now + past {
        let text = String(decoding: body, as: UTF8.self)
        try expect(!text.contains("secret of \(person)"), "\(person) is still in: \(text)")
      }
    }
  }
}
