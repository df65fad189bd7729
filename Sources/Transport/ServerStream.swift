internal import HTTP2
internal import NIOCore
internal import RPC

/// The constant header blocks of answers.
enum ServerHeaders {
  static let answer = HeaderTemplate([(":status", "200"), ("content-type", "application/grpc")])
  static let okTrailers = HeaderTemplate([("grpc-status", "0")])
  static let notGRPC = HeaderTemplate([(":status", "415"), ("content-type", "text/plain; charset=utf-8")])
  static let notGRPCText = Array(
    "This port speaks gRPC: use a gRPC client (POST with content-type application/grpc).\n".utf8)

  /// Headers of an answer that carries more than the usual.
  static func list(_ head: ResponseHead) -> HeaderList {
    var list = HeaderList()
    list.append(":status", "200")
    list.append("content-type", "application/grpc")
    if head.encoding == .gzip { list.append("grpc-encoding", "gzip") }
    list.append("grpc-accept-encoding", MessageEncoding.accepted)
    head.metadata.forEachField { list.append($0, $1) }
    return list
  }
}

/// Joins one HTTP/2 stream to one call. On the connection's loop only.
final class ServerStream: HTTP2StreamHandler, ServerCallOutput {
  /// Holds this stream through its session; closing the stream opens the circle.
  private let connection: ServerConnection
  let stream: HTTP2Stream
  private var begun = false
  private(set) var call: ServerCall?
  /// How fast the answer leaves, for the stalled-reader timeout.
  var pace: ReadingPace
  private var headSent = false

  init(_ stream: HTTP2Stream, connection: ServerConnection) {
    self.stream = stream
    self.connection = connection
    pace = ReadingPace(connection.wire.lastRead)
  }

  // MARK: HTTP2StreamHandler

  func receivedHeaders(_ fields: ReceivedFields, endsStream: Bool, oversized: Bool) {
    guard !begun else {  // a request's trailers mean nothing in gRPC
      if endsStream { call?.receiveEnd() }
      return
    }
    begun = true
    if oversized {
      return refuse(
        .metadataTooLarge, .resourceExhausted,
        "the call's metadata is over \(connection.configuration.metadataBytesHard) bytes: send less")
    }
    begin(connection.head(of: fields))
    if endsStream { call?.receiveEnd() }
  }

  private func begin(_ parsed: ParsedHead) {
    guard parsed.head.isPost, parsed.head.contentType == .grpc else { return refuseAsNotGRPC() }
    guard let method = parsed.head.method else {
      return refuse(
        .unknownMethod, .unimplemented, "no such method is served here: \(parsed.head.unknownPath)")
    }
    guard let encoding = acceptedEncoding(parsed) else { return }
    if let timeout = parsed.head.badTimeout {
      return refuse(
        .badTimeout, .invalidArgument,
        "grpc-timeout \"\(timeout)\" is not a number of 1 to 8 digits and a unit")
    }
    if let name = parsed.head.unreadableMetadata {
      return refuse(
        .badMetadata, .invalidArgument,
        "metadata \"\(name)\" is not base64, as names ending in -bin must be")
    }
    begin(method, parsed, encoding)
  }

  private func acceptedEncoding(_ parsed: ParsedHead) -> MessageEncoding? {
    switch parsed.head.encoding {
    case .known(let encoding):
      return encoding
    case .unknown(let name):
      var fields = refusal(
        ResponseEnd(
          code: .unimplemented,
          message: "messages encoded as \"\(name)\" cannot be read: use one of \(MessageEncoding.accepted)"))
      fields.append("grpc-accept-encoding", MessageEncoding.accepted)
      connection.tellRefused(.unknownEncoding)
      headSent = true
      connection.wire.session.respondWithoutBody(.list(fields), on: stream)
      return nil
    }
  }

