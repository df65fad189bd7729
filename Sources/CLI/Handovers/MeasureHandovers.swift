internal import ArgumentParser
internal import PunosAPI
internal import PunosMessages
internal import Terminal

struct MeasureHandovers: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "measures",
      abstract: say(
        en:
          "How long acceptance takes, how much is asked, and how promises fare by the quality of handovers.",
        fi:
          "Kuinka kauan hyväksyntä kestää, paljonko kysytään, ja miten lupausten käy luovutusten laadun mukaan."
      ))
  }

  @Argument(
    help: .say(
      en: "An account; all where not given.",
      fi: "Asiakkuus; kaikki, jos ei anneta."),
    completion: .custom { words, _, word in await Completions.accounts(word, in: words) })
  var account: String?
  @Option(
    help: .say(
      en: "Only from this team.",
      fi: "Vain tältä tiimiltä.")) var from: String = ""
  @Option(
    help: .say(
      en: "Only to this team.",
      fi: "Vain tälle tiimille.")) var to: String = ""
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    var request = GetHandoverMeasuresRequest()
    request.parent = "accounts/-"
    if let account { request.parent = try await AccountFinder(session: session).name(of: account) }
    request.fromTeam = from
    request.toTeam = to
    let measures = try await session.workflow.getHandoverMeasures(request, session.call)
    let columns: [Listing.Column] = [
      .init("handovers", en: "Handovers", fi: "Luovutuksia", isNumber: true),
      .init("offered", en: "Offered", fi: "Tarjottu", isNumber: true),
      .init("accepted", en: "Accepted", fi: "Hyväksytty", isNumber: true),
      .init("returned", en: "Returned at least once", fi: "Palautettu ainakin kerran", isNumber: true),
      .init(
        "median_hours_to_accept", en: "Hours to acceptance, median", fi: "Tunteja hyväksyntään, mediaani",
        isNumber: true),
      .init(
        "ninetieth_hours_to_accept", en: "Nine in ten within, hours", fi: "Yhdeksän kymmenestä, tuntia",
        isNumber: true),
      .init("items", en: "Items", fi: "Kohtia", isNumber: true),
      .init("items_queried", en: "Asked about", fi: "Kysytty", isNumber: true),
      .init("items_rejected", en: "Rejected", fi: "Hylätty", isNumber: true),
      .init(
        "kept_complete", en: "Promises kept, complete handovers", fi: "Lupauksia pidetty, täydet luovutukset",
        isNumber: true),
      .init(
        "kept_other", en: "Promises kept, other handovers", fi: "Lupauksia pidetty, muut luovutukset",
        isNumber: true),
    ]
    let row = [
      "\(measures.handovers)", "\(measures.offered)", "\(measures.accepted)", "\(measures.returned)",
      hours(measures.medianTimeToAccept), hours(measures.ninetiethTimeToAccept), "\(measures.items)",
      "\(measures.itemsQueried)", "\(measures.itemsRejected)", share(measures.completeHandovers),
      share(measures.otherHandovers),
    ]
    try Listing(columns: columns, rows: [row]).writeRecord(
      to: session.output, session.format, session.language)
  }

  private func hours(_ duration: ProtoDuration?) -> String {
    duration.map { "\(($0.seconds + 1800) / 3600)" } ?? ""
  }

  private func share(_ promises: HandoverMeasures.Promises?) -> String {
    guard let promises, let share = promises.keptShare else { return "" }
    return "\(Int((share * 100).rounded())) % (\(promises.kept)/\(promises.kept + promises.broken))"
  }
}
