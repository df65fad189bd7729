import ProtobufBridge
import PunosMessages
import Terminal
import Testing

@testable import CLI

@Suite struct ImportSummaryTests {
  private func summary(refused: Int, hasMetDeleted: Bool) -> ImportSummary {
    var tally = ImportTally()
    for kind in ["account", "end_customer_segment", "handover_template"] {
      tally.count(.record(kind: kind, .created), times: 1200)
    }
    tally.count(.refused, times: refused)
    tally.count(.warning, times: 3)
    return ImportSummary(
      file: "asiakkaat-toukokuu.csv", finding: "Windows-1252 (assumed: the bytes are not UTF-8), semicolon",
      source: "Vanha asiakkuudenhallinta", isDryRun: true, tally: tally,
      problems: "asiakkaat-toukokuu.csv.problems.csv",
      hasMetDeleted: hasMetDeleted, seconds: 2)
  }

  @Test(arguments: [60, 80, 200], Language.allCases)
  func theSummaryOfAnImportFitsTheTerminal(_ width: Int, _ language: Language) {
    let lines = summary(refused: 17, hasMetDeleted: true).lines(language, Style(false), width: width)
    for line in lines { #expect(DisplayWidth.of(line) <= width, "\(line)") }
    #expect(lines.contains { $0.contains("asiakkaat-toukokuu.csv.problems.csv") })
  }

  @Test func theCountsOfAllKindsBeginInOneColumn() {
    let lines = summary(refused: 0, hasMetDeleted: false).lines(.english, Style(false), width: 200)
    let starts = lines.filter { $0.contains("created") }.compactMap { line in
      line.firstRange(of: "1,200 created").map { line.distance(from: line.startIndex, to: $0.lowerBound) }
    }
    #expect(starts.count == 3 && Set(starts).count == 1, "\(lines)")
  }

  @Test func whatIsDeletedIsToldOnlyWhereItWasMet() {
    let without = summary(refused: 1, hasMetDeleted: false).lines(.english, Style(false), width: 80)
    #expect(!without.joined().contains("--revive"))
  }
}

@Suite struct WaitingRecordsTests {
  private func item(_ id: String, provenance: String = "", _ newRecords: NewRecords = .unspecified)
    -> ImportItem
  {
    var account = Account()
    account.externalIds = [ExternalId.with { ($0.system, $0.id) = ("crm", id) }]
    return ImportItem(record: .account(account), line: 1, newRecords: newRecords, provenance: provenance)
  }

  @Test func whatIsTakenInDifferentWaysGoesInCallsOfItsOwn() {
    var waiting = WaitingRecords()
    let items = [
      item("1", provenance: "a"), item("2", provenance: "b"), item("3", provenance: "a"),
      item("4", .asExported),
    ]
    for (row, item) in items.enumerated() { _ = waiting.append(item, row, item.keys) }
    #expect(waiting.groups.map(\.rows) == [[0, 2], [1], [3]])
  }

  @Test func theSameRecordWaitsForTheFirstInWhateverWayItIsTaken() {
    var waiting = WaitingRecords()
    let (first, again) = (item("1", provenance: "a"), item("1", provenance: "b"))
    #expect(waiting.append(first, 0, first.keys) == .appended)
    #expect(waiting.append(again, 1, again.keys) == .isRepeat)
  }

  @Test func noMoreWaitThanOneCallTakes() {
    var waiting = WaitingRecords()
    var filled: [Int] = []
    for row in 0..<ImportBatch.mostItems {
      let item = item("\(row)", provenance: "\(row % 3)")
      if waiting.append(item, row, item.keys) == .filled { filled.append(row) }
    }
    #expect(filled == [ImportBatch.mostItems - 1])
  }

  @Test func aReasonSaysWhereRecordsCameFromAndIsNeverTooLong() {
    #expect(ImportReason.text("Muutto", "") == "Muutto")
    #expect(ImportReason.text("", "From CRM") == "From CRM")
    #expect(ImportReason.text("Muutto", "From CRM") == "Muutto · From CRM")
    let long = ImportReason.text("Muutto", String(repeating: "ä", count: 900))
    #expect(long.unicodeScalars.count == 500 && long.hasPrefix("Muutto · ä") && long.hasSuffix("…"))
  }
}
