internal import HTTP2
internal import NIOCore
internal import RPC
internal import TLS
internal import Transport

/// One connection of a client. On its loop only.
final class ClientConnection: WireConnectionOwner, HTTP2SessionDelegate {
  /// Holds this connection as its owner until the socket is closed.
  let wire: WireConnection
  let core: ChannelCore
  private let began = NIODeadline.now()
  private var isReady = false
  private var isLeaving = false
  private var keepaliveSent: NIODeadline?
  /// Why the streams are about to be closed, when the connection itself ends.
  private(set) var ending: RPCError?

  init(wire: WireConnection, core: ChannelCore) {
    self.wire = wire
    self.core = core
  }

  private var configuration: ClientConfiguration { core.configuration }

  // MARK: Calls

  /// Sends a call's headers and what waits in its outbox.
  func start(_ call: ClientCall) {
    let handler = ClientStream(call, connection: self)
    guard let stream = wire.session.request(.list(headers(of: call)), handler: handler) else {
      core.leaving(self)
      return call.fail(
        RPCError(.unavailable, "\(configuration.endpoint) takes no more calls on this connection: try again"),
        unprocessed: true)
    }
    handler.attach(stream)
    wire.markDirty()
  }

  private func headers(of call: ClientCall) -> HeaderList {
    var list = HeaderList()
    list.append(":method", "POST")
    list.append(":scheme", "https")
    list.append(":path", call.path)
    list.append(":authority", configuration.endpoint)
    list.append("te", "trailers")
    list.append("content-type", "application/grpc")
    list.append("user-agent", configuration.userAgent)
    list.append("grpc-accept-encoding", MessageEncoding.accepted)
    if call.options.compress { list.append("grpc-encoding", "gzip") }
    if let deadline = call.deadline {
      list.append("grpc-timeout", WireText.timeout(ContinuousClock.now.duration(to: deadline)))
    }
    call.options.metadata.forEachField { list.append($0, $1) }
    return list
  }

  // MARK: WireConnectionOwner

  func established() {}

  func closing(_ reason: WireFailure?) {
    ending =
      reason.map { ConnectFailure.describe($0, ready: isReady, configuration) }
      ?? RPCError(
        .unavailable, "\(configuration.endpoint) closed the connection; the next call makes a new one")
  }

  func closed(_ reason: WireFailure?) {
    // One of several addresses that did not answer: the attempt itself says how it ended.
    guard wire.hasBegun else { return core.forget(self) }
    core.lost(
      self, wasReady: isReady, reason.map { ConnectFailure.describe($0, ready: isReady, configuration) })
  }

  func tick(_ now: NIODeadline) {
    if !isReady {
      if now - began > TimeAmount(configuration.connectTimeout) {
        let missing = wire.tls.isEstablished ? "no HTTP/2 greeting" : "no secure connection"
        wire.fail(.timeout("\(missing) within \(configuration.connectTimeout)"))
      }
    } else if isLeaving, wire.session.streams.isEmpty {
      wire.close()
    } else if let sent = keepaliveSent {
      if now - sent > TimeAmount(configuration.keepaliveTimeout) {
        wire.abort(.timeout("no sign of life for \(configuration.keepaliveTimeout)"))
      }
    } else if !wire.session.streams.isEmpty, now - wire.lastRead > TimeAmount(configuration.keepaliveAfter) {
      keepaliveSent = now
      wire.session.ping(1)
      wire.markDirty()
    }
  }

  func closeWhenUnused() {
    isLeaving = true
    if wire.session.streams.isEmpty { wire.close() }
  }

  func closeNow() {
    wire.session.goAway()
    wire.close()
  }

  // MARK: HTTP2SessionDelegate

  func openedStream(_ stream: HTTP2Stream) -> (any HTTP2StreamHandler)? { nil }

  func receivedSettings() {
    guard !isReady else { return }
    isReady = true
    core.ready(self)
  }

  func receivedPingAnswer(_ payload: UInt64) { keepaliveSent = nil }

  func receivedGoAway(lastStream: Int32, code: UInt32, debug: String) {
    isLeaving = true
    core.leaving(self)
  }
}

/// Joins one HTTP/2 stream to one call. On the connection's loop only.
final class ClientStream: HTTP2StreamHandler, ClientCallOutput {
  private let call: ClientCall
  /// Holds this stream through its session; closing the stream opens the circle.
  private let connection: ClientConnection
  private var stream: HTTP2Stream?

  init(_ call: ClientCall, connection: ClientConnection) {
    self.call = call
    self.connection = connection
  }

  /// The stream exists: what waits in the call's outbox goes on it.
  func attach(_ stream: HTTP2Stream) {
    self.stream = stream
    call.output = self
  }

  func receivedHeaders(_ fields: ReceivedFields, endsStream: Bool, oversized: Bool) {
    if oversized {
      call.fail(
        RPCError(.resourceExhausted, "the answer's metadata is over \(HTTP2Limits().headerBytes) bytes"))
    } else {
      fields.forEach { call.receiveField($0, $1) }
      call.receiveHeadEnd(endsStream: endsStream)
    }
  }

  func receivedData(_ chunk: UnsafeRawBufferPointer) { call.receive(chunk) }

  func receivedEnd() { call.receiveEnd() }

  func sent(_ bytes: Int) { call.outbox.sent(bytes) }

  func closed(_ code: UInt32) {
    stream = nil
    if let ending = connection.ending {
      call.fail(ending)
    } else if !call.isFinished {
      fail(code)
    }
    connection.core.finished(call)
  }

  /// Source: "HTTP2 Transport Mapping", errors, in "gRPC over HTTP2".
  private func fail(_ code: UInt32) {
    let endpoint = connection.core.configuration.endpoint
    let (status, text): (StatusCode, String) =
      switch HTTP2ErrorCode(rawValue: code) {
      case .refusedStream: (.unavailable, "was refused before it began: try again")
      case .cancel: (.cancelled, "was cancelled by the server")
      case .enhanceYourCalm: (.resourceExhausted, "was refused because this client asks too much")
      case .inadequateSecurity: (.permissionDenied, "was refused: the connection is not secure enough")
      case .noError: (.internal, "ended without a status")
      default: (.internal, "was broken off by the server (HTTP/2 error \(code))")
      }
    call.fail(
      RPCError(status, "\(call.path) at \(endpoint) \(text)"),
      unprocessed: code == HTTP2ErrorCode.refusedStream.rawValue)
  }

  // MARK: ClientCallOutput

  func sendMessage(_ framed: [UInt8]) {
    stream?.write(framed)
    connection.wire.markDirty()
  }

  func sendEnd() {
    stream?.finish(.lastData)
    connection.wire.markDirty()
  }

  func cancel() {
    connection.core.finished(call)
    // A stream that both sides have ended needs no reset, and a server would count it as one.
    guard let stream, !stream.isClosed, !stream.isExhausted else { return }
    stream.reset(.cancel)
    connection.wire.markDirty()
  }

  func consumed(_ bytes: Int) {
    guard let stream else { return }
    stream.consume(bytes)
    connection.wire.markDirty()
  }
}
