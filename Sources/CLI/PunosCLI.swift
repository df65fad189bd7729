public import ArgumentParser
internal import Glibc

/// The client `punos`.
public struct PunosCLI: AsyncParsableCommand {
  public static let configuration = CommandConfiguration(
    commandName: "punos",
    abstract: "One understanding of each customer, shared by sales, delivery and service.",
    discussion: """
      Begin with `punos context add` to name a server, or with `make demo` to see what it is for.
      Exit statuses: 0 done, 2 partly done, 3 not found, 4 refused, 5 conflict, 6 not allowed, 7 unreachable, \
      64 wrong usage, 65 bad file, 78 bad configuration.
      """,
    version: "punos \(ClientVersion.text)",
    subcommands: [
      AccountCommand.self, ContactCommand.self, CommitmentCommand.self, SearchCommand.self, WatchCommand.self, ImportCommand.self,
      ExportCommand.self,
      ContextCommand.self,
      ServerCommandGroup.self, DoctorCommand.self, ShellCommand.self,
      VersionCommand.self,
    ])

  public init() {}

  /// Runs the command line and ends the program with its exit status.
  public static func run() async -> Never {
    // Whoever reads the output may go away: writing then fails, and the program ends quietly.
    signal(SIGPIPE, SIG_IGN)
    do {
      var command = try await asyncParseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch {
      exit(withError: error)
    }
    Glibc.exit(0)
  }
}
