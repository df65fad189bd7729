import Compression
import Testing

@testable import RPC

/// A loop that runs everything at once, on whoever calls.
private final class InlineLoop: CallLoop {
  var isCurrent: Bool { true }
  func execute(_ work: @escaping @Sendable () -> Void) { work() }
  var taskExecutor: (any TaskExecutor)? { nil }
}

/// Remembers what a call asked of its stream and connection.
private final class Recorder: ServerCallOutput, ServerCallHost {
  private let loop = InlineLoop()
  var limits = CallLimits()
  let router: Router
  var compressesByDefault = false
  var budget = HeldBudget(limit: 1 << 20)
  var unsent = UnsentBudget(limit: 1 << 20, startBytes: 1 << 20, messageBytes: 1000)

  var heads: [ResponseHead] = []
  var messages: [[UInt8]] = []
  var ends: [ResponseEnd] = []
  var consumedBytes = 0
  var running = 0
  var reports: [String] = []

  var environment: CallEnvironment {
    CallEnvironment(
      loop: loop, limits: limits, interceptors: router.interceptors, budget: budget, unsent: unsent,
      compressesByDefault: compressesByDefault)
  }

  init(_ methods: [RegisteredMethod], interceptors: [any ServerInterceptor] = []) throws {
    struct Service: RPCService { let definition: ServiceDefinition }
    router = try Router(
      services: [Service(definition: ServiceDefinition(name: "t.S", methods: methods))],
      interceptors: interceptors)
  }

  func respond(_ head: ResponseHead, message: [UInt8], end: ResponseEnd) {
    heads.append(head)
    messages.append(message)
    ends.append(end)
  }
  func respond(_ message: [UInt8]) { respond(ResponseHead(), message: message, end: ResponseEnd(code: .ok)) }
  func sendHead(_ head: ResponseHead) { heads.append(head) }
  func sendMessage(_ framed: [UInt8]) { messages.append(framed) }
  func sendEnd(_ end: ResponseEnd) { ends.append(end) }
  func consumed(_ bytes: Int) { consumedBytes += bytes }
  func handlerStarted() { running += 1 }
  func handlerEnded() { running -= 1 }
  func report(_ error: any Error, code: StatusCode, in context: CallContext) { reports.append("\(error)") }

  /// Begins a call of the one method with the fields given.
  func call(_ fields: [(String, String)] = []) throws -> ServerCall {
    var head = RequestHead()
    for (name, value) in [(":path", "/t.S/M")] + fields {
      Array(name.utf8).withUnsafeBytes { name in
        Array(value.utf8).withUnsafeBytes { head.add(name, $0, router: router) }
      }
    }
    let method = try #require(head.method)
    let context = CallContext(
      service: method.service, method: method.name, requestMetadata: head.metadata,
      connection: ConnectionInfo(peer: nil, remoteAddress: "192.0.2.1:5", tag: "tag"), deadline: nil,
      started: .now, number: 7)
    guard case .known(let encoding) = head.encoding else { throw RPCError(.unimplemented, "") }
    let call = ServerCall(
      method, context: context, encoding: encoding, acceptsGzip: head.acceptsGzip, host: self, output: self)
    call.begin()
    return call
  }
}

private func method(
  clientStreams: Bool = false, serverStreams: Bool = false
) -> Method<[UInt8], [UInt8]> {
  Method(
    service: "t.S", name: "M", clientStreams: clientStreams, serverStreams: serverStreams, request: .raw,
    response: .raw)
}

private func framed(_ text: String) -> [UInt8] {
  var bytes: [UInt8] = []
  MessageFramer.begin(&bytes)
  bytes += Array(text.utf8)
  try? MessageFramer.seal(&bytes, compressed: false)
  return bytes
}

extension ServerCall {
  fileprivate func receive(_ bytes: [UInt8]) { bytes.withUnsafeBytes { receive($0) } }
}

@Test func aUnaryCallIsAnsweredInOneStep() throws {
  let recorder = try Recorder([.unary(method()) { request, _ in request.reversed() }])
  let call = try recorder.call()
  call.receive(framed("abc"))
  #expect(recorder.messages.isEmpty)
  call.receiveEnd()
  #expect(recorder.messages == [framed("cba")])
  #expect(recorder.ends.map(\.code) == [.ok])
  #expect(recorder.consumedBytes == 8)
  #expect(recorder.running == 0)
}

