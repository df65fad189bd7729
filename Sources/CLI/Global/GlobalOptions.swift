public import ArgumentParser
internal import Terminal

/// What every command takes.
public struct GlobalOptions: ParsableArguments, Sendable {
  @Option(name: .customLong("context"), help: "The server to use, by its context's name.")
  var contextName: String?
  @Option(name: .shortAndLong, help: "table, json, jsonl, csv or markdown.")
  var output: OutputMode = .table
  @Option(name: .customLong("lang"), help: "fi or en; the locale's language where not given.")
  var requestedLanguage: Language?
  @Flag(name: .customLong("no-color"), help: "No colours; the same as the variable NO_COLOR.")
  var noColor = false

  public init() {}

  /// The language to speak.
  var language: Language { requestedLanguage ?? .ofEnvironment }
}

/// What every command takes that changes something.
struct ChangeOptions: ParsableArguments, Sendable {
  @Flag(name: .customLong("dry-run"), help: "Check and show what would change; change nothing.")
  var isDryRun = false
  @Option(help: "Why, for the history.")
  var reason: String = ""
  @Option(name: .customLong("request-id"), help: "Makes a repeat of the command have one effect only.")
  var requestID: String = ""
}
