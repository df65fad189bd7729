import Foundation
import Testing

@Suite struct WireCorpusTests {
  private static func inputs(_ name: String) throws -> [(name: String, bytes: Data)] {
    let directory = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fuzz/corpus/\(name)")
    return try FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil)
      .map { ($0.lastPathComponent, try Data(contentsOf: $0)) }
  }

  @Test func whatTheFuzzerFoundInterestingNeverBreaksTheFraming() throws {
    let inputs = try Self.inputs("framing")
    #expect(inputs.count >= 10)
    for input in inputs {
      do {
        try input.bytes.withUnsafeBytes { try WireExercise.framing($0) }
      } catch {
        Issue.record("\(input.name): \(error)")
      }
    }
  }

  @Test func whatTheFuzzerFoundInterestingNeverBreaksTheMetadata() throws {
    let inputs = try Self.inputs("metadata")
    #expect(inputs.count >= 10)
    for input in inputs {
      do {
        try input.bytes.withUnsafeBytes { try WireExercise.metadata($0) }
      } catch {
        Issue.record("\(input.name): \(error)")
      }
    }
  }
}
