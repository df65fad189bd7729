public import ArgumentParser
internal import Glibc
internal import Terminal

/// The client `punos`.
public struct PunosCLI: AsyncParsableCommand {
  public static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "punos",
      abstract: say(
        en: "One understanding of each customer, shared by sales, delivery and service.",
        fi: "Yksi ymmärrys jokaisesta asiakkaasta: myynnillä, toimituksella ja palvelulla sama."),
      discussion: say(
        en: """
          Begin with `punos context add` to name a server, or with `make demo` to see what it is for.
          Exit statuses: 0 done, 2 partly done, 3 not found, 4 refused, 5 conflict, 6 not allowed, 7 unreachable, \
          64 wrong usage, 65 bad file, 78 bad configuration.
          """,
        fi: """
          Aloita nimeämällä palvelin: `punos context add`, tai katso `make demo`, mistä on kyse.
          Päättymistilat: 0 tehty, 2 osin tehty, 3 ei löydy, 4 hylätty, 5 ristiriita, 6 ei oikeutta, 7 ei yhteyttä, \
          64 väärä käyttö, 65 viallinen tiedosto, 78 viallinen asetus.
          """),
      version: "punos \(ClientVersion.text)",
      subcommands: [
        AccountCommand.self, ContactCommand.self, CommitmentCommand.self, ValueCommand.self, FeedbackCommand.self, ExperienceCommand.self, EndCustomerSegmentCommand.self, PurchaseCommand.self,
        CommitteeCommand.self, StageCommand.self, JourneyCommand.self, FunnelCommand.self,
        RelationshipCommand.self, InteractionCommand.self, PathCommand.self, MapCommand.self,
        BusinessClaimCommand.self, InsightCommand.self, SignalCommand.self, UnderstandingCommand.self,
        QuestionsCommand.self, HandoverCommand.self, HandoverTemplateCommand.self, SearchCommand.self,
        WatchCommand.self, ImportCommand.self, RegistryCommand.self, ExportCommand.self, ContextCommand.self,
        ServerCommandGroup.self, DoctorCommand.self, ShellCommand.self, VersionCommand.self,
      ])
  }

  public init() {}

  /// Runs the command line and ends the program with its exit status.
  public static func run() async -> Never {
    // Whoever reads the output may go away: writing then fails, and the program ends quietly.
    signal(SIGPIPE, SIG_IGN)
    let words = Array(CommandLine.arguments.dropFirst())
    if let problem = UnknownCommand.problem(in: words) {
      Glibc.exit(tell(problem, HelpLanguage.current, noColor: words.contains("--no-color")))
    }
    do {
      var command = try await asyncParseAsRoot(words)
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch {
      Glibc.exit(tell(error, HelpLanguage.current))
    }
    Glibc.exit(0)
  }

  /// Prints a problem.
  ///
  /// - Returns: the exit status.
  static func tell(_ problem: CLIProblem, _ language: Language, noColor: Bool) -> Int32 {
    let output = Output(noColor: noColor, descriptor: STDERR_FILENO)
    Output.complain(
      ProblemPresenter(language: language, style: output.style, width: output.width).lines(problem))
    return problem.exit.rawValue
  }

  /// Prints what the parser has to say about a command line: its answers, such as help, are errors to it as well.
  ///
  /// - Returns: the exit status.
  static func tell(_ error: any Error, _ language: Language) -> Int32 {
    let status = exitCode(for: error)
    let width = TerminalInfo(descriptor: status.isSuccess ? STDOUT_FILENO : STDERR_FILENO).width
    let text = fullMessage(for: error, columns: width)
    if status.isSuccess {
      let output = Output(noColor: true)
      // Whoever reads help may stop reading.
      try? output.line(
        ParserWords.isHelp(text) ? ParserWords.fitted(ParserWords.help(text, language), width: width) : text)
      try? output.flush()
    } else if !text.isEmpty {
      Output.complain([ParserWords.fitted(ParserWords.error(text, language), width: width)])
    }
    return status.rawValue
  }
}
