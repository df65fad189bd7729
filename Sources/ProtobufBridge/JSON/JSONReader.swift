/// What to do with a name in JSON that the schema does not have.
public enum UnknownNames: Sendable {
  /// The text is refused: a misspelt field must not be lost in silence.
  case refused
  /// It is passed over: the sender may be newer.
  case ignored
}

/// Reads canonical proto3 JSON into encoded messages.
struct JSONReader {
  let schema: Schema
  let unknown: UnknownNames

  /// A message in whatever form its type has in JSON.
  func message(_ json: JSONText, _ type: MessageDescriptor) throws(JSONError) -> [UInt8] {
    switch type.wellKnown {
    case .timestamp:
      return try time(json, CalendarTime.parse, "an RFC 3339 time such as 2026-01-31T12:00:00Z")
    case .duration: return try time(json, CalendarTime.parseDuration, "a duration such as 3.5s")
    case .fieldMask: return try fieldMask(json)
    case .any: return try any(json)
    case .wrapper:
      var out = WireWriter()
      if let field = type.field(1) { try value(json, field, &out, keepsDefault: false) }
      return out.bytes
    case nil:
      guard case .object(let members) = json else { throw expected("an object", json) }
      return try self.members(members, type)
    }
  }

  func members(_ members: [JSONText.Member], _ type: MessageDescriptor) throws(JSONError) -> [UInt8] {
    var parts: [(number: UInt32, bytes: [UInt8])] = []
    var seen: Set<UInt32> = []
    var chosen: [ObjectIdentifier: String] = [:]
    for member in members {
      guard let field = type.field(named: member.name) else {
        if unknown == .ignored { continue }
        throw JSONError(member.name, "\(type.fullName) has no such field")
      }
      if !seen.insert(field.number).inserted { throw JSONError(member.name, "the field comes twice") }
      // Null means not set.
      if member.value == .null { continue }
      if let oneof = field.oneof,
        let other = chosen.updateValue(field.jsonName, forKey: ObjectIdentifier(oneof))
      {
        throw JSONError(member.name, "only one of \(oneof.name) may be set, and \(other) is set too")
      }
      var out = WireWriter()
      do throws(JSONError) {
        try self.field(member.value, field, &out)
      } catch {
        throw error.inside(member.name)
      }
      parts.append((field.number, out.bytes))
    }
    parts.sort { $0.number < $1.number }
    return parts.flatMap { $0.bytes }
  }

  private func field(_ json: JSONText, _ field: FieldDescriptor, _ out: inout WireWriter) throws(JSONError) {
    if field.isMap { return try map(json, field, &out) }
    guard field.isRepeated else {
      return try value(json, field, &out, keepsDefault: field.hasPresence)
    }
    guard case .array(let elements) = json else { throw expected("an array", json) }
    if elements.isEmpty { return }
    var packed = WireWriter()
    for (index, element) in elements.enumerated() {
      do throws(JSONError) {
        guard element != .null else { throw expected("a value", element) }
        if field.isPacked {
          packed.bare(field.type.wireType, try scalar(element, field) ?? 0)
        } else {
          try value(element, field, &out, keepsDefault: true)
        }
      } catch {
        throw error.inside("[\(index)]")
      }
    }
    if field.isPacked { out.field(field.number, packed.bytes) }
  }

