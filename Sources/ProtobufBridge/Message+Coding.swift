internal import CProtobufC

extension Message {
  /// Decodes a message.
  ///
  /// - Parameters:
  ///   - bytes: wire bytes; of fields that occur more than once the last counts, messages are merged.
  ///   - limits: what is accepted at most.
  /// - Throws: ``DecodingError`` with the path of the field where it is known.
  public init(
    serialized bytes: UnsafeRawBufferPointer, limits: DecodingLimits = .standard
  ) throws(DecodingError) {
    guard bytes.count <= limits.size else { throw DecodingError(.tooLarge(limit: limits.size)) }
    self = try Arena.withArena(ceiling: limits.arena) { (arena) throws(DecodingError) -> Self in
      let layout = Self.layout
      if try ScanPlan.check(bytes, layout.scan), let type = Self.schema.message(Self.fullName) {
        try ReplacedTexts.check(bytes, type)
      }
      let unpacked = protobuf_c_message_unpack(
        layout.descriptor, arena.allocator, bytes.count,
        (bytes.baseAddress ?? UnsafeRawPointer(arena.state)).assumingMemoryBound(to: UInt8.self))
      guard let unpacked else {
        if arena.state.pointee.isExhausted { throw DecodingError(.tooMuchMemory(limit: limits.arena)) }
        throw DecodingError(.malformed)
      }
      return try Self(from: CReader(unpacked, elementLimit: limits.elements))
    }
  }

  /// Decodes a message from an array.
  public init(serialized bytes: [UInt8], limits: DecodingLimits = .standard) throws(DecodingError) {
    // `withUnsafeBytes` rethrows untyped; the result carries the type across.
    let result: Result<Self, DecodingError> = bytes.withUnsafeBytes { buffer in
      do throws(DecodingError) {
        return .success(try Self(serialized: buffer, limits: limits))
      } catch {
        return .failure(error)
      }
    }
    self = try result.get()
  }

  /// The message on the wire, always whole (``Arena/noCeiling``): fields by ascending number, maps by ascending key,
  /// unknown fields last.
  public func serialized() -> [UInt8] {
    Arena.withArena(ceiling: Arena.noCeiling) { arena in
      guard let packed = pack(arena) else { return [] }
      return [UInt8](packed)
    }
  }

  /// Appends the message on the wire.
  public func serialize(into bytes: inout [UInt8]) {
    Arena.withArena(ceiling: Arena.noCeiling) { arena in
      if let packed = pack(arena) { bytes.append(contentsOf: packed) }
    }
  }

  /// The wire bytes, in the arena.
  ///
  /// libprotobuf-c packs without being told a size, and to work the size out takes it nearly as long as to
  /// pack. So the room is bounded by what the structs took: no field of a struct is below four bytes, and
  /// none packs to more than 15 (a tag of five bytes and a varint of ten); texts and bytes pack as they are.
  private func pack(_ arena: Arena) -> UnsafeBufferPointer<UInt8>? {
    guard let builder = CBuilder(Self.layout.descriptor, arena.state) else { return nil }
    fill(builder)
    let state = arena.state.pointee
    let (room, overflow) = (state.taken &- state.content).multipliedReportingOverflow(by: 4)
    guard !overflow, let memory = Arena.take(arena.state, room &+ state.content) else { return nil }
    let out = memory.assumingMemoryBound(to: UInt8.self)
    let size = protobuf_c_message_pack(builder.base.assumingMemoryBound(to: ProtobufCMessage.self), out)
    return UnsafeBufferPointer(start: out, count: size)
  }
}
