internal import CNGHTTP2

// nghttp2 calls these. Each gets its session back unretained, never throws, and answers a failure with a
// code.

/// The table of callbacks, the same for all sessions. Never written to after its initialiser, which makes
/// `@unchecked Sendable` true.
final class Callbacks: @unchecked Sendable {
  static let shared = Callbacks()
  let handle: OpaquePointer?

  private init() {
    var handle: OpaquePointer?
    nghttp2_session_callbacks_new(&handle)
    nghttp2_session_callbacks_set_on_begin_frame_callback(handle, frameBegins)
    nghttp2_session_callbacks_set_on_begin_headers_callback(handle, headersBegin)
    nghttp2_session_callbacks_set_on_header_callback(handle, headerReceived)
    nghttp2_session_callbacks_set_on_frame_recv_callback(handle, frameReceived)
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(handle, dataReceived)
    nghttp2_session_callbacks_set_on_stream_close_callback(handle, streamClosed)
    nghttp2_session_callbacks_set_on_frame_send_callback(handle, frameSent)
    nghttp2_session_callbacks_set_on_frame_not_send_callback(handle, frameNotSent)
    nghttp2_session_callbacks_set_error_callback2(handle, errorReported)
    self.handle = handle
  }
}

/// The options of all sessions. Never written to after its initialiser, which makes `@unchecked Sendable`
/// true.
final class SessionOptions: @unchecked Sendable {
  static let shared = SessionOptions()
  let handle: OpaquePointer?

  private init() {
    var handle: OpaquePointer?
    nghttp2_option_new(&handle)
    nghttp2_option_set_no_auto_window_update(handle, 1)
    nghttp2_option_set_no_closed_streams(handle, 1)
    nghttp2_option_set_max_settings(handle, HTTP2Limits.settingsEntries)
    nghttp2_option_set_max_outbound_ack(handle, HTTP2Limits.queuedAnswers)
    nghttp2_option_set_max_continuations(handle, HTTP2Limits.continuations)
    nghttp2_option_set_max_reserved_remote_streams(handle, 0)
    // Ours comes first and says ENHANCE_YOUR_CALM; nghttp2's own stands behind it.
    nghttp2_option_set_stream_reset_rate_limit(
      handle, UInt64(HTTP2Limits.resetBurst * 2), UInt64(HTTP2Limits.resetsPerSecond * 2))
    self.handle = handle
  }
}

private let goOn: Int32 = 0
private let giveUp = Int32(NGHTTP2_ERR_CALLBACK_FAILURE.rawValue)

/// Calls with the session behind a callback's context; answers `otherwise` where there is none.
///
/// Guaranteed by whoever called nghttp2 to live on, the session is not retained for it: callbacks come by the dozen
/// for each call.
@inline(__always)
private func withSession<R>(
  _ context: UnsafeMutableRawPointer?, otherwise: R, _ body: (HTTP2Session) -> R
) -> R {
  guard let context else { return otherwise }
  return Unmanaged<HTTP2Session>.fromOpaque(context)._withUnsafeGuaranteedRef(body)
}

@inline(__always)
private func stream(_ handle: OpaquePointer?, _ id: Int32) -> HTTP2Stream? {
  guard let pointer = nghttp2_session_get_stream_user_data(handle, id) else { return nil }
  return Unmanaged<HTTP2Stream>.fromOpaque(pointer).takeUnretainedValue()
}

extension HTTP2Session {
  /// Notes the newest stream.
  ///
  /// - Returns: false, and the fault, for HEADERS on a stream that is over.
  fileprivate func headersBegin(on id: Int32) -> Bool {
    // Stream 0 and even ones can never be a client's: nghttp2 says so itself.
    guard role == .server, id > 0, id % 2 == 1 else { return true }
    guard id <= newestPeerStream else {
      newestPeerStream = id
      return true
    }
    guard nghttp2_session_get_stream_user_data(handle, id) == nil, !wasReset(id) else { return true }
    fault = "HEADERS on stream \(id), which is over"
    faultCode = .streamClosed
    return false
  }

