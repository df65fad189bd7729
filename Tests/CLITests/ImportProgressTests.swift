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

  @Test func aRowThatWaitsForTheEndHoldsNoOtherBack() {
    var progress = ImportProgress(after: ImportCheckpoint())
    for row in 0..<1000 {
      progress.begin(row, lines: [row + 2], records: 1)
      progress.end(row)
      if row != 3 { progress.settle(row, "account", .created) }
    }
    let checkpoint = progress.checkpoint()
    #expect(checkpoint.rows == 1000)
    #expect(checkpoint.left == [OpenRows(first: 3, last: 3, firstLine: 5, lastLine: 5)])
    #expect(checkpoint.tally.total == 999)
    #expect(!checkpoint.isSettled(row: 3) && checkpoint.isSettled(row: 4) && !checkpoint.isSettled(row: 1000))
    #expect(
      !checkpoint.isSettled(line: 5) && checkpoint.isSettled(line: 6) && !checkpoint.isSettled(line: 1002))
  }

  /// Rows are answered for in any order, some late, and the import is killed now and then: at every moment the rows that
  /// the checkpoint says are settled are, its counts are those of exactly those rows, and in the end every row was counted
  /// once.
  @Test func whateverTheOrderOfAnswersACheckpointHasOnlySettledRowsAndTheirCounts() {
    for _ in 0..<50 {
      let seed = UInt64.random(in: .min ... .max)
      var random = SeededRandom(state: seed)
      let rows = 60
      var settled: [Int: UpsertResult.Outcome] = [:]
      var checkpoint = ImportCheckpoint()
      var isDone = false
      while !isDone {
        // What the killed import had done behind its last checkpoint is done again.
        settled = settled.filter { checkpoint.isSettled(row: $0.key) }
        var progress = ImportProgress(after: checkpoint)
        let before = checkpoint
        var open: [Int] = []
        func check() {
          checkpoint = progress.checkpoint()
          let done = (0..<rows).filter { checkpoint.isSettled(row: $0) }
          #expect(done.allSatisfy { settled[$0] != nil }, "seed \(seed)")
          #expect(done.allSatisfy { checkpoint.isSettled(line: $0 * 2 + 2) }, "seed \(seed)")
          #expect(checkpoint.left.allSatisfy { !checkpoint.isSettled(line: $0.firstLine) }, "seed \(seed)")
          #expect(checkpoint.tally.refused == done.count { settled[$0] == .failed }, "seed \(seed)")
          #expect(checkpoint.tally.total == done.count, "seed \(seed)")
        }
        func settle() {
          guard let place = open.indices.randomElement(using: &random) else { return }
          let row = open.remove(at: place)
          let outcome: UpsertResult.Outcome = Bool.random(using: &random) ? .created : .failed
          settled[row] = outcome
          progress.settle(row, "account", outcome)
        }
        var isKilled = false
        for row in 0..<rows where !before.isSettled(row: row) && !isKilled {
          progress.begin(row, lines: [row * 2 + 2, row * 2 + 3], records: 1)
          check()
          progress.end(row)
          open.append(row)
          while Int.random(in: 0..<3, using: &random) == 0, !open.isEmpty { settle() }
          check()
          isKilled = Int.random(in: 0..<40, using: &random) == 0
        }
        guard !isKilled else { continue }
        while !open.isEmpty { settle() }
        check()
        isDone = true
      }
      #expect(checkpoint.rows == rows && checkpoint.left.isEmpty, "seed \(seed)")
      #expect(checkpoint.tally.total == rows, "seed \(seed)")
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
