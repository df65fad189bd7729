/// One field that differs between two values of a message.
public struct ValueDifference: Sendable, Hashable {
  /// From the message down: `status`, `emails[0].address`, `attributes.sector`.
  public var path: String
  /// The value before: a text as it is, anything else as JSON. Nil where there was none.
  public var before: String?
  /// The value after, likewise.
  public var after: String?
  /// Whether the field, or one around it, holds personal data.
  public var isPersonal: Bool

  /// A difference.
  public init(path: String, before: String?, after: String?, isPersonal: Bool) {
    self.path = path
    self.before = before
    self.after = after
    self.isPersonal = isPersonal
  }
}

/// Compares two encoded values of a message.
public struct FieldDifferences {
  /// More differences than this are not listed; no change of a record by a person or an import has as many.
  public static let limit = 10_000

  private let schema: Schema
  private var found: [ValueDifference] = []

  /// All fields that differ, in the order of field numbers. Lists of scalars are compared whole; lists of
  /// messages element by element, after the equal ones at both ends are set aside; maps key by key.
  ///
  /// - Parameter skipped: names of top-level fields that are not compared, such as `etag`.
  public static func between(
    _ before: [UInt8], _ after: [UInt8], of message: MessageDescriptor, in schema: Schema,
    skipping skipped: Set<String> = []
  ) throws(DecodingError) -> [ValueDifference] {
    if before == after { return [] }
    var differences = FieldDifferences(schema: schema)
    try withBuffer(before) { (before) throws(DecodingError) in
      try withBuffer(after) { (after) throws(DecodingError) in
        try differences.compare(before, after, message, at: "", isPersonal: false, skipping: skipped)
      }
    }
    return differences.found
  }

  private init(schema: Schema) { self.schema = schema }

  private mutating func note(_ path: String, _ before: String?, _ after: String?, _ isPersonal: Bool) {
    guard found.count < Self.limit, before != after else { return }
    found.append(ValueDifference(path: path, before: before, after: after, isPersonal: isPersonal))
  }

  private mutating func compare(
    _ before: UnsafeRawBufferPointer, _ after: UnsafeRawBufferPointer, _ message: MessageDescriptor,
    at prefix: String, isPersonal: Bool, skipping skipped: Set<String> = []
  ) throws(DecodingError) {
    let old = try FieldRuns(before, of: message)
    let new = try FieldRuns(after, of: message)
    for field in message.fields where !skipped.contains(field.name) {
      let was = old.of(field)
      let now = new.of(field)
      if was.isEmpty && now.isEmpty { continue }
      let path = prefix.isEmpty ? field.name : prefix + "." + field.name
      let isPersonal = isPersonal || field.isPersonal
      if field.isMap {
        try compareMaps(was, now, field, path, isPersonal)
      } else if field.isRepeated, let inner = field.message {
        try compareLists(was, now, field, inner, path, isPersonal)
      } else if !field.isRepeated, let inner = field.message, inner.wellKnown == nil {
        try compareMessages(was, now, inner, path, isPersonal)
      } else {
        note(path, try display(was, field), try display(now, field), isPersonal)
      }
    }
  }

  private mutating func compareMessages(
    _ was: ArraySlice<WireField>, _ now: ArraySlice<WireField>, _ message: MessageDescriptor, _ path: String,
    _ isPersonal: Bool
  ) throws(DecodingError) {
    let count = found.count
    try FieldRuns.merged(was) { (before) throws(DecodingError) in
      try FieldRuns.merged(now) { (after) throws(DecodingError) in
        try compare(before, after, message, at: path, isPersonal: isPersonal)
      }
    }
    // A message without any field set is there, or it is not.
    if found.count == count, was.isEmpty != now.isEmpty {
      note(path, was.isEmpty ? nil : "{}", now.isEmpty ? nil : "{}", isPersonal)
    }
  }

