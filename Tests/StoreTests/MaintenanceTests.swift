import Foundation
import Store
import StoreConformance
import StoreSQLite
import Testing

@Suite struct LookingAfterASQLiteStore {
  let directory: TemporaryDirectory
  let tenant: TenantID
  let actor = Actor(principal: "users/aino", team: "teams/sales")

  init() throws {
    directory = try TemporaryDirectory()
    tenant = try TenantID("acme")
  }

  private func open(_ name: String = "store", options: SQLiteStoreOptions = .init()) throws -> SQLiteStore {
    try SQLiteStore(directory: directory.path + "/" + name, schema: SampleSchema.schema(), options: options)
  }

  private func note(_ account: String, _ id: String) -> RecordKey {
    RecordKey(account: account, kind: SampleKind.note, id: id)
  }

  @discardableResult private func put(
    _ store: SQLiteStore, _ id: String, _ body: SampleBody, time: Int64? = nil, request: String = ""
  ) async throws -> CommitReceipt {
    try await store.commit(
      Commit(
        [.put(note("a", id), body: body.bytes, expecting: .any)], actor: actor, requestID: request,
        time: time.map { Moment(seconds: $0) }), in: tenant)
  }

  @Test func twoServersNeverOpenOneStore() async throws {
    let store = try open()
    #expect { try open() } throws: { ($0 as? OpenFailed)?.cause == .locked }
    await store.close()
    await (try open()).close()
  }

