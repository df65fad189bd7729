internal import DataFiles
internal import Glibc
internal import Terminal

/// The rows that could not be imported, or not quite, with line, column and reason; made when the first one comes.
final class ProblemFile {
  /// Where it is.
  let path: String
  /// Rows refused, and values left as they were written.
  private(set) var refused = 0
  private(set) var warnings = 0
  private var descriptor: Int32 = -1
  private var writer = CSVWriter()
  private let append: Bool

  /// Bytes kept before they are written.
  private static let bufferSize = 64 << 10

  /// - Parameter append: goes on with a file that an interrupted import began.
  init(path: String, append: Bool) {
    self.path = path
    self.append = append
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Writes a problem down.
  func note(_ problem: RecordProblem, isWarning: Bool) throws(CLIProblem) {
    try note(
      line: problem.position.line,
      column: problem.columnName ?? problem.position.column.map { "\($0)" } ?? "",
      isWarning: isWarning, problem.reason, character: problem.position.character)
  }

  /// Writes a problem down.
  func note(
    line: Int, column: String, isWarning: Bool, _ reason: String, character: Int? = nil
  ) throws(CLIProblem) {
    if isWarning { warnings += 1 } else { refused += 1 }
    try open()
    writer.write([
      "\(line)", column, character.map { "\($0)" } ?? "", isWarning ? "kept as written" : "refused", reason,
    ])
    if writer.output.count >= Self.bufferSize { try flush() }
  }

  private func open() throws(CLIProblem) {
    guard descriptor < 0 else { return }
    descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_CLOEXEC | (append ? O_APPEND : O_TRUNC), 0o600)
    guard descriptor >= 0 else {
      throw SmallFile.failure(
        .failure, path,
        Term(en: "The file for bad rows cannot be written", fi: "Virherivien tiedostoa ei voi kirjoittaa"))
    }
    if lseek(descriptor, 0, SEEK_END) == 0 {
      writer.write(["line", "column", "character", "outcome", "reason"])
    }
  }

  /// Writes what waits.
  func flush() throws(CLIProblem) {
    var rest = writer.output[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw SmallFile.failure(
          .failure, path,
          Term(en: "The file for bad rows cannot be written", fi: "Virherivien tiedostoa ei voi kirjoittaa"))
      }
      rest = rest.dropFirst(count)
    }
    writer.output.removeAll(keepingCapacity: true)
  }
}
