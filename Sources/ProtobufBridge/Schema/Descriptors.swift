// The schema's nouns as values that generic code can walk: files, messages, fields, enums, services.
//
// Each class below is @unchecked Sendable for one and the same reason: its `var`s are `internal(set)` and are
// written only while `Schema.init` runs, before any other thread can hold a reference; from then on nothing
// changes. References between messages are strong; a schema lives as long as the process.

/// A `.proto` file.
public final class FileDescriptor: @unchecked Sendable {
  /// Path below the proto root, as imported.
  public internal(set) var name = ""
  /// Package.
  public internal(set) var package = ""
  /// Paths of the files it imports.
  public internal(set) var dependencies: [String] = []
  /// Messages at the top level.
  public internal(set) var messages: [MessageDescriptor] = []
  /// Enums at the top level.
  public internal(set) var enums: [EnumDescriptor] = []
  /// Services.
  public internal(set) var services: [ServiceDescriptor] = []
  /// Extensions that it declares.
  public internal(set) var extensions: [FieldDescriptor] = []
  /// `proto3` or `proto2`.
  public internal(set) var syntax = "proto2"
  /// The comment above the syntax line.
  public internal(set) var comment = ""
  /// The encoded FileDescriptorProto.
  public internal(set) var encoded: [UInt8] = []
  init() {}
}

/// A message type.
public final class MessageDescriptor: @unchecked Sendable {
  /// Name within its parent.
  public internal(set) var name = ""
  /// Name with package and parents, without a leading dot.
  public internal(set) var fullName = ""
  /// Fields by ascending number.
  public internal(set) var fields: [FieldDescriptor] = []
  /// Messages inside it, map entries included.
  public internal(set) var messages: [MessageDescriptor] = []
  /// Enums inside it.
  public internal(set) var enums: [EnumDescriptor] = []
  /// Oneofs as written, without those that proto3 `optional` makes up.
  public internal(set) var oneofs: [OneofDescriptor] = []
  /// Whether a field of it, or of a message inside it, is written by the server alone.
  public internal(set) var holdsOutputOnly = false
  /// Whether a field of it, or of a message inside it, holds personal data.
  public internal(set) var holdsPersonal = false
  /// Whether it is the entry of a map field.
  public internal(set) var isMapEntry = false
  /// Whether it is one of the messages that generic code treats in a way of its own.
  public internal(set) var wellKnown: WellKnown?
  /// How it is stored, if it is a record.
  public internal(set) var record: RecordRule?
  /// The comment above it.
  public internal(set) var comment = ""
  /// Reserved numbers, each range half open.
  public internal(set) var reservedRanges: [Range<UInt32>] = []
  /// Reserved field names.
  public internal(set) var reservedNames: [String] = []
  /// Position in `fields` plus one by field number, for numbers below `denseLimit`; zero where there is none.
  var dense: [UInt16] = []
  var sparse: [UInt32: Int] = [:]
  var byName: [String: Int] = [:]
  init() {}

  /// Fields with numbers below this are found by index, others by hash: almost all numbers are small.
  static let denseLimit: UInt32 = 256

  /// The field with a number.
  @inline(__always)
  public func field(_ number: UInt32) -> FieldDescriptor? {
    if number < UInt32(truncatingIfNeeded: dense.count) {
      let position = Int(dense[Int(number)])
      return position == 0 ? nil : fields[position - 1]
    }
    return sparse.isEmpty ? nil : sparse[number].map { fields[$0] }
  }

  /// The field with a name as in the schema, or as in JSON.
  public func field(named name: String) -> FieldDescriptor? {
    byName[name].map { fields[$0] }
  }

  func index() {
    fields.sort { $0.number < $1.number }
    let top = fields.last { $0.number < Self.denseLimit }?.number
    dense = Array(repeating: 0, count: top.map { Int($0) + 1 } ?? 0)
    for (position, field) in fields.enumerated() {
      if field.number < Self.denseLimit {
        dense[Int(field.number)] = UInt16(truncatingIfNeeded: position + 1)
      } else {
        sparse[field.number] = position
      }
      byName[field.jsonName] = position
    }
    for (position, field) in fields.enumerated() { byName[field.name] = position }
  }
}

