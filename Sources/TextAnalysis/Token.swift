/// What a piece of text is, which decides how it is made findable.
public enum TokenKind: Sendable, Hashable {
  /// A word of some language, or a name.
  case word
  /// A word with hyphens inside: found whole and by its parts.
  case compound
  /// Digits, with a decimal point or grouping inside.
  case number
  /// An e-mail address: found whole and by its parts.
  case email
  /// A domain name: found whole and by its parts.
  case domain
  /// A telephone number: found by its national significant number, however it is grouped.
  case phone
  /// Letters and digits mixed, or digits with hyphens (`1234567-8`, `A-2024/15`): found without the
  /// punctuation.
  case identifier
}

/// A piece of a text that can be found.
public struct Token: Sendable, Hashable {
  /// What it is.
  public var kind: TokenKind
  /// Where it stands: UTF-8 offsets in the text. A word's inflection after a colon (`CRM:n`) is included.
  public var range: Range<Int>
  /// The folded text, without inflection after a colon; a phone's or identifier's canonical form.
  public var folded: String
  /// The folded parts of a compound, an e-mail address, a domain name or an identifier; empty for the rest.
  public var parts: [String]
}
