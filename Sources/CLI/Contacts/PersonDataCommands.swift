internal import ArgumentParser
internal import ProtobufBridge
internal import PunosAPI
internal import PunosMessages
internal import Terminal

/// What is held about a person: for the person who asks.
struct ContactData: ServerCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Everything that is held about a person, in every record, as JSON lines.",
    discussion: "Give the output to a person who asks what is known of them. -o table lists the records only.")

  @OptionGroup var target: ContactArgument
  @OptionGroup var globals: GlobalOptions

  private static let columns: [Listing.Column] = [
    .init("kind", en: "Kind", fi: "Laji", minimum: 10), .init("name", en: "Record", fi: "Tietue", minimum: 40),
    .init("changed", en: "Changed", fi: "Muutettu", expendability: 1, minimum: 10),
  ]

  func perform(_ session: Session) async throws {
    var request = ShowPersonRequest()
    request.name = try await ContactFinder(session: session).name(of: target.contact)
    request.pageSize = 1000
    let writing = Writing(session.language)
    var rows: [[String]] = []
    repeat {
      let page = try await session.privacy.showPerson(request, session.call)
      for record in page.records {
        if session.format == .json || session.format == .jsonl {
          try session.output.line(record.jsonString())
        } else {
          let deleted = record.deleted ? session.say(en: " (deleted)", fi: " (poistettu)") : ""
          rows.append([
            FieldNames.label(record.kind, session.language), record.name + deleted, writing.ago(record.updateTime),
          ])
        }
      }
      request.pageToken = page.nextPageToken
    } while !request.pageToken.isEmpty
    guard !rows.isEmpty else { return }
    try Listing(columns: Self.columns, rows: rows).write(to: session.output, session.format, session.language)
  }
}

/// Takes a person out of everything.
struct EraseContact: ServerCommand {
  static let configuration = CommandConfiguration(
    commandName: "erase",
    abstract: "Take a person's data out of every record, the history, search and the files, for good.",
    discussion: "Without --yes nothing is erased; the command says what would be touched. There is no way back.")

  @OptionGroup var target: ContactArgument
  @Option(help: "Why and on whose word, without personal data; stays in the history.")
  var reason: String
  @Flag(help: "Erase, without asking again.")
  var yes = false
  @Option(name: .customLong("request-id"), help: "Makes a repeat of the command have one effect only.")
  var requestID: String = ""
  @Flag(name: .customLong("dry-run"), help: "Say what would be touched; erase nothing, whatever else is given.")
  var isDryRun = false
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    var request = ErasePersonRequest()
    request.name = try await ContactFinder(session: session).name(of: target.contact)
    request.reason = reason
    request.requestId = requestID
    request.validateOnly = isDryRun || !yes
    let answer = try await session.privacy.erasePerson(request, session.call)
    if session.format == .json || session.format == .jsonl { return try session.output.line(answer.jsonString()) }
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
        fi: "Poistettiin lopullisesti: \(records) tietuetta, \(changes) aiempaa muutosta (revisio \(answer.revision))."))
  }
}
