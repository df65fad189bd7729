internal import ArgumentParser
internal import ProtobufBridge
internal import PunosAPI
internal import PunosMessages
internal import Terminal

/// The commands that every kind of record has.
enum RecordCommands<Noun: CLINoun> {
  /// A kind's command with the usual subcommands and its own.
  static func configuration(and more: [any ParsableCommand.Type] = []) -> CommandConfiguration {
    CommandConfiguration(
      commandName: Noun.command, abstract: Noun.abstract(in: .english),
      subcommands: [
        ListRecords<Noun>.self, ShowRecord<Noun>.self, CreateRecord<Noun>.self, UpdateRecord<Noun>.self,
        DeleteRecord<Noun>.self, UndeleteRecord<Noun>.self, RecordHistory<Noun>.self,
      ] + more)
  }
}

/// A record on the command line.
struct RecordArgument: ParsableArguments {
  @Argument(help: "Its id as lists show it, ext:SYSTEM:ID, or words of its title.")
  var record: String
}

/// Fields of a record on the command line.
struct RecordFields: ParsableArguments {
  @Option(
    name: .customLong("set"),
    help: "A field, FIELD=VALUE; into messages as FIELD.PART=VALUE; a list's field may be given again.")
  var set: [PairArgument] = []
  @Option(help: "The record's id in another system, SYSTEM=ID.")
  var ext: [PairArgument] = []

  /// The record with these fields, and the fields' names. People and accounts may be named as everywhere.
  func read<Record: Message>(_: Record.Type, _ session: Session) async throws -> (record: Record, paths: [String]) {
    guard let message = Record.descriptor else { throw CLIProblem.nothingToChange }
    var assignments = FieldAssignments(message)
    for var pair in set {
      let kinds = message.field(named: pair.name)?.rule?.refersTo ?? []
      if kinds == ["contact"], !pair.value.isEmpty { pair.value = try await ContactFinder(session: session).name(of: pair.value) }
      if kinds == ["account"], !pair.value.isEmpty { pair.value = try await AccountFinder(session: session).name(of: pair.value) }
      try assignments.add(pair)
    }
    for id in ext {
      for (part, value) in [("system", id.name), ("id", id.value)] {
        if let pair = PairArgument(argument: "external_ids.\(part)=\(value)") { try assignments.add(pair) }
      }
    }
    return (try assignments.record(Record.self), assignments.paths)
  }
}

struct ListRecords<Noun: CLINoun>: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(commandName: "list", abstract: "List them; of one account, or of all.")
  }

  @Argument(
    help: "An account: id, ext:SYSTEM:ID, business id, domain or a part of the name; all where not given.",
    completion: .custom { _, _, word in await Completions.accounts(word) })
  var account: String?
  @Option(help: "Which ones: comparisons of fields, such as 'status = OPEN AND due_date < 2026-12-31'.")
  var filter: String = ""
  @Option(name: .customLong("order-by"), help: "A field, with ' desc' for descending.")
  var orderBy: String = ""
  @Option(help: "How many at most; all where 0.")
  var limit: Int = 100
  @Flag(help: "Show deleted ones too.")
  var deleted = false
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    var template = Noun.Client.ListRequest()
    if Noun.isInAccount {
      let finder = AccountFinder(session: session)
      if let account { template.parent = try await finder.name(of: account) } else { template.parent = "accounts/-" }
    }
    template.filter = filter
    template.orderBy = orderBy
    template.showDeleted = deleted
    let request = template
    let pages = Pages<Noun.Record>(limit: limit) { size, token in
      var request = request
      request.pageSize = size
      request.pageToken = token
      let answer = try await session.client(Noun.self).list(request, session.call)
      return (answer.records, answer.nextPageToken, answer.totalSize)
    }
    try await RecordPrinter(session, rows: NounRows<Noun>(session.language)).list(pages)
  }
}

struct ShowRecord<Noun: CLINoun>: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(commandName: "show", abstract: "Everything known about one.")
  }

  @OptionGroup var target: RecordArgument
  @Option(name: .customLong("as-of"), help: "As it was known then: YYYY-MM-DD, RFC 3339, or a revision.")
  var asOf: String?
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    var request = Noun.Client.GetRequest()
    request.name = try await RecordFinder<Noun>(session: session).name(of: target.record)
    switch try asOf.map(PointInTime.init) {
    case .moment(let moment): request.point = .time(moment)
    case .revision(let revision): request.point = .revision(revision)
    case nil: break
    }
    let record = try await session.client(Noun.self).get(request, session.call)
    switch session.format {
    case .json, .jsonl, .csv:
      try RecordPrinter(session, rows: NounRows<Noun>(session.language)).outcome(record, .verbatim(""))
    case .table, .markdown:
      let page = Noun.page(record, Writing(session.language))
      try session.output.lines(
        session.format == .table
          ? page.lines(width: min(session.output.width, AccountPage.widest), style: session.output.style)
          : page.markdown())
    }
  }
}

struct RecordHistory<Noun: CLINoun>: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "history", abstract: "What happened to one: which fields, from what to what, who, when, why.")
  }

  @OptionGroup var target: RecordArgument
  @Option(help: "Only changes of this field; may be given more than once.")
  var field: [String] = []
  @Option(help: "How many changes at most.")
  var limit: Int = 50
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    let name = try await RecordFinder<Noun>(session: session).name(of: target.record)
    try await HistoryPrinter(session).print(name, fields: field, limit: limit)
  }
}

extension Session {
  /// Calls the methods of a kind of record.
  func client<Noun: CLINoun>(_: Noun.Type) -> Noun.Client { Noun.Client(channel) }
}
