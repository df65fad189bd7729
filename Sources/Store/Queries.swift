/// Which of an account's records are wanted, in key order.
public struct AccountScan: Hashable, Sendable {
  /// Only these kinds; nil: all.
  public var kinds: [RecordKind]?
  /// Only ids that begin with this; used with exactly one kind.
  public var idPrefix: String
  /// Begin after this key; nil: at the beginning.
  public var after: RecordKey?
  /// 1 … ``StoreLimits/pageRecords``; more is taken as that.
  public var limit: Int
  /// Deleted records too.
  public var includesDeleted: Bool

  public init(
    kinds: [RecordKind]? = nil, idPrefix: String = "", after: RecordKey? = nil,
    limit: Int = StoreLimits.pageRecords, includesDeleted: Bool = false
  ) {
    self.kinds = kinds
    self.idPrefix = idPrefix
    self.after = after
    self.limit = limit
    self.includesDeleted = includesDeleted
  }
}

/// Some of an account's records, in key order.
public struct AccountPage: Hashable, Sendable {
  public var records: [StoredRecord]
  /// Pass as `after` to go on; nil at the end.
  public var next: RecordKey?

  public init(records: [StoredRecord], next: RecordKey?) {
    self.records = records
    self.next = next
  }
}

/// Where in its order a list was left. Opaque, for a page token; only good with the query it came from.
public struct ListPosition: Hashable, Sendable {
  public var bytes: [UInt8]

  public init(bytes: [UInt8]) { self.bytes = bytes }
}

/// What to find through an index: records whose entry begins with `equal` and whose next value lies in
/// `range`.
public struct IndexQuery: Hashable, Sendable {
  /// A bound on the value after the equal ones.
  public enum Range: Hashable, Sendable {
    case all
    /// Texts that begin with this (folded where the index is).
    case prefix(String)
    /// From `from` (included) to `to` (left out); nil: open.
    case between(from: FieldValue?, to: FieldValue?)
  }

  public var kind: RecordKind
  /// The index's name.
  public var index: String
  /// Values of the first fields.
  public var equal: [FieldValue]
  public var range: Range
  /// Only records in this account's shard; nil: everywhere.
  public var account: String?
  /// Last value first.
  public var isDescending: Bool
  /// 1 … ``StoreLimits/pageRecords``; more is taken as that.
  public var limit: Int
  /// Go on after this; nil: from the beginning.
  public var after: ListPosition?

  public init(
    kind: RecordKind, index: String, equal: [FieldValue] = [], range: Range = .all, account: String? = nil,
    isDescending: Bool = false, limit: Int = 100, after: ListPosition? = nil
  ) {
    self.kind = kind
    self.index = index
    self.equal = equal
    self.range = range
    self.account = account
    self.isDescending = isDescending
    self.limit = limit
    self.after = after
  }
}

/// Records of a list, in its order. A record with several matching entries comes once a page.
public struct RecordPage: Hashable, Sendable {
  public var records: [StoredRecord]
  /// Pass as `after` to go on; nil at the end.
  public var next: ListPosition?

  public init(records: [StoredRecord], next: ListPosition?) {
    self.records = records
    self.next = next
  }
}

/// How a column is compared with a value. Comparing with null, or a null, is false but for `equal` and
/// `notEqual`.
public enum Comparison: Hashable, Sendable {
  case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
  /// Text that begins with the value, byte for byte.
  case hasPrefix
  /// Text that contains the value, byte for byte.
  case contains
}

/// A condition on a record's typed columns.
public indirect enum ColumnFilter: Hashable, Sendable {
  case compare(column: String, Comparison, FieldValue)
  /// The column is one of these.
  case oneOf(column: String, [FieldValue])
  case all([ColumnFilter])
  case anyOf([ColumnFilter])
  case not(ColumnFilter)
}

/// One of a list's orders.
public struct ColumnOrder: Hashable, Sendable {
  /// A typed column. Ties, and the whole order where none is given, are settled by the key.
  public var column: String
  public var isDescending: Bool

  public init(column: String, isDescending: Bool = false) {
    self.column = column
    self.isDescending = isDescending
  }
}

/// A list across accounts: live records of a kind whose columns meet a condition.
public struct ColumnQuery: Hashable, Sendable {
  public var kind: RecordKind
  public var filter: ColumnFilter?
  /// Up to three.
  public var order: [ColumnOrder]
  /// Only in this account's shard; nil: everywhere.
  public var account: String?
  /// 1 … ``StoreLimits/pageRecords``; more is taken as that.
  public var limit: Int
  /// Go on after this; nil: from the beginning.
  public var after: ListPosition?
  /// Deleted records too.
  public var includesDeleted: Bool

  /// Columns that every record has without the schema saying so: when it was created and last changed, as
  /// moments,
  /// with the names that engines keep them under.
  public static let recordColumns = ["create_time": "created", "update_time": "updated"]

  public init(
    kind: RecordKind, filter: ColumnFilter? = nil, order: [ColumnOrder] = [], account: String? = nil,
    limit: Int = 100, after: ListPosition? = nil, includesDeleted: Bool = false
  ) {
    self.includesDeleted = includesDeleted
    self.kind = kind
    self.filter = filter
    self.order = order
    self.account = account
    self.limit = limit
    self.after = after
  }
}

/// What to work out over the records that meet a condition.
public struct AggregateQuery: Hashable, Sendable {
  public enum Measure: Hashable, Sendable {
    case count
    /// Of a number or moment column; nulls are left out.
    case sum(String)
    case average(String)
    case least(String)
    case greatest(String)
  }

  public var kind: RecordKind
  public var filter: ColumnFilter?
  /// Only in this account's shard; nil: everywhere.
  public var account: String?
  /// Columns to group by, up to three; none: one group.
  public var groupedBy: [String]
  public var measures: [Measure]
  /// Groups, the fullest first; 1 … ``StoreLimits/aggregateGroups``, more is taken as that.
  public var limit: Int

  public init(
    kind: RecordKind, filter: ColumnFilter? = nil, account: String? = nil, groupedBy: [String] = [],
    measures: [Measure] = [.count], limit: Int = StoreLimits.pageRecords
  ) {
    self.kind = kind
    self.filter = filter
    self.account = account
    self.groupedBy = groupedBy
    self.measures = measures
    self.limit = limit
  }
}

/// One group of an aggregate.
public struct AggregateRow: Hashable, Sendable {
  /// Values of the grouping columns.
  public var group: [FieldValue]
  /// Parallel to the query's measures; null where there was nothing to measure.
  public var measures: [FieldValue]

  public init(group: [FieldValue], measures: [FieldValue]) {
    self.group = group
    self.measures = measures
  }
}
