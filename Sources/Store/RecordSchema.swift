/// A value that an index or a typed column holds.
public enum FieldValue: Hashable, Sendable {
  /// Not set. Orders before everything.
  case null
  case boolean(Bool)
  case integer(Int64)
  /// NaN counts as ``null``.
  case real(Double)
  case text(String)
  case moment(Moment)
}

/// In which space a kind's records lie.
public enum RecordScope: UInt8, Hashable, Sendable {
  /// Beside the accounts.
  case tenant = 1
  /// In an account's shard.
  case account = 2
}

/// What an index promises.
public enum IndexPromise: UInt8, Hashable, Sendable {
  /// Any number of records for a value.
  case plain = 1
  /// At most one live record in the tenant for a value. An entry with a null in it is not checked.
  case unique = 2
  /// Plain, and asked by the beginning of its last value.
  case prefix = 3
  /// Plain, ordered by its last value, a moment.
  case time = 4
}

/// One index over a kind of record.
public struct IndexDefinition: Hashable, Sendable {
  /// Unique within its kind.
  public var name: String
  /// How many values make an entry, most significant first.
  public var fields: Int
  public var promise: IndexPromise
  /// Texts are folded with ``RecordSchema/fold`` on the way in and when asked.
  public var isFolded: Bool
  /// Raise it when the extraction changes: the index is then built anew, and unused until complete.
  public var version: Int

  public init(name: String, fields: Int, promise: IndexPromise, isFolded: Bool = false, version: Int = 1) {
    self.name = name
    self.fields = fields
    self.promise = promise
    self.isFolded = isFolded
    self.version = version
  }
}

/// What a typed column holds.
public enum ColumnType: UInt8, Hashable, Sendable {
  case boolean = 1
  case integer = 2
  case real = 3
  case text = 4
  case moment = 5
}

/// A value of each record, kept beside it to be filtered, ordered and counted across accounts.
public struct ColumnDefinition: Hashable, Sendable {
  /// Unique within its kind; lower snake case.
  public var name: String
  public var type: ColumnType
  /// Raise it when the extraction changes.
  public var version: Int

  public init(name: String, type: ColumnType, version: Int = 1) {
    self.name = name
    self.type = type
    self.version = version
  }
}

/// Counts of a kind's live records, kept up with every write: how many there are in each calendar month (UTC) of a moment
/// for each combination of some columns' values, so that counting over all accounts need not look at each record.
public struct TallyDefinition: Hashable, Sendable {
  /// The moment column whose month is counted in.
  public var moment: String
  /// The columns whose values are told apart: few values each, or there are as many counts as records.
  public var by: [String]
  /// An integer column that is added up too; nil: none.
  public var sum: String?
  /// Only records in which this column is set are counted; nil: all. What few records have then costs the others nothing.
  public var whereSet: String?

  public init(moment: String, by: [String], sum: String? = nil, whereSet: String? = nil) {
    self.moment = moment
    self.by = by
    self.sum = sum
    self.whereSet = whereSet
  }
}

/// Everything a store needs to know of one body, read from it in one go.
public struct RecordFacts: Hashable, Sendable {
  /// Parallel to ``KindSchema/indexes``: the entries of each, every entry with as many values as the index
  /// has
  /// fields. A record that is not to be found in an index has no entries there.
  public var indexEntries: [[[FieldValue]]]
  /// Parallel to ``KindSchema/columns``.
  public var columns: [FieldValue]
  /// Resource names of the persons whose data the body holds; what ``Store/erase(_:in:)`` goes by.
  public var subjects: [String]

  public init(indexEntries: [[[FieldValue]]] = [], columns: [FieldValue] = [], subjects: [String] = []) {
    self.indexEntries = indexEntries
    self.columns = columns
    self.subjects = subjects
  }
}

/// What is left of a body once a person's data is taken out of it.
public enum ErasedBody: Hashable, Sendable {
  /// Nothing: the record goes.
  case removed
  /// This.
  case rewritten([UInt8])
}

