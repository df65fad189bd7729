internal import Store

let verifyPromises: [Promise] = [
  Promise(
    "a store that was written, erased from, compacted and opened again verifies, and all of it was looked at"
  ) {
    maker in
    let schema = SampleSchema.searched()
    var store = try await maker.open(schema)
    let desk = try Desk(store)
    for number in 1...30 {
      try await desk.put(
        Desk.note("a", "n\(number % 9)"),
        SampleBody(name: "kone \(number)", about: ["persons/p\(number % 4)"]),
        time: Moment(seconds: Int64(number)))
    }
    try await desk.commit(.delete(Desk.note("a", "n1"), expecting: .any))
    try expectWell(try await store.verify(), commits: 31, records: 9)
    _ = try await store.erase(
      Erasure(subject: "persons/p2", actor: Desk.aino, reason: "asked to"), in: desk.tenant)
    try expectWell(try await store.verify(), commits: 32, records: 9)
    try await store.compact(before: Moment(seconds: 11))
    for _ in 0..<2 {
      try expectWell(try await store.verify(), commits: 22, records: 9)
      store = try await maker.reopen(store, schema)
    }
    await store.close()
  },
  Promise("a record that is not as it was committed is named, with what to do, and the others are read") {
    maker in
    let schema = SampleSchema.schema()
    var store = try await maker.open(schema)
    var desk = try Desk(store)
    for number in 0..<20 {
      var body = SampleBody(name: "n\(number)")
      body.fields.append(("said", "words of note \(number)."))
      try await desk.put(Desk.note("a", "n\(number)"), body)
    }
    store = try await maker.damage(store, "words of note 7.", schema)
    desk = try Desk(store)
    let report = try await store.verify()
    let damaged = Desk.note("a", "n7")
    try expect(report.problems.contains { $0.contains("\(damaged)") }, "\(report.problems)")
    try expectEqual(report.problems.count, 1, "\(report.problems)")
    try expect(report.advice?.isEmpty == false, "it says what to do")
    for number in 0..<20 where number != 7 {
      try expectEqual(try desk.body(Desk.note("a", "n\(number)"))?["said"], "words of note \(number).")
    }
    await store.close()
  },
]

private func expectWell(_ report: VerifyReport, commits: Int, records: Int) throws {
  try expectEqual(report.problems, [])
  try expectEqual(report.omissions, [])
  try expectEqual(report.advice, nil)
  try expectEqual(report.commits, commits)
  try expectEqual(report.records, records)
}
