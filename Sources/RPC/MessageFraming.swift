/// One message as it was framed on the wire.
package struct FramedMessage: Sendable {
  /// Whether it still has to be decompressed.
  package var compressed: Bool
  /// The message without its five bytes of prefix.
  package var bytes: [UInt8]
}

/// Takes the bytes of a stream in any pieces and gives whole messages: one byte that says whether the message
/// is compressed, four that give its length, then the message.
package struct MessageDeframer: Sendable {
  /// The prefix before each message.
  package static let prefixBytes = 5
  /// Memory taken before any byte of a message has arrived; a peer gets more only by sending it.
  private static let firstReservation = 16 << 10

  private let limit: Int
  private var prefix: (flag: UInt8, length: UInt32) = (0, 0)
  private var prefixFilled = 0
  private var message: [UInt8] = []

  /// - Parameter limit: the longest message taken, in bytes as they are on the wire.
  package init(limit: Int) { self.limit = limit }

  /// Whether a message has begun and not ended; a stream that ends here was cut.
  package var isMidMessage: Bool { prefixFilled > 0 }

  /// Bytes held of a message that is not whole yet.
  package var heldBytes: Int { message.count }

  /// The same as they were on the wire, prefix included.
  package var heldWireBytes: Int { prefixFilled + message.count }

  /// Takes the next piece.
  ///
  /// - Parameters:
  ///   - chunk: any length, also none.
  ///   - emit: called for each message that became whole, in order.
  /// - Throws: `.resourceExhausted` for a length over the limit, before anything is allocated for it;
  ///   `.internal` for a flag that is neither 0 nor 1.
  package mutating func receive(
    _ chunk: UnsafeRawBufferPointer, _ emit: (FramedMessage) throws(RPCError) -> Void
  ) throws(RPCError) {
    var rest = chunk[...]
    while true {
      while prefixFilled < Self.prefixBytes {
        guard let byte = rest.popFirst() else { return }
        if prefixFilled == 0 { prefix = (byte, 0) } else { prefix.length = prefix.length << 8 | UInt32(byte) }
        prefixFilled += 1
        if prefixFilled == Self.prefixBytes { try checkPrefix(arrived: rest.count) }
      }
      let missing = Int(prefix.length) - message.count
      let taken = min(missing, rest.count)
      if taken > 0 {
        message.append(contentsOf: UnsafeRawBufferPointer(rebasing: rest.prefix(taken)))
        rest = rest.dropFirst(taken)
      }
      guard taken == missing else { return }
      let whole = FramedMessage(compressed: prefix.flag == 1, bytes: message)
      message = []
      prefixFilled = 0
      try emit(whole)
    }
  }

  private mutating func checkPrefix(arrived: Int) throws(RPCError) {
    guard prefix.flag <= 1 else {
      throw RPCError(
        .internal, "message framing: the compression flag is \(prefix.flag), expected 0 or 1")
    }
    guard prefix.length <= UInt32(clamping: limit) else {
      throw RPCError(
        .resourceExhausted,
        "message of \(prefix.length) bytes is over the limit of \(limit): send less at once")
    }
    message.reserveCapacity(min(Int(prefix.length), max(arrived, Self.firstReservation)))
  }
}

/// Puts the prefix in front of messages.
package enum MessageFramer {
  /// What a buffer gets before the message is encoded behind it; ``seal(_:compressed:)`` fills it in.
  package static func begin(_ buffer: inout [UInt8]) {
    for _ in 0..<MessageDeframer.prefixBytes { buffer.append(0) }
  }

  /// Writes flag and length into the first five bytes.
  ///
  /// - Parameter buffer: made by ``begin(_:)``, then appended to; under 4 GiB.
  package static func seal(_ buffer: inout [UInt8], compressed: Bool) throws(RPCError) {
    let size = buffer.count - MessageDeframer.prefixBytes
    guard size >= 0, let length = UInt32(exactly: size) else {
      throw RPCError(.internal, "a message of \(size) bytes cannot be framed")
    }
    buffer.withUnsafeMutableBytes { bytes in
      bytes[0] = compressed ? 1 : 0
      bytes[1] = UInt8(truncatingIfNeeded: length >> 24)
      bytes[2] = UInt8(truncatingIfNeeded: length >> 16)
      bytes[3] = UInt8(truncatingIfNeeded: length >> 8)
      bytes[4] = UInt8(truncatingIfNeeded: length)
    }
  }
}
