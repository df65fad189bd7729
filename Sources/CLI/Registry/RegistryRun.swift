internal import DataFiles
internal import ProtobufBridge
internal import PunosAPI
internal import PunosMessages
internal import RPC
internal import Terminal

/// What became of one account.
struct RegistryOutcome: Sendable {
  var title: String
  var name: String
  var registry: String
  var filled: [RegistryStatement]
  var differences: [RegistryDifference]
}

/// Reads a registry's file past the accounts, and writes into those that it knows more of.
struct RegistryRun {
  /// Accounts read and written at the same time.
  private static let mostCalls = 8
  /// How often an account is read again that somebody else changes at that very moment.
  private static let mostTries = 4

  private let session: Session
  private let change: ChangeOptions
  private let observed: ProtoTimestamp?
  private let problems: ProblemFile
  /// Companies read, and accounts that they are.
  private(set) var companies = 0
  private(set) var accounts = 0

  init(_ session: Session, _ change: ChangeOptions, observed: ProtoTimestamp?, problems: ProblemFile) {
    self.session = session
    self.change = change
    self.observed = observed
    self.problems = problems
  }

  private struct Match: Sendable {
    var account: String
    var company: RegistryCompany
  }

  /// Reads the file to its end without doing anything, so that one that breaks off is not half used.
  ///
  /// - Throws: `DataFileError` for a file that cannot be read to its end.
  static func check(_ reader: RegistryReader, _ meter: ImportMeter) throws {
    var count = 0
    while try reader.next() != nil {
      count += 1
      if count % 256 == 0 { meter.show(count, (reader.consumedBytes, reader.totalBytes)) }
    }
    meter.clear()
  }

  /// Does it for the whole file.
  ///
  /// - Parameter tell: told of each account in the file's order.
  mutating func run(
    _ reader: RegistryReader, _ index: AccountIndex, _ meter: ImportMeter,
    tell: (RegistryOutcome) throws -> Void
  ) async throws {
    var waiting: [Match] = []
    while let entry = try reader.next() {
      switch entry {
      case .unreadable(let problem): try problems.note(problem, isWarning: false)
      case .company(let company):
        companies += 1
        for account in index.accounts(businessID: company.businessID, lei: company.lei) {
          waiting.append(Match(account: account, company: company))
        }
      }
      if companies % 256 == 0 { meter.show(companies, (reader.consumedBytes, reader.totalBytes)) }
      // An account that two entries are about is written in turn.
      if waiting.count >= Self.mostCalls || Set(waiting.map(\.account)).count < waiting.count {
        try await write(&waiting, tell)
      }
    }
    try await write(&waiting, tell)
    meter.clear()
    try problems.flush()
  }

  private mutating func write(_ waiting: inout [Match], _ tell: (RegistryOutcome) throws -> Void) async throws
  {
    defer { waiting = [] }
    var together: [Match] = []
    for match in waiting {
      if together.contains(where: { $0.account == match.account }) {
        try await writeTogether(together, tell)
        together = []
      }
      together.append(match)
    }
    try await writeTogether(together, tell)
  }

  private mutating func writeTogether(_ matches: [Match], _ tell: (RegistryOutcome) throws -> Void)
    async throws
  {
    let (session, change, observed) = (session, change, observed)
    let results = try await withThrowingTaskGroup(of: (Int, Result<RegistryOutcome, RPCError>).self) {
      group in
      for (place, match) in matches.enumerated() {
        group.addTask { (place, try await Self.enrich(match, session, change, observed)) }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    for (place, result) in results.sorted(by: { $0.0 < $1.0 }) {
      switch result {
      case .success(let outcome):
        accounts += 1
        try tell(outcome)
      case .failure(let error):
        let company = matches[place].company
        let details = StatusDetails(error.details).told(in: session.language)
        let reason = details.isEmpty ? error.message : details.joined(separator: "; ")
        try problems.note(
          line: company.line, column: "", isWarning: false, "\(matches[place].account): \(reason)")
      }
    }
  }

  /// Reads an account, compares, and writes what is new on what was read.
  ///
  /// - Returns: the outcome, or why the server refuses this one; the others are not touched by it.
  private static func enrich(
    _ match: Match, _ session: Session, _ change: ChangeOptions, _ observed: ProtoTimestamp?
  ) async throws -> Result<RegistryOutcome, RPCError> {
    let observed = observed ?? match.company.changeDate.flatMap(Self.moment)
    var attempt = 1
    while true {
      var read = GetAccountRequest()
      read.name = match.account
      do {
        let account = try await session.accounts.getAccount(read, session.call)
        let comparison = RegistryComparison(account, match.company, observed: observed)
        if !comparison.paths.isEmpty {
          var request = UpdateAccountRequest()
          request.account = comparison.account
          request.account?.etag = account.etag
          var mask = ProtoFieldMask()
          mask.paths = comparison.paths
          request.updateMask = mask
          request.reason =
            change.reason.isEmpty ? RegistryWords.registry(match.company.registry) : change.reason
          request.requestId = change.requestID.isEmpty ? "" : "\(change.requestID)/\(match.company.line)"
          request.validateOnly = change.isDryRun
          _ = try await session.accounts.updateAccount(request, session.call)
        }
        return .success(
          RegistryOutcome(
            title: account.displayName, name: account.name, registry: match.company.registry,
            filled: comparison.filled, differences: comparison.differences))
      } catch let error as RPCError {
        switch error.code {
        case .aborted where attempt < mostTries: attempt += 1
        case .invalidArgument, .failedPrecondition, .notFound, .aborted: return .failure(error)
        default: throw error
        }
      }
    }
  }

  /// A day as a moment.
  static func moment(_ day: String) -> ProtoTimestamp? {
    try? ProtoTimestamp(jsonString: "\"\(day)T00:00:00Z\"")
  }
}
