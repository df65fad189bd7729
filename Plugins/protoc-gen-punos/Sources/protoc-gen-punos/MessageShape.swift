import ProtobufSchema

/// One message on its way to Swift: properties, reading from C, filling C.
struct MessageShape {
  /// Messages larger than this inline are boxed: copying one then costs a retain and not one for each string.
  /// Thirty-two words hold what small messages (a claim, an address, a page of a list) have; such messages
  /// lie in arrays by the dozen, where a box for each would cost more than it saves.
  static let boxedAbove = 256

  let message: MessageDescriptor
  let output: MessagesOutput
  let inlineSize: Int

  var isBoxed: Bool { inlineSize > Self.boxedAbove }

  init(_ message: MessageDescriptor, _ output: MessagesOutput) {
    self.message = message
    self.output = output
    var size = 8
    for field in message.fields where field.oneof == nil {
      size += MessageShape.inlineSize(field, output) + (field.isProto3Optional ? 8 : 0)
    }
    for oneof in message.oneofs {
      size += 8 + (oneof.fields.map { MessageShape.inlineSize($0, output) }.max() ?? 0)
    }
    inlineSize = size
  }

  private static func inlineSize(_ field: FieldDescriptor, _ output: MessagesOutput) -> Int {
    if field.isRepeated { return 8 }
    switch field.type {
    case .string: return 16
    case .message: return field.message.map { output.size($0) + 8 } ?? 8
    default: return 8
    }
  }

  // MARK: Types

  private func scalarType(_ field: FieldDescriptor) -> String {
    switch field.type {
    case .double: "Double"
    case .float: "Float"
    case .int64, .sfixed64, .sint64: "Int64"
    case .uint64, .fixed64: "UInt64"
    case .int32, .sfixed32, .sint32: "Int32"
    case .uint32, .fixed32: "UInt32"
    case .bool: "Bool"
    case .string: "String"
    case .bytes: "[UInt8]"
    case .message, .group: field.message.map { output.type($0.fullName) } ?? "Never"
    case .enum: field.enumeration.map { output.type($0.fullName) } ?? "Never"
    }
  }

  private func mapParts(_ field: FieldDescriptor) -> (key: FieldDescriptor, value: FieldDescriptor)? {
    guard field.isMap, let entry = field.message, entry.fields.count == 2 else { return nil }
    return (entry.fields[0], entry.fields[1])
  }

  /// Type and default value of the property.
  private func property(_ field: FieldDescriptor) -> (type: String, initial: String) {
    if let (key, value) = mapParts(field) {
      return ("[\(scalarType(key)): \(scalarType(value))]", "[:]")
    }
    let type = scalarType(field)
    if field.isRepeated { return ("[\(type)]", "[]") }
    if field.hasPresence { return (type + "?", "nil") }
    switch field.type {
    case .string: return (type, "\"\"")
    case .bytes: return (type, "[]")
    case .bool: return (type, "false")
    case .enum: return (type, "\(type)()")
    default: return (type, "0")
    }
  }

  private func oneofType(_ oneof: OneofDescriptor) -> String {
    let name = Names.upperCamel(oneof.name)
    let taken = message.messages.contains { $0.name == name } || message.enums.contains { $0.name == name }
    return taken || Names.reservedTypes.contains(name) ? name + "Choice" : name
  }

  /// Properties in the order of the lowest field number.
  private var properties: [(name: String, type: String, initial: String, comment: String, or: String)] {
    var done: Set<String> = []
    var result: [(name: String, type: String, initial: String, comment: String, or: String)] = []
    for field in message.fields {
      if let oneof = field.oneof {
        guard done.insert(oneof.name).inserted else { continue }
        result.append(
          (Names.property(oneof.name), oneofType(oneof) + "?", "nil", oneof.comment, "`\(oneof.name)`."))
      } else {
        let (type, initial) = property(field)
        result.append((Names.property(field.name), type, initial, field.comment, "`\(field.name)`."))
      }
    }
    return result
  }