  /// A peer's new stream, or nil when it was refused.
  fileprivate func open(_ id: Int32) -> HTTP2Stream? {
    let opened = HTTP2Stream(id: id, session: self)
    guard streams.count < limits.concurrentStreams, let handler = delegate?.openedStream(opened) else {
      reset(opened, .refusedStream)
      // Counted now and not when the frame leaves, which it may never do if the peer does not read.
      if !resets.take(1, now: now) { fault = "too many streams had to be refused" }
      return nil
    }
    opened.handler = handler
    add(opened)
    nghttp2_session_set_stream_user_data(handle, id, Unmanaged.passUnretained(opened).toOpaque())
    return opened
  }

  /// Takes a received frame from the budgets; what carries something earns instead.
  func count(_ length: Int, _ type: UInt8, _ flags: UInt8) {
    let cost: Int
    let name: String
    switch UInt32(type) {
    case NGHTTP2_HEADERS.rawValue:
      return idleFrames.earn(HTTP2Limits.earned)
    case NGHTTP2_CONTINUATION.rawValue:
      return  // nghttp2 counts them in each block
    case NGHTTP2_DATA.rawValue:
      // One that ends its stream is of use; any other earns its cost back by the bytes it brings.
      if flags & UInt8(NGHTTP2_FLAG_END_STREAM.rawValue) != 0 { return }
      (cost, name) = (1, "DATA")
    case NGHTTP2_RST_STREAM.rawValue:
      if !resets.take(1, now: now) { fault = "too many streams were reset by the peer" }
      return
    case NGHTTP2_SETTINGS.rawValue:
      (cost, name) = (HTTP2Limits.settingsCost, "SETTINGS")
    case NGHTTP2_PING.rawValue:
      (cost, name) = (1, "PING")
    case NGHTTP2_WINDOW_UPDATE.rawValue:
      (cost, name) = (1, "WINDOW_UPDATE")
    case NGHTTP2_PRIORITY.rawValue:
      (cost, name) = (1, "PRIORITY")
    default:
      (cost, name) = (1, "type \(type)")
    }
    if !idleFrames.take(cost, now: now) {
      fault = "too many frames that carry nothing (last: \(name))"
    }
  }
}

/// A frame's header, before its payload: only HEADERS on a stream that is over matters, which nghttp2 would
/// ignore and the peer wait for ever (RFC 9113, section 5.1).
private func frameBegins(
  _ handle: OpaquePointer?, _ header: UnsafePointer<nghttp2_frame_hd>?, _ context: UnsafeMutableRawPointer?
) -> Int32 {
  guard let header else { return giveUp }
  guard UInt32(header.pointee.type) == NGHTTP2_HEADERS.rawValue else { return goOn }
  return withSession(context, otherwise: goOn) {
    $0.headersBegin(on: header.pointee.stream_id) ? goOn : giveUp
  }
}

private func headersBegin(
  _ handle: OpaquePointer?, _ frame: UnsafePointer<nghttp2_frame>?, _ context: UnsafeMutableRawPointer?
) -> Int32 {
  guard let frame else { return giveUp }
  return withSession(context, otherwise: giveUp) { session in
    let id = frame.pointee.hd.stream_id
    session.beginBlock(stream(handle, id))
    if session.headerStream == nil, session.role == .server, frame.pointee.headers.cat == NGHTTP2_HCAT_REQUEST
    {
      session.headerStream = session.open(id)
    }
    return goOn
  }
}

