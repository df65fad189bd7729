internal import ArgumentParser
internal import ProtobufBridge
internal import PunosAPI
internal import PunosMessages
internal import RPC
internal import Terminal

/// What every move of a handover takes.
protocol HandoverMove: Message {
  var name: String { get set }
  var requestId: String { get set }
  var reason: String { get set }
  var validateOnly: Bool { get set }
}

extension SuggestHandoverItemsRequest: HandoverMove {}
extension OfferHandoverRequest: HandoverMove {}
extension QueryHandoverItemRequest: HandoverMove {}
extension AnswerHandoverItemRequest: HandoverMove {}
extension AcceptHandoverItemRequest: HandoverMove {}
extension RejectHandoverItemRequest: HandoverMove {}
extension AcceptHandoverRequest: HandoverMove {}
extension ReturnHandoverRequest: HandoverMove {}
extension CloseHandoverRequest: HandoverMove {}

extension Session {
  /// A request about a handover that a person named.
  func move<Request: HandoverMove>(_: Request.Type, _ target: RecordArgument, _ change: ChangeOptions)
    async throws -> Request
  {
    var request = Request()
    request.name = try await handover(target.record)
    request.requestId = change.requestID
    request.reason = change.reason
    request.validateOnly = change.isDryRun
    return request
  }

  /// Tells what became of a handover.
  func told(_ handover: Handover, _ change: ChangeOptions, en english: String, fi finnish: String) throws {
    let dry = change.isDryRun ? Term(en: " (dry run)", fi: " (kokeilu)") : .verbatim("")
    try RecordPrinter(self, rows: NounRows<HandoverNoun>(language)).outcome(
      handover,
      Term(
        en: "\(handover.title): \(english)\(dry(in: .english)).",
        fi: "\(handover.title): \(finnish)\(dry(in: .finnish))."))
  }
}

struct SuggestHandover: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "suggest",
      abstract: say(
        en: "Fill a draft from what is known, and mark what only a person can say.",
        fi: "Täytä luonnos siitä, mitä tiedetään, ja merkitse, mitä vain ihminen voi kertoa."))
  }

  @OptionGroup var target: RecordArgument
  @OptionGroup var change: ChangeOptions
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    let request = try await session.move(SuggestHandoverItemsRequest.self, target, change)
    let handover = try await session.workflow.suggestHandoverItems(request, session.call)
    let open = handover.items.filter(\.needsPerson).count
    try session.told(
      handover, change, en: "\(handover.items.count) items, \(open) for a person to say",
      fi: "\(handover.items.count) kohtaa, joista \(open) ihmisen kerrottavaksi")
  }
}

struct ReadyHandover: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "ready",
      abstract: say(
        en: "What is missing before it can be offered, why that matters, and whose turn it is.",
        fi: "Mitä puuttuu ennen tarjoamista, miksi sillä on väliä, ja kenen vuoro on."))
  }

  @OptionGroup var target: RecordArgument
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    var request = GetHandoverReadinessRequest()
    request.name = try await session.handover(target.record)
    let readiness = try await session.workflow.getHandoverReadiness(request, session.call)
    let columns: [Listing.Column] = [
      .init("title", en: "Missing", fi: "Puuttuu", minimum: 16),
      .init("required", en: "Required", fi: "Pakollinen"),
      .init("why", en: "Why it matters", fi: "Miksi", expendability: 1, minimum: 20),
      .init("prompt", en: "What to write", fi: "Mitä kirjoittaa", expendability: 2, minimum: 20),
    ]
    let rows = readiness.gaps.map { gap in
      [gap.title, gap.required ? session.say(en: "yes", fi: "kyllä") : "", gap.why, gap.prompt]
    }
    if !rows.isEmpty || session.format != .table {
      try Listing(columns: columns, rows: rows).write(to: session.output, session.format, session.language)
    }
    if session.format == .table {
      let turn = readiness.waitingForTeam.isEmpty ? "" : "\(readiness.waitingForTeam): \(readiness.nextStep)"
      try session.output.line(
        readiness.ready
          ? session.say(en: "Nothing required is missing. \(turn)", fi: "Mitään pakollista ei puutu. \(turn)")
          : turn)
    }
    if !readiness.ready { throw ExitCode(ExitStatus.partial.rawValue) }
  }
}

