/// Where in a file something is, as an editor shows it.
public struct FilePosition: Sendable, Hashable, CustomStringConvertible {
  /// Line, from 1. A record may span several lines; this is the one meant.
  public var line: Int
  /// Character in the line, from 1; nil where the line as a whole is meant.
  public var character: Int?
  /// The record's field, from 1; nil where the record as a whole is meant.
  public var column: Int?

  /// A place in a file.
  public init(line: Int, character: Int? = nil, column: Int? = nil) {
    self.line = line
    self.character = character
    self.column = column
  }

  /// `line 12, column 3, character 40`, as far as known.
  public var description: String {
    var text = "line \(line)"
    if let column { text += ", column \(column)" }
    if let character { text += ", character \(character)" }
    return text
  }
}

/// Why a file as a whole cannot be read on: no record after this point can be trusted.
///
/// What is wrong with one record only is a ``RecordProblem`` and never ends the reading.
public struct DataFileError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What kind of thing went wrong.
  public enum Kind: Sendable, Hashable {
    /// The operating system refused; the number is its `errno`.
    case system(operation: String, errno: Int32)
    /// The content is of another kind than asked for, such as a spreadsheet's own format.
    case wrongContent
    /// The text's encoding cannot be read.
    case encoding
    /// A quoted field never ends.
    case unclosedQuote
    /// A limit of the reader.
    case limit
    /// The text breaks the format's grammar.
    case syntax
    /// There is nothing in the file.
    case empty
  }

  /// What kind of thing went wrong.
  public var kind: Kind
  /// Where, as far as it is known.
  public var position: FilePosition?
  /// What happened and what to do, in a sentence, without values from the file.
  public var message: String

  /// An error at a place.
  public init(_ kind: Kind, at position: FilePosition? = nil, _ message: String) {
    self.kind = kind
    self.position = position
    self.message = message
  }

  /// The sentence with its place in front.
  public var description: String { position.map { "\($0): \(message)" } ?? message }
}

/// What is wrong with one record of a file; the records after it are not touched by it.
public struct RecordProblem: Sendable, Hashable, CustomStringConvertible {
  /// Where.
  public var position: FilePosition
  /// The column's name in the file's header, where one is concerned.
  public var columnName: String?
  /// What was expected and what to do, without values from the file.
  public var reason: String

  /// A problem at a place.
  public init(at position: FilePosition, columnName: String? = nil, _ reason: String) {
    self.position = position
    self.columnName = columnName
    self.reason = reason
  }

  /// `line 12, column 3 (phone): expected …`
  public var description: String {
    "\(position)\(columnName.map { " (\($0))" } ?? ""): \(reason)"
  }
}
