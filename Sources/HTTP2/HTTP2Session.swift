internal import CNGHTTP2

/// Takes what happens to a connection as a whole; called on its loop, inside the session's receive or send.
package protocol HTTP2SessionDelegate: AnyObject {
  /// A peer opens a stream: answer with who listens, or nil to refuse it.
  func openedStream(_ stream: HTTP2Stream) -> (any HTTP2StreamHandler)?
  /// The peer's first or a later SETTINGS frame has come.
  func receivedSettings()
  /// Our PING was answered.
  func receivedPingAnswer(_ payload: UInt64)
  /// The peer is going away: streams after `lastStream` were not processed.
  func receivedGoAway(lastStream: Int32, code: UInt32, debug: String)
}

/// One HTTP/2 connection as a machine: bytes go in, its handlers are told what happened, bytes come out. No
/// I/O and no clock of its own.
///
/// Belongs to one event loop; not Sendable.
package final class HTTP2Session {
  package enum Role: Sendable { case server, client }

  let role: Role
  let limits: HTTP2Limits
  /// Who listens; whoever sets it lets it go when the connection ends.
  package var delegate: (any HTTP2SessionDelegate)?
  /// Open streams. nghttp2 calls nobody when a session is deleted, so the list is kept here.
  package internal(set) var streams: [HTTP2Stream] = []
  /// Why the connection is being closed for the peer's fault, for the log.
  package internal(set) var fault: String?
  var faultCode = HTTP2ErrorCode.enhanceYourCalm

  var handle: OpaquePointer?
  var now: UInt64 = 0
  var resets = EventBudget(burst: HTTP2Limits.resetBurst, perSecond: HTTP2Limits.resetsPerSecond)
  var idleFrames = EventBudget(
    burst: HTTP2Limits.idleFrameBurst, perSecond: HTTP2Limits.idleFramesPerSecond,
    ceiling: HTTP2Limits.earnedCeiling)
  /// Whose header block is being received; blocks never interleave.
  var headerStream: HTTP2Stream?
  var headerBytes = 0
  private var fieldBytes: [UInt8] = []
  private var fieldLengths: [(name: Int, value: Int)] = []
  var oversized = false
  var lastLibraryError: String?
  /// The newest stream the peer has opened.
  var newestPeerStream: Int32 = 0
  /// Streams reset from here of late: what the peer had sent on them before it knew is ignored.
  private var resetHere = RecentStreams()
  private var scanner: FrameScanner
  private var firstFrameSent = false
  private var terminated = false

  deinit { nghttp2_session_del(handle) }

  /// Begins a connection; its first frames wait in ``output(into:upTo:)``.
  package init(_ role: Role, limits: HTTP2Limits = HTTP2Limits()) throws(HTTP2Error) {
    self.role = role
    self.limits = limits
    scanner = FrameScanner(role)
    let context = Unmanaged.passUnretained(self).toOpaque()
    var handle: OpaquePointer?
    let result: Int32
    switch role {
    case .server:
      result = nghttp2_session_server_new2(
        &handle, Callbacks.shared.handle, context, SessionOptions.shared.handle)
    case .client:
      result = nghttp2_session_client_new2(
        &handle, Callbacks.shared.handle, context, SessionOptions.shared.handle)
    }
    guard result == 0, handle != nil else { throw HTTP2Error(library: Int(result), "cannot make a session") }
    self.handle = handle
    try submitSettings()
  }

  private func submitSettings() throws(HTTP2Error) {
    var entries = [
      nghttp2_settings_entry(
        settings_id: Int32(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE.rawValue),
        value: UInt32(clamping: limits.streamWindowBytes)),
      nghttp2_settings_entry(
        settings_id: Int32(NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE.rawValue),
        value: UInt32(clamping: limits.announcedHeaderBytes)),
    ]
    if role == .server {
      // RFC 9113 gave priorities up; saying so spares nghttp2 the upkeep of their tree.
      entries.append(
        nghttp2_settings_entry(
          settings_id: Int32(NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES.rawValue), value: 1))
    } else {
      entries.append(
        nghttp2_settings_entry(settings_id: Int32(NGHTTP2_SETTINGS_ENABLE_PUSH.rawValue), value: 0))
    }
    let settings = nghttp2_submit_settings(handle, UInt8(NGHTTP2_FLAG_NONE.rawValue), entries, entries.count)
    let window = nghttp2_session_set_local_window_size(
      handle, UInt8(NGHTTP2_FLAG_NONE.rawValue), 0, Int32(clamping: limits.connectionWindowBytes))
    guard settings == 0, window == 0 else {
      throw HTTP2Error(library: Int(settings == 0 ? window : settings), "cannot announce settings")
    }
  }

  // MARK: Bytes

  /// Takes bytes from the peer; handlers are called from within.
  ///
  /// - Parameter now: nanoseconds of a clock that never goes back, for the rate limits.
  /// - Throws: when the connection cannot go on; what ``output(into:upTo:)`` still gives (a GOAWAY) should be
  ///   sent.
  package func receive(_ bytes: UnsafeRawBufferPointer, now: UInt64) throws(HTTP2Error) {
    self.now = now
    countFrames(bytes)
    try throwFault()
    let count = nghttp2_session_mem_recv(
      handle, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count)
    if role == .server, fault == nil, nghttp2_session_get_outbound_queue_size(handle) > limits.queuedFrames {
      fault = "too many frames wait for the peer to read them"
    }
    try throwFault()
    guard count == bytes.count else {
      throw HTTP2Error(library: count < 0 ? count : 0, lastLibraryError)
    }
  }

  private func throwFault() throws(HTTP2Error) {
    guard let fault, !terminated else { return }
    terminate(faultCode)
    throw HTTP2Error(fault)
  }

  private func countFrames(_ bytes: UnsafeRawBufferPointer) {
    scanner.scan(bytes) { length, type, flags in
      count(length, type, flags)
      return fault == nil
    }
  }

  /// Remembers that a stream was reset from here.
  func noteReset(_ id: Int32) { resetHere.add(id) }

  /// Whether what comes on a stream that is not open may still be on its way from before.
  func wasReset(_ id: Int32) -> Bool { resetHere.contains(id) }

  /// Appends what has to go to the peer.
  ///
  /// - Parameters:
  ///   - buffer: what is there stays in front.
  ///   - ceiling: stop once the buffer holds so many bytes; the rest waits here.
  package func output(into buffer: inout [UInt8], upTo ceiling: Int) throws(HTTP2Error) {
    while buffer.count < ceiling {
      var data: UnsafePointer<UInt8>?
      let count = nghttp2_session_mem_send(handle, &data)
      guard count >= 0 else { throw HTTP2Error(library: count, lastLibraryError) }
      guard count > 0, let data else { return }
      let frame = UnsafeRawBufferPointer(start: data, count: count)
      if firstFrameSent || role == .client {
        buffer.append(contentsOf: frame)
      } else {
        firstFrameSent = true
        appendSettingsWithStreamLimit(frame, to: &buffer)
      }
    }
  }

  /// Adds SETTINGS_MAX_CONCURRENT_STREAMS to our first frame.
  ///
  /// Were it given to nghttp2, a stream over the limit would end the whole connection; RFC 9113, section
  /// 5.1.2, allows to refuse just the stream, which is what ``Callbacks`` does.
  private func appendSettingsWithStreamLimit(_ frame: UnsafeRawBufferPointer, to buffer: inout [UInt8]) {
    let start = buffer.count
    buffer.append(contentsOf: frame)
    let length = frame.count - 9  // the frame header's own bytes
    guard length >= 0, frame[3] == UInt8(NGHTTP2_SETTINGS.rawValue) else { return }
    let longer = length + 6
    buffer[start] = UInt8(truncatingIfNeeded: longer >> 16)
    buffer[start + 1] = UInt8(truncatingIfNeeded: longer >> 8)
    buffer[start + 2] = UInt8(truncatingIfNeeded: longer)
    let limit = UInt32(clamping: limits.concurrentStreams)
    buffer.append(0)
    buffer.append(UInt8(truncatingIfNeeded: NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS.rawValue))
    for shift: UInt32 in [24, 16, 8, 0] { buffer.append(UInt8(truncatingIfNeeded: limit >> shift)) }
  }

  /// Whether there may be something to send.
  package var wantsWrite: Bool { nghttp2_session_want_write(handle) != 0 }

  /// Whether the connection is over: nothing to send, and nothing more to hear.
  package var isFinished: Bool {
    nghttp2_session_want_read(handle) == 0 && nghttp2_session_want_write(handle) == 0
  }

  // MARK: The connection

  /// Sends a PING.
  package func ping(_ payload: UInt64) {
    withUnsafeBytes(of: payload.bigEndian) { bytes in
      _ = nghttp2_submit_ping(
        handle, UInt8(NGHTTP2_FLAG_NONE.rawValue), bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
    }
  }

  /// Says that the connection will close soon, without a last stream yet: calls already on their way are
  /// taken.
  package func announceShutdown() { _ = nghttp2_submit_shutdown_notice(handle) }

  /// Says which stream is the last one processed; new ones are refused, open ones go on.
  package func goAway(_ code: HTTP2ErrorCode = .noError) {
    _ = nghttp2_submit_goaway(
      handle, UInt8(NGHTTP2_FLAG_NONE.rawValue), nghttp2_session_get_last_proc_stream_id(handle),
      code.rawValue,
      nil, 0)
  }

  /// Says GOAWAY and ends the session once that is sent.
  package func terminate(_ code: HTTP2ErrorCode) {
    guard !terminated else { return }
    terminated = true
    _ = nghttp2_session_terminate_session(handle, code.rawValue)
  }

  /// How many streams the peer lets us open at once.
  package var peerConcurrentStreams: Int {
    Int(nghttp2_session_get_remote_settings(handle, NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS))
  }

  /// Ends every stream here, when the connection is gone.
  package func closeAllStreams(_ code: HTTP2ErrorCode) {
    while let stream = streams.last { close(stream, code.rawValue) }
  }

  // MARK: Header blocks

  func beginBlock(_ stream: HTTP2Stream?) {
    headerStream = stream
    headerBytes = 0
    oversized = false
    fieldBytes.removeAll(keepingCapacity: true)
    fieldLengths.removeAll(keepingCapacity: true)
  }

  /// Keeps a field, unless the block is over the limit.
  func addField(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
    // RFC 9113, section 6.5.2: a field counts its name, its value and 32 bytes. The decoded size is what
    // counts.
    headerBytes = headerBytes &+ name.count &+ value.count &+ 32
    if headerBytes > limits.headerBytes { oversized = true }
    guard !oversized, headerStream != nil else { return }
    fieldBytes.append(contentsOf: name)
    fieldBytes.append(contentsOf: value)
    fieldLengths.append((name.count, value.count))
  }

  func endBlock(endsStream: Bool) {
    guard let stream = headerStream else { return }
    headerStream = nil
    if endsStream { stream.remoteEnded = true }
    fieldBytes.withUnsafeBytes { bytes in
      fieldLengths.withUnsafeBufferPointer { lengths in
        stream.handler?.receivedHeaders(
          ReceivedFields(bytes: bytes, lengths: lengths), endsStream: endsStream, oversized: oversized)
      }
    }
  }

  // MARK: Streams

  /// Opens a stream with a request whose body follows.
  ///
  /// - Returns: the stream, or nil when there are no more stream ids or the peer is going away.
  package func request(_ headers: HeaderSource, handler: any HTTP2StreamHandler) -> HTTP2Stream? {
    let stream = HTTP2Stream(id: -1, session: self)
    var provider = bodyProvider(stream)
    let pointer = Unmanaged.passUnretained(stream).toOpaque()
    let id = headers.withFields { fields, count in
      nghttp2_submit_request(handle, nil, fields, count, &provider, pointer)
    }
    guard id > 0 else { return nil }
    stream.id = id
    stream.handler = handler
    stream.headersSent = true
    add(stream)
    return stream
  }

  /// Answers with headers; the body comes from what is written to the stream.
  package func respond(_ headers: HeaderSource, on stream: HTTP2Stream) {
    guard !stream.isClosed, !stream.headersSent else { return }
    stream.headersSent = true
    var provider = bodyProvider(stream)
    let result = headers.withFields { fields, count in
      nghttp2_submit_response(handle, stream.id, fields, count, &provider)
    }
    if result != 0 { reset(stream, .internalError) }
  }

  /// Answers with headers alone and ends the stream.
  package func respondWithoutBody(_ headers: HeaderSource, on stream: HTTP2Stream) {
    guard !stream.isClosed, !stream.headersSent else { return }
    stream.headersSent = true
    let result = headers.withFields { fields, count in
      nghttp2_submit_response(handle, stream.id, fields, count, nil)
    }
    if result != 0 { reset(stream, .internalError) }
  }

  private func bodyProvider(_ stream: HTTP2Stream) -> nghttp2_data_provider {
    nghttp2_data_provider(
      source: nghttp2_data_source(ptr: Unmanaged.passUnretained(stream).toOpaque()), read_callback: readBody)
  }

  func reset(_ stream: HTTP2Stream, _ code: HTTP2ErrorCode) {
    stream.dropQueue()
    noteReset(stream.id)
    _ = nghttp2_submit_rst_stream(handle, UInt8(NGHTTP2_FLAG_NONE.rawValue), stream.id, code.rawValue)
  }

  func resume(_ stream: HTTP2Stream) { _ = nghttp2_session_resume_data(handle, stream.id) }

  func consume(_ bytes: Int, on stream: HTTP2Stream) {
    _ = nghttp2_session_consume_stream(handle, stream.id, bytes)
  }

  func add(_ stream: HTTP2Stream) {
    stream.slot = streams.count
    streams.append(stream)
  }

  func close(_ stream: HTTP2Stream, _ code: UInt32) {
    guard !stream.isClosed else { return }
    stream.isClosed = true
    let slot = stream.slot
    if slot < streams.count, streams[slot] === stream {
      let last = streams.removeLast()
      if last !== stream {
        streams[slot] = last
        last.slot = slot
      }
    }
    stream.dropQueue()
    if headerStream === stream { headerStream = nil }
    let handler = stream.handler
    stream.handler = nil
    handler?.closed(code)
  }
}
