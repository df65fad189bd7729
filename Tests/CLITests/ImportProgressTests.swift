import DataFiles
import Glibc
import PunosMessages
import Terminal
import Testing

@testable import CLI

@Suite struct ImportProgressTests {
  @Test func theRowThatIsBeingReadIsNotDone() {
    var progress = ImportProgress(after: ImportCheckpoint())
    progress.begin(0, lines: [2], records: 1)
    progress.end(0)
    progress.settle(0, "account", .created)
    progress.begin(1, lines: [3], records: 1)
    #expect(progress.checkpoint() == ImportCheckpoint(rows: 1, line: 3, tally: progress.tally))
    progress.end(1)
    #expect(progress.checkpoint().rows == 1)
    progress.settle(1, "account", .updated)
    #expect(progress.checkpoint().rows == 2)
    #expect(progress.checkpoint().line == 4)
  }

  @Test func aRowThatGivesTwoRecordsIsDoneWithTheSecond() {
    var progress = ImportProgress(after: ImportCheckpoint())
    progress.begin(0, lines: [2, 2], records: 2)
    progress.settle(0, "account", .created)
    #expect(progress.checkpoint().rows == 0)
    progress.end(0)
    #expect(progress.checkpoint().rows == 0)
    progress.settle(0, "contact", .failed)
    #expect(progress.checkpoint().rows == 1)
    #expect(progress.checkpoint().tally.refused == 1)
  }

  /// Rows are answered for in any order, some late: at every moment what is behind the checkpoint is settled, and its
  /// counts are those of exactly those rows.
  @Test func whateverTheOrderOfAnswersACheckpointHasOnlySettledRowsAndTheirCounts() {
    for _ in 0..<50 {
      let seed = UInt64.random(in: .min ... .max)
      var random = SeededRandom(state: seed)
      let rows = 60
      var progress = ImportProgress(after: ImportCheckpoint())
      var open: [Int] = []
      var outcomes = [UpsertResult.Outcome?](repeating: nil, count: rows)
      func check() {
        let checkpoint = progress.checkpoint()
        #expect(outcomes.prefix(checkpoint.rows).allSatisfy { $0 != nil }, "seed \(seed)")
        let failed = outcomes.prefix(checkpoint.rows).count { $0 == .failed }
        #expect(checkpoint.tally.refused == failed, "seed \(seed)")
        #expect(checkpoint.tally.total == checkpoint.rows, "seed \(seed)")
        #expect(checkpoint.line == checkpoint.rows * 2 + 2, "seed \(seed)")
      }
      func settle() {
        guard let place = open.indices.randomElement(using: &random) else { return }
        let row = open.remove(at: place)
        let outcome: UpsertResult.Outcome = Bool.random(using: &random) ? .created : .failed
        outcomes[row] = outcome
        progress.settle(row, "account", outcome)
      }
      for row in 0..<rows {
        progress.begin(row, lines: [row * 2 + 2, row * 2 + 3], records: 1)
        check()
        progress.end(row)
        open.append(row)
        while Int.random(in: 0..<3, using: &random) == 0, !open.isEmpty { settle() }
        check()
      }
      while !open.isEmpty { settle() }
      check()
      #expect(progress.checkpoint().rows == rows, "seed \(seed)")
    }
  }

  @Test func theProblemFileOfAnInterruptedImportLosesWhatWillBeReadAgain() throws {
    let path = "/tmp/punos-problems-\(getpid())-\(UInt64.random(in: .min ... .max)).csv"
    defer { unlink(path) }
    let first = ProblemFile(path: path, .english)
    for line in [4, 9, 2, 7] {
      try first.note(line: line, column: "a, b", isWarning: line == 2, "bad\nvalue")
    }
    try first.flush()
    var tally = ImportTally()
    tally.count(.refused, times: 1)
    tally.count(.warning, times: 1)
    let second = ProblemFile(path: path, .english)
    try second.resume(at: ImportCheckpoint(rows: 5, line: 7, tally: tally))
    try second.note(line: 7, column: "", isWarning: false, "still bad")
    try second.flush()
    #expect((second.refused, second.warnings) == (2, 1))
    let reader = try CSVReader(try ByteSource(path: path))
    var record = CSVRecord()
    var lines: [String] = []
    while try reader.next(&record) { lines.append(record[0]) }
    #expect(lines == ["4", "2", "7"])
  }

  @Test func countsComeBackFromTheJournalAndNonsenseDoesNot() {
    var tally = ImportTally()
    tally.count(.record(kind: "contact", .updated), times: 3)
    tally.count(.warning, times: 2)
    #expect(ImportTally(tally.json) == tally)
    #expect(ImportTally(.null) == nil)
    #expect(
      ImportTally(.object(["records": .object([]), "problems": .array([.integer(-1), .integer(0)])])) == nil)
  }

  @Test func theSameRowsHaveTheSameRequestIDAndOthersAnother() {
    func request(_ names: [String]) -> BatchUpsertAccountsRequest {
      var request = BatchUpsertAccountsRequest()
      for name in names {
        var account = Account()
        account.displayName = name
        request.accounts.append(account)
      }
      return request
    }
    let id = BatchRequestID(given: "may")
    #expect(id.id(for: request(["a", "b"])) == id.id(for: request(["a", "b"])))
    let ids = [["a", "b"], ["a"], ["b"], ["b", "a"]].map { id.id(for: request($0)) }
    #expect(Set(ids).count == 4)
    #expect(BatchRequestID(given: "may", attempt: "x.1").id(for: request(["a"])) != ids[1])
    #expect(BatchRequestID(given: "").id(for: request(["a"])).isEmpty)
    let long = BatchRequestID(given: String(repeating: "x", count: 100), attempt: "zzzzzzz.12")
    #expect(long.id(for: request(["a"])).count <= 90)
  }
}

/// Splitmix64.
struct SeededRandom: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
