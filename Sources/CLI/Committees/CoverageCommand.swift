internal import ArgumentParser
internal import ProtobufBridge
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
    switch session.format {
    case .json, .jsonl: try RecordPrinter<NounRows<PurchaseNoun>>.json([analysis], session)
    case .csv: try findings(analysis, session).write(to: session.output, .csv, session.language)
    case .table, .markdown:
      let page = page(analysis, session)
      try session.output.lines(
        session.format == .table
          ? page.lines(width: min(session.output.width, AccountPage.widest), style: session.output.style)
          : page.markdown())
    }
  }

  private func page(_ analysis: AnalyzeCoverageResponse, _ session: Session) -> Page {
    let writing = Writing(session.language)
    var page = Page()
    page.title(
      session.say(en: "Coverage", fi: "Kattavuus") + " "
        + writing.format.number(analysis.score * 100, decimals: 0) + " %",
      note: writing.format.date(analysis.date))
    page.items(
      analysis.findings.map { finding in
        (
          session.told(finding.sentence, finding.finnishSentence) + "\n→ "
            + session.told(finding.nextStep, finding.finnishNextStep),
          writing.format.number(finding.weight * 100, decimals: 0) + " %"
        )
      })
    page.heading(session.say(en: "Committee", fi: "Päätöksentekijät"), note: "\(analysis.members.count)")
    page.items(
      analysis.members.map { member in
        let roles = ([member.role] + member.moreRoles).map { $0.title(session.language) }.joined(
          separator: ", ")
        let contact = [member.stance.title(session.language), member.coverage.title(session.language)]
        return (member.displayName + ", " + roles, contact.filter { !$0.isEmpty }.joined(separator: ", "))
      })
    page.heading(session.say(en: "Why this score", fi: "Mistä luku tulee"))
    page.items(analysis.because.map { (session.told($0.sentence, $0.finnishSentence), "") })
    return page
  }

  private func findings(_ analysis: AnalyzeCoverageResponse, _ session: Session) -> Listing {
    Listing(
      columns: [
        .init("kind", en: "Finding", fi: "Havainto"),
        .init("weight", en: "Weight", fi: "Paino", isNumber: true),
        .init("sentence", en: "What", fi: "Mitä"), .init("next_step", en: "Next step", fi: "Seuraavaksi"),
        .init("evidence", en: "Evidence", fi: "Perusteet"),
      ],
      rows: analysis.findings.map { finding in
        [
          finding.kind.title(session.language), "\(finding.weight)",
          session.told(finding.sentence, finding.finnishSentence),
          session.told(finding.nextStep, finding.finnishNextStep),
          finding.evidence.joined(separator: ";"),
        ]
      })
  }
}
