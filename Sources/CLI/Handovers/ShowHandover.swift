internal import ArgumentParser
internal import Domain
internal import PunosAPI
internal import PunosMessages
internal import Terminal

/// How a handover is shown.
enum HandoverForm: String, ExpressibleByArgument, CaseIterable, Sendable {
  /// For the terminal, or as --output says.
  case page
  /// The text file that sync keeps.
  case file
  /// A page that prints.
  case html
}

struct ShowHandover: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "show",
      abstract: say(
        en: "A handover: on the terminal, as Markdown, or as HTML that prints on two pages.",
        fi: "Luovutus: päätteelle, Markdownina tai HTML-sivuna, joka tulostuu kahdelle arkille."))
  }

  @OptionGroup var target: RecordArgument
  @Option(
    help: .say(
      en: "page, file (the Markdown that sync keeps) or html.",
      fi: "page, file (synkronoinnin Markdown-tiedosto) tai html."))
  var form: HandoverForm = .page
  @Option(
    name: .customLong("as-of"),
    help: .say(
      en: "As it was known then: YYYY-MM-DD, RFC 3339, or a revision.",
      fi: "Niin kuin se silloin tiedettiin: VVVV-KK-PP, RFC 3339 tai revisio."))
  var asOf: String?
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    var request = GetHandoverRequest()
    request.name = try await session.handover(target.record)
    switch try asOf.map(PointInTime.init) {
    case .moment(let moment): request.point = .time(moment)
    case .revision(let revision): request.point = .revision(revision)
    case nil: break
    }
    let handover = try await session.handovers.getHandover(request, session.call)
    switch form {
    case .file: try session.output.write(HandoverPrinter.text(handover))
    case .html:
      try session.output.write(
        HandoverHTML.page(handover, language: session.language.say(en: "en", fi: "fi")))
    case .page: try await page(handover, session)
    }
  }

  private func page(_ handover: Handover, _ session: Session) async throws {
    switch session.format {
    case .json, .jsonl, .csv:
      try RecordPrinter(session, rows: NounRows<HandoverNoun>(session.language)).outcome(
        handover, .verbatim(""))
    case .table, .markdown:
      var request = GetHandoverReadinessRequest()
      request.name = handover.name
      // Whose turn it is belongs to now, not to then.
      let readiness =
        asOf == nil ? try await session.workflow.getHandoverReadiness(request, session.call) : nil
      let page = HandoverPage(handover: handover, readiness: readiness, writing: Writing(session.language))
        .page()
      try session.output.lines(
        session.format == .table
          ? page.lines(width: min(session.output.width, AccountPage.widest), style: session.output.style)
          : page.markdown())
    }
  }
}

/// The page about a handover.
struct HandoverPage {
  let handover: Handover
  let readiness: HandoverReadiness?
  let writing: Writing

  private var language: Language { writing.language }

  func page() -> Page {
    var page = Page()
    page.title(handover.title, note: handover.state.title(language))
    page.pairs([
      (language.say(en: "From", fi: "Keneltä"), side(handover.fromTeam, handover.fromPeople)),
      (language.say(en: "To", fi: "Kenelle"), side(handover.toTeam, handover.toPeople)),
      (language.say(en: "Due", fi: "Määräpäivä"), writing.format.date(handover.dueDate)),
      (language.say(en: "Stage", fi: "Vaihe"), handover.stage),
      (language.say(en: "Turn", fi: "Vuorossa"), turn),
      (language.say(en: "Summary", fi: "Tiivistelmä"), handover.summary),
      (language.say(en: "Outcome", fi: "Lopputulos"), handover.outcome),
    ])
    if !handover.returns.isEmpty {
      page.heading(language.say(en: "Returned", fi: "Palautettu"))
      page.items(handover.returns.map { ("\(writing.full($0.time)) \($0.team): \($0.reasons)", "") })
    }
    for item in handover.items { write(item, to: &page) }
    let gaps = readiness?.gaps ?? []
    if !gaps.isEmpty, handover.state == .draft || handover.state == .returned {
      page.heading(language.say(en: "Missing", fi: "Puuttuu"))
      page.items(
        gaps.map {
          ($0.title + ": " + $0.why, $0.required ? language.say(en: "required", fi: "pakollinen") : "")
        })
    }
    page.heading("")
    page.pairs([
      (language.say(en: "Changed", fi: "Muutettu"), writing.ago(handover.updateTime)), ("Id", handover.name),
    ])
    return page
  }

  private var turn: String {
    guard let readiness, !readiness.waitingForTeam.isEmpty else { return "" }
    let late = readiness.overdue ? language.say(en: " (overdue)", fi: " (myöhässä)") : ""
    return FieldNames.label(readiness.waitingForTeam, language) + late + ": " + readiness.nextStep
  }

  private func side(_ team: String, _ people: [String]) -> String {
    FieldNames.label(team, language) + (people.isEmpty ? "" : " (\(people.joined(separator: ", ")))")
  }

  private func write(_ item: HandoverItem, to page: inout Page) {
    page.heading(HandoverHTML.title(of: item.kind, language.say(en: "en", fi: "fi")) + ": " + item.title)
    let says = { (message: HandoverMessage) in "\(message.principal) (\(message.team)): \(message.text)" }
    page.pairs([
      (language.say(en: "Text", fi: "Teksti"), item.text),
      (language.say(en: "Status", fi: "Tila"), item.status == .open ? "" : item.status.title(language)),
      (language.say(en: "Links", fi: "Viittaukset"), item.links.joined(separator: ", ")),
      (language.say(en: "Item", fi: "Kohta"), item.id),
    ])
    page.items(item.thread.map { (says($0), $0.kind.title(language)) })
  }
}
