internal import ArgumentParser
internal import PunosAPI
internal import PunosMessages
internal import Terminal

/// The value ladder of an account.
struct ValueLadderCommand: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "ladder",
      abstract: say(
        en: "What weighs for the customer beside what we guess, and what came of promises.",
        fi: "Mikä asiakkaalle painaa arviomme rinnalla, ja mitä lupauksista tuli."),
      discussion: say(
        en: "Example: punos value ladder 'Kuura Konepaja' --date 2026-06-30",
        fi: "Esimerkki: punos value ladder 'Kuura Konepaja' --date 2026-06-30"))
  }

  @OptionGroup var target: AccountArgument
  @Option(help: .say(en: "As of this day: YYYY-MM-DD.", fi: "Tämän päivän tilanne: VVVV-KK-PP."))
  var date: String = ""
  @Option(
    name: .customLong("as-of"),
    help: .say(
      en: "From what was known then: YYYY-MM-DD, RFC 3339, or a revision.",
      fi: "Siitä, mitä silloin tiedettiin: VVVV-KK-PP, RFC 3339 tai revisio."))
  var asOf: String?
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    var request = GetValueLadderRequest()
    request.name = try await AccountFinder(session: session).name(of: target.account)
    request.date = date
    request.language = session.language.rawValue
    switch try asOf.map(PointInTime.init) {
    case .moment(let moment): request.asOf = .asOfTime(moment)
    case .revision(let revision): request.asOf = .asOfRevision(revision)
    case nil: break
    }
    let ladder = try await ValueServiceClient(session.channel).getValueLadder(request, session.call)
    switch session.format {
    case .json, .jsonl: try RecordPrinter<NounRows<ValueDriverNoun>>.json([ladder], session)
    case .csv: try listing(ladder, session).write(to: session.output, .csv, session.language)
    case .table, .markdown:
      let page = page(ladder, session)
      try session.output.lines(
        session.format == .table
          ? page.lines(width: min(session.output.width, AccountPage.widest), style: session.output.style)
          : page.markdown())
    }
  }

  private func page(_ ladder: ValueLadder, _ session: Session) -> Page {
    let writing = Writing(session.language)
    var page = Page()
    page.title(session.say(en: "Value ladder", fi: "Arvoportaat"), note: writing.format.date(ladder.date))
    func share(_ value: Double?) -> String { value.map { writing.format.percent($0) } ?? "" }
    page.pairs([
      (session.say(en: "Sets us apart", fi: "Erottaa meidät"), share(ladder.apartShare)),
      (session.say(en: "As good as others", fi: "Muiden veroista"), share(ladder.parityShare)),
      (session.say(en: "Price only", fi: "Vain hinta"), share(ladder.priceShare)),
    ])
    for rung in ladder.rungs {
      page.heading(rung.rung.title(session.language))
      page.items(rung.drivers.map { ($0.statement + "\n" + facts($0, session, writing), "") })
    }
    guard !ladder.findings.isEmpty else { return page }
    page.heading(session.say(en: "What to do", fi: "Mitä tehdä"))
    page.items(ladder.findings.map { ($0.sentence + "\n→ " + $0.nextStep, writing.format.percent($0.severity)) })
    return page
  }

  /// A driver's numbers in a line.
  private func facts(_ standing: ValueStanding, _ session: Session, _ writing: Writing) -> String {
    func number(_ value: Double) -> String { writing.format.number(value, decimals: 2) }
    var facts: [String] = []
    if let weight = standing.customerWeight {
      facts.append(session.say(en: "weighs ", fi: "painaa ") + number(weight))
    }
    if let guess = standing.guess { facts.append(session.say(en: "we guessed ", fi: "arvasimme ") + number(guess)) }
    if let gap = standing.gap { facts.append(session.say(en: "gap ", fi: "ero ") + number(gap)) }
    if let percent = standing.realisedPercent { facts.append(writing.format.percent(percent / 100)) }
    facts += [standing.outcome.title(session.language), standing.position.title(session.language)]
    return facts.filter { !$0.isEmpty }.joined(separator: " · ")
  }

  private func listing(_ ladder: ValueLadder, _ session: Session) -> Listing {
    func text(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
    return Listing(
      columns: [
        .init("rung", en: "Rung", fi: "Porras"), .init("statement", en: "What matters", fi: "Mikä on tärkeää"),
        .init("customer_weight", en: "Weight", fi: "Paino", isNumber: true),
        .init("guess", en: "Guess", fi: "Arvio", isNumber: true), .init("gap", en: "Gap", fi: "Ero", isNumber: true),
        .init("realised_percent", en: "Realised %", fi: "Toteutunut %", isNumber: true),
        .init("outcome", en: "Promise", fi: "Lupaus"), .init("position", en: "Competition", fi: "Kilpailu"),
        .init("value_driver", en: "Record", fi: "Tietue"),
      ],
      rows: ladder.rungs.flatMap { rung in
        rung.drivers.map { standing in
          [
            rung.rung.title(session.language), standing.statement, text(standing.customerWeight),
            text(standing.guess), text(standing.gap), text(standing.realisedPercent),
            standing.outcome.title(session.language), standing.position.title(session.language),
            standing.valueDriver,
          ]
        }
      })
  }
}