  @Test func aFileThatIsNoStoreIsSaidToBeNone() async throws {
    try FileManager.default.createDirectory(
      atPath: directory.path + "/store", withIntermediateDirectories: true)
    try Data("this is no database at all, but long enough to look at".utf8).write(
      to: URL(fileURLWithPath: directory.path + "/store/log.db"))
    #expect { try open() } throws: {
      ($0 as? OpenFailed)?.cause == .unreadable || ($0 as? OpenFailed)?.cause == .inputOutput
    }
  }

  @Test func aKindWhoseCodeMeansSomethingElseIsRefused() async throws {
    await (try open()).close()
    let other = RecordSchema(
      kinds: [
        KindSchema(kind: SampleKind.note, name: "other", scope: .account, facts: { _ in RecordFacts() })
      ], fold: { $0 })
    #expect { try SQLiteStore(directory: directory.path + "/store", schema: other) } throws: {
      ($0 as? OpenFailed)?.cause == .schemaMismatch
    }
  }

  @Test func compactionKeepsTheNewestStateAndSaysFromWhereOnThePastCanBeHad() async throws {
    var store = try open()
    for number in 1...20 {
      try await put(
        store, "n\(number % 4)", SampleBody(name: "v\(number)"), time: Int64(number) * 100,
        request: "r\(number)")
    }
    _ = try await store.commit(
      Commit([.delete(note("a", "n3"), expecting: .any)], actor: actor, time: Moment(seconds: 2_100)),
      in: tenant)
    for number in 22...30 {
      try await put(store, "n\(number % 3)", SampleBody(name: "v\(number)"), time: Int64(number) * 100)
    }
    let oldest = try await store.compact(before: Moment(seconds: 2_500))
    #expect(oldest[tenant] == Revision(24))
    for _ in 0..<2 {
      #expect(try store.head(of: tenant) == Revision(30))
      #expect(try store.scan(account: "a", in: tenant, AccountScan(includesDeleted: true)).records.count == 3)
      await #expect(throws: Compacted(oldest: Revision(24))) {
        _ = try await store.changes(in: tenant, after: Revision(23))
      }
      await #expect(throws: Compacted(oldest: Revision(24))) {
        for try await _ in store.watch(in: tenant, after: .zero) {}
      }
      let page = try await store.changes(in: tenant, after: Revision(24))
      #expect(page.changes.map(\.revision.rawValue) == Array(25...30))
      await #expect(throws: Compacted(oldest: Revision(24))) {
        _ = try await store.read(note("a", "n1"), in: tenant, asOf: .revision(Revision(23)))
      }
      let then = try await store.read(note("a", "n1"), in: tenant, asOf: .revision(Revision(24)))
      #expect(try then.map { try SampleBody(bytes: $0.body)["name"] } == "v22")
      let history = try await store.history(of: note("a", "n1"), in: tenant, before: nil, limit: 100)
      #expect(history.isCompacted)
      #expect(history.changes.map(\.revision.rawValue) == [28, 25])
      #expect(try await store.verify().problems == [])
      await store.close()
      store = try open()
    }
    await store.close()
  }

  @Test func requestIdsAreForgottenAfterTheirRetention() async throws {
    let store = try open(options: SQLiteStoreOptions(requestRetention: .seconds(60)))
    let now = Int64(Date().timeIntervalSince1970)
    try await put(store, "n1", SampleBody(name: "old"), time: now - 3_600, request: "same")
    let again = try await put(store, "n1", SampleBody(name: "new"), request: "same")
    #expect(!again.isRepeat)
    let third = try await put(store, "n1", SampleBody(name: "newer"), request: "same")
    #expect(third.isRepeat)
    #expect(third.revision == again.revision)
    try await store.compact(before: Moment(seconds: now - 1_800))
    #expect(try await put(store, "n1", SampleBody(name: "x"), request: "same").isRepeat)
    #expect(try await store.verify().problems == [])
    await store.close()
  }

  @Test func aBackupTakenWhileOthersWriteIsAWholeStore() async throws {
    let store = try open()
    for number in 0..<500 {
      try await put(store, "n\(number)", SampleBody(name: "before", amount: Int64(number)))
    }
    let path = directory.path + "/backup"
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<4 {
        group.addTask {
          for round in 0..<200 { try await put(store, "w\(writer)", SampleBody(name: "\(round)")) }
        }
      }
      group.addTask { try await store.backUp(to: path) }
      try await group.waitForAll()
    }
    await store.close()
    let restored = try await SQLiteStore.restore(
      from: path, to: directory.path + "/restored", schema: SampleSchema.schema())
    #expect(restored == 0)
    let copy = try open("restored")
    #expect(try copy.head(of: tenant) >= Revision(500))
    #expect(try copy.read(note("a", "n499"), in: tenant) != nil)
    #expect(try await copy.verify().problems == [])
    await copy.close()
    await #expect(throws: OpenFailed.self) {
      _ = try await SQLiteStore.restore(
        from: path, to: directory.path + "/restored", schema: SampleSchema.schema())
    }
  }

  @Test func restoringAnOldBackupErasesAgainWhoWasErasedSince() async throws {
    let store = try open()
    for person in ["matti", "liisa"] {
      var body = SampleBody(name: person, about: ["persons/\(person)"])
      body.fields.append(("said", "secret of \(person)"))
      try await put(store, person, body)
    }
    try await store.backUp(to: directory.path + "/backup")
    _ = try await store.erase(Erasure(subject: "persons/matti", actor: actor, reason: "asked"), in: tenant)
    await store.close()
    let again = try await SQLiteStore.restore(
      from: directory.path + "/backup", to: directory.path + "/restored",
      erasuresOf: directory.path + "/store",
      schema: SampleSchema.schema())
    #expect(again == 1)
    let copy = try open("restored")
    #expect(
      try copy.read(note("a", "liisa"), in: tenant).map { String(decoding: $0.body, as: UTF8.self) }?
        .contains("secret") == true)
    for file in try FileManager.default.contentsOfDirectory(atPath: directory.path + "/restored") {
      let data = try Data(contentsOf: URL(fileURLWithPath: directory.path + "/restored/" + file))
      #expect(data.range(of: Data("secret of matti".utf8)) == nil, "\(file) still has it")
    }
    await copy.close()
  }

  @Test func afterAnErasureNoFileHasTheBytes() async throws {
    let store = try open()
    for number in 0..<300 {
      var body = SampleBody(name: "n\(number)", tags: ["x"], about: number % 10 == 0 ? ["persons/matti"] : [])
      if number % 10 == 0 { body.fields.append(("said", "likes sauna, number \(number)")) }
      try await put(store, "n\(number % 60)", body)
    }
    let receipt = try await store.erase(
      Erasure(subject: "persons/matti", actor: actor, reason: "asked"), in: tenant)
    #expect(receipt.changes >= 30)
    for file in try FileManager.default.contentsOfDirectory(atPath: directory.path + "/store") {
      let data = try Data(contentsOf: URL(fileURLWithPath: directory.path + "/store/" + file))
      #expect(data.range(of: Data("likes sauna".utf8)) == nil, "\(file) still has it")
    }
    #expect(try await store.verify().problems == [])
    await store.close()
  }

  @Test func verifyFindsWhatWasTamperedWith() async throws {
    let store = try open()
    for number in 0..<50 {
      try await put(
        store, "n\(number)", SampleBody(name: "name \(number)", tags: ["t"], amount: Int64(number)))
    }
    #expect(try await store.verify().problems == [])
    await store.close()
    let statements: [(file: String, sql: String, says: String)] = [
      ("tables.db", "DELETE FROM entries WHERE key = (SELECT max(key) FROM entries)", "index"),
      ("tables.db", "DELETE FROM records WHERE key = (SELECT min(key) FROM records)", "not there"),
      (
        "tables.db", "UPDATE records SET value = value || x'41' WHERE key = (SELECT max(key) FROM records)",
        "differs"
      ),
      ("tables.db", "UPDATE tally_19_0 SET n = n + 1 WHERE v0 = 'name 3'", "the counts of note"),
      ("log.db", "DELETE FROM log WHERE (id & 1099511627775) = 10", "missing"),
      ("log.db", "UPDATE log SET payload = payload || x'00' WHERE (id & 1099511627775) = 20", "left over"),
    ]
    for (place, statement) in statements.enumerated() {
      let copy = "tampered\(place)"
      try FileManager.default.copyItem(atPath: directory.path + "/store", toPath: directory.path + "/" + copy)
      let tool = Process()
      tool.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      tool.arguments = ["sqlite3", "\(directory.path)/\(copy)/\(statement.file)", statement.sql]
      try tool.run()
      tool.waitUntilExit()
      #expect(tool.terminationStatus == 0)
      let tampered = try open(copy)
      let problems = try await tampered.verify().problems
      #expect(problems.contains { $0.contains(statement.says) }, "\(statement.sql): \(problems)")
      await tampered.close()
    }
  }

  @Test func aWatcherThatFallsTooFarBehindIsCutOffAndGoesOn() async throws {
    let store = try open(options: SQLiteStoreOptions(watcherLag: 50))
    try await put(store, "n", SampleBody(name: "first"))
    var watch = store.watch(in: tenant, after: .zero, matching: .everything, bookmarkEvery: .milliseconds(5))
      .makeAsyncIterator()
    #expect(try await watch.next()?.changes.count == 1)
    // A bookmark: it has caught up.
    #expect(try await watch.next()?.changes.count == 0)
    for number in 0..<60 { try await put(store, "n\(number)", SampleBody(name: "x")) }
    await #expect(throws: SlowWatcher(resumeAfter: Revision(1), head: Revision(61))) {
      _ = try await watch.next()
    }
    var again = store.watch(in: tenant, after: Revision(1)).makeAsyncIterator()
    #expect(try await again.next()?.changes.count == 60)
    await store.close()
  }
}
