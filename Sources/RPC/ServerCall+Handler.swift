import Synchronization

/// What handlers use, on whatever thread they run.
extension ServerCall {
  /// Counts the message that the handler gets, in place of the one it had.
  func takeInHand(_ bytes: Int) throws(RPCError) {
    let before = inHand.exchange(bytes, ordering: .relaxed)
    guard budget.change(by: bytes - before) else { throw budget.refusal }
  }

  /// Frames a unary answer.
  func encode<R>(_ answer: R, _ codec: MessageCodec<R>) throws -> FramedAnswer {
    try encode(answer, codec, compress: nil)
  }

  /// A framed message and whether it is compressed.
  struct FramedAnswer: Sendable {
    var bytes: [UInt8]
    var compressed: Bool
  }

  func encode<R>(_ answer: R, _ codec: MessageCodec<R>, compress: Bool?) throws -> FramedAnswer {
    var bytes: [UInt8] = []
    MessageFramer.begin(&bytes)
    try codec.encode(answer, &bytes)
    guard bytes.count - MessageDeframer.prefixBytes <= limits.messageBytes else {
      throw RPCError(
        .resourceExhausted,
        "an answer of \(bytes.count) bytes is over the limit of \(limits.messageBytes): ask for less")
    }
    let wanted = acceptsGzip && wantsCompression(compress)
    try MessageCompression.seal(&bytes, compress: wanted)
    return FramedAnswer(bytes: bytes, compressed: wanted)
  }

  private func wantsCompression(_ asked: Bool?) -> Bool {
    if let asked { return asked }
    switch context.compression {
    case .automatic: return environment.compressesByDefault
    case .on: return true
    case .off: return false
    }
  }

  /// Ends the call with one answer.
  func finish(_ answer: FramedAnswer) {
    if loop.isCurrent {
      finishOnLoop(answer.bytes, compressed: answer.compressed)
    } else {
      loop.execute { self.finishOnLoop(answer.bytes, compressed: answer.compressed) }
    }
  }

  /// Ends the call with a failure, after everything written before it.
  func finish(throwing error: any Error) {
    if loop.isCurrent {
      drainOutbox()
      finishOnLoop(throwing: error)
    } else {
      loop.execute {
        self.drainOutbox()
        self.finishOnLoop(throwing: error)
      }
    }
  }

  /// Ends a stream of answers well.
  func finishStream() { put(.end(nil)) }

  /// Reads requests one by one.
  func requests<Q>(_ codec: MessageCodec<Q>) -> RequestStream<Q> {
    RequestStream { [self] in
      guard let mailbox, let message = try await mailbox.next() else { return nil }
      context.noteRequest(compressed: message.compressed)
      let bytes = try MessageCompression.restore(
        message, encoding: requestEncoding, limit: limits.messageBytes)
      try takeInHand(bytes.count)
      return try bytes.withUnsafeBytes { try codec.decode($0) }
    }
  }

  /// Gives back the turn that ``waitForRoom()`` got, if it did.
  func giveTurnBack() {
    if hasTurn.load(ordering: .relaxed), hasTurn.exchange(false, ordering: .relaxed) {
      environment.unsent.turnTaken()
    }
  }

  /// Whether so much waits to be read on this connection that nothing may be added yet.
  var mustWait: Bool { !environment.unsent.hasRoom }

  /// Waits until the connection's peer has read enough.
  func waitForRoom() async throws(RPCError) {
    if await environment.unsent.waitForRoom() { hasTurn.store(true, ordering: .relaxed) }
    if Task.isCancelled {
      throw RPCError(.cancelled, "the call ended while it waited for its connection's reader")
    }
  }

  /// Writes answers one by one.
  func responses<R>(_ codec: MessageCodec<R>) -> ResponseWriter<R> {
    ResponseWriter(
      send: { [self] answer, compress in
        if mustWait { try await waitForRoom() }
        let framed = try encode(answer, codec, compress: compress)
        guard let outbox else { return }
        if try outbox.put(.message(framed.bytes)) { scheduleDrain() }
        try await outbox.waitForRoom()
      },
      sendHead: { [self] in put(.head) })
  }

  /// Puts in what needs no room; a stream that is closed already takes no notice.
  private func put(_ item: MessageOutbox.Item) {
    guard let outbox, let first = try? outbox.put(item) else { return }
    if first { scheduleDrain() }
  }

  private func scheduleDrain() {
    if loop.isCurrent { drainOutbox() } else { loop.execute { self.drainOutbox() } }
  }
}
