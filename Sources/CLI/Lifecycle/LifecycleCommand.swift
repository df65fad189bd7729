internal import ArgumentParser
internal import ProtobufBridge
internal import PunosAPI
internal import PunosMessages
internal import Terminal

/// Where a customer is in its journey.
struct LifecycleCommand: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "now",
      abstract: say(
        en: "Where a customer is in its journey, since when, what is next, and how it got there.",
        fi: "Missä vaiheessa asiakas on, mistä alkaen, mitä seuraavaksi ja miten tähän tultiin."))
  }

  @Argument(
    help: .say(
      en: "The account.",
      fi: "Asiakkuus."), completion: .custom { words, _, word in await Completions.accounts(word, in: words) }
  )
  var account: String
  @Option(
    name: .customLong("as-of"),
    help: .say(
      en: "As it was known then: YYYY-MM-DD, RFC 3339, or a revision.",
      fi: "Niin kuin silloin tiedettiin: VVVV-KK-PP, RFC 3339 tai revisio."))
  var asOf: String?
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    var request = GetLifecycleRequest()
    request.account = try await AccountFinder(session: session).name(of: account)
    switch try asOf.map(PointInTime.init) {
    case .moment(let moment): request.asOf = .asOfTime(moment)
    case .revision(let revision): request.asOf = .asOfRevision(revision)
    case nil: break
    }
    let lifecycle = try await LifecycleServiceClient(session.channel).getLifecycle(request, session.call)
    switch session.format {
    case .json, .jsonl: try RecordPrinter<NounRows<PurchaseNoun>>.json([lifecycle], session)
    case .csv:
      let rows = NounRows<StageTransitionNoun>(session.language)
      let named = try await rows.naming(lifecycle.transitions, session)
      try Listing(columns: rows.columns, rows: lifecycle.transitions.map(named.row)).write(
        to: session.output, .csv, session.language)
    case .table, .markdown:
      let page = page(lifecycle, session)
      try session.output.lines(
        session.format == .table
          ? page.lines(width: min(session.output.width, AccountPage.widest), style: session.output.style)
          : page.markdown())
    }
  }

  private func page(_ lifecycle: Lifecycle, _ session: Session) -> Page {
    let writing = Writing(session.language)
    var page = Page()
    page.title(
      lifecycle.stage?.title ?? session.say(en: "Not on its way yet", fi: "Ei vielä polulla"),
      note: lifecycle.journeyTitle)
    page.pairs([
      (session.say(en: "since", fi: "alkaen"), writing.full(lifecycle.since)),
      (
        session.say(en: "days", fi: "päiviä"),
        lifecycle.stage == nil
          ? ""
          : "\(lifecycle.daysInStage)"
            + (lifecycle.overdue ? session.say(en: ", longer than expected", fi: ", odotettua kauemmin") : "")
      ),
      (session.say(en: "team", fi: "tiimi"), FieldNames.label(lifecycle.team, session.language)),
      (session.say(en: "can move to", fi: "voi siirtyä"), lifecycle.nextStages.joined(separator: ", ")),
    ])
    page.heading(session.say(en: "Before the next stage", fi: "Ennen seuraavaa vaihetta"))
    page.items(
      lifecycle.nextCriteria.map { state in
        (
          state.title,
          state.how == .unspecified
            ? session.say(
              en: "open: --confirm \(state.criterion)", fi: "avoinna: --confirm \(state.criterion)")
            : session.say(en: "met", fi: "täyttyy")
        )
      })
    page.heading(session.say(en: "How it got here", fi: "Miten tähän tultiin"))
    page.items(
      lifecycle.transitions.map { move in
        let back = move.reverted ? session.say(en: " (taken back)", fi: " (peruttu)") : ""
        return (
          [move.title + back, move.reason, RecordNames.short(move.name)].filter { !$0.isEmpty }.joined(
            separator: "\n"),
          writing.full(move.movedTime)
        )
      })
    return page
  }
}
