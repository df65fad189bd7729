internal import CProtobufC

/// Finds out why libprotobuf-c refused a message: it only says that it did. Runs after a refusal, never before.
enum Diagnosis {
  static func whyRefused(
    _ bytes: UnsafeRawBufferPointer, _ descriptor: UnsafePointer<ProtobufCMessageDescriptor>
  ) -> DecodingError {
    do throws(DecodingError) {
      try check(bytes, descriptor)
      return DecodingError(.malformed)
    } catch {
      return error
    }
  }

  /// Depth is bounded by the schema, which has no recursive messages.
  private static func check(
    _ bytes: UnsafeRawBufferPointer, _ descriptor: UnsafePointer<ProtobufCMessageDescriptor>
  ) throws(DecodingError) {
    var reader = WireReader(bytes)
    var counts: [UInt32: Int] = [:]
    while true {
      let next: WireField?
      do throws(WireFault) {
        next = try reader.next()
      } catch {
        throw DecodingError(DecodingError.Reason(error), at: faultyField(bytes, reader.offset, descriptor))
      }
      guard let field = next else { return }
      guard let known = protobuf_c_message_descriptor_get_field(descriptor, field.number) else { continue }
      try check(field, known.pointee, index: counts[field.number, default: 0])
      counts[field.number, default: 0] += 1
    }
  }

  private static func check(
    _ field: WireField, _ known: ProtobufCFieldDescriptor, index: Int
  ) throws(DecodingError) {
    let isRepeated = known.label == PROTOBUF_C_LABEL_REPEATED
    let name = String(cString: known.name)
    let expected = wireType(known.type)
    if isRepeated, expected != .lengthDelimited, field.type == .lengthDelimited {
      var elements = WireReader(field.bytes)
      do throws(WireFault) {
        while !elements.isAtEnd {
          switch expected {
          case .fixed32: _ = try elements.fixed32()
          case .fixed64: _ = try elements.fixed64()
          default: _ = try elements.varint()
          }
        }
      } catch {
        throw DecodingError(DecodingError.Reason(error), at: name)
      }
      return
    }
    guard field.type == expected else {
      throw DecodingError(.wrongWireType(expected: expected, came: field.type), at: name)
    }
    guard known.type == PROTOBUF_C_TYPE_MESSAGE, let inner = known.descriptor else { return }
    do throws(DecodingError) {
      try check(field.bytes, inner.assumingMemoryBound(to: ProtobufCMessageDescriptor.self))
    } catch {
      throw error.inside(isRepeated ? "\(name)[\(index)]" : name)
    }
  }

  /// The name of the field that was being read when the fault came, if its tag can be read.
  private static func faultyField(
    _ bytes: UnsafeRawBufferPointer, _ offset: Int, _ descriptor: UnsafePointer<ProtobufCMessageDescriptor>
  ) -> String {
    // Fields before it are whole: walk them again and stop at the tag that cannot be followed.
    var reader = WireReader(bytes)
    var begin = 0
    while (try? reader.next()) != nil { begin = reader.offset }
    var tag = WireReader(UnsafeRawBufferPointer(rebasing: bytes[min(begin, bytes.count)...]))
    guard let number = try? tag.varint() else { return "" }
    let found = protobuf_c_message_descriptor_get_field(
      descriptor, UInt32(truncatingIfNeeded: number >> 3))
    return found.map { String(cString: $0.pointee.name) } ?? ""
  }

  private static func wireType(_ type: ProtobufCType) -> WireType {
    switch type {
    case PROTOBUF_C_TYPE_FIXED32, PROTOBUF_C_TYPE_SFIXED32, PROTOBUF_C_TYPE_FLOAT: .fixed32
    case PROTOBUF_C_TYPE_FIXED64, PROTOBUF_C_TYPE_SFIXED64, PROTOBUF_C_TYPE_DOUBLE: .fixed64
    case PROTOBUF_C_TYPE_STRING, PROTOBUF_C_TYPE_BYTES, PROTOBUF_C_TYPE_MESSAGE: .lengthDelimited
    default: .varint
    }
  }
}

extension DecodingError.Reason {
  init(_ fault: WireFault) {
    switch fault {
    case .truncated: self = .truncated
    case .overlongVarint: self = .overlongVarint
    case .badFieldNumber: self = .badFieldNumber
    case .badWireType(let type): self = .badWireType(type)
    }
  }
}