@Test func anUnexpectedFailureIsInternalWithAnIdAndWithoutItsDetail() throws {
  struct Secret: Error { let password = "hunter2" }
  let recorder = try Recorder([.unary(method()) { _, _ in throw Secret() }])
  let call = try recorder.call()
  call.receive(framed(""))
  call.receiveEnd()
  let end = try #require(recorder.ends.first)
  #expect(end.code == .internal)
  #expect(end.message.contains("tag-7"))
  #expect(!end.message.contains("hunter2"))
  #expect(recorder.reports.count == 1 && recorder.reports[0].contains("hunter2"))
}

@Test func theHandlersOwnStatusReachesTheCallerWhole() throws {
  var metadata = Metadata()
  try metadata.add("retry-after", "5")
  let failure = RPCError(.aborted, "stale", details: [1, 2], metadata: metadata)
  let recorder = try Recorder([.unary(method()) { _, _ in throw failure }])
  let call = try recorder.call()
  call.receive(framed(""))
  call.receiveEnd()
  var fields: [String: String] = [:]
  recorder.ends.first?.forEachField { fields[$0] = $1 }
  #expect(
    fields == [
      "grpc-status": "10", "grpc-message": "stale", "grpc-status-details-bin": "AQI", "retry-after": "5",
    ])
  #expect(recorder.heads.isEmpty)
}

@Test func anErrorWithStatusOKIsStillAFailure() throws {
  let recorder = try Recorder([.unary(method()) { _, _ in throw RPCError(.ok, "not really") }])
  let call = try recorder.call()
  call.receive(framed(""))
  call.receiveEnd()
  #expect(recorder.ends.map(\.code) == [.unknown])
}

@Test func aUnaryRequestMustBeExactlyOneWholeMessage() throws {
  for (bytes, named) in [
    ([UInt8](), "none came"), (framed("a") + framed("b"), "second"),
    (Array(framed("abc").dropLast()), "middle"),
  ] {
    let recorder = try Recorder([.unary(method()) { request, _ in request }])
    let call = try recorder.call()
    call.receive(bytes)
    call.receiveEnd()
    #expect(recorder.ends.map(\.code) == [.internal])
    #expect(recorder.ends.first?.message.contains(named) == true)
    #expect(recorder.messages.isEmpty)
  }
}

@Test func anAnswerOverTheLimitIsRefusedHere() throws {
  let recorder = try Recorder([.unary(method()) { _, _ in [UInt8](repeating: 0, count: 5 << 20) }])
  let call = try recorder.call()
  call.receive(framed(""))
  call.receiveEnd()
  #expect(recorder.ends.map(\.code) == [.resourceExhausted])
}

@Test func aCompressedRequestIsReadAndTheAnswerComesCompressedWhereAsked() throws {
  let text = String(repeating: "asiakas ", count: 100)
  let recorder = try Recorder([
    .unary(method()) { request, context in
      #expect(context.lastRequestWasCompressed)
      context.compression = .on
      return request
    }
  ])
  let call = try recorder.call([("grpc-encoding", "gzip"), ("grpc-accept-encoding", "identity,gzip")])
  var bytes = framed(text)
  try MessageCompression.seal(&bytes, compress: true)
  #expect(bytes.count < 200)
  call.receive(bytes)
  call.receiveEnd()
  #expect(recorder.heads.first?.encoding == .gzip)
  let answer = try #require(recorder.messages.first)
  #expect(answer.first == 1)
  let restored = try Array(answer.dropFirst(5)).withUnsafeBytes { try Gzip.decompress($0, limit: 10_000) }
  #expect(restored == Array(text.utf8))
}

@Test func aCallerThatAcceptsNoGzipNeverGetsIt() throws {
  let recorder = try Recorder([
    .unary(method()) { _, context in
      context.compression = .on
      return [UInt8](repeating: 65, count: 1000)
    }
  ])
  let call = try recorder.call()
  call.receive(framed(""))
  call.receiveEnd()
  #expect(recorder.heads.first?.encoding == .identity)
  #expect(recorder.messages.first?.first == 0)
}

@Test func anInterceptorRefusesAndLeavesThePrincipal() throws {
  struct Principal: Sendable { let name: String }
  struct Gate: ServerInterceptor {
    func callStarted(_ context: CallContext) throws {
      guard let name = context.requestMetadata["authorization"] else {
        throw RPCError(.unauthenticated, "send authorization")
      }
      context.set(Principal(name: name))
    }
  }
  let recorder = try Recorder(
    [.unary(method()) { _, context in Array((context.get(Principal.self)?.name ?? "?").utf8) }],
    interceptors: [Gate()])
  let refused = try recorder.call()
  refused.receive(framed(""))
  refused.receiveEnd()
  #expect(recorder.ends.map(\.code) == [.unauthenticated])
  #expect(recorder.running == 0)
  let accepted = try recorder.call([("authorization", "anna")])
  accepted.receive(framed(""))
  accepted.receiveEnd()
  #expect(recorder.messages == [framed("anna")])
}