private func headerReceived(
  _ handle: OpaquePointer?, _ frame: UnsafePointer<nghttp2_frame>?, _ name: UnsafePointer<UInt8>?,
  _ nameLength: Int, _ value: UnsafePointer<UInt8>?, _ valueLength: Int, _ flags: UInt8,
  _ context: UnsafeMutableRawPointer?
) -> Int32 {
  withSession(context, otherwise: giveUp) { session in
    session.addField(
      UnsafeRawBufferPointer(start: name, count: nameLength),
      UnsafeRawBufferPointer(start: value, count: valueLength))
    return goOn
  }
}

private func frameReceived(
  _ handle: OpaquePointer?, _ frame: UnsafePointer<nghttp2_frame>?, _ context: UnsafeMutableRawPointer?
) -> Int32 {
  guard let frame else { return giveUp }
  return withSession(context, otherwise: giveUp) { session in
    session.received(frame)
    return goOn
  }
}

extension HTTP2Session {
  fileprivate func received(_ frame: UnsafePointer<nghttp2_frame>) {
    let flags = frame.pointee.hd.flags
    let endsStream = flags & UInt8(NGHTTP2_FLAG_END_STREAM.rawValue) != 0
    switch UInt32(frame.pointee.hd.type) {
    case NGHTTP2_HEADERS.rawValue:
      endBlock(endsStream: endsStream)
    case NGHTTP2_DATA.rawValue:
      guard endsStream, let stream = stream(handle, frame.pointee.hd.stream_id) else { return }
      stream.remoteEnded = true
      stream.handler?.receivedEnd()
    case NGHTTP2_SETTINGS.rawValue:
      if flags & UInt8(NGHTTP2_FLAG_ACK.rawValue) == 0 { delegate?.receivedSettings() }
    case NGHTTP2_PING.rawValue:
      guard flags & UInt8(NGHTTP2_FLAG_ACK.rawValue) != 0 else { return }
      let payload = withUnsafeBytes(of: frame.pointee.ping.opaque_data) { $0.loadUnaligned(as: UInt64.self) }
      delegate?.receivedPingAnswer(UInt64(bigEndian: payload))
    case NGHTTP2_GOAWAY.rawValue:
      let goAway = frame.pointee.goaway
      let debug = UnsafeRawBufferPointer(start: goAway.opaque_data, count: min(goAway.opaque_data_len, 128))
      delegate?.receivedGoAway(
        lastStream: goAway.last_stream_id, code: goAway.error_code,
        debug: String(decoding: debug, as: UTF8.self))
    default:
      break
    }
  }
}

private func dataReceived(
  _ handle: OpaquePointer?, _ flags: UInt8, _ id: Int32, _ data: UnsafePointer<UInt8>?, _ length: Int,
  _ context: UnsafeMutableRawPointer?
) -> Int32 {
  // The connection's window goes back at once: only the stream's own holds its writer up.
  _ = nghttp2_session_consume_connection(handle, length)
  if length > 0 { withSession(context, otherwise: ()) { $0.idleFrames.earn(1) } }
  guard let stream = stream(handle, id) else { return goOn }
  stream.handler?.receivedData(UnsafeRawBufferPointer(start: data, count: length))
  return goOn
}

private func streamClosed(
  _ handle: OpaquePointer?, _ id: Int32, _ code: UInt32, _ context: UnsafeMutableRawPointer?
) -> Int32 {
  guard let stream = stream(handle, id) else { return goOn }
  nghttp2_session_set_stream_user_data(handle, id, nil)
  withSession(context, otherwise: ()) { $0.close(stream, code) }
  return goOn
}

private func frameSent(
  _ handle: OpaquePointer?, _ frame: UnsafePointer<nghttp2_frame>?, _ context: UnsafeMutableRawPointer?
) -> Int32 {
  guard let frame else { return giveUp }
  return withSession(context, otherwise: giveUp) { session in
    session.sent(frame)
    return goOn
  }
}

extension HTTP2Session {
  /// Codes of resets that are not the peer's doing, or were counted when the stream was refused.
  private static let uncounted: [UInt32] = [HTTP2ErrorCode.noError, .cancel, .refusedStream].map(\.rawValue)

