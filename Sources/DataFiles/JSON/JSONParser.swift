/// Why a text is not JSON.
public struct JSONProblem: Error, Sendable, Hashable, CustomStringConvertible {
  /// Line in the text, from 1.
  public var line: Int
  /// Character in the line, from 1.
  public var character: Int
  /// What was expected, without values from the text.
  public var reason: String

  /// The sentence with its place.
  public var description: String { "line \(line), character \(character): \(reason)" }
}

/// Reads JSON (RFC 8259): strictly, with exact numbers, refusing a name that an object has twice.
public struct JSONParser {
  /// How deep arrays and objects may nest: records are five deep, and recursion must end before the stack does.
  public static let deepest = 64

  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0
  private var depth = 0

  /// Parses one value.
  ///
  /// - Parameter text: UTF-8, nothing but the value and blanks.
  /// - Returns: the value.
  /// - Throws: ``JSONProblem`` with the place.
  public static func parse(_ text: [UInt8]) throws(JSONProblem) -> JSONValue {
    var outcome: Result<JSONValue, JSONProblem> = .success(.null)
    text.withUnsafeBufferPointer { buffer in
      if let bad = UTF8Validity.firstProblem(buffer) {
        var parser = JSONParser(buffer)
        parser.position = bad
        outcome = .failure(parser.problem("bytes that are not UTF-8"))
        return
      }
      var parser = JSONParser(buffer)
      do throws(JSONProblem) {
        let value = try parser.value()
        parser.skipBlanks()
        guard parser.position == buffer.count else { throw parser.problem("nothing was expected after the value") }
        outcome = .success(value)
      } catch {
        outcome = .failure(error)
      }
    }
    return try outcome.get()
  }

  private init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  private func problem(_ reason: String) -> JSONProblem {
    var line = 1
    var character = 1
    for byte in bytes[..<min(position, bytes.count)] {
      if byte == 0x0A {
        line += 1
        character = 1
      } else if byte & 0xC0 != 0x80 {
        character += 1
      }
    }
    return JSONProblem(line: line, character: character, reason: reason)
  }

