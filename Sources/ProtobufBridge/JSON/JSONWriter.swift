/// How messages are written as JSON.
public struct JSONOptions: Sendable {
  /// Whether fields without presence are written at their defaults too.
  public var includesDefaults = false
  /// Whether names are those of the schema (`display_name`) and not those of JSON (`displayName`).
  public var usesSchemaNames = false
  /// Whether personal data is replaced by a word that says that it is there.
  public var hidesPersonal = false
  /// Lines and two blanks for each depth; one line where false.
  public var isPretty = false

  /// The canonical form.
  public init() {}
}

/// Writes encoded messages as canonical proto3 JSON.
struct JSONWriter {
  static let hidden = "(personal)"
  /// An Any may hold an Any, and so on: deeper than this nothing is shown, so that no bytes can exhaust the
  /// stack. As deep as JSON is read.
  static let depthLimit = JSONText.depthLimit

  let schema: Schema
  let options: JSONOptions
  var out: [UInt8] = []
  private var depth = 0

  init(_ schema: Schema, _ options: JSONOptions) {
    self.schema = schema
    self.options = options
  }

  // MARK: Text

  mutating func raw(_ text: String) { out.append(contentsOf: text.utf8) }

  mutating func quoted(_ text: String) {
    out.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): raw("\\\"")
      case UInt8(ascii: "\\"): raw("\\\\")
      case 0x0A: raw("\\n")
      case 0x0D: raw("\\r")
      case 0x09: raw("\\t")
      case 0..<0x20, 0x7F:
        raw("\\u00")
        out.append(Self.hex(byte >> 4))
        out.append(Self.hex(byte & 15))
      default: out.append(byte)
      }
    }
    out.append(UInt8(ascii: "\""))
  }

  static func hex(_ digit: UInt8) -> UInt8 { digit < 10 ? 0x30 + digit : 0x57 + digit }

  private mutating func line() {
    guard options.isPretty else { return }
    raw("\n")
    for _ in 0..<depth { raw("  ") }
  }

  mutating func open(_ bracket: String) {
    raw(bracket)
    depth += 1
  }

  mutating func item(_ isFirst: inout Bool) {
    if !isFirst { raw(",") }
    isFirst = false
    line()
  }

  mutating func close(_ bracket: String, isEmpty: Bool) {
    depth -= 1
    if !isEmpty { line() }
    raw(bracket)
  }

  mutating func name(_ name: String) {
    quoted(name)
    raw(options.isPretty ? ": " : ":")
  }

  // MARK: Messages

  /// A message in whatever form its type has in JSON.
  mutating func message(_ bytes: UnsafeRawBufferPointer, _ type: MessageDescriptor) throws(DecodingError) {
    guard depth < Self.depthLimit else { throw DecodingError(.tooDeep(limit: Self.depthLimit)) }
    switch type.wellKnown {
    case .timestamp: try timestamp(bytes)
    case .duration: try duration(bytes)
    case .fieldMask: try fieldMask(bytes, type)
    case .any: try any(bytes, type)
    case .wrapper: try wrapper(bytes, type)
    case nil:
      open("{")
      var isFirst = true
      try members(bytes, type, &isFirst)
      close("}", isEmpty: isFirst)
    }
  }

  mutating func members(
    _ bytes: UnsafeRawBufferPointer, _ type: MessageDescriptor, _ isFirst: inout Bool
  ) throws(DecodingError) {
    let runs = try FieldRuns(bytes, of: type)
    var written = 0
    for run in runs.runs {
      if options.includesDefaults { defaults(type, before: run.field.number, &written, &isFirst) }
      written = Int(run.field.number) + 1
      let occurrences = runs.occurrences[run.range]
      if isOvertaken(run, in: runs) || isAtDefault(occurrences, run.field) { continue }
      item(&isFirst)
      name(options.usesSchemaNames ? run.field.name : run.field.jsonName)
      if options.hidesPersonal, run.field.isPersonal {
        quoted(Self.hidden)
        continue
      }
      do throws(DecodingError) {
        try field(occurrences, run.field)
      } catch {
        throw error.inside(run.field.name)
      }
    }
    if options.includesDefaults { defaults(type, before: .max, &written, &isFirst) }
  }

  /// Of the fields of a oneof only the one that came last counts.
  private func isOvertaken(_ run: FieldRuns.Run, in runs: FieldRuns) -> Bool {
    guard let oneof = run.field.oneof, let mine = runs.occurrences[run.range].last else { return false }
    return runs.runs.contains { other in
      other.field.oneof === oneof && other.field !== run.field
        && (runs.occurrences[other.range].last?.range.lowerBound ?? 0) > mine.range.lowerBound
    }
  }

  private func isAtDefault(_ occurrences: ArraySlice<WireField>, _ field: FieldDescriptor) -> Bool {
    if field.isRepeated {
      return occurrences.allSatisfy { $0.type == .lengthDelimited && $0.bytes.isEmpty } && field.isPacked
    }
    if field.hasPresence { return false }
    guard let last = occurrences.last else { return true }
    let isZero = last.scalar == 0 && last.bytes.isEmpty
    return isZero && !options.includesDefaults
  }

  private mutating func defaults(
    _ type: MessageDescriptor, before number: UInt32, _ written: inout Int, _ isFirst: inout Bool
  ) {
    for field in type.fields where Int(field.number) >= written && field.number < number {
      if field.hasPresence { continue }
      item(&isFirst)
      name(options.usesSchemaNames ? field.name : field.jsonName)
      if field.isMap {
        raw("{}")
      } else if field.isRepeated {
        raw("[]")
      } else if let value = PathValue(defaultOf: field) {
        scalar(value, field)
      }
    }
  }

  // MARK: Fields

  mutating func field(
    _ occurrences: ArraySlice<WireField>, _ field: FieldDescriptor
  ) throws(DecodingError) {
    if field.isMap { return try map(occurrences, field) }
    if field.isRepeated {
      open("[")
      var isFirst = true
      try elements(occurrences, field, &isFirst)
      return close("]", isEmpty: isFirst)
    }
    if field.type == .message, let type = field.message {
      for occurrence in occurrences where occurrence.type != .lengthDelimited {
        throw FieldRuns.wrongType(occurrence, field)
      }
      return try FieldRuns.merged(occurrences) { (bytes) throws(DecodingError) in try message(bytes, type) }
    }
    guard let last = occurrences.last else { return }
    try value(last, field)
  }

  private mutating func elements(
    _ occurrences: ArraySlice<WireField>, _ field: FieldDescriptor, _ isFirst: inout Bool
  ) throws(DecodingError) {
    if field.type.wireType == .lengthDelimited {
      for (index, occurrence) in occurrences.enumerated() {
        item(&isFirst)
        do throws(DecodingError) {
          try value(occurrence, field)
        } catch {
          throw error.inside("[\(index)]")
        }
      }
      return
    }
    var values: [UInt64] = []
    try FieldRuns.scalars(occurrences, field) { values.append($0) }
    for raw in values {
      item(&isFirst)
      if let value = PathValue(scalar: raw, of: field.type) { scalar(value, field) }
    }
  }

  private mutating func value(_ wire: WireField, _ field: FieldDescriptor) throws(DecodingError) {
    guard wire.type == field.type.wireType else { throw FieldRuns.wrongType(wire, field) }
    if field.type == .message, let type = field.message { return try message(wire.bytes, type) }
    guard let value = PathValue(wire, field) else { throw DecodingError(.invalidUTF8) }
    scalar(value, field)
  }

  mutating func scalar(_ value: PathValue, _ field: FieldDescriptor) {
    switch value {
    case .bool(let flag): raw(flag ? "true" : "false")
    case .int(let number):
      let isWide = field.type.isWide
      isWide ? quoted(String(number)) : raw(String(number))
    case .uint(let number):
      let isWide = field.type.isWide
      isWide ? quoted(String(number)) : raw(String(number))
    case .double(let number): float(number, isSingle: field.type == .float)
    case .text(let text): quoted(text)
    case .bytes(let bytes): quoted(Base64.encode(bytes))
    case .enumeration(let number):
      if let name = field.enumeration?.name(of: number) { quoted(name) } else { raw(String(number)) }
    case .time, .message: break
    }
  }

  private mutating func float(_ number: Double, isSingle: Bool) {
    if number.isNaN {
      quoted("NaN")
    } else if number.isInfinite {
      quoted(number < 0 ? "-Infinity" : "Infinity")
    } else {
      raw(isSingle ? Float(number).description : number.description)
    }
  }

  private mutating func map(
    _ occurrences: ArraySlice<WireField>, _ field: FieldDescriptor
  ) throws(DecodingError) {
    guard let entry = field.message, let key = entry.field(1), let value = entry.field(2) else { return }
    var entries: [String: (order: Int, value: WireField?)] = [:]
    for (order, occurrence) in occurrences.enumerated() {
      guard occurrence.type == .lengthDelimited, let entry = MapEntry(occurrence.bytes, key: key) else {
        throw DecodingError(.malformed)
      }
      entries[entry.key] = (order, entry.value)
    }
    open("{")
    var isFirst = true
    for (text, content) in entries.sorted(by: { $0.key < $1.key }) {
      item(&isFirst)
      name(text)
      if let wire = content.value {
        do throws(DecodingError) {
          try self.value(wire, value)
        } catch {
          throw error.inside(FieldPath.segment(key: text))
        }
      } else if let type = value.message {
        try message(UnsafeRawBufferPointer(start: nil, count: 0), type)
      } else if let initial = PathValue(defaultOf: value) {
        scalar(initial, value)
      }
    }
    close("}", isEmpty: isFirst)
  }
}

extension FieldType {
  /// Whether JSON writes it as a string, since 64 bits are more than a JavaScript number holds.
  var isWide: Bool {
    switch self {
    case .int64, .uint64, .sint64, .fixed64, .sfixed64: true
    default: false
    }
  }
}
