internal import CProtobufC
internal import Synchronization

/// What the wire bytes of a message type must look like; checked before libprotobuf-c sees them.
///
/// It refuses some faults without saying which, lets others pass (a varint of more than 64 bits, a field number of
/// 0) and has had faults of its own with broken bytes. After this check it only ever gets well-formed ones, and
/// every refusal names its field.
///
/// @unchecked Sendable: it changes only under the lock of ``plans`` while it is built, before it is handed out.
final class ScanPlan: @unchecked Sendable {
  /// One field.
  struct Field {
    var type = WireType.varint
    var isKnown = false
    var isRepeated = false
    var inner: ScanPlan?
  }

  /// Fields with numbers below this are found by index.
  static let denseLimit = 256

  /// A descriptor that can cross into the lock.
  ///
  /// @unchecked Sendable: it points to read-only static data.
  private struct Key: Hashable, @unchecked Sendable {
    let descriptor: UnsafePointer<ProtobufCMessageDescriptor>
  }

  private let descriptor: UnsafePointer<ProtobufCMessageDescriptor>
  private var dense: [Field] = []
  private var sparse: [UInt32: Field] = [:]

  private static let plans = Mutex<[Key: ScanPlan]>([:])

  /// The plan of a descriptor, made once.
  static func of(_ descriptor: UnsafePointer<ProtobufCMessageDescriptor>) -> ScanPlan {
    let key = Key(descriptor: descriptor)
    return plans.withLock { make(key, &$0) }
  }

  private static func make(_ key: Key, _ plans: inout [Key: ScanPlan]) -> ScanPlan {
    if let plan = plans[key] { return plan }
    let descriptor = key.descriptor
    let plan = ScanPlan(descriptor)
    plans[key] = plan
    for position in 0..<Int(descriptor.pointee.n_fields) {
      let known = descriptor.pointee.fields[position]
      var field = Field(isKnown: true)
      field.type = wireType(known.type)
      field.isRepeated = known.label == PROTOBUF_C_LABEL_REPEATED
      if known.type == PROTOBUF_C_TYPE_MESSAGE, let inner = known.descriptor {
        field.inner = make(
          Key(descriptor: inner.assumingMemoryBound(to: ProtobufCMessageDescriptor.self)), &plans)
      }
      if known.id < UInt32(denseLimit) {
        while plan.dense.count <= Int(known.id) { plan.dense.append(Field()) }
        plan.dense[Int(known.id)] = field
      } else {
        plan.sparse[known.id] = field
      }
    }
    return plan
  }

  private init(_ descriptor: UnsafePointer<ProtobufCMessageDescriptor>) { self.descriptor = descriptor }

  private static func wireType(_ type: ProtobufCType) -> WireType {
    switch type {
    case PROTOBUF_C_TYPE_FIXED32, PROTOBUF_C_TYPE_SFIXED32, PROTOBUF_C_TYPE_FLOAT: .fixed32
    case PROTOBUF_C_TYPE_FIXED64, PROTOBUF_C_TYPE_SFIXED64, PROTOBUF_C_TYPE_DOUBLE: .fixed64
    case PROTOBUF_C_TYPE_STRING, PROTOBUF_C_TYPE_BYTES, PROTOBUF_C_TYPE_MESSAGE: .lengthDelimited
    default: .varint
    }
  }

  @inline(__always)
  private func field(_ number: UInt32) -> Field? {
    if number < UInt32(truncatingIfNeeded: dense.count) {
      let field = dense[Int(number)]
      return field.isKnown ? field : nil
    }
    return sparse.isEmpty ? nil : sparse[number]
  }

  /// Checks a whole message. Depth is bounded by the schema, which has no recursive messages.
  func check(_ bytes: UnsafeRawBufferPointer) throws(DecodingError) {
    var reader = WireReader(bytes)
    while true {
      let start = reader.offset
      let next: WireField?
      do throws(WireFault) {
        next = try reader.next()
      } catch {
        throw DecodingError(DecodingError.Reason(error), at: place(of: start, in: bytes))
      }
      guard let wire = next else { return }
      guard let field = field(wire.number) else { continue }
      if wire.type == field.type {
        guard let inner = field.inner else { continue }
        do throws(DecodingError) {
          try inner.check(wire.bytes)
        } catch {
          throw error.inside(place(of: start, in: bytes))
        }
      } else {
        try checkPacked(wire, field, bytes)
      }
    }
  }

  /// A field whose wire type is not that of its values: packed numbers, or a fault.
  private func checkPacked(
    _ wire: WireField, _ field: Field, _ bytes: UnsafeRawBufferPointer
  ) throws(DecodingError) {
    let start = wire.range.lowerBound
    guard field.isRepeated, field.type != .lengthDelimited, wire.type == .lengthDelimited else {
      throw DecodingError(
        .wrongWireType(expected: field.type, came: wire.type), at: place(of: start, in: bytes))
    }
    var elements = WireReader(wire.bytes)
    do throws(WireFault) {
      while !elements.isAtEnd {
        switch field.type {
        case .fixed32: _ = try elements.fixed32()
        case .fixed64: _ = try elements.fixed64()
        default: _ = try elements.varint()
        }
      }
    } catch {
      throw DecodingError(DecodingError.Reason(error), at: place(of: start, in: bytes))
    }
  }

  /// The field whose tag begins at an offset, with its index if it is repeated; empty where the tag is broken or
  /// not known. Only after a fault: it walks over the bytes before.
  @inline(never)
  private func place(of offset: Int, in bytes: UnsafeRawBufferPointer) -> String {
    var index = 0
    var tag = WireReader(UnsafeRawBufferPointer(rebasing: bytes[offset...]))
    guard let raw = try? tag.varint(), let number = UInt32(exactly: raw >> 3),
      let known = protobuf_c_message_descriptor_get_field(descriptor, number)
    else { return "" }
    let name = String(cString: known.pointee.name)
    guard known.pointee.label == PROTOBUF_C_LABEL_REPEATED, known.pointee.descriptor != nil else { return name }
    var before = WireReader(UnsafeRawBufferPointer(rebasing: bytes[..<offset]))
    while let wire = try? before.next() {
      if wire.number == number { index += 1 }
    }
    return "\(name)[\(index)]"
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
