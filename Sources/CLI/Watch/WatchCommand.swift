internal import ArgumentParser
internal import ProtobufBridge
internal import PunosAPI
internal import PunosMessages
internal import RPC
internal import Terminal

/// Shows changes as they happen.
struct WatchCommand: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "watch",
      abstract: say(
        en: "Show changes as they happen, until interrupted.",
        fi: "Näytä muutokset sitä mukaa kuin niitä tapahtuu, kunnes keskeytetään."),
      discussion: say(
        en:
          "With --output jsonl each change is a line of JSON; --after resumes after the revision of the last one.",
        fi:
          "Valitsimella --output jsonl jokainen muutos on rivi JSONia; --after jatkaa viimeksi nähdyn revision jälkeen."
      )
    )
  }

  @Argument(
    help: .say(en: "Only changes in these accounts.", fi: "Vain näiden asiakkuuksien muutokset."),
    completion: .custom { words, _, word in await Completions.accounts(word, in: words) })
  var accounts: [String] = []
  @Option(
    help: .say(
      en: "Only this kind of record; may be given more than once.",
      fi: "Vain tätä lajia; voi antaa monta kertaa."))
  var kind: [String] = []
  @Option(
    help: .say(
      en: "Only changes of this field; may be given more than once.",
      fi: "Vain tämän kentän muutokset; voi antaa monta kertaa."))
  var field: [String] = []
  @Option(
    help: .say(
      en: "The last revision already seen; changes after it come first.",
      fi: "Viimeksi nähty revisio; sen jälkeiset muutokset tulevat ensin."))
  var after: Int64?
  @Option(help: .say(en: "End after this many changes.", fi: "Lopeta näin monen muutoksen jälkeen."))
  var count: Int?
  @Flag(
    help: .say(
      en: "With jsonl: write bookmarks too, places to resume from.",
      fi: "Muodossa jsonl: kirjoita myös kirjanmerkit, joista voi jatkaa."))
  var bookmarks = false
  @OptionGroup var globals: GlobalOptions

  /// Pauses before a lost watch is taken up again, in seconds; the last one goes on.
  private static let pauses = [1, 2, 5, 10]

  func perform(_ session: Session) async throws {
    var request = WatchChangesRequest()
    let finder = AccountFinder(session: session)
    for text in accounts { request.accounts.append(try await finder.name(of: text)) }
    request.kinds = kind
    request.fields = field
    request.afterRevision = after
    let printer = WatchPrinter(session, bookmarks: bookmarks, most: count ?? .max)
    var failures = 0
    while true {
      do {
        let seen = request.afterRevision
        let end = try await session.changes.watchChanges(request, CallOptions()) { stream in
          try await printer.print(stream)
        }
        if end { return try printer.end() }
        request.afterRevision = printer.last ?? seen
      } catch let error as RPCError {
        let isSlow = StatusDetails(error.details).reason == "SLOW_WATCHER"
        let isPassing = error.code == .unavailable || isSlow
        // A server that was never there is a mistake; one that went away comes back.
        guard isPassing, printer.hasBegun else { throw error }
        request.afterRevision = printer.last ?? request.afterRevision
        let pause = Self.pauses[min(failures, Self.pauses.count - 1)]
        failures = printer.takeProgress() ? 0 : failures + 1
        Output.complain([Self.told(isSlow: isSlow, pause, session.language)])
        try await Task.sleep(for: .seconds(pause))
      }
    }
  }

  /// Why the watch was broken off, and when it goes on.
  static func told(isSlow: Bool, _ pause: Int, _ language: Language) -> String {
    isSlow
      ? language.say(
        en: "… changes came faster than they were read; going on where it was in \(pause) s",
        fi: "… muutoksia tuli nopeammin kuin niitä luettiin; jatketaan samasta kohdasta \(pause) s kuluttua")
      : language.say(
        en: "… the server is gone; trying again in \(pause) s",
        fi: "… palvelin on poissa; yritetään \(pause) s kuluttua")
  }
}
