internal import ArgumentParser
internal import Domain
internal import PunosAPI
internal import PunosMessages
internal import Terminal

struct LearnedFromHandover: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "learned",
      abstract: say(
        en:
          "Tell the team that passed it on what you learned about an item: an insight that names its promise.",
        fi: "Kerro luovuttaneelle tiimille, mitä opit kohdasta: havainto, joka nimeää sen lupauksen."),
      discussion: say(
        en: """
          Example: punos handover learned kuura/lifts ITEM 'The shaft needs a permit' --set dimension=value
          The insight is about what they expected of us and got (experience) where no dimension is set.
          """,
        fi: """
          Esimerkki: punos handover learned kuura/hissit KOHTA 'Kuiluun tarvitaan lupa' --set dimension=value
          Havainto koskee sitä, mitä meiltä odotettiin ja saatiin (experience), jos ulottuvuutta ei anneta.
          """))
  }

  @OptionGroup var target: RecordArgument
  @OptionGroup var which: ItemArgument
  @Argument(help: .say(en: "What you learned, in one sentence.", fi: "Mitä opit, yhdellä virkkeellä."))
  var claim: String
  @OptionGroup var fields: RecordFields
  @OptionGroup var change: ChangeOptions
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    var read = GetHandoverRequest()
    read.name = try await session.handover(target.record)
    let handover = try await session.handovers.getHandover(read, session.call)
    let item = try which.item(of: handover)
    var insight = try await fields.read(Insight.self, session).record
    insight.claim = claim
    var request = CreateInsightRequest()
    request.parent = handover.name.split(separator: "/").prefix(2).joined(separator: "/")
    request.insight = HandoverFindings.completed(insight, on: item, of: handover)
    request.reason = change.reason
    request.requestId = change.requestID
    request.validateOnly = change.isDryRun
    let learned = try await InsightServiceClient(session.channel).createInsight(request, session.call)
    let dry = change.isDryRun ? Term(en: " (dry run)", fi: " (kokeilu)") : .verbatim("")
    try RecordPrinter(session, rows: NounRows<InsightNoun>(session.language)).outcome(
      learned,
      Term(
        en: "Learned: \(claim); it bears on \"\(item.title)\"\(dry(in: .english)).",
        fi: "Opittu: \(claim); se koskee kohtaa \"\(item.title)\"\(dry(in: .finnish))."))
  }
}
