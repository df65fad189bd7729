internal import CProtobufC
internal import Synchronization

/// What the wire bytes of a message type must look like; checked before libprotobuf-c sees them.
///
/// It refuses some faults without saying which, lets others pass (a varint of more than 64 bits, a field
/// number of 0) and has had faults of its own with broken bytes. After this check it only ever gets
/// well-formed ones, and every refusal names its field.
///
/// Plans are made once for each message type and stay for the process's life, at fixed addresses and without
/// references: counting references for each field would cost as much as the check.
struct ScanPlan {
  /// One field.
  struct Field {
    /// A wire type's raw value, or 255 for a number that the message does not have.
    var type: UInt8 = Self.unknown
    var isRepeated = false
    var inner: UnsafePointer<ScanPlan>?
    /// A bit for what can hold one text or message only, the same for all members of a oneof; 0 for anything
    /// else. Fields may share bits: then a message is looked at once more, and nothing else changes.
    var single: UInt64 = 0

    static let unknown: UInt8 = 255
  }

  /// Fields with numbers below this are found by index, others by a search among the few that there are.
  static let denseLimit = 256

  private let descriptor: UnsafePointer<ProtobufCMessageDescriptor>
  private let dense: UnsafeMutablePointer<Field>
  private let denseCount: UInt64
  private let sparse: UnsafeMutableBufferPointer<(number: UInt64, field: Field)>

  // MARK: Making

  /// A descriptor that can cross into the lock.
  ///
  /// @unchecked Sendable: it points to read-only static data.
  private struct Key: Hashable, @unchecked Sendable {
    let descriptor: UnsafePointer<ProtobufCMessageDescriptor>
  }

  /// A plan that can cross out of the lock.
  ///
  /// @unchecked Sendable: a plan is written before it is handed out and never again.
  private struct Made: @unchecked Sendable {
    let plan: UnsafePointer<ScanPlan>
  }

  private static let plans = Mutex<[Key: Made]>([:])

  /// The plan of a descriptor, made once.
  static func of(_ descriptor: UnsafePointer<ProtobufCMessageDescriptor>) -> UnsafePointer<ScanPlan> {
    let key = Key(descriptor: descriptor)
    return plans.withLock { make(key, &$0) }.plan
  }

  private static func make(_ key: Key, _ plans: inout [Key: Made]) -> Made {
    if let made = plans[key] { return made }
    let place = UnsafeMutablePointer<ScanPlan>.allocate(capacity: 1)
    let made = Made(plan: UnsafePointer(place))
    // Before the fields are looked at: a type that contains itself ends here and not at the stack's end.
    plans[key] = made
    let message = key.descriptor.pointee
    let ids = (0..<Int(message.n_fields)).map { Int(message.fields[$0].id) }
    let count = (ids.filter { $0 < denseLimit }.max() ?? -1) + 1
    let dense = UnsafeMutablePointer<Field>.allocate(capacity: max(count, 1))
    dense.initialize(repeating: Field(), count: max(count, 1))
    let sparse = UnsafeMutableBufferPointer<(number: UInt64, field: Field)>.allocate(
      capacity: ids.filter { $0 >= denseLimit }.count)
    var next = 0
    for position in 0..<Int(message.n_fields) {
      let known = message.fields[position]
      var field = Field(type: wireType(known.type).rawValue)
      field.isRepeated = known.label == PROTOBUF_C_LABEL_REPEATED
      field.single = singleBit(known)
      if known.type == PROTOBUF_C_TYPE_MESSAGE, let inner = known.descriptor {
        let key = Key(descriptor: inner.assumingMemoryBound(to: ProtobufCMessageDescriptor.self))
        field.inner = make(key, &plans).plan
      }
      if known.id < UInt32(denseLimit) {
        dense[Int(known.id)] = field
      } else {
        sparse.initializeElement(at: next, to: (UInt64(known.id), field))
        next += 1
      }
    }
    place.initialize(
      to: ScanPlan(descriptor: key.descriptor, dense: dense, denseCount: UInt64(count), sparse: sparse))
    return made
  }

  private static func singleBit(_ field: ProtobufCFieldDescriptor) -> UInt64 {
    let isInOneof = field.flags & UInt32(PROTOBUF_C_FIELD_FLAG_ONEOF.rawValue) != 0
    if isInOneof { return 1 << UInt64(field.quantifier_offset / UInt32(MemoryLayout<CInt>.size) % 64) }
    guard field.label != PROTOBUF_C_LABEL_REPEATED, wireType(field.type) == .lengthDelimited else { return 0 }
    return 1 << UInt64(field.id % 64)
  }

