internal import ArgumentParser
internal import ProtobufBridge
internal import PunosAPI
internal import PunosMessages
internal import Terminal

struct AccountCommand: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "account",
      abstract: say(
        en: "Accounts: the companies that are, were or may become customers.",
        fi: "Asiakkuudet: yritykset, jotka ovat, olivat tai voivat tulla asiakkaiksi."),
      subcommands: [
        ListAccounts.self, ShowAccount.self, CreateAccount.self, UpdateAccount.self, DeleteAccount.self,
        UndeleteAccount.self, AccountHistory.self,
      ])
  }
}

/// An account on the command line.
struct AccountArgument: ParsableArguments {
  @Argument(
    help: .say(
      en: "Id, ext:SYSTEM:ID, business id, domain, or a part of the name.",
      fi: "Tunniste, ext:JÄRJESTELMÄ:TUNNUS, Y-tunnus, verkkotunnus tai osa nimestä."),
    completion: .custom { words, _, word in await Completions.accounts(word, in: words) })
  var account: String
}

struct ListAccounts: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "list", abstract: say(en: "List accounts.", fi: "Luettele asiakkuudet."))
  }

  @Option(
    help: .say(
      en: "Which ones: comparisons such as 'status = CURRENT AND country = FI'.",
      fi: "Mitkä: vertailuja, kuten 'status = CURRENT AND country = FI'."))
  var filter: String = ""
  @Option(
    name: .customLong("order-by"),
    help: .say(
      en:
        "display_name, status, employees, founded_year, country, create_time or update_time; with ' desc' for descending.",
      fi:
        "display_name, status, employees, founded_year, country, create_time tai update_time; ' desc' perässä laskevasti."
    )
  )
  var orderBy: String = ""
  @Option(help: .say(en: "How many at most; all where 0.", fi: "Montako enintään; 0 on kaikki."))
  var limit: Int = 100
  @Flag(help: .say(en: "Show deleted ones too.", fi: "Näytä myös poistetut."))
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
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "show",
      abstract: say(
        en: "Everything known about an account, on one page.",
        fi: "Kaikki asiakkuudesta tiedetty yhdellä sivulla."))
  }

  @OptionGroup var target: AccountArgument
  @Option(
    name: .customLong("as-of"),
    help: .say(
      en: "As it was known then: YYYY-MM-DD, RFC 3339, or a revision.",
      fi: "Niin kuin silloin tiedettiin: VVVV-KK-PP, RFC 3339 tai revisio."))
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
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "create", abstract: say(en: "Create an account.", fi: "Luo asiakkuus."),
      discussion: say(
        en: "Example: punos account create 'Kuura Konepaja' --status current --y-tunnus 9000012-6",
        fi: "Esimerkki: punos account create 'Kuura Konepaja' --status nykyinen --y-tunnus 9000012-6"))
  }

  @Argument(help: .say(en: "The name people use.", fi: "Nimi, jota käytetään."))
  var name: String
  @Option(
    help: .say(
      en: "An id of your choice; the server makes one where not given.",
      fi: "Itse valittu tunniste; jos ei anneta, palvelin tekee sen."))
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
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "update",
      abstract: say(
        en: "Change fields of an account; what is not named stays as it is.",
        fi: "Muuta asiakkuuden kenttiä; muu pysyy ennallaan."))
  }

  @OptionGroup var target: AccountArgument
  @Option(name: .customLong("name"), help: .say(en: "The name people use.", fi: "Nimi, jota käytetään."))
  var displayName: String?
  @OptionGroup var fields: AccountFields
  @Option(
    help: .say(
      en: "A field to empty; may be given more than once.",
      fi: "Tyhjennettävä kenttä; voi antaa monta kertaa."))
  var clear: [String] = []
  @Option(
    help: .say(
      en: "The etag the change builds on; refused where the account has changed since.",
      fi: "Etag, johon muutos perustuu; hylätään, jos asiakkuus on muuttunut sen jälkeen."))
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
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "delete",
      abstract: say(
        en: "Delete an account; `undelete` brings it back.", fi: "Poista asiakkuus; `undelete` palauttaa sen."
      ))
  }

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
          en: "Deleted \(account.displayName). Bring it back:",
          fi: "Asiakkuus \(account.displayName) poistettiin. Palauta:"),
      next: change.isDryRun ? "" : "punos account undelete \(account.name)")
  }
}

struct UndeleteAccount: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "undelete",
      abstract: say(en: "Bring a deleted account back.", fi: "Palauta poistettu asiakkuus."))
  }

  @Argument(
    help: .say(
      en: "Its id; names of deleted accounts are not searched.", fi: "Tunniste; poistettuja ei haeta nimellä."
    ))
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
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "history",
      abstract: say(
        en: "What happened to an account: which fields, from what to what, who, when, why.",
        fi: "Mitä asiakkuudelle on tapahtunut: mikä kenttä, mistä mihin, kuka, milloin, miksi."))
  }

  @OptionGroup var target: AccountArgument
  @Option(
    help: .say(
      en: "Only changes of this field; may be given more than once.",
      fi: "Vain tämän kentän muutokset; voi antaa monta kertaa."))
  var field: [String] = []
  @Option(help: .say(en: "How many changes at most.", fi: "Montako muutosta enintään."))
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
