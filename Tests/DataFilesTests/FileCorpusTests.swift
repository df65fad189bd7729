import Foundation
import Testing

/// Files kept in Tests/Fuzz/corpus, where fuzzers begin: each holds in every test run as well.
@Suite struct FileCorpusTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fuzz/corpus")

  /// Fewer would mean that the files were not found.
  private static let fewestFiles = 5

  @Test(arguments: ["csv", "vcard", "mapping", "json"])
  func whatFuzzersBeginWithHolds(_ kind: String) throws {
    let files = try FileManager.default.contentsOfDirectory(
      at: Self.folder.appending(path: kind), includingPropertiesForKeys: nil)
    #expect(files.count >= Self.fewestFiles)
    for file in files {
      let bytes = [UInt8](try Data(contentsOf: file))
      do {
        switch kind {
        case "csv": try FileExercise.table(bytes)
        case "vcard": try FileExercise.cards(bytes)
        case "mapping": try FileExercise.mappingFile(bytes)
        default: try FileExercise.json(bytes)
        }
      } catch {
        Issue.record("\(kind)/\(file.lastPathComponent): \(error)")
      }
    }
  }
}
