internal import ArgumentParser
internal import ProtobufBridge
internal import PunosAPI
internal import PunosMessages
internal import Terminal

struct ContactCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "contact", abstract: "Contacts: people at customers.",
    subcommands: [
      ListContacts.self, ShowContact.self, CreateContact.self, UpdateContact.self, DeleteContact.self,
      UndeleteContact.self, ContactHistory.self, ContactData.self, EraseContact.self,
    ])
}

/// A contact on the command line.
struct ContactArgument: ParsableArguments {
  @Argument(help: "Id, e-mail address, or a part of the name.")
  var contact: String
}

struct ListContacts: ServerCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "List contacts.")

  @Option(help: "Which ones: comparisons such as 'emails.address = liisa@example.fi'.")
  var filter: String = ""
  @Option(
    name: .customLong("order-by"),
    help: "display_name, create_time or update_time; with ' desc' for descending.")
  var orderBy: String = ""
  @Option(help: "How many at most; all where 0.")
  var limit: Int = 100
  @Flag(help: "Show deleted ones too.")
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
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Everything known about a person.")

  @OptionGroup var target: ContactArgument
  @Option(name: .customLong("as-of"), help: "As it was known then: YYYY-MM-DD, RFC 3339, or a revision.")
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
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Create a contact.",
    discussion: "Example: punos contact create 'Liisa Korhonen' --account Kuura --title Toimitusjohtaja")

  @Argument(help: "The name as it is written to the person.")
  var name: String
  @Option(help: "An id of your choice; the server makes one where not given.")
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
  static let configuration = CommandConfiguration(
    commandName: "update", abstract: "Change fields of a contact; what is not named stays as it is.")

  @OptionGroup var target: ContactArgument
  @Option(name: .customLong("name"), help: "The name as it is written to the person.")
  var displayName: String?
  @OptionGroup var fields: ContactFields
  @Option(help: "A field to empty; may be given more than once.")
  var clear: [String] = []
  @Option(help: "The etag the change builds on; refused where the contact has changed since.")
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
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Delete a contact; `undelete` brings it back.")

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
          en: "Deleted \(contact.displayName). Bring back: punos contact undelete \(contact.name)",
          fi: "Henkilö \(contact.displayName) poistettiin. Palauta: punos contact undelete \(contact.name)"))
  }
}

struct UndeleteContact: ServerCommand {
  static let configuration = CommandConfiguration(
    commandName: "undelete", abstract: "Bring a deleted contact back.")

  @Argument(help: "Its id; names of deleted contacts are not searched.")
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
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "What happened to a contact: which fields, from what to what, who, when, why.")

  @OptionGroup var target: ContactArgument
  @Option(help: "Only changes of this field; may be given more than once.")
  var field: [String] = []
  @Option(help: "How many changes at most.")
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