  private mutating func compareLists(
    _ was: ArraySlice<WireField>, _ now: ArraySlice<WireField>, _ field: FieldDescriptor,
    _ message: MessageDescriptor, _ path: String, _ isPersonal: Bool
  ) throws(DecodingError) {
    let old = Array(was)
    let new = Array(now)
    var start = 0
    while start < old.count, start < new.count, equal(old[start], new[start]) { start += 1 }
    var tail = 0
    while tail < old.count - start, tail < new.count - start,
      equal(old[old.count - 1 - tail], new[new.count - 1 - tail])
    { tail += 1 }
    let oldCount = old.count - tail
    let newCount = new.count - tail
    for index in start..<max(oldCount, newCount, start) {
      let place = "\(path)[\(index)]"
      if index < oldCount, index < newCount, message.wellKnown == nil {
        try compare(old[index].bytes, new[index].bytes, message, at: place, isPersonal: isPersonal)
      } else {
        let before = index < oldCount ? try JSON.encode(old[index].bytes, as: message, in: schema) : nil
        let after = index < newCount ? try JSON.encode(new[index].bytes, as: message, in: schema) : nil
        note(place, before, after, isPersonal || message.holdsPersonal)
      }
    }
  }

  private func equal(_ a: WireField, _ b: WireField) -> Bool { a.bytes.elementsEqual(b.bytes) }

  private mutating func compareMaps(
    _ was: ArraySlice<WireField>, _ now: ArraySlice<WireField>, _ field: FieldDescriptor, _ path: String,
    _ isPersonal: Bool
  ) throws(DecodingError) {
    guard let key = field.message?.field(1), let value = field.message?.field(2) else { return }
    let old = entries(was, key)
    let new = entries(now, key)
    for name in Set(old.keys).union(new.keys).sorted() {
      let place = path + "." + FieldPath.segment(key: name)
      let before = old[name]
      let after = new[name]
      if let before, let after, let message = value.message, message.wellKnown == nil {
        let empty = UnsafeRawBufferPointer(start: nil, count: 0)
        try compare(
          before.value?.bytes ?? empty, after.value?.bytes ?? empty, message, at: place,
          isPersonal: isPersonal)
      } else {
        note(place, try display(before, value), try display(after, value), isPersonal)
      }
    }
  }

  private func entries(_ fields: ArraySlice<WireField>, _ key: FieldDescriptor) -> [String: MapEntry] {
    var result: [String: MapEntry] = [:]
    for field in fields {
      if let entry = MapEntry(field.bytes, key: key) { result[entry.key] = entry }
    }
    return result
  }

  private func display(_ entry: MapEntry?, _ value: FieldDescriptor) throws(DecodingError) -> String? {
    guard let entry else { return nil }
    if let wire = entry.value { return try display([wire], value) }
    return value.message != nil ? "{}" : try display([], value, isThere: true)
  }

  /// The values of one field as text: a string as it is, anything else as JSON.
  private func display(
    _ fields: ArraySlice<WireField>, _ field: FieldDescriptor, isThere: Bool = false
  ) throws(DecodingError) -> String? {
    if !field.isRepeated, field.type == .string, let last = fields.last {
      guard case .text(let text)? = PathValue(last, field) else {
        throw DecodingError(.invalidUTF8, at: field.name)
      }
      return text.isEmpty && !field.hasPresence && !isThere ? nil : text
    }
    var writer = JSONWriter(schema, JSONOptions())
    if let last = fields.last {
      if !field.isRepeated, !field.hasPresence, last.scalar == 0, last.bytes.isEmpty { return nil }
      try writer.field(fields, field)
    } else if isThere, let value = PathValue(defaultOf: field) {
      writer.scalar(value, field)
    } else {
      return nil
    }
    let text = String(decoding: writer.out, as: UTF8.self)
    // A time is a string in JSON; people read it without quotes.
    let isQuoted = !field.isRepeated && text.count >= 2 && text.hasPrefix("\"")
    return isQuoted ? String(text.dropFirst().dropLast()) : text
  }
}