  private mutating func skipBlanks() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0A, 0x0D: position += 1
      default: return
      }
    }
  }

  private func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func value() throws(JSONProblem) -> JSONValue {
    skipBlanks()
    guard let byte = peek() else { throw problem("a value was expected, the text ends") }
    switch byte {
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try literal("true", .bool(true))
    case UInt8(ascii: "f"): return try literal("false", .bool(false))
    case UInt8(ascii: "n"): return try literal("null", .null)
    case UInt8(ascii: "-"), 0x30...0x39: return try number()
    default: throw problem("a value was expected")
    }
  }

  private mutating func literal(_ word: StaticString, _ value: JSONValue) throws(JSONProblem) -> JSONValue {
    let matches = word.withUTF8Buffer { wanted in
      bytes.count - position >= wanted.count && wanted.indices.allSatisfy { wanted[$0] == bytes[position + $0] }
    }
    guard matches else { throw problem("true, false, null, a number, a string, [ or { was expected") }
    position += word.utf8CodeUnitCount
    return value
  }

  private mutating func digits() throws(JSONProblem) {
    guard let byte = peek(), byte &- 0x30 < 10 else { throw problem("a digit was expected") }
    while let byte = peek(), byte &- 0x30 < 10 { position += 1 }
  }

  private mutating func number() throws(JSONProblem) -> JSONValue {
    let start = position
    if peek() == UInt8(ascii: "-") { position += 1 }
    if peek() == UInt8(ascii: "0") { position += 1 } else { try digits() }
    if peek() == UInt8(ascii: ".") {
      position += 1
      try digits()
    }
    if let byte = peek(), byte | 0x20 == UInt8(ascii: "e") {
      position += 1
      if let sign = peek(), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { position += 1 }
      try digits()
    }
    return .number(String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self))
  }

  private mutating func array() throws(JSONProblem) -> JSONValue {
    try descend()
    var elements: [JSONValue] = []
    skipBlanks()
    if peek() == UInt8(ascii: "]") {
      position += 1
      depth -= 1
      return .array(elements)
    }
    while true {
      elements.append(try value())
      skipBlanks()
      guard let byte = peek(), byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]") else {
        throw problem("a comma or ] was expected")
      }
      position += 1
      if byte == UInt8(ascii: "]") { break }
    }
    depth -= 1
    return .array(elements)
  }

  private mutating func object() throws(JSONProblem) -> JSONValue {
    try descend()
    var members: [JSONMember] = []
    var names: Set<String> = []
    skipBlanks()
    if peek() == UInt8(ascii: "}") {
      position += 1
      depth -= 1
      return .object(members)
    }
    while true {
      skipBlanks()
      guard peek() == UInt8(ascii: "\"") else { throw problem("a name in quotes was expected") }
      let namePosition = position
      let name = try string()
      // Few members are compared as they are; many are worth a set.
      let isNew = members.count < 8 ? !members.contains { $0.name == name } : names.insert(name).inserted
      if members.count == 7 { names = Set(members.map(\.name)).union([name]) }
      guard isNew else {
        position = namePosition
        throw problem("the object has this name twice")
      }
      skipBlanks()
      guard peek() == UInt8(ascii: ":") else { throw problem("a colon was expected") }
      position += 1
      members.append(JSONMember(name, try value()))
      skipBlanks()
      guard let byte = peek(), byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") else {
        throw problem("a comma or } was expected")
      }
      position += 1
      if byte == UInt8(ascii: "}") { break }
    }
    depth -= 1
    return .object(members)
  }

  private mutating func descend() throws(JSONProblem) {
    guard depth < Self.deepest else { throw problem("at most \(Self.deepest) levels of arrays and objects") }
    depth += 1
    position += 1
  }

  private mutating func string() throws(JSONProblem) -> String {
    position += 1
    let start = position
    while position < bytes.count, bytes[position] != UInt8(ascii: "\""), bytes[position] != UInt8(ascii: "\\"),
      bytes[position] >= 0x20
    {
      position += 1
    }
    if peek() == UInt8(ascii: "\"") {
      let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self)
      position += 1
      return text
    }
    var unescaped = Array(bytes[start..<position])
    while let byte = peek() {
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return String(decoding: unescaped, as: UTF8.self)
      case UInt8(ascii: "\\"):
        position += 1
        try escape(&unescaped)
      case 0..<0x20: throw problem("a control character in a string must be escaped")
      default:
        unescaped.append(byte)
        position += 1
      }
    }
    throw problem("the string is not closed")
  }

  private mutating func escape(_ output: inout [UInt8]) throws(JSONProblem) {
    guard let byte = peek() else { throw problem("the string is not closed") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): output.append(byte)
    case UInt8(ascii: "b"): output.append(0x08)
    case UInt8(ascii: "f"): output.append(0x0C)
    case UInt8(ascii: "n"): output.append(0x0A)
    case UInt8(ascii: "r"): output.append(0x0D)
    case UInt8(ascii: "t"): output.append(0x09)
    case UInt8(ascii: "u"):
      var scalar = try hex()
      if scalar & 0xFC00 == 0xD800 {
        guard peek() == UInt8(ascii: "\\"), position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "u") else {
          throw problem("the second half of a surrogate pair was expected")
        }
        position += 2
        let low = try hex()
        guard low & 0xFC00 == 0xDC00 else { throw problem("the second half of a surrogate pair was expected") }
        scalar = 0x10000 + ((scalar & 0x3FF) << 10 | (low & 0x3FF))
      }
      guard let valid = Unicode.Scalar(scalar) else { throw problem("half of a surrogate pair stands alone") }
      output.append(contentsOf: Array(String(Character(valid)).utf8))
    default:
      position -= 1
      throw problem("one of \" \\ / b f n r t u was expected after a backslash")
    }
  }

  private mutating func hex() throws(JSONProblem) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = peek() else { throw problem("four hexadecimal digits were expected") }
      switch byte {
      case 0x30...0x39: value = value << 4 | UInt32(byte &- 0x30)
      case 0x41...0x46: value = value << 4 | UInt32(byte &- 0x37)
      case 0x61...0x66: value = value << 4 | UInt32(byte &- 0x57)
      default: throw problem("four hexadecimal digits were expected")
      }
      position += 1
    }
    return value
  }
}
