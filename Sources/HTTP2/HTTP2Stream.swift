internal import CNGHTTP2
internal import Glibc

/// The fields of a received header block, in order; valid during the call that gives them only.
package struct ReceivedFields {
  let bytes: UnsafeRawBufferPointer
  let lengths: UnsafeBufferPointer<(name: Int, value: Int)>

  /// Bytes of all names and values.
  package var byteCount: Int { bytes.count }

  /// Gives each field: its name in lower case, and its value without control characters.
  package func forEach(_ body: (_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Void) {
    var offset = 0
    for length in lengths {
      let middle = offset + length.name
      let end = middle + length.value
      body(
        UnsafeRawBufferPointer(rebasing: bytes[offset..<middle]),
        UnsafeRawBufferPointer(rebasing: bytes[middle..<end]))
      offset = end
    }
  }
}

/// A header block that was received earlier, kept to tell whether another one is the same.
package struct KeptFields {
  private var bytes: [UInt8] = []
  private var lengths: [(name: Int, value: Int)] = []

  package init() {}

  /// Keeps these instead of what was kept.
  package mutating func keep(_ fields: ReceivedFields) {
    bytes.removeAll(keepingCapacity: true)
    bytes.append(contentsOf: fields.bytes)
    lengths.removeAll(keepingCapacity: true)
    lengths.append(contentsOf: fields.lengths)
  }

  /// Whether the same fields came again, in the same order.
  package func equal(_ fields: ReceivedFields) -> Bool {
    guard lengths.count == fields.lengths.count, bytes.count == fields.bytes.count, !bytes.isEmpty else {
      return false
    }
    for index in lengths.indices where lengths[index] != fields.lengths[index] { return false }
    return bytes.withUnsafeBytes { kept in
      guard let one = kept.baseAddress, let other = fields.bytes.baseAddress else { return false }
      return memcmp(one, other, kept.count) == 0
    }
  }
}

/// Takes what happens on a stream; called on the connection's loop, inside the session's receive or send.
///
/// May submit frames from within; must never call the session's `receive` or `output`.
package protocol HTTP2StreamHandler: AnyObject {
  /// A header block is complete.
  ///
  /// - Parameters:
  ///   - fields: those up to the limit.
  ///   - endsStream: whether the peer sends no more on this stream.
  ///   - oversized: whether fields were left out because the block is over the limit.
  func receivedHeaders(_ fields: ReceivedFields, endsStream: Bool, oversized: Bool)
  /// Bytes of the stream, valid during the call only; `consume` gives their window back.
  func receivedData(_ chunk: UnsafeRawBufferPointer)
  /// The peer sends no more on this stream (after data; headers say it themselves).
  func receivedEnd()
  /// Bytes of this stream's data left for the network.
  func sent(_ bytes: Int)
  /// The stream is over; nothing follows.
  func closed(_ code: UInt32)
}

/// One HTTP/2 stream: what waits to be sent on it, and who listens.
package final class HTTP2Stream {
  package enum End {
    /// Trailers close the stream.
    case trailers(HeaderSource)
    /// The last DATA frame does.
    case lastData
  }

  package internal(set) var id: Int32
  /// Who listens; let go when the stream closes.
  package var handler: (any HTTP2StreamHandler)?
  /// Bytes that wait to be sent.
  package var queuedBytes: Int { queue.bytes }
  /// Whether the peer has ended its side.
  package internal(set) var remoteEnded = false
  /// Whether nothing more happens on it.
  package internal(set) var isClosed = false

  /// The session holds its open streams and they hold it; closing a stream opens the circle.
  let session: HTTP2Session
  var slot = 0
  private var queue = ChunkQueue()
  var end: End?
  /// nghttp2 has been told that there is nothing to send for now.
  var deferred = false
  /// Whether the peer has been told our headers.
  package internal(set) var headersSent = false

  init(id: Int32, session: HTTP2Session) {
    self.id = id
    self.session = session
  }

  /// Whether both sides have said everything.
  package var isExhausted: Bool { remoteEnded && end != nil && queuedBytes == 0 }

  /// Gives the peer new window for bytes that were read.
  package func consume(_ bytes: Int) {
    guard bytes > 0, !isClosed else { return }
    session.consume(bytes, on: self)
  }

  /// Queues bytes behind what waits already.
  package func write(_ bytes: [UInt8]) {
    guard !isClosed, end == nil, !bytes.isEmpty else { return }
    queue.append(bytes)
    resume()
  }

  /// Ends this side after what waits.
  package func finish(_ end: End) {
    guard !isClosed, self.end == nil else { return }
    self.end = end
    resume()
  }

  /// Ends both sides at once.
  package func reset(_ code: HTTP2ErrorCode) {
    guard !isClosed else { return }
    session.reset(self, code)
  }

  private func resume() {
    guard deferred else { return }
    deferred = false
    session.resume(self)
  }

  /// Copies queued bytes.
  ///
  /// - Returns: how many were copied.
  func fill(_ buffer: UnsafeMutableRawBufferPointer) -> Int { queue.take(into: buffer) }

  func dropQueue() { queue = ChunkQueue() }
}

/// Bytes in the pieces they came in. The first piece lies apart, so that a single one needs no list.
struct ChunkQueue {
  private var first: [UInt8] = []
  private var offset = 0
  private var more: [[UInt8]] = []
  private var moreStart = 0
  private(set) var bytes = 0

  mutating func append(_ chunk: [UInt8]) {
    if bytes == 0 { first = chunk } else { more.append(chunk) }
    bytes += chunk.count
  }

  mutating func take(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    var filled = 0
    while filled < buffer.count, bytes > 0 {
      let count = min(first.count - offset, buffer.count - filled)
      first.withUnsafeBytes { source in
        let part = UnsafeRawBufferPointer(rebasing: source[offset..<offset + count])
        UnsafeMutableRawBufferPointer(rebasing: buffer[filled..<filled + count]).copyMemory(from: part)
      }
      filled += count
      bytes -= count
      offset += count
      if offset == first.count { next() }
    }
    return filled
  }

  private mutating func next() {
    offset = 0
    guard moreStart < more.count else {
      first = []
      if moreStart > 0 { more.removeAll(keepingCapacity: true) }
      moreStart = 0
      return
    }
    first = more[moreStart]
    more[moreStart] = []
    moreStart += 1
    if moreStart >= 64 {
      more.removeFirst(moreStart)
      moreStart = 0
    }
  }
}