  fileprivate func sent(_ frame: UnsafePointer<nghttp2_frame>) {
    switch UInt32(frame.pointee.hd.type) {
    case NGHTTP2_DATA.rawValue:
      idleFrames.earn(HTTP2Limits.earned)
    case NGHTTP2_HEADERS.rawValue:
      // An answer that ends before its request: say that no more of the request is wanted.
      guard role == .server, frame.pointee.hd.flags & UInt8(NGHTTP2_FLAG_END_STREAM.rawValue) != 0,
        let stream = stream(handle, frame.pointee.hd.stream_id), !stream.remoteEnded
      else { return }
      reset(stream, .noError)
    case NGHTTP2_RST_STREAM.rawValue:
      let code = frame.pointee.rst_stream.error_code
      noteReset(frame.pointee.hd.stream_id)
      guard role == .server, !Self.uncounted.contains(code) else { return }
      // Resets that the peer makes us send count like its own. What we send cannot be refused from here; the
      // fault is seen at the next frame received.
      if !resets.take(1, now: now) { fault = "too many streams had to be reset" }
    default:
      break
    }
  }
}

/// A request that nghttp2 held back, since the peer is going away or we cancelled it: the peer never saw it.
private func frameNotSent(
  _ handle: OpaquePointer?, _ frame: UnsafePointer<nghttp2_frame>?, _ code: Int32,
  _ context: UnsafeMutableRawPointer?
) -> Int32 {
  guard let header = frame?.pointee.hd, UInt32(header.type) == NGHTTP2_HEADERS.rawValue else { return goOn }
  return withSession(context, otherwise: goOn) { session in
    if session.role == .client, let stream = session.streams.first(where: { $0.id == header.stream_id }) {
      session.close(stream, HTTP2ErrorCode.refusedStream.rawValue)
    }
    return goOn
  }
}

private func errorReported(
  _ handle: OpaquePointer?, _ code: Int32, _ text: UnsafePointer<CChar>?, _ length: Int,
  _ context: UnsafeMutableRawPointer?
) -> Int32 {
  let text = UnsafeRawBufferPointer(start: text, count: min(length, 256))
  withSession(context, otherwise: ()) { $0.lastLibraryError = String(decoding: text, as: UTF8.self) }
  return goOn
}

/// Gives nghttp2 the next bytes of a stream's body.
func readBody(
  _ handle: OpaquePointer?, _ id: Int32, _ buffer: UnsafeMutablePointer<UInt8>?, _ length: Int,
  _ flags: UnsafeMutablePointer<UInt32>?, _ source: UnsafeMutablePointer<nghttp2_data_source>?,
  _ context: UnsafeMutableRawPointer?
) -> Int {
  guard let pointer = source?.pointee.ptr, let flags else {
    return Int(NGHTTP2_ERR_CALLBACK_FAILURE.rawValue)
  }
  let stream = Unmanaged<HTTP2Stream>.fromOpaque(pointer).takeUnretainedValue()
  let count = stream.fill(UnsafeMutableRawBufferPointer(start: buffer, count: length))
  if stream.queuedBytes == 0 {
    switch stream.end {
    case .trailers(let trailers):
      flags.pointee |= NGHTTP2_DATA_FLAG_EOF.rawValue | NGHTTP2_DATA_FLAG_NO_END_STREAM.rawValue
      let result = trailers.withFields { fields, count in nghttp2_submit_trailer(handle, id, fields, count) }
      if result != 0 { return Int(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue) }
    case .lastData:
      flags.pointee |= NGHTTP2_DATA_FLAG_EOF.rawValue
    case nil:
      if count == 0 {
        stream.deferred = true
        return Int(NGHTTP2_ERR_DEFERRED.rawValue)
      }
    }
  }
  if count > 0 { stream.handler?.sent(count) }
  return count
}
