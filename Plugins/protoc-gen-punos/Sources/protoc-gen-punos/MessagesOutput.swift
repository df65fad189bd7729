import ProtobufSchema

/// Writes a Swift file of values for each `.proto`.
struct MessagesOutput {
  let request: Request
  let files: [FileDescriptor]
  /// Position of each message in the C target's table of descriptors.
  let positions: [String: Int]
  /// The package of each type, for those that other files define too.
  let packages: [String: String]

  init(request: Request, files: [FileDescriptor]) throws {
    self.request = request
    self.files = files
    positions = MessagesOutput.positions(files)
    var packages: [String: String] = [:]
    let all = try request.descriptorSet.withUnsafeBytes { try Schema(descriptorSet: $0) }
    for file in all.files {
      for message in MessagesOutput.flat(file.messages) {
        packages[message.fullName] = file.package
        for enumeration in message.enums { packages[enumeration.fullName] = file.package }
      }
      for enumeration in file.enums { packages[enumeration.fullName] = file.package }
    }
    self.packages = packages
  }

  /// Messages with those inside them, map entries left out.
  static func flat(_ messages: [MessageDescriptor]) -> [MessageDescriptor] {
    messages.flatMap { [$0] + flat($0.messages) }.filter { !$0.isMapEntry }
  }

  static func positions(_ files: [FileDescriptor]) -> [String: Int] {
    let names = files.flatMap { flat($0.messages).map { $0.fullName } }
    return Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
  }

  func write() -> [(name: String, content: String)] {
    let values = files.filter { !$0.messages.isEmpty || !$0.enums.isEmpty }.map { file in
      var lines = Lines()
      lines.head(file.name, "The values of package \(file.package).")
      if !file.messages.isEmpty { lines.add("internal import \(request.parameter("c"))") }
      lines.add("public import ProtobufBridge")
      for module in request.parameters["import"] ?? [] { lines.add("public import \(module)") }
      for enumeration in file.enums {
        lines.add()
        write(enumeration, prefix: Names.prefix(file.package), &lines)
      }
      for message in file.messages {
        lines.add()
        write(message, prefix: Names.prefix(file.package), &lines)
      }
      return (name: Names.file(file.name, suffix: ".pb.swift"), content: lines.text)
    }
    return values + [registry()]
  }

  /// All types of the module, for code that finds them by name.
  private func registry() -> (name: String, content: String) {
    var lines = Lines()
    lines.head("the whole schema", "All message types of this module.")
    lines.add("public import ProtobufBridge")
    lines.add()
    lines.add("/// All message types of this module, for code that finds them by name.")
    lines.block("public enum MessageTypes") { lines in
      lines.add("/// In the order of the schema.")
      lines.add("public static let all: [any Message.Type] = [")
      lines.indented { lines in
        for message in files.flatMap({ Self.flat($0.messages) }) {
          lines.add(type(message.fullName) + ".self,")
        }
      }
      lines.add("]")
    }
    return ("MessageTypes.swift", lines.text)
  }

  func type(_ fullName: String) -> String {
    Names.type(fullName, package: packages[fullName] ?? "")
  }

  private func write(_ enumeration: EnumDescriptor, prefix: String, _ lines: inout Lines) {
    lines.document(enumeration.comment, or: "`\(enumeration.fullName)`.")
    lines.block("public struct \(prefix)\(Names.nested(enumeration.name)): ProtoEnum") { lines in
      lines.add("/// The number on the wire.")
      lines.add("public var rawValue: Int32")
      lines.add("/// A value of any number.")
      lines.add("public init(rawValue: Int32) { self.rawValue = rawValue }")
      lines.add("/// Name with package and parents.")
      lines.add("public static var fullName: String { \"\(enumeration.fullName)\" }")
      for value in enumeration.values {
        lines.document(value.comment, or: "`\(value.name)`.")
        let name = Names.value(value.name, of: enumeration)
        lines.add("public static var \(name): Self { Self(rawValue: \(value.number)) }")
      }
      let all = enumeration.values.map { "." + Names.value($0.name, of: enumeration) }
      lines.add("/// All that this version of the schema knows.")
      lines.add("public static var allCases: [Self] { [\(all.joined(separator: ", "))] }")
    }
  }

  private func write(_ message: MessageDescriptor, prefix: String, _ lines: inout Lines) {
    let shape = MessageShape(message, self)
    lines.document(message.comment, or: "`\(message.fullName)`.")
    lines.block("public struct \(prefix)\(Names.nested(message.name)): Message") { lines in
      for enumeration in message.enums {
        write(enumeration, prefix: "", &lines)
        lines.add()
      }
      for inner in message.messages where !inner.isMapEntry {
        write(inner, prefix: "", &lines)
        lines.add()
      }
      shape.write(&lines, position: positions[message.fullName] ?? 0)
    }
  }

  /// An inline size in bytes, for the choice between inline and boxed.
  func size(_ message: MessageDescriptor) -> Int {
    let own = MessageShape(message, self)
    return own.isBoxed ? 8 : own.inlineSize
  }
}
