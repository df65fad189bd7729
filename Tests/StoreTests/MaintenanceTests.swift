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

  private func openSearched(_ name: String = "store", options: SQLiteStoreOptions = .init()) throws
    -> SQLiteStore
  {
    try SQLiteStore(
      directory: directory.path + "/" + name, schema: SampleSchema.searched(), options: options,
      analyser: SearchBench.analyser)
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

  @Test func aStoreWhoseLogIsGoneIsNotBegunAnew() async throws {
    let store = try open()
    try await put(store, "n", SampleBody(name: "x"))
    await store.close()
    for file in try directory.files(in: "store") where file.hasPrefix("log.db") {
      try FileManager.default.removeItem(atPath: directory.path + "/store/" + file)
    }
    #expect { try open() } throws: { ($0 as? OpenFailed)?.detail.contains("restore the log") == true }
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
    let restorer = SQLiteRestorer(to: directory.path + "/restored", schema: SampleSchema.schema())
    #expect(try await restorer.restore(from: path, erasuresOf: nil) == 0)
    let copy = try open("restored")
    #expect(try copy.head(of: tenant) >= Revision(500))
    #expect(try copy.read(note("a", "n499"), in: tenant) != nil)
    #expect(try await copy.verify().problems == [])
    await copy.close()
    await #expect(throws: OpenFailed.self) {
      _ = try await restorer.restore(from: path, erasuresOf: nil)
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
    let restorer = SQLiteRestorer(to: directory.path + "/restored", schema: SampleSchema.schema())
    let again = try await restorer.restore(
      from: directory.path + "/backup", erasuresOf: directory.path + "/store")
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
    let store = try openSearched()
    for number in 0..<50 {
      try await put(
        store, "n\(number)",
        SampleBody(name: "name \(number)", tags: ["t"], amount: Int64(number), about: ["persons/p"]),
        request: "r\(number)")
    }
    _ = try await store.commit(Commit([.delete(note("a", "n49"), expecting: .any)], actor: actor), in: tenant)
    #expect(try await store.verify().problems == [])
    #expect(try await store.verify().advice == nil)
    await store.close()
    let statements: [(file: String, sql: String, says: String)] = [
      ("tables.db", "DELETE FROM entries WHERE key = (SELECT max(key) FROM entries)", "index"),
      (
        "tables.db", "DELETE FROM shard_records WHERE key = (SELECT min(key) FROM shard_records)", "not there"
      ),
      (
        "tables.db",
        "UPDATE shard_records SET value = value || x'41' WHERE key = (SELECT max(key) FROM shard_records)",
        "differs"
      ),
      (
        "tables.db",
        "UPDATE shard_records SET place = place + 1000 WHERE key = (SELECT max(key) FROM shard_records)",
        "where it is not looked for"
      ),
      (
        "tables.db", "INSERT INTO shard_keys SELECT max(key) FROM shard_records",
        "missing from the order of its account's keys"
      ),
      ("tables.db", "INSERT INTO shard_keys VALUES (CAST('a' AS BLOB))", "order of keys"),
      ("tables.db", "DELETE FROM entries WHERE substr(key, 5, 4) = x'00000002'", "erasure would not find"),
      ("tables.db", "DELETE FROM entries WHERE substr(key, 5, 4) = x'00000003'", "never be swept"),
      ("tables.db", "DELETE FROM entries WHERE substr(key, 5, 4) = x'00000004'", "index of request ids"),
      ("tables.db", "DELETE FROM requests WHERE key = (SELECT min(key) FROM requests)", "not known any more"),
      (
        "tables.db",
        "INSERT INTO entries SELECT CAST(max(key) || x'41' AS BLOB) FROM entries WHERE substr(key, 5, 4) = x'00000001'",
        "no record gives"
      ),
      (
        "tables.db", "INSERT INTO entries SELECT CAST(max(key) || x'41' AS BLOB) FROM entries",
        "no record gives"
      ),
      (
        "tables.db", "DELETE FROM search_document WHERE doc = (SELECT min(doc) FROM search_document)",
        "search index"
      ),
      (
        "tables.db",
        "UPDATE search_document SET key = CAST(key || x'41' AS BLOB) WHERE doc = 1 + (SELECT min(doc) FROM search_document)",
        "no record's"
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
      let tampered = try openSearched(copy)
      let report = try await tampered.verify()
      #expect(
        report.problems.contains { $0.contains(statement.says) }, "\(statement.sql): \(report.problems)")
      let advice = try #require(report.advice)
      #expect(
        advice.hasPrefix("\(statement.file), from which") || advice.hasPrefix("\(statement.file) is damaged"),
        "\(advice)")
      await tampered.close()
    }
  }

  @Test func verifyFindsNothingWrongWhileOthersWriteEraseAndCompact() async throws {
    var options = SQLiteStoreOptions()
    options.pace.verifyRows = 7
    let store = try openSearched(options: options)
    let done = Flag()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<4 {
        group.addTask {
          var round = 0
          while !done.isSet || round < 40 {
            round += 1
            let about = round % 5 == 0 ? ["persons/p\(round)"] : []
            try await self.put(
              store, "w\(writer)-\(round % 30)", SampleBody(name: "\(round)", about: about),
              request: "\(writer) \(round)")
            if round % 20 == 0 {
              let key = self.note("a", "w\(writer)-\(round % 30)")
              _ = try await store.commit(
                Commit([.delete(key, expecting: .any)], actor: self.actor), in: self.tenant)
            }
          }
        }
      }
      group.addTask {
        for round in 1...12 {
          _ = try await store.erase(
            Erasure(subject: "persons/p\(round * 5)", actor: self.actor, reason: "asked"), in: self.tenant)
          if round % 4 == 0 {
            let head = try store.head(of: self.tenant)
            let time = try await store.changes(in: self.tenant, after: Revision(head.rawValue - 1)).changes
              .first?.time
            try await store.compact(before: time ?? Moment(rawValue: 0))
          }
        }
      }
      group.addTask {
        for _ in 0..<6 {
          let problems = try await store.verify().problems
          #expect(problems == [])
        }
        done.set()
      }
      try await group.waitForAll()
    }
    #expect(try await store.verify().problems == [])
    await store.close()
  }
}
