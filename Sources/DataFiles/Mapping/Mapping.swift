/// How a table's columns become the fields of records.
public struct Mapping: Sendable, Hashable {
  /// A column and where its values go.
  public struct Column: Sendable, Hashable {
    /// The column's name in the header.
    public var name: String
    /// The paths its value is written to; none: the column is left out on purpose.
    public var targets: [String]
    /// What is done to its values, instead of what the first target's field would have done.
    public var steps: [CleaningStep]
    /// The line of the mapping file, from 1; 0 for a mapping made by a program.
    public var line: Int

    /// A column.
    public init(_ name: String, targets: [String], steps: [CleaningStep] = [], line: Int = 0) {
      self.name = name
      self.targets = targets
      self.steps = steps
      self.line = line
    }
  }

  /// A value that every record gets.
  public struct Constant: Sendable, Hashable {
    /// Where it goes.
    public var target: String
    /// The value.
    public var value: String
    /// The line of the mapping file, from 1; 0 for a mapping made by a program.
    public var line: Int
  }

  /// The kind of record that rows become; one row can become several.
  public struct Section: Sendable, Hashable {
    /// The kind, such as `account`.
    public var kind: String
    /// The external system that ``keyColumn`` is an id in; nil when records have no key in the file.
    public var keySystem: String?
    /// The column with the record's id in that system.
    public var keyColumn: String?
    /// The columns, in the file's order.
    public var columns: [Column] = []
    /// The constants, in the file's order.
    public var constants: [Constant] = []
    /// The line of the mapping file, from 1.
    public var line: Int

    /// A section without columns.
    public init(kind: String, line: Int = 0) {
      self.kind = kind
      self.line = line
    }
  }

  /// How the file writes numbers and dates.
  public var locale: DataLocale = .american
  /// The country of rows that do not say one; ISO 3166-1.
  public var country: String?
  /// What the records' provenance says they came from.
  public var source: String?
  /// The kinds that a row becomes, in order.
  public var sections: [Section] = []

  /// An empty mapping.
  public init() {}
}

/// What is wrong with a mapping file, all of it at once.
public struct MappingError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Every problem with its line.
  public var problems: [RecordProblem]

  /// A line a problem.
  public var description: String { problems.map(\.description).joined(separator: "\n") }
}