  // MARK: Writing

  func write(_ lines: inout Lines, position: Int) {
    for oneof in message.oneofs { writeOneof(oneof, &lines) }
    if isBoxed { writeBoxed(&lines) } else { writeInline(&lines) }
    let table = output.request.parameter("c")
    lines.add("/// Name with package and parents.")
    lines.add("public static var fullName: String { \"\(message.fullName)\" }")
    lines.add("/// Where libprotobuf-c keeps the fields.")
    lines.add(
      "public static let layout = MessageLayout(descriptor: \(table)_descriptor(\(position)))")
    lines.add("/// The schema that defines it.")
    lines.add("public static var schema: Schema { .\(output.request.parameter("schema")) }")
  }

  private func writeOneof(_ oneof: OneofDescriptor, _ lines: inout Lines) {
    lines.document(oneof.comment, or: "`\(oneof.name)`.")
    lines.block("public enum \(oneofType(oneof)): Sendable, Hashable") { lines in
      for field in oneof.fields {
        lines.document(field.comment, or: "`\(field.name)`.")
        lines.add("case \(Names.property(field.name))(\(scalarType(field)))")
      }
    }
    lines.add()
  }

  private func writeInline(_ lines: inout Lines) {
    for property in properties {
      lines.document(property.comment, or: property.or)
      lines.add("public var \(property.name): \(property.type) = \(property.initial)")
    }
    lines.add("/// Fields that the schema does not know.")
    lines.add("public var unknownFields = UnknownFields()")
    lines.add("/// Every field at its default.")
    lines.add("public init() {}")
    writeReading("public init(from c: CReader) throws(DecodingError)", &lines)
    writeFilling("public func fill(_ c: CBuilder)", &lines)
  }

  private func writeBoxed(_ lines: inout Lines) {
    lines.block("struct Fields: Sendable, Hashable") { lines in
      for property in properties {
        lines.add("var \(property.name): \(property.type) = \(property.initial)")
      }
      lines.add("var unknownFields = UnknownFields()")
      lines.add("init() {}")
      writeReading("init(from c: CReader) throws(DecodingError)", &lines)
      writeFilling("func fill(_ c: CBuilder)", &lines)
    }
    lines.add("private var box: Boxed<Fields>")
    lines.block("private mutating func own()") { lines in
      lines.add("if !isKnownUniquelyReferenced(&box) { box = Boxed(box.value) }")
    }
    for property in properties {
      lines.document(property.comment, or: property.or)
      writeAccessor(property.name, property.type, &lines)
    }
    lines.add("/// Fields that the schema does not know.")
    writeAccessor("unknownFields", "UnknownFields", &lines)
    lines.add("/// Every field at its default.")
    lines.add("public init() { box = Boxed(Fields()) }")
    lines.add("/// Reads the fields from a C struct.")
    lines.add("public init(from c: CReader) throws(DecodingError) { box = Boxed(try Fields(from: c)) }")
    lines.add("/// Writes the fields into a C struct.")
    lines.add("public func fill(_ c: CBuilder) { box.value.fill(c) }")
    lines.add("/// Whether all fields are equal.")
    lines.block("public static func == (a: Self, b: Self) -> Bool") { lines in
      lines.add("a.box === b.box || a.box.value == b.box.value")
    }
    lines.add("/// Hashes all fields.")
    lines.add("public func hash(into hasher: inout Hasher) { box.value.hash(into: &hasher) }")
  }

  private func writeAccessor(_ name: String, _ type: String, _ lines: inout Lines) {
    lines.block("public var \(name): \(type)") { lines in
      lines.add("get { box.value.\(name) }")
      lines.add("_modify { own(); yield &box.value.\(name) }")
    }
  }

