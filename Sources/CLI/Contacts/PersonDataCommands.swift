internal import ArgumentParser
internal import ProtobufBridge
internal import PunosAPI
internal import PunosMessages
internal import Terminal

/// What is held about a person: for the person who asks.
struct ContactData: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "data",
      abstract: say(
        en: "The records that hold data of a person; whole with -o jsonl.",
        fi: "Tietueet, joissa on henkilön tietoja; kokonaan valitsimella -o jsonl."),
      discussion: say(
        en: "Give the JSON lines to a person who asks what is known of them.",
        fi: "Anna JSON-rivit henkilölle, joka kysyy, mitä hänestä tiedetään."))
  }

  @OptionGroup var target: ContactArgument
  @OptionGroup var globals: GlobalOptions

  private static let columns: [Listing.Column] = [
    .init("kind", en: "Kind", fi: "Laji", minimum: 10),
    .init("name", en: "Record", fi: "Tietue", minimum: 40),
    .init("changed", en: "Changed", fi: "Muutettu", expendability: 1, minimum: 10),
  ]

  func perform(_ session: Session) async throws {
    var request = ShowPersonRequest()
    request.name = try await ContactFinder(session: session).name(of: target.contact)
    request.pageSize = 1000
    let writing = Writing(session.language)
    var rows: [[String]] = []
    let isMachine = session.format == .json || session.format == .jsonl
    var elements = JSONElements(session.format)
    repeat {
      let page = try await session.privacy.showPerson(request, session.call)
      for record in page.records {
        if isMachine {
          try elements.add(record.jsonString(), to: session.output)
        } else {
          let deleted = record.deleted ? session.say(en: " (deleted)", fi: " (poistettu)") : ""
          rows.append([
            FieldNames.label(record.kind, session.language), record.name + deleted,
            writing.ago(record.updateTime),
          ])
        }
      }
      request.pageToken = page.nextPageToken
    } while !request.pageToken.isEmpty
    if isMachine { return try elements.end(session.output) }
    try Listing(columns: Self.columns, rows: rows).write(to: session.output, session.format, session.language)
  }
}

/// Takes a person out of everything.
struct EraseContact: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "erase",
      abstract: say(
        en: "Take a person's data out of every record, the history, search and the files, for good.",
        fi: "Poista henkilön tiedot lopullisesti kaikista tietueista, historiasta, hausta ja tiedostoista."),
      discussion: say(
        en: "Without --yes nothing is erased; the command says what would be touched. There is no way back.",
        fi: "Ilman valitsinta --yes mitään ei poisteta; komento kertoo, mitä poistettaisiin. Paluuta ei ole.")
    )
  }

  @OptionGroup var target: ContactArgument
  @Option(
    help: .say(
      en: "Why and on whose word, without personal data; stays in the history.",
      fi: "Miksi ja kenen pyynnöstä, ilman henkilötietoja; jää historiaan."))
  var reason: String
  @Flag(help: .say(en: "Do it.", fi: "Tee se."))
  var yes = false
  @Option(
    name: .customLong("request-id"),
    help: .say(
      en: "Makes a repeat of the command have one effect only.",
      fi: "Toistettu komento vaikuttaa vain kerran."))
  var requestID: String = ""
  @Flag(
    name: .customLong("dry-run"),
    help: .say(
      en: "Say what would be touched; erase nothing.", fi: "Kerro, mitä poistettaisiin; älä poista mitään."))
  var isDryRun = false
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    var request = ErasePersonRequest()
    request.name = try await ContactFinder(session: session).name(of: target.contact)
    request.reason = reason
    request.requestId = requestID
    request.validateOnly = isDryRun || !yes
    let answer = try await session.privacy.erasePerson(request, session.call)
    if session.format == .json || session.format == .jsonl {
      return try session.output.line(answer.jsonString())
    }
    let numbers = LocaleFormat(session.language)
    let records = numbers.number(Int(answer.records))
    guard !request.validateOnly else {
      return try session.output.line(
        session.say(
          en: "Would take the person out of \(records) records and their whole history. To do it: --yes",
          fi: "Poistaisi henkilön \(records) tietueesta ja niiden koko historiasta. Tee se: --yes"))
    }
    let changes = numbers.number(Int(answer.changes))
    try session.output.line(
      session.say(
        en: "Erased: \(records) records, \(changes) changes of the past (revision \(answer.revision)).",
        fi:
          "Poistettiin lopullisesti: \(records) tietuetta, \(changes) aiempaa muutosta (revisio \(answer.revision))."
      ))
  }
}