@Test func windowOfMessagesGoesBackWhenTheyAreTaken() throws {
  let recorder = try Recorder([
    .clientStreaming(method(clientStreams: true)) { _, _ in
      try await Task.sleep(for: .seconds(3600))
      return []
    }
  ])
  let call = try recorder.call()
  call.receive(framed("waits unread"))
  #expect(recorder.consumedBytes == 0)
  // A long message cut in pieces gets no window either while the first waits.
  var long: [UInt8] = [0, 0, 1, 0, 0]
  long += [UInt8](repeating: 1, count: 1000)
  call.receive(long)
  #expect(recorder.consumedBytes == 0)
  call.abort(RPCError(.cancelled, "gone"))
}

@Test func requestsThatTogetherAreTooLargeAreRefusedAlsoWhenTheyCameCompressed() throws {
  let recorder = try Recorder([
    .unary(method()) { _, _ in
      try await Task.sleep(for: .seconds(3600))
      return []
    }
  ])
  var packed = framed("")
  packed += [UInt8](repeating: 0, count: 600 << 10)
  try MessageCompression.seal(&packed, compress: true)
  let calls = try (0..<2).map { _ in try recorder.call([("grpc-encoding", "gzip")]) }
  for call in calls {
    call.receive(packed)
    call.receiveEnd()
  }
  #expect(recorder.ends.map(\.code) == [.resourceExhausted])
  let long: [UInt8] = [0, 0, 0x10, 0, 0] + [UInt8](repeating: 1, count: 500 << 10)
  let third = try recorder.call()
  third.receive(long)
  #expect(recorder.ends.map(\.code) == [.resourceExhausted, .resourceExhausted])
  calls[0].abort(RPCError(.cancelled, "gone"))
}

@Test func answersThatNobodyReadsEndTheCallsThatWouldAddToThem() throws {
  let recorder = try Recorder([.unary(method()) { _, _ in [UInt8](repeating: 1, count: 400) }])
  recorder.unsent = UnsentBudget(limit: 1000, startBytes: 1000, messageBytes: 400)
  let calls = try (0..<3).map { _ in try recorder.call() }
  for call in calls {
    call.receive(framed(""))
    call.receiveEnd()
  }
  #expect(recorder.ends.map(\.code) == [.ok, .ok, .resourceExhausted])
  #expect(recorder.unsent.bytes == 810)
  // What is read, or lost with its stream, makes room.
  calls[0].sent(405)
  #expect(recorder.unsent.bytes == 405)
  calls[1].abort(RPCError(.cancelled, "gone"))
  #expect(recorder.unsent.bytes == 0)
  let fourth = try recorder.call()
  fourth.receive(framed(""))
  fourth.receiveEnd()
  #expect(recorder.ends.last?.code == .ok)
}

@Test func manyTinyMessagesThatWaitCountForWhatTheyTake() throws {
  let recorder = try Recorder([
    .clientStreaming(method(clientStreams: true)) { _, _ in
      try await Task.sleep(for: .seconds(3600))
      return []
    }
  ])
  recorder.budget = HeldBudget(limit: 1000 * MessageMailbox.messageOverhead)
  let call = try recorder.call()
  for _ in 0..<900 { call.receive(framed("a")) }
  #expect(recorder.ends.isEmpty)
  for _ in 0..<200 { call.receive(framed("a")) }
  #expect(recorder.ends.map(\.code) == [.resourceExhausted])
}

@Test func aCallersOwnMistakesNeverReachTheErrorLog() throws {
  struct Cause: Error {}
  for code in StatusCode.allCases where code != .ok {
    let recorder = try Recorder([.unary(method()) { _, _ in throw RPCError(code, "no", cause: Cause()) }])
    let call = try recorder.call()
    call.receive(framed(""))
    call.receiveEnd()
    let isServers = [.unknown, .internal, .unavailable, .dataLoss].contains(code)
    #expect(recorder.reports.count == (isServers ? 1 : 0), "\(code)")
  }
  let recorder = try Recorder([.unary(method()) { request, _ in request }])
  let call = try recorder.call([("grpc-encoding", "gzip")])
  call.receive([1, 0, 0, 0, 3, 1, 2, 3])
  call.receiveEnd()
  #expect(recorder.ends.map(\.code) == [.internal])
  #expect(recorder.reports.isEmpty)
}

@Test func twoServicesWithOneNameAreRefused() {
  struct Service: RPCService {
    let definition = ServiceDefinition(name: "t.S", methods: [])
  }
  #expect(throws: RouterError.duplicate("t.S")) { _ = try Router(services: [Service(), Service()]) }
}
