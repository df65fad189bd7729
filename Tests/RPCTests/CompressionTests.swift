import Compression
import Testing

@testable import RPC

private func gzip(_ bytes: [UInt8]) throws -> [UInt8] {
  var packed: [UInt8] = []
  try bytes.withUnsafeBytes { try Gzip.compress($0, into: &packed) }
  return packed
}

private func gunzip(_ bytes: [UInt8], limit: Int = 1 << 20) throws -> [UInt8] {
  try bytes.withUnsafeBytes { try Gzip.decompress($0, limit: limit) }
}

@Test(arguments: [UInt64(51), 52])
func whatWasCompressedComesBack(_ seed: UInt64) throws {
  var random = SplitMix(seed)
  for size in [0, 1, 63, 1000, 32 << 10, 100_001] {
    let bytes = (0..<size).map { _ in UInt8(truncatingIfNeeded: random.next() % 7) }
    #expect(try gunzip(gzip(bytes)) == bytes)
  }
}

@Test func aGzipBombIsStoppedAtTheLimit() throws {
  let bomb = try gzip([UInt8](repeating: 0, count: 8 << 20))
  #expect(bomb.count < 64 << 10)
  #expect(throws: GzipError.tooLarge(limit: 4 << 20)) { _ = try gunzip(bomb, limit: 4 << 20) }
  let message = FramedMessage(compressed: true, bytes: bomb)
  let error = #expect(throws: RPCError.self) {
    _ = try MessageCompression.restore(message, encoding: .gzip, limit: 4 << 20)
  }
  #expect(error?.code == .resourceExhausted)
}

@Test func damagedGzipIsAnErrorAndNoTrap() throws {
  let good = try gzip(Array("the customer said so, and we wrote it down".utf8))
  for length in 0..<good.count {
    #expect(throws: GzipError.self) { _ = try gunzip(Array(good.prefix(length))) }
  }
  var random = SplitMix(61)
  for _ in 0..<500 {
    var bad = good
    bad[Int(random.next() % UInt64(bad.count))] ^= UInt8(truncatingIfNeeded: random.next() % 255 + 1)
    _ = try? gunzip(bad)
  }
}

@Test func aMarkedMessageWithoutAnEncodingIsRefused() {
  let error = #expect(throws: RPCError.self) {
    _ = try MessageCompression.restore(
      FramedMessage(compressed: true, bytes: [1]), encoding: .identity, limit: 10)
  }
  #expect(error?.code == .internal)
}
