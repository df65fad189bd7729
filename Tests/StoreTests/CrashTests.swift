import Foundation
import Testing

@Suite struct AStoreSurvivesItsProcess {
  /// `make crash` does it 500 times.
  @Test func nothingAcknowledgedIsLostWhenTheProcessIsKilled() throws {
    let directory = try TemporaryDirectory()
    let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    let tool = Process()
    tool.executableURL = tests.appendingPathComponent("store-crash")
    tool.arguments = ["run", directory.path, "--kills", "15"]
    let output = Pipe()
    tool.standardOutput = output
    tool.standardError = output
    try tool.run()
    let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    tool.waitUntilExit()
    #expect(tool.terminationStatus == 0, "\(said)")
    #expect(said.contains("none lost"), "\(said)")
  }
}
