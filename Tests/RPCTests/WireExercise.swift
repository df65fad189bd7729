import Compression
import RPC

/// Something that must never happen, found by feeding bytes.
struct ExerciseFailure: Error, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}

/// Feeds gRPC's framing and its text formats with whatever a peer might send and checks what must hold for any input;
/// shared by the fuzzers and by the replay of their corpora.
enum WireExercise {
  /// Small, so that a fuzzer reaches it.
  private static let messageLimit = 8 << 10
  /// Messages of one input that are decompressed: an input may hold hundreds of empty ones, all alike.
  private static let restored = 8

  private struct Outcome: Equatable {
    var messages: [[UInt8]] = []
    var flags: [Bool] = []
    var error: StatusCode?
    var isMidMessage = false
  }

  /// The framing and decompression of messages: cut into pieces or not, the messages are the same.
  ///
  /// - Parameter input: the first byte is the size of the pieces, the rest is the body of a stream.
  static func framing(_ input: UnsafeRawBufferPointer) throws {
    guard let first = input.first else { return }
    let body = UnsafeRawBufferPointer(rebasing: input.dropFirst())
    let (whole, messages) = try deframe(body, piece: max(1, body.count))
    let (pieces, _) = try deframe(body, piece: max(1, Int(first)))
    guard whole == pieces else { throw ExerciseFailure("in pieces \(pieces), at once \(whole)") }
    for message in messages.prefix(restored) { try restore(message) }
    try roundTrip(Array(body))
  }

  private static func deframe(_ body: UnsafeRawBufferPointer, piece: Int) throws -> (Outcome, [FramedMessage]) {
    var deframer = MessageDeframer(limit: messageLimit)
    var outcome = Outcome()
    var messages: [FramedMessage] = []
    var start = 0
    while start < body.count, outcome.error == nil {
      let end = min(body.count, start + piece)
      do throws(RPCError) {
        try deframer.receive(UnsafeRawBufferPointer(rebasing: body[start..<end])) { message in
          outcome.messages.append(message.bytes)
          outcome.flags.append(message.compressed)
          messages.append(message)
        }
      } catch {
        outcome.error = error.code
      }
      start = end
      if deframer.heldBytes > messageLimit { throw ExerciseFailure("\(deframer.heldBytes) bytes held") }
    }
    if let error = outcome.error, error != .resourceExhausted, error != .internal {
      throw ExerciseFailure("framing said \(error)")
    }
    outcome.isMidMessage = outcome.error == nil && deframer.isMidMessage
    for message in outcome.messages where message.count > messageLimit {
      throw ExerciseFailure("a message of \(message.count) bytes")
    }
    return (outcome, messages)
  }

  private static func restore(_ framed: FramedMessage) throws {
    for encoding in [MessageEncoding.identity, .gzip] {
      do throws(RPCError) {
        let restored = try MessageCompression.restore(framed, encoding: encoding, limit: messageLimit)
        if restored.count > messageLimit { throw RPCError(.dataLoss, "") }
      } catch {
        if error.code == .dataLoss { throw ExerciseFailure("decompressed past the limit") }
      }
    }
  }

  private static func roundTrip(_ body: [UInt8]) throws {
    for compress in [false, true] {
      var buffer: [UInt8] = []
      MessageFramer.begin(&buffer)
      buffer += body
      try MessageCompression.seal(&buffer, compress: compress)
      var back: [[UInt8]] = []
      var deframer = MessageDeframer(limit: max(messageLimit, 2 * buffer.count))
      try buffer.withUnsafeBytes { bytes in
        try deframer.receive(bytes) { message throws(RPCError) in
          back.append(
            try MessageCompression.restore(message, encoding: .gzip, limit: max(messageLimit, body.count)))
        }
      }
      guard back == [body] else { throw ExerciseFailure("\(body.count) bytes changed in a round trip") }
    }
  }

  /// The head of a request: pseudo-headers, gRPC's own fields, and metadata.
  ///
  /// - Parameter input: fields as `name`, 0, `value`, 0, …
  static func metadata(_ input: UnsafeRawBufferPointer) throws {
    let router = try Router(services: [])
    var head = RequestHead()
    var parts = input.split(separator: 0, omittingEmptySubsequences: false)[...]
    while let name = parts.popFirst() {
      let value = parts.popFirst() ?? input[0..<0]
      head.add(UnsafeRawBufferPointer(rebasing: name), UnsafeRawBufferPointer(rebasing: value), router: router)
      try texts(UnsafeRawBufferPointer(rebasing: value))
    }
    try unchangedOnTheWire(head.metadata)
    if let timeout = head.timeout, timeout < .zero || timeout > .seconds(100_000_000 * 3600) {
      throw ExerciseFailure("a timeout of \(timeout)")
    }
  }

  private static func unchangedOnTheWire(_ metadata: Metadata) throws {
    var back = Metadata()
    var readable = true
    metadata.forEachField { name, value in
      var name = name
      var value = value
      name.withUTF8 { name in
        value.withUTF8 { value in
          readable = back.addReceivedField(UnsafeRawBufferPointer(name), UnsafeRawBufferPointer(value)) && readable
        }
      }
    }
    guard readable, back == metadata else { throw ExerciseFailure("metadata changed: \(metadata) to \(back)") }
  }

  private static func texts(_ value: UnsafeRawBufferPointer) throws {
    let bytes = Array(value)
    guard let back = WireText.fromBase64(WireText.base64(bytes).utf8), back == bytes else {
      throw ExerciseFailure("base64 changed \(bytes)")
    }
    let text = WireText.percentDecode(value)
    var encoded = WireText.percentEncode(text, limit: .max)
    guard encoded.utf8.allSatisfy({ $0 >= 0x20 && $0 <= 0x7E }) else { throw ExerciseFailure("not ASCII: \(encoded)") }
    let again = encoded.withUTF8 { WireText.percentDecode(UnsafeRawBufferPointer($0)) }
    guard again == text else { throw ExerciseFailure("percent-encoding changed \(text)") }
    let cut = WireText.percentEncode(text, limit: 64)
    guard cut.utf8.count <= 64 else { throw ExerciseFailure("\(cut.utf8.count) bytes of 64") }
    if let timeout = WireText.timeout(value) {
      var written = WireText.timeout(timeout)
      let read = written.withUTF8 { WireText.timeout(UnsafeRawBufferPointer($0)) }
      guard let read, read >= timeout else { throw ExerciseFailure("\(timeout) was written as \(written)") }
    }
  }
}