/// A oneof.
public final class OneofDescriptor: @unchecked Sendable {
  /// Its name.
  public internal(set) var name = ""
  /// Its fields by ascending number.
  public internal(set) var fields: [FieldDescriptor] = []
  /// The comment above it.
  public internal(set) var comment = ""
  init() {}
}

/// The type of a field's value, as numbered in descriptors.
public enum FieldType: UInt8, Sendable {
  case double = 1
  case float, int64, uint64, int32, fixed64, fixed32, bool, string, group, message, bytes, uint32
  case `enum`, sfixed32, sfixed64, sint32, sint64

  /// How one value is laid on the wire.
  public var wireType: WireType {
    switch self {
    case .double, .fixed64, .sfixed64: .fixed64
    case .float, .fixed32, .sfixed32: .fixed32
    case .string, .bytes, .message, .group: .lengthDelimited
    default: .varint
    }
  }
}

/// A field of a message.
public final class FieldDescriptor: @unchecked Sendable {
  /// Name as in the schema.
  public internal(set) var name = ""
  /// Name in JSON.
  public internal(set) var jsonName = ""
  /// Number on the wire.
  public internal(set) var number: UInt32 = 0
  /// Type of the value, or of each element.
  public internal(set) var type = FieldType.bool
  /// Whether it is repeated; also true of a map.
  public internal(set) var isRepeated = false
  /// Whether it is written with `optional`.
  public internal(set) var isProto3Optional = false
  /// The oneof it belongs to, not counting those of `optional`.
  public internal(set) var oneof: OneofDescriptor?
  /// The type of a message field; for a map, its entry.
  public internal(set) var message: MessageDescriptor?
  /// The type of an enum field.
  public internal(set) var enumeration: EnumDescriptor?
  /// Rules from the schema's options; nil where there are none.
  public internal(set) var rule: FieldRule?
  /// Whether it is deprecated.
  public internal(set) var isDeprecated = false
  /// The comment above it.
  public internal(set) var comment = ""
  /// Name of the message that an extension extends; empty otherwise.
  public internal(set) var extendee = ""
  /// Full type name as written in the descriptor, without the leading dot.
  var typeName = ""
  var oneofIndex: Int?
  /// Whether it is written packed.
  public internal(set) var isPacked = false
  init() {}

  /// Whether it is a map.
  public var isMap: Bool { isRepeated && message?.isMapEntry == true }

  /// Whether absence differs from the default value.
  public var hasPresence: Bool {
    !isRepeated && (type == .message || isProto3Optional || oneof != nil)
  }

  /// Whether it holds personal data.
  public var isPersonal: Bool { rule?.personal != nil }
}

/// An enum type.
public final class EnumDescriptor: @unchecked Sendable {
  /// A value of an enum.
  public struct Value: Sendable {
    /// Name as in the schema.
    public var name: String
    /// Number.
    public var number: Int32
    /// The comment above it.
    public var comment: String
  }
  /// Name within its parent.
  public internal(set) var name = ""
  /// Name with package and parents.
  public internal(set) var fullName = ""
  /// Values as written.
  public internal(set) var values: [Value] = []
  /// The comment above it.
  public internal(set) var comment = ""
  var names: [Int32: String] = [:]
  var numbers: [String: Int32] = [:]
  init() {}

  /// The first name of a number, or nil where the schema knows none.
  public func name(of number: Int32) -> String? { names[number] }

  /// The number of a name.
  public func number(of name: String) -> Int32? { numbers[name] }
}

/// A service.
public final class ServiceDescriptor: @unchecked Sendable {
  /// Name.
  public internal(set) var name = ""
  /// Name with package.
  public internal(set) var fullName = ""
  /// Methods as written.
  public internal(set) var methods: [MethodDescriptor] = []
  /// The comment above it.
  public internal(set) var comment = ""
  init() {}
}

/// A method of a service.
public final class MethodDescriptor: @unchecked Sendable {
  /// Name.
  public internal(set) var name = ""
  /// What it takes.
  public internal(set) var input: MessageDescriptor
  /// What it answers.
  public internal(set) var output: MessageDescriptor
  /// Whether the caller streams.
  public internal(set) var clientStreams = false
  /// Whether the server streams.
  public internal(set) var serverStreams = false
  /// The comment above it.
  public internal(set) var comment = ""
  var inputName = ""
  var outputName = ""
  init() {
    input = MessageDescriptor()
    output = MessageDescriptor()
  }
}
