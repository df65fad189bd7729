internal import ArgumentParser
internal import ProtobufBridge
internal import PunosAPI
internal import PunosMessages
internal import Terminal

/// Finds records by words.
struct SearchCommand: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "search",
      abstract: say(
        en: "Find anything by its words: Finnish, Swedish and English ones in all their forms.",
        fi: "Etsi mitä tahansa sanoilla: suomeksi, ruotsiksi ja englanniksi, kaikissa taivutusmuodoissa."))
  }

  @Argument(help: .say(en: "The words.", fi: "Sanat."))
  var words: [String]
  @Option(
    help: .say(
      en: "Only this kind of record: account, contact …; may be given more than once.",
      fi: "Vain tätä lajia: account, contact …; voi antaa monta kertaa."))
  var kind: [String] = []
  @Option(
    help: .say(
      en: "Only in this account; may be given more than once.",
      fi: "Vain tästä asiakkuudesta; voi antaa monta kertaa."),
    completion: .custom { words, _, word in await Completions.accounts(word, in: words) })
  var account: [String] = []
  @Option(
    help: .say(
      en: "Only records last changed by this team; may be given more than once.",
      fi: "Vain tämän tiimin viimeksi muuttamat; voi antaa monta kertaa."))
  var team: [String] = []
  @Option(help: .say(en: "How many at most, 1 to 100.", fi: "Montako enintään, 1–100."))
  var limit: Int32 = 20
  @Flag(
    help: .say(en: "The last word may be the beginning of one.", fi: "Viimeinen sana saa olla sanan alku."))
  var prefix = false
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    var request = SearchRequest()
    request.query = words.joined(separator: " ")
    request.kinds = kind
    let finder = AccountFinder(session: session)
    for text in account { request.accounts.append(try await finder.name(of: text)) }
    request.teams = team
    request.pageSize = limit
    request.prefix = prefix
    let answer = try await session.searching.search(request, session.call)
    switch session.format {
    case .json: try RecordPrinter<AccountRows>.json([answer], session)
    case .jsonl: try RecordPrinter<AccountRows>.json(answer.hits, session)
    case .csv, .markdown:
      let rows = answer.hits.map {
        [$0.title, $0.kind, $0.accountTitle, $0.record, $0.snippets.first?.text ?? ""]
      }
      try Listing(columns: Self.columns, rows: rows).write(
        to: session.output, session.format, session.language)
    case .table: try page(answer, session)
    }
  }

  private static let columns: [Listing.Column] = [
    .init("title", en: "Found", fi: "Löytyi"), .init("kind", en: "Kind", fi: "Laji"),
    .init("account", en: "Account", fi: "Asiakkuus"), .init("record", en: "Record", fi: "Tietue"),
    .init("text", en: "Where", fi: "Missä"),
  ]

  /// A person is found as themselves and as an account sees them: people want one of the two, with the account's name.
  private static func merged(_ hits: [SearchHit]) -> [SearchHit] {
    var places: [Substring: Int] = [:]
    var merged: [SearchHit] = []
    for hit in hits {
      guard hit.kind == "contact" || hit.kind == "account_contact",
        let id = hit.record.split(separator: "/").last
      else {
        merged.append(hit)
        continue
      }
      if let place = places[id] {
        if merged[place].accountTitle.isEmpty { merged[place].accountTitle = hit.accountTitle }
        continue
      }
      places[id] = merged.count
      var person = hit
      person.kind = "contact"
      person.record = "contacts/\(id)"
      merged.append(person)
    }
    return merged
  }

  private func page(_ answer: SearchResponse, _ session: Session) throws {
    let style = session.output.style
    let hits = Self.merged(answer.hits)
    for hit in hits {
      let kind = FieldNames.label(hit.kind, session.language)
      let place = hit.accountTitle.isEmpty || hit.accountTitle == hit.title ? "" : " · \(hit.accountTitle)"
      let (title, facts) = (DisplayWidth.harmless(hit.title), DisplayWidth.harmless("\(kind)\(place)"))
      let isShort = DisplayWidth.of("\(title)  \(facts)  \(hit.record)") <= session.output.width
      let room = max(0, session.output.width - DisplayWidth.of(title) - 2)
      let shown = isShort ? "\(facts)  \(hit.record)" : DisplayWidth.truncated(facts, to: room)
      try session.output.line(style.bold(title) + style.faint("  \(shown)"))
      if !isShort { try session.output.line(style.faint("    \(hit.record)")) }
      for snippet in hit.snippets.prefix(3) {
        let name = FieldNames.title(of: snippet.field, session.language)
        try session.output.line("    \(style.faint(name + ":")) \(SnippetText.marked(snippet, style))")
      }
    }
    var footer =
      hits.isEmpty
      ? session.say(en: "Nothing found.", fi: "Mitään ei löytynyt.")
      : session.say(en: "\(hits.count) found", fi: "\(hits.count) osumaa")
    if !answer.nextPageToken.isEmpty { footer += session.say(en: "; there are more", fi: "; lisääkin on") }
    if answer.bounded {
      footer += session.say(
        en: "; so much fits that only a part was ranked",
        fi: "; osumia on niin paljon, että vain osa järjestettiin")
    }
    try session.output.line("\n" + style.faint(footer))
  }
}

/// A piece of text with what was found in it.
enum SnippetText {
  /// The text with the words found in bold; in brackets where there is no bold.
  static func marked(_ snippet: Snippet, _ style: Style) -> String {
    let scalars = Array(snippet.text.unicodeScalars)
    var text = ""
    var position = 0
    for highlight in snippet.highlights.sorted(by: { $0.start < $1.start }) {
      // The ranges come from the server: those that do not fit the text are passed over.
      let (start, end) = (Int(highlight.start), Int(highlight.end))
      guard start >= position, end > start, end <= scalars.count else { continue }
      text += plain(scalars[position..<start])
      let word = plain(scalars[start..<end])
      text += style.isOn ? style.bold(style.warning(word)) : "[\(word)]"
      position = end
    }
    return text + plain(scalars[position...])
  }

  private static func plain(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return DisplayWidth.harmless(String(view))
  }
}
