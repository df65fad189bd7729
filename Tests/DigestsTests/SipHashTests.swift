import Digests
import Testing

@Suite struct SipHashTests {
  /// The key and messages of the authors' test vectors: 0, 1, 2 and so on.
  private static let hash = SipHash(key: (0..<16).map { UInt8($0) })

  @Test(
    arguments: [
      (0, 0x726f_db47_dd0e_0e31), (1, 0x74f8_39c5_93dc_67fd), (7, 0xab02_00f5_8b01_d137),
      (8, 0x93f5_f579_9a93_2462), (15, 0xa129_ca61_49be_45e5), (63, 0x958a_324c_eb06_4572),
    ] as [(count: Int, value: UInt64)])
  func messagesHaveTheHashesOfTheAuthors(_ count: Int, _ value: UInt64) {
    let message = (0..<count).map { UInt8($0) }
    #expect(message.withUnsafeBytes { Self.hash.hash($0) } == value)
  }

  @Test func anotherKeyGivesAnotherHash() {
    let other = SipHash(key: [1])
    #expect(
      [1, 2, 3].withUnsafeBytes { other.hash($0) } != [1, 2, 3].withUnsafeBytes { Self.hash.hash($0) })
  }
}
