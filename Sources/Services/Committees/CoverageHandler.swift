import Domain
public import PunosAPI
public import PunosMessages
public import RPC
import Store

/// Answers `punos.v1.CoverageService`.
public struct CoverageHandler: CoverageServiceHandler {
  /// Records of people read for one committee: an account with more has no committee that a person could look at.
  static let maximumRecords = 10_000
  /// Interactions looked at: those of the last months at a busy account, and milliseconds to read.
  static let latestInteractions = 500

  private let world: ServiceWorld

  public init(_ world: ServiceWorld) { self.world = world }

  public func analyzeCoverage(
    _ request: AnalyzeCoverageRequest, _ context: CallContext
  ) async throws -> AnalyzeCoverageResponse {
    let caller = try context.caller()
    return try await answering { () throws(Problem) in
      try RequestRules.check(request)
      try world.require(caller, .read, request.account)
      let reading = AccountReading(world, caller, at: request.asOf?.point)
      let committee = try await committee(request, reading)
      return try await analysis(of: committee, reading)
    }
  }

  private func analysis(of committee: Committee, _ reading: AccountReading) async throws(Problem)
    -> AnalyzeCoverageResponse
  {
    var analysis = AnalyzeCoverageResponse()
    analysis.account = committee.account
    analysis.purchase = committee.purchase
    analysis.purchaseType = committee.purchaseType
    analysis.date = committee.date
    analysis.revision = try await reading.revision().rawValue
    analysis.members = committee.present
    analysis.findings = CoverageFindings.of(committee)
    (analysis.score, analysis.because) = CoverageScore.of(committee)
    return analysis
  }

  /// Gathers who takes part, and who has left.
  private func committee(
    _ request: AnalyzeCoverageRequest, _ reading: AccountReading
  ) async throws(Problem) -> Committee {
    let (key, account) = try await reading.account(named: request.account, field: "account")
    let purchase = try await purchase(request.purchase, of: account, reading)
    let known = try await reading.moment()
    let date = request.date.isEmpty ? Days.text(known) : request.date
    let kinds = [
      NounCatalog.accountContactKind, NounCatalog.committeeMemberKind, NounCatalog.relationshipKind,
    ]
    let records = try await reading.records(of: kinds, in: key.id, most: Self.maximumRecords)
    let moment = min(known, Days.end(date) ?? known).seconds
    let interactions = try await interactions(key.id, until: moment, reading)
    return Committee(
      account: account.name, purchase: purchase?.name ?? "", purchaseType: purchase?.type ?? .unspecified,
      members: try reading.values(NounCatalog.committeeMemberKind, among: records),
      left: left(try reading.values(NounCatalog.accountContactKind, among: records)),
      date: date, moment: moment, touches: ContactTouch.of(interactions, until: moment),
      relationships: try reading.values(NounCatalog.relationshipKind, among: records))
  }

  private func purchase(
    _ name: String, of account: Account, _ reading: AccountReading
  ) async throws(Problem) -> Purchase? {
    guard !name.isEmpty else { return nil }
    let resolved = try await References(world, reading.caller).resolve(name)
    guard let key = world.catalog.key(of: resolved), key.kind == NounCatalog.purchaseKind,
      resolved.hasPrefix(account.name + "/")
    else { throw .badName(name, field: "purchase", expected: "\(account.name)/purchases/{purchase}") }
    guard let record = try await reading.record(key) else { throw .notFound(resolved) }
    return try Purchase(record, named: resolved)
  }

  /// People whose last employment at the account has an end, each with that day.
  private func left(_ contacts: [AccountContact]) -> [String: String] {
    var left: [String: String] = [:]
    for contact in contacts where !contact.employments.isEmpty {
      guard contact.employments.allSatisfy({ !$0.validTo.isEmpty }) else { continue }
      left[contact.contact] = contact.employments.map(\.validTo).max()
    }
    return left
  }

  /// What interactions show of contact with each person; the latest of them up to a moment, for older ones are stale.
  private func interactions(
    _ account: String, until moment: Int64, _ reading: AccountReading
  ) async throws(Problem) -> [Interaction] {
    let kind = InteractionRules.kind
    // The index knows the present only; the past is looked through.
    guard reading.point == nil else {
      let records = try await reading.records(of: [kind], in: account, most: Self.maximumRecords)
      return try reading.values(kind, among: records)
    }
    do {
      let query = IndexQuery(
        kind: kind, index: "time", range: .between(from: nil, to: .moment(Moment(seconds: moment &+ 1))),
        account: account, isDescending: true, limit: Self.latestInteractions)
      return try reading.values(
        kind, among: try await world.store.find(query, in: reading.caller.tenant).records)
    } catch {
      throw .from(error, world.catalog)
    }
  }
}