  private func map(_ json: JSONText, _ field: FieldDescriptor, _ out: inout WireWriter) throws(JSONError) {
    guard case .object(let members) = json else { throw expected("an object", json) }
    guard let key = field.message?.field(1), let value = field.message?.field(2) else { return }
    for member in members.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
      var entry = WireWriter()
      do throws(JSONError) {
        guard member.value != .null else { throw expected("a value", member.value) }
        let name: JSONText =
          key.type == .bool && (member.name == "true" || member.name == "false")
          ? .bool(member.name == "true") : .string(member.name)
        try self.value(name, key, &entry, keepsDefault: true)
        try self.value(member.value, value, &entry, keepsDefault: true)
      } catch {
        throw error.inside(FieldPath.segment(key: member.name))
      }
      out.field(field.number, entry.bytes)
    }
  }

  private func value(
    _ json: JSONText, _ field: FieldDescriptor, _ out: inout WireWriter, keepsDefault: Bool
  ) throws(JSONError) {
    switch field.type {
    case .message:
      guard let type = field.message else { return }
      out.field(field.number, try message(json, type))
    case .string:
      guard case .string(let text) = json else { throw expected("a string", json) }
      if keepsDefault || !text.isEmpty { out.field(field.number, text) }
    case .bytes:
      guard case .string(let text) = json, let bytes = Base64.decode(text) else {
        throw expected("a string in base 64", json)
      }
      if keepsDefault || !bytes.isEmpty { out.field(field.number, bytes) }
    default:
      guard let raw = try scalar(json, field) else { return }
      if keepsDefault || raw != 0 { out.scalar(field.number, field.type.wireType, raw) }
    }
  }

  // MARK: Scalars

  /// A scalar as it lies on the wire. Nil for an enum's unknown name where those are ignored.
  private func scalar(_ json: JSONText, _ field: FieldDescriptor) throws(JSONError) -> UInt64? {
    switch field.type {
    case .bool:
      guard case .bool(let flag) = json else { throw expected("true or false", json) }
      return flag ? 1 : 0
    case .enum: return try enumeration(json, field)
    case .double: return try JSONNumber.double(json).bitPattern
    case .float: return UInt64(try JSONNumber.float(json).bitPattern)
    case .int32: return UInt64(bitPattern: Int64(try JSONNumber.integer(json, Int32.self)))
    case .int64, .sfixed64: return UInt64(bitPattern: try JSONNumber.integer(json, Int64.self))
    case .sfixed32: return UInt64(UInt32(bitPattern: try JSONNumber.integer(json, Int32.self)))
    case .sint32: return PathValue.zigzag(Int64(try JSONNumber.integer(json, Int32.self)))
    case .sint64: return PathValue.zigzag(try JSONNumber.integer(json, Int64.self))
    case .uint32, .fixed32: return UInt64(try JSONNumber.integer(json, UInt32.self))
    case .uint64, .fixed64: return try JSONNumber.integer(json, UInt64.self)
    default: return nil
    }
  }

  private func enumeration(_ json: JSONText, _ field: FieldDescriptor) throws(JSONError) -> UInt64? {
    if case .string(let name) = json {
      if let number = field.enumeration?.number(of: name) { return UInt64(bitPattern: Int64(number)) }
      if unknown == .ignored { return nil }
      let known = field.enumeration?.values.prefix(12).map { $0.name }.joined(separator: ", ") ?? ""
      throw JSONError("", "a name that the schema does not have came; expected one of \(known)")
    }
    return UInt64(bitPattern: Int64(try JSONNumber.integer(json, Int32.self)))
  }

  private func expected(_ what: String, _ json: JSONText) -> JSONError {
    JSONError("", "\(json.kind) came, \(what) was expected")
  }

  // MARK: Well-known messages

  private func time(
    _ json: JSONText, _ parse: (String) -> (seconds: Int64, nanos: Int32)?, _ what: String
  ) throws(JSONError) -> [UInt8] {
    guard case .string(let text) = json, let (seconds, nanos) = parse(text) else {
      throw expected(what, json)
    }
    var out = WireWriter()
    if seconds != 0 { out.field(1, UInt64(bitPattern: seconds)) }
    if nanos != 0 { out.field(2, UInt64(bitPattern: Int64(nanos))) }
    return out.bytes
  }

  private func fieldMask(_ json: JSONText) throws(JSONError) -> [UInt8] {
    guard case .string(let text) = json else { throw expected("field paths joined by commas", json) }
    var out = WireWriter()
    for path in text.split(separator: ",") { out.field(1, JSONNames.snake(String(path))) }
    return out.bytes
  }

  private func any(_ json: JSONText) throws(JSONError) -> [UInt8] {
    guard case .object(let members) = json else { throw expected("an object", json) }
    if members.isEmpty { return [] }
    guard case .string(let url)? = members.first(where: { $0.name == "@type" })?.value else {
      throw JSONError("", "an object without “@type” came; it says which message it is")
    }
    guard let type = schema.message(JSONNames.type(url: url)) else {
      throw JSONError("@type", "a message type came that the schema does not have")
    }
    let content: [UInt8]
    if type.wellKnown != nil {
      content = try message(members.first { $0.name == "value" }?.value ?? .object([]), type)
    } else {
      // Some writers give Empty a "value" of {}, others do not.
      let isEmpty = type.fullName == "google.protobuf.Empty"
      let own = members.filter { $0.name != "@type" && !(isEmpty && $0.name == "value") }
      content = try self.members(own, type)
    }
    var out = WireWriter()
    out.field(1, url)
    if !content.isEmpty { out.field(2, content) }
    return out.bytes
  }
}