struct OfferHandover: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "offer",
      abstract: say(
        en: "Offer it to the receiving team.",
        fi: "Tarjoa vastaanottavalle tiimille."))
  }

  @OptionGroup var target: RecordArgument
  @OptionGroup var change: ChangeOptions
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    let request = try await session.move(OfferHandoverRequest.self, target, change)
    let handover = try await session.workflow.offerHandover(request, session.call)
    try session.told(
      handover, change, en: "offered to \(handover.toTeam)", fi: "tarjottu tiimille \(handover.toTeam)")
  }
}

struct QueryHandover: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "query",
      abstract: say(
        en: "Ask the sending team about an item.",
        fi: "Kysy luovuttavalta tiimiltä jostakin kohdasta."))
  }

  @OptionGroup var target: RecordArgument
  @OptionGroup var which: ItemArgument
  @Argument(
    help: .say(
      en: "The question.",
      fi: "Kysymys.")) var text: String
  @OptionGroup var change: ChangeOptions
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    var request = try await session.move(QueryHandoverItemRequest.self, target, change)
    request.itemId = try await which.id(in: request.name, session)
    request.text = text
    let handover = try await session.workflow.queryHandoverItem(request, session.call)
    try session.told(
      handover, change, en: "asked \(handover.fromTeam)", fi: "kysytty tiimiltä \(handover.fromTeam)")
  }
}

struct AnswerHandover: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "answer",
      abstract: say(
        en: "Answer what the receiving team asked about an item.",
        fi: "Vastaa siihen, mitä vastaanottava tiimi kysyi kohdasta."))
  }

  @OptionGroup var target: RecordArgument
  @OptionGroup var which: ItemArgument
  @Argument(
    help: .say(
      en: "The answer.",
      fi: "Vastaus.")) var text: String
  @OptionGroup var change: ChangeOptions
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    var request = try await session.move(AnswerHandoverItemRequest.self, target, change)
    request.itemId = try await which.id(in: request.name, session)
    request.text = text
    let handover = try await session.workflow.answerHandoverItem(request, session.call)
    try session.told(
      handover, change, en: "answered \(handover.toTeam)", fi: "vastattu tiimille \(handover.toTeam)")
  }
}

struct AcceptHandover: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "accept",
      abstract: say(
        en: "Accept an item, or the whole; its open promises then get their new owner.",
        fi: "Hyväksy kohta tai koko luovutus; sen avoimet lupaukset saavat silloin uuden omistajan."))
  }

  @OptionGroup var target: RecordArgument
  @Argument(
    help: .say(
      en: "An item: its id, or words of its title; the whole handover where not given.",
      fi: "Kohta: sen tunniste tai sanoja sen otsikosta; koko luovutus, jos ei anneta.")) var item: String?
  @Flag(
    name: .customLong("open-items"),
    help: .say(
      en: "Accept every item that is open along with the whole.",
      fi: "Hyväksy samalla kaikki avoimet kohdat."))
  var openItems = false
  @Flag(
    name: .customLong("keep-stage"),
    help: .say(
      en: "Leave the account in the stage where it is.", fi: "Jätä asiakkuus siihen vaiheeseen, jossa se on.")
  )
  var keepStage = false
  @Flag(
    help: .say(
      en: "The account goes back in its journey, and is meant to.",
      fi: "Asiakkuus palaa polullaan taaksepäin, ja niin on tarkoitus."))
  var backwards = false
  @Option(
    help: .say(
      en: "A criterion of the stage that is met; may be given more than once.",
      fi: "Vaiheen kriteeri, joka täyttyy; voi antaa monta kertaa."))
  var confirm: [String] = []
  @Option(
    help: .say(
      en: "Who takes over; the first of to_people, or you, where not given.",
      fi: "Kuka ottaa vastaan; to_people-kentän ensimmäinen tai sinä, jos ei anneta.")) var owner: String = ""
  @OptionGroup var change: ChangeOptions
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    if let item {
      var request = try await session.move(AcceptHandoverItemRequest.self, target, change)
      request.itemId = try await ItemArgument.id(of: item, in: request.name, session)
      let handover = try await session.workflow.acceptHandoverItem(request, session.call)
      return try session.told(handover, change, en: "item \(item) accepted", fi: "kohta \(item) hyväksytty")
    }
    var request = try await session.move(AcceptHandoverRequest.self, target, change)
    request.acceptOpenItems = openItems
    request.keepStage = keepStage
    request.backwards = backwards
    request.confirmed = confirm
    request.owner = owner
    let handover = try await session.workflow.acceptHandover(request, session.call)
    try session.told(handover, change, en: "accepted", fi: "hyväksytty")
  }
}

