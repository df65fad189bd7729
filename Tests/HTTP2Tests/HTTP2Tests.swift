import Testing

@testable import HTTP2

private let answerHeaders = HeaderTemplate([(":status", "200"), ("content-type", "application/grpc")])
private let okTrailers = HeaderTemplate([("grpc-status", "0")])

private func exchange(_ client: Machine, _ server: Machine) {
  for _ in 0..<1000 {
    let up = client.output()
    if !up.isEmpty { server.feed(up, raw: ()) }
    let down = server.output()
    if !down.isEmpty { client.feed(down, raw: ()) }
    if up.isEmpty && down.isEmpty { return }
  }
}

extension Machine {
  fileprivate func feed(_ bytes: [UInt8], raw: Void) {
    bytes.withUnsafeBytes { try? session.receive($0, now: clock) }
  }
}

private func requestHeaders(_ path: String) -> HeaderSource {
  var list = HeaderList()
  list.append(":method", "POST")
  list.append(":scheme", "https")
  list.append(":path", path)
  list.append(":authority", "test")
  return .list(list)
}

@Test func aRequestIsAnsweredWithHeadersDataAndTrailers() throws {
  let client = try Machine(.client)
  let server = try Machine(.server)
  defer {
    client.finish()
    server.finish()
  }
  server.onHeaders = { recording in
    guard let stream = recording.stream else { return }
    stream.write(Array("answer".utf8))
    stream.finish(.trailers(.template(okTrailers)))
    server.session.respond(.template(answerHeaders), on: stream)
  }
  let answer = RecordingStream(nil)
  let stream = try #require(client.session.request(requestHeaders("/a.B/C"), handler: answer))
  stream.write(Array("question".utf8))
  stream.finish(.lastData)
  exchange(client, server)
  let request = try #require(server.streams.first)
  #expect(request.fields.contains { $0 == (":path", "/a.B/C") })
  #expect(request.data == Array("question".utf8))
  #expect(answer.data == Array("answer".utf8))
  #expect(answer.fields.last?.0 == "grpc-status")
  #expect(answer.ended)
  #expect(answer.closedWith == 0)
  #expect(client.session.streams.isEmpty && server.session.streams.isEmpty)
}

@Test func theFirstSettingsAnnounceTheStreamLimit() throws {
  let server = try Machine(.server)
  defer { server.finish() }
  let first = try #require(Raw.parse(server.output()).first)
  #expect(first.type == 4)
  let entries = stride(from: 0, to: first.payload.count, by: 6).map { Array(first.payload[$0..<$0 + 6]) }
  #expect(entries.contains([0, 3, 0, 0, 0, 100]))
}

@Test func aStreamOverTheLimitIsRefusedAndTheConnectionLives() throws {
  var limits = HTTP2Limits()
  limits.concurrentStreams = 3
  let server = try Machine(.server, limits)
  defer { server.finish() }
  server.feed(Raw.opening)
  server.feed(Raw.frame(4, 1, 0, []))  // our settings are acknowledged
  let bytes = (0..<5).flatMap { Raw.open(UInt32($0 * 2 + 1)) }
  let (frames, failure) = server.feed(bytes)
  #expect(failure == nil)
  let refused = frames.filter { $0.type == 3 }
  #expect(refused.map(\.stream) == [7, 9])
  #expect(refused.allSatisfy { $0.code == HTTP2ErrorCode.refusedStream.rawValue })
  #expect(server.streams.count == 3)
  #expect(!frames.contains { $0.type == 7 })
}

@Test func openingAndResettingStreamsForEverEndsTheConnection() throws {
  let server = try Machine(.server)
  defer { server.finish() }
  server.feed(Raw.opening)
  var last: (frames: [Raw.Frame], failure: HTTP2Error?) = ([], nil)
  var resets = 0
  while last.failure == nil, resets < 5000 {
    let stream = UInt32(resets * 2 + 1)
    last = server.feed(Raw.open(stream) + Raw.reset(stream))
    resets += 1
  }
  #expect(resets == HTTP2Limits.resetBurst + 1)
  #expect(last.frames.contains { $0.type == 7 && $0.code == HTTP2ErrorCode.enhanceYourCalm.rawValue })
}

@Test func aThousandCancelsAreAClientsRight() throws {
  let server = try Machine(.server)
  defer { server.finish() }
  server.feed(Raw.opening)
  for index in 0..<HTTP2Limits.resetBurst {
    let stream = UInt32(index * 2 + 1)
    #expect(server.feed(Raw.open(stream) + Raw.reset(stream)).failure == nil)
  }
}