/// Numbers of JSON: as numbers or as strings, exact or refused.
enum JSONNumber {
  static func integer<T: FixedWidthInteger>(_ json: JSONText, _ type: T.Type) throws(JSONError) -> T {
    let text: String
    switch json {
    case .number(let number): text = number
    case .string(let string): text = string
    default: throw JSONError("", "\(json.kind) came, an integer was expected")
    }
    if let value = exact(text, type) { return value }
    throw JSONError("", "expected an integer from \(T.min) to \(T.max)")
  }

  /// Also `1e3` and `5.0`, which are integers too.
  private static func exact<T: FixedWidthInteger>(_ text: String, _ type: T.Type) -> T? {
    let bytes = Array(text.utf8)
    let body = bytes.first == UInt8(ascii: "-") ? bytes.dropFirst() : bytes[...]
    guard let first = body.first, first >= 0x30, first <= 0x39 else { return nil }
    guard body.count == 1 || first != 0x30 || body.dropFirst().first.map({ $0 < 0x30 || $0 > 0x39 }) == true
    else { return nil }
    if body.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) { return T(text) }
    return decimal(bytes, type)
  }

  private static func decimal<T: FixedWidthInteger>(_ bytes: [UInt8], _ type: T.Type) -> T? {
    var parser = JSONParser(bytes: bytes)
    guard case .number? = try? parser.whole() else { return nil }
    let text = String(decoding: bytes, as: UTF8.self).lowercased()
    let parts = text.split(separator: "e")
    guard let mantissa = parts.first, let exponent = parts.count > 1 ? Int(parts[1].drop { $0 == "+" }) : 0
    else { return nil }
    let halves = mantissa.split(separator: ".")
    guard let whole = halves.first else { return nil }
    var fraction = halves.count > 1 ? String(halves[1]) : ""
    while fraction.last == "0" { fraction.removeLast() }
    let isNegative = whole.hasPrefix("-")
    var digits = String(isNegative ? whole.dropFirst() : whole) + fraction
    // No 64-bit number has more than 20 digits: a larger shift can only be zero or out of range.
    guard exponent > -400, exponent < 400 else { return digits.allSatisfy { $0 == "0" } ? 0 : nil }
    let shift = exponent - fraction.count
    if shift >= 0 {
      digits += String(repeating: "0", count: shift)
    } else {
      let cut = digits.suffix(-shift)
      guard cut.allSatisfy({ $0 == "0" }) else { return nil }
      digits = String(digits.dropLast(-shift))
      if digits.isEmpty { digits = "0" }
    }
    let trimmed = digits.drop { $0 == "0" }
    return T((isNegative ? "-" : "") + (trimmed.isEmpty ? "0" : trimmed))
  }

  static func double(_ json: JSONText) throws(JSONError) -> Double {
    switch json {
    case .number(let text):
      if let value = Double(text), value.isFinite { return value }
    case .string(let text):
      switch text {
      case "NaN": return .nan
      case "Infinity": return .infinity
      case "-Infinity": return -.infinity
      default:
        if isNumber(text), let value = Double(text), value.isFinite { return value }
      }
    default: break
    }
    throw JSONError("", "\(json.kind) came, a number within the range of a double was expected")
  }

  static func float(_ json: JSONText) throws(JSONError) -> Float {
    let wide = try double(json)
    if wide.isNaN || wide.isInfinite { return Float(wide) }
    let narrow = Float(wide)
    guard narrow.isFinite else {
      throw JSONError("", "a number beyond the range of a float came")
    }
    return narrow
  }

  private static func isNumber(_ text: String) -> Bool {
    var parser = JSONParser(bytes: Array(text.utf8))
    if case .number? = try? parser.whole() { return text.utf8.first.map { $0 > 0x20 } ?? false }
    return false
  }
}