  private func writeReading(_ signature: String, _ lines: inout Lines) {
    if !isBoxed { lines.add("/// Reads the fields from a C struct.") }
    lines.block(signature) { lines in
      for (position, field) in message.fields.enumerated() {
        let name = field.oneof.map { Names.property($0.name) } ?? Names.property(field.name)
        let read = reading(field, "c", position)
        if field.oneof != nil {
          lines.add("if c.isSet(\(position)) { \(name) = .\(Names.property(field.name))(\(read)) }")
        } else if field.isProto3Optional, field.type != .message {
          lines.add("if c.isSet(\(position)) { \(name) = \(read) }")
        } else {
          lines.add("\(name) = \(read)")
        }
      }
      lines.add("unknownFields = c.unknownFields")
    }
  }

  private func reading(_ field: FieldDescriptor, _ from: String, _ position: Int) -> String {
    if let (key, value) = mapParts(field) {
      let pair = "(\(reading(key, "e", 0)), \(reading(value, "e", 1)))"
      return "try \(from).map(\(position)) { (e) throws(DecodingError) in \(pair) }"
    }
    if field.isRepeated {
      switch field.type {
      case .string: return "try \(from).texts(\(position))"
      case .bytes: return "try \(from).byteArrays(\(position))"
      case .bool: return "try \(from).bools(\(position))"
      case .enum: return "try \(from).enumerations(\(position))"
      case .message: return "try \(from).messages(\(position))"
      default: return "try \(from).numbers(\(position))"
      }
    }
    if field.type == .message {
      let needsValue = field.oneof != nil || from == "e"
      return "try \(from).message(\(position))" + (needsValue ? " ?? \(scalarType(field))()" : "")
    }
    return (field.type == .string ? "try " : "") + "\(from).\(verb(field))(\(position))"
  }

  private func verb(_ field: FieldDescriptor) -> String {
    switch field.type {
    case .double: "double"
    case .float: "float"
    case .int64, .sfixed64, .sint64: "int64"
    case .uint64, .fixed64: "uint64"
    case .int32, .sfixed32, .sint32: "int32"
    case .uint32, .fixed32: "uint32"
    case .bool: "bool"
    case .string: "text"
    case .bytes: "bytes"
    case .message, .group: "message"
    case .enum: "enumeration"
    }
  }

  private func writeFilling(_ signature: String, _ lines: inout Lines) {
    if !isBoxed { lines.add("/// Writes the fields into a C struct.") }
    lines.block(signature) { lines in
      var done: Set<String> = []
      for (position, field) in message.fields.enumerated() {
        if let oneof = field.oneof {
          if done.insert(oneof.name).inserted { writeFilling(oneof, &lines) }
          continue
        }
        let name = Names.property(field.name)
        if field.isProto3Optional {
          lines.add("if let \(name) { c.choose(\(position)); c.\(verb(field))(\(position), \(name)) }")
        } else {
          lines.add(filling(field, position, name))
        }
      }
      lines.add("c.unknownFields(unknownFields)")
    }
  }

  private func filling(_ field: FieldDescriptor, _ position: Int, _ value: String) -> String {
    if let (key, element) = mapParts(field) {
      let body = "e.\(verb(key))(0, k); e.\(verb(element))(1, v)"
      return "c.map(\(position), \(value)) { e, k, v in \(body) }"
    }
    guard field.isRepeated else { return "c.\(verb(field))(\(position), \(value))" }
    switch field.type {
    case .string: return "c.texts(\(position), \(value))"
    case .bytes: return "c.byteArrays(\(position), \(value))"
    case .bool: return "c.bools(\(position), \(value))"
    case .enum: return "c.enumerations(\(position), \(value))"
    case .message: return "c.messages(\(position), \(value))"
    default: return "c.numbers(\(position), \(value))"
    }
  }

  private func writeFilling(_ oneof: OneofDescriptor, _ lines: inout Lines) {
    lines.add("switch \(Names.property(oneof.name)) {")
    for field in oneof.fields {
      guard let position = message.fields.firstIndex(where: { $0 === field }) else { continue }
      lines.add(
        "case .\(Names.property(field.name))(let v): c.choose(\(position)); c.\(verb(field))(\(position), v)")
    }
    lines.add("case nil: break")
    lines.add("}")
  }
}
