public import ArgumentParser
internal import Terminal

/// What every command takes.
public struct GlobalOptions: ParsableArguments, Sendable {
  @Option(
    name: .customLong("context"),
    help: .say(en: "The server to use, by its context's name.", fi: "Käytettävä palvelin, yhteyden nimellä."))
  var contextName: String?
  @Option(
    name: .shortAndLong,
    help: .say(en: "table, json, jsonl, csv or markdown.", fi: "table, json, jsonl, csv tai markdown."))
  var output: OutputMode = .table
  @Option(
    name: .customLong("lang"),
    help: .say(
      en: "fi or en; the locale's language where not given.",
      fi: "fi tai en; jos ei anneta, ympäristön kieli."))
  var requestedLanguage: Language?
  @Flag(
    name: .customLong("no-color"),
    help: .say(
      en: "No colours; the same as the variable NO_COLOR.",
      fi: "Ei värejä; sama kuin ympäristömuuttuja NO_COLOR."))
  var noColor = false

  public init() {}

  /// The language to speak.
  var language: Language { requestedLanguage ?? .ofEnvironment }
}

/// What every command takes that changes something.
struct ChangeOptions: ParsableArguments, Sendable {
  @Flag(
    name: .customLong("dry-run"),
    help: .say(
      en: "Check and show what would change; change nothing.",
      fi: "Tarkista ja näytä, mikä muuttuisi; älä muuta mitään."))
  var isDryRun = false
  @Option(help: .say(en: "Why, for the history.", fi: "Miksi, historiaa varten."))
  var reason: String = ""
  @Option(
    name: .customLong("request-id"),
    help: .say(
      en: "Makes a repeat of the command have one effect only.",
      fi: "Toistettukin komento vaikuttaa vain kerran."))
  var requestID: String = ""
}

/// What commands take that change only what this machine knows.
struct DryRunOption: ParsableArguments {
  @Flag(
    name: .customLong("dry-run"),
    help: .say(
      en: "Check and show what would change; change nothing.",
      fi: "Tarkista ja näytä, mikä muuttuisi; älä muuta mitään."))
  var isDryRun = false
}
