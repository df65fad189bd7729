/// Canonical proto3 JSON of any message, both ways.
public enum JSON {
  /// Writes an encoded message as JSON.
  ///
  /// - Throws: where the bytes are not a message of the type, or a time lies beyond year 9999.
  public static func encode(
    _ bytes: UnsafeRawBufferPointer, as type: MessageDescriptor, in schema: Schema,
    options: JSONOptions = JSONOptions()
  ) throws(DecodingError) -> String {
    var writer = JSONWriter(schema, options)
    try writer.message(bytes, type)
    return String(decoding: writer.out, as: UTF8.self)
  }

  /// As ``encode(_:as:in:options:)-buffer`` for an array.
  public static func encode(
    _ bytes: [UInt8], as type: MessageDescriptor, in schema: Schema, options: JSONOptions = JSONOptions()
  ) throws(DecodingError) -> String {
    try withBuffer(bytes) { (buffer) throws(DecodingError) in
      try encode(buffer, as: type, in: schema, options: options)
    }
  }

  /// Reads JSON into an encoded message: fields by ascending number, defaults left out.
  ///
  /// - Throws: ``JSONError`` with the line and column, or the path of the field, and what was expected there.
  public static func decode(
    _ text: String, as type: MessageDescriptor, in schema: Schema, unknown: UnknownNames = .refused
  ) throws(JSONError) -> [UInt8] {
    try decode(try JSONText(parsing: text), as: type, in: schema, unknown: unknown)
  }

  /// Reads a tree of JSON into an encoded message.
  public static func decode(
    _ json: JSONText, as type: MessageDescriptor, in schema: Schema, unknown: UnknownNames = .refused
  ) throws(JSONError) -> [UInt8] {
    try JSONReader(schema: schema, unknown: unknown).message(json, type)
  }
}

/// `withUnsafeBytes` for closures that throw one type.
func withBuffer<R, E: Error>(
  _ bytes: [UInt8], _ body: (UnsafeRawBufferPointer) throws(E) -> R
) throws(E) -> R {
  let result: Result<R, E> = bytes.withUnsafeBytes { buffer in
    do throws(E) {
      return .success(try body(buffer))
    } catch {
      return .failure(error)
    }
  }
  return try result.get()
}

extension Message {
  /// The schema's description of the message; nil only if the embedded schema could not be read.
  public static var descriptor: MessageDescriptor? { schema.message(fullName) }

  /// The message as canonical proto3 JSON.
  public func jsonString(options: JSONOptions = JSONOptions()) throws -> String {
    guard let descriptor = Self.descriptor else {
      throw JSONError("", "\(Self.fullName) is not in the schema")
    }
    return try JSON.encode(serialized(), as: descriptor, in: Self.schema, options: options)
  }

  /// Reads canonical proto3 JSON.
  public init(jsonString text: String, unknown: UnknownNames = .refused) throws {
    guard let descriptor = Self.descriptor else {
      throw JSONError("", "\(Self.fullName) is not in the schema")
    }
    self = try Self(
      serialized: try JSON.decode(text, as: descriptor, in: Self.schema, unknown: unknown), limits: .trusted)
  }
}
