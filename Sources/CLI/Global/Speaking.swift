public import ArgumentParser
internal import Glibc
public import Terminal

extension Language: ExpressibleByArgument {
  /// A language named on the command line: `fi`, `en`, or a locale's name.
  public init?(argument: String) { self.init(tag: argument) }
}

extension OutputMode: ExpressibleByArgument {}

extension Language {
  /// Chooses between two texts.
  func say(en english: String, fi finnish: String) -> String {
    switch self {
    case .english: english
    case .finnish: finnish
    }
  }

  /// The language that the environment asks for.
  static var ofEnvironment: Language { Language(environment: Environment.value) }
}

extension Term {
  /// What somebody else said, in whatever language they said it.
  static func verbatim(_ text: String) -> Term { Term(en: text, fi: text) }
}

/// Variables of the process's environment.
enum Environment {
  /// The value of a variable; nil where it is not set.
  static let value: @Sendable (String) -> String? = { name in getenv(name).map { String(cString: $0) } }
}
