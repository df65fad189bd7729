internal import InteropAPI
internal import InteropMessages
internal import RPC

/// The cases of the public gRPC interoperability specification, as a client runs them.
struct InteropCases: Sendable {
  /// All names, in the specification's order.
  static let names = [
    "empty_unary", "large_unary", "client_compressed_unary", "server_compressed_unary", "client_streaming",
    "client_compressed_streaming", "server_streaming", "server_compressed_streaming", "ping_pong",
    "empty_stream", "custom_metadata", "status_code_and_message", "special_status_message",
    "unimplemented_method", "unimplemented_service", "cancel_after_begin", "cancel_after_first_response",
    "timeout_on_sleeping_server",
  ]

  /// The specification's cases, and ours that ask for much at once.
  static let allNames = names + storms

  static let largeRequest = 271_828
  static let largeAnswer: Int32 = 314_159
  static let requestSizes = [27_182, 8, 1_828, 45_904]
  static let answerSizes: [Int32] = [31_415, 9, 2_653, 58_979]

  let channel: any ClientChannel
  let client: TestServiceClient

  init(_ channel: any ClientChannel) {
    self.channel = channel
    client = TestServiceClient(channel)
  }

  /// Runs a case; throws ``CaseFailure`` or the call's own error when it does not go as specified.
  func run(_ name: String) async throws {
    switch name {
    case "empty_unary": try expect(await client.emptyCall(Empty()) == Empty(), "an empty answer")
    case "large_unary": try await largeUnary(CallOptions(), expectCompressed: nil, compressed: nil)
    case "client_compressed_unary": try await clientCompressedUnary()
    case "server_compressed_unary": try await serverCompressedUnary()
    case "client_streaming": try await clientStreaming(CallOptions(), compressed: false)
    case "client_compressed_streaming":
      try await clientStreaming(CallOptions(compress: true), compressed: true)
    case "server_streaming": try await serverStreaming(compressed: nil)
    case "server_compressed_streaming": try await serverStreaming(compressed: true)
    case "ping_pong": try await pingPong()
    case "empty_stream": try await emptyStream()
    case "custom_metadata": try await customMetadata()
    case "status_code_and_message": try await status(2, "test status message")
    case "special_status_message":
      try await status(2, "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n")
    case "unimplemented_method": try await unimplementedMethod()
    case "unimplemented_service": try await unimplementedService()
    case "cancel_after_begin": try await cancelAfterBegin()
    case "cancel_after_first_response": try await cancelAfterFirstResponse()
    case "timeout_on_sleeping_server": try await timeoutOnSleepingServer()
    default:
      if try await runStorm(name) { return }
      throw CaseFailure("there is no such case; one of: \(Self.allNames.joined(separator: ", "))")
    }
  }

  // MARK: Parts

  func expect(_ condition: Bool, _ what: @autoclosure () -> String) throws {
    if !condition { throw CaseFailure("expected \(what())") }
  }

  /// Runs something that has to fail with a status.
  func expectStatus(_ code: StatusCode, _ body: () async throws -> Void) async throws -> RPCError {
    do {
      try await body()
    } catch let error as RPCError {
      try expect(error.code == code, "status \(code), and it was \(error)")
      return error
    }
    throw CaseFailure("expected status \(code), and the call succeeded")
  }

  func payload(_ size: Int) -> Payload {
    var payload = Payload()
    payload.body = [UInt8](repeating: 0, count: size)
    return payload
  }

  func boolValue(_ value: Bool) -> BoolValue {
    var result = BoolValue()
    result.value = value
    return result
  }

  func outputRequest(_ size: Int32, payload size2: Int) -> StreamingOutputCallRequest {
    var parameters = ResponseParameters()
    parameters.size = size
    var request = StreamingOutputCallRequest()
    request.responseParameters = [parameters]
    request.payload = payload(size2)
    return request
  }

  func echoStatus(_ code: Int32, _ message: String) -> EchoStatus {
    var status = EchoStatus()
    status.code = code
    status.message = message
    return status
  }
}