@Test func frameMistakesThatMakeUsResetCountLikeResets() throws {
  let server = try Machine(.server)
  defer { server.finish() }
  server.feed(Raw.opening)
  let upperCase = Raw.block([
    (":method", "POST"), (":scheme", "https"), (":path", "/"), (":authority", "x"), ("Bad", "1"),
  ])
  var last: (frames: [Raw.Frame], failure: HTTP2Error?) = ([], nil)
  var sent = 0
  while last.failure == nil, sent < 5000 {
    last = server.feed(Raw.frame(1, 5, UInt32(sent * 2 + 1), upperCase))
    sent += 1
  }
  #expect(sent <= HTTP2Limits.resetBurst + 2)
  #expect(last.frames.contains { $0.type == 7 && $0.code == HTTP2ErrorCode.enhanceYourCalm.rawValue })
}

@Test(arguments: [
  ("PING", Raw.frame(6, 0, 0, [UInt8](repeating: 0, count: 8))),
  ("PING answers never asked for", Raw.frame(6, 1, 0, [UInt8](repeating: 0, count: 8))),
  ("SETTINGS", Raw.frame(4, 0, 0, [])),
  ("empty DATA", Raw.frame(0, 0, 1, [])),
  ("DATA with nothing but padding", Raw.frame(0, 8, 1, [3, 0, 0, 0])),
  ("PRIORITY", Raw.frame(2, 0, 1, [0, 0, 0, 0, 16])),
  ("WINDOW_UPDATE", Raw.frame(8, 0, 0, [0, 0, 0, 1])),
  ("unknown frames", Raw.frame(200, 0, 0, [])),
])
func aFloodOfFramesThatCarryNothingEndsTheConnection(_ name: String, _ frame: [UInt8]) throws {
  let server = try Machine(.server)
  defer { server.finish() }
  server.feed(Raw.opening + Raw.open(1))
  var last: (frames: [Raw.Frame], failure: HTTP2Error?) = ([], nil)
  var sent = 0
  while last.failure == nil, sent < 5000 {
    last = server.feed(frame)
    sent += 1
  }
  #expect(sent <= HTTP2Limits.idleFrameBurst + 20, "\(name)")
  #expect(last.frames.contains { $0.type == 7 && $0.code == HTTP2ErrorCode.enhanceYourCalm.rawValue })
}

@Test func refusedStreamsAreCountedAlsoWhenThePeerReadsNothing() throws {
  var limits = HTTP2Limits()
  limits.concurrentStreams = 3
  let server = try Machine(.server, limits)
  defer { server.finish() }
  #expect(server.feedDeaf(Raw.opening) == nil)
  var failure: HTTP2Error?
  var opened = 0
  while failure == nil, opened < 5000 {
    failure = server.feedDeaf(Raw.open(UInt32(opened * 2 + 1)))
    opened += 1
  }
  #expect(opened == limits.concurrentStreams + HTTP2Limits.resetBurst + 1)
  #expect(failure?.reason.contains("refused") == true)
}

@Test func framesThatNobodyReadsWaitUpToALimit() throws {
  var limits = HTTP2Limits()
  limits.concurrentStreams = 3
  limits.queuedFramesBesideStreams = 20
  let server = try Machine(.server, limits)
  defer { server.finish() }
  #expect(server.feedDeaf(Raw.opening) == nil)
  var failure: HTTP2Error?
  var sent = 0
  while failure == nil, sent < 500 {
    failure = server.feedDeaf(Raw.frame(6, 0, 0, [UInt8](repeating: 0, count: 8)))
    sent += 1
  }
  #expect(failure?.reason.contains("wait for the peer") == true)
  #expect(sent <= limits.queuedFrames + 1, "\(sent)")
}

