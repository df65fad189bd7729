internal import ArgumentParser
internal import Terminal

/// The language that help texts are written in: commands tell about themselves before their options are read.
enum HelpLanguage {
  /// What a shell chose for one of its commands, or a test.
  @TaskLocal static var chosen: Language?

  /// What the command line asks for, or else the environment.
  private static let ofProcess = asked(in: CommandLine.arguments) ?? .ofEnvironment

  /// The language to use.
  static var current: Language { chosen ?? ofProcess }

  /// The language that the words of a command line ask for with `--lang`; nil where they do not.
  static func asked(in words: [String]) -> Language? {
    for (index, word) in words.enumerated() {
      if word == "--" { return nil }
      if word == "--lang", index + 1 < words.count { return Language(tag: words[index + 1]) }
      if word.hasPrefix("--lang=") { return Language(tag: String(word.dropFirst("--lang=".count))) }
    }
    return nil
  }
}

extension ParsableCommand {
  /// Chooses between two texts about the command.
  static func say(en english: String, fi finnish: String) -> String {
    HelpLanguage.current.say(en: english, fi: finnish)
  }
}

extension ArgumentHelp {
  /// A help text in the language asked for.
  static func say(en english: String, fi finnish: String) -> ArgumentHelp {
    ArgumentHelp(stringLiteral: HelpLanguage.current.say(en: english, fi: finnish))
  }
}
