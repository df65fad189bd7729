import Digests
import Testing

@Suite struct SHA256Tests {
  private static func hex(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef")
    return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }

  /// Texts and digests of FIPS 180-4's examples and NIST's test vectors.
  static let known = [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (String(repeating: "a", count: 1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
  ]

  @Test(arguments: known)
  func textsHaveTheDigestsOfTheStandard(_ text: String, _ digest: String) {
    #expect(Self.hex(SHA256.digest(of: Array(text.utf8))) == digest)
  }

  @Test func twoPartsHaveTheDigestOfBothInOne() {
    let whole = (0..<300).map { UInt8(truncatingIfNeeded: $0) }
    for cut in [0, 1, 63, 64, 65, 128, 299, 300] {
      #expect(SHA256.digest(Array(whole[..<cut]), Array(whole[cut...])) == SHA256.digest(of: whole))
    }
  }
}
