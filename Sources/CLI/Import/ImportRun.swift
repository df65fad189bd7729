internal import DataFiles
internal import Glibc
internal import PunosMessages
internal import RPC
internal import Terminal

/// One import: reads rows, finds what they refer to, sends batches, and keeps count.
///
/// Belongs to one task; only batches, which are values, go to others.
final class ImportRun {
  /// Calls under way at the same time: enough that the server never waits for the client, little enough to keep
  /// memory flat.
  private static let mostCalls = 8
  /// Records kept for a second try, because what they refer to may come later in the file.
  static let mostPostponed = 50_000
  /// Rounds in which postponed records are tried again: each settles one level of owners of owners.
  static let mostRounds = 12
  /// Seconds between two entries of the journal.
  private static let journalPause = 1.0

  let session: Session
  let options: ImportOptions
  private var source: any RowSource
  let problems: ProblemFile
  private let meter: ImportMeter
  let outcomes: OutcomePrinter
  private var resolver: ReferenceResolver
  private var journal: ImportJournal
  var progress: ImportProgress

  /// Where an interrupted import of the file came.
  private let resumed: ImportCheckpoint
  private var rowsRead = 0
  private var batchNumber = 0
  /// Records that wait to be sent, by kind.
  private var waiting: [String: WaitingRecords] = [:]
  private var underWay: [Int: ImportBatch] = [:]
  var postponed: [(item: ImportItem, row: Int, reason: String)] = []
  private var journalSaved = -1.0
  var deleted = DeletedRecords()
  /// Records that are deleted on the server, and that this import is to bring back.
  var revivals: [(item: ImportItem, row: Int, name: String)] = []
  var expected = ExpectedRecords()
  /// Whether a row was refused because its record is deleted on the server.
  var hasMetDeleted = false
  var mayPostpone = true
  /// Tells this run's second tries from those of a run before it.
  private let runMark = String(UInt32.random(in: .min ... .max), radix: 36)
  /// How often records were tried again; 0 before the first time.
  var round = 0

  /// What it has done so far.
  var tally: ImportTally { progress.tally }

  init(
    _ session: Session, _ options: ImportOptions, source: any RowSource, problems: ProblemFile,
    journal: ImportJournal,
    meter: ImportMeter
  ) {
    self.session = session
    self.options = options
    self.source = source
    self.problems = problems
    self.journal = journal
    self.meter = meter
    resumed = journal.checkpoint
    progress = ImportProgress(after: journal.checkpoint)
    resolver = ReferenceResolver(session)
    outcomes = OutcomePrinter(session, isDryRun: options.isDryRun)
  }

  /// Imports all rows.
  func run() async throws {
    try await withThrowingTaskGroup(of: BatchOutcome.self) { group in
      while let things = try source.next() {
        let row = rowsRead
        rowsRead += 1
        // Rows that an interrupted run brought home are passed over.
        if resumed.isSettled(row: row) { continue }
        progress.begin(row, lines: things.map(\.line), records: things.count { $0.isItem })
        for thing in things {
          switch thing {
          case .problem(let problem, let isWarning): try note(problem, row: row, isWarning)
          case .item(let item) where item.isDeleted: try await hold(item, row: row, &group)
          case .item(let item): try await take(item, row: row, &group)
          }
        }
        progress.end(row)
        if revivals.count >= Self.mostPostponed { try await bringBack(&group) }
        if rowsRead % 256 == 0 { meter.show(tally.done, source.progress) }
      }
      try await finish(&group)
    }
    try problems.flush()
    try outcomes.end()
    meter.clear()
  }

  private func note(_ problem: RecordProblem, row: Int, _ isWarning: Bool) throws {
    try problems.note(problem, isWarning: isWarning)
    progress.note(row, isWarning ? .warning : .refused)
  }

  // MARK: Collecting

