/// Reads the elements of one large JSON document, one at a time: a document of gigabytes needs the memory of its
/// largest element.
///
/// The document is an array of objects, an object with such an array under a known name, or objects one after the
/// other (JSON lines). Belongs to one task at a time.
public final class JSONElementsReader {
  /// Bytes of an element: the largest company of a registry has a few hundred kilobytes.
  public static let largestElement = 4 * 1024 * 1024

  private let text: TextSource
  private let member: String
  private var chunk: [UInt8] = []
  private var position = 0
  private var line = 1
  private var scanner = Scanner()

  /// Bytes read of the file so far.
  public var consumedBytes: Int { text.bytes.consumed - (chunk.count - position) }
  /// Bytes of the whole file; nil for a pipe.
  public var totalBytes: Int? { text.bytes.size }

  /// Opens a document.
  ///
  /// - Parameters:
  ///   - source: not read from yet.
  ///   - member: the name of the array, where the document is an object around it.
  /// - Throws: ``DataFileError`` for content that is not text.
  public init(_ source: ByteSource, member: String) throws(DataFileError) {
    text = try TextSource(source)
    self.member = member
  }

  private struct Scanner {
    /// How many arrays and objects are open.
    var depth = 0
    /// The depth at which objects are elements: 0 for objects one after the other, 1 in an array, 2 in a member, and
    /// none at all behind that member.
    var elementDepth = 0
    var inString = false
    var escaped = false
    /// The last string at depth 1, while an object around the array is read.
    var name: [UInt8] = []
    var element: [UInt8] = []
    var elementLine = 1
  }

  /// The next element, or what is wrong with it; nil at the end.
  ///
  /// - Throws: ``DataFileError`` when the source cannot be read, the document breaks off, or an element is larger than
  ///   the limit.
  public func next() throws(DataFileError) -> JSONLine? {
    while true {
      while position < chunk.count {
        let byte = chunk[position]
        position += 1
        if byte == 0x0A { line += 1 }
        if try take(byte) { return element() }
      }
      chunk = try text.read()
      position = 0
      if chunk.isEmpty {
        guard scanner.depth == 0, !scanner.inString else {
          throw DataFileError(.syntax, at: FilePosition(line: line), "the document breaks off")
        }
        return nil
      }
    }
  }

  private func element() -> JSONLine {
    let bytes = scanner.element
    scanner.element = []
    do throws(JSONProblem) {
      return JSONLine(line: scanner.elementLine, value: .success(try JSONParser.parse(bytes)))
    } catch {
      let position = FilePosition(line: scanner.elementLine + error.line - 1)
      return JSONLine(
        line: scanner.elementLine,
        value: .failure(JSONLine.LineProblem(problem: RecordProblem(at: position, error.reason))))
    }
  }

  /// Takes a byte in; true when an element is complete.
  private func take(_ byte: UInt8) throws(DataFileError) -> Bool {
    let inElement = scanner.depth > scanner.elementDepth
    if inElement {
      guard scanner.element.count < Self.largestElement else {
        throw DataFileError(
          .limit, at: FilePosition(line: scanner.elementLine), "an element of more than \(Self.largestElement) bytes")
      }
      scanner.element.append(byte)
    }
    if scanner.inString {
      if scanner.escaped {
        scanner.escaped = false
      } else if byte == UInt8(ascii: "\\") {
        scanner.escaped = true
      } else if byte == UInt8(ascii: "\"") {
        scanner.inString = false
        return false
      }
      if scanner.depth == 1, scanner.elementDepth == 0, scanner.name.count < 64 { scanner.name.append(byte) }
      return false
    }
    switch byte {
    case UInt8(ascii: "\""):
      scanner.inString = true
      if scanner.depth == 1 { scanner.name = [] }
    case UInt8(ascii: "{"), UInt8(ascii: "["): try open(byte, inElement: inElement)
    case UInt8(ascii: "}"), UInt8(ascii: "]"):
      guard scanner.depth > 0 else {
        throw DataFileError(.syntax, at: FilePosition(line: line), "a bracket closes that was not opened")
      }
      scanner.depth -= 1
      if inElement { return scanner.depth == scanner.elementDepth }
      // The array of elements is over; what follows belongs to the object around it, or is the next document.
      if scanner.depth < scanner.elementDepth { scanner.elementDepth = scanner.depth == 0 ? 0 : .max }
    default: break
    }
    return false
  }

  private func open(_ byte: UInt8, inElement: Bool) throws(DataFileError) {
    if byte == UInt8(ascii: "["), scanner.depth == 0 {
      scanner.elementDepth = 1
    } else if byte == UInt8(ascii: "["), scanner.depth == 1, scanner.elementDepth == 0, scanner.name == Array(member.utf8) {
      // What was taken for an element is the object around the elements.
      scanner.element = []
      scanner.elementDepth = 2
    } else if !inElement, scanner.depth == scanner.elementDepth {
      scanner.element = [byte]
      scanner.elementLine = line
    }
    guard scanner.depth < JSONParser.deepest else {
      throw DataFileError(
        .limit, at: FilePosition(line: line), "more than \(JSONParser.deepest) levels of arrays and objects")
    }
    scanner.depth += 1
  }
}
