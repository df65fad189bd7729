import Synchronization

/// What a call needs of the stream it came on; used on the connection's loop only.
package protocol ServerCallOutput: AnyObject {
  /// A unary answer at once: headers, the framed message, trailers.
  func respond(_ head: ResponseHead, message: [UInt8], end: ResponseEnd)
  /// The usual one: uncompressed, OK, and without metadata.
  func respond(_ message: [UInt8])
  /// Response headers.
  func sendHead(_ head: ResponseHead)
  /// A framed message, after the headers.
  func sendMessage(_ framed: [UInt8])
  /// Trailers; without headers before them, both in one block.
  func sendEnd(_ end: ResponseEnd)
  /// Received bytes that were read: the peer may send as many again.
  func consumed(_ bytes: Int)
}

/// What a call needs of its connection; used on the connection's loop only.
package protocol ServerCallHost: AnyObject {
  var environment: CallEnvironment { get }
  /// A handler's task began, or ended; one that was cancelled ends when its handler returns.
  func handlerStarted()
  func handlerEnded()
  /// A handler failed with something that is no ``RPCError``, or with a cause: for the log.
  func report(_ error: any Error, code: StatusCode, in context: CallContext)
}

/// One call on the server, from its metadata to its status.
///
/// Lives on its connection's loop; what handlers call from elsewhere (`finish`, `encode`, `send`) goes
/// through the outbox or `loop.execute`. That is what makes `@unchecked Sendable` true: every stored `var` is
/// touched on the loop only, and all that is touched from elsewhere is immutable or has a lock of its own.
package final class ServerCall: @unchecked Sendable {
  package let method: RegisteredMethod
  package let context: CallContext
  let environment: CallEnvironment
  let mailbox: MessageMailbox?
  let outbox: MessageOutbox?
  let acceptsGzip: Bool
  let requestEncoding: MessageEncoding
  /// Bytes of the request message the handler works on.
  let inHand = Atomic(0)
  /// Whether the handler waited for room on its connection and has not used it yet.
  let hasTurn = Atomic(false)

  // On the loop only.
  /// Let go when the stream closes, which opens the circle between the two.
  package private(set) var output: (any ServerCallOutput)?
  let host: any ServerCallHost
  private var deframer: MessageDeframer
  private var request: FramedMessage?
  private var task: Task<Void, Never>?
  private var started = false
  private var headSent = false
  private var inputEnded = false
  /// Wire bytes already given back of the message that is not whole yet.
  private var returnedOfPartial = 0
  /// Wire bytes of that message held back while others wait to be read.
  private var deferredWindow = 0
  package private(set) var isFinished = false
  var statistics = CallStatistics()
  /// What of the connection's budget is used for answers that have not left.
  private var unsentBytes = 0

  /// A call whose head has been found good.
  package init(
    _ method: RegisteredMethod, context: CallContext, encoding: MessageEncoding, acceptsGzip: Bool,
    host: any ServerCallHost, output: any ServerCallOutput
  ) {
    self.method = method
    self.context = context
    let environment = host.environment
    self.environment = environment
    self.host = host
    self.output = output
    self.acceptsGzip = acceptsGzip
    requestEncoding = encoding
    deframer = MessageDeframer(limit: environment.limits.messageBytes)
    outbox = method.serverStreams ? MessageOutbox(limit: environment.limits.writeBufferBytes) : nil
    if method.clientStreams {
      let consumer = Consumer()
      mailbox = MessageMailbox(loop: environment.loop) { consumer.call?.mailboxTaken($0) }
      consumer.call = self
    } else {
      mailbox = nil
    }
  }

  var loop: any CallLoop { environment.loop }
  package var limits: CallLimits { environment.limits }
  var budget: HeldBudget { environment.budget }

  /// Breaks the circle between a call and its mailbox; set once, before anyone else sees it, which makes
  /// `@unchecked Sendable` true.
  private final class Consumer: @unchecked Sendable {
    weak var call: ServerCall?
  }

  /// What of the budget is used for messages that no handler has yet.
  private var counted = 0

  /// Counts what is held after something came or went, and ends a call that would need too much.
  private func countHeld() {
    let held =
      isFinished ? 0 : deframer.heldBytes + (request?.bytes.count ?? 0) + (mailbox?.waitingBytes ?? 0)
    guard held != counted else { return }
    let change = held - counted
    counted = held
    if !budget.change(by: change) { finishOnLoop(throwing: budget.refusal) }
  }

  // MARK: Receiving, on the loop

  /// Asks the interceptors, and starts the handler of a streaming method.
  package func begin() {
    for interceptor in environment.interceptors {
      do {
        try interceptor.callStarted(context)
      } catch {
        return finishOnLoop(throwing: error)
      }
    }
    if case .stream(let start) = method.start { start(self) }
  }

  /// Takes bytes of the request.
  package func receive(_ chunk: UnsafeRawBufferPointer) {
    guard !isFinished, !inputEnded else {
      output?.consumed(chunk.count)
      return
    }
    var later = 0
    do throws(RPCError) {
      try deframer.receive(chunk) { message throws(RPCError) in
        later += try take(message)
      }
    } catch {
      output?.consumed(chunk.count)
      return finishOnLoop(throwing: error)
    }
    giveBack(chunk.count - later)
    countHeld()
  }

  /// Gives back the window of bytes that wait in no mailbox.
  ///
  /// Those of a message that is not whole go back when they arrive, since nobody could take them yet; but not
  /// while whole messages still wait to be read, or a peer could pile up any number of long ones.
  private func giveBack(_ bytes: Int) {
    if deferredWindow > 0 || (bytes > 0 && mailbox?.isEmpty == false) {
      deferredWindow += bytes
    } else {
      returnedOfPartial = deframer.heldWireBytes
      if bytes > 0 { output?.consumed(bytes) }
    }
  }

  /// The handler took messages: their window goes back, and what was held back because of them.
  private func mailboxTaken(_ bytes: Int) {
    var bytes = bytes
    if deferredWindow > 0, mailbox?.isEmpty == true {
      bytes += deferredWindow
      deferredWindow = 0
      returnedOfPartial = deframer.heldWireBytes
    }
    output?.consumed(bytes)
    countHeld()
  }

  /// Stores a whole message.
  ///
  /// - Returns: wire bytes whose window is given back later, by the mailbox.
  private func take(_ message: FramedMessage) throws(RPCError) -> Int {
    statistics.requestMessages += 1
    statistics.requestBytes += message.bytes.count
    guard let mailbox else {
      guard request == nil else {
        throw RPCError(.internal, "\(method.path) takes one message, and a second one came")
      }
      request = message
      return 0
    }
    // Some of its bytes may have gone back while it was not whole.
    let credit = max(0, message.bytes.count + MessageDeframer.prefixBytes - returnedOfPartial)
    let fromEarlierChunks = deferredWindow
    returnedOfPartial = 0
    deferredWindow = 0
    mailbox.push(message, credit: credit)
    return credit - fromEarlierChunks
  }

  /// The client has sent everything.
  package func receiveEnd() {
    guard !isFinished, !inputEnded else { return }
    inputEnded = true
    guard !deframer.isMidMessage else {
      return finishOnLoop(throwing: RPCError(.internal, "the request ends in the middle of a message"))
    }
    if let mailbox { return mailbox.finish() }
    defer { countHeld() }
    guard let message = request.take() else {
      return finishOnLoop(throwing: RPCError(.internal, "\(method.path) takes one message, and none came"))
    }
    guard case .single(let start) = method.start else { return }
    do {
      context.noteRequestIfCompressed(message.compressed)
      let bytes = try MessageCompression.restore(
        message, encoding: requestEncoding, limit: limits.messageBytes)
      try takeInHand(bytes.count)
      try bytes.withUnsafeBytes { try start(self, $0) }
    } catch {
      try? takeInHand(0)
      finishOnLoop(throwing: error)
    }
  }

  /// Starts the handler's task; its last act is ``handlerEnded()``.
  func run(_ operation: @escaping @Sendable @isolated(any) () async -> Void) {
    host.handlerStarted()
    let task = Task.immediate(executorPreference: loop.taskExecutor, operation: operation)
    if !isFinished { self.task = task }
  }

  /// The handler has returned, wherever it ran.
  func handlerEnded() {
    try? takeInHand(0)
    giveTurnBack()
    let loop = loop
    if loop.isCurrent { host.handlerEnded() } else { loop.execute { self.host.handlerEnded() } }
  }

  /// The stream is gone: reset by the peer, or lost with its connection.
  package func abort(_ error: @autoclosure () -> RPCError) {
    if !isFinished {
      let error = error()
      end(code: error.code, failure: error)
    }
    output = nil
    environment.unsent.remove(unsentBytes)
    unsentBytes = 0
  }

  /// Bytes of the answer left for the network: a writer that waits for room may go on.
  package func sent(_ bytes: Int) {
    let left = min(bytes, unsentBytes)
    unsentBytes -= left
    environment.unsent.remove(left)
    outbox?.sent(bytes)
  }

  /// Counts an answer that is about to wait for the network.
  ///
  /// - Returns: false when it would be too much, and the call was ended for it.
  private func countUnsent(_ framed: [UInt8]) -> Bool {
    guard environment.unsent.add(framed.count) else {
      finishOnLoop(throwing: environment.unsent.refusal)
      return false
    }
    unsentBytes += framed.count
    giveTurnBack()
    return true
  }

  /// The caller's deadline has passed.
  package func deadlinePassed() {
    finishOnLoop(
      throwing: RPCError(.deadlineExceeded, "the deadline passed before \(method.path) had answered"))
  }

  // MARK: Ending, on the loop

  /// Refuses or fails the call with whatever was thrown.
  func finishOnLoop(throwing error: any Error) {
    guard !isFinished else { return }
    let failure = self.failure(for: error)
    var end = ResponseEnd(failure)
    addTrailing(to: &end)
    if !headSent, !context.initialMetadataIsEmpty { sendHead() }
    output?.sendEnd(end)
    self.end(code: end.code, failure: failure)
  }

  /// Ends a unary answer.
  func finishOnLoop(_ framed: [UInt8], compressed: Bool) {
    guard !isFinished, countUnsent(framed) else { return }
    statistics.responseMessages += 1
    statistics.responseBytes += framed.count
    if compressed || context.hasOutgoingMetadata {
      let (initial, trailing) = context.outgoingMetadata
      let end = ResponseEnd(code: .ok, metadata: trailing)
      let head = ResponseHead(encoding: compressed ? .gzip : .identity, metadata: initial)
      output?.respond(head, message: framed, end: end)
    } else {
      output?.respond(framed)
    }
    self.end(code: .ok, failure: nil)
  }

  /// Does what the handler put into the outbox.
  func drainOutbox() {
    guard let outbox, !isFinished else { return }
    for item in outbox.take() {
      guard !isFinished else { return }
      switch item {
      case .head:
        if !headSent { sendHead() }
      case .message(let bytes):
        guard countUnsent(bytes) else { return }
        if !headSent { sendHead() }
        statistics.responseMessages += 1
        statistics.responseBytes += bytes.count
        output?.sendMessage(bytes)
      case .end(let end):
        var end = end ?? ResponseEnd(code: .ok)
        addTrailing(to: &end)
        if !headSent, end.code == .ok || !context.initialMetadataIsEmpty { sendHead() }
        output?.sendEnd(end)
        self.end(code: end.code, failure: nil)
      }
    }
  }

  private func sendHead() {
    headSent = true
    let encoding: MessageEncoding = mayCompress ? .gzip : .identity
    output?.sendHead(ResponseHead(encoding: encoding, metadata: context.initialMetadata))
  }

  private func addTrailing(to end: inout ResponseEnd) {
    guard !context.trailingMetadataIsEmpty else { return }
    end.metadata.add(context.trailingMetadata)
  }

  private func end(code: StatusCode, failure: RPCError?) {
    isFinished = true
    tellInterceptors(code)
    if let failure {
      task?.cancel()
      mailbox?.fail(failure)
      outbox?.close(failure)
    } else {
      mailbox?.fail(RPCError(.cancelled, "the call has ended"))
      outbox?.close(RPCError(.cancelled, "the call has ended"))
    }
    task = nil
    request = nil
    countHeld()
  }
}
