import DataFiles
import Foundation

/// The records of a table given as text, and the problems of those that have one.
func readTable(
  _ bytes: [UInt8], format: CSVFormat? = nil, encoding: TextEncoding? = nil, hasHeader: Bool = true,
  limits: CSVLimits = CSVLimits()
) throws -> (reader: CSVReader, rows: [[String]], problems: [RecordProblem]) {
  let reader = try CSVReader(
    ByteSource(bytes: bytes), format: format, encoding: encoding, hasHeader: hasHeader, limits: limits)
  var record = CSVRecord()
  var rows: [[String]] = []
  var problems: [RecordProblem] = []
  while try reader.next(&record) {
    if let problem = record.problem { problems.append(problem) } else { rows.append(record.fields) }
  }
  return (reader, rows, problems)
}

func readTable(_ text: String, hasHeader: Bool = true) throws -> (
  reader: CSVReader, rows: [[String]], problems: [RecordProblem]
) {
  try readTable(Array(text.utf8), hasHeader: hasHeader)
}

/// The package's folder, found from where this file was compiled.
let packageFolder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

/// Real files that lie beside the package; absent on most machines, but never in continuous integration.
enum RealFiles {
  static let folder: URL? = {
    let candidates =
      [ProcessInfo.processInfo.environment["PUNOS_TEST_DATA"].map { URL(filePath: $0) }].compactMap(\.self)
      + [packageFolder.deletingLastPathComponent().appending(path: "shared/data")]
    return candidates.first { FileManager.default.fileExists(atPath: $0.appending(path: "README.md").path) }
  }()

  static var areExpected: Bool { folder != nil || ProcessInfo.processInfo.environment["CI"] == "true" }

  struct Absent: Error, CustomStringConvertible {
    let description = "the real files (../shared/data, or PUNOS_TEST_DATA) are not there, and CI=true asks for them"
  }

  static func path(_ name: String) throws -> String {
    guard let folder else { throw Absent() }
    return folder.appending(path: name).path
  }
}
