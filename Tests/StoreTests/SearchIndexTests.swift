import Foundation
import Store
import Testing

@testable import StoreSQLite

@Suite struct SearchIndexTests {
  @Test(.enabled(if: SearchBench.hasVoikko))
  func aNoteIsFoundInWhateverFormItsWordsAre() throws {
    let bench = try SearchBench()
    try bench.put([
      "a": .finnish("Asiakkaan kanssa istuttiin sopimusneuvottelussa Hämeenlinnassa"),
      "b": .finnish("Uusi laite"),
    ])
    #expect(try bench.ids("asiakas") == ["a"])
    #expect(try bench.ids("sopimus") == ["a"])
    #expect(try bench.ids("neuvottelu asiakkaalle") == ["a"])
    #expect(try bench.ids("hämeenlinna") == ["a"])
    #expect(try bench.ids("hameenlinna") == ["a"], "typed without dots")
    #expect(try bench.ids("sopimus laite") == [])
  }

  @Test(
    .enabled(if: SearchBench.hasVoikko),
    arguments: ["as", "asia", "asiakk", "asiakka", "asiakkaa", "asiakkaan", "hämeenl", "uusi asi"])
  func aWordIsFoundWhileItIsBeingTyped(_ typed: String) throws {
    let bench = try SearchBench()
    try bench.put(["a": .finnish("Uuden asiakkaan kanssa Hämeenlinnassa"), "b": .finnish("Vanha laite")])
    #expect(try bench.ids(typed, typing: true) == ["a"])
  }

  @Test func aBatchOfManyPiecesIsAllFoundAndInItsOrder() throws {
    let bench = try SearchBench()
    let count = AnalysisAhead.pieceChanges * 5 + 7
    let names = Dictionary(
      uniqueKeysWithValues: (0..<count).map { ("\($0)", SearchDocument.named("Hämeenlinna konepaja\($0)")) })
    try bench.put(names)
    for number in [0, 1, AnalysisAhead.pieceChanges, count - 1] {
      #expect(try bench.ids("konepaja\(number)") == ["\(number)"])
    }
    #expect(
      try bench.find(SearchQuery(text: "hameenlinna"), count: 1, budget: .max).documents.count == 1,
      "by another form")

