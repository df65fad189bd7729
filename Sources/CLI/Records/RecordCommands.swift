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
      commandName: Noun.command, abstract: Noun.abstract(in: HelpLanguage.current),
      subcommands: [
        ListRecords<Noun>.self, ShowRecord<Noun>.self, CreateRecord<Noun>.self, UpdateRecord<Noun>.self,
        DeleteRecord<Noun>.self, UndeleteRecord<Noun>.self, RecordHistory<Noun>.self,
      ] + more)
  }
}

/// A record on the command line.
struct RecordArgument: ParsableArguments {
  @Argument(
    help: .say(
      en: "Its id as lists show it, ext:SYSTEM:ID, or words of its title.",
      fi: "Tunniste niin kuin luettelo sen näyttää, ext:JÄRJESTELMÄ:TUNNUS, tai otsikon sanoja."))
  var record: String
}

/// Fields of a record on the command line.
struct RecordFields: ParsableArguments {
  @Option(
    name: .customLong("set"),
    help: .say(
      en: "A field, FIELD=VALUE; into messages as FIELD.PART=VALUE; a list's field may be given again.",
      fi: "Kenttä, KENTTÄ=ARVO; osaan KENTTÄ.OSA=ARVO; luettelon kentän voi antaa monta kertaa."))
  var set: [PairArgument] = []
  @Option(
    help: .say(
      en: "The record's id in another system, SYSTEM=ID.",
      fi: "Tietueen tunnus toisessa järjestelmässä, JÄRJESTELMÄ=TUNNUS."))
  var ext: [PairArgument] = []

  /// The record with these fields, and the fields' names. People and accounts may be named as everywhere.
  func read<Record: Message>(_: Record.Type, _ session: Session) async throws -> (
    record: Record, paths: [String]
  ) {
    guard let message = Record.descriptor else { throw CLIProblem.nothingToChange }
    var assignments = FieldAssignments(message)
    for var pair in set {
      let kinds = message.field(named: pair.name)?.rule?.refersTo ?? []
      if kinds == ["contact"], !pair.value.isEmpty {
        pair.value = try await ContactFinder(session: session).name(of: pair.value)
      }
      if kinds == ["account"], !pair.value.isEmpty {
        pair.value = try await AccountFinder(session: session).name(of: pair.value)
      }
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
    CommandConfiguration(
      commandName: "list",
      abstract: say(
        en: "List them; of one account, or of all.", fi: "Luettele; yhden asiakkuuden tai kaikkien."))
  }

  @Argument(
    help: .say(
      en: "An account: id, ext:SYSTEM:ID, business id, domain or a part of the name; all where not given.",
      fi:
        "Asiakkuus: tunniste, ext:JÄRJESTELMÄ:TUNNUS, Y-tunnus, verkkotunnus tai osa nimestä; kaikki, jos ei anneta."
    ),
    completion: .custom { words, _, word in await Completions.accounts(word, in: words) })
  var account: String?
  @Option(
    help: .say(
      en: "Which ones: comparisons of fields, such as 'status = OPEN AND due_date < 2026-12-31'.",
      fi: "Mitkä: kenttien vertailuja, kuten 'status = OPEN AND due_date < 2026-12-31'."))
  var filter: String = ""
  @Option(
    name: .customLong("order-by"),
    help: .say(en: "A field, with ' desc' for descending.", fi: "Kenttä; ' desc' perässä laskevasti."))
  var orderBy: String = ""
  @Option(help: .say(en: "How many at most; all where 0.", fi: "Montako enintään; 0 on kaikki."))
  var limit: Int = 100
  @Flag(help: .say(en: "Show deleted ones too.", fi: "Näytä myös poistetut."))
  var deleted = false
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    var template = Noun.Client.ListRequest()
    if Noun.isInAccount {
      let finder = AccountFinder(session: session)
      if let account {
        template.parent = try await finder.name(of: account)
      } else {
        template.parent = "accounts/-"
      }
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
    CommandConfiguration(
      commandName: "show", abstract: say(en: "Everything known about one.", fi: "Kaikki yhdestä tiedetty."))
  }

  @OptionGroup var target: RecordArgument
  @Option(
    name: .customLong("as-of"),
    help: .say(
      en: "As it was known then: YYYY-MM-DD, RFC 3339, or a revision.",
      fi: "Niin kuin silloin tiedettiin: VVVV-KK-PP, RFC 3339 tai revisio."))
  var asOf: String?
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    var request = Noun.Client.GetRequest()
    request.name = try await RecordFinder<Noun>(session: session)
      .name(of: target.record, mayBeGone: asOf != nil)
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
      commandName: "history",
      abstract: say(
        en: "What happened to one: which fields, from what to what, who, when, why.",
        fi: "Mitä sille on tapahtunut: mikä kenttä, mistä mihin, kuka, milloin, miksi."))
  }

  @OptionGroup var target: RecordArgument
  @Option(
    help: .say(
      en: "Only changes of this field; may be given more than once.",
      fi: "Vain tämän kentän muutokset; voi antaa monta kertaa."))
  var field: [String] = []
  @Option(help: .say(en: "How many changes at most.", fi: "Montako muutosta enintään."))
  var limit: Int = 50
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    let name = try await RecordFinder<Noun>(session: session).name(of: target.record, mayBeGone: true)
    try await HistoryPrinter(session).print(name, fields: field, limit: limit)
  }
}

extension Session {
  /// Calls the methods of a kind of record.
  func client<Noun: CLINoun>(_: Noun.Type) -> Noun.Client { Noun.Client(channel) }
}
