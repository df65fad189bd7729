import Domain
public import PunosAPI
public import PunosMessages
public import RPC
import Store

/// Answers `punos.v1.CoverageService`.
public struct CoverageHandler: CoverageServiceHandler {
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
      let committee = try await CommitteeReader(reading: reading).committee(request)
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
}
