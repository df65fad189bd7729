internal import Glibc
internal import Synchronization
internal import Terminal

/// Where a command prints to.
struct Output: Sendable {
  /// The terminal, or what stands for one.
  let info: TerminalInfo
  /// Colours or none.
  let style: Style

  /// Columns to lay out for.
  var width: Int { info.width }

  /// Looks at a descriptor and the environment.
  init(noColor: Bool, descriptor: Int32 = STDOUT_FILENO) {
    var info = TerminalInfo(descriptor: descriptor)
    if noColor { info.usesColour = false }
    self.info = info
    style = Style(info.usesColour)
  }

  /// What waits to be written to standard output: a screenful and more leaves with one system call.
  private static let buffer = Mutex<[UInt8]>([])
  /// Bytes that wait at most.
  private static let bufferSize = 32 << 10

  /// Prints a line.
  func line(_ text: String = "") throws(CLIProblem) { try write(text + "\n") }

  /// Prints lines.
  func lines(_ lines: [String]) throws(CLIProblem) {
    guard !lines.isEmpty else { return }
    try write(lines.joined(separator: "\n") + "\n")
  }

  /// Prints text as it is; on a terminal it is there at once.
  func write(_ text: String) throws(CLIProblem) {
    try write(Array(text.utf8))
    if info.isInteractive { try flush() }
  }

  /// Prints bytes as they are.
  func write(_ bytes: [UInt8]) throws(CLIProblem) {
    let isFull = Self.buffer.withLock { buffer in
      buffer += bytes
      return buffer.count >= Self.bufferSize
    }
    if isFull { try flush() }
  }

  /// Writes what waits.
  func flush() throws(CLIProblem) {
    let bytes = Self.buffer.withLock { buffer in
      defer { buffer = [] }
      return buffer
    }
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      if count >= 0 {
        written += count
      } else if errno == EPIPE {
        throw CLIProblem(.brokenPipe, .verbatim(""))
      } else if errno != EINTR {
        throw SmallFile.failure(
          .failure, "stdout", Term(en: "The output cannot be written", fi: "Tulostetta ei voi kirjoittaa"))
      }
    }
  }

  /// Writes lines to standard error; nobody can be told where that fails.
  static func complain(_ lines: [String]) { complain(raw: lines.joined(separator: "\n") + "\n") }

  /// Writes text to standard error as it is.
  static func complain(raw text: String) {
    let bytes = Array(text.utf8)
    _ = bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}

extension Page {
  /// Prints the page: as Markdown where that is asked for, else for eyes.
  func write(to output: Output, _ format: OutputMode) throws(CLIProblem) {
    try output.lines(format == .markdown ? markdown() : lines(width: output.width, style: output.style))
  }
}
