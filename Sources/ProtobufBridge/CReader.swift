internal import CProtobufC

/// A decoded C struct, read by generated code: each field by its position in ascending order of numbers.
///
/// Valid inside the call that hands it out.
public struct CReader {
  private let base: UnsafeRawPointer
  /// Null for a message without fields, whose generated code asks for none.
  private let fields: UnsafePointer<ProtobufCFieldDescriptor>!
  private let elementLimit: Int

  init(_ message: UnsafeRawPointer, elementLimit: Int) {
    base = message
    fields = message.assumingMemoryBound(to: ProtobufCMessage.self).pointee.descriptor.pointee.fields
    self.elementLimit = elementLimit
  }

  @inline(__always)
  private func value<T>(_ field: Int, as type: T.Type = T.self) -> T {
    base.load(fromByteOffset: Int(fields[field].offset), as: T.self)
  }

  private func error(_ reason: DecodingError.Reason, _ field: Int, _ index: Int? = nil) -> DecodingError {
    DecodingError(reason, at: path(field, index))
  }

  private func path(_ field: Int, _ index: Int?) -> String {
    let name = String(cString: fields[field].name)
    return index.map { "\(name)[\($0)]" } ?? name
  }

  /// Whether a field is the one that is set of its oneof.
  public func isSet(_ field: Int) -> Bool {
    base.load(fromByteOffset: Int(fields[field].quantifier_offset), as: UInt32.self) == fields[field].id
  }

  /// A double.
  public func double(_ field: Int) -> Double { value(field) }
  /// A float.
  public func float(_ field: Int) -> Float { value(field) }
  /// An int32, sint32 or sfixed32.
  public func int32(_ field: Int) -> Int32 { value(field) }
  /// An int64, sint64 or sfixed64.
  public func int64(_ field: Int) -> Int64 { value(field) }
  /// A uint32 or fixed32.
  public func uint32(_ field: Int) -> UInt32 { value(field) }
  /// A uint64 or fixed64.
  public func uint64(_ field: Int) -> UInt64 { value(field) }
  /// A bool.
  public func bool(_ field: Int) -> Bool { value(field, as: Int32.self) != 0 }
  /// An enum of any number.
  public func enumeration<E: ProtoEnum>(_ field: Int) -> E { E(rawValue: value(field, as: Int32.self)) }

  /// A string; refused where it is not UTF-8.
  public func text(_ field: Int) throws(DecodingError) -> String {
    guard let text = Self.text(value(field)) else { throw error(.invalidUTF8, field) }
    return text
  }

  @inline(__always)
  private static func text(_ data: ProtobufCBinaryData) -> String? {
    guard data.len > 0, let start = data.data else { return "" }
    return TextBytes.text(UnsafeBufferPointer(start: start, count: data.len))
  }

  /// Bytes.
  public func bytes(_ field: Int) -> [UInt8] { Self.bytes(value(field)) }

  private static func bytes(_ data: ProtobufCBinaryData) -> [UInt8] {
    guard data.len > 0, let start = data.data else { return [] }
    return Array(UnsafeBufferPointer(start: start, count: data.len))
  }

  /// A message, or nil where it is not set.
  @inlinable
  public func message<M: Message>(_ field: Int) throws(DecodingError) -> M? {
    guard let inner = inner(field) else { return nil }
    do throws(DecodingError) {
      return try M(from: inner)
    } catch {
      throw placed(error, field, nil)
    }
  }

  @usableFromInline
  func inner(_ field: Int) -> CReader? {
    value(field, as: UnsafeRawPointer?.self).map { CReader($0, elementLimit: elementLimit) }
  }

  /// A C struct that an element of a repeated field points to.
  @usableFromInline
  func inner(at pointer: UnsafeRawPointer) -> CReader { CReader(pointer, elementLimit: elementLimit) }

  @usableFromInline @inline(never)
  func placed(_ error: DecodingError, _ field: Int, _ index: Int?) -> DecodingError {
    error.inside(path(field, index))
  }

  /// Where the elements of a repeated field begin in C, and how many there are.
  @usableFromInline
  func elements(_ field: Int) throws(DecodingError) -> (start: UnsafeRawPointer, count: Int)? {
    let count = base.load(fromByteOffset: Int(fields[field].quantifier_offset), as: Int.self)
    guard count > 0, let start = value(field, as: UnsafeRawPointer?.self) else { return nil }
    guard count <= elementLimit else { throw error(.tooManyElements(limit: elementLimit), field) }
    return (start, count)
  }

