internal import ArgumentParser
internal import ProtobufBridge
internal import PunosAPI
internal import PunosMessages
internal import Terminal

struct AccountCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "account", abstract: "Accounts: the companies that are, were or may become customers.",
    subcommands: [
      ListAccounts.self, ShowAccount.self, CreateAccount.self, UpdateAccount.self, DeleteAccount.self,
      UndeleteAccount.self, AccountHistory.self,
    ])
}

/// An account on the command line.
struct AccountArgument: ParsableArguments {
  @Argument(
    help: "Id, ext:SYSTEM:ID, business id, domain, or a part of the name.",
    completion: .custom { _, _, word in await Completions.accounts(word) })
  var account: String
}

struct ListAccounts: ServerCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "List accounts.")

  @Option(help: "Which ones: comparisons such as 'status = CURRENT AND country = FI'.")
  var filter: String = ""
  @Option(
    name: .customLong("order-by"),
    help:
      "display_name, status, employees, founded_year, country, create_time or update_time; with ' desc' for descending."
  )
  var orderBy: String = ""
  @Option(help: "How many at most; all where 0.")
  var limit: Int = 100
  @Flag(help: "Show deleted ones too.")
  var deleted = false
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    let pages = Pages(limit: limit) { size, token in
      var request = ListAccountsRequest()
      request.filter = filter
      request.orderBy = orderBy
      request.showDeleted = deleted
      request.pageSize = size
      request.pageToken = token
      let answer = try await session.accounts.listAccounts(request, session.call)
      return (answer.accounts, answer.nextPageToken, answer.totalSize)
    }
    try await RecordPrinter(session, rows: AccountRows(session.language)).list(pages)
  }
}

struct ShowAccount: ServerCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Everything known about an account, on one page.")

  @OptionGroup var target: AccountArgument
  @Option(name: .customLong("as-of"), help: "As it was known then: YYYY-MM-DD, RFC 3339, or a revision.")
  var asOf: String?
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    var request = GetAccountViewRequest()
    request.name = try await AccountFinder(session: session).name(of: target.account)
    var mask = ProtoFieldMask()
    mask.paths = ["*"]
    request.readMask = mask
    switch try asOf.map(PointInTime.init) {
    case .moment(let moment): request.asOf = .asOfTime(moment)
    case .revision(let revision): request.asOf = .asOfRevision(revision)
    case nil: break
    }
    let view = try await session.views.getAccountView(request, session.call)
    switch session.format {
    case .table:
      let width = min(session.output.width, AccountPage.widest)
      try session.output.lines(
        AccountPage(view, Writing(session.language)).page().lines(width: width, style: session.output.style))
    case .markdown: try session.output.lines(AccountPage(view, Writing(session.language)).page().markdown())
    case .json, .jsonl: try RecordPrinter<AccountRows>.json([view], session)
    case .csv:
      let rows = AccountRows(session.language)
      try Listing(columns: rows.columns, rows: view.account.map { [rows.row($0)] } ?? [])
        .write(to: session.output, session.format, session.language)
    }
  }
}

struct CreateAccount: ServerCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Create an account.",
    discussion: "Example: punos account create 'Kuura Konepaja' --status current --y-tunnus 9000012-6")

  @Argument(help: "The name people use.")
  var name: String
  @Option(help: "An id of your choice; the server makes one where not given.")
  var id: String = ""
  @OptionGroup var fields: AccountFields
  @OptionGroup var change: ChangeOptions
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    var account = Account()
    account.displayName = name
    _ = try fields.write(to: &account)
    var request = CreateAccountRequest()
    request.account = account
    request.accountId = id
    request.reason = change.reason
    request.requestId = change.requestID
    request.validateOnly = change.isDryRun
    let created = try await session.accounts.createAccount(request, session.call)
    try RecordPrinter(session, rows: AccountRows(session.language)).outcome(
      created,
      change.isDryRun
        ? Term(en: "Would create \(created.displayName).", fi: "Loisi asiakkuuden \(created.displayName).")
        : Term(
          en: "Created \(created.displayName) (\(created.name)).",
          fi: "Asiakkuus \(created.displayName) luotiin (\(created.name))."))
  }
}

