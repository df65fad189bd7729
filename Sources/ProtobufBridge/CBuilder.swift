internal import CProtobufC

/// A C struct in an arena, filled by generated code: each field by its position in ascending order of
/// numbers.
///
/// Valid inside the call that hands it out.
public struct CBuilder {
  @usableFromInline let base: UnsafeMutableRawPointer
  /// Null for a message without fields, whose generated code fills none.
  private let fields: UnsafePointer<ProtobufCFieldDescriptor>!
  private let arena: UnsafeMutablePointer<Arena.State>

  @inline(__always)
  init?(
    _ descriptor: UnsafePointer<ProtobufCMessageDescriptor>, _ arena: UnsafeMutablePointer<Arena.State>
  ) {
    guard let memory = Arena.take(arena, descriptor.pointee.sizeof_message) else { return nil }
    descriptor.pointee.message_init(memory.assumingMemoryBound(to: ProtobufCMessage.self))
    base = memory
    fields = descriptor.pointee.fields
    self.arena = arena
  }

  @inline(__always)
  private func set<T>(_ field: Int, _ value: T) {
    base.storeBytes(of: value, toByteOffset: Int(fields[field].offset), as: T.self)
  }

  /// Says that a field is the one that is set of its oneof. The value is set beside.
  public func choose(_ field: Int) {
    base.storeBytes(of: fields[field].id, toByteOffset: Int(fields[field].quantifier_offset), as: UInt32.self)
  }

  /// A double.
  public func double(_ field: Int, _ value: Double) {
    set(field, value)
    if value == 0, value.sign == .minus { keepNegativeZero(field, of: value) }
  }

  /// A float.
  public func float(_ field: Int, _ value: Float) {
    set(field, value)
    if value == 0, value.sign == .minus { keepNegativeZero(field, of: value) }
  }

  /// libprotobuf-c takes -0 for a default and leaves it out, where protobuf has it on the wire. It is carried
  /// among the unknown fields, where it is written as it stands. A field that has presence is written anyway.
  @inline(never)
  private func keepNegativeZero(_ field: Int, of value: some BinaryFloatingPoint) {
    guard fields[field].quantifier_offset == 0 else { return }
    var writer = WireWriter()
    if value is Float {
      writer.scalar(fields[field].id, .fixed32, UInt64(Float(-0.0).bitPattern))
    } else {
      writer.scalar(fields[field].id, .fixed64, Double(-0.0).bitPattern)
    }
    fillUnknown(writer.bytes)
  }
  /// An int32, sint32 or sfixed32.
  public func int32(_ field: Int, _ value: Int32) { set(field, value) }
  /// An int64, sint64 or sfixed64.
  public func int64(_ field: Int, _ value: Int64) { set(field, value) }
  /// A uint32 or fixed32.
  public func uint32(_ field: Int, _ value: UInt32) { set(field, value) }
  /// A uint64 or fixed64.
  public func uint64(_ field: Int, _ value: UInt64) { set(field, value) }
  /// A bool.
  public func bool(_ field: Int, _ value: Bool) { set(field, value ? 1 : 0 as Int32) }
  /// An enum.
  public func enumeration(_ field: Int, _ value: some ProtoEnum) { set(field, value.rawValue) }

  /// A string.
  public func text(_ field: Int, _ value: String) {
    if !value.isEmpty { set(field, copy(value)) }
  }

  /// Bytes.
  public func bytes(_ field: Int, _ value: [UInt8]) {
    if !value.isEmpty { set(field, copy(value)) }
  }

  @inline(__always)
  private func copy(_ text: String) -> ProtobufCBinaryData {
    // A native string hands out its storage without being retained; any other is made native first.
    if let copied = text.utf8.withContiguousStorageIfAvailable({ copy(UnsafeRawBufferPointer($0)) }) {
      return copied
    }
    var native = text
    return native.withUTF8 { copy(UnsafeRawBufferPointer($0)) }
  }

  private func copy(_ bytes: [UInt8]) -> ProtobufCBinaryData {
    bytes.withUnsafeBytes { copy($0) }
  }

  @inline(__always)
  private func copy(_ bytes: UnsafeRawBufferPointer) -> ProtobufCBinaryData {
    guard let start = bytes.baseAddress, let memory = Arena.take(arena, bytes.count) else {
      return ProtobufCBinaryData(len: 0, data: nil)
    }
    memory.copyMemory(from: start, byteCount: bytes.count)
    arena.pointee.content &+= bytes.count
    return ProtobufCBinaryData(len: bytes.count, data: memory.assumingMemoryBound(to: UInt8.self))
  }

  /// A message, where set.
  @inlinable
  public func message<M: Message>(_ field: Int, _ value: M?) {
    guard let value, let inner = inner(field) else { return }
    value.fill(inner)
    attach(field, inner)
  }

  /// An empty C struct for a message field or an element of one.
  @usableFromInline
  func inner(_ field: Int) -> CBuilder? {
    CBuilder(fields[field].descriptor.assumingMemoryBound(to: ProtobufCMessageDescriptor.self), arena)
  }

  @usableFromInline
  func attach(_ field: Int, _ inner: CBuilder) { set(field, inner.base) }

  /// Room for the elements of a repeated field, as laid in C.
  @usableFromInline
  func room(_ field: Int, _ count: Int, stride: Int) -> UnsafeMutableRawPointer? {
    guard count > 0, let memory = Arena.take(arena, count &* stride) else { return nil }
    base.storeBytes(of: count, toByteOffset: Int(fields[field].quantifier_offset), as: Int.self)
    set(field, memory)
    return memory
  }

