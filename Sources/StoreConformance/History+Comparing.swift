internal import Store

/// Comparing the store with the model.
extension History {
  private func same(_ record: StoredRecord?, _ state: Model.State?, _ what: String) throws {
    try expectEqual(record?.revision.rawValue, state?.revision, what)
    try expectEqual(try record.map { try SampleBody(bytes: $0.body) }, state?.body, what)
    try expectEqual(record?.isDeleted, state?.isDeleted, what)
    try expectEqual(record?.createdRevision.rawValue, state?.created, what)
  }

  mutating func checkRead() throws {
    let key = key()
    try same(try store.read(key, in: tenant), model.now(key), "read \(key)")
    try expectEqual(try store.head(of: tenant).rawValue, model.head)
    let keys = (0..<4).map { _ in self.key() }
    for (key, record) in zip(keys, try store.read(keys, in: tenant)) {
      try same(record, model.now(key), "read of several \(key)")
    }
  }

  private func expectedScan(_ account: String, includesDeleted: Bool, asOf revision: Int64) -> [RecordKey] {
    model.states.keys.filter { key in
      guard key.account == account, let state = model.state(key, asOf: revision) else { return false }
      return includesDeleted || !state.isDeleted
    }.sorted()
  }

  mutating func checkScan() throws {
    let account = "a\(pick(3))"
    let deleted = chance(1, in: 2)
    var scan = AccountScan(limit: 1 + pick(4), includesDeleted: deleted)
    var keys: [RecordKey] = []
    repeat {
      let page = try store.scan(account: account, in: tenant, scan)
      for record in page.records { try same(record, model.now(record.key), "scan \(record.key)") }
      keys += page.records.map(\.key)
      scan.after = page.next
    } while scan.after != nil
    try expectEqual(
      keys, expectedScan(account, includesDeleted: deleted, asOf: model.head), "scan of \(account)")
  }

  mutating func checkIndex() async throws {
    let name = "n\(pick(20))"
    let found = try await store.find(
      IndexQuery(kind: SampleKind.note, index: "by_name", equal: [.text(name)], limit: 1_000), in: tenant)
    let wanted = model.states.keys.filter {
      $0.kind == SampleKind.note && model.live($0)?.body["name"] == name
    }
    try expectEqual(Set(found.records.map(\.key)), Set(wanted), "notes named \(name)")
    let bound = Int64(pick(300))
    let listed = try await store.list(
      ColumnQuery(
        kind: SampleKind.note, filter: .compare(column: "amount", .less, .integer(bound)), limit: 1_000),
      in: tenant)
    let small = model.states.keys.filter { key in
      guard key.kind == SampleKind.note, let amount = model.live(key)?.body["amount"].flatMap(Int64.init)
      else {
        return false
      }
      return amount < bound
    }
    try expectEqual(listed.records.map(\.key), small.sorted(), "notes with amount under \(bound)")
    let email = "mail\(pick(4))@x.fi"
    let holder = try await store.find(
      IndexQuery(kind: SampleKind.person, index: "by_email", equal: [.text(email)]), in: tenant)
    try expectEqual(holder.records.first?.key, model.holder(ofEmail: email), "holder of \(email)")
  }

  mutating func checkPast() async throws {
    let key = key()
    let revision = model.compacted + Int64(pick(Int(model.head - model.compacted) + 1))
    let then = try await store.read(key, in: tenant, asOf: .revision(Revision(revision)))
    try same(then, model.state(key, asOf: revision), "\(key) as of \(revision)")
    let account = "a\(pick(3))"
    let page = try await store.scan(
      account: account, in: tenant, AccountScan(includesDeleted: true), asOf: .revision(Revision(revision)))
    for record in page.records {
      try same(record, model.state(record.key, asOf: revision), "\(record.key) as of \(revision)")
    }
    try expectEqual(
      page.records.map(\.key), expectedScan(account, includesDeleted: true, asOf: revision),
      "\(account) as of \(revision)")
    let history = try await store.history(of: key, in: tenant, before: nil, limit: 1_000)
    let kept = (model.states[key] ?? []).map(\.revision).filter { $0 > model.compacted }
    try expectEqual(history.changes.map(\.revision.rawValue), kept.reversed(), "history of \(key)")
    try await checkMoment(key)
  }

  private mutating func checkMoment(_ key: RecordKey) async throws {
    let moment = moment()
    let revision = model.revision(at: moment)
    do {
      let found = try await store.revision(at: .moment(Moment(rawValue: moment)), in: tenant)
      try expect(revision >= model.compacted, "the revision at \(moment) is gone, and \(found) was given")
      try expectEqual(found.rawValue, revision, "the revision at \(moment)")
      let then = try await store.read(key, in: tenant, asOf: .moment(Moment(rawValue: moment)))
      try same(then, model.state(key, asOf: revision), "\(key) as of \(moment)")
    } catch let gone as Compacted {
      try expect(revision < model.compacted, "\(moment) is kept, and it was said: \(gone)")
      try expectEqual(gone.oldest.rawValue, model.compacted)
    }
  }

  /// Reads on from where it was, as a watcher does.
  mutating func checkChanges() async throws {
    if watched < model.compacted, watched < model.head {
      let gone = try await expectThrows(Compacted.self) {
        _ = try await store.changes(in: tenant, after: Revision(watched))
      }
      try expectEqual(gone.oldest.rawValue, model.compacted)
      watched = model.compacted
    }
    while watched < model.head {
      let page = try await store.changes(
        in: tenant, after: Revision(watched), matching: .everything, limit: 1 + pick(20))
      let wanted = model.changes.filter { $0.revision > watched && $0.revision <= page.through.rawValue }
      try expectEqual(page.changes.map(\.key), wanted.map(\.key), "changes after \(watched)")
      try expectEqual(page.changes.map(\.operation), wanted.map(\.operation), "changes after \(watched)")
      try expectEqual(
        page.changes.map(\.revision.rawValue), wanted.map(\.revision), "changes after \(watched)")
      try expect(page.through.rawValue > watched, "a page goes on")
      watched = page.through.rawValue
    }
  }

  mutating func checkEverything() async throws {
    for key in model.states.keys.sorted() {
      try same(try store.read(key, in: tenant), model.now(key), "\(key)")
    }
    for _ in 0..<4 { try checkScan() }
    try await checkIndex()
    for _ in 0..<3 { try await checkPast() }
    watched = 0
    try await checkChanges()
    guard model.head > 0 else { return }
    var seen: [Int64] = []
    guard model.compacted < model.head else { return }
    for try await page in store.watch(in: tenant, after: Revision(model.compacted)) {
      seen += page.changes.map(\.revision.rawValue)
      if page.through.rawValue >= model.head { break }
    }
    let kept = model.changes.map(\.revision).filter { $0 > model.compacted }
    try expectEqual(seen, kept, "what a watch gave")
  }
}
