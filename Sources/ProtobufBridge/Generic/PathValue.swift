/// One value of a field, on its own.
public enum PathValue: Sendable, Hashable {
  /// A bool.
  case bool(Bool)
  /// A signed integer of any width.
  case int(Int64)
  /// An unsigned integer of any width.
  case uint(UInt64)
  /// A float or double.
  case double(Double)
  /// A string.
  case text(String)
  /// Bytes.
  case bytes([UInt8])
  /// An enum's number.
  case enumeration(Int32)
  /// A `google.protobuf.Timestamp` or `Duration`: seconds and nanoseconds.
  case time(seconds: Int64, nanos: Int32)
  /// Any other message, encoded.
  case message([UInt8])
}

extension PathValue {
  /// A scalar as it lies on the wire.
  init?(scalar raw: UInt64, of type: FieldType) {
    switch type {
    case .bool: self = .bool(raw != 0)
    case .double: self = .double(Double(bitPattern: raw))
    case .float: self = .double(Double(Float(bitPattern: UInt32(truncatingIfNeeded: raw))))
    case .int32: self = .int(Int64(Int32(truncatingIfNeeded: raw)))
    case .int64, .sfixed64: self = .int(Int64(bitPattern: raw))
    case .sfixed32: self = .int(Int64(Int32(truncatingIfNeeded: raw)))
    case .sint32, .sint64: self = .int(PathValue.unzigzag(type == .sint32 ? raw & 0xFFFF_FFFF : raw))
    case .uint32, .fixed32: self = .uint(UInt64(UInt32(truncatingIfNeeded: raw)))
    case .uint64, .fixed64: self = .uint(raw)
    case .enum: self = .enumeration(Int32(truncatingIfNeeded: raw))
    default: return nil
    }
  }

  static func unzigzag(_ raw: UInt64) -> Int64 {
    Int64(bitPattern: raw >> 1) ^ -Int64(bitPattern: raw & 1)
  }

  static func zigzag(_ value: Int64) -> UInt64 {
    UInt64(bitPattern: (value << 1) ^ (value >> 63))
  }

  /// A length-delimited field, or a scalar one. Nil where wire and schema disagree, or a string is not UTF-8.
  init?(_ wire: WireField, _ field: FieldDescriptor) {
    guard wire.type == field.type.wireType else { return nil }
    switch field.type {
    case .string:
      guard let text = TextBytes.text(wire.bytes) else { return nil }
      self = .text(text)
    case .bytes: self = .bytes(Array(wire.bytes))
    case .message:
      guard let time = PathValue(time: wire.bytes, field.message) else {
        self = .message(Array(wire.bytes))
        return
      }
      self = time
    default:
      self.init(scalar: wire.scalar, of: field.type)
    }
  }

  private init?(time bytes: UnsafeRawBufferPointer, _ message: MessageDescriptor?) {
    guard let kind = message?.wellKnown, kind == .timestamp || kind == .duration else { return nil }
    guard let (seconds, nanos) = WellKnown.secondsAndNanos(bytes) else { return nil }
    self = .time(seconds: seconds, nanos: nanos)
  }

  /// What a scalar field without presence has when it is not on the wire.
  init?(defaultOf field: FieldDescriptor) {
    if field.isRepeated || field.hasPresence { return nil }
    switch field.type {
    case .string: self = .text("")
    case .bytes: self = .bytes([])
    default: self.init(scalar: 0, of: field.type)
    }
  }
}

extension WellKnown {
  /// The two fields of a Timestamp or a Duration.
  static func secondsAndNanos(_ bytes: UnsafeRawBufferPointer) -> (seconds: Int64, nanos: Int32)? {
    var seconds: Int64 = 0
    var nanos: Int32 = 0
    var reader = WireReader(bytes)
    do throws(WireFault) {
      while let field = try reader.next() {
        if field.number == 1, field.type == .varint { seconds = Int64(bitPattern: field.scalar) }
        if field.number == 2, field.type == .varint { nanos = Int32(truncatingIfNeeded: field.scalar) }
      }
    } catch {
      return nil
    }
    return (seconds, nanos)
  }
}
