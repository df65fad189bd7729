internal import DataFiles

/// Looks whether a file without a header begins with what its kind begins with: one that does not is another kind of
/// file, and every one of its lines would only be refused for the same reason.
enum ContentCheck {
  /// - Throws: `DataFileError` that says what the file should begin with.
  static func check(_ path: String, _ format: ImportFormat, encoding: TextEncoding?) throws {
    switch format {
    case .csv: return
    case .jsonl:
      let reader = try JSONLinesReader(try ByteSource(path: path), encoding: encoding)
      guard let line = try reader.next() else { throw empty }
      switch line.value {
      case .success(.object): return
      // A line that begins well and is broken later is a broken line, not another kind of file.
      case .failure(let failure) where failure.problem.position.character != 1: return
      case .success, .failure: break
      }
      throw DataFileError(
        .wrongContent, at: FilePosition(line: line.line),
        "the file is not JSON lines: a line such as {\"account\":{…}} was expected, as punos export writes them"
      )
    case .vcard:
      let reader = try VCardReader(try ByteSource(path: path), encoding: encoding)
      guard let first = try reader.next() else { throw empty }
      guard case .failure(let failure) = first, failure.problem.reason == VCardReader.expectedBegin else {
        return
      }
      throw DataFileError(
        .wrongContent, at: failure.problem.position,
        "the file is not made of vCards: BEGIN:VCARD was expected")
    }
  }

  private static let empty = DataFileError(.empty, at: FilePosition(line: 1), "the file is empty")
}
