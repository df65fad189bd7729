internal import ArgumentParser
internal import ProtobufBridge
internal import PunosAPI
internal import PunosMessages
internal import Terminal

extension Session {
  var understanding: UnderstandingServiceClient { UnderstandingServiceClient(channel) }
}

/// How well a customer, or a portfolio, is understood.
struct UnderstandingCommand: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "understanding",
      abstract: say(
        en:
          "How well a customer is understood: known, fresh, evidenced, what is stuck in one team, what to ask next.",
        fi:
          "Kuinka hyvin asiakas ymmärretään: mikä on tiedossa, tuoretta ja näytettyä, mikä vain yhdellä tiimillä, mitä kysyä seuraavaksi."
      ),
      discussion: say(
        en:
          "Without an account: of all accounts that --filter fits (1,000 at most), the least understood first.",
        fi:
          "Ilman asiakkuutta: kaikista, joihin --filter sopii (enintään 1 000), huonoimmin ymmärretyt ensin.")
    )
  }

  @Argument(
    help: .say(
      en: "An account: id, ext:SYSTEM:ID, business id, domain or a part of the name.",
      fi: "Asiakkuus: tunniste, ext:JÄRJESTELMÄ:TUNNUS, Y-tunnus, verkkotunnus tai osa nimestä."),
    completion: .custom { words, _, word in await Completions.accounts(word, in: words) })
  var account: String?
  @Option(
    help: .say(
      en: "Which accounts, where none is named: comparisons of fields, such as 'status = CURRENT'.",
      fi: "Mitkä asiakkuudet, jos yhtään ei nimetä: kenttien vertailuja, kuten 'status = CURRENT'."))
  var filter: String = ""
  @Option(
    name: .customLong("as-of"),
    help: .say(
      en: "As it was known then: YYYY-MM-DD, RFC 3339, or a revision.",
      fi: "Sellaisena kuin se silloin tiedettiin: VVVV-KK-PP, RFC 3339 tai revisio."))
  var asOf: String?
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    guard let account else { return try await portfolio(session) }
    let understanding = try await Self.understanding(of: account, asOf: asOf, questions: 0, session)
    switch session.format {
    case .json, .jsonl: try RecordPrinter<AccountRows>.json([understanding], session)
    case .csv:
      try listing(understanding, Writing(session.language)).write(to: session.output, .csv, session.language)
    case .table, .markdown:
      let people = await AskedPeople(understanding.questions, session)
      let page = UnderstandingPage(understanding, people, Writing(session.language)).page()
      try session.output.lines(
        session.format == .table
          ? page.lines(width: min(session.output.width, AccountPage.widest), style: session.output.style)
          : page.markdown())
    }
  }

  /// Asks for the understanding of one account.
  ///
  /// - Parameter questions: how many; 0: as many as the server sees fit.
  static func understanding(
    of account: String, asOf: String?, questions: Int32, _ session: Session
  ) async throws -> Understanding {
    var request = GetUnderstandingRequest()
    request.name = try await AccountFinder(session: session).name(of: account)
    request.questions = questions
    switch try asOf.map(PointInTime.init) {
    case .moment(let moment): request.asOf = .asOfTime(moment)
    case .revision(let revision): request.asOf = .asOfRevision(revision)
    case nil: break
    }
    return try await session.understanding.getUnderstanding(request, session.call)
  }

  private func listing(_ understanding: Understanding, _ writing: Writing) -> Listing {
    let rows = understanding.dimensions.map { dimension in
      [dimension.dimension.title(writing.language)] + UnderstandingPage.texts(dimension.measures, writing)
        + [dimension.teams.joined(separator: ", ")]
    }
    return Listing(columns: UnderstandingPage.columns, rows: rows)
  }

  private func portfolio(_ session: Session) async throws {
    var request = GetPortfolioUnderstandingRequest()
    request.filter = filter
    let answer = try await session.understanding.getPortfolioUnderstanding(request, session.call)
    let writing = Writing(session.language)
    switch session.format {
    case .json: try RecordPrinter<AccountRows>.json([answer], session)
    case .jsonl: try RecordPrinter<AccountRows>.json(answer.accounts, session)
    case .csv, .markdown, .table:
      let rows = answer.accounts.map { account in
        [account.displayName] + UnderstandingPage.texts(account.measures, writing) + [
          writing.format.percent(account.siloIndex),
          (account.question?.question).map { UnderstandingPage.text($0, writing.language) } ?? "",
          RecordNames.short(account.name),
        ]
      }
      try Listing(columns: Self.portfolioColumns, rows: rows).write(
        to: session.output, session.format, session.language)
    }
  }

  private static let portfolioColumns: [Listing.Column] =
    [.init("account", en: "Account", fi: "Asiakkuus", minimum: 20)] + UnderstandingPage.measureColumns + [
      .init("silo", en: "In one team", fi: "Yhdellä tiimillä", isNumber: true, expendability: 2),
      .init("question", en: "Ask next", fi: "Kysy seuraavaksi", expendability: 4, minimum: 20),
      .init("name", en: "Id", fi: "Id", expendability: 5, minimum: 26),
    ]
}

/// What to ask a customer next.
struct QuestionsCommand: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "questions",
      abstract: say(
        en: "What to ask a customer next, most valuable first, whom, and why.",
        fi: "Mitä kysyä asiakkaalta seuraavaksi, arvokkain ensin, keneltä ja miksi."))
  }

  @OptionGroup var target: AccountArgument
  @Option(
    help: .say(
      en: "How many at most, 1 to 30.",
      fi: "Montako enintään, 1–30."))
  var limit: Int32 = 5
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    let understanding = try await UnderstandingCommand.understanding(
      of: target.account, asOf: nil, questions: limit, session)
    let (questions, language) = (understanding.questions, session.language)
    switch session.format {
    case .json, .jsonl:
      var elements = JSONElements(session.format)
      for question in questions { try elements.add(question.jsonString(), to: session.output) }
      try elements.end(session.output)
    case .csv:
      let rows = questions.map { question in
        [question.question, question.ask, question.why].map { UnderstandingPage.text($0, language) } + [
          question.contact, question.team,
        ]
      }
      try Listing(columns: Self.columns, rows: rows).write(to: session.output, .csv, language)
    case .table, .markdown:
      let people = await AskedPeople(questions, session)
      var page = Page()
      for (number, question) in questions.enumerated() {
        page.heading("\(number + 1). \(UnderstandingPage.text(question.question, language))")
        page.paragraph(UnderstandingPage.text(question.why, language))
        page.paragraph(people.text(question, language))
      }
      if questions.isEmpty {
        page.paragraph(language.say(en: "Nothing needs to be asked.", fi: "Mitään ei tarvitse kysyä."))
      }
      try session.output.lines(
        session.format == .table
          ? page.lines(width: min(session.output.width, AccountPage.widest), style: session.output.style)
          : page.markdown())
    }
  }

  private static let columns: [Listing.Column] = [
    .init("question", en: "Question", fi: "Kysymys"), .init("ask", en: "Ask", fi: "Keneltä"),
    .init("why", en: "Why", fi: "Miksi"), .init("contact", en: "Person", fi: "Henkilö"),
    .init("team", en: "Team", fi: "Tiimi"),
  ]
}
