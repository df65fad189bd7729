internal import ProtobufBridge
internal import PunosAPI
internal import PunosMessages

extension Account: NamedRecord {}
extension Contact: NamedRecord {}

/// All records of a kind that fit a filter, a page at a time.
struct RecordPages<Client: StandardClient>: Sendable {
  let session: Session
  /// The account they lie in, `accounts/-` for all of them; empty for records outside accounts.
  var parent = ""
  /// Which ones.
  var filter = ""
  /// Whether deleted ones are among them.
  var showsDeleted = false
  /// The fields wanted; empty: all.
  var fields: [String] = []

  /// Records of a page: what the server gives at most.
  private static var pageSize: Int32 { 1000 }

  /// Calls a function with every page.
  func read(_ body: ([Client.Record]) async throws -> Void) async throws {
    let client = Client(session.channel)
    var request = Client.ListRequest()
    request.parent = parent
    request.filter = filter
    request.pageSize = Self.pageSize
    request.showDeleted = showsDeleted
    if !fields.isEmpty {
      var mask = ProtoFieldMask()
      mask.paths = fields
      request.readMask = mask
    }
    // Records do not move while pages are read, whatever happens to their names.
    request.orderBy = "create_time"
    repeat {
      let page = try await client.list(request, session.call)
      try await body(page.records)
      request.pageToken = page.nextPageToken
    } while !request.pageToken.isEmpty
  }
}

/// Records as JSON lines, which `punos import` reads back.
struct ExportLines {
  let session: Session
  let sink: ExportSink
  let filter: String
  /// Accounts that are deleted and not in the file: what lies in them stays away with them. Empty where the file holds
  /// deleted records too.
  let deletedAccounts: Set<String>

  /// - Parameters:
  ///   - kind: of the records to be written.
  ///   - deletedToo: whether deleted records are to be in the file.
  init(_ session: Session, _ sink: ExportSink, _ kind: ExportKind, filter: String, deletedToo: Bool)
    async throws
  {
    self.session = session
    self.sink = sink
    self.filter = filter
    var deleted: Set<String> = []
    let isInAccount = kind == .all || CLINouns.noun(kind.name)?.isInAccount == true
    if isInAccount, !deletedToo {
      var accounts = RecordPages<AccountServiceClient>(session: session, showsDeleted: true)
      accounts.fields = ["name", "delete_time"]
      try await accounts.read { page in
        for account in page where account.deleteTime != nil { deleted.insert(account.name) }
      }
    }
    deletedAccounts = deleted
  }

  /// Writes the records of a kind, or of all kinds: those first that others refer to.
  ///
  /// - Parameter deleted: the deleted ones, and no others. They follow the living in a file, so that what identifies a
  ///   record goes to the one that lives.
  /// - Returns: how many there were.
  func write(_ kind: ExportKind, deleted: Bool) async throws -> Int {
    var count = 0
    if kind == .all || kind == .account {
      count += try await write("account", RecordPages<AccountServiceClient>(session: session), deleted)
    }
    if kind == .all || kind == .contact {
      count += try await write("contact", RecordPages<ContactServiceClient>(session: session), deleted)
    }
    for noun in CLINouns.all where kind == .all || kind.name == noun.kind {
      count += try await write(noun, deleted)
    }
    return count
  }

  private func write<Noun: CLINoun>(_: Noun.Type, _ deleted: Bool) async throws -> Int {
    let pages = RecordPages<Noun.Client>(session: session, parent: Noun.isInAccount ? "accounts/-" : "")
    return try await write(Noun.kind, pages, deleted)
  }

  private func write<Client: StandardClient>(
    _ kind: String, _ pages: RecordPages<Client>, _ deleted: Bool
  ) async throws -> Int where Client.Record: NamedRecord {
    var (pages, count) = (pages, 0)
    pages.filter = filter
    pages.showsDeleted = deleted
    try await pages.read { page in
      for record in page where (record.deleteTime != nil) == deleted && !liesInDeleted(record.name) {
        try sink.write("{\"\(kind)\":\(record.jsonString())}\n")
        count += 1
      }
    }
    return count
  }

  private func liesInDeleted(_ name: String) -> Bool {
    guard !deletedAccounts.isEmpty else { return false }
    let account = name.split(separator: "/", maxSplits: 2).prefix(2).joined(separator: "/")
    return deletedAccounts.contains(account)
  }
}
