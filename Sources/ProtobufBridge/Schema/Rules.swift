// What the schema's options say beyond shape: the Swift side of `punos.options.v1`.

/// How a message is stored.
public struct RecordRule: Sendable, Hashable {
  /// Whose shard a record lies in.
  public enum Scope: UInt64, Sendable { case unspecified, tenant, account }
  /// The record kind, singular, lower snake case.
  public var kind = ""
  /// The collection's segment in resource names.
  public var collection = ""
  /// Whose shard it lies in.
  public var scope = Scope.unspecified
  /// Indexes over one or more of its fields.
  public var indexes: [IndexRule] = []
  /// Path of the field shown to people as the record's title.
  public var title = ""
  /// Path of the moment the record is about.
  public var moment = ""
  /// Path of a confidence between 0 and 1.
  public var confidence = ""
  /// The number that stands for the kind in the store.
  public var code: UInt32 = 0
  /// Counts over records that are kept up with every write.
  public var tallies: [TallyRule] = []
  /// Columns by which records are found in order, each list most significant first.
  public var orders: [[String]] = []
}

/// How many records there are in each month for each combination of some columns' values.
public struct TallyRule: Sendable, Hashable {
  /// The Timestamp whose month is counted in.
  public var moment = ""
  /// The columns whose values are told apart.
  public var by: [String] = []
  /// A number that is added up too; empty: none.
  public var sum = ""
  /// Only records in which this column is set are counted; empty: all.
  public var whereSet = ""
}

/// One index over a record kind.
public struct IndexRule: Sendable, Hashable {
  /// What an index promises.
  public enum Kind: UInt64, Sendable { case unspecified, plain, unique, prefix, time }
  /// Unique within the kind.
  public var name = ""
  /// Field paths, most significant first.
  public var fields: [String] = []
  /// What it promises.
  public var kind = Kind.unspecified
  /// Whether text is compared after Unicode folding.
  public var folded = false
  /// Whether only those entries are made in which every value is set.
  public var whole = false
  /// How many entries a record may have; one that would have more has none. Zero: no such bound.
  public var most: UInt32 = 0
}

/// Rules of one field.
public struct FieldRule: Sendable, Hashable {
  /// A least and a greatest count; zero for max means no limit.
  public struct Length: Sendable, Hashable {
    /// Least.
    public var min: UInt64 = 0
    /// Greatest, or zero.
    public var max: UInt64 = 0
  }
  /// A least and a greatest number, where set.
  public struct Span: Sendable, Hashable {
    /// Least.
    public var min: Double?
    /// Greatest.
    public var max: Double?
  }
  /// Whose personal data a field holds.
  public enum Subject: UInt64, Sendable { case unspecified, contact, teammate }
  /// Personal data of a natural person.
  public struct Personal: Sendable, Hashable {
    /// Of whom.
    public var subject = Subject.unspecified
    /// Path of the resource name of the person it is about; empty where the record is that person's own.
    public var of = ""
  }
  /// How search reads a field.
  public struct Search: Sendable, Hashable {
    /// Weight beside the record's other fields.
    public var weight: Float = 1
    /// BCP 47; empty where it is to be found from the text.
    public var language = ""
    /// Whether the words are names: folded, not reduced to base forms.
    public var verbatim = false
  }
  /// Must be present.
  public var required = false
  /// Written by the server alone.
  public var outputOnly = false
  /// Set at creation only.
  public var immutable = false
  /// Length of a string (Unicode scalars) or of bytes.
  public var length: Length?
  /// Number of elements.
  public var items: Length?
  /// Range of a number, or of a Timestamp's or Duration's seconds.
  public var range: Span?
  /// A regular expression that the whole string must match; empty for none.
  public var pattern = ""
  /// Number of a `punos.options.v1.Format`; zero for none.
  public var format: UInt64 = 0
  /// Personal data, and of whom.
  public var personal: Personal?
  /// How search reads it.
  public var search: Search?
  /// Kept as a typed column.
  public var column = false
  /// May have line breaks and tabs.
  public var multiline = false
  /// Kinds whose resource names it may hold.
  public var refersTo: [String] = []
  /// Must not be zero, nor a number that the schema does not know.
  public var knownEnum = false
  /// Taken out of what teams get from which the record is withheld.
  public var withheld = false
}

