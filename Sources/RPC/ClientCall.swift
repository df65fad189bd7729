/// What a client's call needs of the stream it goes out on; used on the connection's loop only.
package protocol ClientCallOutput: AnyObject {
  /// A framed message.
  func sendMessage(_ framed: [UInt8])
  /// No more messages follow.
  func sendEnd()
  /// The answer is no longer wanted.
  func cancel()
  /// Received bytes that were read: the peer may send as many again.
  func consumed(_ bytes: Int)
}

/// One call on the client, from its metadata to its status.
///
/// Its `var`s are touched on the connection's loop only; callers elsewhere use the mailbox, the outbox and
/// the latches, which have locks of their own. That makes `@unchecked Sendable` true.
package final class ClientCall: @unchecked Sendable {
  /// `/service/method`.
  package let path: String
  package let options: CallOptions
  package let deadline: ContinuousClock.Instant?
  package let limits: CallLimits
  package let mailbox: MessageMailbox
  package let outbox: MessageOutbox
  /// Metadata before the first message.
  package let initialMetadata = Latch<Metadata>()
  /// How the call ended: nil for OK, with the trailing metadata.
  package let ending = Latch<Ending>()
  let loop: any CallLoop

  package struct Ending: Sendable {
    package var failure: RPCError?
    package var trailingMetadata: Metadata
    /// Whether the server certainly did nothing for the call, so that it may be made again.
    package var unprocessed: Bool
  }

  // On the loop only.
  package weak var output: (any ClientCallOutput)? {
    didSet { if output != nil { drainOutbox() } }
  }
  private var deframer: MessageDeframer
  private var head = AnswerHead()
  private var headDone = false
  private var encoding = MessageEncoding.identity
  private var returnedOfPartial = 0
  private var deferredWindow = 0
  package private(set) var isFinished = false

  /// A call that has not been sent yet; setting ``output`` sends what waits.
  package init(path: String, options: CallOptions, limits: CallLimits, loop: any CallLoop) {
    self.path = path
    self.options = options
    self.limits = limits
    self.loop = loop
    deadline = options.timeout.map { ContinuousClock.now.advanced(by: $0) }
    deframer = MessageDeframer(limit: limits.messageBytes)
    outbox = MessageOutbox(limit: limits.writeBufferBytes)
    let consumer = Consumer()
    mailbox = MessageMailbox(loop: loop) { consumer.call?.mailboxTaken($0) }
    consumer.call = self
  }

  /// Set once, before anyone else sees it, which makes `@unchecked Sendable` true.
  private final class Consumer: @unchecked Sendable {
    weak var call: ClientCall?
  }

  // MARK: On the loop

  /// Takes one field of a header block.
  package func receiveField(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
    head.add(name, value)
  }

  /// A header block is complete.
  package func receiveHeadEnd(endsStream: Bool) {
    guard !isFinished else { return }
    if headDone {
      if endsStream { finishByTrailers() }
      return
    }
    if let status = head.httpStatus, (100..<200).contains(status), !endsStream {
      head = AnswerHead()
      return
    }
    guard head.httpStatus == 200, head.isGRPC || head.grpcStatus != nil else {
      return finish(failure: head.grpcStatus == nil ? head.failureOfPlainHTTP() : head.failure())
    }
    headDone = true
    encoding = head.encoding ?? .identity
    if endsStream {
      initialMetadata.set(Metadata())
      return finishByTrailers()
    }
    if let unknown = head.unknownEncoding {
      return finish(
        failure: RPCError(
          .unimplemented, "the answer is encoded as \"\(unknown)\"; this client reads identity and gzip"))
    }
    initialMetadata.set(head.metadata)
    head = AnswerHead()
  }

  /// Takes bytes of the answer.
  package func receive(_ chunk: UnsafeRawBufferPointer) {
    guard !isFinished else { return giveBack(chunk.count) }
    var later = 0
    do throws(RPCError) {
      try deframer.receive(chunk) { message throws(RPCError) in
        let wire = message.bytes.count + MessageDeframer.prefixBytes
        let credit = max(0, wire - returnedOfPartial)
        later += credit - deferredWindow
        returnedOfPartial = 0
        deferredWindow = 0
        mailbox.push(message, credit: credit)
      }
    } catch {
      output?.consumed(chunk.count)
      guard error.code == .resourceExhausted else { return finish(failure: error) }
      return finish(
        failure: RPCError(
          .resourceExhausted,
          "an answer to \(path) is over the limit of \(limits.messageBytes) bytes: ask for less at once"))
    }
    giveBack(chunk.count - later)
  }

  /// As on the server: a message that is not whole gives its window back at once, unless others wait.
  private func giveBack(_ bytes: Int) {
    if deferredWindow > 0 || (bytes > 0 && !mailbox.isEmpty) {
      deferredWindow += bytes
    } else {
      returnedOfPartial = deframer.heldWireBytes
      if bytes > 0 { output?.consumed(bytes) }
    }
  }

  private func mailboxTaken(_ bytes: Int) {
    var bytes = bytes
    if deferredWindow > 0, mailbox.isEmpty {
      bytes += deferredWindow
      deferredWindow = 0
      returnedOfPartial = deframer.heldWireBytes
    }
    output?.consumed(bytes)
  }

  /// The stream ended without trailers.
  package func receiveEnd() {
    guard !isFinished else { return }
    finish(failure: RPCError(.internal, "the answer to \(path) ended without a status"))
  }

  private func finishByTrailers() {
    if let failure = head.failure() { return finish(failure: failure) }
    guard !deframer.isMidMessage else {
      return finish(failure: RPCError(.internal, "the answer to \(path) ends in the middle of a message"))
    }
    finish(failure: nil)
  }

  /// Ends the call here; a stream that is still open is cancelled.
  ///
  /// - Parameter unprocessed: whether the server certainly did nothing for it.
  package func fail(_ error: RPCError, unprocessed: Bool = false) {
    guard !isFinished else { return }
    finish(failure: error, unprocessed: unprocessed)
  }

  private func finish(failure: RPCError?, unprocessed: Bool = false) {
    isFinished = true
    initialMetadata.set(Metadata())
    ending.set(
      Ending(
        failure: failure, trailingMetadata: failure?.metadata ?? head.metadata, unprocessed: unprocessed))
    outbox.close(failure ?? RPCError(.cancelled, "\(path) has been answered already"))
    if let failure { mailbox.failAfterMessages(failure) } else { mailbox.finish() }
    output?.cancel()
  }

  func drainOutbox() {
    guard let output else { return }
    for item in outbox.take() {
      switch item {
      case .head: break
      case .message(let bytes): output.sendMessage(bytes)
      case .end: output.sendEnd()
      }
    }
  }

  // MARK: Anywhere

  /// Gives the call up.
  package func cancel() {
    let error = RPCError(.cancelled, "\(path) was cancelled by its caller")
    if loop.isCurrent { fail(error) } else { loop.execute { self.fail(error) } }
  }

  private func put(_ item: MessageOutbox.Item) throws(RPCError) {
    guard try outbox.put(item) else { return }
    if loop.isCurrent { drainOutbox() } else { loop.execute { self.drainOutbox() } }
  }

  package func send<Q>(_ request: Q, _ codec: MessageCodec<Q>, compress: Bool?) async throws {
    var bytes: [UInt8] = []
    MessageFramer.begin(&bytes)
    try codec.encode(request, &bytes)
    guard bytes.count - MessageDeframer.prefixBytes <= limits.messageBytes else {
      throw RPCError(
        .resourceExhausted,
        "a request of \(bytes.count) bytes is over the limit of \(limits.messageBytes): send less at once")
    }
    // Without compression in the options the headers have announced none, so no message may have it.
    try MessageCompression.seal(&bytes, compress: options.compress && compress != false)
    try put(.message(bytes))
    try await outbox.waitForRoom()
  }

  package func endRequests() throws(RPCError) { try put(.end(nil)) }

  package func next<R>(_ codec: MessageCodec<R>) async throws -> R? {
    guard let message = try await mailbox.next() else { return nil }
    let bytes = try MessageCompression.restore(
      message, encoding: encodingOfAnswer, limit: limits.messageBytes)
    do {
      return try bytes.withUnsafeBytes { try codec.decode($0) }
    } catch let error as RPCError {
      // To the codec the bytes are an invalid argument; to this caller they are the server's fault.
      throw RPCError(.internal, "the answer to \(path) cannot be read: \(error.message)", cause: error)
    }
  }

  /// Set on the loop before the first message is put in the mailbox, whose lock orders this read after it.
  private var encodingOfAnswer: MessageEncoding { encoding }
}
