internal import Store

/// Notes of some years, written, changed, deleted and brought back at random, and what counting them one by one gives.
private struct CountedNotes {
  /// Ends of months, years and leap years, the moments beside them, and the ends of the calendar.
  private static let moments: [Int64] = [
    0, -1, 1, 951_782_400_000_000, 951_782_399_999_999, 1_767_225_600_000_000, 1_767_225_599_999_999,
    1_769_904_000_000_000, 1_772_323_200_000_000, -62_135_596_800_000_000, 253_402_300_799_999_999,
    253_402_300_800_000_000,
    .max, .min + 2_000_000,
  ]

  var chance: SeededGenerator
  private var notes: [RecordKey: SampleBody] = [:]
  private var gone: [RecordKey: SampleBody] = [:]

  init(seed: UInt64) { chance = SeededGenerator(seed) }

  private mutating func moment() -> Int64 {
    if Int.random(in: 0..<3, using: &chance) == 0 { return Self.moments.randomElement(using: &chance) ?? 0 }
    return .random(in: 1_700_000_000_000_000..<1_800_000_000_000_000, using: &chance)
  }

  mutating func write(_ count: Int, to desk: Desk) async throws {
    for _ in 0..<count {
      let key = Desk.note(
        "a\(Int.random(in: 0..<4, using: &chance))", "n\(Int.random(in: 0..<60, using: &chance))")
      if let body = gone[key] {
        try await desk.commit(.undelete(key, expecting: .any))
        notes[key] = body
        gone[key] = nil
      } else if let body = notes[key], Int.random(in: 0..<4, using: &chance) == 0 {
        try await desk.commit(.delete(key, expecting: .any))
        gone[key] = body
        notes[key] = nil
      } else {
        let isEmpty = Int.random(in: 0..<6, using: &chance) == 0
        let body = SampleBody(
          name: "n\(Int.random(in: 0..<3, using: &chance))",
          amount: isEmpty ? nil : .random(in: 0..<200, using: &chance), when: isEmpty ? nil : moment())
        try await desk.put(key, body)
        notes[key] = body
      }
    }
  }

  /// Asks for counts and sums in random periods, and compares them with the notes themselves.
  mutating func compare(with desk: Desk) async throws {
    let (low, high) = (
      Bool.random(using: &chance) ? moment() : nil, Bool.random(using: &chance) ? moment() : nil
    )
    let onlyLarge = Bool.random(using: &chance)
    let onlySet = Int.random(in: 0..<3, using: &chance) == 0
    var filters: [ColumnFilter] = []
    if let low {
      filters.append(.compare(column: "when", .greaterOrEqual, .moment(Moment(microseconds: low))))
    }
    if let high { filters.append(.compare(column: "when", .less, .moment(Moment(microseconds: high)))) }
    if onlyLarge { filters.append(.not(.compare(column: "large", .notEqual, .boolean(true)))) }
    if onlySet { filters.append(.compare(column: "amount", .notEqual, .null)) }
    let byName = Bool.random(using: &chance)
    let rows = try await desk.store.aggregate(
      AggregateQuery(
        kind: SampleKind.note, filter: .all(filters), groupedBy: byName ? ["name", "large"] : ["large"],
        measures: byName ? [.count, .sum("amount")] : [.count]), in: desk.tenant)
    var wanted: [[FieldValue]: [Int64]] = [:]
    for body in notes.values {
      let amount = body["amount"].flatMap(Int64.init)
      let when = body["when"].flatMap(Int64.init)
      if let low, when.map({ $0 < low }) ?? true { continue }
      if let high, when.map({ $0 >= high }) ?? true { continue }
      if onlySet, amount == nil { continue }
      if onlyLarge, amount.map({ $0 < 100 }) ?? true { continue }
      let large: FieldValue = amount.map { .boolean($0 >= 100) } ?? .null
      let group: [FieldValue] = byName ? [.text(body["name"] ?? ""), large] : [large]
      let before = wanted[group] ?? [0, 0]
      wanted[group] = [before[0] + 1, before[1] + (amount ?? 0)]
    }
    let asked =
      "from \(low.map(String.init) ?? "-") to \(high.map(String.init) ?? "-"), large: \(onlyLarge), set: \(onlySet)"
    try expectEqual(rows.count, wanted.count, asked)
    for row in rows {
      let counted = (wanted[row.group] ?? []).map { FieldValue.integer($0) }
      try expectEqual(row.measures, byName ? counted : Array(counted.prefix(1)), "\(asked), \(row.group)")
    }
    try expectEqual(
      rows.map { $0.measures[0] }, rows.map { $0.measures[0] }.sorted { Self.isMore($0, $1) },
      "the fullest first")
  }

  private static func isMore(_ one: FieldValue, _ other: FieldValue) -> Bool {
    guard case .integer(let left) = one, case .integer(let right) = other else { return false }
    return left > right
  }
}

let tallyPromises: [Promise] = [
  Promise("counts kept beside the records are those of counting them, in whatever period") { maker in
    let seed: UInt64 = 20_261_123
    let desk = try Desk(try await maker.open(SampleSchema.schema()))
    let other = try Desk(desk.store, "beta")
    var (mine, theirs) = (CountedNotes(seed: seed), CountedNotes(seed: seed + 1))
    for round in 0..<12 {
      try await mine.write(40, to: desk)
      try await theirs.write(10, to: other)
      for _ in 0..<20 {
        do {
          try await mine.compare(with: desk)
          try await theirs.compare(with: other)
        } catch let broken as PromiseBroken {
          throw PromiseBroken("seed \(seed), round \(round): \(broken)")
        }
      }
    }
    await desk.store.close()
  },
  Promise("counts added later are made from the records there are, and unused until complete") { maker in
    var desk = try Desk(try await maker.open(SampleSchema.schema(noteTallies: [])))
    var notes = CountedNotes(seed: 7)
    try await notes.write(200, to: desk)
    desk = try Desk(try await maker.reopen(desk.store, SampleSchema.schema()))
    while !desk.store.health.buildingIndexes.isEmpty { await Task.yield() }
    for _ in 0..<3 {
      try await notes.write(20, to: desk)
      for _ in 0..<20 { try await notes.compare(with: desk) }
    }
    desk = try Desk(try await maker.reopen(desk.store, SampleSchema.schema(noteTallies: [])))
    while !desk.store.health.buildingIndexes.isEmpty { await Task.yield() }
    for _ in 0..<20 { try await notes.compare(with: desk) }
    await desk.store.close()
  },
]
