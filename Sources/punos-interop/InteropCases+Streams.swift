internal import InteropAPI
internal import InteropMessages
internal import RPC

extension InteropCases {
  func clientStreaming(_ options: CallOptions, compressed: Bool) async throws {
    let response = try await channel.clientStreaming(TestServiceMethods.streamingInputCall, options) {
      writer in
      for size in Self.requestSizes {
        var request = StreamingInputCallRequest()
        request.payload = payload(size)
        if compressed { request.expectCompressed = boolValue(size > 64) }
        try await writer.write(request)
      }
    }
    let total = Int32(Self.requestSizes.reduce(0, +))
    try expect(response.value.aggregatedPayloadSize == total, "a total of \(total)")
  }

  func serverStreaming(compressed: Bool?) async throws {
    var request = StreamingOutputCallRequest()
    request.responseParameters = Self.answerSizes.map { size in
      var parameters = ResponseParameters()
      parameters.size = size
      parameters.compressed = compressed.map(boolValue)
      return parameters
    }
    let sizes = try await channel.serverStreaming(
      TestServiceMethods.streamingOutputCall, request, CallOptions()
    ) { answers in
      var sizes: [Int32] = []
      for try await answer in answers { sizes.append(Int32(clamping: answer.payload?.body.count ?? 0)) }
      return sizes
    }
    try expect(sizes == Self.answerSizes, "answers of \(Self.answerSizes), and they were \(sizes)")
  }

  func pingPong() async throws {
    let (turns, next) = AsyncStream.makeStream(of: Int.self)
    next.yield(0)
    let requests = zip(Self.answerSizes, Self.requestSizes).map { outputRequest($0, payload: $1) }
    try await channel.bidirectional(TestServiceMethods.fullDuplexCall, CallOptions()) { writer in
      for await turn in turns { try await writer.write(requests[turn]) }
    } _: { answers in
      var turn = 0
      for try await answer in answers {
        try expect(turn < requests.count, "no more answers than requests")
        try expect(
          answer.payload?.body.count == Int(Self.answerSizes[turn]), "\(Self.answerSizes[turn]) bytes")
        turn += 1
        if turn < requests.count { next.yield(turn) } else { next.finish() }
      }
      try expect(turn == requests.count, "\(requests.count) answers, and there were \(turn)")
    }
  }

  func emptyStream() async throws {
    try await channel.bidirectional(TestServiceMethods.fullDuplexCall, CallOptions()) { _ in
    } _: { answers in
      for try await _ in answers { throw CaseFailure("expected no answer") }
    }
  }

  func cancelAfterBegin() async throws {
    let (begun, begin) = AsyncStream.makeStream(of: Void.self)
    let call = Task {
      try await channel.clientStreaming(TestServiceMethods.streamingInputCall, CallOptions()) { _ in
        begin.yield()
        try await Task.sleep(for: .seconds(3600))
      }
    }
    for await _ in begun { break }
    call.cancel()
    _ = try await expectStatus(.cancelled) { _ = try await call.value }
  }

  func cancelAfterFirstResponse() async throws {
    let (answered, answer) = AsyncStream.makeStream(of: Void.self)
    let call = Task {
      defer { answer.finish() }
      try await channel.bidirectional(TestServiceMethods.fullDuplexCall, CallOptions()) { writer in
        try await writer.write(outputRequest(31_415, payload: 27_182))
        try await Task.sleep(for: .seconds(3600))
      } _: { answers in
        for try await first in answers {
          try expect(first.payload?.body.count == 31_415, "a first answer of 31415 bytes")
          answer.yield()
        }
      }
    }
    for await _ in answered { break }
    call.cancel()
    _ = try await expectStatus(.cancelled) { try await call.value }
  }

  func timeoutOnSleepingServer() async throws {
    _ = try await expectStatus(.deadlineExceeded) {
      try await channel.bidirectional(
        TestServiceMethods.fullDuplexCall, CallOptions(timeout: .milliseconds(1))
      ) { writer in
        try await writer.write(outputRequest(31_415, payload: 27_182))
        try await Task.sleep(for: .seconds(3600))
      } _: { answers in
        for try await _ in answers {}
      }
    }
  }
}