@Test func aPeerThatUpdatesItsWindowsForEachFrameIsNoFlood() throws {
  let server = try Machine(.server)
  defer { server.finish() }
  server.onHeaders = { recording in
    guard let stream = recording.stream else { return }
    stream.write([UInt8](repeating: 1, count: 32 << 20))
    stream.finish(.lastData)
    server.session.respond(.template(answerHeaders), on: stream)
  }
  let wide = Raw.frame(4, 0, 0, [0, 4, 0x7F, 0xFF, 0, 0])
  let window = Raw.frame(8, 0, 0, [0x7F, 0, 0, 0])
  let frames = server.feed(Raw.preface + wide + window + Raw.open(1)).frames.count { $0.type == 0 }
  #expect(frames > 1500)
  let updates = (0..<frames).flatMap { _ in
    Raw.frame(8, 0, 0, [0, 0, 0, 1]) + Raw.frame(8, 0, 1, [0, 0, 0, 1])
  }
  #expect(server.feed(updates).failure == nil)
}

@Test(arguments: [UInt64(0), 1, 1_000_000_000, 3_600_000_000_000_000])
func aBurstIsTheSameWhateverTheClockShowedAtTheBeginning(_ start: UInt64) {
  var budget = EventBudget(burst: 10, perSecond: 5)
  var taken = 0
  while budget.take(1, now: start), taken < 100 { taken += 1 }
  #expect(taken == 10)
  let onceMore = budget.take(1, now: start + 1_000_000)
  #expect(!onceMore)
}

@Test func aBudgetComesBackWithTime() {
  var budget = EventBudget(burst: 10, perSecond: 5)
  var taken = 0
  while budget.take(1, now: 1), taken < 100 { taken += 1 }
  #expect(taken == 10)
  let later: UInt64 = 3_000_000_000
  taken = 0
  while budget.take(1, now: later), taken < 100 { taken += 1 }
  #expect((8...14).contains(taken), "\(taken)")
}

@Test func continuationsWithoutEndCloseTheConnection() throws {
  let server = try Machine(.server)
  defer { server.finish() }
  server.feed(Raw.opening)
  var failure = server.feed(Raw.frame(1, 0, 1, Raw.request)).failure
  var sent = 0
  while failure == nil, sent < 100 {
    failure = server.feed(Raw.frame(9, 0, 1, [])).failure
    sent += 1
  }
  #expect(sent <= HTTP2Limits.continuations + 1)
}

@Test func aSettingsFrameOfAThousandEntriesClosesTheConnection() throws {
  let server = try Machine(.server)
  defer { server.finish() }
  let many = (0..<1000).flatMap { _ in [0, 4, 0, 0, 255, 255] as [UInt8] }
  let (frames, failure) = server.feed(Raw.preface + Raw.frame(4, 0, 0, many))
  #expect(failure != nil || frames.contains { $0.type == 7 })
}

@Test func aHeaderBlockOverTheLimitIsMarkedAndTheNextOneIsTaken() throws {
  let server = try Machine(.server)
  defer { server.finish() }
  server.feed(Raw.opening)
  let first = Raw.request + Raw.block([("x-big", String(repeating: "a", count: 15_000))])
  let rest = Raw.block([("x-more", String(repeating: "b", count: 2_000))])
  #expect(server.feed(Raw.frame(1, 1, 1, first) + Raw.frame(9, 4, 1, rest)).failure == nil)
  #expect(server.streams.first?.oversized == true)
  #expect(server.feed(Raw.frame(1, 5, 3, Raw.request)).failure == nil)
  #expect(server.streams.last?.oversized == false)
}

@Test func theDecodedSizeOfABombIsWhatCounts() throws {
  let server = try Machine(.server)
  defer { server.finish() }
  server.feed(Raw.opening)
  // One long field enters the table, then one byte each repeats it.
  let seed: [UInt8] = [0x40] + Raw.string("x-bomb") + Raw.string(String(repeating: "a", count: 4000))
  let bomb = Raw.request + seed + [UInt8](repeating: 0xBE, count: 8000)
  #expect(server.feed(Raw.frame(1, 5, 1, bomb)).failure == nil)
  #expect(server.streams.first?.oversized == true)
  #expect((server.streams.first?.fields.count ?? 0) < 16)
}

@Test func aPeerCannotSendMoreThanTheStreamsWindowUntilItIsRead() throws {
  let client = try Machine(.client)
  let server = try Machine(.server)
  defer {
    client.finish()
    server.finish()
  }
  server.consumes = false
  let slow = try #require(client.session.request(requestHeaders("/slow"), handler: RecordingStream(nil)))
  exchange(client, server)
  slow.write([UInt8](repeating: 1, count: 1 << 20))
  exchange(client, server)
  let reading = try #require(server.streams.first)
  #expect(reading.data.count == HTTP2Limits().streamWindowBytes)

  // Another stream is not held up by the slow one.
  server.consumes = true
  let quick = try #require(client.session.request(requestHeaders("/quick"), handler: RecordingStream(nil)))
  quick.write([UInt8](repeating: 2, count: 8 << 20))
  quick.finish(.lastData)
  exchange(client, server)
  #expect(server.streams.last?.data.count == 8 << 20)

  reading.stream?.consume(reading.data.count)
  exchange(client, server)
  #expect(reading.data.count == 2 * HTTP2Limits().streamWindowBytes)
}

