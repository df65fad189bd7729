internal import ArgumentParser
internal import PunosAPI
internal import PunosMessages
internal import Terminal

/// Says how well a committee is covered, and what to do next.
struct CoverageCommand: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "coverage",
      abstract: say(
        en: "Whom of a committee nobody talks to, which roles are missing, and what to do next.",
        fi: "Kenelle päätöksentekijöistä kukaan ei puhu, mitkä roolit puuttuvat ja mitä tehdä seuraavaksi."),
      discussion: say(
        en: "Example: punos committee coverage Kuura --purchase ext:crm:4711",
        fi: "Esimerkki: punos committee coverage Kuura --purchase ext:crm:4711"))
  }

  @Argument(
    help: .say(
      en: "The account.",
      fi: "Asiakkuus."), completion: .custom { words, _, word in await Completions.accounts(word, in: words) }
  )
  var account: String
  @Option(
    help: .say(
      en: "The purchase; where not given, the committee whatever is being bought.",
      fi: "Osto; jos ei anneta, päätöksentekijät, ostettiinpa mitä tahansa."))
  var purchase: String?
  @Option(
    help: .say(
      en: "Who took part on this day: YYYY-MM-DD.",
      fi: "Ketkä osallistuivat tänä päivänä: VVVV-KK-PP."))
  var date: String = ""
  @Option(
    name: .customLong("as-of"),
    help: .say(
      en: "From what was known then: YYYY-MM-DD, RFC 3339, or a revision.",
      fi: "Siitä, mitä silloin tiedettiin: VVVV-KK-PP, RFC 3339 tai revisio."))
  var asOf: String?
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    var request = AnalyzeCoverageRequest()
    request.account = try await AccountFinder(session: session).name(of: account)
    if let purchase {
      request.purchase = try await RecordFinder<PurchaseNoun>(session: session).name(of: purchase)
    }
    request.date = date
    switch try asOf.map(PointInTime.init) {
    case .moment(let moment): request.asOf = .asOfTime(moment)
    case .revision(let revision): request.asOf = .asOfRevision(revision)
    case nil: break
    }
    let analysis = try await CoverageServiceClient(session.channel).analyzeCoverage(request, session.call)
    if session.format == .json || session.format == .jsonl {
      return try RecordPrinter<NounRows<PurchaseNoun>>.json([analysis], session)
    }
    let page = try await CoveragePage(analysis, session)
    switch session.format {
    case .csv: try page.findings().write(to: session.output, .csv, session.language)
    case .json, .jsonl, .table, .markdown:
      let told = page.page()
      try session.output.lines(
        session.format == .table
          ? told.lines(width: min(session.output.width, AccountPage.widest), style: session.output.style)
          : told.markdown())
    }
  }
}
