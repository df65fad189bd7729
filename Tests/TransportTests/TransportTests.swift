import Client
import Foundation
import RPC
import Synchronization
import TLS
import Testing
import WireTestSupport

@testable import Transport

/// A test that hangs fails after this instead of for ever.
private let limit = TimeLimitTrait.Duration.minutes(1)

@Suite(.timeLimit(limit)) struct TransportTests {
  @Test func allFourKindsOfCallWorkOverOneConnection() async throws {
    let fixture = try await Fixture()
    let channel = try fixture.channel()
    #expect(try await channel.unary(Echo.same, [1, 2, 3], CallOptions()).value == [1, 2, 3])
    let joined = try await channel.clientStreaming(Echo.join, CallOptions()) { writer in
      for byte in UInt8(0)..<50 { try await writer.write([byte]) }
    }
    #expect(joined.value == Array(0..<50))
    let counted = try await channel.serverStreaming(Echo.count, [100], CallOptions()) { answers in
      try await answers.reduce(into: [UInt8]()) { $0 += $1 }
    }
    #expect(counted == Array(0..<100))
    let chatted = try await channel.bidirectional(Echo.chat, CallOptions()) { writer in
      for byte in UInt8(0)..<50 { try await writer.write([byte, byte]) }
    } _: { answers in
      try await answers.reduce(into: [UInt8]()) { $0 += $1 }
    }
    #expect(chatted.count == 100)
    #expect(fixture.server.statistics.acceptedConnections == 1)
    await channel.close()
    await fixture.server.stop(graceWithin: .seconds(5))
  }

  @Test func aThousandCallsAtOnceShareTheConnection() async throws {
    let fixture = try await Fixture()
    let channel = try fixture.channel()
    let payload = [UInt8](repeating: 9, count: 2000)
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for _ in 0..<1000 {
        group.addTask { try await channel.unary(Echo.same, payload, CallOptions()).value == payload }
      }
      for try await good in group { #expect(good) }
    }
    #expect(fixture.server.statistics.acceptedConnections == 1)
    await channel.close()
    await fixture.server.stop(graceWithin: .seconds(5))
  }

  @Test func messagesOfTheLongestKindTravelAndLongerOnesAreRefused() async throws {
    let fixture = try await Fixture()
    let channel = try fixture.channel()
    let longest = [UInt8](repeating: 3, count: CallLimits.defaultMessageBytes)
    #expect(try await channel.unary(Echo.same, longest, CallOptions()).value == longest)
    #expect(try await channel.unary(Echo.same, longest, CallOptions(compress: true)).value == longest)
    var configuration = fixture.configuration()
    configuration.calls.messageBytes = 8 << 20
    let careless = try GRPCChannel(configuration)
    let refused = await failure { _ = try await careless.unary(Echo.same, longest + [0], CallOptions()) }
    #expect(refused?.code == .resourceExhausted)
    #expect(try await careless.unary(Echo.same, [1], CallOptions()).value == [1])
    await careless.close()
    await channel.close()
    await fixture.server.stop(graceWithin: .seconds(5))
  }

  @Test func aVerifiedClientsIdentityReachesTheHandler() async throws {
    let fixture = try await Fixture(clients: .required)
    let own = try fixture.ca.client(uris: ["punos://demo/sales/anna"])
    let channel = try fixture.channel(own)
    let answer = try await channel.unary(Echo.who, [], CallOptions()).value
    #expect(String(decoding: answer, as: UTF8.self).hasPrefix("punos://demo/sales/anna 127.0.0.1:"))
    await channel.close()
    await fixture.server.stop(graceWithin: .seconds(5))
  }

  @Test func aClientWithoutACertificateIsToldWhatToDoAndTheServerLogsWhy() async throws {
    let fixture = try await Fixture(clients: .required)
    let channel = try fixture.channel()
    let error = await failure { _ = try await channel.unary(Echo.who, [], CallOptions()) }
    #expect(error?.code == .unauthenticated)
    #expect(error?.message.contains("certificate") == true)
    #expect(error?.message.contains("127.0.0.1:\(fixture.address.port)") == true)
    try await fixture.log.contains("peer did not return a certificate")
    #expect(fixture.log.all.contains { $0.contains("127.0.0.1:") && $0.contains("handshake failed") })
    await channel.close()
    await fixture.server.stop(graceWithin: .seconds(5))
  }

  @Test func aCancelledTaskCancelsTheHandler() async throws {
    let fixture = try await Fixture()
    let channel = try fixture.channel()
    let call = Task { try await channel.unary(Echo.hang, [], CallOptions()) }
    await fixture.seen.hangBegan.wait()
    call.cancel()
    let error = await failure { _ = try await call.value }
    #expect(error?.code == .cancelled)
    await fixture.seen.hangCancelled.wait()
    #expect(try await channel.unary(Echo.same, [1], CallOptions()).value == [1])
    await channel.close()
    await fixture.server.stop(graceWithin: .seconds(5))
  }

  @Test func aPassedDeadlineEndsTheCallOnBothSides() async throws {
    let fixture = try await Fixture()
    let channel = try fixture.channel()
    // The connection stands before the clock runs, so that the call certainly reaches its handler.
    _ = try await channel.unary(Echo.same, [], CallOptions())
    let error = await failure {
      _ = try await channel.unary(Echo.hang, [], CallOptions(timeout: .seconds(1)))
    }
    #expect(error?.code == .deadlineExceeded)
    await fixture.seen.hangCancelled.wait()
    await channel.close()
    await fixture.server.stop(graceWithin: .seconds(5))
  }

  @Test func aSlowReaderHoldsUpItsOwnWriterAndNobodyElse() async throws {
    let fixture = try await Fixture()
    let channel = try fixture.channel()
    let release = Latch<Void>()
    let reading = Latch<Void>()
    let slow = Task {
      try await channel.serverStreaming(Echo.flood, [], CallOptions()) { answers in
        var iterator = answers.makeAsyncIterator()
        _ = try await iterator.next()
        reading.set(())
        await release.wait()
        return 0
      }
    }
    await reading.wait()
    // While the flood stands, other calls on the same connection go on.
    for _ in 0..<200 {
      #expect(
        try await channel.unary(Echo.same, [UInt8](repeating: 1, count: 5000), CallOptions()).value.count
          == 5000)
    }
    let written = fixture.seen.floodWritten.withLock { $0 }
    #expect(written < 2 << 20, "a writer was \(written) bytes ahead of its reader")
    release.set(())
    _ = try await slow.value
    #expect(await fixture.seen.floodEnded.wait().contains("CANCELLED"))
    await channel.close()
    await fixture.server.stop(graceWithin: .seconds(5))
  }

  @Test func aLostConnectionCancelsItsHandlers() async throws {
    let fixture = try await Fixture()
    let channel = try fixture.channel()
    let call = Task { try await channel.unary(Echo.hang, [], CallOptions()) }
    await fixture.seen.hangBegan.wait()
    await channel.close()
    await fixture.seen.hangCancelled.wait()
    let error = await failure { _ = try await call.value }
    #expect(error?.code == .unavailable)
    await fixture.server.stop(graceWithin: .seconds(5))
    #expect(fixture.server.statistics.openConnections == 0)
    #expect(fixture.server.statistics.runningHandlers == 0)
  }

  @Test func aGracefulStopLetsCallsInFlightFinish() async throws {
    let fixture = try await Fixture()
    let channel = try fixture.channel()
    let call = Task { try await channel.unary(Echo.hang, [5], CallOptions()).value }
    await fixture.seen.hangBegan.wait()
    // So long that a busy machine does not cut the call off: the stop ends with the last call.
    let stop = Task { await fixture.server.stop(graceWithin: .seconds(3_600)) }
    // New connections are refused from the moment the stop has begun, while the call goes on.
    var refused = false
    while !refused {
      let late = try fixture.channel()
      refused = await failure { _ = try await late.unary(Echo.same, [], CallOptions()) } != nil
      await late.close()
    }
    fixture.seen.release.set(())
    #expect(try await call.value == [5])
    await stop.value
    #expect(fixture.server.statistics.openConnections == 0)
    await channel.close()
  }

  @Test func aStopThatTakesTooLongCancelsWhatIsLeft() async throws {
    let fixture = try await Fixture()
    let channel = try fixture.channel()
    let call = Task { try await channel.unary(Echo.hang, [], CallOptions()).value }
    await fixture.seen.hangBegan.wait()
    await fixture.server.stop(graceWithin: .milliseconds(100))
    await fixture.seen.hangCancelled.wait()
    #expect(await failure { _ = try await call.value }?.code == .unavailable)
    await channel.close()
  }

  @Test func aChannelConnectsAgainAfterItsServerWasReplaced() async throws {
    let fixture = try await Fixture { $0.idleTimeout = .milliseconds(1) }
    let channel = try fixture.channel()
    #expect(try await channel.unary(Echo.same, [1], CallOptions()).value == [1])
    // The server says goodbye to the idle connection; calls meanwhile and after it must not notice.
    while fixture.server.statistics.acceptedConnections < 2 {
      #expect(try await channel.unary(Echo.same, [2], CallOptions()).value == [2])
      try await Task.sleep(for: .milliseconds(50))
    }
    await channel.close()
    await fixture.server.stop(graceWithin: .seconds(5))
  }

  @Test func aReplacedCertificateIsUsedForNewConnections() async throws {
    let fixture = try await Fixture()
    let before = try fixture.channel()
    _ = try await before.unary(Echo.same, [], CallOptions())
    let other = try DevelopmentCA(name: "New CA")
    let pair = try other.server()
    for (new, old) in [(pair.certificate, fixture.files.certificate), (pair.key, fixture.files.key)] {
      try Data(contentsOf: URL(fileURLWithPath: new)).write(to: URL(fileURLWithPath: old), options: .atomic)
    }
    var configuration = fixture.configuration()
    configuration.caFile = other.caFile
    let after = try GRPCChannel(configuration)
    #expect(try await after.unary(Echo.same, [1], CallOptions()).value == [1])
    // The old connection lives on.
    #expect(try await before.unary(Echo.same, [2], CallOptions()).value == [2])
    await before.close()
    await after.close()
    await fixture.server.stop(graceWithin: .seconds(5))
  }

  @Test func connectionsPerAddressAreLimited() async throws {
    let fixture = try await Fixture { $0.connectionsPerAddress = 2 }
    let channels = try (0..<2).map { _ in try fixture.channel() }
    for channel in channels { _ = try await channel.unary(Echo.same, [], CallOptions()) }
    let third = try fixture.channel()
    #expect(await failure { _ = try await third.unary(Echo.same, [], CallOptions()) }?.code == .unavailable)
    #expect(fixture.server.statistics.refusedConnections >= 1)
    await channels[0].close()
    while fixture.server.statistics.openConnections > 1 { await Task.yield() }
    let fourth = try fixture.channel()
    #expect(try await fourth.unary(Echo.same, [4], CallOptions()).value == [4])
    for channel in channels + [third, fourth] { await channel.close() }
    await fixture.server.stop(graceWithin: .seconds(5))
  }

  @Test func connectionsInAllAreLimited() async throws {
    let fixture = try await Fixture { $0.connections = 2 }
    let channels = try (0..<2).map { _ in try fixture.channel() }
    for channel in channels { _ = try await channel.unary(Echo.same, [], CallOptions()) }
    let third = try fixture.channel()
    #expect(await failure { _ = try await third.unary(Echo.same, [], CallOptions()) }?.code == .unavailable)
    #expect(fixture.server.statistics.refusedConnections >= 1)
    try await fixture.log.contains("too many connections")
    #expect(try await channels[0].unary(Echo.same, [1], CallOptions()).value == [1])
    for channel in channels + [third] { await channel.close() }
    await fixture.server.stop(graceWithin: .seconds(5))
  }

  @Test func aConnectionThatIsTooOldIsReplacedWithoutALostCall() async throws {
    let fixture = try await Fixture { $0.connectionAge = .milliseconds(1) }
    let channel = try fixture.channel()
    let slow = Task { try await channel.unary(Echo.hang, [5], CallOptions()).value }
    await fixture.seen.hangBegan.wait()
    while fixture.server.statistics.acceptedConnections < 2 {
      #expect(try await channel.unary(Echo.same, [2], CallOptions()).value == [2])
    }
    // The call that was under way on the old connection still gets its answer there.
    fixture.seen.release.set(())
    #expect(try await slow.value == [5])
    await channel.close()
    await fixture.server.stop(graceWithin: .seconds(5))
  }

  @Test func theCallsOfAConnectionThatIsTooOldHaveAnEnd() async throws {
    let fixture = try await Fixture {
      $0.connectionAge = .milliseconds(1)
      $0.connectionAgeGrace = .milliseconds(1)
    }
    let channel = try fixture.channel()
    let error = await failure { _ = try await channel.unary(Echo.hang, [], CallOptions()) }
    #expect(error?.code == .unavailable)
    await fixture.seen.hangCancelled.wait()
    await channel.close()
    await fixture.server.stop(graceWithin: .seconds(5))
  }

  @Test func requestsThatNeverBecomeCallsAreToldToTheInterceptors() async throws {
    let counter = RefusalCounter()
    let fixture = try await Fixture(interceptors: [counter])
    let channel = try fixture.channel()
    let unknown = Method<[UInt8], [UInt8]>(
      service: "test.Echo", name: "Nowhere", clientStreams: false, serverStreams: false, request: .raw,
      response: .raw)
    #expect(await failure { _ = try await channel.unary(unknown, [], CallOptions()) }?.code == .unimplemented)
    var metadata = Metadata()
    try metadata.add("x-big", String(repeating: "a", count: 20_000))
    let large = CallOptions(metadata: metadata)
    #expect(await failure { _ = try await channel.unary(Echo.same, [], large) }?.code == .resourceExhausted)
    _ = try await channel.unary(Echo.same, [], CallOptions())
    #expect(counter.reasons == [.unknownMethod, .metadataTooLarge])
    await channel.close()
    await fixture.server.stop(graceWithin: .seconds(5))
  }

  @Test func eachCallSeesItsOwnMetadataAndMethodHoweverAlikeTheCallsBefore() async throws {
    let fixture = try await Fixture()
    let channel = try fixture.channel()
    let long = String(repeating: "b", count: 2_000)
    for mark in ["a", "a", "b", nil, "a", long, long, "a"] {
      var options = CallOptions()
      if let mark { try options.metadata.add("x-mark", mark) }
      #expect(try await channel.unary(Echo.mark, [], options).value == Array((mark ?? "none").utf8))
      #expect(try await channel.unary(Echo.same, [7], options).value == [7])
    }
    await channel.close()
    await fixture.server.stop(graceWithin: .seconds(5))
  }

  @Test func metadataOverTheLimitIsRefusedAndTheConnectionLives() async throws {
    let fixture = try await Fixture()
    let channel = try fixture.channel()
    var metadata = Metadata()
    try metadata.add("x-big", String(repeating: "a", count: 20_000))
    let error = await failure {
      _ = try await channel.unary(Echo.same, [], CallOptions(metadata: metadata))
    }
    #expect(error?.code == .resourceExhausted)
    #expect(try await channel.unary(Echo.same, [1], CallOptions()).value == [1])
    #expect(fixture.server.statistics.acceptedConnections == 1)
    await channel.close()
    await fixture.server.stop(graceWithin: .seconds(5))
  }

  @Test func anEndpointWhereNothingListensIsNamed() async throws {
    let fixture = try await Fixture()
    await fixture.server.stop(graceWithin: .seconds(1))
    let channel = try fixture.channel()
    let error = await failure { _ = try await channel.unary(Echo.same, [], CallOptions()) }
    #expect(error?.code == .unavailable)
    #expect(error?.message.contains("127.0.0.1:\(fixture.address.port)") == true)
    #expect(error?.message.contains("nothing listens there") == true)
    await channel.close()
    #expect(await failure { _ = try await channel.unary(Echo.same, [], CallOptions()) }?.code == .unavailable)
  }

  @Test func aPortThatIsTakenIsNamed() async throws {
    let fixture = try await Fixture()
    let configuration = ServerConfiguration(
      host: "127.0.0.1", port: fixture.address.port,
      tls: ReloadingServerContext.Files(certificate: fixture.files.certificate, key: fixture.files.key))
    let second = try GRPCServer(
      configuration: configuration, router: try Router(services: []), logger: fixture.log.logger())
    let error = await #expect(throws: ServerError.self) { _ = try await second.start() }
    #expect("\(error!)".contains("127.0.0.1:\(fixture.address.port)"))
    await fixture.server.stop(graceWithin: .seconds(1))
  }
}
