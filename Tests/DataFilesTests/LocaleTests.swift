import DataFiles
import Testing

@Suite struct LocaleTests {
  private static let targets = [
    MappingTargets(
      kind: "purchase", table: "value money\nopened date\nseats integer\nneed text\nexternal_ids.* text")
  ]

  /// What the rows of a table say of its mapping's locale: how many fit, contradict and are silent.
  private func judge(_ locale: String, _ target: String, _ values: [String]) throws -> (
    fit: Int, against: Int, silent: Int
  ) {
    let mapping = try Mapping(
      parsing: "punos-mapping 1\nlocale \(locale)\n[purchase]\nkey crm = id\nx = \(target)\n",
      targets: Self.targets)
    let text = "id;x\n" + values.enumerated().map { "\($0);\($1)\n" }.joined()
    let reader = try CSVReader(ByteSource(bytes: Array(text.utf8)))
    let mapper = try RowMapper(mapping, header: reader.header, targets: Self.targets)
    var found = (fit: 0, against: 0, silent: 0)
    var record = CSVRecord()
    while try reader.next(&record) {
      mapper.judgeLocale(by: record) { _, verdict in
        switch verdict {
        case .fits: found.fit += 1
        case .contradicts: found.against += 1
        case .silent: found.silent += 1
        }
      }
    }
    return found
  }

  @Test func amountsOfAnyKindSpeakForOrAgainstALocale() throws {
    let values = ["1.234,50", "999,90", "12", "abc", "N/A"]
    #expect(try judge("fi", "value", values) == (2, 0, 2))
    #expect(try judge("en-US", "value", values) == (0, 2, 2))
  }

  @Test func datesOfAnyKindSpeakForOrAgainstALocale() throws {
    let values = ["25/12/2026", "2026-12-25", "31/1/2026"]
    #expect(try judge("en-GB", "opened", values) == (2, 0, 1))
    #expect(try judge("en-US", "opened", values) == (0, 2, 1))
  }

  @Test func aFractionOfAWholeNumberStillSpeaksOfTheLocale() throws {
    #expect(try judge("en-US", "seats", ["1.001,5", "1.234"]) == (0, 2, 0))
    #expect(try judge("fi", "seats", ["1.001,5", "1.234"]) == (1, 0, 1))
  }

  @Test func textsSayNothingOfALocale() throws {
    #expect(try judge("en-US", "need", ["1.234,50", "25.12.2026"]) == (0, 0, 0))
  }
}
