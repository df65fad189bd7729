internal import Store

private func filled(_ maker: StoreMaker) async throws -> Desk {
  let desk = try Desk(try await maker.open(SampleSchema.schema()))
  for number in 0..<60 {
    var body = SampleBody(name: "n\(number % 10)", when: Int64(number))
    if number % 6 != 0 { body.fields.append(("amount", String(number * 5))) }
    try await desk.put(Desk.note("a\(number % 3)", "n\(number)"), body)
  }
  return desk
}

let columnPromises: [Promise] = [
  Promise("a list is filtered by typed columns, null being unlike every value") { maker in
    let desk = try await filled(maker)
    func count(_ filter: ColumnFilter) async throws -> Int {
      let page = try await desk.store.list(
        ColumnQuery(kind: SampleKind.note, filter: filter, limit: 1_000), in: desk.tenant)
      let counted = try await desk.store.aggregate(
        AggregateQuery(kind: SampleKind.note, filter: filter), in: desk.tenant)
      try expectEqual(counted.first?.measures, [.integer(Int64(page.records.count))])
      return page.records.count
    }
    let low = ColumnFilter.compare(column: "amount", .less, .integer(100))
    try expectEqual(try await count(low), 16)
    try expectEqual(try await count(.not(low)), 44)
    try expectEqual(try await count(.compare(column: "amount", .equal, .null)), 10)
    try expectEqual(try await count(.compare(column: "amount", .notEqual, .integer(5))), 59)
    try expectEqual(try await count(.compare(column: "large", .equal, .boolean(true))), 34)
    try expectEqual(try await count(.compare(column: "name", .hasPrefix, .text("n1"))), 6)
    try expectEqual(try await count(.compare(column: "name", .contains, .text("'; --"))), 0)
    try expectEqual(try await count(.oneOf(column: "name", [.text("n1"), .text("n2")])), 12)
    try expectEqual(try await count(.oneOf(column: "name", [])), 0)
    try expectEqual(try await count(.all([])), 60)
    try expectEqual(
      try await count(.all([low, .anyOf([.compare(column: "ratio", .greater, .real(1.5)), .not(low)])])), 15)
    try expectEqual(
      try await count(.compare(column: "when", .greaterOrEqual, .moment(Moment(microseconds: 50)))), 10)
    await desk.store.close()
  },
  Promise("a list is ordered by columns, both ways, and its pages meet without gap or repeat") { maker in
    let desk = try await filled(maker)
    let orders: [[ColumnOrder]] = [
      [], [ColumnOrder(column: "amount")], [ColumnOrder(column: "amount", isDescending: true)],
      [ColumnOrder(column: "name"), ColumnOrder(column: "amount", isDescending: true)],
      [
        ColumnOrder(column: "large", isDescending: true), ColumnOrder(column: "ratio"),
        ColumnOrder(column: "when"),
      ],
    ]
    for order in orders {
      let whole = try await desk.store.list(
        ColumnQuery(kind: SampleKind.note, order: order, limit: 1_000), in: desk.tenant)
      var query = ColumnQuery(kind: SampleKind.note, order: order, limit: 7)
      var keys: [RecordKey] = []
      repeat {
        let page = try await desk.store.list(query, in: desk.tenant)
        keys += page.records.map(\.key)
        query.after = page.next
      } while query.after != nil
      try expectEqual(keys, whole.records.map(\.key))
      try expectEqual(Set(keys).count, 60)
    }
    let page = try await desk.store.list(
      ColumnQuery(
        kind: SampleKind.note, order: [ColumnOrder(column: "amount", isDescending: true)], limit: 1),
      in: desk.tenant)
    try expectEqual(try SampleBody(bytes: page.records[0].body)["amount"], "295")
    await desk.store.close()
  },
  Promise("counts, sums and averages come by group, in one account or across all") { maker in
    let desk = try await filled(maker)
    let rows = try await desk.store.aggregate(
      AggregateQuery(
        kind: SampleKind.note, account: "a1", groupedBy: ["large"],
        measures: [.count, .sum("amount"), .average("ratio"), .least("when"), .greatest("name")]),
      in: desk.tenant)
    try expectEqual(rows.map(\.group), [[.boolean(true)], [.boolean(false)]])
    try expectEqual(rows[0].measures[0], .integer(13))
    let total = (0..<60).filter { $0 % 3 == 1 && $0 * 5 >= 100 }.reduce(0) { $0 + $1 * 5 }
    try expectEqual(rows[0].measures[1], .integer(Int64(total)))
    try expectEqual(rows[0].measures[3], .moment(Moment(microseconds: 22)))
    let none = try await desk.store.aggregate(
      AggregateQuery(kind: SampleKind.note, account: "nowhere", measures: [.count, .average("amount")]),
      in: desk.tenant)
    try expectEqual(none.first?.measures, [.integer(0), .null])
    await desk.store.close()
  },
  Promise("a filter on what is not there, of the wrong type, or too deep is refused") { maker in
    let desk = try await filled(maker)
    var deep = ColumnFilter.compare(column: "name", .equal, .text("x"))
    for _ in 0..<40 { deep = .not(deep) }
    let wrong: [ColumnFilter] = [
      .compare(column: "nothing", .equal, .text("x")), .compare(column: "amount", .equal, .text("x")),
      .compare(column: "amount", .hasPrefix, .integer(1)), deep,
      .anyOf((0..<200).map { .compare(column: "amount", .equal, .integer($0)) }),
    ]
    for filter in wrong {
      try await expectThrows(InvalidQuery.self) {
        _ = try await desk.store.list(ColumnQuery(kind: SampleKind.note, filter: filter), in: desk.tenant)
      }
    }
    try await expectThrows(InvalidQuery.self) {
      _ = try await desk.store.list(
        ColumnQuery(kind: SampleKind.note, after: ListPosition(bytes: [1, 2, 3])), in: desk.tenant)
    }
    try await expectThrows(InvalidQuery.self) {
      _ = try await desk.store.list(ColumnQuery(kind: SampleKind.blob), in: desk.tenant)
    }
    await desk.store.close()
  },
]
