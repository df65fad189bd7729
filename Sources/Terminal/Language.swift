/// The languages that the client speaks.
public enum Language: String, Sendable, CaseIterable {
  /// English, also where the environment says nothing.
  case english = "en"
  /// Finnish.
  case finnish = "fi"

  /// The language of a tag or locale name: `fi`, `fi_FI.UTF-8`, `en-GB`; nil for one that is not spoken here.
  public init?(tag: String) {
    let language = tag.prefix { $0 != "_" && $0 != "-" && $0 != "." && $0 != "@" }.lowercased()
    self.init(rawValue: language)
  }

  /// The language that the environment asks for, by POSIX's order: `LC_ALL`, `LC_MESSAGES`, `LANG`.
  ///
  /// - Parameter environment: gives a variable's value.
  public init(environment: (String) -> String?) {
    for name in ["LC_ALL", "LC_MESSAGES", "LANG"] {
      guard let value = environment(name), !value.isEmpty else { continue }
      self = Language(tag: value) ?? .english
      return
    }
    self = .english
  }
}

/// A text in every language, with typed arguments.
///
/// Both languages are written where the phrase is made, so one that lacks a language does not compile. The arguments
/// are those of the closures, in the order that each language wants them.
///
/// ```swift
/// static let imported = Phrase<Int, String>(
///   en: { "\($0) rows from \($1)" }, fi: { "tiedostosta \($1) \($0) riviä" })
/// ```
public struct Phrase<each Argument>: Sendable {
  private let english: @Sendable (repeat each Argument) -> String
  private let finnish: @Sendable (repeat each Argument) -> String

  /// A phrase.
  public init(
    en english: @escaping @Sendable (repeat each Argument) -> String,
    fi finnish: @escaping @Sendable (repeat each Argument) -> String
  ) {
    self.english = english
    self.finnish = finnish
  }

  /// The text in a language.
  public func callAsFunction(_ argument: repeat each Argument, in language: Language) -> String {
    switch language {
    case .english: english(repeat each argument)
    case .finnish: finnish(repeat each argument)
    }
  }
}

/// A word or sentence in every language, without arguments.
public struct Term: Sendable, Hashable {
  /// In English.
  public let english: String
  /// In Finnish.
  public let finnish: String

  /// A term.
  public init(en english: String, fi finnish: String) {
    self.english = english
    self.finnish = finnish
  }

  /// The text in a language.
  public func callAsFunction(in language: Language) -> String {
    switch language {
    case .english: english
    case .finnish: finnish
    }
  }
}

/// A catalogue's phrases by name, so that a test can read all of them in every language.
public protocol MessageCatalogue {
  /// Every phrase by its name, rendered with sample arguments.
  static var samples: [(name: String, render: @Sendable (Language) -> String)] { get }
}