extension RecordRule {
  init(wire: UnsafeRawBufferPointer) throws(WireFault) {
    var reader = WireReader(wire)
    while let field = try reader.next() {
      switch field.number {
      case 1: kind = text(field)
      case 2: collection = text(field)
      case 3: scope = Scope(rawValue: field.scalar) ?? .unspecified
      case 4: indexes.append(try IndexRule(wire: field.bytes))
      case 5: title = text(field)
      case 6: moment = text(field)
      case 7: confidence = text(field)
      case 8: code = UInt32(truncatingIfNeeded: field.scalar)
      case 9: tallies.append(try TallyRule(wire: field.bytes))
      case 10: orders.append(try Self.columns(wire: field.bytes))
      default: break
      }
    }
  }

  private static func columns(wire: UnsafeRawBufferPointer) throws(WireFault) -> [String] {
    var reader = WireReader(wire)
    var columns: [String] = []
    while let field = try reader.next() {
      if field.number == 1 { columns.append(text(field)) }
    }
    return columns
  }
}

extension TallyRule {
  init(wire: UnsafeRawBufferPointer) throws(WireFault) {
    var reader = WireReader(wire)
    while let field = try reader.next() {
      switch field.number {
      case 1: moment = text(field)
      case 2: by.append(text(field))
      case 3: sum = text(field)
      case 4: whereSet = text(field)
      default: break
      }
    }
  }
}

extension IndexRule {
  init(wire: UnsafeRawBufferPointer) throws(WireFault) {
    var reader = WireReader(wire)
    while let field = try reader.next() {
      switch field.number {
      case 1: name = text(field)
      case 2: fields.append(text(field))
      case 3: kind = Kind(rawValue: field.scalar) ?? .unspecified
      case 4: folded = field.scalar != 0
      case 5: whole = field.scalar != 0
      case 6: most = UInt32(truncatingIfNeeded: field.scalar)
      default: break
      }
    }
  }
}

extension FieldRule {
  init(wire: UnsafeRawBufferPointer) throws(WireFault) {
    var reader = WireReader(wire)
    while let field = try reader.next() {
      switch field.number {
      case 1: required = field.scalar != 0
      case 2: outputOnly = field.scalar != 0
      case 3: immutable = field.scalar != 0
      case 4: length = try Length(wire: field.bytes)
      case 5: items = try Length(wire: field.bytes)
      case 6: range = try Span(wire: field.bytes)
      case 7: pattern = text(field)
      case 8: format = field.scalar
      case 9: personal = try Personal(wire: field.bytes)
      case 10: search = try Search(wire: field.bytes)
      case 11: column = field.scalar != 0
      case 12: multiline = field.scalar != 0
      case 13: refersTo.append(text(field))
      case 14: knownEnum = field.scalar != 0
      case 20: withheld = field.scalar != 0
      default: break
      }
    }
  }
}

extension FieldRule.Length {
  init(wire: UnsafeRawBufferPointer) throws(WireFault) {
    var reader = WireReader(wire)
    while let field = try reader.next() {
      if field.number == 1 { min = field.scalar }
      if field.number == 2 { max = field.scalar }
    }
  }
}

extension FieldRule.Span {
  init(wire: UnsafeRawBufferPointer) throws(WireFault) {
    var reader = WireReader(wire)
    while let field = try reader.next() {
      if field.number == 1 { min = Double(bitPattern: field.scalar) }
      if field.number == 2 { max = Double(bitPattern: field.scalar) }
    }
  }
}

extension FieldRule.Personal {
  init(wire: UnsafeRawBufferPointer) throws(WireFault) {
    var reader = WireReader(wire)
    while let field = try reader.next() {
      if field.number == 1 { subject = FieldRule.Subject(rawValue: field.scalar) ?? .unspecified }
      if field.number == 2 { of = text(field) }
    }
  }
}

extension FieldRule.Search {
  init(wire: UnsafeRawBufferPointer) throws(WireFault) {
    var reader = WireReader(wire)
    while let field = try reader.next() {
      if field.number == 1 { weight = Float(bitPattern: UInt32(truncatingIfNeeded: field.scalar)) }
      if field.number == 2 { language = text(field) }
      if field.number == 3 { verbatim = field.scalar != 0 }
    }
  }
}

/// The text of a length-delimited field of a descriptor; what is not UTF-8 is repaired, as descriptors are
/// ours.
func text(_ field: WireField) -> String {
  String(decoding: field.bytes, as: UTF8.self)
}
