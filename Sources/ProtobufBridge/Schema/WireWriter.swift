/// Appends protobuf wire bytes to an array.
public struct WireWriter {
  /// What was written so far.
  public var bytes: [UInt8]

  /// Starts with nothing written.
  public init(reserving capacity: Int = 0) {
    bytes = []
    if capacity > 0 { bytes.reserveCapacity(capacity) }
  }

  /// Appends a varint.
  public mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest &>>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  /// Appends a field's tag.
  public mutating func tag(_ number: UInt32, _ type: WireType) {
    varint(UInt64(number) << 3 | UInt64(type.rawValue))
  }

  /// Appends four bytes, little endian.
  public mutating func fixed32(_ value: UInt32) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  /// Appends eight bytes, little endian.
  public mutating func fixed64(_ value: UInt64) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  /// Appends a length-delimited field.
  public mutating func field(_ number: UInt32, _ content: some Collection<UInt8>) {
    tag(number, .lengthDelimited)
    varint(UInt64(content.count))
    bytes.append(contentsOf: content)
  }

  /// Appends a length-delimited field of text.
  public mutating func field(_ number: UInt32, _ text: String) {
    field(number, text.utf8)
  }

  /// Appends a varint field.
  public mutating func field(_ number: UInt32, _ value: UInt64) {
    tag(number, .varint)
    varint(value)
  }

  /// Appends a scalar field in a given layout.
  public mutating func scalar(_ number: UInt32, _ type: WireType, _ value: UInt64) {
    tag(number, type)
    bare(type, value)
  }

  /// Appends a scalar without a tag, as in a packed field.
  public mutating func bare(_ type: WireType, _ value: UInt64) {
    switch type {
    case .varint: varint(value)
    case .fixed64: fixed64(value)
    case .fixed32: fixed32(UInt32(truncatingIfNeeded: value))
    case .lengthDelimited: break
    }
  }
}