  @inlinable @inline(__always)
  func buffer<T>(
    _ field: Int, _ type: T.Type
  ) throws(DecodingError) -> UnsafeBufferPointer<T> {
    guard let (start, count) = try elements(field) else { return UnsafeBufferPointer(start: nil, count: 0) }
    return UnsafeBufferPointer(start: start.assumingMemoryBound(to: T.self), count: count)
  }

  /// Repeated numbers: `T` is Double, Float, Int32, Int64, UInt32 or UInt64, as the field's type has it.
  @inlinable
  public func numbers<T: Numeric>(_ field: Int, of type: T.Type = T.self) throws(DecodingError) -> [T] {
    Array(try buffer(field, T.self))
  }

  /// Repeated bools.
  public func bools(_ field: Int) throws(DecodingError) -> [Bool] {
    try buffer(field, Int32.self).map { $0 != 0 }
  }

  /// Repeated enums.
  @inlinable
  public func enumerations<E: ProtoEnum>(_ field: Int) throws(DecodingError) -> [E] {
    try buffer(field, Int32.self).map { E(rawValue: $0) }
  }

  /// Repeated strings.
  public func texts(_ field: Int) throws(DecodingError) -> [String] {
    let elements = try buffer(field, ProtobufCBinaryData.self)
    if elements.isEmpty { return [] }
    var result: [String] = []
    result.reserveCapacity(elements.count)
    for index in 0..<elements.count {
      guard let text = Self.text(elements[index]) else { throw error(.invalidUTF8, field, index) }
      result.append(text)
    }
    return result
  }

  /// Repeated bytes.
  public func byteArrays(_ field: Int) throws(DecodingError) -> [[UInt8]] {
    try buffer(field, ProtobufCBinaryData.self).map { Self.bytes($0) }
  }

  /// Repeated messages.
  @inlinable
  public func messages<M: Message>(_ field: Int) throws(DecodingError) -> [M] {
    let elements = try buffer(field, UnsafeRawPointer?.self)
    if elements.isEmpty { return [] }
    var result: [M] = []
    result.reserveCapacity(elements.count)
    for index in 0..<elements.count {
      guard let pointer = elements[index] else { continue }
      do throws(DecodingError) {
        result.append(try M(from: inner(at: pointer)))
      } catch {
        throw placed(error, field, index)
      }
    }
    return result
  }

  /// A map: `entry` reads the key at position 0 and the value at position 1. Of equal keys the last counts.
  @inlinable
  public func map<Key: Hashable, Value>(
    _ field: Int, _ entry: (CReader) throws(DecodingError) -> (Key, Value)
  ) throws(DecodingError) -> [Key: Value] {
    let elements = try buffer(field, UnsafeRawPointer?.self)
    if elements.isEmpty { return [:] }
    var result: [Key: Value] = [:]
    result.reserveCapacity(elements.count)
    for index in 0..<elements.count {
      guard let pointer = elements[index] else { continue }
      do throws(DecodingError) {
        let (key, value) = try entry(inner(at: pointer))
        result[key] = value
      } catch {
        throw placed(error, field, index)
      }
    }
    return result
  }

  /// Fields that the schema does not know.
  public var unknownFields: UnknownFields {
    let message = base.assumingMemoryBound(to: ProtobufCMessage.self)
    if message.pointee.n_unknown_fields == 0 { return UnknownFields() }
    return Self.collectUnknown(message)
  }

  private static func collectUnknown(_ message: UnsafePointer<ProtobufCMessage>) -> UnknownFields {
    var writer = WireWriter()
    for index in 0..<Int(message.pointee.n_unknown_fields) {
      let field = message.pointee.unknown_fields[index]
      writer.varint(UInt64(field.tag) << 3 | UInt64(field.wire_type.rawValue))
      // For a length-delimited field the data begins with the length as it came.
      writer.bytes.append(contentsOf: UnsafeBufferPointer(start: field.data, count: field.len))
    }
    var result = UnknownFields()
    result.bytes = writer.bytes
    return result
  }
}
