import HTTP2

/// Something a session must never do, found by feeding it bytes.
struct ExerciseFailure: Error, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}

/// Feeds a session with whatever a peer might send and checks what must hold for any input; shared by the fuzzer and
/// by the replay of its corpus.
enum SessionExercise {
  /// Bytes that one `output` may give beyond its ceiling: the frame that crossed it (16 KiB and its header).
  private static let frameSlack = 16_384 + 9
  private static let ceiling = 64 << 10
  /// Answers to one input: the peer's window and what a session may queue bound it; anything more is amplification.
  private static let outputLimit = 8 << 20
  private static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + [0, 0, 0, 4, 0, 0, 0, 0, 0]

  /// - Parameter input: the first byte chooses (bit 0) client or server, (bit 1) whether a good preface goes ahead
  ///   of the input, (bits 2...7) into pieces of which size it is cut, 0 for one piece; the rest is what the peer sends.
  static func run(_ input: UnsafeRawBufferPointer) throws {
    guard let choice = input.first else { return }
    let isServer = choice & 1 == 0
    let session: HTTP2Session
    do {
      session = try HTTP2Session(isServer ? .server : .client, limits: HTTP2Limits())
    } catch {
      throw ExerciseFailure("no session: \(error)")
    }
    let peer = Peer(session: session, isServer: isServer)
    session.delegate = peer
    defer { session.delegate = nil }  // The two hold each other, as a connection and its session do.
    if !isServer { peer.request() }
    try peer.drain()
    var open = true
    if isServer, choice & 2 == 0 { open = try preface.withUnsafeBytes { try peer.feed($0) } }
    let said = UnsafeRawBufferPointer(rebasing: input.dropFirst())
    let piece = choice >> 2 == 0 ? max(1, said.count) : Int(choice >> 2)
    var start = 0
    while open, start < said.count {
      let end = min(said.count, start + piece)
      open = try peer.feed(UnsafeRawBufferPointer(rebasing: said[start..<end]))
      start = end
    }
    try peer.finish()
  }

  /// What lies above a session: it answers, reads and lets go as a gRPC server or client would.
  private final class Peer: HTTP2SessionDelegate {
    let session: HTTP2Session
    let isServer: Bool
    let limits = HTTP2Limits()
    var open = 0
    var written = 0
    var broken: String?
    private var clock: UInt64 = 0

    init(session: HTTP2Session, isServer: Bool) {
      self.session = session
      self.isServer = isServer
    }

    func request() {
      var fields = HeaderList()
      for (name, value) in [(":method", "POST"), (":scheme", "https"), (":path", "/s/m"), (":authority", "h")] {
        fields.append(name, value)
      }
      let handler = Handler(peer: self)
      handler.stream = session.request(.list(fields), handler: handler)
      if handler.stream != nil { open += 1 }
    }

    /// - Returns: whether the connection goes on.
    func feed(_ bytes: UnsafeRawBufferPointer) throws -> Bool {
      clock += 1_000_000
      var goesOn = true
      do throws(HTTP2Error) {
        try session.receive(bytes, now: clock)
      } catch {
        goesOn = false
      }
      try drain()
      return goesOn && !session.isFinished
    }

    func drain() throws {
      while true {
        var buffer: [UInt8] = []
        do throws(HTTP2Error) {
          try session.output(into: &buffer, upTo: SessionExercise.ceiling)
        } catch {
          return
        }
        written += buffer.count
        if buffer.count > SessionExercise.ceiling + SessionExercise.frameSlack {
          throw ExerciseFailure("\(buffer.count) bytes at once")
        }
        if written > SessionExercise.outputLimit { throw ExerciseFailure("\(written) bytes of answers") }
        try check()
        if buffer.isEmpty { return }
      }
    }

    func check() throws {
      if let broken { throw ExerciseFailure(broken) }
      if session.streams.count > limits.concurrentStreams {
        throw ExerciseFailure("\(session.streams.count) streams open")
      }
      if session.streams.count != open { throw ExerciseFailure("\(open) handlers, \(session.streams.count) streams") }
    }

    func finish() throws {
      session.terminate(.noError)
      try drain()
      session.closeAllStreams(.cancel)
      try check()
      if open != 0 { throw ExerciseFailure("\(open) handlers were never told of the end") }
    }

    func openedStream(_ stream: HTTP2Stream) -> (any HTTP2StreamHandler)? {
      if stream.id % 16 == 13 { return nil }  // Some are refused.
      open += 1
      let handler = Handler(peer: self)
      handler.stream = stream
      return handler
    }
    func receivedSettings() {}
    func receivedPingAnswer(_ payload: UInt64) {}
    func receivedGoAway(lastStream: Int32, code: UInt32, debug: String) {}
  }

  /// Answers every request with its own body, and in between resets or ends early as the stream's id says.
  private final class Handler: HTTP2StreamHandler {
    unowned let peer: Peer
    weak var stream: HTTP2Stream?
    private var isClosed = false

    init(peer: Peer) { self.peer = peer }

    func receivedHeaders(_ received: ReceivedFields, endsStream: Bool, oversized: Bool) {
      var fieldBytes = 0
      received.forEach { name, value in fieldBytes += name.count + value.count + 32 }
      if fieldBytes > peer.limits.headerBytes { peer.broken = "\(fieldBytes) bytes of fields" }
      guard let stream, peer.isServer else { return }
      if isClosed { peer.broken = "headers after the end" }
      var fields = HeaderList()
      fields.append(":status", "200")
      fields.append("content-type", "application/grpc")
      if stream.id % 8 == 3 {
        peer.session.respondWithoutBody(.list(fields), on: stream)
      } else if stream.id % 8 == 5 {
        stream.reset(.cancel)
      } else {
        peer.session.respond(.list(fields), on: stream)
      }
      if endsStream { receivedEnd() }
    }

    func receivedData(_ chunk: UnsafeRawBufferPointer) {
      if isClosed { peer.broken = "data after the end" }
      stream?.write(Array(chunk))
      stream?.consume(chunk.count)
    }

    func receivedEnd() {
      var trailers = HeaderList()
      trailers.append("grpc-status", "0")
      stream?.finish(.trailers(.list(trailers)))
    }

    func sent(_ bytes: Int) {}

    func closed(_ code: UInt32) {
      if isClosed { peer.broken = "closed twice" }
      isClosed = true
      peer.open -= 1
    }
  }
}