  private static func wireType(_ type: ProtobufCType) -> WireType {
    switch type {
    case PROTOBUF_C_TYPE_FIXED32, PROTOBUF_C_TYPE_SFIXED32, PROTOBUF_C_TYPE_FLOAT: .fixed32
    case PROTOBUF_C_TYPE_FIXED64, PROTOBUF_C_TYPE_SFIXED64, PROTOBUF_C_TYPE_DOUBLE: .fixed64
    case PROTOBUF_C_TYPE_STRING, PROTOBUF_C_TYPE_BYTES, PROTOBUF_C_TYPE_MESSAGE: .lengthDelimited
    default: .varint
    }
  }

  // MARK: Checking

  @inline(__always)
  private func field(_ number: UInt64) -> Field {
    if number < denseCount { return dense[Int(truncatingIfNeeded: number)] }
    return sparse.isEmpty ? Field() : sparseField(number)
  }

  private func sparseField(_ number: UInt64) -> Field {
    for entry in sparse where entry.number == number { return entry.field }
    return Field()
  }

  /// Checks a whole message. Depth is bounded by the schema, which has no recursive messages.
  /// - Returns: whether something may be in it that a later occurrence of its field, or of another member of its
  ///   oneof, replaces: nobody who reads the values sees it.
  static func check(
    _ bytes: UnsafeRawBufferPointer, _ plan: UnsafePointer<ScanPlan>
  ) throws(DecodingError) -> Bool {
    var reader = WireReader(bytes)
    var seen: UInt64 = 0
    var isReplaced = false
    while !reader.isAtEnd {
      let start = reader.offset
      var content = UnsafeRawBufferPointer(start: nil, count: 0)
      let field: Field
      let type: UInt8
      do throws(WireFault) {
        let tag = try reader.varint()
        let number = tag &>> 3
        guard number > 0, number < 1 << 29 else { throw .badFieldNumber }
        type = UInt8(truncatingIfNeeded: tag & 7)
        switch type {
        case WireType.varint.rawValue: _ = try reader.varint()
        case WireType.fixed64.rawValue: _ = try reader.fixed64()
        case WireType.lengthDelimited.rawValue: content = try reader.slice()
        case WireType.fixed32.rawValue: _ = try reader.fixed32()
        default: throw .badWireType(type)
        }
        field = plan.pointee.field(number)
      } catch {
        throw DecodingError(DecodingError.Reason(error), at: plan.pointee.place(of: start, in: bytes))
      }
      isReplaced = isReplaced || seen & field.single != 0
      seen |= field.single
      if type == field.type {
        guard let inner = field.inner else { continue }
        do throws(DecodingError) {
          if try check(content, inner) { isReplaced = true }
        } catch {
          throw error.inside(plan.pointee.place(of: start, in: bytes))
        }
      } else if field.type != Field.unknown {
        try plan.pointee.checkPacked(type, content, field, start, bytes)
      }
    }
    return isReplaced
  }

  /// A field whose wire type is not that of its values: packed numbers, or a fault.
  @inline(never)
  private func checkPacked(
    _ type: UInt8, _ content: UnsafeRawBufferPointer, _ field: Field, _ start: Int,
    _ bytes: UnsafeRawBufferPointer
  ) throws(DecodingError) {
    guard let expected = WireType(rawValue: field.type), let came = WireType(rawValue: type) else { return }
    guard field.isRepeated, expected != .lengthDelimited, came == .lengthDelimited else {
      throw DecodingError(.wrongWireType(expected: expected, came: came), at: place(of: start, in: bytes))
    }
    var elements = WireReader(content)
    do throws(WireFault) {
      while !elements.isAtEnd {
        switch expected {
        case .fixed32: _ = try elements.fixed32()
        case .fixed64: _ = try elements.fixed64()
        default: _ = try elements.varint()
        }
      }
    } catch {
      throw DecodingError(DecodingError.Reason(error), at: place(of: start, in: bytes))
    }
  }

  /// The field whose tag begins at an offset, with its index if it is repeated; empty where the tag is broken
  /// or not known. Only after a fault: it walks over the bytes before.
  @inline(never)
  private func place(of offset: Int, in bytes: UnsafeRawBufferPointer) -> String {
    var index = 0
    var tag = WireReader(UnsafeRawBufferPointer(rebasing: bytes[offset...]))
    guard let raw = try? tag.varint(), let number = UInt32(exactly: raw >> 3),
      let known = protobuf_c_message_descriptor_get_field(descriptor, number)
    else { return "" }
    let name = String(cString: known.pointee.name)
    guard known.pointee.label == PROTOBUF_C_LABEL_REPEATED, known.pointee.descriptor != nil else {
      return name
    }
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
