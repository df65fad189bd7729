public import ArgumentParser
internal import Glibc

/// The form of what a command prints.
public enum OutputFormat: String, Sendable, CaseIterable, ExpressibleByArgument {
  /// For eyes, fitted to the terminal.
  case table
  /// One JSON document.
  case json
  /// A JSON document a line.
  case jsonl
  /// Comma-separated values (RFC 4180) with a header.
  case csv
  /// A Markdown table, for notes and wikis.
  case markdown
}

extension Language: ExpressibleByArgument {}

/// Where a command prints to.
struct Output: Sendable {
  /// Columns of the terminal; 80 where the output is no terminal.
  let width: Int
  /// Colours or none.
  let style: Style
  /// Whether somebody looks at standard output.
  let isTerminal: Bool

  /// Width where nothing says one: what letters, e-mails and the smallest terminals have.
  static let usualWidth = 80
  /// Narrowest width that pages are laid out for; below it lines are broken by the terminal.
  static let narrowest = 40

  /// Looks at standard output and the environment: `COLUMNS`, `NO_COLOR`, `TERM`.
  init(noColor: Bool, descriptor: Int32 = STDOUT_FILENO) {
    isTerminal = isatty(descriptor) == 1
    var columns = Environment.value("COLUMNS").flatMap { Int($0) }
    if columns == nil, isTerminal {
      var size = winsize()
      if ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { columns = Int(size.ws_col) }
    }
    width = max(Self.narrowest, min(columns ?? Self.usualWidth, 1000))
    let wantsNone = noColor || !(Environment.value("NO_COLOR") ?? "").isEmpty || Environment.value("TERM") == "dumb"
    style = Style(isOn: isTerminal && !wantsNone)
  }

  /// Prints a line.
  func line(_ text: String = "") throws(CLIProblem) { try write(text + "\n") }

  /// Prints lines.
  func lines(_ lines: [String]) throws(CLIProblem) {
    guard !lines.isEmpty else { return }
    try write(lines.joined(separator: "\n") + "\n")
  }

  /// Prints text as it is, at once.
  func write(_ text: String) throws(CLIProblem) {
    var text = text
    let count = text.utf8.count
    let isWritten = text.withUTF8 { fwrite($0.baseAddress, 1, count, stdout) == count } && fflush(stdout) == 0
    guard isWritten else { throw Self.writeFailed() }
  }

  /// Prints bytes as they are; they leave with the next line or at the end.
  func write(_ bytes: [UInt8]) throws(CLIProblem) {
    guard fwrite(bytes, 1, bytes.count, stdout) == bytes.count else { throw Self.writeFailed() }
  }

  private static func writeFailed() -> CLIProblem {
    if errno == EPIPE { return CLIProblem(.brokenPipe, .verbatim("")) }
    return SmallFile.failure(
      .failure, "stdout", Phrase(en: "The output cannot be written", fi: "Tulostetta ei voi kirjoittaa"))
  }

  /// Writes lines to standard error; nobody can be told where that fails.
  static func complain(_ lines: [String]) {
    var text = lines.joined(separator: "\n") + "\n"
    text.withUTF8 { _ = fwrite($0.baseAddress, 1, $0.count, stderr) }
  }
}
