import Domain
public import PunosAPI
public import PunosMessages
public import RPC
import Store

/// Answers `punos.v1.UnderstandingService`.
public struct UnderstandingHandler: UnderstandingServiceHandler {
  private let world: ServiceWorld
  private let accounts: RecordService<AccountRules>

  /// Questions where the caller does not say: what fits into one meeting.
  static let defaultQuestions = 5
  /// Accounts of a portfolio: what one person looks after, or a leader looks over, fits many times; each costs a scan.
  static let maximumAccounts = 1_000
  /// Accounts worked on at a time, off the connections' loops.
  static let lanes = 4

  public init(_ world: ServiceWorld, _ accounts: RecordService<AccountRules>) {
    self.world = world
    self.accounts = accounts
  }

  public func getUnderstanding(_ request: GetUnderstandingRequest, _ context: CallContext) async throws
    -> Understanding
  {
    let caller = try context.caller()
    return try await answering { () throws(Problem) in
      try RequestRules.check(request)
      try world.require(caller, .read, request.name)
      // An account of many years has thousands of records: they are not worked through on a connection's loop.
      return try await withTaskExecutorPreference(globalConcurrentExecutor) { () async throws(Problem) in
        try await understanding(request, caller)
      }
    }
  }

  private func understanding(
    _ request: GetUnderstandingRequest, _ caller: Principal
  ) async throws(Problem) -> Understanding {
    let reader = try await AccountReader(
      world, caller, account: request.name, field: "name", at: request.point)
    let records = try await FactSources.records(reader)
    let maker = try accounts.mapped {
      try UnderstandingMaker(world, caller, records, at: reader.now, isPast: reader.point != nil)
    }
    let questions = request.questions > 0 ? Int(request.questions) : Self.defaultQuestions
    var understanding = maker.understanding(of: reader.name, questions: questions)
    understanding.asOf = ProtoTimestamp(Moment(seconds: reader.now))
    return understanding
  }

  public func getPortfolioUnderstanding(
    _ request: GetPortfolioUnderstandingRequest, _ context: CallContext
  ) async throws -> PortfolioUnderstanding {
    let caller = try context.caller()
    return try await answering { () throws(Problem) in
      try RequestRules.check(request)
      var question = ListQuestion(filter: request.filter)
      question.pageSize = Int32(Self.maximumAccounts)
      question.mask = ["name"]
      let page = try await accounts.list(question, by: caller)
      guard page.nextPageToken.isEmpty else { throw Self.tooMany }
      let names = page.values.map(\.name)
      return portfolio(try await accounts.mapped { try await understood(names, caller) })
    }
  }

  private static var tooMany: Problem {
    .invalid([
      FieldProblem(
        path: "filter",
        description: "more than \(maximumAccounts) accounts fit; narrow it down with another condition",
        reason: "TOO_MANY_ACCOUNTS")
    ])
  }

  /// Each account by itself, a few at a time: a thousand of them would hold up a connection's loop.
  private func understood(_ names: [String], _ caller: Principal) async throws -> [AccountUnderstanding] {
    let size = max(1, (names.count + Self.lanes - 1) / Self.lanes)
    let parts = stride(from: 0, to: names.count, by: size).map {
      Array(names[$0..<min(names.count, $0 + size)])
    }
    return try await withThrowingTaskGroup(of: [AccountUnderstanding].self) { group in
      for part in parts {
        group.addTask(executorPreference: globalConcurrentExecutor) {
          var understood: [AccountUnderstanding] = []
          for name in part {
            try Task.checkCancellation()
            if let account = try await account(name, caller) { understood.append(account) }
          }
          return understood
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
  }

  /// Nil for an account that was deleted meanwhile.
  private func account(_ name: String, _ caller: Principal) async throws -> AccountUnderstanding? {
    guard let key = world.catalog.key(of: name), let shard = key.account else { return nil }
    let reader = AccountReader(world, caller, key: key, shard: shard)
    let records = try await FactSources.records(reader)
    guard records.contains(where: { $0.key == key }) else { return nil }
    let maker = try UnderstandingMaker(world, caller, records, at: reader.now, isPast: false)
    let understanding = maker.understanding(of: name, questions: 1)
    var account = AccountUnderstanding()
    account.name = name
    account.displayName = maker.displayName
    account.measures = understanding.measures
    account.dimensions = understanding.dimensions.map { measures($0.dimension, $0.measures) }
    account.siloIndex = understanding.silo?.index ?? 0
    account.question = understanding.questions.first
    return account
  }

  private func portfolio(_ accounts: [AccountUnderstanding]) -> PortfolioUnderstanding {
    var portfolio = PortfolioUnderstanding()
    portfolio.asOf = ProtoTimestamp(world.clock())
    portfolio.accounts = accounts.sorted { left, right in
      let (leftScore, rightScore) = (left.measures?.understood ?? 0, right.measures?.understood ?? 0)
      return (leftScore, left.name) < (rightScore, right.name)
    }
    // In that order, so that rounding is the same whichever lane was first.
    portfolio.measures = UnderstandingScore.mean(of: portfolio.accounts.compactMap(\.measures))
    portfolio.dimensions = Topics.dimensions.map { dimension in
      measures(
        dimension,
        UnderstandingScore.mean(
          of: portfolio.accounts.flatMap(\.dimensions).filter { $0.dimension == dimension }.compactMap(
            \.measures)))
    }
    portfolio.siloIndex = accounts.map(\.siloIndex).sorted().reduce(0, +) / Double(max(1, accounts.count))
    return portfolio
  }

  private func measures(_ dimension: Dimension, _ measures: Measures?) -> DimensionMeasures {
    var told = DimensionMeasures()
    told.dimension = dimension
    told.measures = measures ?? Measures()
    return told
  }
}

extension GetUnderstandingRequest {
  fileprivate var point: PointInTime? {
    switch asOf {
    case .asOfTime(let time): .moment(time.moment)
    case .asOfRevision(let revision): .revision(Revision(revision))
    case nil: nil
    }
  }
}
