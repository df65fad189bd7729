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
  private var append = false

  /// Bytes kept before they are written.
  private static let bufferSize = 64 << 10
  private static let cannotWrite = Term(
    en: "The file for bad rows cannot be written", fi: "Virherivien tiedostoa ei voi kirjoittaa")

  private let language: Language

  /// - Parameter language: that its reasons are written in.
  init(path: String, _ language: Language) {
    self.path = path
    self.language = language
  }

  /// Goes on with the file that an interrupted import left: what it says of rows that will be read again is taken out,
  /// and said again if it is still so.
  ///
  /// - Parameter checkpoint: what was settled when it was interrupted.
  func resume(at checkpoint: ImportCheckpoint) throws(CLIProblem) {
    (refused, warnings) = (checkpoint.tally.refused, checkpoint.tally.warnings)
    append = true
    var facts = stat()
    // A pipe or a device has nothing to take back.
    guard stat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else { return }
    let kept = ProblemFile(path: "\(path).new", language)
    try kept.open()
    do {
      try kept.copy(path, settledAt: checkpoint)
    } catch let problem as CLIProblem {
      throw problem
    } catch {
      // The end of the file was not written whole; what stands before it was read.
    }
    try kept.flush()
    guard rename(kept.path, path) == 0 else { throw SmallFile.failure(.failure, path, Self.cannotWrite) }
  }

  private func copy(_ source: String, settledAt checkpoint: ImportCheckpoint) throws {
    let reader = try CSVReader(try ByteSource(path: source), format: CSVFormat(), encoding: .utf8)
    var record = CSVRecord()
    while try reader.next(&record) {
      guard record.problem == nil, let line = Int(record[0]), checkpoint.isSettled(line: line) else {
        continue
      }
      writer.write(record.fields)
      if writer.output.count >= Self.bufferSize { try flush() }
    }
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
      "\(line)", column, character.map { "\($0)" } ?? "", isWarning ? "kept as written" : "refused",
      Sentences.told(reason, in: language),
    ])
    if writer.output.count >= Self.bufferSize { try flush() }
  }

  private func open() throws(CLIProblem) {
    guard descriptor < 0 else { return }
    descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_CLOEXEC | (append ? O_APPEND : O_TRUNC), 0o600)
    guard descriptor >= 0 else {
      throw SmallFile.failure(.failure, path, Self.cannotWrite)
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
        throw SmallFile.failure(.failure, path, Self.cannotWrite)
      }
      rest = rest.dropFirst(count)
    }
    writer.output.removeAll(keepingCapacity: true)
  }
}
