internal import ArgumentParser
internal import ProtobufBridge
internal import PunosAPI
internal import PunosMessages
internal import Terminal

extension Journey: NamedRecord {}

/// Journeys on the command line.
enum JourneyNoun: CLINoun {
  typealias Client = JourneyServiceClient
  typealias Record = Journey

  static let command = "journey"
  static let one = Term(en: "journey", fi: "asiakaspolku")
  static let many = Term(en: "journeys", fi: "asiakaspolut")
  static let abstract = Term(
    en: "The stages of customers' lives with us, with activities, needs, pain points, measures and criteria.",
    fi: "Asiakkuuden elinkaaren vaiheet: toimet, tarpeet, kipukohdat, mittarit ja kriteerit.")

  static let columns: [NounColumn<Journey>] = [
    NounColumn(.init("title", en: "Journey", fi: "Polku", minimum: 24)) { record, _ in record.title },
    NounColumn(.init("stages", en: "Stages", fi: "Vaiheet", minimum: 20)) { record, _ in
      record.stages.map(\.id).joined(separator: " → ")
    },
    NounColumn(.init("is_default", en: "Default", fi: "Oletus", expendability: 1)) { record, writing in
      record.isDefault ? writing.language.say(en: "yes", fi: "kyllä") : ""
    },
  ]

  static func title(_ record: Journey) -> String { record.title }
  static func externalIDs(_ record: Journey) -> [ExternalId] { record.externalIds }
}

struct JourneyCommand: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    RecordCommands<JourneyNoun>.configuration(and: [JourneyInUseCommand.self])
  }
}

/// Shows the journey that accounts are on.
struct JourneyInUseCommand: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "in-use",
      abstract: say(
        en: "The journey that an account is on, or that accounts are on where nothing else is said.",
        fi: "Polku, jolla asiakkuus on, tai jolla asiakkuudet ovat, ellei muuta sanota."),
      discussion: say(
        en: "With --output json it is printed whole: a beginning for a journey of your own.",
        fi: "Valinnalla --output json se tulostuu kokonaan: pohjaksi omalle polulle."))
  }

  @Argument(
    help: .say(
      en: "An account.",
      fi: "Yksi asiakkuus."),
    completion: .custom { words, _, word in await Completions.accounts(word, in: words) })
  var account: String?
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    var request = GetJourneyInUseRequest()
    if let account { request.account = try await AccountFinder(session: session).name(of: account) }
    let journey = try await LifecycleServiceClient(session.channel).getJourneyInUse(request, session.call)
    switch session.format {
    case .json, .jsonl: try RecordPrinter<NounRows<PurchaseNoun>>.json([journey], session)
    case .csv:
      try Listing(
        columns: [.init("stage", en: "Stage", fi: "Vaihe"), .init("title", en: "Title", fi: "Nimi")],
        rows: journey.stages.map { [$0.id, $0.title] }
      ).write(to: session.output, .csv, session.language)
    case .table, .markdown:
      let page = page(journey, session)
      try session.output.lines(
        session.format == .table
          ? page.lines(width: min(session.output.width, AccountPage.widest), style: session.output.style)
          : page.markdown())
    }
  }

  private func page(_ journey: Journey, _ session: Session) -> Page {
    var page = Page()
    page.title(journey.title, note: RecordNames.short(journey.name))
    for stage in journey.stages {
      page.heading("\(stage.title) (\(stage.id))", note: FieldNames.label(stage.team, session.language))
      page.paragraph(stage.description)
      let criteria = [
        (session.say(en: "to enter", fi: "alkaa kun"), stage.entryCriteria),
        (session.say(en: "to go on", fi: "jatkuu kun"), stage.exitCriteria),
      ]
      page.pairs(criteria.map { ($0, $1.map { "\($0.id): \($0.title)" }.joined(separator: "\n")) })
      page.items(stage.activities.map { ($0.title, FieldNames.label($0.team, session.language)) })
    }
    return page
  }
}
