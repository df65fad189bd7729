internal import Store

let searchPromises: [Promise] = [
  Promise("a record is found by its words from its commit on until they are changed, deleted or erased") {
    maker in
    var store = try await maker.open(SampleSchema.searched())
    var desk = try Desk(store)
    var said = SampleBody(name: "kone", about: ["persons/matti"])
    said.fields.append(("said", "sauna"))
    try await desk.put(Desk.note("a", "1"), said)
    try await desk.put(Desk.note("a", "2"), SampleBody(name: "kone"))
    try await desk.put(Desk.note("a", "3"), SampleBody(name: "kone"))
    try await desk.put(Desk.person("p"), SampleBody(name: "Kone"))
    try expectEqual(try await desk.ids(finding: "kone"), ["1", "2", "3", "p"])
    try await desk.put(Desk.note("a", "2"), SampleBody(name: "laite"))
    try await desk.commit(.delete(Desk.note("a", "3"), expecting: .any))
    try expectEqual(try await desk.ids(finding: "sauna"), ["1"])
    _ = try await store.erase(
      Erasure(subject: "persons/matti", actor: Desk.aino, reason: "asked to"), in: desk.tenant)
    for _ in 0..<2 {
      try expectEqual(try await desk.ids(finding: "kone"), ["1", "p"])
      try expectEqual(try await desk.ids(finding: "laite"), ["2"])
      try expectEqual(try await desk.ids(finding: "sauna"), [])
      store = try await maker.reopen(store, SampleSchema.searched())
      desk = try Desk(store)
    }
    await store.close()
  },
  Promise("a search is kept to accounts, kinds, teams and a time, and never leaves its tenant") { maker in
    let store = try await maker.open(SampleSchema.searched())
    let desk = try Desk(store)
    for (account, team, day) in [("a", "sales", 1), ("b", "sales", 3), ("c", "service", 5)] {
      var body = SampleBody(name: "kone", when: Int64(day) * microsecondsADay)
      body.fields.append(("team", team))
      try await desk.put(Desk.note(account, account), body)
    }
    try await desk.put(Desk.person("p"), SampleBody(name: "kone"))
    try await Desk(store, "other").put(Desk.note("a", "elsewhere"), SampleBody(name: "kone"))
    let (early, late) = (
      Moment(microseconds: 2 * microsecondsADay), Moment(microseconds: 4 * microsecondsADay)
    )
    let queries: [(SearchQuery, Set<String>)] = [
      (SearchQuery(text: "kone"), ["a", "b", "c", "p"]),
      (SearchQuery(text: "kone", kinds: [SampleKind.person]), ["p"]),
      (SearchQuery(text: "kone", accounts: ["a", "c"]), ["a", "c"]),
      (SearchQuery(text: "kone", teams: ["sales"]), ["a", "b"]),
      (SearchQuery(text: "kone", kinds: [SampleKind.note], since: early, until: late), ["b"]),
    ]
    for (query, wanted) in queries { try expectEqual(try await desk.ids(finding: query), wanted, "\(query)") }
    await store.close()
  },
  Promise(
    "a search's period begins with its first moment and ends before its last, to the microsecond, however far away"
  ) {
    maker in
    let store = try await maker.open(SampleSchema.searched())
    let desk = try Desk(store)
    // Beside the hour, in it, long before and long after any, and about none.
    let noon = 43_200 * 1_000_000 + 20_000 * microsecondsADay
    let moments: [Int64?] = [noon - 1, noon, noon + 1, noon + 1_800_000_000, -noon * 40, noon * 40, nil]
    for (place, moment) in moments.enumerated() {
      try await desk.put(Desk.note("a", "\(place)"), SampleBody(name: "kone", when: moment))
    }
    for (since, until) in moments.flatMap({ since in moments.map { (since, $0) } }) {
      let query = SearchQuery(
        text: "kone", since: since.map(Moment.init(microseconds:)),
        until: until.map(Moment.init(microseconds:)))
      let wanted = moments.enumerated().filter { _, moment in
        guard let moment else { return since == nil && until == nil }
        return since.map { $0 <= moment } ?? true && until.map { moment < $0 } ?? true
      }
      try expectEqual(try await desk.ids(finding: query), Set(wanted.map { "\($0.offset)" }), "\(query)")
    }
    // A record that comes to be about another moment of the same hour.
    try await desk.put(Desk.note("a", "0"), SampleBody(name: "kone", when: noon + 2))
    try await desk.put(Desk.note("a", "1"), SampleBody(name: "kone", when: noon + 5))
    let query = SearchQuery(
      text: "kone", since: Moment(microseconds: noon + 1), until: Moment(microseconds: noon + 5))
    try expectEqual(try await desk.ids(finding: query), ["0", "2"])
    await store.close()
  },
]

private let microsecondsADay: Int64 = 86_400_000_000

extension Desk {
  fileprivate func ids(finding text: String) async throws -> Set<String> {
    try await ids(finding: SearchQuery(text: text))
  }

  fileprivate func ids(finding query: SearchQuery) async throws -> Set<String> {
    guard let store = store as? any SearchableStore else {
      throw PromiseBroken("the store cannot be searched")
    }
    return Set(try await store.search(query, in: tenant).hits.map(\.key.id))
  }
}
