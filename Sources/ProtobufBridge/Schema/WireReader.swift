/// What is wrong with a run of protobuf wire bytes, before any schema is asked.
public enum WireFault: Error, Sendable, Hashable {
  /// The bytes end inside a field.
  case truncated
  /// A varint of more than ten bytes, or of more than 64 bits.
  case overlongVarint
  /// Field number 0, or one beyond 2^29 - 1.
  case badFieldNumber
  /// A wire type that proto3 does not have: a group, or 6 or 7.
  case badWireType(UInt8)
}

/// The four ways in which proto3 lays a value on the wire.
public enum WireType: UInt8, Sendable {
  /// Base-128, least significant group first.
  case varint = 0
  /// Eight bytes, little endian.
  case fixed64 = 1
  /// A length and that many bytes.
  case lengthDelimited = 2
  /// Four bytes, little endian.
  case fixed32 = 5
}

/// One field as it lies on the wire. `bytes` is valid as long as the buffer it was read from.
public struct WireField {
  /// 1 ... 2^29 - 1.
  public let number: UInt32
  /// How the value is laid out.
  public let type: WireType
  /// The value of a varint, fixed64 or fixed32; zero otherwise.
  public let scalar: UInt64
  /// The content of a length-delimited field; empty otherwise.
  public let bytes: UnsafeRawBufferPointer
  /// Where the field's tag begins and its value ends, in the buffer that was read.
  public let range: Range<Int>
}

/// Reads protobuf wire bytes field by field. Every length is checked before it is used; nothing is allocated.
public struct WireReader {
  @usableFromInline let buffer: UnsafeRawBufferPointer
  @usableFromInline var position: Int
  @usableFromInline let end: Int

  /// - Parameter buffer: must stay valid while the reader, and what it hands out, is in use.
  @inlinable
  public init(_ buffer: UnsafeRawBufferPointer) {
    self.buffer = buffer
    self.position = 0
    self.end = buffer.count
  }

  /// Bytes read so far.
  @inlinable public var offset: Int { position }

  /// Whether everything is read.
  @inlinable public var isAtEnd: Bool { position == end }

  /// Reads a varint.
  @inlinable
  public mutating func varint() throws(WireFault) -> UInt64 {
    guard position < end else { throw .truncated }
    let first = buffer[position]
    if first < 0x80 {
      position &+= 1
      return UInt64(first)
    }
    return try longVarint()
  }

  @usableFromInline
  mutating func longVarint() throws(WireFault) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while position < end {
      let byte = buffer[position]
      position &+= 1
      // The tenth byte can hold the 64th bit only.
      if shift == 63 && byte > 1 { throw .overlongVarint }
      value |= UInt64(byte & 0x7F) &<< shift
      if byte < 0x80 { return value }
      shift &+= 7
      if shift > 63 { throw .overlongVarint }
    }
    throw .truncated
  }

  /// Reads four bytes.
  @inlinable
  public mutating func fixed32() throws(WireFault) -> UInt32 {
    guard end &- position >= 4 else { throw .truncated }
    defer { position &+= 4 }
    return UInt32(littleEndian: buffer.loadUnaligned(fromByteOffset: position, as: UInt32.self))
  }

  /// Reads eight bytes.
  @inlinable
  public mutating func fixed64() throws(WireFault) -> UInt64 {
    guard end &- position >= 8 else { throw .truncated }
    defer { position &+= 8 }
    return UInt64(littleEndian: buffer.loadUnaligned(fromByteOffset: position, as: UInt64.self))
  }

  /// Reads a length and hands out that many bytes.
  @inlinable
  public mutating func slice() throws(WireFault) -> UnsafeRawBufferPointer {
    let length = try varint()
    guard length <= UInt64(end &- position) else { throw .truncated }
    let start = position
    position &+= Int(truncatingIfNeeded: length)
    return UnsafeRawBufferPointer(rebasing: buffer[start..<position])
  }

  /// Reads the next field.
  /// - Returns: nil at the end.
  public mutating func next() throws(WireFault) -> WireField? {
    if position == end { return nil }
    let start = position
    let tag = try varint()
    let number = tag &>> 3
    guard number > 0, number < 1 << 29 else { throw .badFieldNumber }
    var scalar: UInt64 = 0
    var bytes = UnsafeRawBufferPointer(start: nil, count: 0)
    guard let type = WireType(rawValue: UInt8(truncatingIfNeeded: tag & 7)) else {
      throw .badWireType(UInt8(truncatingIfNeeded: tag & 7))
    }
    switch type {
    case .varint: scalar = try varint()
    case .fixed64: scalar = try fixed64()
    case .fixed32: scalar = UInt64(try fixed32())
    case .lengthDelimited: bytes = try slice()
    }
    return WireField(
      number: UInt32(truncatingIfNeeded: number), type: type, scalar: scalar, bytes: bytes,
      range: start..<position)
  }
}
