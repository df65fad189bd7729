/// What was done to a value on its way in, to be kept with the field: whoever wonders about a value can see what
/// the file had made of it. Says what was done, never what a person's value was.
public struct CleaningNote: Sendable, Hashable, CustomStringConvertible {
  /// The kind of change.
  public enum Kind: String, Sendable, CaseIterable {
    /// Blanks around or doubled inside were removed.
    case trimmed
    /// A word that means "nothing" was taken for nothing.
    case placeholder
    /// A telephone number was written as E.164.
    case phone
    /// A country's name or code was written as ISO 3166-1.
    case country
    /// A name was recognised in spite of its spelling.
    case spelling
    /// A date was written as ISO 8601.
    case date
    /// A number was read by a locale.
    case number
    /// An amount was split into number and currency, or multiplied.
    case money
    /// Another format's decoration was removed.
    case format
    /// The value could not be read with certainty and was left as it was written.
    case left
  }

  /// The kind of change.
  public var kind: Kind
  /// The change in words, short.
  public var text: String

  /// A note.
  public init(_ kind: Kind, _ text: String) {
    self.kind = kind
    self.text = text
  }

  /// `country: “Philipines” read as PH`
  public var description: String { "\(kind.rawValue): \(text)" }
}

/// A value after cleaning.
public struct Cleaned: Sendable, Hashable {
  /// The value; nil when the file says that there is none.
  public var value: String?
  /// What was done to it, in order.
  public var notes: [CleaningNote]
  /// Why the value could not be brought into its form; then `value` is as it was written.
  public var doubt: String?

  /// A cleaned value.
  public init(_ value: String?, notes: [CleaningNote] = [], doubt: String? = nil) {
    self.value = value
    self.notes = notes
    self.doubt = doubt
  }

  /// Cleans further what is there; notes add up, and what is in doubt or absent is left alone.
  public func then(_ step: (String) -> Cleaned) -> Cleaned {
    guard doubt == nil, let value else { return self }
    var next = step(value)
    next.notes = notes + next.notes
    return next
  }

  /// A value left as it was written, and why.
  static func left(_ value: String, _ reason: String) -> Cleaned {
    Cleaned(value, notes: [CleaningNote(.left, reason)], doubt: reason)
  }
}

/// Brings values as people and programs write them into the forms that records have.
public enum Cleaning {
  /// Words that exports write for "nothing", folded. Zero and "no" are values and not among them.
  static let placeholders: Set<String> = [
    "null", "nil", "none", "n a", "na", "nan", "undefined", "unknown", "not available", "not applicable", "tbd",
    "ei tiedossa", "tuntematon", "puuttuu", "ei ole", "saknas", "okand", "ingen", "empty", "tyhja", "xxx", "n v t",
  ]

  /// Whether a text is short enough and begins like a word for "nothing": nearly every value is told apart here,
  /// without folding it.
  private static func mayBePlaceholder(_ text: String) -> Bool {
    guard text.utf8.count <= 20, let first = text.utf8.first else { return false }
    switch first | 0x20 {
    case UInt8(ascii: "n"), UInt8(ascii: "u"), UInt8(ascii: "t"), UInt8(ascii: "e"), UInt8(ascii: "p"),
      UInt8(ascii: "s"), UInt8(ascii: "i"), UInt8(ascii: "o"), UInt8(ascii: "x"):
      return true
    default: return first >= 0x80 || first < 0x30 || first == UInt8(ascii: "?") || first == UInt8(ascii: "\\")
        || first == UInt8(ascii: "_") || first == UInt8(ascii: "[") || first == UInt8(ascii: "<")
    }
  }

  /// Removes blanks around the value, and takes the words for "nothing" (`NULL`, `N/A`, `-`, `?`) for nothing.
  ///
  /// - Parameters:
  ///   - value: as the file has it.
  ///   - multiline: whether line breaks and doubled blanks inside are the value's own.
  public static func text(_ value: String, multiline: Bool = false) -> Cleaned {
    if value.isEmpty { return Cleaned(nil) }
    var notes: [CleaningNote] = []
    var text = value
    if !DataText.isPlain(value) {
      text = DataText.trimmed(value)
      if !multiline { text = DataText.collapsed(text) }
      if text.isEmpty { return Cleaned(nil) }
      if text != value { notes.append(CleaningNote(.trimmed, "blanks removed")) }
    }
    if mayBePlaceholder(text) {
      let isOnlyMarks = text.unicodeScalars.allSatisfy { "-–—_?.*/\\".unicodeScalars.contains($0) }
      if isOnlyMarks || placeholders.contains(DataText.folded(text)) {
        return Cleaned(nil, notes: [CleaningNote(.placeholder, "“\(text)” read as no value")])
      }
    }
    return Cleaned(text, notes: notes)
  }
}
