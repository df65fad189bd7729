internal import ArgumentParser
internal import Domain
internal import PunosAPI
internal import PunosMessages
internal import Terminal

struct TimelineOfHandover: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "timeline",
      abstract: say(
        en: "What happened on its way: offers, questions and answers, returns, acceptance.",
        fi: "Mitä matkalla tapahtui: tarjoukset, kysymykset ja vastaukset, palautukset, hyväksyntä."),
      discussion: say(
        en: "Example: punos handover timeline kuura/lifts --svg lifts.svg",
        fi: "Esimerkki: punos handover timeline kuura/hissit --svg hissit.svg"))
  }

  @OptionGroup var target: RecordArgument
  @Option(
    help: .say(en: "Write the picture (SVG) into this file.", fi: "Kirjoita kuva (SVG) tähän tiedostoon."),
    completion: .file(extensions: ["svg"]))
  var svg: String?
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    var request = GetHandoverRequest()
    request.name = try await session.handover(target.record)
    let handover = try await session.handovers.getHandover(request, session.call)
    if let svg { return try draw(handover, into: svg, session.language) }
    let columns: [Listing.Column] = [
      .init("time", en: "When", fi: "Milloin", minimum: 16),
      .init("event", en: "What", fi: "Mitä", minimum: 10),
      .init("who", en: "Who", fi: "Kuka", minimum: 12),
      .init("items", en: "Item", fi: "Kohta", expendability: 1, minimum: 12),
      .init("text", en: "Said", fi: "Sanottu", minimum: 16),
    ]
    let writing = Writing(session.language)
    let isForPeople = session.format == .table || session.format == .markdown
    let rows = HandoverTimeline.events(of: handover).map { event in
      [
        isForPeople ? writing.full(event.time) : HandoverWords.instant(of: event.time),
        isForPeople ? Self.word(for: event.kind, session.language) : event.kind.rawValue,
        isForPeople ? Self.who(event, session.language) : event.principal,
        event.items.joined(separator: "; "), event.text,
      ]
    }
    try Listing(columns: columns, rows: rows).write(to: session.output, session.format, session.language)
  }

  private func draw(_ handover: Handover, into file: String, _ language: Language) throws {
    let writing = Writing(language)
    let picture = HandoverTimelinePicture(
      handover,
      HandoverTimelinePicture.Words(
        event: { Self.word(for: $0, language) }, moment: { writing.full($0) },
        team: { FieldNames.label($0, language) }))
    try SmallFile.replace(SmallFile.absolute(file), with: Array(picture.svg().utf8), mode: 0o644)
  }

  private static func who(_ event: HandoverEvent, _ language: Language) -> String {
    let team = event.team.isEmpty ? "" : FieldNames.label(event.team, language)
    if event.principal.isEmpty { return team }
    return team.isEmpty ? event.principal : "\(event.principal) (\(team))"
  }

  private static func word(for kind: HandoverEvent.Kind, _ language: Language) -> String {
    switch kind {
    case .begun: language.say(en: "begun", fi: "aloitettu")
    case .offered: language.say(en: "offered", fi: "tarjottu")
    case .asked: language.say(en: "asked", fi: "kysytty")
    case .answered: language.say(en: "answered", fi: "vastattu")
    case .itemsAccepted: language.say(en: "items accepted", fi: "kohtia hyväksytty")
    case .itemRejected: language.say(en: "item rejected", fi: "kohta hylätty")
    case .returned: language.say(en: "returned", fi: "palautettu")
    case .accepted: language.say(en: "accepted", fi: "hyväksytty")
    case .closed: language.say(en: "closed", fi: "suljettu")
    }
  }
}
