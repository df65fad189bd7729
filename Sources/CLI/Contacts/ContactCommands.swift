internal import ArgumentParser
internal import ProtobufBridge
internal import PunosAPI
internal import PunosMessages
internal import Terminal

struct ContactCommand: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "contact",
      abstract: say(en: "Contacts: people at customers.", fi: "Yhteyshenkilöt: ihmiset asiakkailla."),
      subcommands: [
        ListContacts.self, ShowContact.self, CreateContact.self, UpdateContact.self, DeleteContact.self,
        UndeleteContact.self, ContactHistory.self, ContactData.self, EraseContact.self,
      ])
  }
}

/// A contact on the command line.
struct ContactArgument: ParsableArguments {
  @Argument(
    help: .say(
      en: "Id, e-mail address, or a part of the name.", fi: "Tunniste, sähköpostiosoite tai osa nimestä."))
  var contact: String
}

struct ListContacts: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "list", abstract: say(en: "List contacts.", fi: "Luettele yhteyshenkilöt."))
  }

  @Option(
    help: .say(
      en: "Which ones: comparisons such as 'emails.address = liisa@example.fi'.",
      fi: "Mitkä: vertailuja, kuten 'emails.address = liisa@example.fi'."))
  var filter: String = ""
  @Option(
    name: .customLong("order-by"),
    help: .say(
      en: "display_name, create_time or update_time; with ' desc' for descending.",
      fi: "display_name, create_time tai update_time; ' desc' perässä laskevasti."))
  var orderBy: String = ""
  @Option(help: .say(en: "How many at most; all where 0.", fi: "Montako enintään; 0 on kaikki."))
  var limit: Int = 100
  @Flag(help: .say(en: "Show deleted ones too.", fi: "Näytä myös poistetut."))
  var deleted = false
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    let pages = Pages(limit: limit) { size, token in
      var request = ListContactsRequest()
      request.filter = filter
      request.orderBy = orderBy
      request.showDeleted = deleted
      request.pageSize = size
      request.pageToken = token
      let answer = try await session.contacts.listContacts(request, session.call)
      return (answer.contacts, answer.nextPageToken, answer.totalSize)
    }
    try await RecordPrinter(session, rows: ContactRows(session.language)).list(pages)
  }
}

struct ShowContact: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "show",
      abstract: say(en: "Everything known about a person.", fi: "Kaikki henkilöstä tiedetty."))
  }

  @OptionGroup var target: ContactArgument
  @Option(
    name: .customLong("as-of"),
    help: .say(
      en: "As it was known then: YYYY-MM-DD, RFC 3339, or a revision.",
      fi: "Niin kuin silloin tiedettiin: VVVV-KK-PP, RFC 3339 tai revisio."))
  var asOf: String?
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    var request = GetContactRequest()
    request.name = try await ContactFinder(session: session).name(of: target.contact)
    switch try asOf.map(PointInTime.init) {
    case .moment(let moment): request.asOf = .asOfTime(moment)
    case .revision(let revision): request.asOf = .asOfRevision(revision)
    case nil: break
    }
    let contact = try await session.contacts.getContact(request, session.call)
    switch session.format {
    case .json, .jsonl, .csv:
      try RecordPrinter(session, rows: ContactRows(session.language)).outcome(contact, .verbatim(""))
    case .table, .markdown:
      let page = ContactPage(
        contact: contact, employers: await employers(of: contact, session), writing: Writing(session.language)
      ).page()
      try session.output.lines(
        session.format == .table
          ? page.lines(width: min(session.output.width, AccountPage.widest), style: session.output.style)
          : page.markdown())
    }
  }

  /// Names of employers; one that cannot be read is shown by its id.
  private func employers(of contact: Contact, _ session: Session) async -> [String: String] {
    var names: [String: String] = [:]
    for employment in contact.employments.prefix(10) where names[employment.account] == nil {
      var request = GetAccountRequest()
      request.name = employment.account
      names[employment.account] = try? await session.accounts.getAccount(request, session.call).displayName
    }
    return names
  }
}

struct CreateContact: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "create", abstract: say(en: "Create a contact.", fi: "Luo yhteyshenkilö."),
      discussion: say(
        en: "Example: punos contact create 'Liisa Korhonen' --account Kuura --title Toimitusjohtaja",
        fi: "Esimerkki: punos contact create 'Liisa Korhonen' --account Kuura --title Toimitusjohtaja"))
  }

  @Argument(
    help: .say(
      en: "The name as it is written to the person.", fi: "Nimi, jota henkilölle kirjoitettaessa käytetään."))
  var name: String
  @Option(
    help: .say(
      en: "An id of your choice; the server makes one where not given.",
      fi: "Itse valittu tunniste; jos ei anneta, palvelin tekee sen."))
  var id: String = ""
  @OptionGroup var fields: ContactFields
  @OptionGroup var change: ChangeOptions
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    var contact = Contact()
    contact.displayName = name
    let account = try await fields.accountName(session)
    _ = fields.write(to: &contact, accountName: account)
    var request = CreateContactRequest()
    request.contact = contact
    request.contactId = id
    request.reason = change.reason
    request.requestId = change.requestID
    request.validateOnly = change.isDryRun
    let created = try await session.contacts.createContact(request, session.call)
    try RecordPrinter(session, rows: ContactRows(session.language)).outcome(
      created,
      change.isDryRun
        ? Term(en: "Would create \(created.displayName).", fi: "Loisi henkilön \(created.displayName).")
        : Term(
          en: "Created \(created.displayName) (\(created.name)).",
          fi: "Henkilö \(created.displayName) luotiin (\(created.name))."))
  }
}

