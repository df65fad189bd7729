internal import ArgumentParser
internal import PunosMessages
internal import Terminal

struct MeasureHandovers: ServerCommand {
  static let configuration = CommandConfiguration(
    commandName: "measures",
    abstract: "How long acceptance takes, how much is asked, and how promises fare by the quality of handovers.")

  @Argument(
    help: "An account; all where not given.",
    completion: .custom { _, _, word in await Completions.accounts(word) })
  var account: String?
  @Option(help: "Only from this team.") var from: String = ""
  @Option(help: "Only to this team.") var to: String = ""
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    var request = MeasureHandoversRequest()
    request.parent = "accounts/-"
    if let account { request.parent = try await AccountFinder(session: session).name(of: account) }
    request.fromTeam = from
    request.toTeam = to
    let measures = try await session.workflow.measureHandovers(request, session.call)
    let columns: [Listing.Column] = [
      .init("handovers", en: "Handovers", fi: "Luovutuksia", isNumber: true),
      .init("offered", en: "Offered", fi: "Tarjottu", isNumber: true),
      .init("accepted", en: "Accepted", fi: "Hyväksytty", isNumber: true),
      .init("returned", en: "Returned at least once", fi: "Palautettu ainakin kerran", isNumber: true),
      .init("median_hours_to_accept", en: "Hours to acceptance, median", fi: "Tunteja hyväksyntään, mediaani", isNumber: true),
      .init("ninetieth_hours_to_accept", en: "Nine in ten within, hours", fi: "Yhdeksän kymmenestä, tuntia", isNumber: true),
      .init("items", en: "Items", fi: "Kohtia", isNumber: true),
      .init("items_queried", en: "Asked about", fi: "Kysytty", isNumber: true),
      .init("items_rejected", en: "Rejected", fi: "Hylätty", isNumber: true),
      .init("kept_complete", en: "Promises kept, complete handovers", fi: "Lupauksia pidetty, täydet luovutukset", isNumber: true),
      .init("kept_other", en: "Promises kept, other handovers", fi: "Lupauksia pidetty, muut luovutukset", isNumber: true),
    ]
    let row = [
      "\(measures.handovers)", "\(measures.offered)", "\(measures.accepted)", "\(measures.returned)",
      hours(measures.medianTimeToAccept), hours(measures.ninetiethTimeToAccept), "\(measures.items)",
      "\(measures.itemsQueried)", "\(measures.itemsRejected)", share(measures.completeHandovers),
      share(measures.otherHandovers),
    ]
    try Listing(columns: columns, rows: [row]).writeRecord(to: session.output, session.format, session.language)
  }

  private func hours(_ duration: ProtoDuration?) -> String { duration.map { "\(($0.seconds + 1800) / 3600)" } ?? "" }

  private func share(_ promises: HandoverMeasures.Promises?) -> String {
    guard let promises, let share = promises.keptShare else { return "" }
    return "\(Int((share * 100).rounded())) % (\(promises.kept)/\(promises.kept + promises.broken))"
  }
}
