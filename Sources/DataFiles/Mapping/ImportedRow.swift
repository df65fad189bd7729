/// A value on its way into a record.
public enum ImportedValue: Sendable, Hashable {
  /// A value as text in the form the field has: a date as `YYYY-MM-DD`, a number with a point, a country's code.
  case text(String)
  /// Another record, to be found by what the file knows of it.
  case reference(kind: String, by: Lookup)

  /// How a record is found.
  public enum Lookup: Sendable, Hashable {
    /// By its name.
    case name(String)
    /// By its id in an external system.
    case externalID(system: String, id: String)
    /// By an identifier of a registry (`y_tunnus`, `vat`, `lei`, `duns`) or its `domain`, in the stored form.
    case identifier(type: String, value: String)
  }
}

/// A field of a record as a row of a file gives it.
public struct ImportedField: Sendable, Hashable {
  /// The field's path, with the element's label in brackets where a list is meant: `phones[fax].number`. Fields
  /// whose paths agree up to and including the brackets belong to one element.
  public var path: String
  /// The value.
  public var value: ImportedValue
  /// The column it came from; nil for a constant.
  public var column: String?
  /// What was done to it.
  public var notes: [CleaningNote]

  /// A field.
  public init(path: String, value: ImportedValue, column: String? = nil, notes: [CleaningNote] = []) {
    self.path = path
    self.value = value
    self.column = column
    self.notes = notes
  }
}

/// A record as a row of a file gives it; one row can give several of different kinds.
public struct ImportedRow: Sendable, Hashable {
  /// The kind of record, such as `account`.
  public var kind: String
  /// The external system and the record's id in it, where the file has one.
  public var key: Key?
  /// The fields that have values, in the mapping's order.
  public var fields: [ImportedField]
  /// The line the row begins on, from 1.
  public var line: Int
  /// Why the record cannot be imported; empty when it can.
  public var problems: [RecordProblem]
  /// What was left as it was written, or left out; the record is imported all the same.
  public var warnings: [RecordProblem]

  /// A record's id in a system.
  public struct Key: Sendable, Hashable {
    /// The system, such as `hubspot`.
    public var system: String
    /// The id.
    public var id: String

    /// An id in a system.
    public init(system: String, id: String) {
      self.system = system
      self.id = id
    }
  }

  /// A record without fields.
  public init(kind: String, line: Int) {
    self.kind = kind
    self.line = line
    fields = []
    problems = []
    warnings = []
  }

  /// The text of a field; nil when there is none, or it is a reference.
  public func text(_ path: String) -> String? {
    guard let field = fields.first(where: { $0.path == path }), case .text(let text) = field.value else { return nil }
    return text
  }
}
