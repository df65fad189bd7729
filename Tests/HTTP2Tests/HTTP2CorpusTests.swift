import Foundation
import Testing

@Suite struct HTTP2CorpusTests {
  /// Tests/Fuzz/corpus/http2: found by the fuzzer, kept small.
  static let corpus = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fuzz/corpus/http2")

  @Test func whatTheFuzzerFoundInterestingNeverBreaksASession() throws {
    let files = try FileManager.default.contentsOfDirectory(at: Self.corpus, includingPropertiesForKeys: nil)
    #expect(files.count >= 20)
    for file in files {
      let input = try Data(contentsOf: file)
      do {
        try input.withUnsafeBytes { try SessionExercise.run($0) }
      } catch {
        Issue.record("\(file.lastPathComponent): \(error)")
      }
    }
  }

  @Test func everyPrefixOfAGoodCallLeavesASessionThatEndsWell() throws {
    let call: [UInt8] =
      [0] + [0, 0, 11, 1, 4, 0, 0, 0, 1, 0x83, 0x87, 0x44, 3] + Array("/ab".utf8) + [0x41, 1, UInt8(ascii: "h")]
      + [0, 0, 5, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0]
    for count in 0...call.count {
      for choice: UInt8 in [0, 1, 2, 4, 8] {
        var input = Array(call.prefix(count))
        if count > 0 { input[0] = choice }
        try input.withUnsafeBytes { try SessionExercise.run($0) }
      }
    }
  }
}