/// A kind of record, and what is derived from its bodies.
public struct KindSchema: Sendable {
  public var kind: RecordKind
  /// Lower snake case, singular ("committee_member").
  public var name: String
  public var scope: RecordScope
  public var indexes: [IndexDefinition]
  public var columns: [ColumnDefinition]
  /// What is counted as records are written; ``AggregateQuery`` is answered from it where it can be.
  public var tallies: [TallyDefinition]
  /// Columns by which lists are found in order: equal in all but the last, the greatest of the last first.
  public var orders: [[String]]
  /// Reads the facts from a body. Throwing refuses the commit that brings the body. Must give the same for
  /// the
  /// same body, always: entries are removed by what it says of the old one.
  public var facts: @Sendable ([UInt8]) throws -> RecordFacts
  /// What search reads from a body; nil: the kind, or this record, is not searched.
  public var searchDocument: (@Sendable ([UInt8]) throws -> SearchDocument?)?
  /// Takes a person (a subject among the facts') out of a body. nil: records that name the person are
  /// removed.
  public var erase: (@Sendable ([UInt8], _ subject: String) throws -> ErasedBody)?

  public init(
    kind: RecordKind, name: String, scope: RecordScope, indexes: [IndexDefinition] = [],
    columns: [ColumnDefinition] = [], tallies: [TallyDefinition] = [], orders: [[String]] = [],
    facts: @escaping @Sendable ([UInt8]) throws -> RecordFacts,
    searchDocument: (@Sendable ([UInt8]) throws -> SearchDocument?)? = nil,
    erase: (@Sendable ([UInt8], _ subject: String) throws -> ErasedBody)? = nil
  ) {
    self.kind = kind
    self.name = name
    self.scope = scope
    self.indexes = indexes
    self.columns = columns
    self.tallies = tallies
    self.orders = orders
    self.facts = facts
    self.searchDocument = searchDocument
    self.erase = erase
  }
}

/// All kinds of records a store holds. Given at opening; nothing of it is known to the store otherwise.
public struct RecordSchema: Sendable {
  public private(set) var kinds: [RecordKind: KindSchema]
  /// Folds text for folded indexes: case, and diacritics other than å ä ö. Texts are listed in the order of the bytes of
  /// what it gives.
  public var fold: @Sendable (String) -> String
  /// The same kind given twice: the later counts.
  public init(kinds: [KindSchema], fold: @escaping @Sendable (String) -> String) {
    self.kinds = Dictionary(kinds.map { ($0.kind, $0) }, uniquingKeysWith: { $1 })
    self.fold = fold
  }

  public subscript(kind: RecordKind) -> KindSchema? { kinds[kind] }
}

/// What search reads of one record.
public struct SearchDocument: Hashable, Sendable {
  public struct Field: Hashable, Sendable {
    /// The field's path in the message.
    public var name: String
    public var text: String
    /// Weight beside the record's other fields; 1 is usual.
    public var weight: Float
    /// BCP 47 language; nil: found from the text.
    public var language: String?
    /// Names: folded, not reduced to base forms.
    public var isVerbatim: Bool

    public init(
      name: String, text: String, weight: Float = 1, language: String? = nil, isVerbatim: Bool = false
    ) {
      self.name = name
      self.text = text
      self.weight = weight
      self.language = language
      self.isVerbatim = isVerbatim
    }
  }

  public var fields: [Field]
  /// The moment the record is about, for recency; nil: none.
  public var moment: Moment?
  /// 0 to 1; nil: none, ranked as 1.
  public var confidence: Double?
  /// The team it comes from, to filter by; empty: none.
  public var team: String

  public init(fields: [Field], moment: Moment? = nil, confidence: Double? = nil, team: String = "") {
    self.fields = fields
    self.moment = moment
    self.confidence = confidence
    self.team = team
  }
}
