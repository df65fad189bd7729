import ProtobufSchema

/// Makes a descriptor set that protoc-c 1.4.1 accepts, and whose C keeps what its own would lose.
///
/// - `optional` is dropped: the field stays in the oneof that protoc made up for it, whose case keeps
/// presence.
/// - Strings become bytes, which carry a length: a NUL in a text survives.
/// - Maps lose their mark and become the repeated entries that they are on the wire: a map's key may not be
/// bytes.
/// - The import of our options is dropped; those of fields stay as options that nobody knows.
enum PlainSet {
  static let optionsFile = "punos/options/v1/options.proto"

  static func rewrite(_ bytes: [UInt8]) throws -> [UInt8] {
    try bytes.withUnsafeBytes {
      try each($0) { field, out in
        if field.number == 1 { out.field(1, try file(field.bytes)) } else { copy(field, &out) }
      }
    }
  }

  private static func file(_ bytes: UnsafeRawBufferPointer) throws -> [UInt8] {
    try each(bytes) { field, out in
      switch field.number {
      case 3 where String(decoding: field.bytes, as: UTF8.self) == optionsFile: break
      case 4: out.field(4, try message(field.bytes))
      case 9: break
      default: copy(field, &out)
      }
    }
  }

  private static func message(_ bytes: UnsafeRawBufferPointer) throws -> [UInt8] {
    try each(bytes) { part, out in
      switch part.number {
      case 2: out.field(2, try field(part.bytes))
      case 3: out.field(3, try message(part.bytes))
      case 7: break
      default: copy(part, &out)
      }
    }
  }

  private static func field(_ bytes: UnsafeRawBufferPointer) throws -> [UInt8] {
    try each(bytes) { part, out in
      switch part.number {
      case 5 where part.scalar == UInt64(FieldType.string.rawValue):
        out.field(5, UInt64(FieldType.bytes.rawValue))
      case 17: break
      default: copy(part, &out)
      }
    }
  }

  private static func each(
    _ bytes: UnsafeRawBufferPointer, _ body: (WireField, inout WireWriter) throws -> Void
  ) throws -> [UInt8] {
    var out = WireWriter(reserving: bytes.count)
    var reader = WireReader(bytes)
    while let field = try reader.next() { try body(field, &out) }
    return out.bytes
  }

  private static func copy(_ field: WireField, _ out: inout WireWriter) {
    if field.type == .lengthDelimited {
      out.field(field.number, field.bytes)
    } else {
      out.scalar(field.number, field.type, field.scalar)
    }
  }
}
