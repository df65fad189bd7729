@testable import HTTP2

/// Frames written by hand, as a peer that obeys no rule would send them.
enum Raw {
  static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
  static let settings = frame(4, 0, 0, [])
  static let opening = preface + settings

  static func frame(_ type: UInt8, _ flags: UInt8, _ stream: UInt32, _ payload: [UInt8]) -> [UInt8] {
    let length = payload.count
    return [
      UInt8(length >> 16 & 255), UInt8(length >> 8 & 255), UInt8(length & 255), type, flags,
      UInt8(stream >> 24 & 255), UInt8(stream >> 16 & 255), UInt8(stream >> 8 & 255), UInt8(stream & 255),
    ] + payload
  }

  /// A header block of literals without indexing and without Huffman codes.
  static func block(_ fields: [(String, String)]) -> [UInt8] {
    fields.flatMap { [0] + string($0.0) + string($0.1) }
  }

  static func string(_ text: String) -> [UInt8] {
    let bytes = Array(text.utf8)
    var head: [UInt8] = []
    if bytes.count < 127 {
      head = [UInt8(bytes.count)]
    } else {
      head = [127]
      var rest = bytes.count - 127
      while rest >= 128 {
        head.append(UInt8(rest & 127 | 128))
        rest >>= 7
      }
      head.append(UInt8(rest))
    }
    return head + bytes
  }

  static let request = block([
    (":method", "POST"), (":scheme", "https"), (":path", "/a.B/C"), (":authority", "x"),
    ("content-type", "application/grpc"), ("te", "trailers"),
  ])

  /// HEADERS that open a stream whose body follows.
  static func open(_ stream: UInt32) -> [UInt8] { frame(1, 4, stream, request) }

  static func reset(_ stream: UInt32) -> [UInt8] { frame(3, 0, stream, [0, 0, 0, 8]) }

  struct Frame: Equatable {
    var type: UInt8
    var flags: UInt8
    var stream: UInt32
    var payload: [UInt8]

    /// The error code of a GOAWAY or RST_STREAM.
    var code: UInt32? {
      let bytes = type == 7 ? payload.dropFirst(4).prefix(4) : type == 3 ? payload.prefix(4) : []
      return bytes.count == 4 ? bytes.reduce(0) { $0 << 8 | UInt32($1) } : nil
    }
  }

  static func parse(_ bytes: [UInt8]) -> [Frame] {
    var frames: [Frame] = []
    var index = 0
    while index + 9 <= bytes.count {
      let length = Int(bytes[index]) << 16 | Int(bytes[index + 1]) << 8 | Int(bytes[index + 2])
      guard index + 9 + length <= bytes.count else { break }
      let stream = bytes[index + 5..<index + 9].reduce(0) { $0 << 8 | UInt32($1) }
      frames.append(
        Frame(
          type: bytes[index + 3], flags: bytes[index + 4], stream: stream,
          payload: Array(bytes[index + 9..<index + 9 + length])))
      index += 9 + length
    }
    return frames
  }
}

/// Remembers what a stream was told.
final class RecordingStream: HTTP2StreamHandler {
  let stream: HTTP2Stream?
  var fields: [(String, String)] = []
  var oversized = false
  var data: [UInt8] = []
  var sentBytes = 0
  var ended = false
  var closedWith: UInt32?
  var consumes = true
  var onHeaders: ((RecordingStream) -> Void)?

  init(_ stream: HTTP2Stream?) { self.stream = stream }

  func receivedHeaders(_ fields: ReceivedFields, endsStream: Bool, oversized: Bool) {
    fields.forEach {
      self.fields.append((String(decoding: $0, as: UTF8.self), String(decoding: $1, as: UTF8.self)))
    }
    self.oversized = oversized
    if endsStream { ended = true }
    onHeaders?(self)
  }

  func receivedData(_ chunk: UnsafeRawBufferPointer) {
    data += chunk
    if consumes { stream?.consume(chunk.count) }
  }

  func receivedEnd() { ended = true }
  func sent(_ bytes: Int) { sentBytes += bytes }
  func closed(_ code: UInt32) { closedWith = code }
}

/// A session with a delegate that remembers, driven by bytes.
final class Machine: HTTP2SessionDelegate {
  let session: HTTP2Session
  var streams: [RecordingStream] = []
  var pings: [UInt64] = []
  var goAways: [(Int32, UInt32)] = []
  var settings = 0
  var consumes = true
  var onHeaders: ((RecordingStream) -> Void)?
  var clock: UInt64 = 1

  init(_ role: HTTP2Session.Role, _ limits: HTTP2Limits = HTTP2Limits()) throws {
    session = try HTTP2Session(role, limits: limits)
    session.delegate = self
  }

  func finish() {
    session.closeAllStreams(.cancel)
    session.delegate = nil
    // What answers names the machine that it answers with.
    onHeaders = nil
    streams = []
  }

  func openedStream(_ stream: HTTP2Stream) -> (any HTTP2StreamHandler)? {
    let recording = RecordingStream(stream)
    recording.consumes = consumes
    recording.onHeaders = onHeaders
    streams.append(recording)
    return recording
  }

  func receivedSettings() { settings += 1 }
  func receivedPingAnswer(_ payload: UInt64) { pings.append(payload) }
  func receivedGoAway(lastStream: Int32, code: UInt32, debug: String) { goAways.append((lastStream, code)) }

  /// What the session answers to some bytes, and the error if it cannot go on.
  @discardableResult
  func feed(_ bytes: [UInt8]) -> (frames: [Raw.Frame], failure: HTTP2Error?) {
    let failure = feedDeaf(bytes)
    return (Raw.parse(output()), failure)
  }

  /// Bytes of a peer that reads nothing: whatever the session answers waits.
  ///
  /// - Returns: the error if it cannot go on.
  func feedDeaf(_ bytes: [UInt8]) -> HTTP2Error? {
    bytes.withUnsafeBytes { buffer in
      do throws(HTTP2Error) {
        try session.receive(buffer, now: clock)
        return nil
      } catch {
        return error
      }
    }
  }

  func output() -> [UInt8] {
    var buffer: [UInt8] = []
    try? session.output(into: &buffer, upTo: 1 << 30)
    return buffer
  }
}
