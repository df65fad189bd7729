internal import ArgumentParser
internal import PunosAPI
internal import PunosMessages
internal import Terminal

extension StageTransition: NamedRecord {}

/// Moves from stage to stage on the command line.
enum StageTransitionNoun: CLINoun {
  typealias Client = StageTransitionServiceClient
  typealias Record = StageTransition

  static let command = "stage"
  static let one = Term(en: "move", fi: "siirtymä")
  static let many = Term(en: "moves", fi: "siirtymät")
  static let abstract = Term(
    en: "Where customers are in their journeys, and how they got there.",
    fi: "Missä elinkaaren vaiheessa asiakkaat ovat, ja miten he sinne tulivat.")

  static let columns: [NounColumn<StageTransition>] = [
    NounColumn(
      .init("account", en: "Account", fi: "Asiakkuus", minimum: 18, wraps: true), isOnAccountPage: false
    ) {
      record, writing in
      writing.called(RecordNames.account(of: record.name))
    },
    NounColumn(.init("title", en: "Move", fi: "Siirtymä", minimum: 18, wraps: true)) { record, writing in
      record.title + (record.reverted ? writing.language.say(en: " (taken back)", fi: " (peruttu)") : "")
    },
    NounColumn(.init("moved_time", en: "When", fi: "Milloin", minimum: 20)) { record, writing in
      writing.full(record.movedTime)
    },
    NounColumn(
      .init("days_in_stage", en: "Days before", fi: "Päiviä ennen", isNumber: true, expendability: 2)
    ) {
      record, _ in record.daysInStage.map(String.init) ?? ""
    },
    NounColumn(.init("team", en: "Team", fi: "Tiimi", expendability: 1)) { record, writing in
      FieldNames.label(record.team, writing.language)
    },
    NounColumn(.init("reason", en: "Why", fi: "Miksi", expendability: 3)) { record, _ in record.reason },
  ]

  /// Whoever takes a move back names it by its id.
  static let idIsWhole = true

  static func title(_ record: StageTransition) -> String { record.title }
  static func named(in record: StageTransition) -> [String] { [RecordNames.account(of: record.name)] }
  static func externalIDs(_ record: StageTransition) -> [ExternalId] { record.externalIds }
  static func shown(in view: AccountView) -> [StageTransition] { view.stageTransitions }
}

struct StageCommand: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    RecordCommands<StageTransitionNoun>.configuration(
      and: [MoveStageCommand.self, RevertStageCommand.self, LifecycleCommand.self])
  }
}

/// Moves an account to a stage.
struct MoveStageCommand: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "move",
      abstract: say(
        en: "Move a customer to a stage; its criteria must be met, or confirmed by their ids.",
        fi: "Siirrä asiakas vaiheeseen; sen kriteerien on täytyttävä, tai ne vahvistetaan tunnuksillaan."),
      discussion: say(
        en: "Example: punos stage move Kuura implementation --confirm handover-accepted",
        fi: "Esimerkki: punos stage move Kuura implementation --confirm handover-accepted"))
  }

  @Argument(
    help: .say(
      en: "The account.",
      fi: "Asiakkuus."), completion: .custom { words, _, word in await Completions.accounts(word, in: words) }
  )
  var account: String
  @Argument(
    help: .say(
      en: "The stage's id.",
      fi: "Vaiheen tunnus."))
  var stage: String
  @Option(
    help: .say(
      en: "A criterion that is met, by its id; may be given more than once.",
      fi: "Täyttyvä kriteeri tunnuksellaan; voi antaa monta kertaa."))
  var confirm: [String] = []
  @Flag(
    help: .say(
      en: "Go back in the journey; --reason says why.",
      fi: "Palaa polulla taaksepäin; --reason kertoo miksi."))
  var backwards = false
  @Option(
    help: .say(
      en: "When: YYYY-MM-DD (its beginning in UTC; now for today) or RFC 3339; now where not given.",
      fi: "Milloin: VVVV-KK-PP (sen alku UTC-ajassa; tänään on nyt) tai RFC 3339; nyt, jos ei anneta."))
  var on: String?
  @Option(
    help: .say(
      en: "The journey, where it is not the one that the customer is on.",
      fi: "Polku, jos se ei ole se, jolla asiakas on."))
  var journey: String?
  @Option(
    help: .say(
      en: "The team that answers for the customer from here on.",
      fi: "Tiimi, joka vastaa asiakkaasta tästä eteenpäin."))
  var team: String = ""
  @OptionGroup var change: ChangeOptions
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    var request = MoveStageRequest()
    request.account = try await AccountFinder(session: session).name(of: account)
    request.toStage = stage
    request.confirmed = confirm
    request.backwards = backwards
    if let journey {
      request.journey = try await RecordFinder<JourneyNoun>(session: session).name(of: journey)
    }
    if let on {
      request.movedTime = try HappenedAt.moment(on, option: "--on", now: Writing(session.language).now)
    }
    request.team = team
    request.reason = change.reason
    request.requestId = change.requestID
    request.validateOnly = change.isDryRun
    let moved =
      try await LifecycleServiceClient(session.channel).moveStage(request, session.call)
      .stageTransition ?? StageTransition()
    try RecordPrinter(session, rows: NounRows<StageTransitionNoun>(session.language)).outcome(
      moved,
      change.isDryRun
        ? Term(en: "Would move: \(moved.title).", fi: "Siirtäisi: \(moved.title).")
        : Term(en: "Moved: \(moved.title).", fi: "Siirrettiin: \(moved.title)."))
  }
}

/// Takes a move back.
struct RevertStageCommand: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "revert",
      abstract: say(
        en: "Take a customer's latest move back; --reason says why.",
        fi: "Peru asiakkaan viimeisin siirtymä; --reason kertoo miksi."))
  }

  @OptionGroup var target: RecordArgument
  @OptionGroup var change: ChangeOptions
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    var request = RevertTransitionRequest()
    request.name = try await RecordFinder<StageTransitionNoun>(session: session).name(of: target.record)
    request.reason = change.reason
    request.requestId = change.requestID
    request.validateOnly = change.isDryRun
    let reverted =
      try await LifecycleServiceClient(session.channel).revertTransition(request, session.call)
      .stageTransition ?? StageTransition()
    try RecordPrinter(session, rows: NounRows<StageTransitionNoun>(session.language)).outcome(
      reverted,
      change.isDryRun
        ? Term(en: "Would take back: \(reverted.title).", fi: "Peruisi: \(reverted.title).")
        : Term(en: "Took back: \(reverted.title).", fi: "Peruttiin: \(reverted.title)."))
  }
}