  func take(
    _ item: ImportItem, row: Int, _ group: inout ThrowingTaskGroup<BatchOutcome, any Error>
  ) async throws {
    guard var item = try await resolved(item, row: row) else { return }
    if options.isDryRun { item.dropReferences { expected.contains($0) } }
    if case .account(let account) = item.record {
      resolver.note(account)
      if options.isDryRun { expected.note(item) }
    }
    let keys = item.keys
    let kind = item.kind
    switch waiting[kind, default: WaitingRecords()].append(item, row, keys) {
    case .appended: return
    case .filled: return try await send(kind, &group)
    // The same record twice: the second must find what the first has written.
    case .isRepeat:
      try await sendAll(&group)
      try await drain(&group)
    }
    _ = waiting[kind, default: WaitingRecords()].append(item, row, keys)
  }

  /// The record with its references found; nil where it must wait, or is refused.
  private func resolved(_ item: ImportItem, row: Int) async throws -> ImportItem? {
    var item = item
    for reference in item.references {
      switch try await resolver.resolve(reference.lookup) {
      case .name(let name): item.refer(to: name, at: reference.place)
      case .unknown:
        try postpone(item, row: row, column: reference.column, "no account is called “\(reference.told)”")
        return nil
      case .ambiguous:
        try refuse(
          item, row: row, column: reference.column,
          "more than one account is called “\(reference.told)”; name it by an id")
        return nil
      }
    }
    return item
  }

  private func postpone(_ item: ImportItem, row: Int, column: String?, _ reason: String) throws {
    guard mayPostpone, postponed.count < Self.mostPostponed else {
      return try refuse(item, row: row, column: column, reason)
    }
    postponed.append((item, row, reason))
  }

  // MARK: Sending

  /// Sends what waits of a kind. Kinds that it may refer to go first, and must be there before it follows.
  private func send(_ kind: String, _ group: inout ThrowingTaskGroup<BatchOutcome, any Error>) async throws {
    let rank = CLINouns.rank(kind)
    for earlier in waitingKinds where CLINouns.rank(earlier) < rank { try await dispatch(earlier, &group) }
    while underWay.values.contains(where: { CLINouns.rank($0.kind) < rank }) { try await receive(&group) }
    try await dispatch(kind, &group)
  }

  func sendAll(_ group: inout ThrowingTaskGroup<BatchOutcome, any Error>) async throws {
    for kind in waitingKinds { try await send(kind, &group) }
  }

  private var waitingKinds: [String] { waiting.keys.sorted { CLINouns.rank($0) < CLINouns.rank($1) } }

  private func dispatch(_ kind: String, _ group: inout ThrowingTaskGroup<BatchOutcome, any Error>)
    async throws
  {
    for records in waiting.removeValue(forKey: kind)?.groups ?? [] { try await send(records, &group) }
  }

  private func send(
    _ records: WaitingRecords.Group, _ group: inout ThrowingTaskGroup<BatchOutcome, any Error>
  ) async throws {
    batchNumber += 1
    var batch = ImportBatch(number: batchNumber, items: records.items, rows: records.rows)
    if round > 0 { batch.attempt = "\(runMark).\(round)" }
    underWay[batch.number] = batch
    while underWay.count > Self.mostCalls { try await receive(&group) }
    let (session, options, meter) = (session, options, meter)
    group.addTask {
      try await batch.send(session, options) { seconds in meter.waiting(seconds) }
    }
  }

  func drain(_ group: inout ThrowingTaskGroup<BatchOutcome, any Error>) async throws {
    while !underWay.isEmpty { try await receive(&group) }
  }

  private func receive(_ group: inout ThrowingTaskGroup<BatchOutcome, any Error>) async throws {
    guard let outcome = try await group.next() else {
      underWay = [:]
      return
    }
    underWay[outcome.batch.number] = nil
    for (index, result) in outcome.results.enumerated() {
      let (item, row) = (outcome.batch.items[index], outcome.batch.rows[index])
      if result.outcome == .failed {
        try failed(item, row: row, result)
      } else if item.isDeleted {
        deleted.note(item, row: row, result)
      } else {
        try settle(item, row: row, result)
      }
    }
    meter.show(tally.done, source.progress)
    try saveJournal()
  }

  private func saveJournal() throws {
    guard !options.isDryRun else { return }
    let now = meter.elapsed
    guard now - journalSaved >= Self.journalPause else { return }
    journalSaved = now
    let checkpoint = progress.checkpoint()
    guard checkpoint != journal.checkpoint else { return }
    journal.checkpoint = checkpoint
    try problems.flush()
    try journal.save()
  }
}
