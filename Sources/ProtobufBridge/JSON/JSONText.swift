/// A JSON text as a tree. Numbers stay as written, so that 64 bits lose nothing.
public indirect enum JSONText: Sendable, Hashable {
  /// `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A number as written.
  case number(String)
  /// A string.
  case string(String)
  /// An array.
  case array([JSONText])
  /// An object, its members in order.
  case object([Member])

  /// A name and a value.
  public struct Member: Sendable, Hashable {
    /// The name.
    public var name: String
    /// The value.
    public var value: JSONText
    /// A member.
    public init(name: String, value: JSONText) {
      self.name = name
      self.value = value
    }
  }

  /// What kind of value it is, for messages to people.
  var kind: String {
    switch self {
    case .null: "null"
    case .bool: "a bool"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

/// Why a text is not JSON, or not the JSON of a message.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Where: a line and column of the text, or a field path.
  public var place: String
  /// What came and what was expected.
  public var problem: String

  /// One sentence.
  public var description: String { place.isEmpty ? problem : "\(place): \(problem)" }

  init(_ place: String, _ problem: String) {
    self.place = place
    self.problem = problem
  }

  func inside(_ outer: String) -> JSONError {
    if place.isEmpty { return JSONError(outer, problem) }
    return JSONError(place.hasPrefix("[") ? outer + place : outer + "." + place, problem)
  }
}

extension JSONText {
  /// Objects and arrays nested deeper than this are refused, so that no text can exhaust the stack.
  public static let depthLimit = 100
  /// Texts longer than this are refused: as much as a message may be on the wire, four times over.
  public static let sizeLimit = 64 << 20

  /// Reads a whole text.
  public init(parsing bytes: [UInt8]) throws(JSONError) {
    guard bytes.count <= Self.sizeLimit else {
      throw JSONError("", "the text is longer than \(Self.sizeLimit) bytes")
    }
    var parser = JSONParser(bytes: bytes)
    self = try parser.whole()
  }

  /// Reads a whole text.
  public init(parsing text: String) throws(JSONError) {
    try self.init(parsing: Array(text.utf8))
  }
}

/// Reads JSON as RFC 8259 has it, strictly.
struct JSONParser {
  let bytes: [UInt8]
  var position = 0
  var depth = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  func fault(_ problem: String) -> JSONError {
    var line = 1
    var column = 1
    for byte in bytes.prefix(position) {
      if byte == 0x0A {
        line += 1
        column = 1
      } else {
        column += 1
      }
    }
    return JSONError("line \(line), column \(column)", problem)
  }

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipBlanks() {
    while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  mutating func whole() throws(JSONError) -> JSONText {
    let value = try value()
    skipBlanks()
    guard position == bytes.count else { throw fault("something follows the value") }
    return value
  }

  private mutating func value() throws(JSONError) -> JSONText {
    skipBlanks()
    guard let byte = current else { throw fault("the text ends where a value was expected") }
    switch byte {
    case UInt8(ascii: "{"): return try nested { (p) throws(JSONError) in try p.object() }
    case UInt8(ascii: "["): return try nested { (p) throws(JSONError) in try p.array() }
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return .number(try number())
    }
  }

  private mutating func nested(
    _ body: (inout JSONParser) throws(JSONError) -> JSONText
  ) throws(JSONError) -> JSONText {
    depth += 1
    guard depth <= JSONText.depthLimit else { throw fault("nested deeper than \(JSONText.depthLimit)") }
    position += 1
    let result = try body(&self)
    depth -= 1
    return result
  }

  private mutating func object() throws(JSONError) -> JSONText {
    var members: [JSONText.Member] = []
    var names: Set<String> = []
    skipBlanks()
    if current == UInt8(ascii: "}") {
      position += 1
      return .object([])
    }
    while true {
      skipBlanks()
      guard current == UInt8(ascii: "\"") else { throw fault("a name in quotes was expected") }
      let name = try string()
      guard names.insert(name).inserted else { throw fault("the name “\(name.prefix(80))” comes twice") }
      skipBlanks()
      guard current == UInt8(ascii: ":") else { throw fault("a colon was expected") }
      position += 1
      members.append(JSONText.Member(name: name, value: try value()))
      skipBlanks()
      guard let next = current, next == UInt8(ascii: ",") || next == UInt8(ascii: "}") else {
        throw fault("a comma or a closing brace was expected")
      }
      position += 1
      if next == UInt8(ascii: "}") { return .object(members) }
    }
  }

  private mutating func array() throws(JSONError) -> JSONText {
    var elements: [JSONText] = []
    skipBlanks()
    if current == UInt8(ascii: "]") {
      position += 1
      return .array([])
    }
    while true {
      elements.append(try value())
      skipBlanks()
      guard let next = current, next == UInt8(ascii: ",") || next == UInt8(ascii: "]") else {
        throw fault("a comma or a closing bracket was expected")
      }
      position += 1
      if next == UInt8(ascii: "]") { return .array(elements) }
    }
  }

  private mutating func word(_ word: StaticString, _ value: JSONText) throws(JSONError) -> JSONText {
    let count = word.utf8CodeUnitCount
    let matches = word.withUTF8Buffer { bytes[position...].prefix(count).elementsEqual($0) }
    guard matches else { throw fault("a value was expected") }
    position += count
    return value
  }

  private mutating func number() throws(JSONError) -> String {
    let start = position
    if current == UInt8(ascii: "-") { position += 1 }
    let whole = digits()
    guard whole > 0 else {
      position = start
      throw fault("a value was expected")
    }
    let first = bytes[position - whole]
    guard whole == 1 || first != UInt8(ascii: "0") else { throw fault("a number must not begin with 0") }
    if current == UInt8(ascii: ".") {
      position += 1
      guard digits() > 0 else { throw fault("a digit was expected after the point") }
    }
    if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
      position += 1
      if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
      guard digits() > 0 else { throw fault("a digit was expected in the exponent") }
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func digits() -> Int {
    let start = position
    while let byte = current, byte >= 0x30, byte <= 0x39 { position += 1 }
    return position - start
  }

  private mutating func string() throws(JSONError) -> String {
    position += 1
    var content: [UInt8] = []
    while let byte = current {
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        guard let text = String(validating: content, as: UTF8.self) else {
          throw fault("a string that is not UTF-8 ends here")
        }
        return text
      case UInt8(ascii: "\\"):
        position += 1
        try escape(&content)
      case 0..<0x20: throw fault("a control character stands in a string; write it as \\u00XX")
      default:
        content.append(byte)
        position += 1
      }
    }
    throw fault("a string does not end")
  }

  private mutating func escape(_ content: inout [UInt8]) throws(JSONError) {
    guard let byte = current else { throw fault("a string does not end") }
    position += 1
    switch byte {
    case UInt8(ascii: "n"): content.append(0x0A)
    case UInt8(ascii: "t"): content.append(0x09)
    case UInt8(ascii: "r"): content.append(0x0D)
    case UInt8(ascii: "b"): content.append(0x08)
    case UInt8(ascii: "f"): content.append(0x0C)
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(byte)
    case UInt8(ascii: "u"):
      let first = try hex()
      var scalar = first
      if first & 0xFC00 == 0xD800 {
        guard current == UInt8(ascii: "\\"), position + 1 < bytes.count,
          bytes[position + 1] == UInt8(ascii: "u")
        else { throw fault("half of a surrogate pair") }
        position += 2
        let second = try hex()
        guard second & 0xFC00 == 0xDC00 else { throw fault("half of a surrogate pair") }
        scalar = 0x10000 + ((first & 0x3FF) << 10 | (second & 0x3FF))
      }
      guard let unicode = Unicode.Scalar(scalar) else { throw fault("half of a surrogate pair") }
      content.append(contentsOf: UTF8.encode(unicode) ?? UTF8.encodedReplacementCharacter)
    default: throw fault("an escape that JSON does not have")
    }
  }

  private mutating func hex() throws(JSONError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = current else { throw fault("four hexadecimal digits were expected") }
      let digit: UInt8
      switch byte {
      case 0x30...0x39: digit = byte - 0x30
      case 0x41...0x46: digit = byte - 0x41 + 10
      case 0x61...0x66: digit = byte - 0x61 + 10
      default: throw fault("four hexadecimal digits were expected")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }
}
