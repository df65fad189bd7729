internal import CNGHTTP2

/// Takes what happens on a stream; called on the connection's loop, inside the session's receive or send.
///
/// May submit frames from within; must never call the session's `receive` or `output`.
package protocol HTTP2StreamHandler: AnyObject {
  /// One field of a header block; the pointers are valid during the call only.
  func receivedField(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer)
  /// A header block is complete.
  ///
  /// - Parameters:
  ///   - endsStream: whether the peer sends no more on this stream.
  ///   - oversized: whether fields were left out because the block is over the limit.
  func receivedHeaders(endsStream: Bool, oversized: Bool)
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
  package internal(set) var queuedBytes = 0
  /// Whether the peer has ended its side.
  package internal(set) var remoteEnded = false
  /// Whether nothing more happens on it.
  package internal(set) var isClosed = false

  unowned let session: HTTP2Session
  var slot = 0
  var chunks: [[UInt8]] = []
  var firstChunk = 0
  var firstOffset = 0
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
    chunks.append(bytes)
    queuedBytes += bytes.count
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
  func fill(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
    var filled = 0
    while filled < buffer.count, firstChunk < chunks.count {
      let available = chunks[firstChunk].count - firstOffset
      let count = min(available, buffer.count - filled)
      chunks[firstChunk].withUnsafeBytes { source in
        let part = UnsafeRawBufferPointer(rebasing: source[firstOffset..<firstOffset + count])
        UnsafeMutableRawBufferPointer(rebasing: buffer[filled..<filled + count]).copyMemory(from: part)
      }
      filled += count
      firstOffset += count
      if count == available {
        chunks[firstChunk] = []
        firstChunk += 1
        firstOffset = 0
      }
    }
    if firstChunk == chunks.count {
      chunks.removeAll(keepingCapacity: chunks.count < 16)
      firstChunk = 0
    } else if firstChunk >= 64 {
      chunks.removeFirst(firstChunk)
      firstChunk = 0
    }
    queuedBytes -= filled
    return filled
  }

  func dropQueue() {
    chunks = []
    firstChunk = 0
    firstOffset = 0
    queuedBytes = 0
  }
}
