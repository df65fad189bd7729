import ProtobufSchema

/// How the schema's names read in Swift.
enum Names {
  /// What stands before the names of a package's types.
  static func prefix(_ package: String) -> String {
    switch package {
    case "google.protobuf": "Proto"
    case "google.rpc": "GoogleRPC"
    case "grpc.health.v1": "GRPCHealth"
    case "grpc.reflection.v1": "GRPCReflection"
    case "grpc.reflection.v1alpha": "GRPCReflectionAlpha"
    default: ""
    }
  }

  /// Names that a nested type may not have.
  static let reservedTypes: Set<String> = ["Type", "Self", "Protocol", "Fields"]

  static let keywords: Set<String> = [
    "as", "associatedtype", "break", "case", "catch", "class", "continue", "default", "defer", "deinit", "do",
    "else", "enum", "extension", "fallthrough", "false", "fileprivate", "for", "func", "guard", "if",
    "import",
    "in", "init", "inout", "internal", "is", "let", "nil", "operator", "private", "protocol", "public",
    "repeat", "rethrows", "return", "self", "static", "struct", "subscript", "super", "switch", "throw",
    "throws", "true", "try", "typealias", "var", "where", "while",
  ]

  /// The Swift name of a message or an enum, through its parents.
  static func type(_ fullName: String, package: String) -> String {
    let inside = package.isEmpty ? fullName : String(fullName.dropFirst(package.count + 1))
    let parts = inside.split(separator: ".").map { nested(String($0)) }
    return prefix(package) + parts.joined(separator: ".")
  }

  static func nested(_ name: String) -> String {
    reservedTypes.contains(name) ? name + "_" : name
  }

  /// `display_name` → `displayName`.
  static func camel(_ name: String) -> String {
    let parts = name.split(separator: "_")
    guard let first = parts.first else { return name }
    let rest = parts.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }
    return first + rest.joined()
  }

  /// A property, escaped where it is a keyword.
  static func property(_ name: String) -> String { escaped(camel(name)) }

  static func escaped(_ name: String) -> String { keywords.contains(name) ? "`\(name)`" : name }

  /// `message_request` → `MessageRequest`.
  static func upperCamel(_ name: String) -> String {
    let camel = camel(name)
    return camel.prefix(1).uppercased() + camel.dropFirst()
  }

  /// `GetAccount` → `getAccount`.
  static func method(_ name: String) -> String {
    escaped(name.prefix(1).lowercased() + name.dropFirst())
  }

  /// `ACCOUNT_STATUS_ACTIVE` of `AccountStatus` → `active`.
  static func value(_ name: String, of enumeration: EnumDescriptor) -> String {
    let prefix = upperSnake(enumeration.name) + "_"
    let all = enumeration.values.allSatisfy { $0.name.hasPrefix(prefix) && $0.name.count > prefix.count }
    let rest = all ? String(name.dropFirst(prefix.count)) : name
    let camel = camel(rest.lowercased())
    return camel.first?.isNumber == true ? "_" + camel : escaped(camel)
  }

  /// `AccountStatus` → `ACCOUNT_STATUS`.
  static func upperSnake(_ name: String) -> String {
    var result = ""
    var before: Character = "_"
    for character in name {
      if character.isUppercase, before.isLowercase || before.isNumber { result.append("_") }
      result.append(contentsOf: character.uppercased())
      before = character
    }
    return result
  }

  /// protoc-c's name of a message's descriptor: `punos__v1__account__descriptor`.
  static func cDescriptor(_ fullName: String) -> String {
    fullName.split(separator: ".").map { cLower($0) }.joined(separator: "__") + "__descriptor"
  }

  private static func cLower(_ name: Substring) -> String {
    var result = ""
    var wasUpper = true
    for character in name {
      if character.isUppercase, !wasUpper { result.append("_") }
      result.append(contentsOf: character.lowercased())
      wasUpper = character.isUppercase
    }
    return result
  }

  /// The name of the file that is written for a `.proto`, unique in its module.
  static func file(_ proto: String, suffix: String) -> String {
    var name = proto
    if name.hasSuffix(".proto") { name.removeLast(6) }
    return String(name.map { $0 == "/" ? "_" : $0 }) + suffix
  }
}

/// Lines of text with indentation.
struct Lines {
  var text = ""
  private var depth = 0

  mutating func add(_ line: String = "") {
    if !line.isEmpty { text += String(repeating: "  ", count: depth) }
    text += line + "\n"
  }

  mutating func block(_ opening: String, _ body: (inout Lines) -> Void) {
    add(opening + " {")
    depth += 1
    body(&self)
    depth -= 1
    add("}")
  }

  mutating func indented(_ body: (inout Lines) -> Void) {
    depth += 1
    body(&self)
    depth -= 1
  }

  /// A doc comment.
  mutating func document(_ comment: String, or fallback: String) {
    let lines = comment.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.hasPrefix(" ") ? String($0.dropFirst()) : String($0) }
    let trimmed = lines.reversed().drop { $0.isEmpty }.reversed()
    for line in trimmed.isEmpty ? [fallback] : Array(trimmed) {
      add(line.isEmpty ? "///" : "/// " + line)
    }
  }

  mutating func head(_ proto: String, _ what: String) {
    add("// Generated by protoc-gen-punos from \(proto). Do not edit: change the schema, run `make proto`.")
    add("// \(what)")
    add("// swift-format-ignore-file")
    add()
  }
}
