internal import ArgumentParser
internal import DataFiles
internal import Terminal

/// A word where a command should be, that is none: the parser would complain about whatever stands behind it.
enum UnknownCommand {
  /// What to say about a command line that names no command; nil where it does, or asks for help.
  ///
  /// - Parameter words: behind the program's name.
  static func problem(in words: [String]) -> CLIProblem? {
    var command: any ParsableCommand.Type = PunosCLI.self
    var path = ["punos"]
    for word in words {
      let below = command.configuration.subcommands
      guard !below.isEmpty, !word.hasPrefix("-"), word != "help" else { return nil }
      guard let next = below.first(where: { $0._commandName == word }) else {
        return problem(word, below.map { $0._commandName }, path: path.joined(separator: " "))
      }
      command = next
      path.append(word)
    }
    return nil
  }

  private static func problem(_ word: String, _ known: [String], path: String) -> CLIProblem {
    let near = DataText.nearest(to: word, in: known)
    return CLIProblem(
      .usage, Term(en: "\(path) has no command “\(word)”.", fi: "Komentoa ”\(word)” ei ole: \(path)."),
      details: near == nil ? [known.joined(separator: ", ")] : [],
      remedy: near.map { Term(en: "Did you mean: \(path) \($0)", fi: "Tarkoititko: \(path) \($0)") }
        ?? Term(en: "See \(path) --help", fi: "Katso \(path) --help"))
  }
}