struct UpdateAccount: ServerCommand {
  static let configuration = CommandConfiguration(
    commandName: "update", abstract: "Change fields of an account; what is not named stays as it is.")

  @OptionGroup var target: AccountArgument
  @Option(name: .customLong("name"), help: "The name people use.")
  var displayName: String?
  @OptionGroup var fields: AccountFields
  @Option(help: "A field to empty; may be given more than once.")
  var clear: [String] = []
  @Option(help: "The etag the change builds on; refused where the account has changed since.")
  var etag: String = ""
  @OptionGroup var change: ChangeOptions
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    let name = try await AccountFinder(session: session).name(of: target.account)
    var read = GetAccountRequest()
    read.name = name
    let before = try await session.accounts.getAccount(read, session.call)
    // Lists are changed on what was read, so what was read is what the write must find.
    var account = before
    if let displayName { account.displayName = displayName }
    var paths = try fields.write(to: &account)
    if displayName != nil { paths.append("display_name") }
    var empty = Account()
    for field in clear {
      try ClearedField.clear(field, in: &account, from: &empty)
      paths.append(field)
    }
    guard !paths.isEmpty else { throw CLIProblem.nothingToChange }
    account.etag = etag.isEmpty ? before.etag : etag
    var request = UpdateAccountRequest()
    request.account = account
    var mask = ProtoFieldMask()
    mask.paths = paths
    request.updateMask = mask
    request.reason = change.reason
    request.requestId = change.requestID
    request.validateOnly = change.isDryRun
    let after = try await session.accounts.updateAccount(request, session.call)
    try RecordPrinter(session, rows: AccountRows(session.language)).changed(
      before, after, title: after.displayName, isDryRun: change.isDryRun)
  }
}

struct DeleteAccount: ServerCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Delete an account; `undelete` brings it back.")

  @OptionGroup var target: AccountArgument
  @OptionGroup var change: ChangeOptions
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    var request = DeleteAccountRequest()
    request.name = try await AccountFinder(session: session).name(of: target.account)
    request.reason = change.reason
    request.requestId = change.requestID
    request.validateOnly = change.isDryRun
    let account = try await session.accounts.deleteAccount(request, session.call)
    try RecordPrinter(session, rows: AccountRows(session.language)).outcome(
      account,
      change.isDryRun
        ? Term(
          en: "Would delete \(account.displayName).", fi: "Poistaisi asiakkuuden \(account.displayName).")
        : Term(
          en: "Deleted \(account.displayName). Bring it back: punos account undelete \(account.name)",
          fi: "Asiakkuus \(account.displayName) poistettiin. Palauta: punos account undelete \(account.name)")
    )
  }
}

struct UndeleteAccount: ServerCommand {
  static let configuration = CommandConfiguration(
    commandName: "undelete", abstract: "Bring a deleted account back.")

  @Argument(help: "Its id; names of deleted accounts are not searched.")
  var account: String
  @OptionGroup var change: ChangeOptions
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    var request = UndeleteAccountRequest()
    request.name = account.hasPrefix("accounts/") ? account : "accounts/\(account)"
    request.reason = change.reason
    request.requestId = change.requestID
    request.validateOnly = change.isDryRun
    let account = try await session.accounts.undeleteAccount(request, session.call)
    try RecordPrinter(session, rows: AccountRows(session.language)).outcome(
      account,
      change.isDryRun
        ? Term(
          en: "Would bring back \(account.displayName).",
          fi: "Palauttaisi asiakkuuden \(account.displayName).")
        : Term(en: "\(account.displayName) is back.", fi: "Asiakkuus \(account.displayName) on palautettu."))
  }
}

struct AccountHistory: ServerCommand {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "What happened to an account: which fields, from what to what, who, when, why.")

  @OptionGroup var target: AccountArgument
  @Option(help: "Only changes of this field; may be given more than once.")
  var field: [String] = []
  @Option(help: "How many changes at most.")
  var limit: Int = 50
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    let name = try await AccountFinder(session: session).name(of: target.account)
    // A lookup is resolved by reading, because the history is asked for by the record's own name.
    var read = GetAccountRequest()
    read.name = name
    let account = name.contains(":") ? try await session.accounts.getAccount(read, session.call).name : name
    try await HistoryPrinter(session).print(account, fields: field, limit: limit)
  }
}
