import Testing

@testable import RPC

private func deframe(_ bytes: [UInt8], pieces: [Int], limit: Int = 1 << 20) throws -> [FramedMessage] {
  var deframer = MessageDeframer(limit: limit)
  var messages: [FramedMessage] = []
  var rest = bytes[...]
  for size in pieces + [bytes.count] {
    let piece = Array(rest.prefix(size))
    rest = rest.dropFirst(size)
    try piece.withUnsafeBytes { buffer in
      try deframer.receive(buffer) { message in messages.append(message) }
    }
  }
  return messages
}

private func framed(_ payload: [UInt8], flag: UInt8 = 0) -> [UInt8] {
  let n = payload.count
  return [flag, UInt8(n >> 24 & 255), UInt8(n >> 16 & 255), UInt8(n >> 8 & 255), UInt8(n & 255)] + payload
}

@Test(arguments: [UInt64(11), 12, 13])
func messagesComeOutWholeHoweverTheyWereCut(_ seed: UInt64) throws {
  var random = SplitMix(seed)
  for _ in 0..<200 {
    let payloads = (0..<Int(random.next() % 6)).map { _ in
      (0..<Int(random.next() % 300)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }
    let bytes = payloads.flatMap { framed($0) }
    let pieces = (0..<20).map { _ in Int(random.next() % 40) }
    #expect(try deframe(bytes, pieces: pieces).map(\.bytes) == payloads)
  }
}

@Test func aLengthOverTheLimitIsRefusedBeforeAnythingIsAllocated() {
  let error = #expect(throws: RPCError.self) {
    _ = try deframe([0, 0xFF, 0xFF, 0xFF, 0xFF], pieces: [], limit: 4 << 20)
  }
  #expect(error?.code == .resourceExhausted)
}

@Test func aCompressionFlagOtherThanZeroOrOneIsRefused() {
  let error = #expect(throws: RPCError.self) { _ = try deframe(framed([1], flag: 2), pieces: []) }
  #expect(error?.code == .internal)
}

private func timeout(_ text: String) -> Duration? {
  Array(text.utf8).withUnsafeBytes { WireText.timeout($0) }
}

@Test func timeoutsAreReadInEveryUnit() {
  #expect(timeout("1H") == .seconds(3600))
  #expect(timeout("2M") == .seconds(120))
  #expect(timeout("99999999S") == .seconds(99_999_999))
  #expect(timeout("5m") == .milliseconds(5))
  #expect(timeout("5u") == .microseconds(5))
  #expect(timeout("5n") == .nanoseconds(5))
  for bad in ["", "S", "5", "5x", "-5S", "123456789S", "5 S", "٥S"] { #expect(timeout(bad) == nil, "\(bad)") }
}

@Test(arguments: [UInt64(21), 22])
func aTimeoutIsNeverWrittenShorterThanItIs(_ seed: UInt64) throws {
  var random = SplitMix(seed)
  for _ in 0..<2000 {
    let duration = Duration.nanoseconds(Int64(random.next() >> (2 + random.next() % 62)))
    let text = WireText.timeout(duration)
    #expect(text.utf8.count <= 9)
    let read = try #require(timeout(text), "\(text)")
    #expect(read >= duration, "\(duration) was written as \(text)")
  }
}

@Test(arguments: [UInt64(31), 32])
func statusMessagesSurvivePercentEncoding(_ seed: UInt64) {
  var random = SplitMix(seed)
  let scalars: [Unicode.Scalar] = ["a", "%", "\t", "\n", "\r", " ", "ä", "☺", "😈", "\u{0}", "~", "2", "5"]
  for _ in 0..<500 {
    var text = String.UnicodeScalarView()
    for _ in 0..<Int(random.next() % 30) { text.append(scalars[Int(random.next() % UInt64(scalars.count))]) }
    let original = String(text)
    let encoded = WireText.percentEncode(original, limit: 10_000)
    #expect(encoded.utf8.allSatisfy { $0 >= 0x20 && $0 <= 0x7E })
    #expect(Array(encoded.utf8).withUnsafeBytes { WireText.percentDecode($0) } == original)
  }
}

@Test func aLongStatusMessageIsCutBetweenCharacters() {
  let encoded = WireText.percentEncode(String(repeating: "😈", count: 100), limit: 30)
  #expect(encoded == "%F0%9F%98%88%F0%9F%98%88")
}

@Test func brokenEscapesStayAsTheyAre() {
  #expect(Array("50% of %zz %4".utf8).withUnsafeBytes { WireText.percentDecode($0) } == "50% of %zz %4")
}

@Test(arguments: [UInt64(41), 42])
func bytesSurviveBase64WithAndWithoutPadding(_ seed: UInt64) throws {
  var random = SplitMix(seed)
  for count in 0..<200 {
    let bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    let text = WireText.base64(bytes)
    #expect(WireText.fromBase64(text.utf8) == bytes)
    let padded = text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
    #expect(WireText.fromBase64(padded.utf8) == bytes)
  }
  for bad in ["a", "ab=c", "ab===", "a b=", "ä"] { #expect(WireText.fromBase64(bad.utf8) == nil, "\(bad)") }
}

@Test func metadataRefusesWhatCannotTravel() throws {
  var metadata = Metadata()
  try metadata.add("X-Team", "  sales ")
  #expect(metadata["x-team"] == "sales")
  try metadata.add("key-bin", bytes: [0, 255])
  #expect(metadata.bytes("key-bin") == [0, 255])
  #expect(throws: Metadata.Refusal.self) { try metadata.add("", "x") }
  #expect(throws: Metadata.Refusal.self) { try metadata.add("a b", "x") }
  #expect(throws: Metadata.Refusal.self) { try metadata.add("grpc-status", "0") }
  #expect(throws: Metadata.Refusal.self) { try metadata.add("name", "line\nbreak") }
  #expect(throws: Metadata.Refusal.self) { try metadata.add("name-bin", "text") }
  #expect(throws: Metadata.Refusal.self) { try metadata.add("name", bytes: [1]) }
}

@Test func receivedBinaryMetadataMayHoldSeveralValues() {
  var metadata = Metadata()
  let read = Array("k-bin".utf8).withUnsafeBytes { name in
    Array("AQI,Aw==, BA".utf8).withUnsafeBytes { metadata.addReceivedField(name, $0) }
  }
  #expect(read)
  #expect(metadata.values("k-bin") == [.binary([1, 2]), .binary([3]), .binary([4])])
}

@Test func contentTypesOtherThanGRPCAreNotTaken() {
  func isGRPC(_ text: String) -> Bool { Array(text.utf8).withUnsafeBytes { RequestHead.isGRPC($0) } }
  for good in ["application/grpc", "application/grpc+proto", "application/grpc;x=y"] { #expect(isGRPC(good)) }
  for bad in ["", "text/html", "application/grpc-web", "application/grpc+json", "application/grp"] {
    #expect(!isGRPC(bad), "\(bad)")
  }
}

@Test func acceptedEncodingsAreFoundInAnyPlace() {
  func lists(_ text: String) -> Bool { Array(text.utf8).withUnsafeBytes { RequestHead.lists($0, "gzip") } }
  for good in ["gzip", "identity,gzip", "identity, deflate, gzip ", " gzip,identity"] { #expect(lists(good)) }
  for bad in ["", "identity", "xgzip", "gzip2", ",,"] { #expect(!lists(bad), "\(bad)") }
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
