internal import InteropAPI
internal import InteropMessages
internal import RPC

/// Cases of ours beside the specification's: the longest messages, and many calls at once on one connection.
extension InteropCases {
  static let storms = [
    "gzip_both_ways", "longest_messages", "thousand_calls", "cancel_storm", "deadline_storm",
  ]

  private static let callsAtOnce = 1_000
  /// A payload whose message is just under gRPC's customary 4 MiB.
  private static let longestPayload = CallLimits.defaultMessageBytes - 64
  /// Longer than any deadline here: who sleeps it out has not been ended.
  private static let sleepMicroseconds: Int32 = 60_000_000

  /// Runs one of them.
  ///
  /// - Returns: false when there is no such case.
  func runStorm(_ name: String) async throws -> Bool {
    switch name {
    case "gzip_both_ways": try await gzipBothWays()
    case "longest_messages": try await longestMessages()
    case "thousand_calls": try await thousandCalls()
    case "cancel_storm": try await cancelStorm()
    case "deadline_storm": try await deadlineStorm()
    default: return false
    }
    return true
  }

  private func gzipBothWays() async throws {
    try await largeUnary(CallOptions(compress: true), expectCompressed: nil, compressed: true)
    try await clientStreaming(CallOptions(compress: true), compressed: false)
    try await serverStreaming(compressed: true)
  }

  private func longestMessages() async throws {
    var request = SimpleRequest()
    request.payload = payload(Self.longestPayload)
    request.responseSize = Int32(clamping: Self.longestPayload)
    let both = request
    for options in [CallOptions(), CallOptions(compress: true)] {
      let answer = try await client.unaryCall(both, options)
      try expect(answer.payload?.body.count == Self.longestPayload, "\(Self.longestPayload) bytes")
    }
  }

  private func unary(size: Int) async throws -> Int {
    var request = SimpleRequest()
    request.responseSize = Int32(clamping: size)
    return try await client.unaryCall(request).payload?.body.count ?? 0
  }

  private func thousandCalls() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for size in 0..<Self.callsAtOnce {
        group.addTask {
          let count = try await unary(size: size)
          try expect(count == size, "\(size) bytes, its own answer, and they were \(count)")
        }
      }
      try await group.waitForAll()
    }
  }

  /// Every second of many calls is cancelled while all are under way; the others are answered.
  private func cancelStorm() async throws {
    for _ in 0..<5 {
      let calls = (0..<200).map { number in Task { try await unary(size: number * 100) } }
      for number in calls.indices where number.isMultiple(of: 2) { calls[number].cancel() }
      for (number, call) in calls.enumerated() {
        switch await call.result {
        case .success(let count):
          try expect(count == number * 100, "\(number * 100) bytes, and they were \(count)")
        case .failure(let error):
          let wasCancelled = number.isMultiple(of: 2) && (error as? RPCError)?.code == .cancelled
          try expect(wasCancelled, "call \(number) to be answered, and it failed with \(error)")
        }
      }
    }
    try expect(await client.emptyCall(Empty()) == Empty(), "an empty answer after the storm")
  }

  private func deadlineStorm() async throws {
    var parameters = ResponseParameters()
    parameters.size = 1
    parameters.intervalUs = Self.sleepMicroseconds
    var request = StreamingOutputCallRequest()
    request.responseParameters = [parameters]
    let sleeping = request
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<100 {
        group.addTask {
          let options = CallOptions(timeout: .milliseconds(1 + number))
          _ = try await expectStatus(.deadlineExceeded) {
            try await channel.serverStreaming(TestServiceMethods.streamingOutputCall, sleeping, options) {
              answers in
              for try await _ in answers {}
            }
          }
        }
      }
      try await group.waitForAll()
    }
    try expect(await client.emptyCall(Empty()) == Empty(), "an empty answer after the storm")
  }
}
