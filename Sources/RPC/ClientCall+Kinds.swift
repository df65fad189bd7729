/// The four kinds of call, for whoever can open a stream.
package enum ClientCalls {
  /// One answer, and the status after it.
  package static func single<R>(_ call: ClientCall, _ codec: MessageCodec<R>) async throws -> ClientResponse<
    R
  > {
    let value = try await call.next(codec)
    guard let value else {
      throw RPCError(.internal, "\(call.path) was answered with OK but without a message")
    }
    guard try await call.mailbox.next() == nil else {
      throw RPCError(.internal, "\(call.path) takes one answer, and a second one came")
    }
    let initial = await call.initialMetadata.wait()
    let ending = await call.ending.wait()
    return ClientResponse(
      value: value, initialMetadata: initial, trailingMetadata: ending.trailingMetadata)
  }

  /// A stream of answers as its reader sees it.
  package static func stream<R>(_ call: ClientCall, _ codec: MessageCodec<R>) -> ClientResponseStream<R> {
    ClientResponseStream(
      next: { try await call.next(codec) },
      initialMetadata: {
        let metadata = await call.initialMetadata.wait()
        if let failure = call.ending.current?.failure, metadata.isEmpty { throw failure }
        return metadata
      },
      trailingMetadata: { call.ending.current?.trailingMetadata ?? Metadata() })
  }

  /// Sends with one closure while another receives.
  ///
  /// The receiver's outcome is the call's. What the sender throws counts only when it is the sender's own
  /// failure and not the echo of the call's end.
  package static func exchange<Q: Sendable, T: Sendable>(
    _ call: ClientCall, _ codec: MessageCodec<Q>,
    _ send: @escaping @Sendable (RequestWriter<Q>) async throws -> Void,
    _ receive: @escaping @Sendable () async throws -> T
  ) async throws -> T {
    let writer = RequestWriter<Q> { try await call.send($0, codec, compress: $1) }
    return try await withThrowingTaskGroup(of: (any Error)?.self) { group in
      group.addTask {
        do {
          try await send(writer)
          try call.endRequests()
          return nil
        } catch {
          let echo = call.ending.current != nil || error is CancellationError
          if call.ending.current == nil { call.cancel() }
          return echo ? nil : error
        }
      }
      let outcome: Result<T, any Error>
      do { outcome = .success(try await receive()) } catch { outcome = .failure(error) }
      if call.ending.current == nil { call.cancel() }
      group.cancelAll()
      let senderFailure = try await group.next() ?? nil
      if case .failure = outcome, let senderFailure { throw senderFailure }
      return try outcome.get()
    }
  }
}