  @inlinable @inline(__always)
  func elements<T>(_ field: Int, _ count: Int, _ type: T.Type) -> UnsafeMutablePointer<T>? {
    room(field, count, stride: MemoryLayout<T>.stride)?.bindMemory(to: T.self, capacity: count)
  }

  /// Repeated numbers of the field's own type.
  @inlinable
  public func numbers<T: Numeric>(_ field: Int, _ values: [T]) {
    guard let start = elements(field, values.count, T.self) else { return }
    _ = UnsafeMutableBufferPointer(start: start, count: values.count).initialize(from: values)
  }

  /// Repeated bools.
  public func bools(_ field: Int, _ values: [Bool]) {
    guard let start = elements(field, values.count, Int32.self) else { return }
    for index in values.indices { (start + index).initialize(to: values[index] ? 1 : 0) }
  }

  /// Repeated enums.
  @inlinable
  public func enumerations<E: ProtoEnum>(_ field: Int, _ values: [E]) {
    guard let start = elements(field, values.count, Int32.self) else { return }
    for index in values.indices { (start + index).initialize(to: values[index].rawValue) }
  }

  /// Repeated strings.
  public func texts(_ field: Int, _ values: [String]) {
    guard let start = elements(field, values.count, ProtobufCBinaryData.self) else { return }
    for index in values.indices { (start + index).initialize(to: copy(values[index])) }
  }

  /// Repeated bytes.
  public func byteArrays(_ field: Int, _ values: [[UInt8]]) {
    guard let start = elements(field, values.count, ProtobufCBinaryData.self) else { return }
    for index in values.indices { (start + index).initialize(to: copy(values[index])) }
  }

  /// Repeated messages.
  @inlinable
  public func messages<M: Message>(_ field: Int, _ values: [M]) {
    guard let start = elements(field, values.count, UnsafeMutableRawPointer?.self) else { return }
    for index in values.indices {
      let inner = inner(field)
      if let inner { values[index].fill(inner) }
      (start + index).initialize(to: inner?.base)
    }
  }

  /// A map, in ascending order of keys, so that equal values have equal bytes. `entry` sets the key at
  /// position 0 and the value at position 1.
  @inlinable
  public func map<Key: Comparable, Value>(
    _ field: Int, _ values: [Key: Value], _ entry: (CBuilder, Key, Value) -> Void
  ) {
    if values.isEmpty { return }
    fillMap(field, values.sorted { $0.key < $1.key }, entry)
  }

  /// A map with texts for keys, in the order of their UTF-8 bytes, as protobuf's own deterministic form has
  /// it.
  @inlinable
  public func map<Value>(
    _ field: Int, _ values: [String: Value], _ entry: (CBuilder, String, Value) -> Void
  ) {
    if values.isEmpty { return }
    fillMap(field, values.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }, entry)
  }

  /// A map with bools for keys, false first.
  @inlinable
  public func map<Value>(
    _ field: Int, _ values: [Bool: Value], _ entry: (CBuilder, Bool, Value) -> Void
  ) {
    if values.isEmpty { return }
    fillMap(field, values.sorted { !$0.key && $1.key }, entry)
  }

  @inlinable
  func fillMap<Key, Value>(
    _ field: Int, _ sorted: [(key: Key, value: Value)], _ entry: (CBuilder, Key, Value) -> Void
  ) {
    guard let start = elements(field, sorted.count, UnsafeMutableRawPointer?.self) else { return }
    for (index, pair) in sorted.enumerated() {
      let inner = inner(field)
      if let inner { entry(inner, pair.key, pair.value) }
      (start + index).initialize(to: inner?.base)
    }
  }

  /// Fields that the schema does not know, written after the others.
  public func unknownFields(_ unknown: UnknownFields) {
    if !unknown.isEmpty { fillUnknown(unknown.bytes) }
  }

  /// Adds wire bytes to the unknown fields that are there already.
  private func fillUnknown(_ bytes: [UInt8]) {
    let copied = copy(bytes)
    let buffer = UnsafeRawBufferPointer(start: copied.data, count: copied.len)
    var count = 0
    var counter = WireReader(buffer)
    while (try? counter.next()) != nil { count += 1 }
    let message = base.assumingMemoryBound(to: ProtobufCMessage.self)
    let before = Int(message.pointee.n_unknown_fields)
    let stride = MemoryLayout<ProtobufCMessageUnknownField>.stride
    guard count > 0, let memory = Arena.take(arena, (before &+ count) &* stride) else { return }
    let start = memory.bindMemory(to: ProtobufCMessageUnknownField.self, capacity: before &+ count)
    if before > 0 { start.initialize(from: message.pointee.unknown_fields, count: before) }
    var reader = WireReader(buffer)
    for index in 0..<count {
      let begin = reader.offset
      guard let field = try? reader.next() else { return }
      var tag = WireReader(UnsafeRawBufferPointer(rebasing: buffer[begin...]))
      _ = try? tag.varint()
      let content = begin &+ tag.offset
      (start + before + index).initialize(
        to: ProtobufCMessageUnknownField(
          tag: field.number, wire_type: ProtobufCWireType(rawValue: UInt32(field.type.rawValue)),
          len: field.range.upperBound &- content, data: copied.data + content))
    }
    message.pointee.n_unknown_fields = UInt32(truncatingIfNeeded: before &+ count)
    message.pointee.unknown_fields = start
  }
}
