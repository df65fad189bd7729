internal import InteropAPI
internal import InteropMessages
internal import RPC

extension InteropCases {
  func largeUnary(_ options: CallOptions, expectCompressed: Bool?, compressed: Bool?) async throws {
    var request = SimpleRequest()
    request.responseSize = Self.largeAnswer
    request.payload = payload(Self.largeRequest)
    request.expectCompressed = expectCompressed.map(boolValue)
    request.responseCompressed = compressed.map(boolValue)
    let response = try await client.unaryCall(request, options)
    try expect(response.payload?.body == [UInt8](repeating: 0, count: Int(Self.largeAnswer)), "314159 zeros")
  }

  func clientCompressedUnary() async throws {
    var probe = SimpleRequest()
    probe.expectCompressed = boolValue(true)
    probe.responseSize = Self.largeAnswer
    probe.payload = payload(Self.largeRequest)
    let refused = probe
    _ = try await expectStatus(.invalidArgument) { _ = try await client.unaryCall(refused) }
    try await largeUnary(CallOptions(compress: true), expectCompressed: true, compressed: nil)
    try await largeUnary(CallOptions(), expectCompressed: false, compressed: nil)
  }

  func serverCompressedUnary() async throws {
    try await largeUnary(CallOptions(), expectCompressed: nil, compressed: true)
    try await largeUnary(CallOptions(), expectCompressed: nil, compressed: false)
  }

  func customMetadata() async throws {
    let initial = "test_initial_metadata_value"
    let trailing: [UInt8] = [0xAB, 0xAB, 0xAB]
    var metadata = Metadata()
    try metadata.add("x-grpc-test-echo-initial", initial)
    try metadata.add("x-grpc-test-echo-trailing-bin", bytes: trailing)
    let options = CallOptions(metadata: metadata)
    var request = SimpleRequest()
    request.responseSize = Self.largeAnswer
    request.payload = payload(Self.largeRequest)
    let response = try await channel.unary(TestServiceMethods.unaryCall, request, options)
    try expect(response.initialMetadata["x-grpc-test-echo-initial"] == initial, "the initial metadata back")
    try expect(
      response.trailingMetadata.bytes("x-grpc-test-echo-trailing-bin") == trailing,
      "the trailing metadata back")
    let output = outputRequest(Self.largeAnswer, payload: Self.largeRequest)
    try await channel.bidirectional(TestServiceMethods.fullDuplexCall, options) { writer in
      try await writer.write(output)
    } _: { answers in
      for try await _ in answers {}
      let first = try await answers.initialMetadata
      try expect(first["x-grpc-test-echo-initial"] == initial, "the initial metadata back on a stream")
      try expect(
        answers.trailingMetadata.bytes("x-grpc-test-echo-trailing-bin") == trailing,
        "the trailing metadata back on a stream")
    }
  }

  func status(_ code: Int32, _ message: String) async throws {
    var request = SimpleRequest()
    request.responseStatus = echoStatus(code, message)
    let unary = request
    let first = try await expectStatus(.unknown) { _ = try await client.unaryCall(unary) }
    try expect(first.message == message, "the status message back, and it was \"\(first.message)\"")
    var output = StreamingOutputCallRequest()
    output.responseStatus = echoStatus(code, message)
    let streamed = output
    let second = try await expectStatus(.unknown) {
      try await channel.bidirectional(TestServiceMethods.fullDuplexCall, CallOptions()) { writer in
        try await writer.write(streamed)
      } _: { answers in
        for try await _ in answers {}
      }
    }
    try expect(second.message == message, "the status message back on a stream")
  }

  func unimplementedMethod() async throws {
    _ = try await expectStatus(.unimplemented) { _ = try await client.unimplementedCall(Empty()) }
  }

  func unimplementedService() async throws {
    let method = Method<[UInt8], [UInt8]>(
      service: "grpc.testing.UnimplementedService", name: "UnimplementedCall", clientStreams: false,
      serverStreams: false, request: .raw, response: .raw)
    _ = try await expectStatus(.unimplemented) { _ = try await channel.unary(method, [], CallOptions()) }
  }
}