  private func begin(_ method: RegisteredMethod, _ parsed: ParsedHead, _ encoding: MessageEncoding) {
    let now = connection.wire.loop.instant
    let deadline = parsed.head.timeout.map { now.advanced(by: $0) }
    let context = CallContext(
      service: method.service, method: method.name, requestMetadata: parsed.head.metadata,
      connection: connection.info, deadline: deadline, started: now, number: Int64(stream.id))
    let call = ServerCall(
      method, context: context, encoding: encoding, acceptsGzip: parsed.head.acceptsGzip, host: connection,
      output: self)
    self.call = call
    if let deadline { connection.expect(deadline) }
    call.begin()
  }

  func receivedData(_ chunk: UnsafeRawBufferPointer) {
    guard let call else { return stream.consume(chunk.count) }
    call.receive(chunk)
  }

  func receivedEnd() { call?.receiveEnd() }

  func sent(_ bytes: Int) {
    // Only what still waits can stall; the time of the last read is at hand, but may be long ago.
    pace.sent(bytes, at: stream.queuedBytes > 0 ? connection.wire.loop.now : connection.wire.lastRead)
    call?.sent(bytes)
  }

  func closed(_ code: UInt32) {
    call?.abort(RPCError(.cancelled, "the stream was closed by the client or lost with its connection"))
    call = nil
  }

  // MARK: ServerCallOutput

  func respond(_ message: [UInt8]) {
    pace.begin(connection.wire.loop.now)
    stream.write(message)
    stream.finish(.trailers(.template(ServerHeaders.okTrailers)))
    guard !headSent else { return }
    headSent = true
    connection.wire.session.respond(.template(ServerHeaders.answer), on: stream)
    connection.wire.markDirty()
  }

  func respond(_ head: ResponseHead, message: [UInt8], end: ResponseEnd) {
    pace.begin(connection.wire.loop.now)
    stream.write(message)
    stream.finish(.trailers(trailers(end)))
    sendHead(head)
  }

  func sendHead(_ head: ResponseHead) {
    guard !headSent else { return }
    headSent = true
    let plain = head.metadata.isEmpty && head.encoding == .identity
    connection.wire.session.respond(
      plain ? .template(ServerHeaders.answer) : .list(ServerHeaders.list(head)), on: stream)
    connection.wire.markDirty()
  }

  func sendMessage(_ framed: [UInt8]) {
    if stream.queuedBytes == 0 { pace.begin(connection.wire.loop.now) }
    stream.write(framed)
    connection.wire.markDirty()
  }

  func sendEnd(_ end: ResponseEnd) {
    if headSent {
      stream.finish(.trailers(trailers(end)))
    } else {
      headSent = true
      connection.wire.session.respondWithoutBody(.list(refusal(end)), on: stream)
    }
    connection.wire.markDirty()
  }

  func consumed(_ bytes: Int) {
    stream.consume(bytes)
    connection.wire.markDirty()
  }

  private func trailers(_ end: ResponseEnd) -> HeaderSource {
    if end.isPlainOK { return .template(ServerHeaders.okTrailers) }
    var list = HeaderList()
    end.forEachField { list.append($0, $1) }
    return .list(list)
  }

  // MARK: Refusing

  /// Headers and status in one block.
  private func refusal(_ end: ResponseEnd) -> HeaderList {
    var list = HeaderList()
    list.append(":status", "200")
    list.append("content-type", "application/grpc")
    end.forEachField { list.append($0, $1) }
    return list
  }

  private func refuse(_ reason: RequestRefusal.Reason, _ code: StatusCode, _ message: String) {
    connection.tellRefused(reason)
    sendEnd(ResponseEnd(code: code, message: message))
  }

  private func refuseAsNotGRPC() {
    connection.tellRefused(.notGRPC)
    headSent = true
    stream.write(ServerHeaders.notGRPCText)
    stream.finish(.lastData)
    connection.wire.session.respond(.template(ServerHeaders.notGRPC), on: stream)
    connection.wire.markDirty()
  }
}
