import Domain
import PunosMessages
import Store

extension HandoverWorkflow {
  /// Handovers measured at most: more than years of any tenant's work, and each read costs memory.
  private static let mostMeasured = 20_000

  /// Measures the handovers of an account, or of all.
  func measures(_ request: GetHandoverMeasuresRequest, by caller: Principal) async throws(Problem)
    -> HandoverMeasures
  {
    var handovers: [Handover] = []
    var question = ListQuestion(parent: request.parent, pageSize: Int32(StoreLimits.pageRecords))
    question.filter = [("from_team", request.fromTeam), ("to_team", request.toTeam)]
      .filter { !$0.1.isEmpty }.map { "\($0.0) = \"\($0.1)\"" }.joined(separator: " AND ")
    repeat {
      let page = try await edits.list(question, by: caller)
      handovers += page.values
      question.pageToken = page.nextPageToken
    } while !question.pageToken.isEmpty && handovers.count < Self.mostMeasured
    let templates = try await templates(of: handovers, by: caller)
    let commitments = try commitments(linkedBy: handovers, by: caller)
    return HandoverMeasuring.measures(of: handovers, commitments: commitments) { handover in
      templates[TemplateKey(handover)] ?? HandoverTemplate()
    }
  }

  /// What decides which template a handover has.
  private struct TemplateKey: Hashable {
    let template: String
    let teams: [String]

    init(_ handover: Handover) {
      template = handover.template
      teams = [handover.fromTeam, handover.toTeam]
    }
  }

  private func templates(
    of handovers: [Handover], by caller: Principal
  ) async throws(Problem) -> [TemplateKey: HandoverTemplate] {
    var templates: [TemplateKey: HandoverTemplate] = [:]
    for handover in handovers where templates[TemplateKey(handover)] == nil {
      templates[TemplateKey(handover)] = try await template(of: handover, by: caller)
    }
    return templates
  }

  private func commitments(
    linkedBy handovers: [Handover], by caller: Principal
  ) throws(Problem) -> [String: Commitment] {
    let world = world.world(of: caller)
    var commitments: [String: Commitment] = [:]
    for name in Set(handovers.flatMap { $0.items.flatMap(\.links) }) {
      let commitment: Commitment? = try edits.mapped { try world.value(name) }
      commitments[name] = commitment
    }
    return commitments
  }
}