    let changes = SearchChanges(count: count) { range in
      range.map { SearchBench.change(SearchBench.note("\($0)"), .named("x")) }
    }
    let ahead = bench.index.analyse(changes)
    var keys: [[UInt8]] = []
    while let piece = ahead.next() { keys += piece.map(\.encodedKey) }
    #expect(keys == (0..<count).map { KeyEncoding.record(1, SearchBench.note("\($0)")) })
  }

  @Test func aChangedNoteIsFoundByItsNewWordsOnly() throws {
    let bench = try SearchBench()
    try bench.put(["a": .finnish("kone")])
    try bench.put(["a": .finnish("laite")])
    #expect(try bench.ids("kone") == [])
    #expect(try bench.ids("laite") == ["a"])
    try bench.remove(["a", "never there"])
    #expect(try bench.ids("laite") == [])
  }

  @Test func phrasesFollowEachOtherAndExclusionsExclude() throws {
    let bench = try SearchBench()
    try bench.put([
      "a": .finnish("musta kissa istui"), "b": .finnish("kissa oli musta"), "c": .finnish("kissa"),
    ])
    #expect(try bench.ids("\"musta kissa\"") == ["a"])
    #expect(Set(try bench.ids("kissa -musta")) == ["c"])
    #expect(Set(try bench.ids("kissa -\"musta kissa\"")) == ["b", "c"])
    #expect(try bench.ids("-musta") == [])
  }

  @Test func aPhraseDoesNotReachFromOneFieldIntoTheNext() throws {
    let bench = try SearchBench()
    let fields = [
      SearchDocument.Field(name: "a", text: "musta", language: "fi"),
      SearchDocument.Field(name: "b", text: "kissa", language: "fi"),
    ]
    try bench.put(["a": SearchDocument(fields: fields)])
    #expect(try bench.ids("\"musta kissa\"") == [])
    #expect(try bench.ids("musta kissa") == ["a"])
  }

  @Test func tenantsDoNotSeeEachOther() throws {
    let bench = try SearchBench()
    try bench.put(["a": .finnish("kone")], tenant: 1)
    try bench.put(["b": .finnish("kone laite")], tenant: 11)
    #expect(try bench.ids("kone", tenant: 1) == ["a"])
    #expect(try bench.ids("kone", tenant: 11) == ["b"])
    #expect(try bench.ids("lai", typing: true, tenant: 1) == [])
  }

  @Test func filtersNarrowByAccountKindTeamAndTime() throws {
    let bench = try SearchBench()
    let changes = [
      bench.change(SearchBench.note("1", account: "a", kind: 7), .finnish("kone", daysAgo: 1, team: "sales")),
      bench.change(
        SearchBench.note("2", account: "b", kind: 7), .finnish("kone", daysAgo: 10, team: "service")),
      bench.change(
        SearchBench.note("3", account: "b c", kind: 8), .finnish("kone", daysAgo: 100, team: "sales")),
      bench.change(SearchBench.note("4", account: nil, kind: 9), .finnish("kone", daysAgo: nil)),
    ]
    try bench.apply(changes)
    func found(_ change: (inout SearchQuery) -> Void) throws -> Set<String> {
      var query = SearchQuery(text: "kone")
      change(&query)
      return Set(try bench.find(query).documents.map(\.key.id))
    }
    #expect(try found { _ in } == ["1", "2", "3", "4"])
    #expect(try found { $0.accounts = ["b"] } == ["2"])
    #expect(try found { $0.accounts = ["a", "b c"] } == ["1", "3"])
    #expect(try found { $0.accounts = ["b\u{1F}c"] } == [], "another account's name is not its own")
    #expect(try found { $0.kinds = [RecordKind(7), RecordKind(9)] } == ["1", "2", "4"])
    #expect(try found { $0.kinds = [RecordKind(71)] } == [], "a kind whose low bits are another's")
    #expect(try found { $0.teams = ["sales"] } == ["1", "3"])
    let day: Int64 = 86_400
    #expect(try found { $0.since = Moment(seconds: SearchBench.now.seconds - 50 * day) } == ["1", "2"])
    #expect(try found { $0.until = Moment(seconds: SearchBench.now.seconds - 50 * day) } == ["3"])
    #expect(
      try found {
        $0.kinds = [RecordKind(7)]
        $0.teams = ["sales"]
        $0.accounts = ["a"]
      } == ["1"])
  }

  @Test func moreNotesOfOneHourThanItHasNumbersAreAllFound() throws {
    let bench = try SearchBench()
    let notes = Dictionary(
      uniqueKeysWithValues: (0..<2_500).map { ("n\($0)", SearchDocument.finnish("kone")) })
    try bench.put(notes)
    let names = Dictionary(
      uniqueKeysWithValues: (0..<2_500).map { ("t\($0)", SearchDocument.named("Laite")) })
    try bench.put(names)
    try bench.put(["one more": .finnish("kone")])
    let found = try bench.find(SearchQuery(text: "kone"), count: 3_000)
    #expect(Set(found.documents.map(\.key.id)) == Set(notes.keys).union(["one more"]))
    #expect(try bench.find(SearchQuery(text: "laite"), count: 3_000).documents.count == 2_500)
    var dated = SearchQuery(text: "laite")
    dated.since = Moment(seconds: 0)
    #expect(try bench.find(dated).documents.isEmpty, "about no moment")
  }

  /// Numbers of an hour that is full are those of earlier hours.
  @Test func aPeriodHasAllOfItsNotesAndNoOthersWhereHoursAreFull() throws {
    let bench = try SearchBench()
    let second = Int64(3_600)
    func put(_ name: String, _ hours: Int64, _ count: Int) throws {
      let notes = (0..<count).map { number in
        var note = SearchDocument.finnish("kone")
        note.moment = Moment(seconds: SearchBench.now.seconds + hours * second + Int64(number % 3_600))
        return ("\(name)\(number)", note)
      }
      try bench.put(Dictionary(uniqueKeysWithValues: notes))
    }
    try put("full", 0, 3_600)
    try put("before", -1, 300)
    try put("after", 1, 10)
    func count(_ since: Int64?, _ until: Int64?) throws -> [Substring: Int] {
      var query = SearchQuery(text: "kone")
      query.since = since.map { Moment(seconds: SearchBench.now.seconds + $0) }
      query.until = until.map { Moment(seconds: SearchBench.now.seconds + $0) }
      let found = try bench.find(query, count: 9_000)
      #expect(found.total == found.documents.count && found.isTotalExact)
      return Dictionary(grouping: found.documents) { $0.key.id.prefix { $0.isLetter } }.mapValues(\.count)
    }
    #expect(try count(nil, nil) == ["full": 3_600, "before": 300, "after": 10])
    #expect(try count(0, nil) == ["full": 3_600, "after": 10])
    #expect(try count(nil, 0) == ["before": 300])
    #expect(try count(0, second) == ["full": 3_600])
    #expect(try count(100, 150) == ["full": 50])
    #expect(try count(-second + 250, 1) == ["before": 50, "full": 1])
    try bench.transaction { try bench.index.removeEverything(on: bench.connection) }
    try put("after", 1, 10)
    #expect(try count(second + 5, nil) == ["after": 5])
  }

  @Test func anIndexOfAnEarlierFormatSaysThatItNeedsRebuilding() throws {
    let bench = try SearchBench()
    try bench.put(["a": .finnish("kone")])
    try bench.connection.execute("ALTER TABLE search_document DROP COLUMN moment")
    try bench.connection.execute(
      "UPDATE search_state SET value = substr(value, 3) WHERE name = 'fingerprint'")
    let index = try reopened(bench)
    #expect(index.needsRebuilding)
    try bench.transaction {
      try index.removeEverything(on: bench.connection)
      try index.apply([bench.change(SearchBench.note("b"), .finnish("kone"))], on: bench.connection)
    }
    var query = SearchQuery(text: "kone")
    query.since = SearchBench.now
    #expect(try bench.find(query).documents.map(\.key.id) == ["b"])
  }

  @Test func aRolledBackBatchLeavesNothingAndLosesNothing() throws {
    let bench = try SearchBench()
    struct Stop: Error {}
    let changes = [bench.change(SearchBench.note("a"), .finnish("Hämeenlinnassa"))]
    #expect(throws: Stop.self) {
      try bench.transaction {
        try bench.index.apply(changes, on: bench.connection)
        throw Stop()
      }
    }
    #expect(try bench.ids("hämeenlinnassa") == [])
    try bench.apply(changes)
    #expect(try bench.ids("hameenlinna") == ["a"], "the ways to its words were written again")
  }

  @Test func anErasedPersonIsGoneFromTheFileToo() throws {
    let bench = try SearchBench()
    try bench.connection.execute("PRAGMA secure_delete = ON")
    try bench.put([
      "kept": .finnish("Tapasimme toimitusjohtajan"), "note": .finnish("Tapasimme Kzyrpäläisen eilen"),
      "person": .named("Liisa Kzyrpäläinen"),
    ])
    func isInFile() throws -> Bool {
      let bytes = try Data(contentsOf: URL(fileURLWithPath: bench.path))
      return ["kzyrp", "zyrpäl"].contains { bytes.range(of: Data($0.utf8)) != nil }
    }
    #expect(try isInFile())
    try bench.remove(["note", "person"])
    #expect(try bench.ids("kzyr", typing: true) == [])
    var hasMore = true
    while hasMore {
      try bench.transaction { hasMore = try bench.index.purge(pages: 100, on: bench.connection) }
    }
    #expect(try !isInFile())
    #expect(try bench.ids("toimitusjohtajan") == ["kept"])
  }

  @Test func anEmptiedIndexCanBeFedAgain() throws {
    let bench = try SearchBench()
    try bench.put(["a": .finnish("kone")])
    try bench.transaction { try bench.index.removeEverything(on: bench.connection) }
    #expect(try bench.ids("kone") == [])
    try bench.put(["a": .finnish("kone")])
    #expect(try bench.ids("kone") == ["a"])
    #expect(!bench.index.needsRebuilding)
  }

  @Test func anIndexOfAnotherAnalyserSaysThatItNeedsRebuilding() throws {
    let bench = try SearchBench()
    #expect(try !reopened(bench).needsRebuilding)
    try bench.connection.execute("UPDATE search_state SET value = 'older' WHERE name = 'fingerprint'")
    #expect(try reopened(bench).needsRebuilding)
  }

  private func reopened(_ bench: SearchBench) throws -> SearchIndex {
    let index = SearchIndex(analyser: SearchBench.analyser)
    try bench.transaction { try index.prepareTables(on: bench.connection) }
    return index
  }

  @Test func whateverIsTypedIsAnswered() throws {
    let bench = try SearchBench()
    try bench.put(["a": .finnish("kone NEAR laite AND OR NOT")])
    let hostile = [
      "\"", "*", "kone*", "c0:kone", "(kone", "kone)", "NEAR(kone laite)", "^kone", "kone + laite",
      "{c0} : kone", "AND", "NOT",
      "kone AND", "\u{0}kone", "1:kone", "\u{4}7", "kone\u{1}", "a\"b", "'; DROP TABLE x; --", "- - -", "\\",
    ]
    for text in hostile {
      _ = try bench.find(SearchQuery(text: text))
      _ = try bench.find(SearchQuery(text: text, isTyping: true, accounts: [text], teams: [text]))
    }
    #expect(try bench.ids("NEAR") == ["a"])
    for seed in 1...300 as ClosedRange<UInt64> {
      var random = SearchRandom(state: seed)
      let scalars = (0..<Int.random(in: 0...40, using: &random)).compactMap { _ in
        Unicode.Scalar(UInt32.random(in: 0...0x2FF, using: &random))
      }
      var view = String.UnicodeScalarView()
      view.append(contentsOf: scalars)
      #expect(throws: Never.self, "seed \(seed)") {
        _ = try bench.find(SearchQuery(text: String(view), isTyping: seed % 2 == 0))
      }
    }
  }

  @Test func afterAnyChangesTheIndexIsAsIfBuiltAnew() throws {
    let words = [
      "kone", "laite", "sopimus", "hämeenlinna", "palaute", "virtanen", "uusi", "vanha", "ostaa", "myydä",
    ]
    for seed in 1...12 as ClosedRange<UInt64> {
      var random = SearchRandom(state: seed)
      let bench = try SearchBench()
      var model: [String: SearchDocument] = [:]
      for _ in 0..<12 {
        var batch: [SearchChange] = []
        for number in Set((0..<6).map { _ in Int.random(in: 0..<25, using: &random) }) {
          let id = "n\(number)"
          if Bool.random(using: &random) {
            let text = (0..<Int.random(in: 1...20, using: &random)).map { _ in
              words.randomElement(using: &random) ?? ""
            }
            var document = SearchDocument.finnish(text.joined(separator: " "), daysAgo: number % 3)
            document.fields.append(.init(name: "name", text: text[0] + " Oy", weight: 4, isVerbatim: true))
            model[id] = document
            batch.append(bench.change(SearchBench.note(id), document))
          } else {
            model[id] = nil
            batch.append(bench.change(SearchBench.note(id), nil))
          }
        }
        try bench.apply(batch)
      }
      let fresh = try SearchBench()
      try fresh.put(model)
      let (kept, built) = (Set(try dump(bench)), Set(try dump(fresh)))
      #expect(kept.subtracting(built) == [], "seed \(seed): too much")
      #expect(built.subtracting(kept) == [], "seed \(seed): too little")
      // A way to a word may outlive the name it came from, but not the word.
      let (ways, needed) = (Set(try rows(Self.forms, bench)), Set(try rows(Self.forms, fresh)))
      #expect(needed.subtracting(ways) == [], "seed \(seed)")
      let astray =
        "SELECT term FROM search_form WHERE (tenant, term) NOT IN (SELECT tenant, term FROM search_term)"
      #expect(try rows(astray, bench) == [], "seed \(seed)")
      for word in words {
        #expect(Set(try bench.ids(word)) == Set(try fresh.ids(word)), "seed \(seed), \(word)")
      }
    }
  }

  private static let forms = "SELECT form || ' ' || term FROM search_form"

  private func rows(_ sql: String, _ bench: SearchBench) throws -> [String] {
    let statement = try bench.connection.prepare(sql)
    var rows: [String] = []
    while try statement.step() { rows.append(statement.text(0)) }
    return rows
  }

  private func dump(_ bench: SearchBench) throws -> [String] {
    var rows: [String] = []
    for sql in [
      "SELECT term || ' ' || documents FROM search_term ORDER BY term",
      "SELECT documents FROM search_tenant WHERE documents > 0",
      "SELECT hex(key) || title FROM search_document ORDER BY key",
      "SELECT hex(terms) FROM search_document ORDER BY terms",
    ] {
      let statement = try bench.connection.prepare(sql)
      while try statement.step() { rows.append(statement.text(0)) }
    }
    try bench.connection.execute(
      "CREATE VIRTUAL TABLE IF NOT EXISTS temp.v USING fts5vocab(main, search_index, col)")
    let vocabulary = try bench.connection.prepare(
      "SELECT term || ' ' || col || ' ' || doc || ' ' || cnt FROM temp.v")
    while try vocabulary.step() { rows.append(vocabulary.text(0)) }
    return rows
  }
}
