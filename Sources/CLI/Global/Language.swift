internal import Glibc

/// A language the client speaks.
public enum Language: String, Sendable, CaseIterable {
  case english = "en"
  case finnish = "fi"

  /// The language of a locale's name, such as `fi_FI.UTF-8`; nil for one the client does not speak.
  init?(locale: String) {
    let tag = locale.prefix { $0.isLetter }.lowercased()
    self.init(rawValue: tag)
  }

  /// The language that the environment asks for: LC_ALL, LC_MESSAGES, LANG, in this order; English otherwise.
  static func fromEnvironment(_ environment: (String) -> String? = Environment.value) -> Language {
    for name in ["LC_ALL", "LC_MESSAGES", "LANG"] {
      if let value = environment(name), !value.isEmpty { return Language(locale: value) ?? .english }
    }
    return .english
  }
}

/// A sentence in both languages. There is no way to make one without a translation.
public struct Phrase: Sendable, Hashable {
  /// In English.
  public var english: String
  /// In Finnish.
  public var finnish: String

  /// A phrase.
  public init(en english: String, fi finnish: String) {
    self.english = english
    self.finnish = finnish
  }

  /// What somebody else said, in whatever language they said it.
  static func verbatim(_ text: String) -> Phrase { Phrase(en: text, fi: text) }

  /// The phrase in one language.
  public func text(_ language: Language) -> String {
    switch language {
    case .english: english
    case .finnish: finnish
    }
  }
}

extension Language {
  /// Chooses between two texts.
  func say(en english: String, fi finnish: String) -> String {
    switch self {
    case .english: english
    case .finnish: finnish
    }
  }
}

/// Variables of the process's environment.
enum Environment {
  /// The value of a variable; nil where it is not set.
  static let value: @Sendable (String) -> String? = { name in getenv(name).map { String(cString: $0) } }
}