struct RejectHandover: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "reject",
      abstract: say(
        en: "Do not take an item over, and say why.",
        fi: "Älä ota kohtaa vastaan, ja kerro miksi."))
  }

  @OptionGroup var target: RecordArgument
  @OptionGroup var which: ItemArgument
  @Argument(
    help: .say(
      en: "Why.",
      fi: "Miksi.")) var text: String
  @OptionGroup var change: ChangeOptions
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    var request = try await session.move(RejectHandoverItemRequest.self, target, change)
    request.itemId = try await which.id(in: request.name, session)
    request.text = text
    let handover = try await session.workflow.rejectHandoverItem(request, session.call)
    try session.told(handover, change, en: "item \(which.item) rejected", fi: "kohta \(which.item) hylätty")
  }
}

struct ReturnHandover: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "return",
      abstract: say(
        en: "Send it back with reasons.",
        fi: "Palauta perusteluineen."))
  }

  @OptionGroup var target: RecordArgument
  @Argument(
    help: .say(
      en: "Why, in words the sending team can act on.",
      fi: "Miksi, sanoin, joiden perusteella luovuttava tiimi voi toimia.")) var text: String
  @OptionGroup var change: ChangeOptions
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    var request = try await session.move(ReturnHandoverRequest.self, target, change)
    request.text = text
    let handover = try await session.workflow.returnHandover(request, session.call)
    try session.told(
      handover, change, en: "returned to \(handover.fromTeam)", fi: "palautettu tiimille \(handover.fromTeam)"
    )
  }
}

struct CloseHandover: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "close",
      abstract: say(
        en: "End an accepted handover, or a draft that is not needed any more.",
        fi: "Sulje hyväksytty luovutus tai luonnos, jota ei enää tarvita."))
  }

  @OptionGroup var target: RecordArgument
  @Option(
    help: .say(
      en: "What came of it.",
      fi: "Mitä siitä seurasi.")) var outcome: String = ""
  @OptionGroup var change: ChangeOptions
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    var request = try await session.move(CloseHandoverRequest.self, target, change)
    request.text = outcome
    let handover = try await session.workflow.closeHandover(request, session.call)
    try session.told(handover, change, en: "closed", fi: "suljettu")
    try askWhatWasLearned(handover, session)
  }

  /// What the receiver knows now is lost with the handover, unless somebody is asked for it.
  private func askWhatWasLearned(_ handover: Handover, _ session: Session) throws {
    guard session.format == .table, handover.acceptedTime != nil,
      let item = handover.items.first(where: { $0.kind == .promise && $0.status == .accepted })
        ?? handover.items.first
    else { return }
    let command = "punos handover learned \(RecordNames.short(handover.name)) \(item.id)"
    try session.output.line(
      session.say(
        en: "What should \(handover.fromTeam) know before the next one? \(command) 'WHAT YOU LEARNED'",
        fi: "Mitä tiimin \(handover.fromTeam) pitäisi tietää ennen seuraavaa? \(command) 'MITÄ OPIT'"))
  }
}
