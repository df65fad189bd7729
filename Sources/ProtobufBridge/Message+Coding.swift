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
      let descriptor = Self.layout.descriptor
      let unpacked = protobuf_c_message_unpack(
        descriptor, arena.allocator, bytes.count,
        (bytes.baseAddress ?? UnsafeRawPointer(arena.state)).assumingMemoryBound(to: UInt8.self))
      guard let unpacked else {
        if arena.state.pointee.isExhausted { throw DecodingError(.tooMuchMemory(limit: limits.arena)) }
        throw Diagnosis.whyRefused(bytes, descriptor)
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

  /// The message on the wire: fields by ascending number, maps by ascending key, unknown fields last.
  public func serialized() -> [UInt8] {
    Arena.withArena(ceiling: Arena.noCeiling) { arena in
      guard let builder = CBuilder(Self.layout.descriptor, arena.state) else { return [] }
      fill(builder)
      let message = builder.base.assumingMemoryBound(to: ProtobufCMessage.self)
      let size = protobuf_c_message_get_packed_size(message)
      return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
        count = buffer.baseAddress.map { protobuf_c_message_pack(message, $0) } ?? 0
      }
    }
  }

  /// Appends the message on the wire.
  public func serialize(into bytes: inout [UInt8]) {
    Arena.withArena(ceiling: Arena.noCeiling) { arena in
      guard let builder = CBuilder(Self.layout.descriptor, arena.state) else { return }
      fill(builder)
      let message = builder.base.assumingMemoryBound(to: ProtobufCMessage.self)
      let size = protobuf_c_message_get_packed_size(message)
      let start = bytes.count
      bytes.append(contentsOf: repeatElement(0, count: size))
      bytes.withUnsafeMutableBytes { buffer in
        guard let base = buffer.baseAddress else { return }
        _ = protobuf_c_message_pack(message, (base + start).assumingMemoryBound(to: UInt8.self))
      }
    }
  }
}
