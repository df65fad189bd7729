import Foundation
import Store
import StoreSQLite
import TextAnalysis
import Transport

/// Measures search through the store, over notes of about 60 made-up words, beside FTS5 as it comes.
@main struct SearchBench {
  private static let vocabulary = 100_000
  private static let seed: UInt64 = 7
  private static let batch = 5_000

  let notes: Int
  let directory: String
  /// What the names of the sorts of questions that are asked begin with; empty: all are.
  let only: String
  let tenant: TenantID
  let clock = ContinuousClock()

  static func main() async throws {
    // As the server has it.
    ProcessMemory.keepBounded()
    let arguments = CommandLine.arguments
    func value(_ name: String) -> String? {
      arguments.firstIndex(of: name).flatMap { $0 + 1 < arguments.count ? arguments[$0 + 1] : nil }
    }
    guard let notes = value("--notes").flatMap(Int.init), notes > 0, let directory = value("--directory")
    else {
      print("usage: search-bench --notes COUNT --directory DIRECTORY [--only BEGINNING-OF-A-NAME]")
      exit(64)
    }
    try await SearchBench(
      notes: notes, directory: directory, only: value("--only") ?? "", tenant: TenantID("bench")
    ).run()
  }

  func run() async throws {
    print("notes \(notes), vocabulary \(Self.vocabulary), seed \(Self.seed)")
    analyse()
    let store = try SQLiteStore(
      directory: directory + "/store-\(notes)", schema: BenchNote.schema, analyser: TextAnalyser())
    try await load(store)
    let plain = PlainSearch(path: directory + "/plain-\(notes).db")
    if let plain { load(plain) }
    let zipf = ZipfText(vocabulary: Self.vocabulary, seed: Self.seed)
    for set in QuerySet.all(zipf) where set.name.hasPrefix(only) { try await measure(set, store, plain) }
    if only.isEmpty { try await countUnbounded(store, zipf) }
    await store.close()
    print("peak memory \(peakMemory() / 1024) MB")
  }

  /// Words a second through the analyser, the first time and again.
  private func analyse() {
    var zipf = ZipfText(vocabulary: Self.vocabulary, seed: Self.seed)
    let texts = (0..<2_000).map { _ in zipf.note() }
    let analyser = TextAnalyser()
    for round in ["first", "again"] {
      let start = clock.now
      let words = texts.reduce(0) { $0 + analyser.words(of: $1, language: .finnish).count }
      print("analysis, \(round) time: \(Int(Double(words) / seconds(clock.now - start))) words/s")
    }
  }

  private func load(_ store: SQLiteStore) async throws {
    let there = try store.head(of: tenant).rawValue
    guard there == 0 else { return print("store: kept from an earlier run") }
    var zipf = ZipfText(vocabulary: Self.vocabulary, seed: Self.seed)
    var random = SeededRandom(seed: Self.seed &+ 1)
    let start = clock.now
    var done = 0
    while done < notes {
      let count = min(Self.batch, notes - done)
      let operations = (done..<(done + count)).map { number in
        let note = BenchNote(number: number, text: zipf.note(), random: &random)
        return CommitOperation.put(note.key, body: note.body, expecting: .any)
      }
      let commit = Commit(operations, actor: Actor(principal: "bench"))
      _ = try await store.commit(commit, in: tenant)
      done += count
      if done % 100_000 == 0 { report("\(done) notes durable", start) }
    }
    _ = try await store.search(SearchQuery(text: "x"), in: tenant)
    let merging = clock.now
    try await store.purgeSearch()
    report("index merged", merging)
    let rate = Int(Double(notes) / seconds(clock.now - start))
    report("loaded \(notes) notes, searchable, \(rate) notes/s,", start)
  }

  private func load(_ plain: PlainSearch) {
    guard plain.count == 0 else { return print("plain: kept from an earlier run") }
    var zipf = ZipfText(vocabulary: Self.vocabulary, seed: Self.seed)
    let start = clock.now
    var done = 0
    while done < notes {
      let count = min(Self.batch, notes - done)
      plain.add((0..<count).map { _ in zipf.note() })
      done += count
    }
    report("plain FTS5 loaded", start)
  }

  private func measure(_ set: QuerySet, _ store: SQLiteStore, _ plain: PlainSearch?) async throws {
    var times: [Double] = []
    var processor: [Double] = []
    var bounded = 0
    var found = 0
    for query in set.queries {
      let (start, used) = (clock.now, processorMilliseconds())
      let answer = try await store.search(query, in: tenant)
      times.append(seconds(clock.now - start) * 1000)
      processor.append(processorMilliseconds() - used)
      bounded += answer.isBounded ? 1 : 0
      found += answer.hits.isEmpty ? 0 : 1
    }
    var line =
      "\(set.name): \(times.summary), processor time \(processor.summary), \(found)/\(times.count) found, \(bounded) bounded"
    if set.isPlain, let plain {
      var plainTimes: [Double] = []
      for query in set.queries.prefix(set.plainCount) {
        let start = clock.now
        _ = plain.search(query.text)
        plainTimes.append(seconds(clock.now - start) * 1000)
      }
      line += " | plain FTS5: \(plainTimes.summary)"
    }
    print(line)
  }

  /// How many of the most frequent words are answered with the best notes of all, not only of those looked
  /// at.
  private func countUnbounded(_ store: SQLiteStore, _ zipf: ZipfText) async throws {
    var bounded = 0
    for rank in 1...100 {
      let query = SearchQuery(text: zipf.word(rank: rank), now: BenchNote.now)
      bounded += try await store.search(query, in: tenant).isBounded ? 1 : 0
    }
    print("of the 100 most frequent words \(100 - bounded) are answered with the best of all there are")
  }

  private func report(_ what: String, _ start: ContinuousClock.Instant) {
    print("\(what) after \(String(format: "%.1f", seconds(clock.now - start))) s")
    fflush(nil)
  }

  private func peakMemory() -> Int { usage().ru_maxrss }

  /// What all threads of this process have used so far; nothing else goes on while a question is answered.
  private func processorMilliseconds() -> Double {
    let usage = usage()
    return Self.milliseconds(usage.ru_utime) + Self.milliseconds(usage.ru_stime)
  }

  private static func milliseconds(_ time: timeval) -> Double {
    Double(time.tv_sec) * 1000 + Double(time.tv_usec) / 1000
  }

  private func usage() -> rusage {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage
  }
}

private func seconds(_ duration: Duration) -> Double {
  Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
}

extension [Double] {
  /// Milliseconds at half, at 99 of 100, and at most.
  fileprivate var summary: String {
    let sorted = self.sorted()
    guard let last = sorted.last else { return "none" }
    func at(_ share: Double) -> Double {
      sorted[Swift.min(sorted.count - 1, Int(Double(sorted.count) * share))]
    }
    return String(format: "p50 %.2f ms, p99 %.2f ms, max %.2f ms", at(0.5), at(0.99), last)
  }
}