struct UpdateContact: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "update",
      abstract: say(
        en: "Change fields of a contact; what is not named stays as it is.",
        fi: "Muuta yhteyshenkilön kenttiä; muu pysyy ennallaan."))
  }

  @OptionGroup var target: ContactArgument
  @Option(
    name: .customLong("name"),
    help: .say(
      en: "The name as it is written to the person.", fi: "Nimi, jota henkilölle kirjoitettaessa käytetään."))
  var displayName: String?
  @OptionGroup var fields: ContactFields
  @Option(
    help: .say(
      en: "A field to empty; may be given more than once.",
      fi: "Tyhjennettävä kenttä; voi antaa monta kertaa."))
  var clear: [String] = []
  @Option(
    help: .say(
      en: "The etag the change builds on; refused where the contact has changed since.",
      fi: "Etag, johon muutos perustuu; hylätään, jos tiedot ovat muuttuneet sen jälkeen."))
  var etag: String = ""
  @OptionGroup var change: ChangeOptions
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    var read = GetContactRequest()
    read.name = try await ContactFinder(session: session).name(of: target.contact)
    let before = try await session.contacts.getContact(read, session.call)
    var contact = before
    if let displayName { contact.displayName = displayName }
    let account = try await fields.accountName(session)
    var paths = fields.write(to: &contact, accountName: account)
    if displayName != nil { paths.append("display_name") }
    for field in clear {
      try ClearedField.clear(field, in: &contact)
      paths.append(field)
    }
    guard !paths.isEmpty else { throw CLIProblem.nothingToChange }
    contact.etag = etag.isEmpty ? before.etag : etag
    var request = UpdateContactRequest()
    request.contact = contact
    request.updateMask = ProtoFieldMask.with { $0.paths = paths }
    request.reason = change.reason
    request.requestId = change.requestID
    request.validateOnly = change.isDryRun
    let after = try await session.contacts.updateContact(request, session.call)
    try RecordPrinter(session, rows: ContactRows(session.language)).changed(
      before, after, title: after.displayName, isDryRun: change.isDryRun)
  }
}

struct DeleteContact: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "delete",
      abstract: say(
        en: "Delete a contact; `undelete` brings it back.",
        fi: "Poista yhteyshenkilö; `undelete` palauttaa sen."))
  }

  @OptionGroup var target: ContactArgument
  @OptionGroup var change: ChangeOptions
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    var request = DeleteContactRequest()
    request.name = try await ContactFinder(session: session).name(of: target.contact)
    request.reason = change.reason
    request.requestId = change.requestID
    request.validateOnly = change.isDryRun
    let contact = try await session.contacts.deleteContact(request, session.call)
    try RecordPrinter(session, rows: ContactRows(session.language)).outcome(
      contact,
      change.isDryRun
        ? Term(en: "Would delete \(contact.displayName).", fi: "Poistaisi henkilön \(contact.displayName).")
        : Term(
          en: "Deleted \(contact.displayName). Bring back:",
          fi: "Henkilö \(contact.displayName) poistettiin. Palauta:"),
      next: change.isDryRun ? "" : "punos contact undelete \(contact.name)")
  }
}

struct UndeleteContact: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "undelete",
      abstract: say(en: "Bring a deleted contact back.", fi: "Palauta poistettu yhteyshenkilö."))
  }

  @Argument(
    help: .say(
      en: "Its id; names of deleted contacts are not searched.", fi: "Tunniste; poistettuja ei haeta nimellä."
    ))
  var contact: String
  @OptionGroup var change: ChangeOptions
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    var request = UndeleteContactRequest()
    request.name = contact.hasPrefix("contacts/") ? contact : "contacts/\(contact)"
    request.reason = change.reason
    request.requestId = change.requestID
    request.validateOnly = change.isDryRun
    let contact = try await session.contacts.undeleteContact(request, session.call)
    try RecordPrinter(session, rows: ContactRows(session.language)).outcome(
      contact,
      change.isDryRun
        ? Term(
          en: "Would bring back \(contact.displayName).", fi: "Palauttaisi henkilön \(contact.displayName).")
        : Term(en: "\(contact.displayName) is back.", fi: "Henkilö \(contact.displayName) on palautettu."))
  }
}

struct ContactHistory: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "history",
      abstract: say(
        en: "What happened to a contact: which fields, from what to what, who, when, why.",
        fi: "Mitä yhteyshenkilölle on tapahtunut: mikä kenttä, mistä mihin, kuka, milloin, miksi."))
  }

  @OptionGroup var target: ContactArgument
  @Option(
    help: .say(
      en: "Only changes of this field; may be given more than once.",
      fi: "Vain tämän kentän muutokset; voi antaa monta kertaa."))
  var field: [String] = []
  @Option(help: .say(en: "How many changes at most.", fi: "Montako muutosta enintään."))
  var limit: Int = 50
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    let name = try await ContactFinder(session: session).name(of: target.contact)
    try await HistoryPrinter(session).print(name, fields: field, limit: limit)
  }
}

extension ContactFields {
  /// The employer's resource name, where one was named.
  func accountName(_ session: Session) async throws -> String? {
    guard let account else { return nil }
    let name = try await AccountFinder(session: session).name(of: account)
    guard name.contains(":") else { return name }
    // Employments are compared by the account's own name.
    var request = GetAccountRequest()
    request.name = name
    return try await session.accounts.getAccount(request, session.call).name
  }
}
