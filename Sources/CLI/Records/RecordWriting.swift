internal import ArgumentParser
internal import ProtobufBridge
internal import PunosAPI
internal import PunosMessages
internal import Terminal

struct CreateRecord<Noun: CLINoun>: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "create", abstract: say(en: "Create one.", fi: "Luo uusi."),
      discussion: say(
        en:
          "Example: punos \(Noun.command) create \(Noun.isInAccount ? "Kuura " : "")'A title' --set FIELD=VALUE",
        fi:
          "Esimerkki: punos \(Noun.command) create \(Noun.isInAccount ? "Kuura " : "")'Otsikko' --set KENTTÄ=ARVO"
      ))
  }

  @Argument(
    help: Noun.isInAccount
      ? .say(
        en: "The account it belongs to, then what people call it.",
        fi: "Asiakkuus, jolle se kuuluu, ja sitten se, miksi sitä kutsutaan.")
      : .say(en: "What people call it.", fi: "Miksi sitä kutsutaan."))
  var words: [String] = []
  @Option(
    help: .say(
      en: "An id of your choice; the server makes one where not given.",
      fi: "Itse valittu tunniste; jos ei anneta, palvelin tekee sen."))
  var id: String = ""
  @OptionGroup var fields: RecordFields
  @OptionGroup var change: ChangeOptions
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    var fields = fields
    var words = words[...]
    var request = Noun.Client.CreateRequest()
    if Noun.isInAccount {
      guard let account = words.popFirst() else { throw missing("ACCOUNT") }
      request.parent = try await AccountFinder(session: session).name(of: account)
    }
    let title = words.joined(separator: " ")
    if !title.isEmpty, let pair = PairArgument(argument: "\(Noun.titleField)=\(title)") {
      fields.set.insert(pair, at: 0)
    }
    request.record = try await fields.read(Noun.Record.self, session).record
    request.recordID = id
    request.reason = change.reason
    request.requestId = change.requestID
    request.validateOnly = change.isDryRun
    let created = try await session.client(Noun.self).create(request, session.call)
    let (name, shown) = (RecordNames.short(created.name), Noun.title(created))
    try RecordPrinter(session, rows: NounRows<Noun>(session.language)).outcome(
      created,
      change.isDryRun
        ? Term(en: "Would create \(shown).", fi: "Loisi: \(shown).")
        : Term(en: "Created \(shown) (\(name)).", fi: "Luotiin: \(shown) (\(name))."))
  }

  private func missing(_ what: String) -> CLIProblem {
    CLIProblem(
      .usage, Term(en: "The account was not named.", fi: "Asiakkuutta ei nimetty."), at: what,
      remedy: Term(
        en: "punos \(Noun.command) create ACCOUNT 'A title'",
        fi: "punos \(Noun.command) create ASIAKKUUS 'Otsikko'"))
  }
}

struct UpdateRecord<Noun: CLINoun>: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "update",
      abstract: say(
        en: "Change fields of one; what is not named stays as it is.",
        fi: "Muuta kenttiä; muu pysyy ennallaan."))
  }

  @OptionGroup var target: RecordArgument
  @OptionGroup var fields: RecordFields
  @Option(
    help: .say(
      en: "A field to empty; may be given more than once.",
      fi: "Tyhjennettävä kenttä; voi antaa monta kertaa."))
  var clear: [String] = []
  @Option(
    help: .say(
      en: "The etag the change builds on; refused where the record has changed since.",
      fi: "Etag, johon muutos perustuu; hylätään, jos tietue on muuttunut sen jälkeen."))
  var etag: String = ""
  @OptionGroup var change: ChangeOptions
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    let client = session.client(Noun.self)
    var read = Noun.Client.GetRequest()
    read.name = try await RecordFinder<Noun>(session: session).name(of: target.record)
    let before = try await client.get(read, session.call)
    var (record, paths) = try await fields.read(Noun.Record.self, session)
    paths += clear
    guard !paths.isEmpty else { throw CLIProblem.nothingToChange }
    record.name = before.name
    record.etag = etag.isEmpty ? before.etag : etag
    var request = Noun.Client.UpdateRequest()
    request.record = record
    request.updateMask = ProtoFieldMask.with { $0.paths = paths }
    request.reason = change.reason
    request.requestId = change.requestID
    request.validateOnly = change.isDryRun
    let after = try await client.update(request, session.call)
    try RecordPrinter(session, rows: NounRows<Noun>(session.language)).changed(
      before, after, title: Noun.title(after), isDryRun: change.isDryRun)
  }
}

struct DeleteRecord<Noun: CLINoun>: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "delete",
      abstract: say(en: "Delete one; `undelete` brings it back.", fi: "Poista; `undelete` palauttaa."))
  }

  @OptionGroup var target: RecordArgument
  @OptionGroup var change: ChangeOptions
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    var request = Noun.Client.DeleteRequest()
    request.name = try await RecordFinder<Noun>(session: session).name(of: target.record)
    request.reason = change.reason
    request.requestId = change.requestID
    request.validateOnly = change.isDryRun
    let record = try await session.client(Noun.self).delete(request, session.call)
    let (title, name) = (Noun.title(record), RecordNames.short(record.name))
    try RecordPrinter(session, rows: NounRows<Noun>(session.language)).outcome(
      record,
      change.isDryRun
        ? Term(en: "Would delete \(title).", fi: "Poistaisi: \(title).")
        : Term(
          en: "Deleted \(title). Bring it back:", fi: "Poistettiin: \(title). Palauta:"),
      next: change.isDryRun ? "" : "punos \(Noun.command) undelete \(name)")
  }
}

struct UndeleteRecord<Noun: CLINoun>: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "undelete", abstract: say(en: "Bring a deleted one back.", fi: "Palauta poistettu."))
  }

  @Argument(
    help: .say(
      en: "Its id; titles of deleted records are not searched.",
      fi: "Tunniste; poistettuja ei haeta otsikolla."))
  var record: String
  @OptionGroup var change: ChangeOptions
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    var request = Noun.Client.UndeleteRequest()
    request.name = try await RecordFinder<Noun>(session: session).nameOfDeleted(record)
    request.reason = change.reason
    request.requestId = change.requestID
    request.validateOnly = change.isDryRun
    let record = try await session.client(Noun.self).undelete(request, session.call)
    let title = Noun.title(record)
    try RecordPrinter(session, rows: NounRows<Noun>(session.language)).outcome(
      record,
      change.isDryRun
        ? Term(en: "Would bring back \(title).", fi: "Palauttaisi: \(title).")
        : Term(en: "\(title) is back.", fi: "Palautettiin: \(title)."))
  }
}
