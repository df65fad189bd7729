internal import ArgumentParser
internal import DataFiles
internal import Glibc
internal import Terminal

/// The same commands over one open connection, with history and completion.
struct ShellCommand: PunosCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "shell",
      abstract: say(
        en: "The same commands over one open connection, with history and completion.",
        fi: "Samat komennot yhtä avointa yhteyttä pitkin, historian ja täydennyksen kanssa."),
      discussion: say(
        en:
          "Commands are typed without `punos` in front. Ctrl-D or `exit` leaves. Commands can be piped in as well.",
        fi:
          "Komennot kirjoitetaan ilman alun sanaa `punos`. Ctrl-D tai `exit` lopettaa. Komentoja voi myös putkittaa."
      )
    )
  }

  @OptionGroup var globals: GlobalOptions

  func perform() async throws {
    let session = try Session(globals)
    let prompt = "\(session.context.name)> "
    guard isatty(STDIN_FILENO) == 1 else { return try await runPiped() }
    let path = Self.historyPath()
    let earlier = ((try? SmallFile.read(path)) ?? nil).map { String(decoding: $0, as: UTF8.self) } ?? ""
    let completion = ShellCompletion(context: globals.contextName)
    let editor = LineEditor(history: earlier.split(separator: "\n").map(String.init)) { line in
      await completion.lines(line)
    }
    let interruption = Interruption()
    reading: while true {
      interruption.prepare()
      switch await editor.read(prompt: prompt) {
      case .end: break reading
      case .interrupted: continue
      case .line(let line):
        if ["exit", "quit"].contains(line.filter { $0 != " " }) { break reading }
        // Before the command: a terminal that is closed meanwhile must not lose what was typed.
        Self.save(editor.history, to: path)
        _ = await interruption.run { await run(line) }
      }
    }
  }

  /// A history that cannot be kept is no reason not to go on.
  private static func save(_ history: [String], to path: String) {
    try? SmallFile.replace(path, with: Array((history.joined(separator: "\n") + "\n").utf8), mode: 0o600)
  }

  /// Commands from a pipe: the first that fails ends the rest, with its status.
  private func runPiped() async throws {
    while let line = readLine() {
      let status = await run(line)
      if status != 0 { throw ExitCode(status) }
    }
  }

  private static func historyPath() -> String {
    let base = Environment.value("XDG_STATE_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil }
    return (base ?? (Environment.value("HOME") ?? "") + "/.local/state") + "/punos/history"
  }

  /// Runs one command.
  ///
  /// - Returns: its exit status.
  private func run(_ line: String) async -> Int32 {
    let words: [String]
    do {
      words = try CommandWords.split(line)
    } catch {
      Output.complain([
        globals.language.say(en: "A quote is opened and not closed.", fi: "Lainausmerkki on auki.")
      ])
      return ExitStatus.usage.rawValue
    }
    guard let first = words.first else { return 0 }
    guard first != "shell" else { return 0 }
    let inherited = inherited(words)
    let language = HelpLanguage.asked(in: inherited) ?? globals.language
    if let problem = UnknownCommand.problem(in: words) {
      return PunosCLI.tell(problem, language, noColor: globals.noColor)
    }
    return await HelpLanguage.$chosen.withValue(language) { await Self.run(inherited) }
  }

  private static func run(_ words: [String]) async -> Int32 {
    do {
      var command = try await PunosCLI.asyncParseAsRoot(words)
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
      return 0
    } catch let code as ExitCode {
      return code.rawValue
    } catch {
      return PunosCLI.tell(error, HelpLanguage.current)
    }
  }

  /// What was chosen for the shell holds for its commands.
  private func inherited(_ words: [String]) -> [String] {
    var words = words
    if let name = globals.contextName, words.first != "context", Completions.context(in: words) == nil {
      words += ["--context", name]
    }
    if let language = globals.requestedLanguage, !words.contains("--lang") {
      words += ["--lang", language.rawValue]
    }
    if globals.noColor, !words.contains("--no-color") { words.append("--no-color") }
    return words
  }
}
