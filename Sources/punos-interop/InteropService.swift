internal import InteropAPI
internal import InteropMessages
internal import RPC

/// `grpc.testing.TestService` as the public interoperability specification describes it.
struct InteropService: TestServiceHandler {
  /// The largest answer asked for that is given: what a message may have.
  private static let largestAnswer = CallLimits.defaultMessageBytes

  func emptyCall(_ request: Empty, _ context: CallContext) async throws -> Empty {
    try echoMetadata(context)
    return Empty()
  }

  func unaryCall(_ request: SimpleRequest, _ context: CallContext) async throws -> SimpleResponse {
    try echoMetadata(context)
    try check(expectCompressed: request.expectCompressed, context)
    if request.responseCompressed?.value == true { context.compression = .on }
    try check(request.responseStatus)
    var response = SimpleResponse()
    response.payload = try payload(request.responseSize)
    if request.fillUsername { response.username = context.peer?.uriSANs.first ?? context.peer?.subject ?? "" }
    return response
  }

  func cacheableUnaryCall(_ request: SimpleRequest, _ context: CallContext) async throws -> SimpleResponse {
    try await unaryCall(request, context)
  }

  func streamingOutputCall(
    _ request: StreamingOutputCallRequest, _ responses: ResponseWriter<StreamingOutputCallResponse>,
    _ context: CallContext
  ) async throws {
    try echoMetadata(context)
    try await answer(request, responses)
  }

  func streamingInputCall(
    _ requests: RequestStream<StreamingInputCallRequest>, _ context: CallContext
  ) async throws -> StreamingInputCallResponse {
    try echoMetadata(context)
    var total: Int32 = 0
    for try await request in requests {
      try check(expectCompressed: request.expectCompressed, context)
      let (sum, overflow) = total.addingReportingOverflow(Int32(clamping: request.payload?.body.count ?? 0))
      guard !overflow else { throw RPCError(.outOfRange, "the payloads together are over 2 GiB") }
      total = sum
    }
    var response = StreamingInputCallResponse()
    response.aggregatedPayloadSize = total
    return response
  }

  func fullDuplexCall(
    _ requests: RequestStream<StreamingOutputCallRequest>,
    _ responses: ResponseWriter<StreamingOutputCallResponse>, _ context: CallContext
  ) async throws {
    try echoMetadata(context)
    for try await request in requests { try await answer(request, responses) }
  }

  func halfDuplexCall(
    _ requests: RequestStream<StreamingOutputCallRequest>,
    _ responses: ResponseWriter<StreamingOutputCallResponse>, _ context: CallContext
  ) async throws {
    try echoMetadata(context)
    var waiting: [StreamingOutputCallRequest] = []
    for try await request in requests {
      waiting.append(request)
      guard waiting.count <= 1000 else {
        throw RPCError(.resourceExhausted, "over 1000 requests before the first answer: send fewer")
      }
    }
    for request in waiting { try await answer(request, responses) }
  }

  func unimplementedCall(_ request: Empty, _ context: CallContext) async throws -> Empty {
    throw RPCError(.unimplemented, "UnimplementedCall is declared and not served, as the specification asks")
  }

  // MARK: Parts

  private func answer(
    _ request: StreamingOutputCallRequest, _ responses: ResponseWriter<StreamingOutputCallResponse>
  ) async throws {
    for parameters in request.responseParameters {
      if parameters.intervalUs > 0 { try await Task.sleep(for: .microseconds(parameters.intervalUs)) }
      var response = StreamingOutputCallResponse()
      response.payload = try payload(parameters.size)
      try await responses.write(response, compress: parameters.compressed?.value)
    }
    try check(request.responseStatus)
  }

  private func payload(_ size: Int32) throws -> Payload {
    guard size >= 0, size <= Self.largestAnswer else {
      throw RPCError(.invalidArgument, "response_size is \(size), expected 0 to \(Self.largestAnswer)")
    }
    var payload = Payload()
    payload.body = [UInt8](repeating: 0, count: Int(size))
    return payload
  }

  private func check(_ status: EchoStatus?) throws {
    guard let status, status.code != 0 else { return }
    throw RPCError(StatusCode(rawValue: Int(status.code)) ?? .unknown, status.message)
  }

  private func check(expectCompressed: BoolValue?, _ context: CallContext) throws {
    guard expectCompressed?.value == true, !context.lastRequestWasCompressed else { return }
    throw RPCError(.invalidArgument, "expect_compressed is true, and the request came uncompressed")
  }

  private func echoMetadata(_ context: CallContext) throws {
    guard !context.requestMetadata.isEmpty else { return }
    if let text = context.requestMetadata["x-grpc-test-echo-initial"] {
      var metadata = Metadata()
      try metadata.add("x-grpc-test-echo-initial", text)
      context.initialMetadata = metadata
    }
    if let bytes = context.requestMetadata.bytes("x-grpc-test-echo-trailing-bin") {
      var metadata = Metadata()
      try metadata.add("x-grpc-test-echo-trailing-bin", bytes: bytes)
      context.trailingMetadata = metadata
    }
  }
}
