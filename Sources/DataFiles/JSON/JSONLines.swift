/// A line of a JSON lines file.
public struct JSONLine: Sendable {
  /// The line's number, from 1.
  public var line: Int
  /// The value, or what is wrong with the line; the lines after it are not touched by that.
  public var value: Result<JSONValue, LineProblem>

  /// What is wrong with a line.
  public struct LineProblem: Error, Sendable, Hashable {
    /// Where and what.
    public var problem: RecordProblem
  }
}

/// Reads JSON lines: a value a line, empty lines passed over. Belongs to one task at a time.
public final class JSONLinesReader {
  /// Bytes of a line: the largest record and its history fit several times over.
  public static let longestLine = 4 * 1024 * 1024

  private let lines: LineReader

  /// Bytes read of the file so far.
  public var consumedBytes: Int { lines.consumedBytes }
  /// Bytes of the whole file; nil for a pipe.
  public var totalBytes: Int? { lines.totalBytes }
  /// The encoding in use, and how it was found.
  public var encoding: EncodingFinding { lines.encoding }

  /// Opens a file.
  ///
  /// - Throws: ``DataFileError`` for content that is not text.
  public init(_ source: ByteSource, encoding: TextEncoding? = nil) throws(DataFileError) {
    lines = LineReader(try TextSource(source, encoding: encoding), longestLine: Self.longestLine)
  }

  /// Reads the next line that has something on it; nil at the end.
  ///
  /// - Throws: ``DataFileError`` when the source cannot be read.
  public func next() throws(DataFileError) -> JSONLine? {
    while let line = try lines.next() {
      guard !line.overlong else {
        return failure(line.number, nil, "a line of more than \(Self.longestLine) bytes")
      }
      if line.bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { continue }
      do throws(JSONProblem) {
        return JSONLine(line: line.number, value: .success(try JSONParser.parse(line.bytes)))
      } catch {
        return failure(line.number, error.character, error.reason)
      }
    }
    return nil
  }

  private func failure(_ line: Int, _ character: Int?, _ reason: String) -> JSONLine {
    let problem = RecordProblem(at: FilePosition(line: line, character: character), reason)
    return JSONLine(line: line, value: .failure(JSONLine.LineProblem(problem: problem)))
  }
}
