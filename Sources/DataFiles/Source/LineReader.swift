/// Text a line at a time, each ended by LF, CR LF or CR; memory stays at one line and one chunk.
final class LineReader {
  struct Line {
    var number: Int
    var bytes: [UInt8]
    /// The line was longer than allowed; its bytes are gone.
    var overlong: Bool
  }

  private let text: TextSource
  private let longestLine: Int
  private var chunk: [UInt8] = []
  private var position = 0
  private var number = 0
  private var afterCarriageReturn = false
  private var ended = false

  var consumedBytes: Int { text.bytes.consumed - (chunk.count - position) }
  var totalBytes: Int? { text.bytes.size }
  var encoding: EncodingFinding { text.encoding }

  init(_ text: TextSource, longestLine: Int) {
    self.text = text
    self.longestLine = longestLine
  }

  /// The next line without its end; nil behind the last.
  func next() throws(DataFileError) -> Line? {
    var line = Line(number: number + 1, bytes: [], overlong: false)
    var any = false
    while true {
      if position >= chunk.count {
        guard !ended else { break }
        chunk = try text.read()
        position = 0
        if chunk.isEmpty {
          ended = true
          break
        }
      }
      if afterCarriageReturn {
        afterCarriageReturn = false
        if chunk[position] == 0x0A {
          position += 1
          continue
        }
      }
      any = true
      let end = chunk[position...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? chunk.count
      if !line.overlong {
        if line.bytes.count + (end - position) > longestLine {
          line.overlong = true
          line.bytes = []
        } else {
          line.bytes += chunk[position..<end]
        }
      }
      position = end
      if end < chunk.count {
        afterCarriageReturn = chunk[end] == 0x0D
        position += 1
        number += 1
        return line
      }
    }
    guard any else { return nil }
    number += 1
    return line
  }
}