@Test func headersOnAStreamThatIsOverEndTheConnection() throws {
  for id: UInt32 in [1, 3] {
    let server = try Machine(.server)
    defer { server.finish() }
    server.onHeaders = {
      $0.stream.map { server.session.respondWithoutBody(.template(answerHeaders), on: $0) }
    }
    server.feed(Raw.opening + Raw.frame(1, 5, 1, Raw.request) + Raw.frame(1, 5, 5, Raw.request))
    let (frames, failure) = server.feed(Raw.frame(1, 5, id, Raw.request))
    #expect(failure != nil)
    #expect(frames.contains { $0.type == 7 && $0.code == HTTP2ErrorCode.streamClosed.rawValue })
  }
}

@Test func whatWasOnItsWayToAStreamThatWeResetIsIgnored() throws {
  let server = try Machine(.server)
  defer { server.finish() }
  server.feed(Raw.opening + Raw.open(1))
  server.streams.first?.stream?.reset(.cancel)
  _ = server.output()
  #expect(server.feed(Raw.frame(1, 5, 1, Raw.block([("x-trailer", "1")]))).failure == nil)
  #expect(server.feed(Raw.open(3)).failure == nil)
  #expect(server.streams.count == 2)
}

@Test func framesAreCountedHoweverTheyAreCut() {
  let bytes =
    Raw.opening + Raw.open(1) + Raw.frame(0, 0, 1, [UInt8](repeating: 1, count: 70))
    + Raw.frame(200, 3, 0, [1])
  for size in 1...40 {
    var scanner = FrameScanner(.server)
    var found: [[Int]] = []
    for start in stride(from: 0, to: bytes.count, by: size) {
      Array(bytes[start..<min(start + size, bytes.count)]).withUnsafeBytes {
        scanner.scan($0) { length, type, flags in
          found.append([length, Int(type), Int(flags)])
          return true
        }
      }
    }
    #expect(found == [[0, 4, 0], [Raw.request.count, 1, 4], [70, 0, 0], [1, 200, 3]])
  }
}

@Test func shutdownIsAnnouncedBeforeTheLastStreamIsNamed() throws {
  let server = try Machine(.server)
  defer { server.finish() }
  server.feed(Raw.opening + Raw.open(1))
  server.session.announceShutdown()
  let notice = try #require(Raw.parse(server.output()).first { $0.type == 7 })
  #expect(notice.payload.prefix(4) == [0x7F, 0xFF, 0xFF, 0xFF])
  server.feed(Raw.open(3))
  server.session.goAway()
  let last = try #require(Raw.parse(server.output()).first { $0.type == 7 })
  #expect(last.payload.prefix(4) == [0, 0, 0, 3])
  #expect(server.streams.count == 2)
}

@Test(arguments: [UInt64(1), 2, 3, 4])
func noBytesTrapTheSession(_ seed: UInt64) throws {
  var random = SplitMix(seed)
  for _ in 0..<300 {
    let server = try Machine(.server)
    var bytes = Raw.opening
    for _ in 0..<Int(random.next() % 20) {
      switch random.next() % 4 {
      case 0: bytes += Raw.open(UInt32(truncatingIfNeeded: random.next() % 16))
      case 1: bytes += Raw.reset(UInt32(truncatingIfNeeded: random.next() % 16))
      default:
        let payload = (0..<Int(random.next() % 40)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        bytes += Raw.frame(
          UInt8(truncatingIfNeeded: random.next() % 12), UInt8(truncatingIfNeeded: random.next()),
          UInt32(truncatingIfNeeded: random.next() % 16), payload)
      }
    }
    for _ in 0..<Int(random.next() % 3) where bytes.count > 24 {
      bytes[24 + Int(random.next() % UInt64(bytes.count - 24))] = UInt8(truncatingIfNeeded: random.next())
    }
    server.feed(bytes)
    server.finish()
  }
}

/// A small generator with a seed that can be printed.
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
